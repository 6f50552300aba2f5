//! Free space where a path lies.

#[cfg(any(not(unix), test))]
use crate::{
    finding::Os,
    host::{glob::same, path::split},
};
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
    use sysinfo::Disks;

    std::fs::metadata(path).map_err(|error| super::files::failed(path, &error))?;
    let untold =
        |why: &dyn std::fmt::Display| Unknown::new(Reason::NotAvailable, format!("{path}: {why}"));
    let disks = Disks::new_with_refreshed_list().map_err(|error| untold(&error))?;
    let disk = disks
        .iter()
        .filter_map(|disk| {
            holds(&disk.mount_point().to_string_lossy(), path).map(|deep| (deep, disk))
        })
        .max_by_key(|(deep, _)| *deep);
    match disk {
        Some((_, disk)) => Ok(DiskSpace {
            free_bytes: disk.available_space(),
            total_bytes: disk.total_space(),
        }),
        None => Err(untold(&"no disk is known to hold it")),
    }
}

/// How deep a disk's folder lies that holds the path; of several the deepest holds it. `None` where it does not.
#[cfg(any(not(unix), test))]
fn holds(mount: &str, path: &str) -> Option<usize> {
    let (mount, path) = (split(mount, Os::Windows)?, split(path, Os::Windows)?);
    let same = |a: &str, b: &str| same(a, b, Os::Windows);
    let above = mount.names.len() <= path.names.len()
        && (mount.names.iter().zip(&path.names)).all(|(a, b)| same(a, b));
    (above && same(&mount.root, &path.root)).then_some(mount.names.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_folder_of_a_disk_holds_a_path() {
        #[track_caller]
        fn check(mount: &str, path: &str, expected: Option<usize>) {
            assert_eq!(holds(mount, path), expected, "{mount} {path}");
        }
        check(r"C:\", r"c:/ServiceNow/agent", Some(0));
        check(r"C:\", r"C:", Some(0));
        check(r"C:\", r"\\?\C:\x", Some(0));
        check(r"C:\", r"D:\x", None);
        check(r"C:\Mid\", r"C:\mid\agent", Some(1));
        check(r"C:\mid", r"C:\mid", Some(1));
        // A folder whose name only begins so lies elsewhere.
        check(r"C:\mid", r"C:\middle\agent", None);
        check(r"C:\mid\a", r"C:\mid", None);
        check(r"\\files\mid", r"\\FILES\mid\agent", Some(0));
        check(r"\\files\mid", r"\\files\other\agent", None);
        check(r"C:\", r"\\files\mid\agent", None);
    }
}
