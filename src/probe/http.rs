//! `http`: what a server answers to one request.

mod data;
pub(in crate::probe) mod manual;
pub(in crate::probe) mod pasted;

use indexmap::IndexMap;
use regex::Regex;

use crate::{
    finding::{Evidence, Facts, Os, Reason, Unknown, Value},
    host::{HttpReply, HttpRequest, Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        excerpt::{LINE, cut, first_lines},
        judging::{captured, known, only},
        params::{Given, senseless},
        proxied,
        tcp::proxy_refused,
    },
};

/// A request, direct or via a proxy.
pub struct Http;

static SPEC: Spec = Spec {
    name: "http",
    looks_at: "a request, direct or via a proxy",
    params: &[
        ParamSpec {
            name: "url",
            ty: ParamType::Url,
            role: Role::Target,
            required: true,
            doc: "where to",
        },
        ParamSpec {
            name: "method",
            ty: ParamType::Text,
            role: Role::Sent,
            required: false,
            doc: "`GET` if not given",
        },
        ParamSpec {
            name: "headers",
            ty: ParamType::Headers,
            role: Role::Sent,
            required: false,
            doc: "headers to send",
        },
        ParamSpec {
            name: "body",
            ty: ParamType::Text,
            role: Role::Sent,
            required: false,
            doc: "what to send",
        },
        ParamSpec {
            name: "login",
            ty: ParamType::Login,
            role: Role::Sent,
            required: false,
            doc: "user and password, sent once and to the request's own host only: no redirect is followed then",
        },
        proxied::VIA,
        ParamSpec {
            name: "capture",
            ty: ParamType::Captures,
            role: Role::Judged,
            required: false,
            doc: "name: regular expression over the body; its first group counts, or all of it where there is none; upper and lower case are one",
        },
    ],
    facts: &[
        FactSpec {
            name: "status",
            doc: "the status code",
        },
        FactSpec {
            name: "headers",
            doc: "the headers by name, in lower case",
        },
        FactSpec {
            name: "body",
            doc: "what was answered; not there where it passed the bound",
        },
        FactSpec {
            name: "json",
            doc: "the body as data, where it is JSON",
        },
        FactSpec {
            name: "xml",
            doc: "the body as data, where it is XML: elements by name without prefix, attributes with `@`, text beside them as `#text`",
        },
        FactSpec {
            name: "captures",
            doc: "what each capture found; one that found nothing is not there",
        },
        FactSpec {
            name: "took_ms",
            doc: "how long it took",
        },
        FactSpec {
            name: "redirected_to",
            doc: "where a redirect pointed that was not followed",
        },
        proxied::STATUS,
        proxied::SCHEMES,
        FactSpec {
            name: "error",
            doc: "why there is no answer, in the words of the system",
        },
    ],
    pattern_facts: &[],
    network: true,
    executes: false,
};

