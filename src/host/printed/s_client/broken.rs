//! Why `openssl s_client` shows no certificates, or made no handshake: by the words of OpenSSL's errors, which are English
//! everywhere, and by the numbers of alerts and of the system's errors.

use std::sync::LazyLock;

use regex::Regex;

use crate::host::{BrokeOff, Broken, Connection};

/// The server asks for a certificate of the client's.
pub(super) fn asks_for_certificate(text: &str) -> bool {
    text.lines().any(|line| {
        line.starts_with("Acceptable client certificate CA names")
            || line.starts_with("Client Certificate Types:")
            || line.starts_with("Requested Signature Algorithms:")
    })
}

/// How the handshake broke off; `None` where that cannot be told.
pub(super) fn by(text: &str, asks: bool) -> Option<BrokeOff> {
    let mut said = text.lines().map(str::trim).filter(|line| {
        line.contains(":error:")
            || line.starts_with("read:errno=")
            || line.starts_with("write:errno=")
    });
    said.find_map(|line| Some((of_line(line, asks)?, line)))
        .map(|(how, line)| BrokeOff {
            how,
            detail: words(line).to_owned(),
        })
}

fn of_line(line: &str, asks: bool) -> Option<Broken> {
    if let Some(alert) = alert(line) {
        return Some(match alert {
            116 => Broken::CertificateWanted,
            40 | 42 | 48 | 49 if asks => Broken::CertificateWanted,
            40 | 70 | 71 => Broken::NothingInCommon,
            112 => Broken::NameNotServed,
            _ => Broken::Refused,
        });
    }
    let says = |words: &[&str]| words.iter().any(|words| line.contains(words));
    // A connection that ended, by the numbers of Linux and of macOS.
    let ended = says(&["unexpected eof while reading", "Connection reset by peer"])
        || ["errno=0", "errno=104", "errno=54", "errno=32"]
            .iter()
            .any(|errno| line.ends_with(errno));
    if ended {
        Some(match asks {
            true => Broken::CertificateWanted,
            false => Broken::HungUp,
        })
    } else if says(&["wrong version number", "unknown protocol"]) {
        Some(Broken::NotTls)
    } else if says(&["unsupported protocol", "legacy sigalg disallowed"]) {
        Some(Broken::NothingInCommon)
    } else {
        None
    }
}

fn alert(line: &str) -> Option<u8> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"SSL alert number (\d{1,3})\b").ok());
    let found = FORM.as_ref()?.captures(line)?;
    found.get(1)?.as_str().parse().ok()
}

/// What stands behind the number of a line such as `80…:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:…`.
fn words(line: &str) -> &str {
    line.split_once(":error:").map_or(line, |(_, words)| words)
}

/// How the attempt to connect ended: of several addresses a refusal says most, and silence more than no way.
pub(super) fn no_way(text: &str, address: String) -> Option<Connection> {
    const REFUSED: [&str; 3] = [
        "Connection refused",
        "connect:errno=111",
        "connect:errno=61",
    ];
    const SILENT: [&str; 4] = [
        "Connection timed out",
        "Operation timed out",
        "connect:errno=110",
        "connect:errno=60",
    ];
    const NO_WAY: [&str; 3] = [
        "No route to host",
        "Network is unreachable",
        "Permission denied",
    ];
    const UNRESOLVED: [&str; 5] = [
        "Name or service not known",
        "nodename nor servname provided",
        "Temporary failure in name resolution",
        "No address associated with hostname",
        "Name does not resolve",
    ];

    // A path of OpenSSL's source or a number may hold another one: only whole words at the end, or before a place.
    let says = |all: &[&'static str]| {
        all.iter().copied().find(|words| {
            text.lines().any(|line| {
                let line = line.trim();
                line.ends_with(words) || line.contains(&format!("{words}:"))
            })
        })
    };
    if says(&REFUSED).is_some() {
        return Some(Connection::Refused { address });
    }
    if says(&SILENT).is_some() {
        return Some(Connection::TimedOut);
    }
    if let Some(words) = says(&NO_WAY) {
        return Some(Connection::Unreachable(words.to_owned()));
    }
    let words = says(&UNRESOLVED)?;
    Some(Connection::Unresolved(words.to_owned()))
}
