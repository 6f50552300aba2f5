//! Small globs over names and paths: `*`, `?`, `[a-z]`, `[!a-z]`. Upper and lower case are the same. Matches texts only
//! and never looks at a disk.

/// A glob, ready to be matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    parts: Vec<Part>,
    /// Names a folder, so that paths are matched and not file names.
    path: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    One(char),
    AnyOne,
    AnyMany,
    Class {
        inverted: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Glob {
    pub fn new(glob: &str) -> Self {
        let path = glob.contains(['/', '\\']);
        let lower: Vec<char> = glob.chars().flat_map(char::to_lowercase).collect();
        let mut parts = Vec::new();
        let mut rest = lower.as_slice();
        while let [first, after @ ..] = rest {
            rest = after;
            match first {
                '*' if parts.last() == Some(&Part::AnyMany) => {}
                '*' => parts.push(Part::AnyMany),
                '?' => parts.push(Part::AnyOne),
                '[' => match class(after) {
                    Some((part, used)) => {
                        parts.push(part);
                        rest = &after[used..];
                    }
                    None => parts.push(Part::One('[')),
                },
                '\\' => parts.push(Part::One('/')),
                c => parts.push(Part::One(*c)),
            }
        }
        Self { parts, path }
    }

    /// Whether the whole of `name` matches.
    pub fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name
            .chars()
            .flat_map(char::to_lowercase)
            .map(|c| if c == '\\' { '/' } else { c })
            .collect();
        let (mut part, mut at) = (0, 0);
        // Where to take up again with one more character under the last `*`.
        let mut retry = None;
        loop {
            match self.parts.get(part) {
                Some(Part::AnyMany) => {
                    retry = Some((part, at));
                    part += 1;
                    continue;
                }
                Some(one) if name.get(at).is_some_and(|c| one.takes(*c)) => {
                    part += 1;
                    at += 1;
                    continue;
                }
                None if at == name.len() => return true,
                _ => {}
            }
            match retry {
                Some((star, from)) if from < name.len() => {
                    retry = Some((star, from + 1));
                    part = star + 1;
                    at = from + 1;
                }
                _ => return false,
            }
        }
    }

    /// Whether a file fits: its whole path where the glob names a folder, else its name.
    pub fn matches_file(&self, path: &str) -> bool {
        match path.rsplit(['/', '\\']).next() {
            Some(name) if !self.path => self.matches(name),
            _ => self.matches(path),
        }
    }
}

impl Part {
    fn takes(&self, c: char) -> bool {
        match self {
            Part::One(one) => *one == c,
            Part::AnyOne => true,
            Part::AnyMany => false,
            Part::Class { inverted, ranges } => {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *inverted
            }
        }
    }
}

/// What stands after a `[`, and how many characters it takes with its `]`.
fn class(after: &[char]) -> Option<(Part, usize)> {
    let inverted = matches!(after.first(), Some('!' | '^'));
    let start = usize::from(inverted);
    let end = start + 1 + after.get(start + 1..)?.iter().position(|c| *c == ']')?;
    let mut ranges = Vec::new();
    let mut inside = &after[start..end];
    while let [from, rest @ ..] = inside {
        (inside, _) = match rest {
            ['-', to, rest @ ..] => (rest, ranges.push((*from, *to))),
            _ => (rest, ranges.push((*from, *from))),
        };
    }
    Some((Part::Class { inverted, ranges }, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |glob: &str, name: &str, expected| {
            assert_eq!(Glob::new(glob).matches(name), expected, "{glob} {name}")
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
                Glob::new(glob).matches_file(path),
                expected,
                "{glob} {path}"
            )
        };
        check("wrapper.log*", "/opt/mid/logs/wrapper.log.1", true);
        check("wrapper.log*", r"C:\mid\logs\wrapper.log", true);
        check("agent*", "/opt/agent/logs/wrapper.log", false);
        check("*/logs/agent?.log.*", r"C:\mid\logs\agent0.log.0", true);
    }

    #[test]
    fn many_stars_end_soon() {
        let glob = Glob::new(&"*a".repeat(40));
        assert!(!glob.matches(&"a".repeat(39)));
        assert!(!glob.matches(&("a".repeat(20_000) + "b")));
    }
}
