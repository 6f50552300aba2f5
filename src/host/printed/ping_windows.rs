//! What `ping` of Windows prints in English.

use std::sync::LazyLock;

use regex::Regex;

use super::{Read, cut, is_address, lines::last_of, no_program, same_name};
use crate::{finding::Unknown, host::PingReply};

/// Reads what it printed of `host`; `echoed`: the command that asks for `host` stands before it.
pub fn read(text: &str, host: &str, echoed: bool) -> Read<PingReply> {
    if let Some(unknown) = no_program(text, "ping") {
        return Some(Err(unknown));
    }
    let begins = |line: &str| line.starts_with("Pinging ") || unresolved(line.trim()).is_some();
    last_of(text, begins, echoed, |text, echoed| {
        of_one(text, host, echoed)
    })
}

fn of_one(text: &str, host: &str, echoed: bool) -> Read<PingReply> {
    if let Some((name, why)) = text.lines().find_map(|line| unresolved(line.trim())) {
        return (echoed || same_name(name, host))
            .then(|| Ok(PingReply::Unresolved(why.to_owned())));
    }
    let head = text.lines().find_map(|line| head(line.trim()));
    let foot = text.lines().find_map(|line| {
        let address = line.trim().strip_prefix("Ping statistics for ")?;
        Some(address.trim_end_matches(':'))
    });
    let (name, address) = head.or(foot.map(|address| (address, address)))?;
    if !(echoed || same_name(name, host) || same_name(address, host)) {
        return None;
    }
    Some(counted(text, address))
}

fn counted(text: &str, address: &str) -> Result<PingReply, Unknown> {
    let (mut answers, mut errors, mut error) = (0_u32, 0_u32, None);
    let mut unsent = false;
    for line in text.lines().map(str::trim) {
        if line.ends_with("transmit failed. General failure.") || line == "General failure." {
            unsent = true;
            error = error.or(Some("General failure".to_owned()));
        }
        let Some((by, said)) = line
            .strip_prefix("Reply from ")
            .and_then(|rest| rest.split_once(": "))
        else {
            continue;
        };
        if said.contains("time=") || said.contains("time<") {
            answers += 1;
        } else {
            errors += 1;
            let said = said.trim_end_matches('.');
            error = error.or(Some(format!("{said}, says {by}")));
        }
    }
    let Some((sent, received)) = packets(text) else {
        return Err(cut("ping", "the line that counts the packets is missing"));
    };
    // What a router says instead is counted as received.
    if answers + errors != received {
        return Err(cut(
            "ping",
            &format!(
                "{received} replies are counted and {} stand there",
                answers + errors
            ),
        ));
    }
    if answers == 0 {
        let sent = if unsent && errors == 0 { 0 } else { sent };
        return Ok(PingReply::Silent {
            address: address.to_owned(),
            sent,
            error,
        });
    }
    let Some([fastest_ms, slowest_ms, average_ms]) = times(text) else {
        return Err(cut("ping", "the line with the times is missing"));
    };
    let lost = sent.saturating_sub(answers);
    Ok(PingReply::Answered {
        address: address.to_owned(),
        sent,
        lost,
        fastest_ms,
        average_ms,
        slowest_ms,
        error: error.filter(|_| lost > 0),
    })
}

/// `Pinging a.example [192.0.2.1] with 32 bytes of data:`, and with `from` another address in between.
fn head(line: &str) -> Option<(&str, &str)> {
    let words = line
        .strip_prefix("Pinging ")?
        .strip_suffix(" bytes of data:")?;
    let mut words = words.split(' ');
    let name = words.next()?;
    let address = words
        .next()?
        .strip_prefix('[')
        .and_then(|word| word.strip_suffix(']'));
    match address {
        Some(address) => Some((name, address)),
        None => is_address(name).then_some((name, name)),
    }
}

fn unresolved(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("Ping request could not find host ")?;
    let (name, _) = rest.split_once(". Please check the name")?;
    Some((name, "could not find host"))
}

/// `Packets: Sent = 4, Received = 4, Lost = 0 (0% loss),`
fn packets(text: &str) -> Option<(u32, u32)> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"Packets: Sent = (\d+), Received = (\d+), Lost = \d+").ok());
    let found = FORM.as_ref()?.captures(text)?;
    Some((found[1].parse().ok()?, found[2].parse().ok()?))
}

/// `Minimum = 11ms, Maximum = 13ms, Average = 12ms`
fn times(text: &str) -> Option<[f64; 3]> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"Minimum = (\d+)ms, Maximum = (\d+)ms, Average = (\d+)ms").ok()
    });
    let found = FORM.as_ref()?.captures(text)?;
    let time = |group: usize| found[group].parse().ok();
    Some([time(1)?, time(2)?, time(3)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Reason;

    #[test]
    fn what_cannot_be_counted_is_unknown() {
        let check = |text: &str, expected: &str| {
            let read = read(text, "a", false)
                .expect("it is of ping")
                .expect_err("it is unknown");
            assert_eq!(
                (read.detail.as_str(), read.reason),
                (expected, Reason::NotWhole)
            );
        };
        check(
            "Pinging a [192.0.2.1] with 32 bytes of data:\nRequest timed out.\n",
            "what `ping` printed is cut: the line that counts the packets is missing",
        );
        check(
            "Pinging a [192.0.2.1] with 32 bytes of data:\n    Packets: Sent = 4, Received = 4, Lost = 0 (0% loss),\n",
            "what `ping` printed is cut: 4 replies are counted and 0 stand there",
        );
    }
}
