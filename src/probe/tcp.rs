//! `tcp`: whether a connection can be opened. Sends nothing over it.

use crate::{
    finding::{Evidence, Os, Unknown, Value},
    host::{Connection, Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
        judging::only,
        params::{Given, senseless},
    },
};

/// A connection, direct or via a proxy.
pub struct Tcp;

static SPEC: Spec = Spec {
    name: "tcp",
    looks_at: "a connection, direct or via a proxy",
    params: &[
        ParamSpec {
            name: "host",
            ty: ParamType::Host,
            required: true,
            doc: "the name or address",
        },
        ParamSpec {
            name: "port",
            ty: ParamType::Port,
            required: true,
            doc: "the port",
        },
        ParamSpec {
            name: "via",
            ty: ParamType::Via,
            required: false,
            doc: "a proxy: address, user, password; an empty address means direct",
        },
    ],
    facts: &[
        FactSpec {
            name: "address",
            doc: "the address that answered",
        },
        FactSpec {
            name: "took_ms",
            doc: "how long it took to connect",
        },
        FactSpec {
            name: "proxy_status",
            doc: "the proxy's status where it refused",
        },
        FactSpec {
            name: "schemes",
            doc: "the logins that the proxy offers where it refused",
        },
        FactSpec {
            name: "error",
            doc: "why there is no connection, in the words of the system",
        },
    ],
    pattern_facts: &[],
    network: true,
    executes: false,
};

impl Kind for Tcp {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], via: bool) -> Vec<OutcomeSpec> {
        let mut outcomes = vec![
            OutcomeSpec::refined("open"),
            OutcomeSpec::fixed("refused"),
            OutcomeSpec::fixed("timed-out"),
            OutcomeSpec::fixed("unreachable"),
            OutcomeSpec::fixed("unresolved"),
        ];
        if via {
            outcomes.push(OutcomeSpec::fixed("proxy-refused"));
        }
        outcomes
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        let given = Given(params);
        let host = given
            .host("host")?
            .ok_or_else(|| senseless("host", "is empty"))?;
        Ok(vec![Look::Connect {
            host,
            port: given.port("port")?,
            via: given.via("via")?,
        }])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        let connection = match only(replies) {
            Ok(Reply::Connection(connection)) => connection,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        let (judged, text) = match connection {
            Connection::Open { address, took_ms } => {
                let text = format!("open at {address} after {took_ms} ms");
                (
                    Judged::outcome("open")
                        .fact("address", address)
                        .fact("took_ms", took_ms),
                    text,
                )
            }
            Connection::Refused { address } => {
                let text = format!("refused by {address}");
                (Judged::outcome("refused").fact("address", address), text)
            }
            Connection::TimedOut => (Judged::outcome("timed-out"), "no answer in time".to_owned()),
            Connection::Unreachable(why) => failed("unreachable", "unreachable", why),
            Connection::Unresolved(why) => failed("unresolved", "the name has no address", why),
            Connection::ProxyRefused { status, schemes } => proxy_refused(status, schemes),
        };
        let asked = target(params);
        judged.evidence(Evidence {
            file: asked,
            text,
            ..Evidence::default()
        })
    }

    fn manual(&self, _params: &Params, _os: Os) -> Vec<Manual> {
        Vec::new()
    }
}

fn failed(outcome: &str, words: &str, why: String) -> (Judged, String) {
    let text = format!("{words}: {why}");
    (Judged::outcome(outcome).fact("error", why), text)
}

/// Of both kinds that go through proxies.
pub(super) fn proxy_refused(status: u16, schemes: Vec<String>) -> (Judged, String) {
    let text = if schemes.is_empty() {
        format!("the proxy answered with status {status}")
    } else {
        format!(
            "the proxy answered with status {status} and takes these logins: {}",
            schemes.join(", ")
        )
    };
    let judged = Judged::outcome("proxy-refused")
        .fact("proxy_status", status)
        .fact(
            "schemes",
            schemes.into_iter().map(Value::Text).collect::<Vec<_>>(),
        );
    (judged, text)
}

fn target(params: &Params) -> Option<String> {
    let given = Given(params);
    let host = given.host("host").ok().flatten()?;
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host
    };
    let target = format!("{host}:{}", given.port("port").ok()?);
    Some(match given.via("via").ok().flatten() {
        Some(via) => format!("{target} via {}", via.address),
        None => target,
    })
}
