//! What PowerShell 5.1 prints of a request: the command to copy, whose words are .NET's own and the same in every language,
//! and a plain `Invoke-WebRequest`, whose errors are read in English alone.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Read,
    asked::{Closing, find, took_ms},
    cut,
    format_list::{blocks, value},
    head::Head,
    reply,
};
use crate::{
    finding::{Reason, Unknown},
    host::{HttpReply, HttpRequest},
};

/// What the command prints before the reason why there is no reply.
pub const FAILED: &str = "failed: ";
/// How much of the body of an error .NET keeps, in bytes.
const ERROR_BODY: usize = 64 << 10;

/// Reads what the command printed of `request`, which `asked` says in a line.
pub fn read(text: &str, request: &HttpRequest, asked: &str) -> Read<HttpReply> {
    let (before, says) = match find(text, asked) {
        Closing::This { before, says, .. } => (before, says),
        Closing::Another | Closing::None => return None,
    };
    let Some(took_ms) = took_ms(says) else {
        return Some(Err(cut("Invoke-WebRequest", "the time is missing")));
    };
    Some(told(before, took_ms, request))
}

fn told(text: &str, took_ms: u64, request: &HttpRequest) -> Result<HttpReply, Unknown> {
    let begins = |line: &&str| line.starts_with(FAILED) || super::head::status(line).is_some();
    let before = text.split_inclusive('\n').take_while(|line| !begins(line));
    let text = &text[before.map(str::len).sum::<usize>()..];
    if let Some((head, body)) = Head::take(text)? {
        if is_of_proxy(head.status, request) {
            return of_proxy(&head);
        }
        if head.status >= 400 {
            not_of_proxy(head.status, request)?;
        }
        let is_cut = head.status >= 400 && body.len() >= ERROR_BODY;
        let body = body.strip_suffix('\n').unwrap_or(body);
        return reply::answered(head, body, is_cut, Some(took_ms), request);
    }
    match text.strip_prefix(FAILED) {
        Some(failed) => ended(failed, request),
        None => Err(cut(
            "Invoke-WebRequest",
            "the reply's head is not there, or not whole",
        )),
    }
}

/// Whether only a proxy can have said it.
fn is_of_proxy(status: u16, request: &HttpRequest) -> bool {
    status == 407 && request.via.is_some() && request.url.scheme() == "https"
}

fn of_proxy(head: &Head) -> Result<HttpReply, Unknown> {
    let offers = head.headers.get("proxy-authenticate");
    let schemes = crate::host::challenge::schemes(offers.map(String::as_str));
    if schemes.is_empty() {
        return Err(reply::no_scheme("the proxy"));
    }
    Ok(HttpReply::ProxyRefused {
        status: head.status,
        schemes,
        why: None,
    })
}

/// .NET tells the server's refusal and the proxy's of a way to it in one form. A login alone is asked for in two.
fn not_of_proxy(status: u16, request: &HttpRequest) -> Result<(), Unknown> {
    if status != 401 && request.via.is_some() && request.url.scheme() == "https" {
        let why = format!(
            "the status {status} may be the server's or the proxy's: PowerShell does not tell which"
        );
        return Err(Unknown::new(Reason::Other, why));
    }
    Ok(())
}

/// `ConnectFailure, ConnectionRefused: …`: .NET's own words for the request and for the connection, and the message.
fn ended(failed: &str, request: &HttpRequest) -> Result<HttpReply, Unknown> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^([A-Za-z]*), ([A-Za-z]*): (?s:(.*))$").ok());
    let squeezed = failed.split_whitespace().collect::<Vec<_>>().join(" ");
    let found = FORM.as_ref().and_then(|form| form.captures(&squeezed));
    let Some((_, [status, socket, why])) = found.map(|found| found.extract()) else {
        return Err(cut(
            "Invoke-WebRequest",
            "the reason is not there, or not whole",
        ));
    };
    let why = why.to_owned();
    let in_the_clear = request.url.scheme() == "http";
    Ok(match (status, socket) {
        ("NameResolutionFailure" | "ProxyNameResolutionFailure", _) => HttpReply::Unresolved(why),
        ("Timeout", _) | ("ConnectFailure", "TimedOut") => HttpReply::TimedOut,
        ("ConnectFailure", "ConnectionRefused" | "ConnectionReset") => HttpReply::Refused(why),
        (
            "ConnectFailure",
            "HostUnreachable"
            | "NetworkUnreachable"
            | "NetworkDown"
            | "AddressNotAvailable"
            | "AccessDenied"
            | "HostDown",
        ) => HttpReply::Unreachable(why),
        ("ConnectFailure", "HostNotFound" | "TryAgain" | "NoData" | "NoRecovery") => {
            HttpReply::Unresolved(why)
        }
        ("TrustFailure" | "SecureChannelFailure", _) => HttpReply::TlsFailed(why),
        // With TLS nobody knows whether that was before the request or after it.
        ("ConnectionClosed" | "ReceiveFailure" | "KeepAliveFailure", _) if in_the_clear => {
            HttpReply::Refused(why)
        }
        _ => return Err(Unknown::new(Reason::Other, why)),
    })
}

