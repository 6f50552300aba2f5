//! An HTTP reply that was printed whole, by the rules of a live look: how much of a body is kept, who answers, and which
//! redirects are followed.

use url::Url;

use super::head::Head;
use crate::{
    finding::{Reason, Unknown},
    host::{HttpReply, HttpRequest, challenge::schemes},
};

/// How much of a body is kept, in bytes: as of a live look.
const BODY: usize = 1 << 20;

/// # Errors
/// A login that a proxy wants without saying which.
pub(super) fn answered(
    head: Head,
    body: &str,
    is_cut: bool,
    took_ms: Option<u64>,
    request: &HttpRequest,
) -> Result<HttpReply, Unknown> {
    let Head { status, headers } = head;
    // Only what is asked in the clear is answered by a proxy of HTTP.
    if let (407, "http", Some(via)) = (status, request.url.scheme(), &request.via)
        && via.address.scheme() == "http"
    {
        let offers = headers.get("proxy-authenticate");
        let schemes = schemes(offers.map(String::as_str));
        if schemes.is_empty() {
            return Err(no_scheme(via.address.as_str()));
        }
        return Ok(HttpReply::ProxyRefused {
            status,
            schemes,
            why: None,
        });
    }
    let target = match status {
        301 | 302 | 303 | 307 | 308 => headers.get("location").and_then(|to| target(request, to)),
        _ => None,
    };
    let end = body.floor_char_boundary(BODY);
    Ok(HttpReply::Answered {
        status,
        headers,
        body: body[..end].to_owned(),
        cut: is_cut || end < body.len(),
        took_ms,
        redirected_to: target.map(String::from),
        moment: None,
    })
}

/// Every such refusal names a scheme at least (RFC 9110, 11.7.1).
pub(super) fn no_scheme(proxy: &str) -> Unknown {
    let why = format!("{proxy} wants a login (407), and the paste names no scheme for it");
    Unknown::new(Reason::Other, why)
}

/// Where a redirect points, without a login in it.
fn target(request: &HttpRequest, to: &str) -> Option<Url> {
    let mut target = request.url.url().join(to).ok()?;
    // Neither can fail: such a URL has a host.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    Some(target)
}

/// Refuses a reply that sends the request on to where a look would have gone, so that it is not the one it would have seen.
///
/// # Errors
/// It is such a one.
pub fn last(request: &HttpRequest, reply: HttpReply) -> Result<HttpReply, Unknown> {
    let next = match &reply {
        HttpReply::Answered { redirected_to, .. } => redirected_to.as_deref(),
        _ => None,
    };
    match next.and_then(|next| Url::parse(next).ok()) {
        Some(next) if followed(request, &next) => {
            let why = format!(
                "the server sends the request on to {}, where a look would go, and the command does not",
                without_query(&next)
            );
            Err(Unknown::new(Reason::Other, why))
        }
        _ => Ok(reply),
    }
}

/// The same host, and no login goes with it.
fn followed(request: &HttpRequest, to: &Url) -> bool {
    let from = request.url.url();
    let same_place =
        from.scheme() == to.scheme() && from.port_or_known_default() == to.port_or_known_default();
    matches!(to.scheme(), "http" | "https")
        && to.host() == from.host()
        && request.login.is_none()
        && (request.via.is_none() || same_place)
}

fn without_query(url: &Url) -> &str {
    url.as_str().split(['?', '#']).next().unwrap_or_default()
}
