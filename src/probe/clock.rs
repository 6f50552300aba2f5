//! `clock`: this machine's clock against the `Date` that an HTTP server sends with a reply.
//!
//! A `Date` counts whole seconds, and nobody knows when between request and reply the server read its clock. What can
//! be said is therefore a span; only one that lies wholly inside or outside of what is allowed gives an outcome.

mod manual;
mod reading;

use std::time::Duration;

use indexmap::IndexMap;

use self::reading::{Reading, Side, in_words};
use crate::{
    finding::{Evidence, Os, Reason, Unknown},
    host::{HttpReply, HttpRequest, Look, Moment, Reply, printed::clocks},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        excerpt::{LINE, cut},
        http::{line, pasted::printed_reply},
        judging::{known, only},
        params::{Given, senseless},
        pasted::Pasted,
        tcp::proxy_said,
    },
};

/// This clock against a server's.
pub struct Clock;

/// What is allowed where nothing is said: RFC 4120 recommends it to Kerberos, and logins by signed tokens seldom take
/// more. A clock that is off by less refuses nobody.
const ALLOW: Duration = Duration::from_secs(300);
/// The least that a `Date` of whole seconds can tell from nothing.
const LEAST: Duration = Duration::from_secs(2);

static SPEC: Spec = Spec {
    name: "clock",
    looks_at: "this machine's clock against a server's `Date`",
    params: &[
        ParamSpec {
            name: "url",
            ty: ParamType::Url,
            role: Role::Target,
            required: true,
            doc: "the server; only the head of a page is asked for",
        },
        ParamSpec {
            name: "allow",
            ty: ParamType::Duration,
            role: Role::Judged,
            required: false,
            doc: "how far apart the clocks may be, `2s` or more; `5m` if not given",
        },
        ParamSpec {
            name: "via",
            ty: ParamType::Via,
            role: Role::Sent,
            required: false,
            doc: "a proxy: address, user, password; an empty address means direct",
        },
    ],
    facts: &[
        FactSpec {
            name: "offset_s",
            doc: "how far this clock is ahead of the server's; negative where it is behind",
        },
        FactSpec {
            name: "server_time",
            doc: "the server's time in its reply",
        },
        FactSpec {
            name: "took_ms",
            doc: "how long the reply took",
        },
    ],
    pattern_facts: &[],
    network: true,
    executes: false,
};

impl Kind for Clock {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("in-step"),
            OutcomeSpec::fixed("drifted"),
        ]
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        allow(params)?;
        Ok(vec![Look::Http(request(params)?)])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        let asked = allow(params).and_then(|allow| Ok((allow, request(params)?)));
        let (allow, request) = match asked {
            Ok(asked) => asked,
            Err(unknown) => return Judged::unknown(unknown),
        };
        let reply = match only(replies) {
            Ok(Reply::Http(reply)) => reply,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        let judged = heard(&request, reply).and_then(|answer| answer.judged(allow, &request));
        judged.unwrap_or_else(Judged::unknown)
    }

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let request = request(params)?;
        let asked = line(&request);
        let pasted = Pasted::new(self, params, os, text)?.asking(&asked);
        let output = pasted.text();
        let reply = printed_reply(&output, &request, &asked, os, pasted.echoes(0));
        let read = reply.map(|reply| {
            let (mut reply, came) = (reply?, clocks::read(&output)?);
            if let HttpReply::Answered { moment, .. } = &mut reply {
                *moment = Some(came);
            }
            Ok(Reply::Http(reply))
        });
        pasted.only(read)
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        let request = request(params).ok();
        request
            .and_then(|request| manual::command(&request, os))
            .into_iter()
            .collect()
    }
}

fn allow(params: &Params) -> Result<Duration, Unknown> {
    let given = Given(params).duration("allow")?;
    match given {
        Some(allow) if allow < LEAST => Err(senseless(
            "allow",
            "is less than the 2 s that a `Date` of whole seconds can tell",
        )),
        given => Ok(given.unwrap_or(ALLOW)),
    }
}

/// The head alone, and not from a cache: its `Date` would be an old one.
fn request(params: &Params) -> Result<HttpRequest, Unknown> {
    let given = Given(params);
    Ok(HttpRequest {
        url: given.url("url")?,
        method: "HEAD".to_owned(),
        headers: [("Cache-Control".to_owned(), "no-cache".to_owned())].into(),
        body: None,
        login: None,
        via: given.via("via")?,
    })
}

/// What a reply tells of clocks.
struct Answer {
    reading: Reading,
    date: String,
    took_ms: Option<u64>,
}

