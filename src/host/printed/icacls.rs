//! What `icacls` prints of one path: that it is there, and who has which rights. Accounts are named in the machine's
//! language; what is wrong with a path is read in English and German. Deliberately absent: whether it is a folder, and
//! whether somebody may read or write it, which groups, owners and shares decide too.

use std::sync::LazyLock;

use regex::Regex;

use super::Read;
use crate::{
    finding::{Reason, Unknown},
    host::FileMeta,
};

/// Domains of accounts whose names hold a blank, where accounts have one.
const DOMAINS: [&str; 4] = [
    "NT AUTHORITY",
    "NT SERVICE",
    "APPLICATION PACKAGE AUTHORITY",
    "Mandatory Label",
];
/// Accounts of no domain whose names hold a blank.
const ACCOUNTS: [&str; 2] = ["CREATOR OWNER", "CREATOR GROUP"];
/// What the system says of a path that leads nowhere.
const ABSENT: [&str; 4] = [
    "The system cannot find the file specified",
    "The system cannot find the path specified",
    "Das System kann die angegebene Datei nicht finden",
    "Das System kann den angegebenen Pfad nicht finden",
];
const DENIED: [&str; 2] = ["Access is denied", "Zugriff verweigert"];

/// Reads what it printed of `path`; the inner `None`: there is nothing.
pub fn read(text: &str, path: &str) -> Read<Option<FileMeta>> {
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().enumerate().find_map(|(at, line)| {
        let behind = behind(line, path)?;
        match behind.strip_prefix(": ") {
            Some(says) => failed(path, says),
            None => {
                let named = line.chars().count() - behind.chars().count();
                rights(behind.strip_prefix(' ')?, named + 1, &lines[at + 1..]).map(|access| {
                    Ok(Some(FileMeta {
                        access,
                        ..FileMeta::there(path)
                    }))
                })
            }
        }
    })
}

/// What stands behind the path that a line begins with. PowerShell puts the program's name before an error.
fn behind<'l>(line: &'l str, path: &str) -> Option<&'l str> {
    let line = line.trim_start();
    let line = ["icacls : ", "icacls.exe : "]
        .iter()
        .find_map(|program| line.strip_prefix(program))
        .unwrap_or(line);
    let same = |a: char, b: char| {
        let slash = |c: char| if c == '/' { '\\' } else { c };
        slash(a).to_lowercase().eq(slash(b).to_lowercase())
    };
    let mut rest = line.chars();
    for wanted in path.trim_end_matches(['\\', '/']).chars() {
        if !same(rest.next()?, wanted) {
            return None;
        }
    }
    let rest = rest.as_str();
    Some(rest.strip_prefix(['\\', '/']).unwrap_or(rest))
}

fn failed(path: &str, says: &str) -> Option<Result<Option<FileMeta>, Unknown>> {
    let sentence = says.trim().trim_end_matches('.');
    if ABSENT.contains(&sentence) {
        return Some(Ok(None));
    }
    DENIED.contains(&sentence).then(|| {
        let why = format!("{path}: {}", says.trim());
        Err(Unknown::new(Reason::NoRight, why))
    })
}

/// Who has which rights: behind the path, and in the lines below, which stand as far from the left.
fn rights(first: &str, column: usize, below: &[&str]) -> Option<Vec<String>> {
    let first = first.trim();
    let account = account(first)?;
    let below: Vec<(usize, &str)> = below
        .iter()
        .map(|line| {
            (
                line.chars().count() - line.trim_start().chars().count(),
                line.trim(),
            )
        })
        .take_while(|(_, line)| self::account(line).is_some())
        .collect();
    // A path may go on behind a blank, and only how far the next lines stand from the left tells where it ends.
    let ends = match below.first() {
        Some((indent, _)) if *indent > 0 => *indent == column,
        _ => is_account(account),
    };
    let below = below.into_iter().map(|(_, line)| line.to_owned());
    ends.then(|| std::iter::once(first.to_owned()).chain(below).collect())
}

