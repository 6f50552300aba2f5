//! `command`: what a program answers. Never through a shell.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
    },
};

/// A program's output; never through a shell.
pub struct Command;

static SPEC: Spec = Spec {
    name: "command",
    looks_at: "a program's output; never through a shell",
    params: &[
        ParamSpec {
            name: "run",
            ty: ParamType::List,
            required: true,
            doc: "the program and its arguments",
        },
        ParamSpec {
            name: "capture",
            ty: ParamType::Captures,
            required: false,
            doc: "name: regular expression over what it printed; its first group counts, or all of it where there is none; upper and lower case are one",
        },
    ],
    facts: &[
        FactSpec {
            name: "status",
            doc: "the exit code",
        },
        FactSpec {
            name: "stdout",
            doc: "what it printed",
        },
        FactSpec {
            name: "stderr",
            doc: "what it printed as errors",
        },
        FactSpec {
            name: "captures",
            doc: "what each capture found; one that found nothing is not there",
        },
    ],
    pattern_facts: &[],
    network: false,
    executes: true,
};

impl Kind for Command {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("exited"),
            OutcomeSpec::fixed("missing"),
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
