//! Free space where a path lies.

use crate::{
    finding::{Reason, Unknown},
    host::DiskSpace,
};

#[cfg(unix)]
pub(super) fn space(path: &str) -> Result<DiskSpace, Unknown> {
    let space =
        rustix::fs::statvfs(path).map_err(|error| super::files::failed(path, &error.into()))?;
    // Some file systems give no fragment size; blocks then count in `f_bsize`.
    let unit = if space.f_frsize == 0 {
        space.f_bsize
    } else {
        space.f_frsize
    };
    if space.f_blocks == 0 {
        return Err(Unknown::new(
            Reason::NotAvailable,
            format!("{path}: its file system tells no sizes"),
        ));
    }
    Ok(DiskSpace {
        free_bytes: space.f_bavail.saturating_mul(unit),
        total_bytes: space.f_blocks.saturating_mul(unit),
    })
}

#[cfg(not(unix))]
pub(super) fn space(path: &str) -> Result<DiskSpace, Unknown> {
    use std::path::Path;

    use sysinfo::Disks;

    std::fs::metadata(path).map_err(|error| super::files::failed(path, &error))?;
    let untold =
        |why: &dyn std::fmt::Display| Unknown::new(Reason::NotAvailable, format!("{path}: {why}"));
    let disks = Disks::new_with_refreshed_list().map_err(|error| untold(&error))?;
    let starts = |mount: &Path| {
        let mount = mount.to_string_lossy().to_lowercase();
        path.replace('/', "\\")
            .to_lowercase()
            .starts_with(&mount)
            .then_some(mount.len())
    };
    let disk = disks
        .iter()
        .filter_map(|disk| starts(disk.mount_point()).map(|length| (length, disk)))
        .max_by_key(|(length, _)| *length);
    match disk {
        Some((_, disk)) => Ok(DiskSpace {
            free_bytes: disk.available_space(),
            total_bytes: disk.total_space(),
        }),
        None => Err(untold(&"no disk is known to hold it")),
    }
}