/// The reply's part that matters. A server that cannot be reached says nothing of clocks.
fn heard(request: &HttpRequest, reply: HttpReply) -> Result<Answer, Unknown> {
    let url = &request.url;
    let unknown = |reason, why: String| Err(Unknown::new(reason, why));
    match reply {
        HttpReply::Answered {
            status,
            headers,
            took_ms,
            moment,
            ..
        } => {
            // A proxy sees what is asked in the clear, and may answer in the server's place with its own time.
            if request.via.is_some() && url.scheme() == "http" && status >= 400 {
                return unknown(
                    Reason::NotAvailable,
                    format!("{url}: the status {status} may be the proxy's own, and its time too"),
                );
            }
            answer(url.as_str(), &headers, took_ms, moment)
        }
        HttpReply::StatusAlone(_) => unknown(
            Reason::NotWhole,
            format!("{url}: the headers of the reply are not known"),
        ),
        HttpReply::TimedOut => unknown(Reason::OutOfTime, format!("{url}: no answer in time")),
        HttpReply::Refused(why) => unknown(
            Reason::NotAvailable,
            format!("{url}: the connection was refused: {why}"),
        ),
        HttpReply::Unreachable(why) => {
            unknown(Reason::NotAvailable, format!("{url}: unreachable: {why}"))
        }
        HttpReply::Unresolved(why) => unknown(
            Reason::NotAvailable,
            format!("{url}: the name has no address: {why}"),
        ),
        HttpReply::TlsFailed(why) => unknown(
            Reason::NotAvailable,
            format!("{url}: no secure connection: {why}{}", blame(&why)),
        ),
        HttpReply::ProxyRefused { status, why, .. } => unknown(
            Reason::NotAvailable,
            format!("{url}: {}", proxy_said(status, why.as_deref())),
        ),
    }
}

/// A certificate's dates are held against this clock, so that a wrong clock can hide itself behind them.
fn blame(why: &str) -> &'static str {
    let why = why.to_ascii_lowercase();
    let dated = ["expired", "not valid yet", "notvalidyet", "validity period"];
    if dated.iter().any(|word| why.contains(word)) {
        "; this clock being wrong would look the same: compare it with another one, or ask a server without TLS"
    } else {
        ""
    }
}

fn answer(
    url: &str,
    headers: &IndexMap<String, String>,
    took_ms: Option<u64>,
    moment: Option<Moment>,
) -> Result<Answer, Unknown> {
    let header = |wanted: &str| {
        headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.trim())
    };
    let unknown = |why: String| Err(Unknown::new(Reason::NotAvailable, format!("{url}: {why}")));
    let Some(date) = header("date") else {
        return unknown("the reply has no `Date`".to_owned());
    };
    let Some(server) = reading::date(date) else {
        let date = cut(date, 60);
        return unknown(format!("the reply's `Date` is no time: `{date}`"));
    };
    // Date and age of a stored reply add up to the time of the cache, whoever's clock that is.
    if let Some(age) = header("age").filter(|age| *age != "0") {
        let age = cut(age, 20);
        return unknown(format!(
            "the reply comes from a cache (its `Age` is `{age}`), so that its `Date` is not the server's time now"
        ));
    }
    let Some(moment) = moment else {
        return unknown("when the reply came was not recorded".to_owned());
    };
    Ok(Answer {
        reading: Reading {
            here: moment.at,
            wait_ms: moment.wait_ms,
            there: server,
        },
        date: date.to_owned(),
        took_ms,
    })
}

impl Answer {
    fn judged(&self, allow: Duration, request: &HttpRequest) -> Result<Judged, Unknown> {
        let reading = &self.reading;
        let words = reading.in_words();
        let judged = match reading.against(allow) {
            Side::Inside => Judged::outcome("in-step"),
            Side::Outside => Judged::outcome("drifted"),
            Side::Between => Judged::unknown(Unknown::new(
                Reason::Other,
                format!(
                    "{}: {words}, which does not tell whether that is more than {}",
                    request.url,
                    in_words(allow)
                ),
            )),
        };
        let date = cut(&self.date, LINE);
        let evidence = Evidence {
            file: Some(format!("HEAD {}", request.url)),
            text: words,
            after: vec![
                format!("here: {}", reading.here_in_words()),
                format!("there: {date}"),
            ],
            ..Evidence::default()
        };
        let judged = judged
            .fact("offset_s", reading.offset_s())
            .fact("server_time", reading.there.to_string());
        Ok(known(judged, "took_ms", self.took_ms).evidence(evidence))
    }
}

#[cfg(test)]
mod tests;
