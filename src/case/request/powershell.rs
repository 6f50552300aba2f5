//! A request as a script for Windows PowerShell 5.1.

use super::{Asked, Request, answer::FORM, masks, sh::comment, sought::Sought};
use crate::{finding::Os, probe::shell};

const FRAME: &str = include_str!("frame.ps1");

/// The script, with a byte-order mark, since PowerShell 5.1 takes a file without one for the system's code page. Whatever
/// comes from a tree or a case stands in single quotes, or in text that is not read.
pub(super) fn script(request: &Request) -> String {
    let example = match request.sought.first() {
        Some(sought) => format!(
            "#   powershell -ExecutionPolicy Bypass -File FILE -{} C:\\the\\folder\n{}tell it a folder that it did not find\n",
            sought.name,
            "#                                                                          "
        ),
        None => String::new(),
    };
    let parameters: Vec<String> = request
        .sought
        .iter()
        .map(|sought| format!("    [string]${} = ''", sought.name))
        .collect();
    let parts = [
        ("@TITLE@", comment(&request.title)),
        ("@TOLD@", request.told().to_owned()),
        ("@EXAMPLE@", example),
        ("@PARAMETERS@", parameters.join(",\n")),
        ("@STAYS@", quoted(masks::STAYS)),
        ("@KEPT@", quoted(masks::KEPT)),
        ("@ABOUT@", quoted(masks::ABOUT)),
        ("@GOES_ON@", quoted(masks::GOES_ON)),
        ("@FOLDER@", quoted(masks::FOLDER)),
        ("@NO_REST@", quoted(masks::NO_REST)),
        ("@MASKS@", rules()),
        ("@COUNT@", request.looks.len().to_string()),
        ("@FORM@", FORM.to_string()),
        ("@PROGRAM@", env!("CARGO_PKG_VERSION").to_owned()),
        ("@TREE@", request.tree.to_string()),
        ("@HASH@", request.hash.clone()),
        ("@OS@", request.os.name().to_owned()),
        ("@SEEK@", lines(&request.sought, seek)),
        ("@KNOWN@", known(request)),
        ("@LOOKS@", lines(&request.looks, look)),
    ];
    let script = super::filled(FRAME, &parts);
    format!("\u{feff}{}", script.replace('\n', "\r\n"))
}

fn lines<T>(all: &[T], line: impl Fn(&T) -> String) -> String {
    let lines: Vec<String> = all.iter().map(line).collect();
    lines.join("\n")
}

/// In single quotes. A tab is none of the control characters that no command may have: the masks have them.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for letter in text.chars() {
        if matches!(letter, '\'' | '\u{2018}'..='\u{201b}') {
            quoted.push(letter);
        }
        quoted.push(letter);
    }
    quoted.push('\'');
    quoted
}

fn seek(sought: &Sought) -> String {
    let globs: Vec<String> = sought
        .globs
        .iter()
        .filter_map(|glob| shell::literal(glob, Os::Windows))
        .collect();
    let (name, folder) = (&sought.name, sought.folder);
    format!(
        "if (${name} -ne '') {{ Test-Plain '{name}' ${name} }} else {{ ${name} = Find-Path '{name}' ${folder} @({}) }}\n\
         if (${name} -ne '') {{ $inputs['{name}'] = ${name} }}",
        globs.join(", ")
    )
}

fn known(request: &Request) -> String {
    let case = request.case.iter().map(|case| format!("case {case}"));
    let known = request.known.iter();
    let known = known.map(|(name, text)| format!("input {name}={text}"));
    let said = case
        .chain(known)
        .map(|line| format!("$lines.Add({})", quoted(&line)));
    let found = request.sought.iter().map(|sought| {
        let name = &sought.name;
        format!("if ($inputs.ContainsKey('{name}')) {{ $lines.Add('input {name}=' + $inputs['{name}']) }}")
    });
    let all: Vec<String> = said.chain(found).collect();
    all.join("\n")
}

fn look(asked: &Asked) -> String {
    let mut text = format!("Start-Look {}\n", quoted(&asked.line()));
    for (at, command) in asked.commands.iter().enumerate() {
        // A text between these signs is not read: it ends with a line of its own.
        text += &format!("Invoke-Command-Text {} @'\n{command}\n'@\n", at + 1);
    }
    let tests: Vec<String> = asked
        .needs
        .iter()
        .map(|name| format!("$inputs.ContainsKey('{name}')"))
        .collect();
    if tests.is_empty() {
        return text;
    }
    format!("if ({}) {{\n{text}}}", tests.join(" -and "))
}

/// The table of masks.
fn rules() -> String {
    let rule = |mask: &masks::Mask| {
        let rule = format!("(?<before>{})(?<value>{})", mask.before, mask.value);
        format!(
            "    @{{ Rule = New-Rule {}; After = New-Rule {}; Tail = {} }}",
            quoted(&rule),
            quoted(&format!("^{}", mask.after)),
            mask.tail
        )
    };
    let rules: Vec<String> = masks::masks().iter().map(rule).collect();
    rules.join("\n")
}
