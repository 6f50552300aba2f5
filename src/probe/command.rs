//! `command`: what a program answers. Never through a shell.

mod manual;

use crate::{
    finding::{Evidence, Os, Unknown, Value},
    host::{Look, ProgramReply, Reply, printed},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        excerpt::first_lines,
        judging::{captured, only},
        params::{Given, senseless},
        pasted::Pasted,
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
            role: Role::Target,
            required: true,
            doc: "the program and its arguments",
        },
        ParamSpec {
            name: "capture",
            ty: ParamType::Captures,
            role: Role::Judged,
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

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        let given = Given(params);
        given.captures("capture")?;
        Ok(vec![Look::Program {
            run: program(params)?,
        }])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        let captures = match Given(params).captures("capture") {
            Ok(captures) => captures,
            Err(unknown) => return Judged::unknown(unknown),
        };
        let program = match only(replies) {
            Ok(Reply::Program(program)) => program,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        let run = program_line(params);
        let (status, stdout, stderr) = match program {
            ProgramReply::Exited {
                status,
                stdout,
                stderr,
            } => (status, stdout, stderr),
            ProgramReply::Missing => {
                let text = format!(
                    "there is no program `{}`",
                    run.first().map_or("", String::as_str)
                );
                return Judged::outcome("missing").evidence(Evidence::plain(text));
            }
        };
        let shown = Evidence {
            file: Some(run.join(" ")),
            text: format!("exited with {status}"),
            after: first_lines(&stdout, SHOWN)
                .into_iter()
                .chain(first_lines(&stderr, SHOWN))
                .collect(),
            ..Evidence::default()
        };
        Judged::outcome("exited")
            .fact("status", i64::from(status))
            .fact("captures", captured(&captures, &[&stdout, &stderr]))
            .fact("stdout", stdout)
            .fact("stderr", stderr)
            .evidence(shown)
    }

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let run = program(params)?;
        let name = run.first().map_or("", String::as_str);
        let pasted = Pasted::new(self, params, os, text)?
            .expecting(format!("what the command to copy prints of `{name}`"));
        let read = printed::program::read(&pasted.text(), name, os);
        pasted.only(read.map(|read| read.map(Reply::Program)))
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        manual::command(&program_line(params), os)
            .map(|command| Manual::new(command, "its last line is the exit status"))
            .into_iter()
            .collect()
    }
}

/// How many lines of each output are shown.
const SHOWN: usize = 12;

fn program(params: &Params) -> Result<Vec<String>, Unknown> {
    let Some(Value::List(run)) = params.get("run") else {
        return Err(senseless(
            "run",
            "is no list of a program and its arguments",
        ));
    };
    // An argument may be empty, the program not.
    let run: Result<Vec<String>, Unknown> = run
        .iter()
        .map(|word| match word {
            Value::Text(word) if word.contains('\0') => Err(senseless("run", "has a NUL in it")),
            Value::Text(word) => Ok(word.clone()),
            Value::Int(number) => Ok(number.to_string()),
            Value::Float(number) => Ok(number.to_string()),
            Value::Bool(truth) => Ok(truth.to_string()),
            _ => Err(senseless("run", "holds something that is no text")),
        })
        .collect();
    match run?.as_slice() {
        [] => Err(senseless("run", "is empty")),
        [program, ..] if program.trim().is_empty() => Err(senseless("run", "names no program")),
        run => Ok(run.to_vec()),
    }
}

fn program_line(params: &Params) -> Vec<String> {
    program(params).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::judging::trial::{commands, end, facts, judge, looks, shown};

    #[test]
    fn exited() {
        let reply = ProgramReply::Exited {
            status: -1,
            stdout: "a\nb\n".to_owned(),
            stderr: "Version: 1.2\n".to_owned(),
        };
        let json = r#"{"run": ["x", "-t"], "capture": {"version": "version: (\\S+)", "whole": "^b$", "no": "c"}}"#;
        let judged = judge(&Command, json, Os::Linux, Ok(Reply::Program(reply)));
        assert_eq!(end(&judged), "exited");
        assert_eq!(
            facts(&judged),
            r#"{"status":-1,"captures":{"version":"1.2","whole":"b"},"stdout":"a\nb\n","stderr":"Version: 1.2\n"}"#
        );
        assert_eq!(shown(&judged), "x -t: exited with -1");
        assert_eq!(judged.evidence[0].after, ["a", "b", "Version: 1.2"]);
    }

    #[test]
    fn missing() {
        let judged = judge(
            &Command,
            r#"{"run": ["x", "-t"]}"#,
            Os::Linux,
            Ok(Reply::Program(ProgramReply::Missing)),
        );
        assert_eq!(
            (end(&judged).as_str(), shown(&judged).as_str()),
            ("missing", "there is no program `x`")
        );
    }

    #[test]
    fn what_is_looked_at() {
        let check = |json: &str, expected: &str| assert_eq!(looks(&Command, json), expected);
        check(
            r#"{"run": ["x", "", 5]}"#,
            r#"[{"program":{"run":["x","","5"]}}]"#,
        );
        check(
            r#"{"run": "x -t"}"#,
            "parameter `run`: is no list of a program and its arguments",
        );
        check(r#"{"run": []}"#, "parameter `run`: is empty");
        check(r#"{"run": ["", "x"]}"#, "parameter `run`: names no program");
        check(
            r#"{"run": ["x", {"secret": "s"}]}"#,
            "parameter `run`: holds something that is no text",
        );
        check(
            r#"{"run": ["x"], "capture": {"a": "("}}"#,
            "parameter `capture.a`: `(` is no regular expression: unclosed group",
        );
    }

    #[test]
    fn by_hand() {
        let check = |run: &str, os, expected: &str| {
            let command = commands(&Command, &format!(r#"{{"run": {run}}}"#), os);
            assert!(command.contains(expected), "{command}");
        };
        check(
            r#"["/a b/x", "it's"]"#,
            Os::Linux,
            r"$('/a b/x' 'it'\''s' 2>&1 >&3 ",
        );
        check(r#"["id"]"#, Os::Linux, r"$(id 2>&1 >&3 ");
        check(
            r#"["sc", "query"]"#,
            Os::Windows,
            "-CommandType Application -Name 'sc' ",
        );
        check(r#"["sc", "a b"]"#, Os::Windows, "@(& $c 'a b' 2>&1)");
        check(
            r#"["C:\\a b\\x.exe"]"#,
            Os::Windows,
            r"Get-Item -Force -LiteralPath 'C:\a b\x.exe'",
        );
        assert_eq!(commands(&Command, r#"{"run": []}"#, Os::Linux), "");
        assert_eq!(
            commands(&Command, r#"{"run": ["a", "b\nc"]}"#, Os::Linux),
            ""
        );
    }
}
