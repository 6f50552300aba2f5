//! The system's own `ping`, where this user may have no socket of ICMP: it has rights that others lack. What it prints
//! is read as what a person pastes.

use std::{io, net::SocketAddr};

use tokio::time::Instant;

use super::shown;
use crate::{
    finding::{Os, Unknown},
    host::{
        PingReply, ProgramReply, built_for,
        live::programs,
        printed::ping::{Printed, not_permitted},
    },
};

/// Asks through the program; `refused` is why there is no socket.
pub(super) async fn ask(
    address: SocketAddr,
    count: u32,
    until: Instant,
    refused: &io::Error,
) -> Result<PingReply, Unknown> {
    let address = shown(address);
    // Elsewhere its options mean other things; nobody there is refused a socket either.
    if built_for() != Os::Linux {
        return Err(not_permitted(&address, &format!("{refused}")));
    }
    let limit = until.saturating_duration_since(Instant::now());
    let run = command(&address, count, limit.as_secs());
    match programs::run_with(&run, &[("LC_ALL", "C")], limit).await? {
        ProgramReply::Exited { stdout, stderr, .. } => {
            Printed::read(&stdout, &stderr).reply(address)
        }
        ProgramReply::Missing => {
            let why = format!("{refused}; and there is no program `ping`");
            Err(not_permitted(&address, &why))
        }
    }
}

/// One request a second, and the rest of the time for the last one; fewer requests where the time is short.
fn command(address: &str, count: u32, seconds: u64) -> Vec<String> {
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    let count = count.min(seconds.saturating_sub(1)).max(1);
    let wait = seconds.saturating_sub(count).max(1);
    [
        "ping",
        "-n",
        "-c",
        &count.to_string(),
        "-W",
        &wait.to_string(),
        address,
    ]
    .map(str::to_owned)
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_that_there_is_is_shared() {
        let check = |count, seconds, expected: &str| {
            assert_eq!(command("192.0.2.1", count, seconds).join(" "), expected);
        };
        check(4, 10, "ping -n -c 4 -W 6 192.0.2.1");
        check(20, 10, "ping -n -c 9 -W 1 192.0.2.1");
        check(4, 3, "ping -n -c 2 -W 1 192.0.2.1");
        check(4, 1, "ping -n -c 1 -W 1 192.0.2.1");
        check(1, 0, "ping -n -c 1 -W 1 192.0.2.1");
    }
}
