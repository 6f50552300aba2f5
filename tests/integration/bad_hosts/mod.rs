//! Hosts that are broken or hostile in their files, looked at by the real program: each look ends in time and within
//! bounds of memory, says `unknown` with the reason where something was not seen, and the walk goes on.

mod changing;
mod configs;
mod logs;
mod names;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;

use crate::support::{Measured, measured, program};

/// What one look may take in memory, whatever it meets.
const PEAK_KIB: u64 = 96 << 10;
/// How long a look's end may take to get through on a busy machine, beyond the look's own time.
const SLACK: Duration = Duration::from_secs(10);

/// One folder, and a tree with a probe for each kind of file in it.
struct Bad {
    folder: TempDir,
}

const TREE: &str = r#"
waypost: 1
id: bad
title: Files that are none
symptoms: [Something is wrong]
start: log
inputs:
  dir: { ask: Where?, type: directory }
probes:
  log:
    log: { files: ["@FILES@"], patterns: { hit: needle } }
    timeout: @SECONDS@s
  config:
    config: { file: "{{ dir }}/config.xml", entry: parameter, key: name, value: value }
    timeout: @SECONDS@s
nodes:
  log:
    ask: Is the needle in the log?
    probe: log
    answers:
      - { answer: "Yes", id: found, when: hit, goto: fine }
      - { answer: "No", id: gone, when: [none, missing], goto: fine }
  fine: { conclude: Fine, verdict: healthy }
"#;

impl Bad {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder can be made"),
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn at(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.at(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
        fs::write(&path, bytes).expect("a file can be written");
        path
    }

    /// A file of this length that takes no room.
    fn sparse(&self, name: &str, length: u64) {
        let path = self.write(name, "");
        let file = File::options().write(true).open(path).expect("it is ours");
        file.set_len(length).expect("the disk has sparse files");
    }

    /// Looks with the probe `log` at `files` (a glob below the folder), or with `config` at `config.xml`.
    fn look(&self, probe: &str, files: &str, seconds: u64) -> Measured {
        let tree = TREE
            .replace("@FILES@", &format!("{{{{ dir }}}}/{files}"))
            .replace("@SECONDS@", &seconds.to_string());
        let tree = self.write("tree/bad.yaml", tree);
        let tree = tree.to_str().expect("a plain path");
        let dir = format!("dir={}", self.path().display());
        let command = program(
            self.path(),
            &["probe", tree, probe, "--trust", "--input", &dir],
        );
        let found = measured(command, Duration::from_secs(seconds) + 3 * SLACK);
        assert!(
            found.took < Duration::from_secs(seconds) + SLACK,
            "{:?}: {}",
            found.took,
            found.text
        );
        assert!(
            found.peak_kib < PEAK_KIB,
            "{} MiB: {}",
            found.peak_kib >> 10,
            found.text
        );
        found
    }

    /// The last line: what came of the look.
    #[track_caller]
    fn check(&self, probe: &str, files: &str, expected: &str) {
        let found = self.look(probe, files, 20);
        let end = found.text.lines().last().unwrap_or_default();
        let dir = self.path().display().to_string();
        assert_eq!(end.replace(&dir, "DIR"), expected, "{}", found.text);
    }
}
