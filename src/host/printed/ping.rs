//! What `ping` of Linux and macOS prints: of iputils, of BusyBox, of the BSDs.

use std::sync::LazyLock;

use regex::Regex;

use super::{Read, cut, is_address, lines::last_of, no_program, same_name};
use crate::{
    finding::{Reason, Unknown},
    host::PingReply,
};

/// Reads what it printed of `host`; `echoed`: the command that asks for `host` stands before it, so that the name that
/// the program found to be the host's true one is no reason to refuse it.
pub fn read(text: &str, host: &str, echoed: bool) -> Read<PingReply> {
    if let Some(unknown) = no_program(text, "ping") {
        return Some(Err(unknown));
    }
    let begins = |line: &str| line.starts_with("PING ") || unresolved(line.trim()).is_some();
    last_of(text, begins, echoed, |text, echoed| {
        of_one(text, host, echoed)
    })
}

fn of_one(text: &str, host: &str, echoed: bool) -> Read<PingReply> {
    if let Some((name, why)) = text.lines().find_map(|line| unresolved(line.trim())) {
        let whose = name.map_or(echoed, |name| same_name(name, host) || echoed);
        return whose.then(|| Ok(PingReply::Unresolved(why.to_owned())));
    }
    let printed = Printed::read(text, &own(text));
    let head = text.lines().find_map(|line| head(line.trim()));
    let foot = text.lines().find_map(|line| foot(line.trim()));
    let Some((name, address)) = head.or(foot.map(|name| (name, None))) else {
        // Without either only a refusal of the program's own is left to tell.
        let refused = echoed && printed.counted.is_none() && printed.error.is_some();
        return refused.then(|| printed.reply(host.to_owned()));
    };
    let is_host = |name: &str| same_name(name, host);
    if !(echoed || is_host(name) || address.is_some_and(is_host)) {
        return None;
    }
    let address = address.unwrap_or(name).to_owned();
    if printed.counted.is_none()
        && printed
            .error
            .as_deref()
            .is_none_or(|error| !says_no_way(error))
    {
        return Some(Err(cut(
            "ping",
            "the line that counts the packets is missing",
        )));
    }
    Some(printed.reply(address))
}

/// The program's own words, which begin with its name.
fn own(text: &str) -> String {
    let own = text
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("ping: ") || line.starts_with("ping6: "));
    own.map(|line| line.replacen("ping6: ", "ping: ", 1))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The host as it was given, where the line says so, and why it has no address.
fn unresolved(line: &str) -> Option<(Option<&str>, &str)> {
    static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let forms = [
            r"^ping6?: (?P<name>\S+): (?P<why>Name or service not known|Temporary failure in name resolution|No address associated with hostname|Name does not resolve|nodename nor servname provided, or not known)$",
            r"^ping6?: (?P<why>unknown host) (?P<name>\S+)$",
            r"^ping6?: cannot resolve (?P<name>\S+): (?P<why>.+)$",
            r"^ping6?: (?P<why>bad address) '(?P<name>\S+)'$",
        ];
        forms
            .iter()
            .filter_map(|form| Regex::new(form).ok())
            .collect()
    });
    let found = FORMS.iter().find_map(|form| form.captures(line))?;
    Some((
        found.name("name").map(|name| name.as_str()),
        found.name("why")?.as_str(),
    ))
}

/// `PING a.example (192.0.2.1) 56(84) bytes of data.`: the name, and its address.
fn head(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = line.strip_prefix("PING ")?;
    let name = rest
        .split([' ', '('])
        .next()
        .filter(|name| !name.is_empty())?;
    let words = rest[name.len()..].split([' ', '(', ')']);
    let address = words
        .map(|word| word.trim_end_matches(':'))
        .find(|word| is_address(word));
    Some((name.trim_end_matches(':'), address))
}

/// `--- a.example ping statistics ---`
fn foot(line: &str) -> Option<&str> {
    line.strip_prefix("--- ")?
        .strip_suffix(" ping statistics ---")
}

/// This user may not ask.
pub(in crate::host) fn not_permitted(address: &str, why: &str) -> Unknown {
    let why = format!("{address}: this user may not send echo requests: {why}");
    Unknown::new(Reason::NoRight, why)
}

/// What the program printed, as far as it matters.
#[derive(Debug, Default, PartialEq)]
pub(in crate::host) struct Printed {
    /// Requests and answers, from the line that counts them.
    counted: Option<(u32, u32)>,
    /// The fastest, the average and the slowest, in milliseconds.
    times: Option<[f64; 3]>,
    /// What a router or this machine said.
    error: Option<String>,
}

impl Printed {
    pub(in crate::host) fn read(stdout: &str, stderr: &str) -> Self {
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

    pub(in crate::host) fn reply(self, address: String) -> Result<PingReply, Unknown> {
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
