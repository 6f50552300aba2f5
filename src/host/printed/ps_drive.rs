//! What `Get-PSDrive … | Format-List Name, Root, Used, Free` prints: sizes in bytes.

use super::{
    Read, cut,
    format_list::{Block, blocks, value},
    no_program,
};
use crate::{
    finding::{Reason, Unknown},
    host::DiskSpace,
};

/// Reads what it printed of the drive that `path` begins with.
pub fn read(text: &str, path: &str) -> Read<DiskSpace> {
    if let Some(unknown) = no_program(text, "Get-PSDrive") {
        return Some(Err(unknown));
    }
    let drive = path
        .get(..2)
        .filter(|drive| drive.ends_with(':'))
        .map(|drive| &drive[..1]);
    if let Some(error) = text
        .lines()
        .map(str::trim)
        .find(|line| line.contains("DriveNotFound") || line.contains("Cannot find drive"))
    {
        return Some(Err(Unknown::new(Reason::NotAvailable, error.to_owned())));
    }
    let all = blocks(text);
    let drives: Vec<&Block> = all
        .iter()
        .filter(|block| value(block, "Root").is_some())
        .collect();
    let found = match drive {
        Some(drive) => drives.iter().find(|block| {
            value(block, "Name").is_some_and(|name| name.eq_ignore_ascii_case(drive))
        }),
        // A path without a drive lies on one that only the only one can be.
        None => drives.first().filter(|_| drives.len() == 1),
    }?;
    let number = |name: &str| value(found, name).and_then(|value| value.parse::<u64>().ok());
    Some(match (number("Used"), number("Free")) {
        (Some(used), Some(free)) => Ok(DiskSpace {
            free_bytes: free,
            total_bytes: used.saturating_add(free),
        }),
        _ => Err(cut(
            "Get-PSDrive",
            "`Used` and `Free` in bytes do not both stand there",
        )),
    })
}