impl Kind for Http {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], via: bool) -> Vec<OutcomeSpec> {
        let mut outcomes = vec![
            OutcomeSpec::refined("answered"),
            OutcomeSpec::fixed("refused"),
            OutcomeSpec::fixed("timed-out"),
            OutcomeSpec::fixed("unreachable"),
            OutcomeSpec::fixed("unresolved"),
            OutcomeSpec::fixed("tls-failed"),
        ];
        if via {
            outcomes.push(OutcomeSpec::fixed("proxy-refused"));
        }
        outcomes
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        Given(params).captures("capture")?;
        Ok(vec![Look::Http(request(params)?)])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        let captures = match Given(params).captures("capture") {
            Ok(captures) => captures,
            Err(unknown) => return Judged::unknown(unknown),
        };
        let reply = match only(replies) {
            Ok(Reply::Http(reply)) => reply,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        let asked = request(params).ok().map(|request| line(&request));
        let failed = |outcome: &str, words: &str, why: String| {
            let evidence = Evidence {
                file: asked.clone(),
                text: format!("{words}: {why}"),
                ..Evidence::default()
            };
            Judged::outcome(outcome)
                .fact("error", why)
                .evidence(evidence)
        };
        match reply {
            HttpReply::Answered {
                status,
                headers,
                body,
                cut,
                took_ms,
                redirected_to,
                moment: _,
            } => {
                let answer = Answer {
                    status,
                    headers: lowered(headers),
                    body,
                    cut,
                    took_ms,
                    redirected_to,
                };
                answered(answer, &captures, asked)
            }
            HttpReply::StatusAlone(status) => status_alone(status, &captures, asked),
            HttpReply::Refused(why) => failed("refused", "the connection was refused", why),
            HttpReply::TimedOut => Judged::outcome("timed-out").evidence(Evidence {
                file: asked,
                text: "no answer in time".to_owned(),
                ..Evidence::default()
            }),
            HttpReply::Unreachable(why) => failed("unreachable", "unreachable", why),
            HttpReply::Unresolved(why) => failed("unresolved", "the name has no address", why),
            HttpReply::TlsFailed(why) => failed("tls-failed", "no secure connection", why),
            HttpReply::ProxyRefused {
                status,
                schemes,
                why,
            } => {
                let (judged, text) = proxy_refused(status, schemes, why);
                judged.evidence(Evidence {
                    file: asked,
                    text,
                    ..Evidence::default()
                })
            }
        }
    }

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let request = request(params)?;
        pasted::read(self, params, &request, os, text)
    }

    fn refused_login(&self, facts: &Facts) -> bool {
        facts.get("status") == Some(&401_u16.into())
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        request(params)
            .ok()
            .and_then(|request| manual::command(&request, &line(&request), os))
            .into_iter()
            .collect()
    }
}

/// How many lines of a body are shown.
const SHOWN: usize = 12;

/// The headers that tell a person who answered and why.
const TELLING: [&str; 8] = [
    "location",
    "www-authenticate",
    "proxy-authenticate",
    "content-type",
    "server",
    "via",
    "date",
    "retry-after",
];

struct Answer {
    status: u16,
    /// Names in lower case.
    headers: IndexMap<String, String>,
    body: String,
    cut: bool,
    took_ms: Option<u64>,
    redirected_to: Option<String>,
}

/// The request that these parameters stand for.
fn request(params: &Params) -> Result<HttpRequest, Unknown> {
    let given = Given(params);
    let method = given
        .text("method")?
        .unwrap_or_else(|| "GET".to_owned())
        .trim()
        .to_ascii_uppercase();
    if !is_token(&method) {
        return Err(senseless("method", &format!("`{method}` is no method")));
    }
    let headers = given.map("headers")?;
    for (name, value) in &headers {
        if !is_token(name) {
            return Err(senseless(
                "headers",
                &format!("`{name}` is no name of a header"),
            ));
        }
        if value.chars().any(|c| c.is_control() && c != '\t') {
            return Err(senseless(
                &format!("headers.{name}"),
                "has a control character in it",
            ));
        }
    }
    let url = given.url("url")?;
    let login = given.login("login")?;
    // Nor is anybody told to send it in clear by hand.
    if login.is_some() && url.scheme() != "https" {
        return Err(senseless(
            "url",
            "a login is sent over `https` only, so that nobody on the way reads it",
        ));
    }
    Ok(HttpRequest {
        url,
        method,
        headers,
        body: given.text("body")?,
        login,
        via: given.via("via")?,
    })
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// What was asked, in one line.
pub(in crate::probe) fn line(request: &HttpRequest) -> String {
    let line = format!("{} {}", request.method, request.url);
    match &request.via {
        Some(via) => format!("{line} via {}", via.address),
        None => line,
    }
}

fn lowered(headers: IndexMap<String, String>) -> IndexMap<String, String> {
    let mut lowered: IndexMap<String, String> = IndexMap::new();
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        match lowered.get_mut(&name) {
            Some(before) => {
                before.push_str(", ");
                before.push_str(&value);
            }
            None => {
                lowered.insert(name, value);
            }
        }
    }
    lowered
}

