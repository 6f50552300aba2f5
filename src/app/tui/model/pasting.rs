//! What a person pastes for a question's probe, before it is judged.

use jiff::{SignedDuration, Timestamp};

use crate::{
    app::tui::{model::Scene, place::Place},
    engine::{ProbeRequest, Stage},
    host::printed::MOST_BYTES,
    probe,
    redact::Redactor,
};

/// Lines of a long paste that are shown from its beginning, and from its end.
const FIRST: usize = 8;
const LAST: usize = 3;
/// How much of a line is shown, in characters.
const WIDE: usize = 300;
/// What stands around the lines that are shown tells what of them is a secret: a key's first line, a tag's name. So much of it
/// is read, in bytes.
const AROUND: usize = 64 << 10;

/// Keys that come so soon one after the other are a paste that the terminal hands on as keys. Hardly anybody presses Enter so
/// soon, and then it is one more line's end.
const SOON: SignedDuration = SignedDuration::from_millis(150);
/// The same once lines have come so: a slow connection may pause between them.
const SOON_WITHIN: SignedDuration = SignedDuration::from_millis(500);

/// The page that takes a paste.
pub struct Pasting {
    /// The question's probes, each with the commands that a person runs for it.
    pub looks: Vec<(ProbeRequest, Vec<String>)>,
    /// Which of them it is for.
    pub at: usize,
    pub text: String,
    pub shown: Shown,
    /// When the last character came as a key, and that it is not among `shown` yet.
    last_key: Option<Timestamp>,
    stale: bool,
    /// It is being judged.
    pub judging: bool,
    /// More of it came meanwhile: what is judged is not all of it.
    pub overtaken: bool,
    /// Why it could not be used.
    pub refused: Option<String>,
    pub scroll: usize,
}

/// What of it stands on the screen, masked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    pub first: Vec<String>,
    /// Lines between the first and the last that are not shown.
    pub between: usize,
    pub last: Vec<String>,
    pub lines: usize,
}

impl Pasting {
    /// `None` where nothing can be pasted. Somebody else's script may have run at any time, so that its answer is taken at
    /// every question about another machine.
    pub fn new(scene: &Scene) -> Option<Self> {
        let Stage::Question(question) = &scene.stage else {
            return None;
        };
        let looks: Vec<_> = question
            .looks
            .iter()
            .map(|look| {
                let request = look.request.clone();
                let kind = probe::kind(request.kind);
                let manual = kind.map(|kind| kind.manual(&request.params, scene.os));
                let commands = manual.into_iter().flatten().map(|manual| manual.command);
                (request, commands.collect())
            })
            .collect();
        scene.can_paste().then(|| Self {
            looks,
            at: 0,
            text: String::new(),
            shown: Shown::default(),
            last_key: None,
            stale: false,
            judging: false,
            overtaken: false,
            refused: None,
            scroll: 0,
        })
    }

    /// The probe that it is for, and its commands; `None` where the question has none.
    pub fn look(&self) -> Option<&(ProbeRequest, Vec<String>)> {
        self.looks.get(self.at)
    }

    pub fn place(&self) -> Place {
        Place::Paste
    }

    /// Takes a text whole, behind what was pasted before. The redactor is the case's: it knows what was typed in.
    pub fn add(&mut self, text: &str, redactor: &mut Redactor) {
        self.refused = None;
        if self.text.len() + text.len() > MOST_BYTES {
            self.refuse(format!(
                "more than {} MiB, the bound: nothing of it was taken",
                MOST_BYTES >> 20
            ));
            return;
        }
        if !(self.text.is_empty() || self.text.ends_with('\n')) {
            self.text.push('\n');
        }
        // Terminals send what the Enter key sends, where lines end.
        self.text
            .push_str(&text.replace("\r\n", "\n").replace('\r', "\n"));
        self.last_key = None;
        self.shown = Shown::new(&self.text, redactor);
        // The end of it is what shows whether it is whole.
        self.scroll = usize::MAX;
    }

    /// Takes one character that came as a key.
    pub fn typed(&mut self, character: char, now: Timestamp) {
        self.last_key = Some(now);
        if self.text.len() + character.len_utf8() > MOST_BYTES {
            self.refuse(format!(
                "more than {} MiB, the bound: the rest was not taken",
                MOST_BYTES >> 20
            ));
            return;
        }
        self.refused = None;
        self.text.push(character);
        self.stale = true;
        self.scroll = usize::MAX;
    }

