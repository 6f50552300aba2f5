//! The system's own `ping`, where this user may have no socket of ICMP: it has rights that others lack. What it prints
//! is read in the forms of iputils and of BusyBox.

use std::{io, net::SocketAddr};

use tokio::time::Instant;

use super::shown;
use crate::{
    finding::{Os, Reason, Unknown},
    host::{PingReply, ProgramReply, built_for, live::programs},
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

fn not_permitted(address: &str, why: &str) -> Unknown {
    let why = format!("{address}: this user may not send echo requests: {why}");
    Unknown::new(Reason::NoRight, why)
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

/// What the program printed, as far as it matters.
#[derive(Debug, Default, PartialEq)]
struct Printed {
    /// Requests and answers, from the line that counts them.
    counted: Option<(u32, u32)>,
    /// The fastest, the average and the slowest, in milliseconds.
    times: Option<[f64; 3]>,
    /// What a router or this machine said.
    error: Option<String>,
}

impl Printed {
    fn read(stdout: &str, stderr: &str) -> Self {
        let mut printed = Self::default();
        for line in stdout.lines() {
            printed.counted = printed.counted.or_else(|| counted(line));
            printed.times = printed.times.or_else(|| times(line));
            if printed.error.is_none() {
                printed.error = said(line);
            }
        }
        // The program's own words begin with its name. Of several the one counts that says why.
        let own = stderr
            .lines()
            .map(|line| line.trim().trim_start_matches("ping: "));
        let own: Vec<&str> = own
            .filter(|line| !line.is_empty() && !line.contains("arning"))
            .collect();
        let telling = own
            .iter()
            .find(|line| says_no_way(line) || is_refusal(line));
        printed.error = printed
            .error
            .or(telling.or(own.first()).map(|line| (*line).to_owned()));
        printed
    }

    fn reply(self, address: String) -> Result<PingReply, Unknown> {
        let unclear = |why: &str| Unknown::new(Reason::Other, format!("{address}: `ping`: {why}"));
        match (self.counted, self.times, self.error) {
            (Some((sent, answers)), Some([fastest_ms, average_ms, slowest_ms]), error)
                if answers > 0 =>
            {
                // Answers that came twice are counted by some.
                let lost = sent.saturating_sub(answers);
                Ok(PingReply::Answered {
                    address,
                    sent,
                    lost,
                    fastest_ms,
                    average_ms,
                    slowest_ms,
                    error: error.filter(|_| lost > 0),
                })
            }
            (Some((1.., 1..)), None, _) => Err(unclear("it printed no times")),
            (Some((sent @ 1.., _)), _, error) => Ok(PingReply::Silent {
                address,
                sent,
                error,
            }),
            (_, _, Some(error)) if says_no_way(&error) => Ok(PingReply::Silent {
                address,
                sent: 0,
                error: Some(error),
            }),
            (_, _, Some(error)) if is_refusal(&error) => Err(not_permitted(&address, &error)),
            (_, _, Some(error)) => Err(unclear(&error)),
            (_, _, None) => Err(unclear("what it printed was not understood")),
        }
    }
}

/// There is a socket and no way: no route, or one that this machine's own rules forbid.
fn says_no_way(error: &str) -> bool {
    let said = ["connect: ", "sendto: ", "sendmsg: "]
        .iter()
        .find_map(|call| error.strip_prefix(call));
    let no_way = said.is_some_and(|said| {
        said.contains("unreachable") || said == "No route to host" || is_refusal(said)
    });
    // What iputils makes of a way that is forbidden.
    no_way || error.starts_with("Do you want to ping broadcast?")
}

fn is_refusal(error: &str) -> bool {
    let error = error.to_ascii_lowercase();
    [
        "not permitted",
        "permission denied",
        "lacking privilege",
        "are you root",
    ]
    .iter()
    .any(|words| error.contains(words))
}

/// `4 packets transmitted, 3 received, …`, or `…, 3 packets received, …`.
fn counted(line: &str) -> Option<(u32, u32)> {
    let mut parts = line.split(", ");
    let sent = parts.next()?.strip_suffix(" packets transmitted")?;
    let answers = parts.next()?.strip_suffix(" received")?;
    let answers = answers.strip_suffix(" packets").unwrap_or(answers);
    Some((sent.trim().parse().ok()?, answers.parse().ok()?))
}

/// `rtt min/avg/max/mdev = 0.1/0.2/0.3/0.0 ms`, or `round-trip min/avg/max = 0.1/0.2/0.3 ms`.
fn times(line: &str) -> Option<[f64; 3]> {
    let (what, times) = line.split_once(" = ")?;
    if !what.contains("min/avg/max") {
        return None;
    }
    let mut times = times
        .split(['/', ' '])
        .map_while(|time| time.parse::<f64>().ok());
    Some([times.next()?, times.next()?, times.next()?])
}

/// `From 192.0.2.254 icmp_seq=1 Destination Host Unreachable`.
fn said(line: &str) -> Option<String> {
    let (by, said) = line.strip_prefix("From ")?.split_once(" icmp_seq=")?;
    let (_, words) = said.split_once(' ')?;
    Some(format!("{words}, says {}", by.trim_end_matches(':')))
}

#[cfg(test)]
mod tests;
