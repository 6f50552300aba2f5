//! The secrets of a case: which number each has, and which are looked for everywhere.

use std::{collections::BTreeMap, ops::Range};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::redact::{Sort, token, value};

/// Shorter ones are masked where they were recognised and not looked for elsewhere, or nothing would be left to read.
const SHORTEST: usize = 6;

/// How many secrets are remembered. A later one gets a token of its own and is not recognised again.
const MOST: usize = 20_000;

/// Longer ones are masked where they stand; nobody repeats a key of this size.
const LONGEST: usize = 16 << 10;

/// How much all that is looked for may take, in bytes. Past it a secret is masked where it was recognised.
const WANTED: usize = 4 << 20;

/// With a longer form than this, in bytes, no table of all states is made: for a secret of equal letters that takes time
/// that grows with the square of its length.
const SHORT_FORM: usize = 256;

/// What is known of one secret.
struct Known {
    number: u32,
    sort: Sort,
    everywhere: bool,
}

/// One of the ways in which a secret is written.
struct Form {
    text: String,
    token: String,
    /// It may be a word of the language, and is looked for as a word only.
    word: bool,
}

#[derive(Default)]
pub(super) struct Secrets {
    known: BTreeMap<String, Known>,
    /// The last number that was given, or seen in a text that was masked before.
    last: u32,
    forms: Vec<Form>,
    /// Of `forms` together, in bytes.
    wanted: usize,
    /// They look for `forms` from the first one on, one level behind the other.
    levels: Vec<Level>,
    /// How many bytes of forms went into matchers so far, each as often as it did.
    built: usize,
}

/// What looks for some of the forms. A level is more than twice as large as the one behind it: a new secret makes small ones
/// anew and seldom a large one, so that a host that tells a new secret in each of its texts costs no more than one that
/// tells all in one.
struct Level {
    forms: Range<usize>,
    /// Of the forms together, in bytes.
    size: usize,
    /// None where it cannot be built.
    matcher: Option<AhoCorasick>,
}

impl Secrets {
    /// The token of this secret, which is known from now on.
    pub fn token(&mut self, secret: &str, sort: Sort, sure: bool) -> String {
        let meant = value::meant(secret);
        let base64 = value::is_base64(&meant);
        let number = match self.known.get(meant.as_ref()) {
            Some(known) => known.number,
            None => {
                self.last += 1;
                let room = self.known.len() < MOST && meant.len() <= LONGEST;
                if room || sort == Sort::Given {
                    let known = Known {
                        number: self.last,
                        sort,
                        everywhere: false,
                    };
                    self.known.insert(meant.clone().into_owned(), known);
                }
                self.last
            }
        };
        let token = token::token(number, base64);
        let given = sort == Sort::Given;
        let Some(known) = self.known.get_mut(meant.as_ref()) else {
            return token;
        };
        if given && known.sort != Sort::Given {
            // What a person gave is looked for without conditions, so its forms are made anew.
            known.sort = Sort::Given;
            known.everywhere = false;
            self.forms.retain(|form| form.token != token);
            self.levels.clear();
        }
        let wanted = given || (sure && worth_looking_for(&meant) && self.wanted < WANTED);
        if wanted && !known.everywhere {
            known.everywhere = true;
            let word = !given && is_word(&meant);
            let form = |text: String| Form {
                text,
                token: token.clone(),
                word,
            };
            let mut forms: Vec<Form> = forms(&meant).into_iter().map(form).collect();
            // What a person typed is what it is, whatever it would mean in XML.
            if given && forms.iter().all(|form| form.text != secret) {
                forms.push(form(secret.to_owned()));
            }
            self.wanted += forms.iter().map(|form| form.text.len()).sum::<usize>();
            self.forms.extend(forms);
        }
        token
    }

