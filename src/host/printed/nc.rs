//! What `nc -vz` prints: of OpenBSD, of the traditional one, of BusyBox, and of Nmap (`ncat`).

use std::sync::LazyLock;

use regex::Regex;

use super::{Read, no_program, same_name};
use crate::host::Connection;

/// Reads what it printed of `host` and `port`; `echoed`: the command that asks for both stands before it.
pub fn read(text: &str, host: &str, port: u16, echoed: bool) -> Read<Connection> {
    if let Some(unknown) = no_program(text, "nc") {
        return Some(Err(unknown));
    }
    let is_port = |said: &str| said.parse() == Ok(port);
    let mut ended = None;
    for line in text.lines().map(str::trim) {
        let Some(said) = said(line) else {
            continue;
        };
        let named = [&said.host, &said.address]
            .into_iter()
            .flatten()
            .any(|name| same_name(name, host));
        let fits = (named || echoed) && said.port.as_deref().is_none_or(is_port);
        // What does not say whom it asked says something only with its command.
        if !fits {
            continue;
        }
        let address = said
            .address
            .or(said.host)
            .unwrap_or_else(|| host.to_owned());
        let address = if address.contains(':') {
            format!("[{address}]:{port}")
        } else {
            format!("{address}:{port}")
        };
        let end = connection(&said.end, address);
        // One address of several that answers is enough, and comes last.
        let opens = matches!(end, Some(Connection::Open { .. }));
        ended = end.or(ended);
        if opens {
            break;
        }
    }
    ended.map(Ok)
}

struct Said {
    host: Option<String>,
    address: Option<String>,
    port: Option<String>,
    end: String,
}

fn said(line: &str) -> Option<Said> {
    static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let forms = [
            r"^Connection to (?P<host>\S+) (?:\((?P<address>[^)]+)\) )?(?P<port>\d+) port \[[^\]]*\] (?P<end>succeeded)!?$",
            r"^\S*nc\S*: connect to (?P<host>\S+) (?:\((?P<address>[^)]+)\) )?port (?P<port>\d+) \(tcp\) (?:failed: )?(?P<end>.+)$",
            r#"^\S*nc\S*: getaddrinfo for host "(?P<host>[^"]+)" port (?P<port>\d+): (?P<end>.+)$"#,
            r"^\S*nc\S*: getaddrinfo: (?P<end>.+)$",
            r"^(?P<host>\S+) (?:\[(?P<address>[^\]]+)\]|\((?P<other>[^)]+):\d+\)) (?P<port>\d+)? ?(?:\([^)]*\) )?:? ?(?P<end>open|Connection refused|Connection timed out|No route to host|Network is unreachable)$",
            r"^(?P<host>\S+): (?P<end>forward host lookup failed: .+)$",
            r"^Ncat: (?P<end>Connected) to (?P<address>\S+):(?P<port>\d+)\.$",
            r#"^Ncat: (?P<end>Could not resolve hostname) "(?P<host>[^"]+)".*$"#,
            r"^Ncat: (?P<end>Connection refused|Connection timed out|TIMEOUT|No route to host|Network is unreachable)\.$",
        ];
        forms
            .iter()
            .filter_map(|form| Regex::new(form).ok())
            .collect()
    });
    let found = FORMS.iter().find_map(|form| form.captures(line))?;
    let group = |name: &str| found.name(name).map(|found| found.as_str().to_owned());
    Some(Said {
        host: group("host"),
        address: group("address"),
        port: group("port"),
        end: group("end")?,
    })
}

fn connection(end: &str, address: String) -> Option<Connection> {
    Some(match end {
        "succeeded" | "open" | "Connected" => Connection::Open {
            address,
            took_ms: None,
        },
        "Connection refused" => Connection::Refused { address },
        "Connection timed out" | "TIMEOUT" | "timed out: Operation now in progress" => {
            Connection::TimedOut
        }
        "No route to host" | "Network is unreachable" => Connection::Unreachable(end.to_owned()),
        "Could not resolve hostname"
        | "Name or service not known"
        | "Temporary failure in name resolution"
        | "No address associated with hostname" => Connection::Unresolved(end.to_owned()),
        end if end.starts_with("forward host lookup failed") => {
            Connection::Unresolved(end.to_owned())
        }
        _ => return None,
    })
}
