//! Finds what fits a glob by going through folders, of a live machine or a recorded one.
//!
//! Bounded in entries and depth. A folder that may not be read becomes a problem beside what was found: it is never
//! taken for empty.

use std::collections::BTreeMap;

use super::{Glob, Part, same};
use crate::{
    finding::{Reason, Unknown},
    host::path,
};

/// How many entries of folders a walk sees before it gives up.
const ENTRIES: usize = 200_000;
/// How many folders deep `**` goes.
const DEPTH: usize = 32;

/// What bounds a walk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub entries: usize,
    pub depth: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            entries: ENTRIES,
            depth: DEPTH,
        }
    }
}

/// A name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub name: String,
    /// Whether `name` is the name. One that is no Unicode is shown with U+FFFD in it, and a path made of that leads
    /// nowhere: what it names is there and cannot be reached.
    pub spelt: bool,
    /// Also where it is a link to a folder. An error where what it is could not be seen.
    pub folder: Result<bool, Unknown>,
    /// `**` does not go through links, which may lead in a circle.
    pub link: bool,
}

impl Entry {
    /// Whether `**` goes on into it.
    fn goes_deeper(&self) -> bool {
        self.folder == Ok(true) && !self.link
    }
}

/// The folders to go through.
pub(crate) trait Folders {
    /// What stands in a folder, at most `most` names and whether there are more; `None` where there is no such folder.
    fn list(&self, folder: &str, most: usize) -> Result<Option<(Vec<Entry>, bool)>, Unknown>;

    /// Whether there is something at this path, and whether it is a folder.
    fn folder_at(&self, path: &str) -> Result<Option<bool>, Unknown>;

    /// Nobody waits any more.
    fn stopped(&self) -> bool {
        false
    }
}

/// Something that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub path: String,
    pub folder: bool,
}

/// What a walk found, and what it could not see.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Each path once, ordered by path.
    pub found: Vec<Found>,
    pub problems: Vec<Unknown>,
}

/// Finds everything that fits one of the globs.
pub(crate) fn walk(globs: &[Glob], folders: &dyn Folders, bounds: Bounds) -> Walked {
    let mut walk = Walk {
        folders,
        left: bounds.entries,
        full: false,
        depth: bounds.depth,
        found: BTreeMap::new(),
        problems: Vec::new(),
    };
    for glob in globs {
        walk.enter(glob, glob.root.clone(), &glob.parts, 0);
    }
    let found = walk
        .found
        .into_iter()
        .map(|(path, folder)| Found { path, folder })
        .collect();
    walk.problems.dedup();
    Walked {
        found,
        problems: walk.problems,
    }
}

struct Walk<'a> {
    folders: &'a dyn Folders,
    left: usize,
    full: bool,
    depth: usize,
    found: BTreeMap<String, bool>,
    problems: Vec<Unknown>,
}

