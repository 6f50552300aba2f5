//! What a program printed and how it ended, between the marks that the command to copy sets: what stands between two marks
//! is whole, what is without one is not.

use super::{Read, cut};
use crate::{
    finding::{Os, Reason, Unknown},
    host::ProgramReply,
};

/// What the program printed begins below it.
pub const STDOUT: &str = "-- stdout --";
/// What it printed as errors begins below it.
pub const STDERR: &str = "-- stderr --";
/// Before its exit status, at the end.
pub const STATUS: &str = "exit status:";
/// What `sh` prints, before the status, where it found no program of the name.
pub const NONE: &str = "no such program";
/// What PowerShell prints, before the status, where it could not start the program; its reason follows.
pub const NOT_STARTED: &str = "not started:";

/// What shells end with where there is no such program, and where it could not be run.
const NOT_FOUND: i32 = 127;
const NOT_RUN: i32 = 126;

/// Reads what the command to copy printed of `program`; `None` where none of its marks stands there.
pub fn read(text: &str, program: &str, os: Os) -> Read<ProgramReply> {
    let lines: Vec<&str> = text.lines().collect();
    let places = |mark: &str| -> Vec<usize> {
        let is_mark = |(at, line): (usize, &&str)| (*line == mark).then_some(at);
        lines.iter().enumerate().filter_map(is_mark).collect()
    };
    let (starts, errors) = (places(STDOUT), places(STDERR));
    let end = lines
        .iter()
        .rposition(|line| line.starts_with(STATUS))
        .filter(|end| lines[end + 1..].iter().all(|line| line.trim().is_empty()));
    if starts.is_empty() && errors.is_empty() && end.is_none() {
        return None;
    }
    let lacks = |lacks: String| Some(Err(cut(program, &lacks)));
    let (&[start], &[middle]) = (starts.as_slice(), errors.as_slice()) else {
        for (mark, places) in [(STDOUT, &starts), (STDERR, &errors)] {
            match places.len() {
                0 => return lacks(format!("`{mark}` is missing")),
                1 => {}
                _ => {
                    let why = format!("`{mark}` stands there more than once");
                    return Some(Err(Unknown::new(Reason::Other, why)));
                }
            }
        }
        return None;
    };
    let Some(end) = end.filter(|end| start < middle && middle < *end) else {
        return lacks(format!("its end, `{STATUS} …`, is missing"));
    };
    let stdout = joined(&lines[start + 1..middle], os);
    let mut errors = &lines[middle + 1..end];
    let told = errors
        .last()
        .filter(|line| **line == NONE || line.starts_with(NOT_STARTED));
    if told.is_some() {
        errors = &errors[..errors.len() - 1];
    }
    let stderr = match joined(errors, Os::Windows) {
        blank if blank.trim().is_empty() => String::new(),
        stderr => stderr,
    };
    let status = lines[end][STATUS.len()..].trim();
    if let Some(reason) = told.and_then(|line| line.strip_prefix(NOT_STARTED)) {
        return Some(not_started(reason.trim(), program));
    }
    let Ok(status) = status.parse::<i32>() else {
        return lacks(format!("`{status}` is no exit status"));
    };
    // It ran where it printed something.
    if stdout.is_empty() && (told.is_some() && status == NOT_FOUND || status == NOT_RUN) {
        return Some(by_shell(status, stderr.trim(), program));
    }
    Some(Ok(ProgramReply::Exited {
        status,
        stdout,
        stderr,
    }))
}

/// The lines; `sh` sets an empty one before the mark that follows, so that the mark has a line of its own.
fn joined(lines: &[&str], os: Os) -> String {
    let mut text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
    if os != Os::Windows {
        text.pop();
    }
    text
}

/// What `sh` could not run.
fn by_shell(status: i32, said: &str, program: &str) -> Result<ProgramReply, Unknown> {
    // In a folder of the search path that may not be read there may be one.
    let refused = said.ends_with("Permission denied");
    // What the shell says of it stands there as well, unless a line was lost.
    if status == NOT_FOUND && !refused && said.contains(program) {
        return Ok(ProgramReply::Missing);
    }
    let reason = if refused {
        Reason::NoRight
    } else {
        Reason::Other
    };
    let said = match said {
        "" => format!("`{program}` could not be run"),
        said => said.to_owned(),
    };
    Err(Unknown::new(reason, said))
}

/// PowerShell's identifiers of errors are of no language.
fn not_started(reason: &str, program: &str) -> Result<ProgramReply, Unknown> {
    let of_a_path = program.contains(['/', '\\']);
    let id = reason.split(',').next().unwrap_or_default();
    match id {
        "PathNotFound" if of_a_path => Ok(ProgramReply::Missing),
        "CommandNotFoundException" if !of_a_path => Ok(ProgramReply::Missing),
        _ => Err(Unknown::new(
            Reason::Other,
            format!("`{program}` could not be started: {id}"),
        )),
    }
}
