//! The names that a file may hold, out of a side file, and which of them a wrong name was meant to be.
//!
//! A line is a name, `name = alias, alias`, or a glob such as `prefix.*`; `#` begins a comment.

use std::collections::HashMap;

use crate::host::TextGlob;

/// Names longer than this are compared no further.
const LONGEST: usize = 200;

/// Known names.
#[derive(Debug, Default)]
pub struct Known {
    /// Name or alias to the main name.
    names: HashMap<String, String>,
    /// Without upper case and separators, to the name as it is written.
    folded: HashMap<String, String>,
    globs: Vec<TextGlob>,
}

impl Known {
    pub fn new(lines: &[String]) -> Self {
        let mut known = Self::default();
        for line in lines.iter().flat_map(|lines| lines.lines()) {
            let line = line
                .trim_start_matches('\u{feff}')
                .split('#')
                .next()
                .unwrap_or_default();
            let (name, aliases) = line.split_once('=').unwrap_or((line, ""));
            let name = name.trim();
            for alias in std::iter::once(name)
                .chain(aliases.split(','))
                .map(str::trim)
            {
                if alias.contains(['*', '?']) {
                    known.globs.push(TextGlob::new(alias));
                } else if !alias.is_empty() {
                    known.names.insert(alias.to_owned(), name.to_owned());
                    known.folded.insert(fold(alias), alias.to_owned());
                }
            }
        }
        known
    }

    pub fn contains(&self, name: &str) -> bool {
        self.names.contains_key(name) || self.globs.iter().any(|glob| glob.matches(name))
    }

    /// All names and aliases, globs aside.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// The main name where `name` is an alias of it.
    pub fn main_name(&self, name: &str) -> Option<&str> {
        self.names
            .get(name)
            .map(String::as_str)
            .filter(|main| *main != name)
    }

    /// The known name that was likely meant. Case, separators and blanks count for nothing; else few letters may differ.
    pub fn likely(&self, name: &str) -> Option<&str> {
        let folded = fold(name);
        if let Some(meant) = self.folded.get(&folded) {
            return Some(meant);
        }
        let length = name.chars().count();
        if length > LONGEST {
            return None;
        }
        let lower = name.to_lowercase();
        let near = self.names.keys().filter_map(|known| {
            let longest = length.max(known.chars().count());
            let allowed = allowed(longest);
            if known.chars().count().abs_diff(length) > allowed {
                return None;
            }
            let known_lower = known.to_lowercase();
            let distance = strsim::osa_distance(&lower, &known_lower);
            let transposed = distance == 1 && same_letters(&lower, &known_lower);
            // `…1` and `…2` are two names, not one and a slip.
            let close = distance <= allowed || transposed;
            (close && without_digits(&lower) != without_digits(&known_lower))
                .then_some((distance, known))
        });
        near.min().map(|(_, known)| known.as_str())
    }
}

/// How many letters may differ, the longer the name the more.
fn allowed(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=11 => 1,
        12..=23 => 2,
        _ => 3,
    }
}

fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '.' | '_' | '-') && !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

fn without_digits(name: &str) -> String {
    name.chars().filter(|c| !c.is_numeric()).collect()
}

fn same_letters(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let lines = [
            "# parameters",
            "url",
            "name",
            "mid.proxy.host",
            "mid.proxy.port  # a number",
            "mid.instance.username = glide.glidesoap.username, old.user",
            "mid.instance.password",
            "threads.max",
            "wrapper.java.additional.1",
            "mid.ssl.*",
            "",
        ];
        Known::new(&lines.map(str::to_owned))
    }

    #[test]
    fn names() {
        let check = |name: &str, expected| assert_eq!(known().contains(name), expected, "{name}");
        check("url", true);
        check("URL", false);
        check("old.user", true);
        check("mid.ssl.anything.at.all", true);
        check("mid.ssl", false);
        check("parameters", false);
        check("mid.proxy.port", true);
        assert_eq!(known().main_name("old.user"), Some("mid.instance.username"));
        assert_eq!(known().main_name("url"), None);
    }

    #[test]
    fn near_misses() {
        let check = |name: &str, expected| assert_eq!(known().likely(name), expected, "{name}");
        check("URL", Some("url"));
        check("ulr", Some("url"));
        check("uri", None);
        check("nam", Some("name"));
        check("nmae", Some("name"));
        check("mid.proxy.hots", Some("mid.proxy.host"));
        check("mid_proxy_host", Some("mid.proxy.host"));
        check(" mid.proxy.host", Some("mid.proxy.host"));
        check("mid.instnace.usrname", Some("mid.instance.username"));
        check("mid.instance.pasword", Some("mid.instance.password"));
        check("glide.glidesoap.usernmae", Some("glide.glidesoap.username"));
        check("mid.instance.user", None);
        check("threads.min", None);
        check("wrapper.java.additional.2", None);
        check("something.else", None);
        check("", None);
    }
}
