//! Ports on loopback that nobody answers at.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use socket2::{Domain, Socket, Type};

/// A port where nothing listens. Nobody else gets it at once: systems hand out others first.
pub fn refused_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("the listener is bound").port()
}

/// A port whose queue is full, so that connecting to it waits for ever, and what keeps it full. `None` where the
/// system takes connections beyond the queue.
pub fn silent_port() -> Option<(u16, impl Sized)> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).ok()?;
    socket
        .bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
        .ok()?;
    socket.listen(0).ok()?;
    let address = socket.local_addr().ok()?.as_socket()?;
    let mut held = Vec::new();
    for _ in 0..64 {
        match TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
            Ok(stream) => held.push(stream),
            Err(_) => return Some((address.port(), (socket, held))),
        }
    }
    None
}
