//! What `telnet` prints, of GNU inetutils, of netkit and of the BSDs, and of Windows in English. It names the host, and
//! mostly not the port: whose it is, the command before it says.

use std::sync::LazyLock;

use regex::Regex;

use super::{Read, no_program, same_name};
use crate::{
    finding::{Reason, Unknown},
    host::Connection,
};

/// Reads what it printed of `host` and `port`; `typed`: the command that names both stands there.
pub fn read(text: &str, host: &str, port: u16, typed: bool) -> Read<Connection> {
    if let Some((whose, why)) = text.lines().find_map(|line| unresolved(line.trim())) {
        let (name, said) = whose.rsplit_once([':', '/']).unwrap_or((whose, ""));
        let named = same_name(name, host) && said.parse() == Ok(port);
        return named.then(|| Ok(Connection::Unresolved(why.to_owned())));
    }
    if let Some(to) = text.lines().find_map(of_windows) {
        let why = "there is no connection, and `telnet` does not tell whether it was refused or nobody answered";
        let named = same_name(to.0, host) && to.1.parse() == Ok(port);
        return named.then(|| Err(Unknown::new(Reason::Other, why)));
    }
    if !typed {
        return None;
    }
    if let Some(unknown) = no_program(text, "telnet") {
        return Some(Err(unknown));
    }
    let tried = text.lines().rev().find_map(|line| {
        let tried = line.trim().strip_prefix("Trying ")?;
        Some(tried.trim_end_matches('.'))
    });
    let address = tried.unwrap_or(host);
    let address = match address.contains(':') {
        true => format!("[{address}]:{port}"),
        false => format!("{address}:{port}"),
    };
    let opens = |line: &str| {
        let name = line.trim().strip_prefix("Connected to ");
        name.is_some_and(|name| name.ends_with('.'))
    };
    if text.lines().any(opens) {
        return Some(Ok(Connection::Open {
            address,
            took_ms: None,
        }));
    }
    // Of several addresses it says so only behind the last one.
    let last = text
        .lines()
        .map(str::trim)
        .find_map(|line| line.strip_prefix("telnet: Unable to connect to remote host"))?;
    let each = text.lines().rev().find_map(|line| {
        let (_, rest) = line.trim().split_once("telnet: connect to address ")?;
        Some(rest.rsplit_once(": ")?.1)
    });
    let why = last.strip_prefix(": ").or(each).unwrap_or_default();
    Some(match why {
        "Connection refused" => Ok(Connection::Refused { address }),
        "Connection timed out" | "Operation timed out" => Ok(Connection::TimedOut),
        "No route to host" | "Network is unreachable" | "Host is unreachable" => {
            Ok(Connection::Unreachable(why.to_owned()))
        }
        _ => Err(Unknown::new(
            Reason::Other,
            format!("there is no connection, and `telnet` does not tell why: {why}"),
        )),
    })
}

/// Whose name has no address, with the port, and why.
fn unresolved(line: &str) -> Option<(&str, &str)> {
    static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let forms = [
            r"^Server lookup failure:\s+(\S+), (.+)$",
            r"^telnet: could not resolve (\S+): (.+)$",
        ];
        forms
            .iter()
            .filter_map(|form| Regex::new(form).ok())
            .collect()
    });
    let found = FORMS.iter().find_map(|form| form.captures(line))?;
    Some((found.get(1)?.as_str(), found.get(2)?.as_str()))
}

/// `Connecting To a.example...Could not open connection to the host, on port 443: Connect failed`
fn of_windows(line: &str) -> Option<(&str, &str)> {
    let rest = line.trim().strip_prefix("Connecting To ")?;
    let (name, rest) = rest.split_once("...")?;
    let rest = rest.strip_prefix("Could not open connection to the host, on port ")?;
    let (port, _) = rest.split_once(':')?;
    Some((name, port))
}
