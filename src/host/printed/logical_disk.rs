//! What `wmic logicaldisk`, `Get-CimInstance Win32_LogicalDisk` and `Get-Volume` print of a drive, in bytes. Sizes that are
//! rounded, as in the tables of `Get-Volume` and `Get-PSDrive`, tell nothing.

use super::{
    Read,
    columns::{cell, tables},
    format_list::{blocks, value},
};
use crate::{
    finding::{Reason, Unknown},
    host::DiskSpace,
};

/// A drive, what is free, its size, as they stand there.
type Drive = [Option<String>; 3];

const LETTER: &[&str] = &["DeviceID", "Caption", "DriveLetter", "Name"];
const FREE: &[&str] = &["FreeSpace", "SizeRemaining", "Free (GB)"];
const SIZE: &[&str] = &["Size", "Used (GB)"];

/// Reads what it printed of the drive that `path` begins with.
pub fn read(text: &str, path: &str) -> Read<DiskSpace> {
    let letter = path.get(..1).filter(|_| path[1..].starts_with(':'))?;
    let is_wanted = |drive: &&Drive| {
        let name = drive[0].as_deref().unwrap_or_default();
        name.trim_end_matches(['\\', ':'])
            .eq_ignore_ascii_case(letter)
            && drive[1].is_some()
    };
    let drives = drives(text);
    let drive = drives.iter().find(is_wanted)?;
    let bytes = |at: usize| drive[at].as_ref().and_then(|text| text.parse::<u64>().ok());
    let (free, total) = (bytes(1), bytes(2));
    Some(match (free, total) {
        (Some(free_bytes), Some(total_bytes)) => Ok(DiskSpace {
            free_bytes,
            total_bytes,
        }),
        _ => Err(Unknown::new(
            Reason::NotWhole,
            format!("what is free on {letter}: and its size do not stand there in bytes"),
        )),
    })
}

/// A drive whose properties `get` knows by their names.
fn drive(get: impl Fn(&str) -> Option<String>) -> Drive {
    [LETTER, FREE, SIZE].map(|names| names.iter().find_map(|name| get(name)))
}

fn drives(text: &str) -> Vec<Drive> {
    let mut drives: Vec<Drive> = blocks(text)
        .iter()
        .map(|block| drive(|name| value(block, name).map(str::to_owned)))
        .collect();
    for (heading, rows) in tables(text, '-') {
        drives.extend(
            rows.iter()
                .map(|row| drive(|name| cell(&heading, row, name).map(str::to_owned))),
        );
    }
    // `wmic … /format:list`
    for block in text.split("\n\n") {
        drives.push(drive(|name| {
            let value = block
                .lines()
                .find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='));
            value.filter(|value| !value.is_empty()).map(str::to_owned)
        }));
    }
    drives.extend(wmic_table(text));
    drives
}

/// A heading without a mark below it; a row with fewer words has an empty cell, and nobody knows which.
fn wmic_table(text: &str) -> Vec<Drive> {
    let mut heading: Vec<&str> = Vec::new();
    let mut drives = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.contains(&"FreeSpace") && words.iter().any(|word| LETTER.contains(word)) {
            heading = words;
        } else if !heading.is_empty() && words.len() == heading.len() {
            drives.push(drive(|name| {
                let at = heading.iter().position(|known| *known == name)?;
                words.get(at).map(|&word| word.to_owned())
            }));
        }
    }
    drives
}
