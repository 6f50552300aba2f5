//! TCP connections from this machine: every address of a name is tried, and how it ended is told apart.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};

use super::{Live, ms_since, proxy};
use crate::{
    finding::{Reason, Unknown},
    host::{Connection, Via},
};

/// How long an address is waited for before the next one is tried beside it.
const NEXT: Duration = Duration::from_millis(250);
/// How many addresses of a name are tried.
const ADDRESSES: usize = 16;

impl Live {
    pub(super) async fn connect(
        &self,
        host: &str,
        port: u16,
        via: Option<&Via>,
        limit: Duration,
    ) -> Result<Connection, Unknown> {
        let start = Instant::now();
        let until = start + limit;
        match via {
            Some(via) => {
                let proxy = self.proxy(via)?;
                proxy.tunnel(host, port, until).await
            }
            None => Ok(match open(host, port, until).await? {
                Ok((_, address)) => Connection::Open {
                    address: address.to_string(),
                    took_ms: Some(ms_since(start)),
                },
                Err(ended) => ended,
            }),
        }
    }

    /// The proxy that a look names, with its login.
    pub(super) fn proxy(&self, via: &Via) -> Result<proxy::Proxy, Unknown> {
        let password = via
            .password
            .as_ref()
            .map(|password| self.secret(&password.secret))
            .transpose()?;
        proxy::Proxy::new(&via.address, &via.user, password)
    }
}

/// Opens a connection to the first address that takes one; otherwise how it ended.
pub(super) async fn open(
    host: &str,
    port: u16,
    until: Instant,
) -> Result<Result<(TcpStream, SocketAddr), Connection>, Unknown> {
    match resolve(host, port, until).await {
        Ok(addresses) => first_open(&addresses, until).await,
        Err(why) => Ok(Err(Connection::Unresolved(why))),
    }
}

/// The addresses of a name, by the system's own rules, at least one. An error is the resolver's words.
pub(super) async fn resolve(
    host: &str,
    port: u16,
    until: Instant,
) -> Result<Vec<SocketAddr>, String> {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    if bare.is_empty() {
        return Err("the name is empty".to_owned());
    }
    let mut addresses: Vec<SocketAddr> =
        match timeout_at(until, tokio::net::lookup_host((bare, port))).await {
            Ok(Ok(addresses)) => addresses.collect(),
            Ok(Err(error)) => return Err(format!("{bare}: {error}")),
            Err(_) => return Err(format!("{bare}: the resolver did not answer in time")),
        };
    addresses.dedup();
    addresses.truncate(ADDRESSES);
    if addresses.is_empty() {
        Err(format!("{bare}: no address"))
    } else {
        Ok(addresses)
    }
}

/// As [`open`], of addresses that are known.
pub(super) async fn first_open(
    addresses: &[SocketAddr],
    until: Instant,
) -> Result<Result<(TcpStream, SocketAddr), Connection>, Unknown> {
    let mut attempts = FuturesUnordered::new();
    let mut left = addresses.iter().copied();
    let mut worst: Option<Connection> = None;
    let mut next_at = Instant::now();
    loop {
        if attempts.is_empty() || Instant::now() >= next_at {
            if let Some(address) = left.next() {
                attempts.push(async move { (address, TcpStream::connect(address).await) });
                next_at = Instant::now() + NEXT;
                continue;
            }
            if attempts.is_empty() {
                return Ok(Err(worst.unwrap_or(Connection::TimedOut)));
            }
            next_at = until;
        }
        let ended = tokio::select! {
            Some(ended) = attempts.next() => ended,
            () = tokio::time::sleep_until(next_at.min(until)) => {
                if Instant::now() >= until {
                    // Among addresses that refuse and such that are silent, a refusal says more.
                    let silent = Connection::TimedOut;
                    return Ok(Err(worst.map_or(silent.clone(), |worst| more_telling(worst, silent))));
                }
                continue;
            }
        };
        match ended {
            (address, Ok(stream)) if !itself(&stream) => return Ok(Ok((stream, address))),
            (address, Ok(_)) => {
                worst = Some(tell(
                    worst,
                    Connection::Refused {
                        address: address.to_string(),
                    },
                ))
            }
            (address, Err(error)) => worst = Some(tell(worst, ended_by(address, &error)?)),
        }
    }
}

fn tell(known: Option<Connection>, new: Connection) -> Connection {
    match known {
        Some(known) => more_telling(known, new),
        None => new,
    }
}

fn more_telling(known: Connection, new: Connection) -> Connection {
    let rank = |end: &Connection| match end {
        Connection::Refused { .. } => 2,
        Connection::TimedOut => 1,
        _ => 0,
    };
    if rank(&new) > rank(&known) {
        new
    } else {
        known
    }
}

/// On one machine a connection to a free port can end up at its own socket.
fn itself(stream: &TcpStream) -> bool {
    matches!((stream.local_addr(), stream.peer_addr()), (Ok(own), Ok(peer)) if own == peer)
}

/// How an attempt ended, by the system's error. One that says nothing of the network is unknown.
fn ended_by(address: SocketAddr, error: &io::Error) -> Result<Connection, Unknown> {
    use io::ErrorKind as Kind;

    match error.kind() {
        Kind::ConnectionRefused | Kind::ConnectionReset => Ok(Connection::Refused { address: address.to_string() }),
        Kind::TimedOut => Ok(Connection::TimedOut),
        Kind::HostUnreachable
        | Kind::NetworkUnreachable
        | Kind::NetworkDown
        | Kind::AddrNotAvailable
        // A rule of this machine's own firewall.
        | Kind::PermissionDenied => Ok(Connection::Unreachable(format!("{address}: {error}"))),
        _ => Err(Unknown::new(Reason::Other, format!("{address}: {error}"))),
    }
}
