//! What the command to copy prints of a handshake that .NET's `SslStream` made, in words that are of no language: the
//! certificates that were sent, what Windows does not like about them, and where and how it failed otherwise.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Read,
    asked::{Closing, find},
    cut,
    handshake::{Said, of_other_store, shown},
    head::Head,
    pem::Chain,
    reply::no_scheme,
};
use crate::{
    finding::{Reason, Unknown},
    host::{
        BrokeOff, Broken, Connection, Distrust, TlsReply, TlsRequest, Verdict, challenge::schemes,
    },
};

/// What the command prints before each part.
pub const WRONG: &str = "wrong: ";
pub const STATUS: &str = "status: ";
pub const VERSION: &str = "version: ";
pub const FAILED: &str = "failed: ";
/// Where it failed.
pub const CONNECT: &str = "connect";
pub const HANDSHAKE: &str = "handshake";
/// What stands at the end of it all.
pub const DONE: &str = "done.";

/// Reads what it printed of `request`, which `asked` says in a line; `echoed`: the command stands before it.
pub fn read(text: &str, request: &TlsRequest, asked: &str, echoed: bool) -> Read<TlsReply> {
    let lacks = "the line at its end that says what was asked is missing";
    match find(text, asked) {
        Closing::This { before, says, .. } if says == DONE => Some(told(before, request)),
        Closing::Another => None,
        Closing::None if !echoed => None,
        Closing::This { .. } | Closing::None => Some(Err(cut("PowerShell", lacks))),
    }
}

fn told(text: &str, request: &TlsRequest) -> Result<TlsReply, Unknown> {
    let (host, port) = match &request.via {
        Some(via) => (via.address.host(), via.address.port().unwrap_or(80)),
        None => (request.host.as_str(), request.port),
    };
    let address = match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    };
    let chain = Chain::read(text)?;
    if chain.count > 0 {
        return of_chain(text, chain, address, request);
    }
    if let Some(refused) = of_proxy(text, &address, request)? {
        return Ok(TlsReply::NoWay(refused));
    }
    let failed = text
        .lines()
        .skip_while(|line| !line.starts_with(FAILED))
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ");
    failure(&failed, address)
}

fn of_chain(
    text: &str,
    chain: Chain,
    address: String,
    request: &TlsRequest,
) -> Result<TlsReply, Unknown> {
    let line = |label: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(label.trim_end()))
    };
    let Some(wrong) = line(WRONG).map(str::trim).filter(|wrong| !wrong.is_empty()) else {
        return Err(cut("PowerShell", "`wrong` does not stand there"));
    };
    let words: Vec<&str> = line(STATUS)
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty() && *word != "NoError")
        .collect();
    let (trust, out_of_date) = verified(wrong, &words)?;
    let broke_off = match line(VERSION).map(str::trim) {
        Some(version) if !version.is_empty() => None,
        _ => Some(BrokeOff {
            how: Broken::Faulty,
            detail: "the handshake did not come to its end".to_owned(),
        }),
    };
    // Why it did not end well is told by nobody then, and it may be for the certificate.
    if broke_off.is_some() && matches!(trust, Verdict::Trusted) {
        let why = "the handshake did not come to its end, and PowerShell does not tell why";
        return Err(Unknown::new(Reason::Other, why));
    }
    let said = Said {
        address,
        version: line(VERSION).and_then(|version| version_of(version.trim())),
        asks_for_certificate: None,
        broke_off,
        trust: of_other_store(request, "Windows").unwrap_or(trust),
        out_of_date,
        wrong_name: wrong
            .contains("RemoteCertificateNameMismatch")
            .then(|| "RemoteCertificateNameMismatch".to_owned()),
    };
    Ok(TlsReply::Shown(Box::new(shown(request, chain, said))))
}

/// `SslPolicyErrors` and `X509ChainStatusFlags` of .NET.
fn verified(wrong: &str, status: &[&str]) -> Result<(Verdict, Option<String>), Unknown> {
    const TIME: [&str; 2] = ["NotTimeValid", "NotTimeNested"];

    let of_chain = match wrong {
        "None" | "RemoteCertificateNameMismatch" => false,
        wrong if wrong.contains("RemoteCertificateChainErrors") => true,
        other => {
            let why = format!("`{other}` says nothing of the certificates that is known here");
            return Err(Unknown::new(Reason::Other, why));
        }
    };
    if !of_chain {
        return Ok((Verdict::Trusted, None));
    }
    let detail = status.join(", ");
    let out_of_date = status.iter().find(|word| TIME.contains(word));
    let out_of_date = out_of_date.map(|word| (*word).to_owned());
    let untrusted = status.iter().find_map(|word| distrust(word));
    let other = status
        .iter()
        .find(|word| distrust(word).is_none() && !TIME.contains(word));
    let trust = match (untrusted, other) {
        (Some(why), _) => Verdict::Untrusted { why, detail },
        (None, Some(other)) => Verdict::Undecided(format!("Windows says `{other}`")),
        (None, None) if out_of_date.is_some() => Verdict::Trusted,
        (None, None) => Verdict::Undecided("Windows does not say what is wrong".to_owned()),
    };
    Ok((trust, out_of_date))
}

