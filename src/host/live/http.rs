//! HTTP requests from this machine: direct or through a proxy, TLS always verified, and how they ended told apart.
//!
//! A login is sent over TLS, to the host of the request only, once: behind a redirect it would be tried a second time, so
//! that a request with a login follows none. Redirects to other hosts are told, not followed.

mod apart;
mod ended;
mod way;

use std::{str::FromStr, time::Duration};

use encoding_rs::{Encoding, UTF_8};
use indexmap::IndexMap;
use jiff::Timestamp;
use reqwest::{
    Client, Method, Response, StatusCode, Url,
    header::{
        AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, USER_AGENT,
    },
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout_at};

use self::apart::apart;
use super::{Live, basic, ms_since, proxy};
use crate::{
    finding::{Reason, Unknown},
    host::{HttpReply, HttpRequest, Moment, challenge::schemes},
};

/// How much of a body is read, in bytes, after it was unpacked.
const BODY: usize = 1 << 20;
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
        let client = match asked.client(self, until).await? {
            Ok(client) => client,
            Err(ended) => return Ok(ended),
        };
        let followed = async move { asked.follow(&client, start, until).await };
        apart(followed, until).await
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
        client: &Client,
        start: Instant,
        until: Instant,
    ) -> Result<HttpReply, Unknown> {
        let mut answered: Option<HttpReply> = None;
        let (mut url, mut method, mut body) =
            (self.url.clone(), self.method.clone(), self.body.clone());
        for followed in 0.. {
            let mut request = client
                .request(method.clone(), url.clone())
                .headers(self.headers.clone());
            if let Some(login) = &self.login {
                request = request.header(AUTHORIZATION, sensitive(login)?);
            }
            if let Some(body) = &body {
                request = request.body(body.clone());
            }
            let begun = Instant::now();
            // Dropping the request closes its connection.
            let response = match (timeout_at(until, request.send()).await, answered.take()) {
                (Ok(Ok(response)), _) => response,
                (_, Some(answered)) => return Ok(answered),
                (Ok(Err(error)), None) => return ended::by(&error, url.scheme() == "https"),
                (Err(_), None) => return Ok(HttpReply::TimedOut),
            };
            let moment = Moment {
                at: Timestamp::now(),
                wait_ms: ms_since(begun),
            };
            let status = response.status();
            if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
                && let Some(proxy) = self.proxy_that_answers()
            {
                let offers = response.headers().get_all("proxy-authenticate");
                let schemes = schemes(offers.iter().filter_map(|value| value.to_str().ok()));
                if schemes.is_empty() {
                    return Err(proxy.no_scheme());
                }
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
                        took_ms: Some(ms_since(start)),
                        redirected_to: Some(next.to_string()),
                        moment: Some(moment),
                    });
                    url = next;
                }
                target => return read(response, target, moment, start, until).await,
            }
        }
        Err(Unknown::new(Reason::Other, "redirects without an end"))
    }

    /// Only what is asked in the clear is answered by a proxy of HTTP; through a tunnel the server itself answers.
    fn proxy_that_answers(&self) -> Option<&proxy::Proxy> {
        let http = |via: &&proxy::Proxy| matches!(via.speaks, proxy::Speaks::Http(_));
        self.via
            .as_ref()
            .filter(|_| self.url.scheme() == "http")
            .filter(http)
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
fn target(response: &Response, url: &Url) -> Option<Url> {
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

/// A body that does not come whole in time is cut: that the server answered, and with which status, stands.
async fn read(
    mut response: Response,
    redirected: Option<Url>,
    moment: Moment,
    start: Instant,
    until: Instant,
) -> Result<HttpReply, Unknown> {
    let status = response.status().as_u16();
    let headers = headers(response.headers())?;
    let encoding = encoding(response.headers());
    let (mut body, mut cut) = (Vec::new(), false);
    loop {
        let Ok(chunk) = timeout_at(until, response.chunk()).await else {
            cut = true;
            break;
        };
        match chunk {
            Ok(Some(chunk)) => {
                let room = BODY - body.len();
                cut = chunk.len() > room;
                body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if cut {
                    break;
                }
            }
            Ok(None) => break,
            Err(error) => {
                let why = format!("the reply's body broke off: {}", ended::chain(&error));
                return Err(Unknown::new(Reason::NotWhole, why));
            }
        }
    }
    Ok(HttpReply::Answered {
        status,
        headers,
        body: encoding.decode(&body).0.into_owned(),
        cut,
        took_ms: Some(ms_since(start)),
        redirected_to: redirected.map(String::from),
        moment: Some(moment),
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

/// A header that the HTTP library shows to nobody.
fn sensitive(secret: &SecretString) -> Result<HeaderValue, Unknown> {
    let mut value = HeaderValue::from_str(secret.expose_secret())
        .map_err(|_| Unknown::new(Reason::Other, "the login cannot be sent as a header"))?;
    value.set_sensitive(true);
    Ok(value)
}
