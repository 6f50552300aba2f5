//! What `curl -p` prints of a way through a proxy over which nothing is sent, as the reply to a connection.

use super::{Ended, Printed, printed, proxy};
use crate::{
    finding::{Reason, Unknown},
    host::{
        Connection, Via,
        challenge::schemes,
        printed::{Read, cut, head::Head, reply},
    },
};

/// Reads what it printed of the way through `via`, which `asked` says in a line; `echoed`: the command stands before it.
pub fn read(text: &str, via: &Via, asked: &str, echoed: bool) -> Read<Connection> {
    Some(printed(text, asked, echoed)?.and_then(|printed| told(&printed, via)))
}

fn told(printed: &Printed<'_>, via: &Via) -> Result<Connection, Unknown> {
    let address = proxy(Some(via));
    let said = said(printed.text)?;
    let opened = match via.address.scheme() {
        "http" => said
            .as_ref()
            .is_some_and(|head| (200..300).contains(&head.status)),
        _ => {
            let mut lines = printed.text.lines();
            // What the program says of a way that it has, and over which nothing came.
            let waited = printed.ended.is_none() || printed.why == "Time-out";
            waited || lines.any(|line| line.trim().starts_with("* SOCKS5 request granted"))
        }
    };
    // Once it is open, what ends it says nothing of the proxy.
    if opened {
        return Ok(Connection::Open {
            address,
            took_ms: None,
        });
    }
    let reached = printed
        .text
        .lines()
        .any(|line| line.trim().starts_with("* Connected to "));
    Ok(match &printed.ended {
        Some(Ended::Unresolved(why)) => Connection::Unresolved(why.clone()),
        Some(Ended::Refused(_) | Ended::HungUp(_)) => Connection::Refused { address },
        Some(Ended::TimedOut) if reached => Connection::ProxySilent { address },
        Some(Ended::TimedOut) => Connection::TimedOut,
        Some(Ended::Unreachable(why)) => Connection::Unreachable(why.clone()),
        Some(Ended::Socks { code, schemes, why }) => Connection::ProxyRefused {
            status: *code,
            schemes: schemes.clone(),
            why: Some(why.clone()),
        },
        Some(Ended::Tunnel) => return refused(said, &address),
        Some(Ended::Tls(why) | Ended::Other(why)) => {
            return Err(Unknown::new(Reason::Other, why.clone()));
        }
        None => return Err(cut("curl", "what the proxy answered is missing")),
    })
}

fn refused(said: Option<Head>, address: &str) -> Result<Connection, Unknown> {
    let Some(head) = said else {
        return Err(cut("curl", "what the proxy answered is missing"));
    };
    let offers = head.headers.get("proxy-authenticate");
    let schemes = schemes(offers.map(String::as_str));
    if head.status == 407 && schemes.is_empty() {
        return Err(reply::no_scheme(address));
    }
    Ok(Connection::ProxyRefused {
        status: head.status,
        schemes,
        why: None,
    })
}

/// The head by which the proxy opens a way, or the last one that it sent: of `-D -` as it came, of `-v` behind `<`.
fn said(text: &str) -> Result<Option<Head>, Unknown> {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| {
            line.strip_prefix("< ")
                .or(line.strip_prefix('<'))
                .unwrap_or(line)
        })
        .collect();
    let mut last = None;
    for (at, line) in lines.iter().enumerate() {
        if crate::host::printed::head::status(line).is_none() {
            continue;
        }
        // Between headers `-v` tells of itself.
        let text: String = lines[at..]
            .iter()
            .filter(|line| !line.starts_with("* "))
            .flat_map(|line| [line, "\n"])
            .collect();
        let Some((head, _)) = Head::take(&text)?.filter(|(head, _)| !head.announces()) else {
            continue;
        };
        // What comes behind it is the target's.
        let opens = (200..300).contains(&head.status);
        last = Some(head);
        if opens {
            break;
        }
    }
    Ok(last)
}
