//! `dns`: whether a name has addresses.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
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

    fn looks(&self, _params: &Params) -> Result<Vec<Look>, Unknown> {
        Err(Unknown::new(Reason::Other, "not built"))
    }

    fn judge(
        &self,
        _params: &Params,
        _replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        Judged::unknown(Unknown::new(Reason::Other, "not built"))
    }

    fn manual(&self, _params: &Params, _os: Os) -> Vec<Manual> {
        Vec::new()
    }
}
