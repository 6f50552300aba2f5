//! What `openssl s_client -showcerts` prints: of OpenSSL 1.0 to 3, and of LibreSSL. `Verify return code: 0 (ok)` stands
//! there without any certificate too, and says nothing then.

mod broken;
mod verified;

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Read,
    asked::{Closing, find, names},
    cut,
    handshake::{Said, shown},
    no_program,
    pem::Chain,
    reply::no_scheme,
};
use crate::{
    finding::{Reason, Unknown},
    host::{Connection, Shown, TlsReply, TlsRequest, Verdict},
};

/// What ends a program that does not end by itself: `timeout`, and an alarm.
const ENDED: [u32; 2] = [124, 142];

/// Reads what it printed of `request`, which `asked` says in a line; `echoed`: the command stands before it.
pub fn read(text: &str, request: &TlsRequest, asked: &str, echoed: bool) -> Read<TlsReply> {
    match find(text, asked) {
        Closing::This { before, says, .. } => Some(match status(says) {
            Some(status) => told(before, status, request),
            None => Err(cut("openssl s_client", "its status is missing")),
        }),
        Closing::Another => None,
        Closing::None if !echoed => None,
        Closing::None => {
            let lacks = "the line at its end that says what was asked is missing";
            Some(Err(cut("openssl s_client", lacks)))
        }
    }
}

/// Reads what a command of somebody's own printed of `request`; that it asked for that, its caller knows. `named`: it sent
/// the name, which versions before 1.1.1 do only where they are told to.
pub fn typed(text: &str, request: &TlsRequest, named: bool) -> Read<TlsReply> {
    if names(text).is_some() {
        return None;
    }
    // Only those that do it by themselves speak this version.
    if text.contains("CONNECTED(") && !named && !text.contains("\nNew, TLSv1.3") {
        let why = "`openssl s_client` may not have sent the name, and a server may show another certificate then; `-servername` sends it";
        return Some(Err(Unknown::new(Reason::Other, why)));
    }
    let is_error = |line: &str| line.contains(":error:") || line.contains("errno=");
    // An error behind it is of what came after the handshake.
    let failed = match text.split_once("\nNew, ") {
        Some((before, _)) => before.lines().any(is_error),
        None => true,
    };
    Some(told(text, u32::from(failed), request))
}

fn status(says: &str) -> Option<u32> {
    says.strip_prefix("status ")?
        .strip_suffix('.')?
        .parse()
        .ok()
}

fn told(text: &str, status: u32, request: &TlsRequest) -> Result<TlsReply, Unknown> {
    if let Some(unknown) = no_program(text, "openssl").or_else(|| no_program(text, "timeout")) {
        return Err(unknown);
    }
    if matches!(status, 125..=127) {
        let why = text.lines().map(str::trim).find(|line| !line.is_empty());
        let why = why.unwrap_or("`openssl` could not be run");
        return Err(Unknown::new(Reason::NotAvailable, why));
    }
    let chain = chain(text)?;
    if chain.count > 0 {
        return Ok(TlsReply::Shown(Box::new(of_chain(
            text, status, chain, request,
        )?)));
    }
    if let Some(proxy) = of_proxy(text, request) {
        return proxy.map(TlsReply::NoWay);
    }
    let address = address(text, request);
    if text.contains("CONNECTED(") {
        return match broken::by(text, broken::asks_for_certificate(text)) {
            Some(broke_off) => Ok(TlsReply::Failed { address, broke_off }),
            None => Err(unclear(text)),
        };
    }
    // What it had printed so far is lost then.
    if ENDED.contains(&status) {
        let why = format!("{address}: no handshake within the time that there was");
        return Ok(TlsReply::NoWay(Connection::Unreachable(why)));
    }
    broken::no_way(text, address)
        .map(TlsReply::NoWay)
        .ok_or_else(|| unclear(text))
}

fn unclear(text: &str) -> Unknown {
    const WORDS: [&str; 4] = [":error:", "s_client:", "unknown option", "Unknown option"];

    let said = |line: &&str| WORDS.iter().any(|words| line.contains(words));
    let line = text.lines().map(str::trim).find(said);
    let why = match line {
        Some(line) => format!("`openssl s_client` failed: {line}"),
        None => "what `openssl s_client` printed tells neither certificates nor why there are none"
            .to_owned(),
    };
    Unknown::new(Reason::Other, why)
}

