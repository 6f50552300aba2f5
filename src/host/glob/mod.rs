//! Globs over names and paths: `*`, `?`, `[a-z]`, `[!a]`, and `**` for any number of folders.
//!
//! One matcher for recorded and live machines, so that a tree finds the same files on both, and for names in files. A part that
//! contains a bracket also means the file of exactly that name: an installation in `mid[1]` is found, though its path was put
//! into a glob as it is. Never touches a file: [`walk`] asks a [`Folders`].

mod text;
mod walk;

pub(crate) use text::TextGlob;
#[cfg(feature = "app")]
pub(crate) use walk::Walked;
pub(crate) use walk::{Bounds, Entry, Folders, Found, walk};

use crate::{
    finding::Os,
    host::path::{self, Parts},
};

/// An absolute path with wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    pub root: String,
    pub parts: Vec<Part>,
    pub os: Os,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Literal(String),
    Wild(String),
    /// `**`: any number of folders, none too.
    AnyDepth,
}

impl Glob {
    /// `None` where the path is not absolute.
    pub fn new(text: &str, os: Os) -> Option<Self> {
        let Parts { root, names } = path::split(text, os)?;
        let mut parts: Vec<Part> = Vec::with_capacity(names.len());
        for name in names {
            match name.as_str() {
                "**" if parts.last() == Some(&Part::AnyDepth) => {}
                "**" => parts.push(Part::AnyDepth),
                _ if name.contains(['*', '?', '[']) => parts.push(Part::Wild(name)),
                _ => parts.push(Part::Literal(name)),
            }
        }
        Some(Self { root, parts, os })
    }

    /// Whether a path fits, by its text alone.
    pub fn matches(&self, path: &str) -> bool {
        path::split(path, self.os).is_some_and(|path| {
            same(&path.root, &self.root, self.os) && parts_match(&self.parts, &path.names, self.os)
        })
    }

    /// Whether a path or a folder above it fits.
    pub fn covers(&self, path: &str) -> bool {
        path::split(path, self.os).is_some_and(|path| {
            same(&path.root, &self.root, self.os)
                && (0..=path.names.len())
                    .any(|end| parts_match(&self.parts, &path.names[..end], self.os))
        })
    }

    /// Whether its last part spells some of a name: a folder that fits it stands in the place of a file that is meant.
    /// What `*` takes in is whatever there is.
    pub fn spells_a_name(&self) -> bool {
        match self.parts.last() {
            Some(Part::Literal(_)) => true,
            Some(Part::Wild(pattern)) => pattern.contains(|c| !matches!(c, '*' | '?')),
            Some(Part::AnyDepth) | None => false,
        }
    }

    /// The names before the first wildcard.
    pub fn literals(&self) -> Vec<&str> {
        self.parts
            .iter()
            .map_while(|part| match part {
                Part::Literal(name) => Some(name.as_str()),
                Part::Wild(_) | Part::AnyDepth => None,
            })
            .collect()
    }

    /// The folders before the first wildcard, as a path.
    pub fn literal_start(&self) -> String {
        let folders = self.literals().into_iter();
        folders.fold(self.root.clone(), |start, name| {
            path::join(&start, name, self.os)
        })
    }
}

impl Part {
    fn matches(&self, name: &str, os: Os) -> bool {
        match self {
            Part::Literal(literal) => same(literal, name, os),
            Part::Wild(pattern) => same(pattern, name, os) || name_matches(pattern, name, os),
            Part::AnyDepth => true,
        }
    }
}

fn parts_match(parts: &[Part], names: &[String], os: Os) -> bool {
    let (mut p, mut n) = (0, 0);
    // As with stars in names: going back to the last `**` is enough.
    let mut any: Option<(usize, usize)> = None;
    while n < names.len() {
        match (parts.get(p), any) {
            (Some(Part::AnyDepth), _) => {
                any = Some((p, n));
                p += 1;
            }
            (Some(part), _) if part.matches(&names[n], os) => {
                p += 1;
                n += 1;
            }
            (_, Some((at, taken))) => {
                any = Some((at, taken + 1));
                p = at + 1;
                n = taken + 1;
            }
            (_, None) => return false,
        }
    }
    parts[p..].iter().all(|part| *part == Part::AnyDepth)
}

/// Whether two names are the same to this system.
pub(crate) fn same(a: &str, b: &str, os: Os) -> bool {
    a == b || (os != Os::Linux && a.to_lowercase() == b.to_lowercase())
}