impl Walk<'_> {
    /// Goes on from `folder` with the parts that are still to be matched; `deep` counts what `**` has gone down.
    fn enter(&mut self, glob: &Glob, folder: String, parts: &[Part], deep: usize) {
        let Some((part, rest)) = parts.split_first() else {
            return self.keep(&folder);
        };
        match part {
            Part::Literal(name) => self.enter(glob, path::join(&folder, name, glob.os), rest, deep),
            Part::Wild(pattern) => {
                let entries = self.list(&folder);
                let exactly: Vec<&Entry> = match pattern.contains('[') {
                    true => entries
                        .iter()
                        .filter(|entry| same(&entry.name, pattern, glob.os))
                        .collect(),
                    false => Vec::new(),
                };
                let fits = match exactly.is_empty() {
                    true => entries
                        .iter()
                        .filter(|entry| part.matches(&entry.name, glob.os))
                        .collect(),
                    false => exactly,
                };
                for entry in fits {
                    self.step(glob, &folder, entry, rest, deep);
                }
            }
            Part::AnyDepth => {
                self.enter(glob, folder.clone(), rest, deep);
                let entries = self.list(&folder);
                if deep == self.depth && entries.iter().any(Entry::goes_deeper) {
                    let why = format!(
                        "{folder}: more than {} folders deep, what lies below was left out",
                        self.depth
                    );
                    self.problems.push(Unknown::new(Reason::NotWhole, why));
                    return;
                }
                for entry in &entries {
                    if entry.goes_deeper() && !entry.spelt {
                        self.problems
                            .push(not_spelt(&path::join(&folder, &entry.name, glob.os)));
                    } else if entry.goes_deeper() {
                        self.enter(
                            glob,
                            path::join(&folder, &entry.name, glob.os),
                            parts,
                            deep + 1,
                        );
                    } else if rest.is_empty() || !entry.link {
                        // What fits `rest` was found above; this is what `**` itself takes in, or could not look into.
                        self.step(glob, &folder, entry, rest, deep);
                    }
                }
            }
        }
    }

    fn step(&mut self, glob: &Glob, folder: &str, entry: &Entry, rest: &[Part], deep: usize) {
        let path = path::join(folder, &entry.name, glob.os);
        match &entry.folder {
            Err(problem) => self.problems.push(problem.clone()),
            // Nothing fits below what is no folder.
            Ok(false) if !rest.is_empty() => {}
            Ok(_) if !entry.spelt => self.problems.push(not_spelt(&path)),
            Ok(folder) if rest.is_empty() => {
                self.found.insert(path, *folder);
            }
            Ok(_) => self.enter(glob, path, rest, deep),
        }
    }

    fn keep(&mut self, path: &str) {
        match self.folders.folder_at(path) {
            Ok(Some(folder)) => {
                self.found.insert(path.to_owned(), folder);
            }
            Ok(None) => {}
            Err(problem) => self.problems.push(problem),
        }
    }

    fn list(&mut self, folder: &str) -> Vec<Entry> {
        if self.folders.stopped() || self.full {
            return Vec::new();
        }
        match self.folders.list(folder, self.left) {
            Ok(Some((entries, more))) => {
                // An empty folder counts too, so that a walk ends even where `**` sees the same ones again and again.
                self.left = self.left.saturating_sub(entries.len().max(1));
                if more || self.left == 0 {
                    self.full = true;
                    let why = format!(
                        "{folder}: too many entries to look through, the rest was left out"
                    );
                    self.problems.push(Unknown::new(Reason::NotWhole, why));
                }
                entries
            }
            Ok(None) => Vec::new(),
            Err(problem) => {
                self.problems.push(problem);
                Vec::new()
            }
        }
    }
}

