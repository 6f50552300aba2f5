//! HTTP requests from this machine: direct or through a proxy, TLS always verified, and how they ended told apart.
//!
//! A login is sent over TLS, to the host of the request only, once: behind a redirect it would be tried a second time, so
//! that a request with a login follows none. Redirects to other hosts are told, not followed.

mod ended;
mod talk;
mod unpacked;
mod way;

use std::{str::FromStr, time::Duration};

use encoding_rs::{Encoding, UTF_8};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::Incoming,
    header::{
        ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE,
        Entry, HOST, HeaderName, HeaderValue, LOCATION, PROXY_AUTHORIZATION, RANGE, USER_AGENT,
    },
};
use indexmap::IndexMap;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout_at};
use url::Url;

use self::{talk::Talk, unpacked::Unpacked, way::Way};
use super::{Live, basic, ms_since, proxy};
use crate::{
    finding::{Reason, Unknown},
    host::{HttpReply, HttpRequest, Moment},
};

/// How long headers may be together, in bytes.
const HEADERS: usize = 64 << 10;
/// How many redirects on the same host are followed.
const REDIRECTS: usize = 5;

impl Live {
    pub(super) async fn http(
        &self,
        request: &HttpRequest,
        limit: Duration,
    ) -> Result<HttpReply, Unknown> {
        let start = Instant::now();
        let until = start + limit;
        let asked = Asked::new(self, request)?;
        asked.follow(self, start, until).await
    }
}

/// A request whose parts were found to make sense.
struct Asked {
    url: Url,
    host: String,
    method: Method,
    headers: HeaderMap,
    body: Option<String>,
    login: Option<SecretString>,
    via: Option<proxy::Proxy>,
    /// There are authorities to verify a peer by.
    tls: bool,
}

impl Asked {
    fn new(live: &Live, request: &HttpRequest) -> Result<Self, Unknown> {
        let senseless = |why: String| Unknown::new(Reason::Other, why);
        let (url, host) = match request.url.scheme() {
            "http" | "https" => (request.url.url().clone(), request.url.host().to_owned()),
            scheme => {
                return Err(senseless(format!(
                    "a URL of the scheme `{scheme}` cannot be asked"
                )));
            }
        };
        let method = Method::from_str(&request.method.to_uppercase())
            .map_err(|_| senseless(format!("`{}` is no method", request.method.escape_debug())))?;
        let mut headers = HeaderMap::new();
        headers.insert(
            USER_AGENT,
            HeaderValue::from_static(concat!("waypost/", env!("CARGO_PKG_VERSION"))),
        );
        for (name, value) in &request.headers {
            let broken = || {
                senseless(format!(
                    "the header `{}` cannot be sent",
                    name.escape_debug()
                ))
            };
            let name = HeaderName::from_str(name).map_err(|_| broken())?;
            headers.insert(name, HeaderValue::from_str(value).map_err(|_| broken())?);
        }
        if let (Some(why), "https") = (&live.tls()?.trusts_nobody, url.scheme()) {
            let why = format!("this machine names no trusted authorities: {why}");
            return Err(Unknown::new(Reason::NotAvailable, why));
        }
        let login = match &request.login {
            Some(_) if url.scheme() != "https" => {
                return Err(senseless(format!(
                    "the login for {host} is sent over https only"
                )));
            }
            Some(login) => {
                let password = login
                    .password
                    .as_ref()
                    .map(|password| live.secret(&password.secret))
                    .transpose()?;
                Some(basic::header(&login.user, password.as_ref())?)
            }
            None => None,
        };
        let via = request
            .via
            .as_ref()
            .map(|via| live.proxy(via))
            .transpose()?;
        let tls = live.tls()?.trusts_nobody.is_none();
        Ok(Self {
            url,
            host,
            method,
            headers,
            body: request.body.clone(),
            login,
            via,
            tls,
        })
    }

