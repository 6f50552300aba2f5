//! `file`: whether a path is there, and what stands there. Never opens it.

use crate::{
    finding::{Evidence, Os, Unknown},
    host::{FileMeta, Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
        judging::{known, only},
        params::Given,
        size,
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

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        Ok(vec![Look::Meta {
            paths: Given(params).paths("path")?,
        }])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        let meta = match only(replies) {
            Ok(Reply::Meta(meta)) => meta,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        let Some(meta) = meta else {
            let paths = Given(params).paths("path").unwrap_or_default();
            return Judged::outcome("absent").evidence(Evidence::plain(absent(&paths)));
        };
        let shown = Evidence {
            file: Some(meta.path.clone()),
            text: describe(&meta),
            ..Evidence::default()
        };
        let judged = Judged::outcome("present")
            .fact("path", meta.path)
            .fact("size_bytes", meta.size_bytes)
            .fact("folder", meta.folder)
            .fact("readable", meta.readable)
            .fact("writable", meta.writable)
            .evidence(shown);
        let judged = known(
            judged,
            "modified",
            meta.modified.map(|modified| modified.to_string()),
        );
        known(judged, "owner", meta.owner)
    }

    fn manual(&self, _params: &Params, _os: Os) -> Vec<Manual> {
        Vec::new()
    }
}

fn absent(paths: &[String]) -> String {
    match paths {
        [path] => format!("{path} is not there"),
        paths => format!("none of these is there: {}", paths.join(", ")),
    }
}

fn describe(meta: &FileMeta) -> String {
    let mut words = vec![if meta.folder {
        "folder".to_owned()
    } else {
        format!("file of {}", size::show(meta.size_bytes))
    }];
    words.extend(meta.modified.map(|modified| format!("written {modified}")));
    words.extend(meta.owner.as_ref().map(|owner| format!("owned by {owner}")));
    words.push(
        if meta.readable {
            "readable"
        } else {
            "not readable"
        }
        .to_owned(),
    );
    words.push(
        if meta.writable {
            "writable"
        } else {
            "not writable"
        }
        .to_owned(),
    );
    words.join(", ")
}