/// Whether a name fits a pattern of `*`, `?` and classes. For names of services too.
pub(crate) fn name_matches(pattern: &str, name: &str, os: Os) -> bool {
    let pattern: Vec<char> = path::folded(pattern, os).chars().collect();
    let name: Vec<char> = path::folded(name, os).chars().collect();
    let (mut p, mut n) = (0, 0);
    // Where the last star stood and how much it has taken: enough to go back to, because a later star can do all
    // that an earlier one could.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        let step = match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
                continue;
            }
            Some('?') => Some(1),
            Some('[') => match class(&pattern[p..], name[n]) {
                Some((fits, length)) => fits.then_some(length),
                None => (name[n] == '[').then_some(1),
            },
            Some(c) => (*c == name[n]).then_some(1),
            None => None,
        };
        match (step, star) {
            (Some(length), _) => {
                p += length;
                n += 1;
            }
            (None, Some((at, taken))) => {
                star = Some((at, taken + 1));
                p = at + 1;
                n = taken + 1;
            }
            (None, None) => return false,
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Reads the class at the start of `pattern`: whether it holds `c`, and how long it is. `None` where it never closes.
fn class(pattern: &[char], c: char) -> Option<(bool, usize)> {
    let negated = matches!(pattern.get(1), Some('!' | '^'));
    let start = if negated { 2 } else { 1 };
    // A bracket that closes right away would be an empty class; there it is an ordinary character.
    let end = start + 1 + pattern.get(start + 1..)?.iter().position(|c| *c == ']')?;
    let inside = &pattern[start..end];
    let mut held = false;
    let mut at = 0;
    while at < inside.len() {
        if inside.get(at + 1) == Some(&'-') && at + 2 < inside.len() {
            held |= (inside[at]..=inside[at + 2]).contains(&c);
            at += 3;
        } else {
            held |= inside[at] == c;
            at += 1;
        }
    }
    Some((held != negated, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_its_pattern() {
        #[track_caller]
        fn check(pattern: &str, name: &str, expected: bool) {
            assert_eq!(
                name_matches(pattern, name, Os::Linux),
                expected,
                "{pattern} on {name}"
            );
        }
        check("agent0.log.?", "agent0.log.0", true);
        check("agent0.log.?", "agent0.log.0.lck", false);
        check("agent0.log.?", "agent0.log.", false);
        check("*", "", true);
        check("*.log", "wrapper.log", true);
        check("*.log", "wrapper.log.1", false);
        check("*a*b", "xaybab", true);
        check("*a*b", "xayba", false);
        check("snc_mid_*", "snc_mid_", true);
        check("log.[0-3]", "log.2", true);
        check("log.[0-3]", "log.4", false);
        check("log.[!0-3]", "log.4", true);
        check("log.[^0-3]", "log.1", false);
        check("a[]]b", "a]b", true);
        check("a[x-]b", "a-b", true);
        check("a[b", "a[b", true);
        check("a[b", "ab", false);
        check("Mid", "mid", false);
        check("é?", "éü", true);
        assert!(name_matches("SNC_*", "snc_mid", Os::Windows));
    }

    #[test]
    fn many_stars_stay_quick() {
        let pattern = "*a".repeat(200);
        assert!(!name_matches(&pattern, &"a".repeat(199), Os::Linux));
        assert!(name_matches(&pattern, &"a".repeat(4_000), Os::Linux));
    }

    #[test]
    fn a_path_fits_its_glob() {
        #[track_caller]
        fn check(glob: &str, path: &str, os: Os, expected: bool) {
            assert_eq!(
                Glob::new(glob, os).unwrap().matches(path),
                expected,
                "{glob} on {path}"
            );
        }
        check("/opt/*/agent", "/opt/mid/agent", Os::Linux, true);
        check("/opt/*/agent", "/opt/a/b/agent", Os::Linux, false);
        check("/opt/**", "/opt", Os::Linux, true);
        check("/opt/**", "/opt/a/b", Os::Linux, true);
        check("/opt/**", "/etc/a", Os::Linux, false);
        check("/opt/**/logs/*.log", "/opt/logs/a.log", Os::Linux, true);
        check("/opt/**/logs/*.log", "/opt/a/b/logs/a.log", Os::Linux, true);
        check("/opt/**/**/x", "/opt/x", Os::Linux, true);
        check("/opt/mid[1]/x", "/opt/mid[1]/x", Os::Linux, true);
        check("/opt/mid[1]/x", "/opt/mid1/x", Os::Linux, true);
        check(
            r"C:\ServiceNow\*\agent",
            "c:/servicenow/MID/Agent",
            Os::Windows,
            true,
        );
        check(
            r"C:\ServiceNow\*\agent",
            r"D:\ServiceNow\MID\agent",
            Os::Windows,
            false,
        );
        assert_eq!(Glob::new("logs/*.log", Os::Linux), None);
    }

    #[test]
    fn a_name_is_spelt_or_not() {
        let check = |glob: &str, expected| {
            let glob = Glob::new(glob, Os::Linux).unwrap();
            assert_eq!(glob.spells_a_name(), expected, "{glob:?}");
        };
        check("/opt/agent0.log.0", true);
        check("/opt/agent0.log.?", true);
        check("/opt/*.log", true);
        check("/opt/[0-9]", true);
        check("/opt/*", false);
        check("/opt/??*", false);
        check("/opt/**", false);
        check("/", false);
    }

    #[test]
    fn a_glob_covers_what_lies_below() {
        let glob = Glob::new("/opt/*/agent", Os::Linux).unwrap();
        assert!(glob.covers("/opt/mid/agent/logs/x"));
        assert!(glob.covers("/opt/mid/agent"));
        assert!(!glob.covers("/opt/mid"));
        assert_eq!(glob.literal_start(), "/opt");
    }
}
