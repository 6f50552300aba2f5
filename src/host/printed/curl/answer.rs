//! What curl prints of a request, as the reply to one.

use super::{Ended, Printed, printed, proxy, tunnels};
use crate::{
    finding::{Reason, Unknown},
    host::{
        HttpReply, HttpRequest,
        challenge::schemes,
        printed::{Read, cut, head::Head, reply},
    },
};

/// Reads what it printed of `request`, which `asked` says in a line; `echoed`: the command stands before it.
pub fn read(text: &str, request: &HttpRequest, asked: &str, echoed: bool) -> Read<HttpReply> {
    Some(printed(text, asked, echoed)?.and_then(|printed| told(printed, request)))
}

fn told(printed: Printed<'_>, request: &HttpRequest) -> Result<HttpReply, Unknown> {
    let in_the_clear = request.url.scheme() == "http";
    let mut text = from_head(printed.text);
    let mut tunnel = tunnels(request.via.as_ref(), in_the_clear);
    let mut refusal: Option<Head> = None;
    while let Some((head, rest)) = Head::take(text)? {
        if head.announces() {
            text = rest;
        } else if tunnel {
            // The proxy's own; a login in steps is refused first, and granted then.
            tunnel = !(200..300).contains(&head.status);
            refusal = tunnel.then_some(head);
            text = rest;
        } else {
            return answered(head, rest, printed, request);
        }
    }
    match printed.ended {
        None => Err(cut("curl", "the reply's head is not there, or not whole")),
        Some(ended) => no_reply(ended, refusal, request),
    }
}

/// Without the program's own lines before it.
fn from_head(text: &str) -> &str {
    let own: usize = text
        .split_inclusive('\n')
        .take_while(|line| crate::host::printed::head::status(line).is_none())
        .map(str::len)
        .sum();
    &text[own..]
}

fn answered(
    head: Head,
    rest: &str,
    printed: Printed<'_>,
    request: &HttpRequest,
) -> Result<HttpReply, Unknown> {
    let is_cut = match printed.ended {
        None => false,
        Some(Ended::TimedOut) => true,
        Some(Ended::Other(why) | Ended::Refused(why) | Ended::Tls(why)) => {
            let why = format!("the reply's body broke off: {why}");
            return Err(Unknown::new(Reason::NotWhole, why));
        }
        Some(_) => return Err(cut("curl", "its error does not fit what stands before it")),
    };
    // What the command puts between the body and its own line.
    let body = rest.strip_suffix('\n').unwrap_or(rest);
    reply::answered(head, body, is_cut, Some(printed.took_ms), request)
}

fn no_reply(
    ended: Ended,
    refusal: Option<Head>,
    request: &HttpRequest,
) -> Result<HttpReply, Unknown> {
    let via = request.via.as_ref();
    Ok(match ended {
        Ended::Unresolved(why) => HttpReply::Unresolved(why),
        Ended::Refused(why) | Ended::HungUp(why) => HttpReply::Refused(why),
        Ended::TimedOut => HttpReply::TimedOut,
        Ended::Unreachable(why) => HttpReply::Unreachable(why),
        Ended::Tls(why) => HttpReply::TlsFailed(why),
        Ended::Socks { code, schemes, why } => HttpReply::ProxyRefused {
            status: code,
            schemes,
            why: Some(why),
        },
        Ended::Tunnel => {
            let Some(head) = refusal else {
                return Err(cut("curl", "what the proxy answered is missing"));
            };
            let offers = head.headers.get("proxy-authenticate");
            let schemes = schemes(offers.map(String::as_str));
            if head.status == 407 && schemes.is_empty() {
                return Err(reply::no_scheme(&proxy(via)));
            }
            HttpReply::ProxyRefused {
                status: head.status,
                schemes,
                why: None,
            }
        }
        Ended::Other(why) => return Err(Unknown::new(Reason::Other, why)),
    })
}
