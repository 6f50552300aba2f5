//! `redis-cli -a …`, `sqlplus scott/…@orcl`, `openssl … -pass pass:…`: passwords that are known by the program whose command
//! line they stand on, and by nothing else. What is no such program's is never read.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::AhoCorasick;

use crate::redact::{
    Sort,
    rule::{
        made_up::is_made_up,
        word::{self, Quote},
    },
    span::Found,
};

/// How a program is given a password.
#[derive(Clone, Copy)]
enum Way {
    /// `-w PASSWORD`.
    Next(&'static str),
    /// `-P PASSWORD`, or `-PPASSWORD`.
    Glued(&'static str),
    /// `-U user%PASSWORD`, `-Uuser%PASSWORD`, `--user=user%PASSWORD`.
    Percent(&'static [&'static str]),
    /// `/p:PASSWORD`.
    Colon(&'static [&'static str]),
    /// `-pass pass:PASSWORD`, wherever it stands.
    Passed,
    /// `user/PASSWORD@database`, as the first argument.
    Slash,
    /// `-b FILE USER PASSWORD`, without a file where `-n` is given.
    Third,
    /// `login PASSWORD`, which has to look like a token.
    Login,
}

/// Programs, in lower case, and their ways.
const PROGRAMS: [(&str, &[Way]); 25] = [
    ("ldapsearch", LDAP),
    ("ldapmodify", LDAP),
    ("ldapadd", LDAP),
    ("ldapdelete", LDAP),
    ("ldapcompare", LDAP),
    ("ldapwhoami", LDAP),
    ("redis-cli", &[Way::Next("-a")]),
    ("sqlplus", &[Way::Slash]),
    ("sqlldr", &[Way::Slash]),
    ("expdp", &[Way::Slash]),
    ("impdp", &[Way::Slash]),
    ("sqlcmd", &[Way::Glued("-P")]),
    ("isql", &[Way::Glued("-P")]),
    ("osql", &[Way::Glued("-P")]),
    ("bcp", &[Way::Glued("-P")]),
    ("vault", &[Way::Login]),
    ("htpasswd", &[Way::Third]),
    ("smbclient", SAMBA),
    ("winexe", SAMBA),
    ("rpcclient", SAMBA),
    ("xfreerdp", FREERDP),
    ("wlfreerdp", FREERDP),
    ("mosquitto_pub", &[Way::Next("-P")]),
    ("mosquitto_sub", &[Way::Next("-P")]),
    ("openssl", &[Way::Next("-k"), Way::Passed]),
];
const LDAP: &[Way] = &[Way::Glued("-w")];
const SAMBA: &[Way] = &[Way::Percent(&["-U", "--user"])];
const FREERDP: &[Way] = &[Way::Colon(&["/p:", "/gp:"])];

/// What a program's name may end with on Windows.
const EXE: &str = ".exe";

/// How far a quote within a word is followed, and how many letters of options are kept, in bytes.
const LONGEST: usize = 512;

/// The most programs on one line that are seen.
const MOST: usize = 16;

static NAMES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(PROGRAMS.map(|(name, _)| name))
        .ok()
});

/// A program's name in a text, and where its arguments begin.
struct Called {
    ways: &'static [Way],
    start: usize,
    end: usize,
}

pub(super) fn find(found: &mut Found<'_>) {
    let text = found.text;
    let Some(names) = NAMES.as_ref() else { return };
    let called = names.find_iter(text).filter_map(|name| {
        Some(Called {
            ways: PROGRAMS[name.pattern().as_usize()].1,
            start: name.start(),
            end: arguments(text, name.range())?,
        })
    });
    let mut called = called.peekable();
    while let Some(first) = called.next() {
        let mut lines = vec![Line::new(first.ways, first.end)];
        let mut at = first.end;
        while let Some(word) = Word::at(text, at) {
            // Another program on the same line: `sudo -u vault sqlplus`.
            while let Some(next) = called.next_if(|next| next.start < word.range.end) {
                if lines.len() < MOST {
                    lines.push(Line::new(next.ways, next.end));
                }
            }
            at = word.after;
            if word.parts_commands(text) {
                break;
            }
            for line in &mut lines {
                if word.range.start >= line.from
                    && let Some(secret) = line.secret(text, &word)
                {
                    found.whole(secret, Sort::Argument, true);
                }
            }
            if !word.quoted && text[..at].ends_with(';') {
                break;
            }
        }
        // What was the value of an option calls nothing.
        while called.next_if(|next| next.start < at).is_some() {}
    }
}

/// Where the arguments of a program begin; `None` where this is no program's name, but part of a longer word.
fn arguments(text: &str, name: Range<usize>) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || "_-.@%".contains(c);
    if text[..name.start].chars().next_back().is_some_and(part) {
        return None;
    }
    let mut at = name.end;
    // Version 3 of a program that is called so.
    at += usize::from(text[at..].starts_with('3'));
    let exe = text.get(at..at + EXE.len());
    if exe.is_some_and(|exe| exe.eq_ignore_ascii_case(EXE)) {
        at += EXE.len();
    }
    let quote = Quote::at(text, at).map_or(0, |quote| quote.length);
    at += quote;
    let listed = quote > 0 && text[at..].starts_with(',');
    at += usize::from(listed);
    (listed || word::past_blanks(text, at) > at).then_some(at)
}

/// A word of a command line.
struct Word {
    /// Without its quotes, and without what only ends it.
    range: Range<usize>,
    quoted: bool,
    /// Where the next one may begin.
    after: usize,
}

