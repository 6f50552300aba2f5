//! `file`: whether a path is there, and what stands there. Never opens it.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
    },
};

/// A path, or the first of a list that is there.
pub struct File;

static SPEC: Spec = Spec {
    name: "file",
    looks_at: "a path, or the first of a list that is there",
    params: &[ParamSpec {
        name: "path",
        ty: ParamType::Paths,
        required: true,
        doc: "the path, or a list of which the first that is there counts",
    }],
    facts: &[
        FactSpec {
            name: "path",
            doc: "the one that is there",
        },
        FactSpec {
            name: "size_bytes",
            doc: "its size",
        },
        FactSpec {
            name: "modified",
            doc: "when it was last written, as a timestamp",
        },
        FactSpec {
            name: "owner",
            doc: "who owns it, where the system tells",
        },
        FactSpec {
            name: "folder",
            doc: "whether it is a folder",
        },
        FactSpec {
            name: "readable",
            doc: "whether this user may read it",
        },
        FactSpec {
            name: "writable",
            doc: "whether this user may write it",
        },
    ],
    pattern_facts: &[],
    network: false,
    executes: false,
};

impl Kind for File {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("present"),
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
