//! `tcp`: whether a connection can be opened. Sends nothing over it.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
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