    /// Learns all that another one knows, each in all the ways in which it is looked for there.
    pub fn learn_from(&mut self, other: &Self) {
        let mut all: Vec<(&String, &Known)> = other.known.iter().collect();
        all.sort_by_key(|(_, known)| known.number);
        for (secret, known) in all {
            let own = self.token(secret, known.sort, known.everywhere);
            let theirs = token::token(known.number, value::is_base64(secret));
            for form in other.forms.iter().filter(|form| form.token == theirs) {
                let is_known = |known: &Form| known.token == own && known.text == form.text;
                if !self.forms.iter().any(is_known) {
                    self.wanted += form.text.len();
                    self.forms.push(Form {
                        text: form.text.clone(),
                        token: own.clone(),
                        word: form.word,
                    });
                }
            }
        }
    }

    /// Numbers that a text bears already are not given again.
    pub fn reserve(&mut self, number: u32) {
        self.last = self.last.max(number);
    }

    /// Where known secrets stand, with their tokens. Those of one level do not overlap, those of several may.
    pub fn everywhere<'a>(&'a mut self, text: &str) -> Vec<(Range<usize>, &'a str)> {
        self.grow();
        let mut places = Vec::new();
        for level in &self.levels {
            let (Some(matcher), Some(forms)) =
                (&level.matcher, self.forms.get(level.forms.clone()))
            else {
                continue;
            };
            places.extend(matcher.find_iter(text).filter_map(|found| {
                let form = forms.get(found.pattern().as_usize())?;
                let whole = !form.word || stands_alone(text, found.range());
                whole.then_some((found.range(), form.token.as_str()))
            }));
        }
        places
    }

    /// Has every form looked for.
    fn grow(&mut self) {
        let covered = self.levels.last().map_or(0, |level| level.forms.end);
        if covered == self.forms.len() {
            return;
        }
        let size_of = |forms: &[Form]| forms.iter().map(|form| form.text.len()).sum::<usize>();
        let mut start = covered;
        let mut size = size_of(&self.forms[start..]);
        while let Some(level) = self.levels.pop_if(|level| level.size <= 2 * size) {
            start = level.forms.start;
            size += level.size;
        }
        let forms = &self.forms[start..];
        let long = forms.iter().any(|form| form.text.len() > SHORT_FORM);
        // It fails only past four billion states, which `MOST` and `LONGEST` do not allow.
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(long.then_some(AhoCorasickKind::ContiguousNFA))
            .build(forms.iter().map(|form| &form.text))
            .ok();
        self.built += size;
        self.levels.push(Level {
            forms: start..self.forms.len(),
            size,
            matcher,
        });
    }

    /// Token and sort of every secret, by number.
    pub fn replaced(&self) -> Vec<(String, Sort)> {
        let mut all: Vec<(u32, String, Sort)> = self
            .known
            .iter()
            .map(|(secret, known)| {
                (
                    known.number,
                    token::token(known.number, value::is_base64(secret)),
                    known.sort,
                )
            })
            .collect();
        all.sort_by_key(|(number, ..)| *number);
        all.into_iter()
            .map(|(_, token, sort)| (token, sort))
            .collect()
    }
}

/// Whether it can be looked for without eating what is no secret.
fn worth_looking_for(secret: &str) -> bool {
    const WORDS: [&str; 8] = [
        "password",
        "passwort",
        "secret",
        "username",
        "servername",
        "localhost",
        "default",
        "encrypted",
    ];
    secret.chars().count() >= SHORTEST
        && !WORDS.iter().any(|word| secret.eq_ignore_ascii_case(word))
}

/// Letters of one case alone.
fn is_word(secret: &str) -> bool {
    secret.chars().all(char::is_lowercase) || secret.chars().all(char::is_uppercase)
}

/// Not part of a longer word or of a dotted name.
fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let before = text[..range.start].chars().next_back();
    let mut after = text[range.end..].chars();
    let next = after.next();
    let name_before = before.is_some_and(|c| of_name(c) || c == '.');
    let name_after = match next {
        Some('.') => after.next().is_some_and(char::is_alphanumeric),
        next => next.is_some_and(of_name),
    };
    !name_before && !name_after
}

