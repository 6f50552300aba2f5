//! For tests: a file system that is full, as one that may hold so much.

use std::{fs, path::Path, process::Command, thread, time::Duration};

use tempfile::TempDir;

/// The room that there is, in bytes.
const ROOM: usize = 64 << 10;
/// How often it is tried again to unmount it.
const TRIES: usize = 100;

/// A folder with its own little file system below it, which goes with this.
pub(in crate::app) struct LittleDisk {
    folder: TempDir,
}

impl LittleDisk {
    /// `None`, which is said, where none can be made: only root may.
    pub fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let size = format!("size={}k", ROOM >> 10);
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder.path())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self { folder });
        }
        eprintln!("left out: no file system can be mounted here");
        None
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all the room that is left with one file.
    pub fn fill(&self) {
        // It is written as far as it goes.
        let _ = fs::write(self.full(), vec![0; ROOM]);
    }

    /// Gives that room back.
    pub fn clear(&self) {
        fs::remove_file(self.full()).expect("it was filled");
    }

    fn full(&self) -> std::path::PathBuf {
        self.path().join("full")
    }
}

impl Drop for LittleDisk {
    fn drop(&mut self) {
        let unmount = || {
            let unmounted = Command::new("umount").arg(self.folder.path()).output();
            unmounted.is_ok_and(|output| output.status.success())
        };
        // A program that another test is starting holds this one's files open until it has begun.
        let later = || {
            thread::sleep(Duration::from_millis(50));
            unmount()
        };
        let is_gone = unmount() || (0..TRIES).any(|_| later());
        assert!(is_gone || thread::panicking(), "it stays mounted");
    }
}
