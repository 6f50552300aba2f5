//! What a curl that somebody ran in their own words says of a request, or of a connection: by what `-v` tells, and by errors
//! that name the host.

use super::{
    Ended,
    verbose::{Attempt, Exchange, Told},
};
use crate::{
    finding::{Reason, Unknown},
    host::{
        Connection, HttpReply, HttpRequest,
        printed::{Read, asked::names, cut, reply, same_name},
    },
};

/// Headers that curl sends by itself.
const BY_ITSELF: [&str; 4] = ["host", "user-agent", "accept", "accept-encoding"];

/// Reads what it printed of `request`. `verifies`: the command stands before it, and does not switch off that certificates
/// are verified, of which some libraries tell nothing.
pub fn answer(text: &str, request: &HttpRequest, verifies: bool) -> Read<HttpReply> {
    if request.login.is_some() || request.body.is_some() || request.via.is_some() {
        return None;
    }
    let told = told(text)?;
    let url = request.url.url();
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    let secure = url.scheme() == "https";
    // The last word counts: who tries again wants to know how it is now.
    let mut said = None;
    for attempt in told.attempts.iter().filter(|one| one.is_of(host, port)) {
        for asked in attempt.asked.iter().filter(|asked| asked.is(request)) {
            if attempt.secure == secure {
                said = Some(answered(asked, attempt, request, verifies));
            }
        }
        let fits = attempt.address.is_none() || attempt.secure == secure;
        if let Some(ended) = attempt.ended.as_ref().filter(|_| fits) {
            said = Some(failed(ended));
        }
    }
    said
}

/// `None` where it went through a proxy, or is a command's to copy, which says itself what was asked.
fn told(text: &str) -> Option<Told<'_>> {
    let told = Told::new(text);
    (!told.by_proxy && names(text).is_none()).then_some(told)
}

fn answered(
    asked: &Exchange<'_>,
    attempt: &Attempt<'_>,
    request: &HttpRequest,
    verifies: bool,
) -> Result<HttpReply, Unknown> {
    let Some(head) = asked.head.clone() else {
        return Err(cut("curl", "the reply's head is not there, or not whole"));
    };
    if attempt.secure && !attempt.verified.unwrap_or(verifies) {
        let why = "it answered, but what `curl` printed does not say that it verified the certificate, as a look would";
        return Err(Unknown::new(Reason::Other, why));
    }
    // Between the program's own lines nobody knows where the body ends.
    reply::answered(head, &asked.body, true, None, request)
}

fn failed(ended: &Ended) -> Result<HttpReply, Unknown> {
    Ok(match ended {
        Ended::Unresolved(why) => HttpReply::Unresolved(why.clone()),
        Ended::Refused(why) => HttpReply::Refused(why.clone()),
        Ended::TimedOut => HttpReply::TimedOut,
        Ended::Unreachable(why) => HttpReply::Unreachable(why.clone()),
        Ended::Tls(why) => HttpReply::TlsFailed(why.clone()),
        Ended::Other(why) | Ended::HungUp(why) => {
            return Err(Unknown::new(Reason::Other, why.clone()));
        }
        Ended::Tunnel | Ended::Socks { .. } => return Err(of_proxy()),
    })
}

fn of_proxy() -> Unknown {
    Unknown::new(Reason::Other, "`curl` went through a proxy")
}

/// What it asked first, in a line, and through which proxy it went, for a message.
pub fn asked(text: &str) -> Option<String> {
    let told = Told::new(text);
    let first = told.attempts.first()?;
    let (name, port) = (first.name, first.port);
    let line = match first.asked.first() {
        Some(Exchange { method, target, .. }) if *method == "CONNECT" || target.contains("://") => {
            format!("{method} {target}")
        }
        Some(Exchange { method, target, .. }) => {
            let scheme = if first.secure { "https" } else { "http" };
            let place = match (scheme, port) {
                ("https", Some(443)) | ("http", Some(80)) | (_, None) => String::new(),
                (_, Some(port)) => format!(":{port}"),
            };
            format!("{method} {scheme}://{name}{place}{target}")
        }
        None => match port {
            Some(port) => format!("{name} port {port}"),
            None => name.to_owned(),
        },
    };
    Some(match told.by_proxy {
        true => format!("{line} through a proxy"),
        false => line,
    })
}

/// Reads what it printed of a connection to `host` and `port`, whatever it asked over it.
pub fn connection(text: &str, host: &str, port: u16) -> Read<Connection> {
    let told = told(text)?;
    let at = |host: &str| match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    };
    let mut all = told.attempts.iter();
    let last =
        all.rfind(|one| one.is_of(host, port) && (one.address.is_some() || one.ended.is_some()))?;
    if let Some(address) = last.address {
        return Some(Ok(Connection::Open {
            address: at(address),
            took_ms: None,
        }));
    }
    Some(match last.ended.as_ref()? {
        Ended::Refused(_) => Ok(Connection::Refused { address: at(host) }),
        Ended::TimedOut => Ok(Connection::TimedOut),
        Ended::Unreachable(why) => Ok(Connection::Unreachable(why.clone())),
        Ended::Unresolved(why) => Ok(Connection::Unresolved(why.clone())),
        Ended::Tls(why) | Ended::HungUp(why) | Ended::Other(why) => {
            Err(Unknown::new(Reason::Other, why.clone()))
        }
        Ended::Tunnel | Ended::Socks { .. } => Err(of_proxy()),
    })
}

impl Attempt<'_> {
    fn is_of(&self, host: &str, port: u16) -> bool {
        same_name(self.name, host) && self.port.is_none_or(|own| own == port)
    }
}

impl Exchange<'_> {
    /// The same request: nothing was sent that is not of it, but for what curl sends by itself.
    fn is(&self, request: &HttpRequest) -> bool {
        let url = request.url.url();
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let of_host = |value: &str| {
            let host = value
                .rsplit_once(':')
                .filter(|(_, port)| port.parse::<u16>().is_ok());
            let host = host.map_or(value, |(host, _)| host);
            url.host_str().is_some_and(|own| same_name(host, own))
        };
        let wanted = |name: &str| {
            let mut wanted = request.headers.iter();
            wanted.find(|(own, _)| own.eq_ignore_ascii_case(name))
        };
        let as_wanted = |(name, value): &(&str, &str)| match wanted(name) {
            Some((_, wanted)) => wanted.trim() == value.trim(),
            None if name.eq_ignore_ascii_case("host") => of_host(value),
            None => BY_ITSELF.iter().any(|own| own.eq_ignore_ascii_case(name)),
        };
        let is_sent = |name: &str| {
            self.sent
                .iter()
                .any(|(own, _)| own.eq_ignore_ascii_case(name))
        };
        self.method == request.method
            && self.target == target
            && self.sent.iter().all(as_wanted)
            && is_sent("host")
            && request.headers.keys().all(|name| is_sent(name))
    }
}
