//! `tcp`: whether a connection can be opened. Sends nothing over it.

mod manual;

use crate::{
    finding::{Evidence, Os, Unknown, Value},
    host::{Connection, Look, Reply, printed},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        judging::{known, only},
        params::{Given, senseless},
        pasted::Pasted,
        proxied,
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
            role: Role::Target,
            required: true,
            doc: "the name or address",
        },
        ParamSpec {
            name: "port",
            ty: ParamType::Port,
            role: Role::Target,
            required: true,
            doc: "the port",
        },
        proxied::VIA,
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
        proxied::STATUS,
        proxied::SCHEMES,
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
            outcomes.extend(["proxy-refused", "proxy-silent"].map(OutcomeSpec::fixed));
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
                let after = took_ms.map(|took| format!(" after {took} ms"));
                let text = format!("open at {address}{}", after.unwrap_or_default());
                let judged = Judged::outcome("open").fact("address", address);
                (known(judged, "took_ms", took_ms), text)
            }
            Connection::Refused { address } => {
                // Of a target behind a proxy, nobody but the proxy could say so.
                let whose = match Given(params).via("via") {
                    Ok(Some(_)) => "the proxy ",
                    _ => "",
                };
                let text = format!("refused by {whose}{address}");
                (Judged::outcome("refused").fact("address", address), text)
            }
            Connection::TimedOut => (Judged::outcome("timed-out"), "no answer in time".to_owned()),
            Connection::ProxySilent { address } => {
                let text = proxy_silent(&address);
                (
                    Judged::outcome("proxy-silent").fact("address", address),
                    text,
                )
            }
            Connection::Unreachable(why) => failed("unreachable", "unreachable", why),
            Connection::Unresolved(why) => failed("unresolved", "the name has no address", why),
            Connection::ProxyRefused {
                status,
                schemes,
                why,
            } => proxy_refused(status, schemes, why),
        };
        let asked = target(params);
        judged.evidence(Evidence {
            file: asked,
            text,
            ..Evidence::default()
        })
    }

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let given = Given(params);
        let pasted = Pasted::new(self, params, os, text)?;
        if let Some(via) = given.via("via")? {
            let asked = target(params).unwrap_or_default();
            let pasted = pasted.asking(&asked);
            let read = printed::curl::way(&pasted.text(), &via, &asked, pasted.echoes(0));
            return pasted.only(read.map(|read| read.map(Reply::Connection)));
        }
        let (host, port) = (given.host("host")?.unwrap_or_default(), given.port("port")?);
        let output = pasted.text();
        let read = match os {
            Os::Windows => printed::test_net_connection::read(&output, &host, port),
            Os::Linux | Os::Macos => printed::nc::read(&output, &host, port, pasted.echoes(0)),
        };
        let read = read.or_else(|| in_other_words(text, &output, &host, port));
        pasted.only(read.map(|read| read.map(Reply::Connection)))
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        let asked = target(params).unwrap_or_default();
        manual::commands(Given(params), &asked, os).unwrap_or_default()
    }
}

/// What somebody ran of their own accord, by the words that they typed.
fn in_other_words(text: &str, output: &str, host: &str, port: u16) -> printed::Read<Connection> {
    let typed = |command: &str| {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '.');
        text.match_indices(command)
            .any(|(at, _)| ends(&text[at + command.len()..]))
    };
    let command = format!("telnet {host} {port}");
    // Behind it, up to where another one was typed.
    let by_telnet = typed(&command).then(|| {
        let from = text.rfind(&command).map_or(0, |at| at + command.len());
        let rest = &text[from..];
        let ends = |line: &&str| line.contains("telnet ") && !line.starts_with("telnet: ");
        let own = rest.split_inclusive('\n').take_while(|line| !ends(line));
        own.collect::<String>()
    });
    let own = by_telnet.as_deref();
    printed::telnet::read(own.unwrap_or(output), host, port, own.is_some())
        .or_else(|| printed::curl::connection(output, host, port))
}

fn failed(outcome: &str, words: &str, why: String) -> (Judged, String) {
    let text = format!("{words}: {why}");
    (Judged::outcome(outcome).fact("error", why), text)
}

/// Of all kinds that go through proxies. What a proxy says of its target is the proxy's word, and so no outcome of its own.
pub(super) fn proxy_refused(
    status: u16,
    schemes: Vec<String>,
    why: Option<String>,
) -> (Judged, String) {
    let mut text = proxy_said(status, why.as_deref());
    if !schemes.is_empty() {
        text.push_str(&format!(" and takes these logins: {}", schemes.join(", ")));
    }
    let judged = Judged::outcome("proxy-refused")
        .fact("proxy_status", status)
        .fact(
            "schemes",
            schemes.into_iter().map(Value::Text).collect::<Vec<_>>(),
        );
    (known(judged, "error", why), text)
}

/// A proxy that is reached, and does not answer, in words.
pub(super) fn proxy_silent(address: &str) -> String {
    format!(
        "the proxy {address} took the connection, and did not say in time whether it opens a way"
    )
}

/// A proxy's refusal in words.
pub(super) fn proxy_said(status: u16, why: Option<&str>) -> String {
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    format!("the proxy answered with status {status}{why}")
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

#[cfg(test)]
mod tests;