fn distrust(word: &str) -> Option<Distrust> {
    Some(match word {
        "UntrustedRoot" | "PartialChain" => Distrust::UnknownIssuer,
        "NotSignatureValid" => Distrust::BadSignature,
        "Revoked" => Distrust::Revoked,
        "NotValidForUsage"
        | "InvalidBasicConstraints"
        | "InvalidNameConstraints"
        | "HasNotPermittedNameConstraint"
        | "HasExcludedNameConstraint" => Distrust::NotAllowed,
        "ExplicitDistrust" | "HasWeakSignature" => Distrust::Rejected,
        _ => return None,
    })
}

/// `SslProtocols` of .NET.
fn version_of(word: &str) -> Option<String> {
    let version = match word {
        "Tls13" => "TLSv1.3",
        "Tls12" => "TLSv1.2",
        "Tls11" => "TLSv1.1",
        "Tls" => "TLSv1",
        _ => return None,
    };
    Some(version.to_owned())
}

fn of_proxy(
    text: &str,
    address: &str,
    request: &TlsRequest,
) -> Result<Option<Connection>, Unknown> {
    if request.via.is_none() {
        return Ok(None);
    }
    let start: usize = text
        .split_inclusive('\n')
        .take_while(|line| super::head::status(line).is_none())
        .map(str::len)
        .sum();
    let mut text = &text[start..];
    while let Some((head, rest)) = Head::take(text)? {
        if head.announces() {
            text = rest;
            continue;
        }
        if (200..300).contains(&head.status) {
            return Ok(None);
        }
        let offers = head.headers.get("proxy-authenticate");
        let schemes = schemes(offers.map(String::as_str));
        if head.status == 407 && schemes.is_empty() {
            return Err(no_scheme(address));
        }
        return Ok(Some(Connection::ProxyRefused {
            status: head.status,
            schemes,
            why: None,
        }));
    }
    Ok(None)
}

/// `failed: connect, SocketException, ConnectionRefused, 10061: …`
fn failure(failed: &str, address: String) -> Result<TlsReply, Unknown> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^failed: (\w+), (\w*), (\w*), (-?\d*): (.*)$").ok());
    let found = FORM.as_ref().and_then(|form| form.captures(failed));
    let Some((_, [place, kind, socket, code, why])) = found.map(|found| found.extract()) else {
        return Err(cut(
            "PowerShell",
            "neither certificates nor why there are none stand there",
        ));
    };
    let why = why.to_owned();
    if place == CONNECT {
        let ended = match socket {
            "ConnectionRefused" | "ConnectionReset" => Connection::Refused { address },
            "TimedOut" => Connection::TimedOut,
            "HostUnreachable"
            | "NetworkUnreachable"
            | "NetworkDown"
            | "HostDown"
            | "AddressNotAvailable"
            | "AccessDenied" => Connection::Unreachable(why),
            "HostNotFound" | "TryAgain" | "NoData" | "NoRecovery" => Connection::Unresolved(why),
            _ => return Err(Unknown::new(Reason::Other, why)),
        };
        return Ok(TlsReply::NoWay(ended));
    }
    let how = match (kind, socket, code) {
        ("SocketException", "TimedOut", _) => return Ok(TlsReply::Silent { address }),
        ("SocketException", "ConnectionReset" | "ConnectionAborted", _) => Broken::HungUp,
        // SEC_E_ALGORITHM_MISMATCH of Windows.
        ("Win32Exception", _, "-2146893007") => Broken::NothingInCommon,
        // .NET has no number for these two, and they are read in English alone.
        ("IOException", ..) if why.contains("remote party has closed the transport stream") => {
            Broken::HungUp
        }
        ("IOException", ..) if why.contains("unexpected packet format") => Broken::NotTls,
        _ => return Err(Unknown::new(Reason::Other, why)),
    };
    let broke_off = BrokeOff { how, detail: why };
    Ok(TlsReply::Failed { address, broke_off })
}
