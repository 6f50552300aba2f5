//! How a request ended that got no reply, from the chain of errors beneath it.

use std::{error::Error, io};

use crate::{
    finding::{Reason, Unknown},
    host::HttpReply,
};

/// The bounds of the HTTP library.
const TOO_LONG: &str = "the reply's head has more than 100 headers, or is longer than 400 KiB";

/// The outcome; an error that says nothing of network, peer or TLS is unknown.
pub(super) fn by(error: &reqwest::Error, tls: bool) -> Result<HttpReply, Unknown> {
    use io::ErrorKind as Kind;

    let (raw, why) = (words(error, str::to_owned), chain(error));
    if find(error, &|error| {
        error.downcast_ref::<rustls::Error>().map(|_| ())
    })
    .is_some()
    {
        return Ok(HttpReply::TlsFailed(why));
    }
    let kind = find(error, &|error| {
        error
            .downcast_ref::<io::Error>()
            .map(io::Error::kind)
            .filter(|kind| *kind != Kind::Other)
    });
    let while_connecting = error.is_connect();
    Ok(match kind {
        Some(Kind::ConnectionRefused) => HttpReply::Refused(why),
        Some(Kind::TimedOut) => HttpReply::TimedOut,
        Some(
            Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::NetworkDown
            | Kind::AddrNotAvailable
            | Kind::PermissionDenied,
        ) => HttpReply::Unreachable(why),
        Some(
            Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::BrokenPipe
            | Kind::UnexpectedEof,
        ) => {
            // Hung up on in the handshake, as firewalls do that read the name in it; otherwise instead of a reply.
            if tls && while_connecting {
                HttpReply::TlsFailed(why)
            } else {
                HttpReply::Refused(why)
            }
        }
        _ if raw.contains("message head is too large") => {
            return Err(Unknown::new(Reason::NotWhole, TOO_LONG));
        }
        _ if raw.contains("connection closed") => HttpReply::Refused(why),
        _ => return Err(Unknown::new(Reason::Other, why)),
    })
}

/// What happened, without the URL and without what only tells about the libraries.
pub(super) fn chain(error: &reqwest::Error) -> String {
    words(error, |text| {
        let in_the_middle = ["close_notify", "end of file before message length reached"];
        if text.starts_with("client error (") || text == "error reading a body from connection" {
            // The name of a step inside the library, before what happened in it.
            String::new()
        } else if text.starts_with("invalid HTTP ") {
            "what answers is not HTTP".to_owned()
        } else if in_the_middle.iter().any(|words| text.contains(words)) {
            "the connection ended in the middle of it".to_owned()
        } else {
            text.to_owned()
        }
    })
}

/// The messages from the outermost error to the innermost, each once.
fn words(error: &reqwest::Error, put: impl Fn(&str) -> String) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = error.source();
    while let Some(error) = next {
        let text = put(&error.to_string());
        // Many errors print the one beneath them as well.
        if !(text.is_empty() || texts.iter().any(|known| known.contains(&text))) {
            texts.push(text);
        }
        next = error.source();
    }
    if texts.is_empty() {
        "the request failed".to_owned()
    } else {
        texts.join(": ")
    }
}

/// The first answer along the chain. An I/O error holds another error that its `source` leaps over.
fn find<T>(
    error: &(dyn Error + 'static),
    ask: &dyn Fn(&(dyn Error + 'static)) -> Option<T>,
) -> Option<T> {
    if let Some(found) = ask(error) {
        return Some(found);
    }
    if let Some(inner) = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
        && let Some(found) = find(inner, ask)
    {
        return Some(found);
    }
    error.source().and_then(|source| find(source, ask))
}
