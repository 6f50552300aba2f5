//! Globs over texts of no machine: names of keys, and paths that a reply named. Upper and lower case are the same, and so
//! are both slashes. The signs mean what they mean in globs over paths, but that `*` and `?` take slashes, too.

use super::name_matches;
use crate::finding::Os;

/// A glob, ready to be matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextGlob {
    pattern: String,
    /// Names a folder, so that paths are matched and not file names.
    path: bool,
}

impl TextGlob {
    pub fn new(glob: &str) -> Self {
        Self {
            pattern: folded(glob),
            path: glob.contains(['/', '\\']),
        }
    }

    /// Whether the whole of `name` matches.
    pub fn matches(&self, name: &str) -> bool {
        let name = folded(name);
        let fits = |pattern: &str| name_matches(pattern, &name, Os::Linux);
        // As in paths, brackets also stand for themselves: a glob may hold a name that was put into it as it is.
        fits(&self.pattern) || self.pattern.contains('[') && fits(&self.pattern.replace('[', "[[]"))
    }

    /// Whether a file fits: its whole path where the glob names a folder, else its name.
    pub fn matches_file(&self, path: &str) -> bool {
        match path.rsplit(['/', '\\']).next() {
            Some(name) if !self.path => self.matches(name),
            _ => self.matches(path),
        }
    }
}

fn folded(text: &str) -> String {
    text.to_lowercase().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |glob: &str, name: &str, expected| {
            assert_eq!(TextGlob::new(glob).matches(name), expected, "{glob} {name}")
        };
        check("*password*", "mid.instance.password", true);
        check("*password*", "Mid.Instance.PassWord2", true);
        check("*password*", "mid.instance.pass", false);
        check("mid.*.host", "mid.proxy.host", true);
        check("mid.*.host", "mid.proxy.host2", false);
        check("a?c", "abc", true);
        check("a?c", "ac", false);
        check("[a-c]x", "Bx", true);
        check("[!a-c]x", "bx", false);
        check("a[", "a[", true);
        check("pass[1]", "pass1", true);
        check("pass[1]", "Pass[1]", true);
        check("pass[1]", "pass[2]", false);
        check("", "", true);
        check("", "a", false);
        check("*", "", true);
        check("*a*b*c", "xxaxxbxxbc", true);
        check("*a*b*c", "xxaxxcxxb", false);
    }

    #[test]
    fn files() {
        let check = |glob: &str, path: &str, expected| {
            assert_eq!(
                TextGlob::new(glob).matches_file(path),
                expected,
                "{glob} {path}"
            )
        };
        check("wrapper.log*", "/opt/mid/logs/wrapper.log.1", true);
        check("wrapper.log*", r"C:\mid\logs\wrapper.log", true);
        check("agent*", "/opt/agent/logs/wrapper.log", false);
        check("*/logs/agent?.log.*", r"C:\mid\logs\agent0.log.0", true);
        check(r"C:\mid[1]\*", "c:/mid[1]/wrapper.log", true);
    }

    #[test]
    fn many_stars_end_soon() {
        let glob = TextGlob::new(&"*a".repeat(40));
        assert!(!glob.matches(&"a".repeat(39)));
        assert!(!glob.matches(&("a".repeat(20_000) + "b")));
    }
}
