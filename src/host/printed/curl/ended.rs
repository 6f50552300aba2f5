//! How an attempt of curl ended, by its code and its words (curl's manual, *Exit codes*). The words are curl's own and
//! English everywhere; those of a system's error are not.

use crate::host::socks_code::{self, meaning};

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    Unresolved(String),
    Refused(String),
    /// Nothing came in time, or not all of it.
    TimedOut,
    Unreachable(String),
    /// No secure connection.
    Tls(String),
    /// The proxy said no to `CONNECT`; its reply tells more.
    Tunnel,
    /// The proxy hung up instead of a reply.
    HungUp(String),
    /// A proxy of SOCKS said no.
    Socks {
        code: u16,
        schemes: Vec<String>,
        why: String,
    },
    /// Anything else, and what can be told of it.
    Other(String),
}

impl Ended {
    /// `own`: all lines of the program's own, among them what `-v` tells of each address.
    pub fn new(code: u32, why: &str, own: &[&str]) -> Self {
        let said = || match why.is_empty() {
            true => format!("`curl` ended with the code {code}"),
            false => why.to_owned(),
        };
        if let Some(socks) = of_socks(code, why) {
            return socks;
        }
        match code {
            5 | 6 => Self::Unresolved(said()),
            7 => of_connect(why, own).unwrap_or_else(|| {
                Self::Other(format!(
                    "there is no connection, and `curl` does not tell whether it was refused: {}",
                    said()
                ))
            }),
            // Of the name's own time out it is the name that is not known.
            28 if why.starts_with("Resolving timed out") => Self::Unresolved(said()),
            28 => Self::TimedOut,
            35 | 51 | 60 | 83 | 90 | 91 => Self::Tls(said()),
            52 => Self::Refused(said()),
            56 if of_tunnel(why) => Self::Tunnel,
            56 if why.contains("Proxy CONNECT aborted") => Self::HungUp(said()),
            55 | 56 if is_reset(why) => Self::Refused(said()),
            _ => Self::Other(said()),
        }
    }
}

/// `Received HTTP code 407 from proxy after CONNECT`, and since 7.84 `CONNECT tunnel failed, response 407`.
fn of_tunnel(why: &str) -> bool {
    why.contains("from proxy after CONNECT") || why.starts_with("CONNECT tunnel failed, response")
}

fn is_reset(why: &str) -> bool {
    [
        "reset by peer",
        "Broken pipe",
        "Connection was reset",
        "Connection was aborted",
    ]
    .iter()
    .any(|words| why.contains(words))
}

/// Of several addresses a refusal says most, and silence more than no way.
fn of_connect(why: &str, own: &[&str]) -> Option<Ended> {
    const NO_WAY: [&str; 5] = [
        "No route to host",
        "Network is unreachable",
        "Host is unreachable",
        "Network is down",
        "Permission denied",
    ];

    let each = own.iter().filter_map(|line| {
        let (_, words) = line
            .trim()
            .strip_prefix("* connect to ")?
            .split_once(" failed: ")?;
        Some(words)
    });
    let all: Vec<&str> = each.chain([why]).collect();
    let says = |words: &[&str]| {
        let mut all = all.iter();
        all.find(|said| words.iter().any(|words| said.contains(words)))
            .map(|said| (*said).to_owned())
    };
    if let Some(words) = says(&["Connection refused"]) {
        return Some(Ended::Refused(words));
    }
    if says(&["timed out", "Timed out", "Timeout was reached"]).is_some() {
        return Some(Ended::TimedOut);
    }
    says(&NO_WAY).map(Ended::Unreachable)
}