fn not_spelt(path: &str) -> Unknown {
    Unknown::new(
        Reason::NotAvailable,
        format!("{path}: its name is not UTF-8, it cannot be opened by it"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Os;

    /// Files by their paths; a path that ends in `!` is a folder that may not be read, one that ends in `?` a link to where
    /// nobody may look. U+FFFD stands where a name is no Unicode.
    struct Made(&'static [&'static str]);

    impl Folders for Made {
        fn list(&self, folder: &str, most: usize) -> Result<Option<(Vec<Entry>, bool)>, Unknown> {
            if self.0.contains(&format!("{folder}!").as_str()) {
                return Err(Unknown::new(
                    Reason::NoRight,
                    format!("{folder}: permission denied"),
                ));
            }
            let start = path::join(folder, "", Os::Linux);
            let mut entries: Vec<Entry> = Vec::new();
            for rest in self.0.iter().filter_map(|path| path.strip_prefix(&start)) {
                let (name, folder) = match rest.split_once('/') {
                    Some((name, _)) => (name, Ok(true)),
                    None if rest.ends_with('?') => {
                        let path = format!("{start}{}", rest.trim_end_matches('?'));
                        let why = format!("{path}: permission denied");
                        (rest, Err(Unknown::new(Reason::NoRight, why)))
                    }
                    None => (rest, Ok(rest.ends_with('!'))),
                };
                let link = rest.ends_with('?');
                let name = name.trim_end_matches(['!', '?']).to_owned();
                if !entries.iter().any(|entry| entry.name == name) {
                    entries.push(Entry {
                        spelt: !name.contains('\u{fffd}'),
                        name,
                        folder,
                        link,
                    });
                }
            }
            let more = entries.len() > most;
            entries.truncate(most);
            Ok((!entries.is_empty()).then_some((entries, more)))
        }

        fn folder_at(&self, path: &str) -> Result<Option<bool>, Unknown> {
            let below = format!("{path}/");
            Ok(match self.0.contains(&path) {
                true => Some(false),
                false => self
                    .0
                    .iter()
                    .any(|file| file.starts_with(&below))
                    .then_some(true),
            })
        }
    }

    const MADE: Made = Made(&[
        "/opt/mid/agent/logs/a.log",
        "/opt/mid/agent/logs/b.log",
        "/opt/mid[1]/agent/logs/c.log",
        "/opt/mid1/agent/logs/d.log",
        "/opt/locked!",
        "/srv/linked?",
        "/srv/open/a.log",
        "/var/caf\u{fffd}.log",
        "/var/caf\u{fffd}/b.log",
        "/var/b.log",
    ]);

    #[track_caller]
    fn check(glob: &str, bounds: Bounds, found: &[&str], problems: &[&str]) {
        let walked = walk(&[Glob::new(glob, Os::Linux).unwrap()], &MADE, bounds);
        assert_eq!(
            walked
                .found
                .iter()
                .map(|found| found.path.as_str())
                .collect::<Vec<_>>(),
            found,
            "{glob}"
        );
        assert_eq!(
            walked
                .problems
                .iter()
                .map(|why| why.detail.as_str())
                .collect::<Vec<_>>(),
            problems,
            "{glob}"
        );
    }

    #[test]
    fn finds_what_fits() {
        let bounds = Bounds::default();
        check(
            "/opt/mid/agent/logs/*.log",
            bounds,
            &["/opt/mid/agent/logs/a.log", "/opt/mid/agent/logs/b.log"],
            &[],
        );
        check("/opt/mid/agent", bounds, &["/opt/mid/agent"], &[]);
        check("/opt/mid/none/*.log", bounds, &[], &[]);
        check(
            "/opt/mid[1]/agent/logs/*",
            bounds,
            &["/opt/mid[1]/agent/logs/c.log"],
            &[],
        );
        check(
            "/opt/mid[0-9]/agent/logs/*",
            bounds,
            &["/opt/mid1/agent/logs/d.log"],
            &[],
        );
        check(
            "/opt/mid/**/b.log",
            bounds,
            &["/opt/mid/agent/logs/b.log"],
            &[],
        );
        check(
            "/opt/mid/agent/**",
            bounds,
            &[
                "/opt/mid/agent",
                "/opt/mid/agent/logs",
                "/opt/mid/agent/logs/a.log",
                "/opt/mid/agent/logs/b.log",
            ],
            &[],
        );
    }

    #[test]
    fn says_what_it_could_not_see() {
        let bounds = Bounds::default();
        check(
            "/opt/locked/*.log",
            bounds,
            &[],
            &["/opt/locked: permission denied"],
        );
        check(
            "/opt/*/*.log",
            bounds,
            &[],
            &["/opt/locked: permission denied"],
        );
        let linked = "/srv/linked: permission denied";
        check("/srv/*/x.log", bounds, &[], &[linked]);
        check("/srv/*/a.log", bounds, &["/srv/open/a.log"], &[linked]);
        check(
            "/srv/**",
            bounds,
            &["/srv", "/srv/open", "/srv/open/a.log"],
            &[linked],
        );
        let name = "/var/caf\u{fffd}.log: its name is not UTF-8, it cannot be opened by it";
        let folder = "/var/caf\u{fffd}: its name is not UTF-8, it cannot be opened by it";
        check("/var/*.log", bounds, &["/var/b.log"], &[name]);
        check("/var/b*", bounds, &["/var/b.log"], &[]);
        check("/var/*/b.log", bounds, &[], &[folder]);
        check("/var/**/b.log", bounds, &["/var/b.log"], &[folder]);
        // `**` goes through no link, whatever stands behind it.
        check("/srv/**/a.log", bounds, &["/srv/open/a.log"], &[]);
        check(
            "/opt/mid/**/b.log",
            Bounds { depth: 1, ..bounds },
            &[],
            &["/opt/mid/agent: more than 1 folders deep, what lies below was left out"],
        );
        check(
            "/opt/mid/agent/logs/*",
            Bounds {
                entries: 1,
                ..bounds
            },
            &["/opt/mid/agent/logs/a.log"],
            &["/opt/mid/agent/logs: too many entries to look through, the rest was left out"],
        );
    }
}
