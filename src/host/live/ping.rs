//! Echo requests of ICMP from this machine, as an ordinary user where the system lets one send them.
//!
//! On Unix a socket of its own, which some systems grant to nobody, then the system's `ping`; on Windows the system's
//! own call. A machine that may not ask at all is unknown, never silent.

#[cfg(unix)]
mod packet;
#[cfg(unix)]
mod program;
#[cfg(unix)]
mod socket;
mod tally;
#[cfg(target_os = "linux")]
mod told;
#[cfg(windows)]
mod windows;

use std::{net::SocketAddr, time::Duration};

use tokio::time::Instant;

#[cfg(windows)]
use self::windows::ask;
use super::{Live, connect};
use crate::{
    finding::{Reason, Unknown},
    host::PingReply,
};

/// The longest time between two requests.
const APART: Duration = Duration::from_secs(1);

impl Live {
    pub(super) async fn ping(
        &self,
        host: &str,
        count: u32,
        limit: Duration,
    ) -> Result<PingReply, Unknown> {
        let until = Instant::now() + limit;
        let addresses = match connect::resolve(host, 0, until).await {
            Ok(addresses) => addresses,
            Err(why) => return Ok(PingReply::Unresolved(why)),
        };
        let mut no_way = None;
        for address in addresses {
            match ask(address, count, until).await? {
                // This machine knows no way to it; the name may have another address that it knows one to.
                reply @ PingReply::Silent { sent: 0, .. } => no_way = no_way.or(Some(reply)),
                reply => return Ok(reply),
            }
        }
        // A name that resolves has at least one address.
        no_way.ok_or_else(|| Unknown::new(Reason::Other, format!("{host}: no address")))
    }
}

#[cfg(unix)]
async fn ask(address: SocketAddr, count: u32, until: Instant) -> Result<PingReply, Unknown> {
    use self::socket::Opened;

    match socket::open(address)? {
        Opened::Socket(socket) => socket.ask(address, count, until).await,
        Opened::NoWay(error) => Ok(PingReply::Silent {
            address: shown(address),
            sent: 0,
            error: Some(error.to_string()),
        }),
        Opened::NotPermitted(error) => program::ask(address, count, until, &error).await,
    }
}

/// How long to wait between requests, so that the last one still has half of the time for its answer.
fn apart(count: u32, until: Instant) -> Duration {
    let left = until.saturating_duration_since(Instant::now());
    APART.min(left / 2 / count.max(1))
}

/// The address, with its network where it has one for each.
fn shown(address: SocketAddr) -> String {
    match address {
        SocketAddr::V6(address) if address.scope_id() != 0 => {
            format!("{}%{}", address.ip(), address.scope_id())
        }
        address => address.ip().to_string(),
    }
}

/// Milliseconds, to a thousandth.
fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
