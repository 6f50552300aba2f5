//! `file`: whether a path is there, and what stands there. Never opens it.

use crate::{
    finding::{Evidence, Os, Reason, Unknown},
    host::{FileMeta, Look, Reply, printed},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        judging::{known, only},
        params::Given,
        pasted::Pasted,
        shell, size,
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
        role: Role::Target,
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
            doc: "its size, where the system tells",
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
            doc: "whether it is a folder, where the system tells",
        },
        FactSpec {
            name: "readable",
            doc: "whether this user may read it, where the system tells",
        },
        FactSpec {
            name: "writable",
            doc: "whether this user may write it, where the system tells",
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
            .fact("path", meta.path.clone())
            .evidence(shown);
        let judged = match meta.access.is_empty() {
            true => judged,
            false => judged.evidence(Evidence {
                file: Some(meta.path),
                text: meta.access.join("\n"),
                ..Evidence::default()
            }),
        };
        let judged = known(judged, "size_bytes", meta.size_bytes);
        let judged = known(judged, "folder", meta.folder);
        let judged = known(judged, "readable", meta.readable);
        let judged = known(judged, "writable", meta.writable);
        let judged = known(
            judged,
            "modified",
            meta.modified.map(|modified| modified.to_string()),
        );
        known(judged, "owner", meta.owner)
    }

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let paths = Given(params).paths("path")?;
        let pasted = Pasted::new(self, params, os, text)?;
        let text = pasted.text();
        // The first that is there counts, so that each before it has to be told to be absent.
        for (index, path) in paths.iter().enumerate() {
            let read = match os {
                Os::Windows => printed::get_item::read(&text, path)
                    .or_else(|| Some(Ok(Some(printed::dir::read(&text, path)?))))
                    .or_else(|| printed::icacls::read(&text, path)),
                Os::Linux | Os::Macos => {
                    printed::ls::read(&text, path).or_else(|| printed::stat::read(&text, path))
                }
            };
            match read {
                Some(Ok(None)) => {}
                Some(read) => return Ok(vec![read.map(Reply::Meta)]),
                None if index == 0 => return Err(pasted.refused()),
                None => {
                    let why = format!("the paste says nothing of {path}");
                    return Ok(vec![Err(Unknown::new(Reason::NotWhole, why))]);
                }
            }
        }
        Ok(vec![Ok(Reply::Meta(None))])
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        let paths = Given(params).paths("path").unwrap_or_default();
        paths.iter().filter_map(|path| manual(path, os)).collect()
    }
}

fn absent(paths: &[String]) -> String {
    match paths {
        [path] => format!("{path} is not there"),
        paths => format!("none of these is there: {}", paths.join(", ")),
    }
}

fn describe(meta: &FileMeta) -> String {
    let size = meta.size_bytes.map(size::show);
    let mut words = vec![match (meta.folder, size) {
        (Some(true), _) => "folder".to_owned(),
        (Some(false), Some(size)) => format!("file of {size}"),
        (Some(false), None) => "file".to_owned(),
        (None, Some(size)) => size,
        (None, None) => "there".to_owned(),
    }];
    words.extend(meta.modified.map(|modified| format!("written {modified}")));
    words.extend(meta.owner.as_ref().map(|owner| format!("owned by {owner}")));
    let right = |may: Option<bool>, word: &str| {
        may.map(|may| format!("{}{word}", if may { "" } else { "not " }))
    };
    words.extend(right(meta.readable, "readable"));
    words.extend(right(meta.writable, "writable"));
    words.join(", ")
}

fn manual(path: &str, os: Os) -> Option<Manual> {
    let path = shell::quote(path, os)?;
    Some(match os {
        Os::Windows => Manual::new(
            format!(
                "Get-Item -Force -LiteralPath {path} | Format-List FullName, PSIsContainer, Length, LastWriteTime"
            ),
            "an error says that it is not there",
        ),
        Os::Linux | Os::Macos => Manual::new(
            format!("ls -ld -- {path}"),
            "`No such file or directory` says that it is not there",
        ),
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::probe::judging::trial::{commands, end, facts, judge, looks, shown};

    fn meta() -> FileMeta {
        FileMeta {
            size_bytes: Some(1_200),
            modified: Some(Timestamp::UNIX_EPOCH),
            folder: Some(false),
            readable: Some(true),
            writable: Some(false),
            ..FileMeta::there("/b")
        }
    }

    #[test]
    fn what_is_looked_at() {
        assert_eq!(
            looks(&File, r#"{"path": ["/a", "/b"]}"#),
            r#"[{"meta":{"paths":["/a","/b"]}}]"#
        );
        assert_eq!(looks(&File, "{}"), "parameter `path`: is empty");
    }

    #[test]
    fn present() {
        let judged = judge(
            &File,
            r#"{"path": "/b"}"#,
            Os::Linux,
            Ok(Reply::Meta(Some(meta()))),
        );
        assert_eq!(end(&judged), "present");
        assert_eq!(
            facts(&judged),
            r#"{"path":"/b","size_bytes":1200,"folder":false,"readable":true,"writable":false,"modified":"1970-01-01T00:00:00Z"}"#
        );
        assert_eq!(
            shown(&judged),
            "/b: file of 1.2 kB, written 1970-01-01T00:00:00Z, readable, not writable"
        );
    }

    #[test]
    fn a_right_that_could_not_be_asked_is_no_fact() {
        let meta = FileMeta {
            readable: None,
            writable: None,
            ..meta()
        };
        let judged = judge(
            &File,
            r#"{"path": "/b"}"#,
            Os::Linux,
            Ok(Reply::Meta(Some(meta))),
        );
        assert_eq!(
            facts(&judged),
            r#"{"path":"/b","size_bytes":1200,"folder":false,"modified":"1970-01-01T00:00:00Z"}"#
        );
        assert_eq!(
            shown(&judged),
            "/b: file of 1.2 kB, written 1970-01-01T00:00:00Z"
        );
    }

    #[test]
    fn absent_or_not_known() {
        let judged = judge(
            &File,
            r#"{"path": ["/a", "/b"]}"#,
            Os::Linux,
            Ok(Reply::Meta(None)),
        );
        assert_eq!(
            (end(&judged).as_str(), shown(&judged).as_str()),
            ("absent", "none of these is there: /a, /b")
        );
        let no_right = Unknown::new(crate::finding::Reason::NoRight, "/a: permission denied");
        let judged = judge(&File, r#"{"path": "/a"}"#, Os::Linux, Err(no_right));
        assert_eq!(end(&judged), "unknown: /a: permission denied");
        let judged = judge(
            &File,
            r#"{"path": "/a"}"#,
            Os::Linux,
            Ok(Reply::Paths(Vec::new())),
        );
        assert_eq!(end(&judged), "unknown: the host answered with paths");
    }

    #[test]
    fn by_hand() {
        let check =
            |os, json: &str, expected: &str| assert_eq!(commands(&File, json, os), expected);
        check(
            Os::Linux,
            r#"{"path": ["/a b", "-x"]}"#,
            "ls -ld -- '/a b'\nls -ld -- -x",
        );
        check(
            Os::Windows,
            r#"{"path": "C:\\a b"}"#,
            r"Get-Item -Force -LiteralPath 'C:\a b' | Format-List FullName, PSIsContainer, Length, LastWriteTime",
        );
        check(Os::Linux, r#"{"path": "/a\nrm -rf ~"}"#, "");
    }
}