/// Reads what a plain `Invoke-WebRequest` printed; whose it is, its caller knows. A status is all that it tells. `stays`: it
/// was told to follow no redirect. It follows them to other hosts too, where a look does not go, and says nothing of it.
pub fn plain(text: &str, request: &HttpRequest, stays: bool) -> Read<HttpReply> {
    let read = plainly(text, request)?;
    Some(match read {
        Ok(HttpReply::Unresolved(why)) if !stays && !names_it(&why, request) => Err(astray()),
        Ok(HttpReply::Unresolved(_)) | Err(_) => read,
        Ok(_) if !stays => Err(astray()),
        read => read,
    })
}

fn astray() -> Unknown {
    let why = "`Invoke-WebRequest` follows redirects to other hosts, so it may be another host's reply: with `-MaximumRedirection 0` it follows none";
    Unknown::new(Reason::Other, why)
}

/// Whether the name that was not found is the host's or the proxy's: `…: 'a.example'`.
fn names_it(why: &str, request: &HttpRequest) -> bool {
    let name = why.split('\'').nth(1).unwrap_or_default();
    let proxy = request.via.as_ref().map(|via| via.address.host());
    let host = request.url.url().host_str();
    host.into_iter()
        .chain(proxy)
        .any(|host| super::same_name(host, name))
}

fn plainly(text: &str, request: &HttpRequest) -> Read<HttpReply> {
    if let Some(error) = error(text) {
        return Some(of_error(&error, request));
    }
    let all = blocks(text);
    let block = all.iter().find(|block| {
        value(block, "StatusCode").is_some() && value(block, "RawContent").is_some()
    })?;
    let status = value(block, "StatusCode").and_then(|status| status.parse().ok());
    Some(match status.filter(|status| (100..600).contains(status)) {
        Some(status) => Ok(HttpReply::StatusAlone(status)),
        None => Err(cut("Invoke-WebRequest", "`StatusCode` is no status")),
    })
}

/// The message, which may go over lines until the place of the error in what was typed.
fn error(text: &str) -> Option<String> {
    let name = ["Invoke-WebRequest : ", "iwr : "];
    let begins = |line: &str| name.iter().any(|name| line.starts_with(name));
    let mut lines = text.lines().skip_while(|line| !begins(line));
    let (_, first) = lines.next()?.split_once(" : ")?;
    let more =
        lines.take_while(|line| !line.trim_start().starts_with(['+', '~']) && !is_place(line));
    Some(
        std::iter::once(first)
            .chain(more)
            .flat_map(str::split_whitespace)
            .collect::<Vec<_>>()
            .join(" "),
    )
}

/// `At line:1 char:1`, of which every language has its own words.
fn is_place(line: &str) -> bool {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^\S+ .*:\d+ \S+:\d+$").ok());
    FORM.as_ref().is_some_and(|form| form.is_match(line.trim()))
}

fn of_error(error: &str, request: &HttpRequest) -> Result<HttpReply, Unknown> {
    static STATUS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^The remote server returned an error: \((\d{3})\)").ok());
    let status = STATUS.as_ref().and_then(|form| form.captures(error));
    if let Some(status) = status.and_then(|found| found.get(1)?.as_str().parse().ok()) {
        if status == 407 && request.via.is_some() {
            return Err(reply::no_scheme("the proxy"));
        }
        not_of_proxy(status, request)?;
        return Ok(HttpReply::StatusAlone(status));
    }
    let why = || error.to_owned();
    let begins = |words: &str| error.starts_with(words);
    if begins("The remote name could not be resolved")
        || begins("The proxy name could not be resolved")
    {
        return Ok(HttpReply::Unresolved(why()));
    }
    if begins("The operation has timed out") {
        return Ok(HttpReply::TimedOut);
    }
    let of_tls = [
        "The request was aborted: Could not create SSL/TLS secure channel",
        "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel",
    ];
    if of_tls.iter().any(|words| begins(words)) {
        return Ok(HttpReply::TlsFailed(why()));
    }
    let why = match begins("Unable to connect to the remote server") {
        true => "there is no connection, and `Invoke-WebRequest` does not tell whether it was refused or nobody answered".to_owned(),
        false => why(),
    };
    Err(Unknown::new(Reason::Other, why))
}