impl Word {
    fn at(text: &str, at: usize) -> Option<Self> {
        let start = word::past_blanks(text, at);
        if word::ends_line(text.as_bytes(), start) {
            return None;
        }
        let quote = Quote::at(text, start);
        let (range, mut after) = match &quote {
            Some(quote) => {
                let from = start + quote.length;
                let (end, after) = quote.end(text, from);
                (from..end, after)
            }
            None => {
                let range = word::bare(text, start, false);
                let end = range.end;
                (range, end)
            }
        };
        // What else clings to it: the comma of a list, the bracket that closes one.
        let rest = text[after..]
            .find(char::is_whitespace)
            .unwrap_or(text.len() - after);
        after += match &quote {
            Some(_) => rest.min(usize::from(text[after..].starts_with(','))),
            None => rest,
        };
        Some(Self {
            after: after.max(start + 1),
            quoted: quote.is_some(),
            range,
        })
    }

    fn parts_commands(&self, text: &str) -> bool {
        let whole = text.get(self.range.start..self.after).unwrap_or_default();
        !self.quoted && matches!(whole, "|" | "||" | "&" | "&&" | ";" | ">" | "<")
    }
}

/// What was read of a program's arguments so far. Of each program that a line names there is one, for one may run another.
struct Line {
    ways: &'static [Way],
    /// Where its arguments begin.
    from: usize,
    /// The option before, if its value is what comes next.
    awaits: Option<Way>,
    /// How many words were no option.
    given: usize,
    /// The letters of options that have one dash.
    letters: String,
    /// The word before was an option that takes a number or a word.
    takes: bool,
    /// The word before was `login`, but for options.
    login: bool,
}

impl Line {
    fn new(ways: &'static [Way], from: usize) -> Self {
        Self {
            ways,
            from,
            awaits: None,
            given: 0,
            letters: String::new(),
            takes: false,
            login: false,
        }
    }

    /// The secret in the word, if one is in it.
    fn secret(&mut self, text: &str, word: &Word) -> Option<Range<usize>> {
        let range = word.range.clone();
        let bare = &text[range.clone()];
        let tail = |length: usize| Some(rest(text, word, range.start + length));
        if let Some(way) = self.awaits.take() {
            return match way {
                Way::Percent(_) => tail(bare.find('%')? + 1),
                // Another option.
                _ if bare.starts_with('-') && !word.quoted => None,
                _ => Some(range),
            };
        }
        for way in self.ways {
            match *way {
                Way::Next(option) | Way::Glued(option) if bare == option => {
                    self.awaits = Some(*way);
                    return None;
                }
                Way::Glued(option) if bare.starts_with(option) => return tail(option.len()),
                Way::Percent(options) if options.contains(&bare) => {
                    self.awaits = Some(*way);
                    return None;
                }
                Way::Percent(options) if options.iter().any(|option| bare.starts_with(option)) => {
                    return tail(bare.find('%')? + 1);
                }
                Way::Colon(options) => {
                    let low = bare.to_ascii_lowercase();
                    let option = options.iter().find(|option| low.starts_with(**option));
                    if let Some(option) = option {
                        return tail(option.len());
                    }
                }
                Way::Passed if bare.starts_with("pass:") => return tail("pass:".len()),
                _ => {}
            }
        }
        if bare.starts_with('-') {
            if !bare.starts_with("--") {
                if self.letters.len() < LONGEST {
                    self.letters.extend(bare.chars().take(16));
                }
                // `htpasswd -C 12`, `htpasswd -r 5000`, `sqlplus -M "HTML ON"`, `sqlplus -R 3`.
                self.takes = bare.ends_with(['C', 'r', 'M', 'R']);
            }
            return None;
        }
        if std::mem::take(&mut self.takes) {
            return None;
        }
        let place = self.given;
        self.given += 1;
        let login = std::mem::replace(&mut self.login, bare == "login");
        match self.ways.first()? {
            Way::Slash if place == 0 || bare.starts_with("userid=") => slash(text, word),
            Way::Third if self.letters.contains('b') => {
                let at = if self.letters.contains('n') { 1 } else { 2 };
                (place == at).then_some(range)
            }
            Way::Login if login && place == 1 => {
                let token = bare.strip_prefix("token=").unwrap_or(bare);
                let tail = range.end - token.len()..range.end;
                (is_made_up(token) || token.starts_with("hvs.") || token.starts_with("s."))
                    .then_some(tail)
            }
            _ => None,
        }
    }
}

/// What is behind an option in the same word, in quotes or not.
fn rest(text: &str, word: &Word, at: usize) -> Range<usize> {
    match Quote::at(text, at) {
        Some(quote) if !word.quoted => {
            let start = at + quote.length;
            let most = text.floor_char_boundary(start + LONGEST);
            start..quote.end(&text[..most], start).0
        }
        _ => at..word.range.end.max(at),
    }
}

/// `user/PASSWORD`, `user/PASSWORD@database`, `"user/PASSWORD@database as sysdba"`.
fn slash(text: &str, word: &Word) -> Option<Range<usize>> {
    let bare = &text[word.range.clone()];
    let named = bare.strip_prefix("userid=").unwrap_or(bare);
    let from = word.range.end - named.len();
    let of_user = |c: char| c.is_alphanumeric() || "_$#.[]\"\\".contains(c);
    let slash = named.find('/')?;
    if slash == 0 || !named[..slash].chars().all(of_user) {
        return None;
    }
    let at = from + slash + 1;
    if let Some(quote) = Quote::at(text, at) {
        let start = at + quote.length;
        return Some(
            start
                ..quote
                    .end(&text[..word.range.end], start.min(word.range.end))
                    .0,
        );
    }
    let login = text[at..word.range.end]
        .split([' ', '\t'])
        .next()
        .unwrap_or_default();
    let end = login.rfind('@').unwrap_or(login.len());
    Some(at..at + end)
}