/// What the server sent; without `-showcerts`, its own certificate alone.
fn chain(text: &str) -> Result<Chain, Unknown> {
    let Some((_, list)) = text.split_once("\nCertificate chain\n") else {
        return Ok(Chain::default());
    };
    let (list, own) = list
        .split_once("\nServer certificate\n")
        .unwrap_or((list, ""));
    let entries = list
        .lines()
        .filter(|line| {
            let (number, rest) = line.trim_start().split_once(' ').unwrap_or_default();
            number.parse::<u32>().is_ok() && rest.starts_with("s:")
        })
        .count();
    let mut chain = Chain::read(list)?;
    if chain.count == 0 {
        chain = Chain::read(own)?;
    }
    chain.is_cut |= chain.count < entries;
    if chain.count == 0 {
        return Err(cut("openssl s_client", "the certificates are missing"));
    }
    Ok(chain)
}

fn of_chain(text: &str, status: u32, chain: Chain, request: &TlsRequest) -> Result<Shown, Unknown> {
    let asks = broken::asks_for_certificate(text);
    let verified = verified::read(text, request)?;
    // Older versions of TLS are named although the handshake broke off behind the certificates. One of 1.3 is over for the
    // client before the server looks at its side.
    let version = version(text).filter(|version| status == 0 || version == "TLSv1.3");
    let broke_off = match version {
        Some(_) => None,
        None => broken::by(text, asks),
    };
    // Why it did not come to its end nobody knows then, and it may be for the certificates.
    let untrusted = matches!(verified.trust, Verdict::Untrusted { .. });
    if version.is_none() && broke_off.is_none() && !untrusted {
        return Err(unclear(text));
    }
    let said = Said {
        address: address(text, request),
        version,
        // That it does not ask is not printed by all versions in one way.
        asks_for_certificate: asks.then_some(true),
        broke_off,
        trust: verified.trust,
        out_of_date: verified.out_of_date,
        wrong_name: verified.wrong_name,
    };
    Ok(shown(request, chain, said))
}

/// `None` where the handshake did not come to its end.
fn version(text: &str) -> Option<String> {
    static NEW: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?m)^(?:New|Reused), (TLSv1(?:\.\d)?|SSLv3)?[^,\n]*, Cipher is ([^(\s]\S*)")
            .ok()
    });
    static SESSION: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?m)^\s*Protocol\s*: (TLSv1(?:\.\d)?|SSLv3)\s*$").ok());
    let new = NEW.as_ref()?.captures(text)?;
    // Older ones name the cipher's first version there, and that of the session below.
    let session = SESSION.as_ref().and_then(|form| form.captures(text));
    let found = session
        .and_then(|found| found.get(1))
        .or_else(|| new.get(1));
    Some(found.map_or_else(|| "TLS".to_owned(), |found| found.as_str().to_owned()))
}

/// Where the connection led; newer ones say it.
fn address(text: &str, request: &TlsRequest) -> String {
    let connected = text
        .lines()
        .find_map(|line| line.strip_prefix("Connecting to "));
    let (host, port) = match &request.via {
        Some(via) => (via.address.host(), via.address.port().unwrap_or(80)),
        None => (request.host.as_str(), request.port),
    };
    let host = connected.map_or(host, str::trim);
    match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    }
}

/// The proxy's refusal: its status, without the logins that it offers.
fn of_proxy(text: &str, request: &TlsRequest) -> Option<Result<Connection, Unknown>> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"HTTP CONNECT failed(?:: HTTP/\S+|, reason=|:) ?(\d{3})\b").ok()
    });
    let via = request.via.as_ref()?;
    if !text.contains("HTTP CONNECT failed") {
        return None;
    }
    let found = FORM.as_ref().and_then(|form| form.captures(text));
    let status = found.and_then(|found| found.get(1)?.as_str().parse().ok());
    Some(match status {
        Some(407) => Err(no_scheme(via.address.as_str())),
        Some(status) => Ok(Connection::ProxyRefused {
            status,
            schemes: Vec::new(),
            why: None,
        }),
        None => Err(unclear(text)),
    })
}