    /// Asks, and goes where redirects on the same host point. What fails on the way from a redirect is not the end of the
    /// request that was redirected: that one was answered.
    async fn follow(
        &self,
        live: &Live,
        start: Instant,
        until: Instant,
    ) -> Result<HttpReply, Unknown> {
        let mut answered: Option<HttpReply> = None;
        let (mut url, mut method, mut body) =
            (self.url.clone(), self.method.clone(), self.body.clone());
        for followed in 0.. {
            let begun = Instant::now();
            let asked = self.ask(live, &method, &url, body.as_deref(), until).await;
            // Dropping the talk closes its connection.
            let (talk, response) = match (asked, answered.take()) {
                (Ok(Ok(answer)), _) => answer,
                (_, Some(answered)) => return Ok(answered),
                (Ok(Err(ended)), None) => return Ok(ended),
                (Err(unknown), None) => return Err(unknown),
            };
            let moment = Moment {
                at: Timestamp::now(),
                wait_ms: ms_since(begun),
            };
            let status = response.status();
            if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED && self.proxy_answers() {
                let offers = response.headers().get_all("proxy-authenticate");
                let schemes = proxy::schemes(offers.iter().filter_map(|value| value.to_str().ok()));
                return Ok(HttpReply::ProxyRefused {
                    status: status.as_u16(),
                    schemes,
                    why: None,
                });
            }
            let target = target(&response, &url);
            match target {
                Some(next) if followed < REDIRECTS && self.may_follow(&url, &next) => {
                    if !matches!(status.as_u16(), 307 | 308) && method != Method::HEAD {
                        (method, body) = (Method::GET, None);
                    }
                    answered = Some(HttpReply::Answered {
                        status: status.as_u16(),
                        headers: headers(response.headers())?,
                        body: String::new(),
                        cut: true,
                        took_ms: ms_since(start),
                        redirected_to: Some(next.to_string()),
                        moment: Some(moment),
                    });
                    url = next;
                }
                target => {
                    let end = End { target, moment };
                    return read(talk, response, end, start, until).await;
                }
            }
        }
        Err(Unknown::new(Reason::Other, "redirects without an end"))
    }

    /// Opens a way and sends one request over it, up to the head of its reply; or how it ended before.
    async fn ask(
        &self,
        live: &Live,
        method: &Method,
        url: &Url,
        body: Option<&str>,
        until: Instant,
    ) -> Result<Result<(Talk, Response<Incoming>), HttpReply>, Unknown> {
        let way = match self.way(live, url, until).await? {
            Ok(way) => way,
            Err(ended) => return Ok(Err(ended)),
        };
        let (stream, request) = self.request(way, method, url, body)?;
        Ok(
            match timeout_at(until, Talk::begin(stream, request)).await {
                Ok(Ok(answer)) => Ok(answer),
                Ok(Err(error)) => Err(ended::by(&error)?),
                Err(_) => Err(HttpReply::TimedOut),
            },
        )
    }

    /// What is sent, and over what.
    fn request(
        &self,
        way: Way,
        method: &Method,
        url: &Url,
        body: Option<&str>,
    ) -> Result<(Box<dyn way::Stream>, Request<String>), Unknown> {
        let mut request = Request::new(body.unwrap_or_default().to_owned());
        *request.method_mut() = method.clone();
        *request.uri_mut() = way.target;
        let headers = request.headers_mut();
        *headers = self.headers.clone();
        if let Some(login) = &self.login {
            headers.insert(AUTHORIZATION, sensitive(login)?);
        }
        if let Some(login) = way.proxy_login {
            headers.insert(PROXY_AUTHORIZATION, login);
        }
        if let Entry::Vacant(host) = headers.entry(HOST) {
            host.insert(authority(url)?);
        }
        if let Entry::Vacant(accept) = headers.entry(ACCEPT) {
            accept.insert(HeaderValue::from_static("*/*"));
        }
        // A part of what is packed could not be unpacked.
        if !headers.contains_key(RANGE)
            && let Entry::Vacant(packed) = headers.entry(ACCEPT_ENCODING)
        {
            packed.insert(HeaderValue::from_static("gzip"));
        }
        Ok((way.stream, request))
    }

    /// Only what is asked in the clear is answered by a proxy of HTTP; through a tunnel the server itself answers.
    fn proxy_answers(&self) -> bool {
        let http = |via: &proxy::Proxy| matches!(via.speaks, proxy::Speaks::Http(_));
        self.url.scheme() == "http" && self.via.as_ref().is_some_and(http)
    }

    /// The same host, and no login goes with it.
    fn may_follow(&self, from: &Url, to: &Url) -> bool {
        let same_place = from.scheme() == to.scheme()
            && from.port_or_known_default() == to.port_or_known_default();
        (to.scheme() == "http" || to.scheme() == "https" && self.tls)
            && to.host() == self.url.host()
            && self.login.is_none()
            // A way through a proxy was asked for this port only.
            && (self.via.is_none() || same_place)
    }
}

