//! `service`: whether a service runs, by its manager, its pid file or its process. Never starts or stops one.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
    },
};

/// A service: systemd, Windows services, a wrapper's pid file.
pub struct Service;

static SPEC: Spec = Spec {
    name: "service",
    looks_at: "a service: systemd, Windows services, a wrapper's pid file",
    params: &[
        ParamSpec {
            name: "name",
            ty: ParamType::Texts,
            required: true,
            doc: "the name, a glob, or a list of them",
        },
        ParamSpec {
            name: "process",
            ty: ParamType::Text,
            required: false,
            doc: "part of the command line that it has where no manager started it",
        },
        ParamSpec {
            name: "pid_file",
            ty: ParamType::Path,
            required: false,
            doc: "the file that holds its process id",
        },
    ],
    facts: &[
        FactSpec {
            name: "manager",
            doc: "who says so: `systemd`, `windows`, `wrapper` (a pid file) or `process` (a command line)",
        },
        FactSpec {
            name: "name",
            doc: "the service",
        },
        FactSpec {
            name: "state",
            doc: "the manager's word",
        },
        FactSpec {
            name: "start_mode",
            doc: "how it is started",
        },
        FactSpec {
            name: "account",
            doc: "whom it runs as",
        },
        FactSpec {
            name: "pid",
            doc: "its process",
        },
        FactSpec {
            name: "since",
            doc: "since when it is in this state, as a timestamp",
        },
    ],
    pattern_facts: &[],
    network: false,
    executes: false,
};

impl Kind for Service {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("running"),
            OutcomeSpec::fixed("stopped"),
            OutcomeSpec::fixed("failed"),
            OutcomeSpec::fixed("absent"),
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
