//! What a script of `waypost ask` gathered on the host, opened elsewhere. What it could not ask for yet, since an input is known
//! only from evidence, a second script asks for, as the case says.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;

use super::{Walked, programs::Programs};
use crate::{
    hosts::{case::HostCase, laid_out::LaidOut},
    support::{fed_or_over, program},
};

/// More scripts than any case needs.
const MOST_SCRIPTS: usize = 3;
/// More answers than any walk needs.
const MOST_ANSWERS: usize = 30;

pub fn walk(
    case: &HostCase,
    laid_out: &LaidOut,
    programs: &Programs,
    tree: &str,
    by_hand: &[(&str, &str)],
) -> Result<Walked, String> {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let desk = Desk(elsewhere.path());
    let inputs: Vec<String> = case
        .inputs(laid_out.values())
        .into_iter()
        .flat_map(|(name, value)| ["--input".to_owned(), format!("{name}={value}")])
        .collect();
    let mut first = vec!["ask", tree, "--os", "linux"];
    first.extend(inputs.iter().map(String::as_str));
    desk.sent(&first, programs)?;
    let name = desk.case()?;
    for _ in 1..MOST_SCRIPTS {
        if ended(&desk.report(&name)?) {
            break;
        }
        // There may be nothing left to ask for, or no answer to it.
        if desk.sent(&["ask", "--case", &name], programs).is_err() {
            break;
        }
    }
    for _ in 0..MOST_ANSWERS {
        let report = desk.report(&name)?;
        if ended(&report) {
            return Ok(Walked::of(&report));
        }
        let keys = format!("{}\nf\nq\n", answer(&report["questions"][0], by_hand));
        desk.run(&["--plain", "resume", &name], &keys)?;
    }
    Err(format!(
        "it does not end:\n{}",
        Walked::of(&desk.report(&name)?)
    ))
}

/// What a person types at what is still open: the answer's number, 0 for *I don't know*; an input takes what is offered.
fn answer(question: &Value, by_hand: &[(&str, &str)]) -> String {
    let answers = question["answers"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    if answers.is_empty() {
        return String::new();
    }
    let place = format!(
        "{}/{}",
        question["tree"].as_str().unwrap_or_default(),
        question["node"].as_str().unwrap_or_default()
    );
    let known = by_hand.iter().find(|(known, _)| *known == place);
    let number = known.and_then(|(_, known)| answers.iter().position(|answer| answer == known));
    number.map_or(0, |at| at + 1).to_string()
}

fn ended(report: &Value) -> bool {
    !report["conclusion"].is_null()
}

/// Where the answers are opened: another machine, which knows nothing of the host.
struct Desk<'a>(&'a Path);

impl Desk<'_> {
    fn run(&self, arguments: &[&str], keys: &str) -> Result<String, String> {
        let mut program = program(self.0, arguments);
        program
            .env("WAYPOST_CASES", self.0.join("cases"))
            .stderr(Stdio::piped());
        let output = fed_or_over(&mut program, keys);
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(format!(
            "{arguments:?}: {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ))
    }

    /// Writes a script, runs it on the host, and opens what came of it, by evidence alone.
    fn sent(&self, ask: &[&str], programs: &Programs) -> Result<(), String> {
        self.run(&[ask, &["-o", "ask.sh", "--force"]].concat(), "")?;
        let answer = self.answered(programs)?;
        let answer = answer.display().to_string();
        self.run(&["--plain", "open", &answer], "f\nq\n")?;
        Ok(())
    }

    fn answered(&self, programs: &Programs) -> Result<PathBuf, String> {
        let there = tempfile::tempdir_in(self.0).expect("a folder").keep();
        let output = programs
            .shell()
            .arg(self.0.join("ask.sh"))
            .current_dir(&there)
            .output()
            .map_err(|error| error.to_string())?;
        let answer = fs::read_dir(&there).expect("the folder").flatten().next();
        match (output.status.success(), answer) {
            (true, Some(answer)) => Ok(answer.path()),
            _ => Err(format!(
                "the script: {}: {}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            )),
        }
    }

    fn case(&self) -> Result<String, String> {
        let mut cases = fs::read_dir(self.0.join("cases"))
            .map_err(|error| error.to_string())?
            .flatten();
        match (cases.next(), cases.next()) {
            (Some(case), None) => Ok(case.file_name().to_string_lossy().into_owned()),
            _ => Err("there is not one case".to_owned()),
        }
    }

    fn report(&self, case: &str) -> Result<Value, String> {
        let json = self.run(&["report", case, "--format", "json"], "")?;
        serde_json::from_str(&json).map_err(|error| format!("{error}: {json}"))
    }
}