    /// A paste comes in as keys at this moment, and Enter is a line's end in it.
    pub fn comes_in_keys(&self, now: Timestamp) -> bool {
        let soon = match self.text.contains('\n') {
            true => SOON_WITHIN,
            false => SOON,
        };
        self.last_key
            .is_some_and(|last| now.duration_since(last) < soon)
    }

    /// Masks what came as keys, before it is drawn: not at each of them.
    pub fn freshen(&mut self, redactor: &mut Redactor) {
        if self.stale {
            self.shown = Shown::new(&self.text, redactor);
            self.stale = false;
        }
    }

    pub fn refuse(&mut self, why: String) {
        self.refused = Some(why);
        self.scroll = usize::MAX;
    }

    /// Takes the last character away, where they came as keys; else all of it.
    pub fn take_back(&mut self) {
        if self.last_key.is_none() {
            self.clear();
        } else if self.text.pop().is_some() {
            self.stale = true;
            self.refused = None;
        }
    }

    /// What came while it was judged is lost: nothing of it counts.
    pub fn lose(&mut self) {
        self.clear();
        self.last_key = None;
        self.stale = false;
        self.overtaken = false;
        self.refuse(
            "more of it came while it was read, so that nothing of it was taken: paste it again"
                .to_owned(),
        );
    }

    fn clear(&mut self) {
        self.scroll = 0;
        self.text = String::new();
        self.shown = Shown::default();
        self.refused = None;
    }
}

impl Shown {
    fn new(text: &str, redactor: &mut Redactor) -> Self {
        let lines = text.lines().count();
        let cut = |line: &str| line.chars().take(WIDE).collect::<String>();
        let rest = lines.saturating_sub(FIRST);
        // Masked before it is cut, with what stands around it; a mask leaves the lines where they are.
        let beginning = redactor.text(&text[..text.floor_char_boundary(AROUND)]);
        let end = redactor.text(&text[last_lines(text, rest.min(LAST))..]);
        let first = beginning.lines().take(FIRST).map(cut).collect();
        let mut last: Vec<String> = end.lines().rev().take(rest.min(LAST)).map(cut).collect();
        last.reverse();
        Self {
            between: rest.saturating_sub(LAST),
            first,
            last,
            lines,
        }
    }
}

/// Where the part begins that holds so many lines from the end and what stands around them: where a line does, if one does.
fn last_lines(text: &str, count: usize) -> usize {
    let shown: usize = text.lines().rev().take(count).map(str::len).sum();
    let from = text.floor_char_boundary(text.len().saturating_sub(shown + AROUND));
    match text[from..].find('\n') {
        Some(line_end) if from > 0 && line_end < AROUND => from + line_end + 1,
        _ => from,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_paste_is_shown_in_part() {
        let check = |lines: usize, first: usize, between: usize, last: usize| {
            let text = (0..lines)
                .map(|n| format!("line {n}\n"))
                .collect::<String>();
            let shown = Shown::new(&text, &mut Redactor::default());
            let found = (
                shown.first.len(),
                shown.between,
                shown.last.len(),
                shown.lines,
            );
            assert_eq!(found, (first, between, last, lines));
        };
        check(0, 0, 0, 0);
        check(8, 8, 0, 0);
        check(10, 8, 0, 2);
        check(5000, 8, 4989, 3);
    }

    #[test]
    fn no_secret_of_it_is_shown() {
        let check = |text: &str| {
            let mut redactor = Redactor::default();
            redactor.learn("typed-hunter2");
            let shown = Shown::new(text, &mut redactor);
            assert_eq!(shown.lines, text.lines().count());
            let all = [shown.first, shown.last].concat().concat();
            assert!(!all.contains("hunter2"), "{text:.300}: {all}");
        };
        check("a\nmid.instance.password=hunter2secret\n");
        // What a person typed in for a login.
        check("the server said: typed-hunter2 is wrong\n");
        let tag = "<parameter\n name=\"db.password\"\n type=\"x\"\n value=\"hunter2\"/>\n";
        for before in [0, 1, 4, 5, 6, 7, 8, 9, 1000] {
            let above = "one line\n".repeat(before);
            for below in 0..4 {
                let below = "one line\n".repeat(below);
                check(&format!("{above}{tag}{below}"));
                let key = "hunter2\n".repeat(20);
                check(&format!(
                    "{above}-----BEGIN PRIVATE KEY-----\n{key}-----END PRIVATE KEY-----\n{below}"
                ));
            }
            check(&format!("{above}{} password=hunter2", "x".repeat(500)));
        }
        // A word that is cut is still the one that it was.
        check(&format!("{} password=hunter2", "x ".repeat(140)));
    }
}
