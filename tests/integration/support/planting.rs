//! Secrets planted where a tree looks: lines of a log, settings, and what a server on loopback says. Each place has its own.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use super::secrets::{PLACES, secret};

/// What is planted, by lines.
pub fn planted() -> String {
    let line =
        |(at, place): (usize, &&str)| format!("seen {}\n", place.replace("SECRET", &secret(at)));
    PLACES.iter().enumerate().map(line).collect()
}

/// What is planted, as values of properties; the places that have breaks are no such value.
pub fn planted_properties() -> String {
    PLACES
        .iter()
        .enumerate()
        .filter(|(_, place)| !place.contains('\n'))
        .map(|(at, place)| format!("entry.{at}={}\n", place.replace("SECRET", &secret(at))))
        .collect()
}

/// A server that says what is planted, in its head and its body; gives its address.
pub fn planted_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 4096];
            let _ = stream.read(&mut head);
            let body = planted();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nSet-Cookie: JSESSIONID={}; Path=/\r\nX-Auth-Token: {}\r\nConnection: close\r\n\r\n{body}",
                body.len(),
                secret(0),
                secret(1)
            );
        }
    });
    address
}
