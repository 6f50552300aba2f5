//! Echo requests over a socket of ICMP: the kind that ordinary users may have, or the one of administrators.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    io::{self, Read},
    net::SocketAddr,
};

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tokio::{
    io::Interest,
    net::UdpSocket,
    time::{Instant, sleep_until},
};

use super::{
    apart,
    packet::{Family, Requests},
    shown,
    tally::Tally,
};
use crate::{
    finding::{Reason, Unknown},
    host::PingReply,
};

/// As much of a packet as is looked at.
const PACKET: usize = 2048;
/// How many packets are read in a row, so that a flood of them cannot hold up the rest.
const IN_A_ROW: usize = 64;

/// What came of opening a socket.
pub(super) enum Opened {
    Socket(Echo),
    /// This machine has no way to the address.
    NoWay(io::Error),
    /// This user may have no such socket.
    NotPermitted(io::Error),
}

/// A socket that speaks with one address alone.
pub(super) struct Echo {
    /// The library has no type for sockets of ICMP; what a connected one of UDP is asked for is the same.
    socket: UdpSocket,
    requests: Requests,
}

/// Opens a socket to an address.
///
/// # Errors
/// What says nothing of rights or ways, such as too many open files.
pub(super) fn open(address: SocketAddr) -> Result<Opened, Unknown> {
    let broken = |error: io::Error| {
        let why = format!("{}: {error}", shown(address));
        Unknown::new(Reason::Other, why)
    };
    let (domain, protocol) = match address {
        SocketAddr::V4(_) => (Domain::IPV4, Protocol::ICMPV4),
        SocketAddr::V6(_) => (Domain::IPV6, Protocol::ICMPV6),
    };
    let mut refused = None;
    for kind in [Type::DGRAM, Type::RAW] {
        let socket = match Socket::new(domain, kind, Some(protocol)) {
            Ok(socket) => socket,
            Err(error) if error.raw_os_error() == Some(no_family()) => {
                return Ok(Opened::NoWay(error));
            }
            Err(error) if is_refusal(&error) => {
                refused.get_or_insert(error);
                continue;
            }
            Err(error) => return Err(broken(error)),
        };
        match ready(&socket, address) {
            Ok(()) => {}
            Err(error) if says_no_way(&error) => return Ok(Opened::NoWay(error)),
            Err(error) => return Err(broken(error)),
        }
        let requests = Requests {
            family: Family::of(address.ip()),
            mark: RandomState::new().build_hasher().finish(),
        };
        let socket = UdpSocket::from_std(socket.into()).map_err(broken)?;
        return Ok(Opened::Socket(Echo { socket, requests }));
    }
    let refused = refused.unwrap_or_else(|| io::ErrorKind::PermissionDenied.into());
    Ok(Opened::NotPermitted(refused))
}

/// What wakes a look. Only Linux tells of errors that way.
#[cfg(target_os = "linux")]
const INTERESTS: &[Interest] = &[Interest::READABLE, Interest::ERROR];
#[cfg(not(target_os = "linux"))]
const INTERESTS: &[Interest] = &[Interest::READABLE];

fn no_family() -> i32 {
    rustix::io::Errno::AFNOSUPPORT.raw_os_error()
}

/// Not for this user, or not in this system.
fn is_refusal(error: &io::Error) -> bool {
    use rustix::io::Errno;

    let refusals = [
        Errno::ACCESS,
        Errno::PERM,
        Errno::PROTONOSUPPORT,
        Errno::PROTOTYPE,
    ];
    refusals
        .iter()
        .any(|refusal| error.raw_os_error() == Some(refusal.raw_os_error()))
}

/// An error that says that there is no way to an address, and not that something went wrong here.
fn says_no_way(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;

    matches!(
        error.kind(),
        Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::NetworkDown
            | Kind::AddrNotAvailable
            // A rule of this machine's own firewall, or an address for all at once.
            | Kind::PermissionDenied
    )
}

fn ready(socket: &Socket, address: SocketAddr) -> io::Result<()> {
    socket.set_nonblocking(true)?;
    #[cfg(target_os = "linux")]
    super::told::listen(socket, address)?;
    socket.connect(&address.into())
}

impl Echo {
    /// Sends the requests one after the other and gathers what comes, until all came or the time is up.
    pub async fn ask(
        self,
        address: SocketAddr,
        count: u32,
        until: Instant,
    ) -> Result<PingReply, Unknown> {
        let broken = |error: io::Error| {
            let why = format!("{}: {error}", shown(address));
            Unknown::new(Reason::Other, why)
        };
        let any = INTERESTS.iter().copied().reduce(Interest::add);
        let any = any.unwrap_or(Interest::READABLE);
        let apart = apart(count, until);
        let mut tally = Tally::default();
        let (mut tried, mut next) = (0, Instant::now());
        loop {
            let all_tried = tried >= count;
            let wake = if all_tried {
                tally.patience(until)
            } else {
                next
            };
            let (now, wake) = (Instant::now(), wake.min(until));
            if now >= wake {
                if all_tried || now >= until {
                    return Ok(tally.reply(address));
                }
                match self.send(&mut tally) {
                    Ok(()) => tally.sent(now),
                    Err(error) if says_no_way(&error) => {
                        tally.failed(None, error.to_string());
                        if tally.count() == 0 {
                            return Ok(tally.reply(address));
                        }
                    }
                    Err(error) => return Err(broken(error)),
                }
                tried += 1;
                next = now + apart;
                continue;
            }
            tokio::select! {
                ready = self.socket.ready(any) => {
                    ready.map_err(broken)?;
                    self.gather(&mut tally);
                }
                () = sleep_until(wake) => {}
            }
        }
    }

    /// Sends the next request. An error may be one that came back for an earlier request; it is told once.
    fn send(&self, tally: &mut Tally) -> io::Result<()> {
        let packet = self.requests.packet(tally.count());
        // A packet finds room at once, so that nothing is waited for.
        let socket = SockRef::from(&self.socket);
        if socket.send(&packet).is_ok() {
            return Ok(());
        }
        self.errors(tally);
        socket.send(&packet).map(drop)
    }

    /// Reads what came. The library forgets that there is something only while it is told so by whoever reads.
    fn gather(&self, tally: &mut Tally) {
        for interest in INTERESTS {
            // That nothing is left, and that nothing was there, are no errors.
            let _ = self.socket.try_io(*interest, || self.drain(tally));
        }
    }

    /// Reads until nothing is left, which is an error here, or for a while.
    fn drain(&self, tally: &mut Tally) -> io::Result<()> {
        let socket = SockRef::from(&self.socket);
        let mut packet = [0; PACKET];
        for _ in 0..IN_A_ROW {
            match (&*socket).read(&mut packet) {
                Ok(length) => {
                    if let Some(number) = self.requests.answered(&packet[..length]) {
                        tally.answered(number, Instant::now());
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.errors(tally);
                    return Err(error);
                }
                Err(error) => {
                    if !self.errors(tally) {
                        tally.failed(None, error.to_string());
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes up the errors that came back. Whether there were any.
    #[cfg(target_os = "linux")]
    fn errors(&self, tally: &mut Tally) -> bool {
        let errors = super::told::errors(&self.socket, self.requests);
        let any = !errors.is_empty();
        for (number, error) in errors {
            tally.failed(number, error);
        }
        any
    }

    /// Only Linux keeps them apart from packets.
    #[cfg(not(target_os = "linux"))]
    fn errors(&self, _tally: &mut Tally) -> bool {
        false
    }
}
