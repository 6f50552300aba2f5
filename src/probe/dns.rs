//! `dns`: whether a name has addresses.

use crate::{
    finding::{Evidence, Os, Unknown, Value},
    host::{Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
        judging::{known, only},
        params::{Given, senseless},
    },
};

/// A name's addresses.
pub struct Dns;

static SPEC: Spec = Spec {
    name: "dns",
    looks_at: "a name's addresses",
    params: &[
        ParamSpec {
            name: "name",
            ty: ParamType::Host,
            required: true,
            doc: "the name",
        },
        ParamSpec {
            name: "server",
            ty: ParamType::Host,
            required: false,
            doc: "the server to ask; the system's resolver if not given",
        },
    ],
    facts: &[
        FactSpec {
            name: "addresses",
            doc: "what was answered",
        },
        FactSpec {
            name: "server",
            doc: "who answered",
        },
        FactSpec {
            name: "code",
            doc: "the answer: `NOERROR`, `NXDOMAIN`, `SERVFAIL`, …",
        },
        FactSpec {
            name: "took_ms",
            doc: "how long it took",
        },
    ],
    pattern_facts: &[],
    network: true,
    executes: false,
};

impl Kind for Dns {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("resolved"),
            OutcomeSpec::fixed("unresolved"),
        ]
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        let given = Given(params);
        let name = given
            .host("name")?
            .ok_or_else(|| senseless("name", "is empty"))?;
        Ok(vec![Look::Name {
            name,
            server: given.host("server")?,
        }])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        let reply = match only(replies) {
            Ok(Reply::Name(reply)) => reply,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        let name = Given(params)
            .host("name")
            .ok()
            .flatten()
            .unwrap_or_default();
        let by = if reply.server.is_empty() {
            String::new()
        } else {
            format!(", says {}", reply.server)
        };
        let text = if reply.addresses.is_empty() {
            format!("{name} has no address ({}){by}", reply.code)
        } else {
            format!("{name} is {}{by}", reply.addresses.join(", "))
        };
        // No answer, and one that says SERVFAIL, mean that the name cannot be used: `code` tells them apart.
        let judged = Judged::outcome(if reply.addresses.is_empty() {
            "unresolved"
        } else {
            "resolved"
        })
        .fact(
            "addresses",
            reply
                .addresses
                .into_iter()
                .map(Value::Text)
                .collect::<Vec<_>>(),
        )
        .fact("code", reply.code)
        .fact("took_ms", reply.took_ms)
        .evidence(Evidence::plain(text));
        known(
            judged,
            "server",
            Some(reply.server).filter(|server| !server.is_empty()),
        )
    }

    fn manual(&self, _params: &Params, _os: Os) -> Vec<Manual> {
        Vec::new()
    }
}
