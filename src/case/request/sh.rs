//! A request as a script for any POSIX shell.

use super::{Asked, Request, answer::FORM, masks, sought::Sought};
use crate::{finding::Os, probe::shell};

const FRAME: &str = include_str!("frame.sh");
const AWK: &str = include_str!("mask.awk");

/// The script. Whatever comes from a tree or a case stands in single quotes, or in text that the shell does not read.
pub(super) fn script(request: &Request) -> String {
    let names: Vec<&str> = request
        .sought
        .iter()
        .map(|sought| sought.name.as_str())
        .collect();
    let example = match names.first() {
        Some(name) => format!(
            "#   sh FILE {name}=/the/folder\n#                                    tell it a folder that it did not find\n"
        ),
        None => String::new(),
    };
    let parts = [
        ("@TITLE@", comment(&request.title)),
        ("@TOLD@", request.told().to_owned()),
        ("@EXAMPLE@", example),
        ("@VARIABLES@", lines(&request.sought, variable)),
        ("@ARGUMENTS@", lines(&request.sought, argument)),
        (
            "@NAMES@",
            match names.as_slice() {
                [] => "nothing, since it takes no arguments".to_owned(),
                names => format!("{}=PATH", names.join("=PATH, ")),
            },
        ),
        (
            "@AWK@",
            AWK.trim_end().replace("@RULES@", rules().trim_end()),
        ),
        ("@COUNT@", request.looks.len().to_string()),
        ("@FORM@", FORM.to_string()),
        ("@PROGRAM@", env!("CARGO_PKG_VERSION").to_owned()),
        ("@TREE@", request.tree.to_string()),
        ("@HASH@", request.hash.clone()),
        ("@OS@", request.os.name().to_owned()),
        ("@KNOWN@", known(request)),
        ("@SEEK@", lines(&request.sought, seek)),
        ("@LOOKS@", lines(&request.looks, look)),
    ];
    super::filled(FRAME, &parts)
}

/// A text that stays within its comment.
pub(super) fn comment(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn lines<T>(all: &[T], line: impl Fn(&T) -> String) -> String {
    let lines: Vec<String> = all.iter().map(line).collect();
    lines.join("\n")
}

pub(super) fn quoted(text: &str) -> String {
    shell::literal(text, Os::Linux).unwrap_or_else(|| "''".to_owned())
}

fn variable(sought: &Sought) -> String {
    format!("{0}=\nexport {0}", sought.variable())
}

fn argument(sought: &Sought) -> String {
    let (name, variable) = (&sought.name, sought.variable());
    format!("        {name}=*) {variable}=${{argument#*=}}; plain {name} \"${variable}\" ;;")
}

fn seek(sought: &Sought) -> String {
    let globs: Vec<String> = sought
        .globs
        .iter()
        .filter_map(|glob| shell::glob(glob, Os::Linux))
        .collect();
    let (name, variable) = (&sought.name, sought.variable());
    let kind = if sought.folder { "folder" } else { "file" };
    format!(
        "if [ -z \"${variable}\" ]; then\n    path_kind={kind}\n    seek {name} {}\n    {variable}=$found\nfi",
        globs.join(" ")
    )
}

fn known(request: &Request) -> String {
    let case = request
        .case
        .iter()
        .map(|case| format!("    printf '%s\\n' {}", quoted(&format!("case {case}"))));
    let known = request.known.iter().map(|(name, text)| {
        format!(
            "    printf '%s\\n' {}",
            quoted(&format!("input {name}={text}"))
        )
    });
    let found = request.sought.iter().map(|sought| {
        let (name, variable) = (&sought.name, sought.variable());
        format!("    [ -z \"${variable}\" ] || printf '%s\\n' \"input {name}=${variable}\"")
    });
    let all: Vec<String> = case.chain(known).chain(found).collect();
    all.join("\n")
}

fn look(asked: &Asked) -> String {
    let mut text = format!("    look {}\n", asked.line());
    for (at, command) in asked.commands.iter().enumerate() {
        text += &format!(
            "    run {} <<'WAYPOST_END'\n{command}\nWAYPOST_END\n",
            at + 1
        );
    }
    let tests: Vec<String> = asked
        .needs
        .iter()
        .map(|name| format!("[ -n \"$input_{name}\" ]"))
        .collect();
    if tests.is_empty() {
        return text;
    }
    format!("    if {}; then\n{text}    fi", tests.join(" && "))
}

/// The table of masks as assignments of awk.
fn rules() -> String {
    let text = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let mut all = String::new();
    for (name, expression) in [
        ("stays", masks::STAYS),
        ("kept", masks::KEPT),
        ("about", masks::ABOUT),
        ("goes_on", masks::GOES_ON),
        ("folder", masks::FOLDER),
        ("no_rest", masks::NO_REST),
    ] {
        all += &format!("    {name} = {}\n", text(expression));
    }
    for (at, mask) in masks::masks().iter().enumerate() {
        let at = at + 1;
        all += &format!(
            "    before[{at}] = {}; value[{at}] = {}; after[{at}] = {}; tail[{at}] = {}; rules = {at}\n",
            text(&mask.before),
            text(mask.value),
            text(&mask.after),
            mask.tail
        );
    }
    all
}