/// The account of `BUILTIN\Administrators:(I)(OI)(CI)(F)`.
fn account(line: &str) -> Option<&str> {
    static RIGHTS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^([^:]+):(?:\([A-Z]+(?:,[A-Z]+)*\))+$").ok());
    let found = RIGHTS.as_ref()?.captures(line)?;
    found.get(1).map(|account| account.as_str())
}

/// Is an account without doubt, and nothing of a path stands before it.
fn is_account(name: &str) -> bool {
    match name.split_once('\\') {
        Some((domain, _)) => !domain.contains(' ') || DOMAINS.contains(&domain),
        None => !name.contains(' ') || ACCOUNTS.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_path_ends() {
        let check = |text: &str, expected: Option<&[&str]>| {
            let found = read(text, r"C:\mid").map(|read| {
                let meta = read.expect("it tells").expect("it is there");
                meta.access
            });
            let expected: Option<Vec<String>> =
                expected.map(|all| all.iter().map(|&one| one.to_owned()).collect());
            assert_eq!(found, expected, "{text:?}");
        };
        check(r"C:\mid A\b:(F)", Some(&[r"A\b:(F)"]));
        check(r"c:/MID\ A\b:(F)", Some(&[r"A\b:(F)"]));
        check(
            r"C:\mid HOST\Jane Doe:(RX,W)",
            Some(&[r"HOST\Jane Doe:(RX,W)"]),
        );
        check(
            r"C:\mid NT SERVICE\x:(DENY)(W)",
            Some(&[r"NT SERVICE\x:(DENY)(W)"]),
        );
        check(r"C:\mid Jeder:(N)", Some(&["Jeder:(N)"]));
        // Of `C:\mid old`, and of what is below.
        check(r"C:\mid old A\b:(F)", None);
        check(r"C:\mid old Jeder:(F)", None);
        check("C:\\mid old A\\b:(F)\n           A\\c:(F)", None);
        check(r"C:\mid\bin A\b:(F)", None);
        check(r"C:\midst A\b:(F)", None);
        // Domains of any language, where the next line tells where the path ends.
        check(
            "C:\\mid NT-AUTORITÄT X\\SYSTEM:(F)\n       A\\c:(F)",
            Some(&[r"NT-AUTORITÄT X\SYSTEM:(F)", r"A\c:(F)"]),
        );
        check(
            "  C:\\mid A\\b:(F)\n         A\\c:(F)\n\nD\\e:(F)",
            Some(&[r"A\b:(F)", r"A\c:(F)"]),
        );
        check(
            "C:\\mid A\\b:(F)\nA\\c:(F)",
            Some(&[r"A\b:(F)", r"A\c:(F)"]),
        );
        check(r"C:\mid A\b:(I)(O", None);
        check(r"C:\mid is a folder", None);
    }

    #[test]
    fn what_is_wrong_with_it() {
        let check = |text: &str, expected: Option<Result<(), Reason>>| {
            let found = read(text, r"C:\mid").map(|read| match read {
                Ok(meta) => {
                    assert_eq!(meta, None, "{text}");
                    Ok(())
                }
                Err(unknown) => Err(unknown.reason),
            });
            assert_eq!(found, expected, "{text}");
        };
        check(
            r"C:\mid: The system cannot find the file specified.",
            Some(Ok(())),
        );
        check(
            r"icacls : C:\mid: Das System kann den angegebenen Pfad nicht finden.",
            Some(Ok(())),
        );
        check(r"C:\mid: Access is denied.", Some(Err(Reason::NoRight)));
        check(r"C:\mid: Zugriff verweigert", Some(Err(Reason::NoRight)));
        check(
            r"C:\mid\x: The system cannot find the file specified.",
            None,
        );
        check(r"C:\mid: The system cannot find the fi", None);
        check(r"C:\mid: Le fichier spécifié est introuvable.", None);
    }
}