/// What the talk with a SOCKS proxy came to: a code of its own since 7.73, that of a failed connection before.
fn of_socks(code: u32, why: &str) -> Option<Ended> {
    if !matches!(code, 7 | 97) {
        return None;
    }
    let number = |from: &str| -> Option<u8> {
        let (_, rest) = from.rsplit_once('(')?;
        rest.trim_end_matches(['.', ')'])
            .split(' ')
            .next_back()?
            .parse()
            .ok()
    };
    if why.starts_with("Can't complete SOCKS5 connection to ") {
        let code = number(why)?;
        return Some(Ended::Socks {
            code: u16::from(code),
            schemes: Vec::new(),
            why: meaning(code),
        });
    }
    if why.starts_with("User was rejected by the SOCKS5 server") {
        return Some(Ended::Socks {
            code: u16::from(number(why)?),
            schemes: vec![socks_code::PASSWORD.to_owned()],
            why: "it refuses the login".to_owned(),
        });
    }
    if why.starts_with("No authentication method was acceptable") {
        return Some(Ended::Socks {
            code: u16::from(socks_code::NO_METHOD),
            schemes: Vec::new(),
            why: "it takes none of the logins that it was offered".to_owned(),
        });
    }
    if why.starts_with("Failed to resolve ") {
        return Some(Ended::Unresolved(why.to_owned()));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: u32, why: &str, own: &[&str], expected: &Ended) {
        assert_eq!(Ended::new(code, why, own), *expected, "({code}) {why}");
    }

    /// The words of several versions.
    #[test]
    fn connections() {
        let refused = |why: &str| Ended::Refused(why.to_owned());
        let old = "Failed connect to a.example:1; Connection refused";
        check(7, old, &[], &refused(old));
        let middle = "Failed to connect to a.example port 1: Connection refused";
        check(7, middle, &[], &refused(middle));
        let new = "Failed to connect to a.example port 1 after 0 ms: Couldn't connect to server";
        check(
            7,
            new,
            &[
                "* connect to ::1 port 1 from ::1 port 50123 failed: Network is unreachable",
                "* connect to 127.0.0.1 port 1 failed: Connection refused",
            ],
            &refused("Connection refused"),
        );
        check(
            7,
            new,
            &["* connect to 192.0.2.1 port 1 failed: No route to host"],
            &Ended::Unreachable("No route to host".to_owned()),
        );
        check(
            7,
            new,
            &["* connect to 192.0.2.1 port 1 failed: Connection timed out"],
            &Ended::TimedOut,
        );
        check(
            7,
            new,
            &[],
            &Ended::Other(format!(
                "there is no connection, and `curl` does not tell whether it was refused: {new}"
            )),
        );
        check(
            28,
            "Connection timed out after 30001 milliseconds",
            &[],
            &Ended::TimedOut,
        );
        let name = "Resolving timed out after 30000 milliseconds";
        check(28, name, &[], &Ended::Unresolved(name.to_owned()));
    }

    #[test]
    fn proxies() {
        check(
            56,
            "Received HTTP code 407 from proxy after CONNECT",
            &[],
            &Ended::Tunnel,
        );
        check(
            56,
            "CONNECT tunnel failed, response 403",
            &[],
            &Ended::Tunnel,
        );
        let socks = |code, schemes: &[&str], why: &str| Ended::Socks {
            code,
            schemes: schemes.iter().map(|scheme| (*scheme).to_owned()).collect(),
            why: why.to_owned(),
        };
        let forbidden = socks(2, &[], "its rules forbid this connection");
        check(
            97,
            "Can't complete SOCKS5 connection to a.example. (2)",
            &[],
            &forbidden,
        );
        check(
            7,
            "Can't complete SOCKS5 connection to 0.0.0.0:0. (2)",
            &[],
            &forbidden,
        );
        check(
            97,
            "User was rejected by the SOCKS5 server (1 1).",
            &[],
            &socks(1, &["username/password"], "it refuses the login"),
        );
        check(
            97,
            "No authentication method was acceptable.",
            &[],
            &socks(255, &[], "it takes none of the logins that it was offered"),
        );
    }

    #[test]
    fn the_rest() {
        let tls = "SSL certificate problem: certificate has expired";
        check(60, tls, &[], &Ended::Tls(tls.to_owned()));
        check(
            3,
            "URL rejected",
            &[],
            &Ended::Other("URL rejected".to_owned()),
        );
        check(
            77,
            "",
            &[],
            &Ended::Other("`curl` ended with the code 77".to_owned()),
        );
        check(
            52,
            "Empty reply from server",
            &[],
            &Ended::Refused("Empty reply from server".to_owned()),
        );
    }
}