/// Where a redirect points, without a login in it.
fn target(response: &Response<Incoming>, url: &Url) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let mut target = url
        .join(response.headers().get(LOCATION)?.to_str().ok()?)
        .ok()?;
    // Neither can fail: such a URL has a host.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    Some(target)
}

/// How a request ended that was answered.
struct End {
    /// Where a redirect points that is not followed.
    target: Option<Url>,
    moment: Moment,
}

/// A body that does not come whole in time is cut: that the server answered, and with which status, stands.
async fn read(
    mut talk: Talk,
    response: Response<Incoming>,
    end: End,
    start: Instant,
    until: Instant,
) -> Result<HttpReply, Unknown> {
    let (mut head, mut body) = response.into_parts();
    let gzip = head
        .headers
        .get(CONTENT_ENCODING)
        .is_some_and(|packed| packed.as_bytes().eq_ignore_ascii_case(b"gzip"));
    if gzip {
        // They speak of what went over the wire, not of what is read.
        head.headers.remove(CONTENT_ENCODING);
        head.headers.remove(CONTENT_LENGTH);
    }
    let headers = headers(&head.headers)?;
    let encoding = encoding(&head.headers);
    let broke_off = |why: String| {
        let why = format!("the reply's body broke off: {why}");
        Unknown::new(Reason::NotWhole, why)
    };
    let mut unpacked = Unpacked::new(gzip);
    let whole = loop {
        match timeout_at(until, talk.next(&mut body)).await {
            Err(_) => break false,
            Ok(Ok(None)) => break true,
            Ok(Ok(Some(piece))) => {
                if !unpacked
                    .take(&piece)
                    .map_err(|error| broke_off(ended::chain(&error)))?
                {
                    break false;
                }
            }
            Ok(Err(error)) => return Err(broke_off(ended::chain(&error))),
        }
    };
    let (body, cut) = unpacked
        .end(whole)
        .map_err(|error| broke_off(ended::chain(&error)))?;
    Ok(HttpReply::Answered {
        status: head.status.as_u16(),
        headers,
        body: encoding.decode(&body).0.into_owned(),
        cut,
        took_ms: ms_since(start),
        redirected_to: end.target.map(String::from),
        moment: Some(end.moment),
    })
}

/// Headers by name in lower case; several of one name are joined by commas, as RFC 9110 allows.
fn headers(all: &HeaderMap) -> Result<IndexMap<String, String>, Unknown> {
    let length: usize = all
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if length > HEADERS {
        return Err(Unknown::new(
            Reason::NotWhole,
            format!("the reply's headers are longer than {} KiB", HEADERS >> 10),
        ));
    }
    let mut headers: IndexMap<String, String> = IndexMap::new();
    for (name, value) in all {
        let value = String::from_utf8_lossy(value.as_bytes());
        match headers.get_mut(name.as_str()) {
            Some(known) => {
                known.push_str(", ");
                known.push_str(&value);
            }
            None => {
                headers.insert(name.as_str().to_owned(), value.into_owned());
            }
        }
    }
    Ok(headers)
}

fn encoding(headers: &HeaderMap) -> &'static Encoding {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let charset = kind
        .split(';')
        .filter_map(|part| part.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    charset
        .and_then(|(_, label)| Encoding::for_label(label.trim_matches('"').as_bytes()))
        .unwrap_or(UTF_8)
}

/// Host and port as a request names them.
fn authority(url: &Url) -> Result<HeaderValue, Unknown> {
    let host = url.host_str().unwrap_or_default();
    let named = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    HeaderValue::try_from(named)
        .map_err(|_| Unknown::new(Reason::Other, "the host cannot be sent as a header"))
}

/// A host without the brackets of an address of IPv6.
fn bare(host: &str) -> &str {
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
}

/// A header that the HTTP library shows to nobody.
fn sensitive(secret: &SecretString) -> Result<HeaderValue, Unknown> {
    let mut value = HeaderValue::from_str(secret.expose_secret())
        .map_err(|_| Unknown::new(Reason::Other, "the login cannot be sent as a header"))?;
    value.set_sensitive(true);
    Ok(value)
}
