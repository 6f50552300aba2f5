//! `disk`: whether enough space is free where a path lies.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
    },
};

/// Free space where a path lies.
pub struct Disk;

static SPEC: Spec = Spec {
    name: "disk",
    looks_at: "free space where a path lies",
    params: &[
        ParamSpec {
            name: "path",
            ty: ParamType::Path,
            required: true,
            doc: "any path on the disk",
        },
        ParamSpec {
            name: "need",
            ty: ParamType::Size,
            required: true,
            doc: "what must be free: `500MB` counts in thousands, `500MiB` in 1024s, a plain number in bytes",
        },
    ],
    facts: &[
        FactSpec {
            name: "free_bytes",
            doc: "what is free to ordinary users",
        },
        FactSpec {
            name: "total_bytes",
            doc: "the size of the disk",
        },
    ],
    pattern_facts: &[],
    network: false,
    executes: false,
};

impl Kind for Disk {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![OutcomeSpec::refined("enough"), OutcomeSpec::fixed("low")]
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
