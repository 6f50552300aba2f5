//! `process`: whether a process runs whose command line matches. Never ends or signals one.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
    },
};

/// Processes by command line.
pub struct Process;

static SPEC: Spec = Spec {
    name: "process",
    looks_at: "processes by command line",
    params: &[ParamSpec {
        name: "match",
        ty: ParamType::Pattern,
        required: true,
        doc: "a regular expression over command lines; upper and lower case are one",
    }],
    facts: &[
        FactSpec {
            name: "pids",
            doc: "the matching processes, oldest first",
        },
        FactSpec {
            name: "started",
            doc: "when the oldest of them started, as a timestamp",
        },
        FactSpec {
            name: "command_lines",
            doc: "their command lines, in the order of `pids`; long ones are cut",
        },
        FactSpec {
            name: "memory_bytes",
            doc: "what they hold in memory together",
        },
        FactSpec {
            name: "user",
            doc: "whom the oldest of them runs as",
        },
    ],
    pattern_facts: &[],
    network: false,
    executes: false,
};

impl Kind for Process {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("running"),
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