/// The ways in which a secret is written: as it is, in XML, in JSON, in an address.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned()];
    let mut add = |form: String| {
        if !forms.contains(&form) {
            forms.push(form);
        }
    };
    add(quick_xml::escape::partial_escape(secret).into_owned());
    add(quick_xml::escape::escape(secret).into_owned());
    let json = secret.replace('\\', r"\\").replace('"', "\\\"");
    add(json.replace('/', r"\/"));
    add(json);
    let percent = |upper: bool| {
        secret.bytes().fold(String::new(), |mut form, byte| {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    form.push(char::from(byte))
                }
                byte if upper => form.push_str(&format!("%{byte:02X}")),
                byte => form.push_str(&format!("%{byte:02x}")),
            }
            form
        })
    };
    add(percent(true).replace("%20", "+"));
    add(percent(true));
    add(percent(false));
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_keeps_its_token() {
        let mut secrets = Secrets::default();
        secrets.reserve(4);
        assert_eq!(secrets.token("hunter2", Sort::Named, true), "‹secret-5›");
        assert_eq!(secrets.token("a&amp;b", Sort::Named, true), "‹secret-6›");
        assert_eq!(secrets.token("a&b", Sort::Login, true), "‹secret-6›");
        assert_eq!(secrets.token("hunter2", Sort::Given, true), "‹secret-5›");
        let replaced = secrets.replaced();
        assert_eq!(
            replaced,
            [
                ("‹secret-5›".to_owned(), Sort::Given),
                ("‹secret-6›".to_owned(), Sort::Named)
            ]
        );
    }

    /// A host that tells a new secret in each of many texts.
    #[test]
    fn what_is_learnt_bit_by_bit_costs_little_more() {
        let mut secrets = Secrets::default();
        let all: Vec<String> = (0..3000).map(|number| format!("abcd{number:08}")).collect();
        for secret in &all {
            secrets.token(secret, Sort::Named, true);
            assert_eq!(secrets.everywhere(secret).len(), 1, "{secret}");
        }
        // Each form is at home in a level that is half again as large each time that it moves: no more than log1.5 moves.
        let (built, wanted) = (secrets.built, secrets.wanted);
        assert!(built <= 25 * wanted, "{built} of {wanted}");
        assert!(secrets.levels.len() <= 16, "{}", secrets.levels.len());
        for secret in &all {
            assert_eq!(secrets.everywhere(secret).len(), 1, "{secret}");
        }
        // What a person gives is looked for without conditions, whatever was known before.
        secrets.token(&all[7], Sort::Given, true);
        assert_eq!(secrets.everywhere(&all.join(" ")).len(), all.len());
    }

    #[test]
    fn known_ones_are_found() {
        let check = |secret: &str, sort, text: &str, expected: &[&str]| {
            let mut secrets = Secrets::default();
            secrets.token(secret, sort, true);
            let found: Vec<&str> = secrets
                .everywhere(text)
                .into_iter()
                .map(|(range, _)| &text[range])
                .collect();
            assert_eq!(found, expected, "{secret} in {text}");
        };
        check("hunter2", Sort::Named, "xhunter2x", &["hunter2"]);
        check("abc12", Sort::Named, "abc12", &[]);
        check("abc12", Sort::Given, "abc12", &["abc12"]);
        check(
            "instance",
            Sort::Named,
            "mid.instance.url is instance.",
            &["instance"],
        );
        check("password", Sort::Named, "a password", &[]);
        check(
            r#"a<"b/c&d"#,
            Sort::Named,
            r#"a<"b/c&d a&lt;&quot;b/c&amp;d a<\"b/c&d a%3C%22b%2Fc%26d a%3c%22b%2fc%26d"#,
            &[
                r#"a<"b/c&d"#,
                "a&lt;&quot;b/c&amp;d",
                r#"a<\"b/c&d"#,
                "a%3C%22b%2Fc%26d",
                "a%3c%22b%2fc%26d",
            ],
        );
    }
}