fn answered(
    mut answer: Answer,
    captures: &IndexMap<String, Regex>,
    asked: Option<String>,
) -> Judged {
    let packed = packed(&answer.headers).filter(|_| !answer.body.is_empty());
    let packed = packed.map(|packed| {
        let packed = cut(packed, LINE);
        format!("the reply's body is packed as `{packed}`, which is not unpacked here")
    });
    if packed.is_some() {
        // What it says is not there for anybody.
        (answer.body, answer.cut) = (String::new(), true);
    }
    let found = captured(captures, &[&answer.body]);
    let missed = captures.keys().find(|name| !found.contains_key(*name));
    let mut judged = Judged::outcome("answered");
    if let Some(why) = packed {
        judged = Judged::unknown(Unknown::new(Reason::NotWhole, why));
    } else if let (true, Some(name)) = (answer.cut, missed) {
        let why = format!(
            "capture `{name}` found nothing in the part of the reply that was read, which has more"
        );
        judged = Judged::unknown(Unknown::new(Reason::NotWhole, why));
    }
    // Of a reply that was cut, nobody can say what is not in it.
    let data = match answer.cut {
        true => Ok(None),
        false => data::of(&content_type(&answer.headers), &answer.body).map(Some),
    };
    let data = data.unwrap_or_else(|unknown| {
        judged = Judged::unknown(unknown);
        None
    });
    judged.evidence.push(shown(&answer, asked));
    let headers: Facts = answer
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    judged = judged
        .fact("status", answer.status)
        .fact("headers", headers)
        .fact("captures", found);
    judged = known(judged, "took_ms", answer.took_ms);
    judged = known(judged, "redirected_to", answer.redirected_to);
    let Some(data) = data else {
        return judged;
    };
    judged = known(judged, "json", data.json);
    judged = known(judged, "xml", data.xml);
    judged.fact("body", answer.body)
}

/// Of an answer whose rest nobody knows, no capture can be said to find nothing.
fn status_alone(status: u16, captures: &IndexMap<String, Regex>, asked: Option<String>) -> Judged {
    let judged = match captures.keys().next() {
        Some(name) => Judged::unknown(Unknown::new(
            Reason::NotWhole,
            format!(
                "of the reply nothing but the status {status} is known, and so not what capture `{name}` looks for"
            ),
        )),
        None => Judged::outcome("answered"),
    };
    judged.fact("status", status).evidence(Evidence {
        file: asked,
        text: format!("status {status}"),
        ..Evidence::default()
    })
}

fn content_type(headers: &IndexMap<String, String>) -> String {
    let kind = headers.get("content-type");
    kind.map_or("", String::as_str).to_ascii_lowercase()
}

/// How a body is packed that came as it is. What was unpacked on the way has no such header any more.
fn packed(headers: &IndexMap<String, String>) -> Option<&str> {
    let packed = headers.get("content-encoding")?.trim();
    let plain = packed.is_empty() || packed.eq_ignore_ascii_case("identity");
    (!plain).then_some(packed)
}

fn shown(answer: &Answer, asked: Option<String>) -> Evidence {
    let headers = TELLING
        .iter()
        .filter_map(|name| Some(format!("{name}: {}", cut(answer.headers.get(*name)?, LINE))));
    let body = first_lines(&answer.body, SHOWN);
    let after = answer.took_ms.map(|took| format!(" after {took} ms"));
    let gap = (!body.is_empty()).then(String::new);
    Evidence {
        file: asked,
        text: format!("status {}{}", answer.status, after.unwrap_or_default()),
        after: headers.chain(gap).chain(body).collect(),
        ..Evidence::default()
    }
}

#[cfg(test)]
mod tests;
