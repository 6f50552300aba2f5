//! `disk`: whether enough space is free where a path lies.

use crate::{
    finding::{Evidence, Os, Unknown},
    host::{Look, Reply, printed},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        judging::only,
        params::{Given, senseless},
        pasted::Pasted,
        shell, size,
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
            role: Role::Target,
            required: true,
            doc: "any path on the disk",
        },
        ParamSpec {
            name: "need",
            ty: ParamType::Size,
            role: Role::Judged,
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

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let pasted = Pasted::new(self, params, os, text)?;
        let path = Given(params)
            .path("path")?
            .ok_or_else(|| senseless("path", "is empty"))?;
        let (output, echoed) = (pasted.text(), pasted.echoes(0));
        if os != Os::Windows && !echoed && printed::df::of_another(text, &path) {
            return Err(pasted.refused());
        }
        let read = match os {
            Os::Windows => printed::ps_drive::read(&output, &path)
                .or_else(|| printed::logical_disk::read(&output, &path)),
            Os::Linux | Os::Macos => printed::df::read(&output, &path, echoed),
        };
        pasted.only(read.map(|read| read.map(Reply::Disk)))
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        manual(Given(params), os).unwrap_or_default()
    }
}

fn manual(given: Given<'_>, os: Os) -> Option<Vec<Manual>> {
    let path = given.path("path").ok()??;
    Some(vec![match os {
        Os::Windows => {
            let drive = path
                .get(..1)
                .filter(|drive| drive.starts_with(|c: char| c.is_ascii_alphabetic()));
            let which = match drive.filter(|_| path[1..].starts_with(':')) {
                Some(drive) => format!("-Name {drive}"),
                None => "-PSProvider FileSystem".to_owned(),
            };
            Manual::new(
                format!("Get-PSDrive {which} | Format-List Name, Root, Used, Free"),
                "`Free` is in bytes",
            )
        }
        Os::Linux | Os::Macos => Manual::new(
            format!("df -Pk -- {}", shell::quote(&path, os)?),
            "`Available` is in units of 1024 bytes",
        ),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        host::DiskSpace,
        probe::judging::trial::{commands, end, facts, judge, looks, shown},
    };

    #[test]
    fn what_is_looked_at() {
        assert_eq!(
            looks(&Disk, r#"{"path": "/a", "need": "2GB"}"#),
            r#"[{"disk":{"path":"/a"}}]"#
        );
        assert_eq!(
            looks(&Disk, r#"{"path": "/a"}"#),
            "parameter `need`: is empty"
        );
        assert_eq!(
            looks(&Disk, r#"{"path": "/a", "need": "much"}"#),
            "parameter `need`: `much` is no size such as `500MB` or `2GiB`"
        );
        assert_eq!(
            looks(&Disk, r#"{"path": "", "need": 1}"#),
            "parameter `path`: is empty"
        );
    }

    #[test]
    fn enough_or_low() {
        let check = |need: &str, expected: &str| {
            let space = DiskSpace {
                free_bytes: 2_000_000_000,
                total_bytes: 10_000_000_000,
            };
            let json = format!(r#"{{"path": "/a", "need": "{need}"}}"#);
            let judged = judge(&Disk, &json, Os::Linux, Ok(Reply::Disk(space)));
            assert_eq!(end(&judged), expected, "{need}");
            assert_eq!(
                facts(&judged),
                r#"{"free_bytes":2000000000,"total_bytes":10000000000}"#
            );
            judged
        };
        check("500MB", "enough");
        check("2GB", "enough");
        let low = check("2GiB", "low");
        assert_eq!(shown(&low), "/a: 2.0 GB free of 10.0 GB, 2.1 GB needed");
        check("2000000001", "low");
    }

    #[test]
    fn by_hand() {
        let check = |os, path: &str, expected: &str| {
            assert_eq!(
                commands(&Disk, &format!(r#"{{"path": "{path}", "need": 1}}"#), os),
                expected
            )
        };
        check(Os::Linux, "/opt/a b", "df -Pk -- '/opt/a b'");
        check(
            Os::Windows,
            r"C:\\x",
            "Get-PSDrive -Name C | Format-List Name, Root, Used, Free",
        );
        check(
            Os::Windows,
            "ü",
            "Get-PSDrive -PSProvider FileSystem | Format-List Name, Root, Used, Free",
        );
    }
}
