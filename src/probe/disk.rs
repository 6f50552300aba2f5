//! `disk`: whether enough space is free where a path lies.

use crate::{
    finding::{Evidence, Os, Unknown},
    host::{Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
        judging::only,
        params::{Given, senseless},
        size,
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

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        let given = Given(params);
        given.size("need")?;
        let path = given
            .path("path")?
            .ok_or_else(|| senseless("path", "is empty"))?;
        Ok(vec![Look::Disk { path }])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        let need = match Given(params).size("need") {
            Ok(need) => need,
            Err(unknown) => return Judged::unknown(unknown),
        };
        let space = match only(replies) {
            Ok(Reply::Disk(space)) => space,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        let path = Given(params).path("path").ok().flatten();
        let text = format!(
            "{} free of {}, {} needed",
            size::show(space.free_bytes),
            size::show(space.total_bytes),
            size::show(need)
        );
        Judged::outcome(if space.free_bytes >= need {
            "enough"
        } else {
            "low"
        })
        .fact("free_bytes", space.free_bytes)
        .fact("total_bytes", space.total_bytes)
        .evidence(Evidence {
            file: path,
            text,
            ..Evidence::default()
        })
    }

    fn manual(&self, _params: &Params, _os: Os) -> Vec<Manual> {
        Vec::new()
    }
}
