//! What a person pastes for a question's probe, before it is judged.

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

/// The page that takes a paste.
pub struct Pasting {
    /// The question's probes, each with the commands that a person runs for it.
    pub looks: Vec<(ProbeRequest, Vec<String>)>,
    /// Which of them it is for.
    pub at: usize,
    pub text: String,
    pub shown: Shown,
    /// It is being judged.
    pub judging: bool,
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
    /// `None` where there is no question with a probe.
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
        (!looks.is_empty()).then(|| Self {
            looks,
            at: 0,
            text: String::new(),
            shown: Shown::default(),
            judging: false,
            refused: None,
            scroll: 0,
        })
    }

    pub fn place(&self) -> Place {
        Place::Paste
    }

    /// Takes a text whole, behind what was pasted before.
    pub fn add(&mut self, text: &str) {
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
        self.shown = Shown::new(&self.text);
        // The end of it is what shows whether it is whole.
        self.scroll = usize::MAX;
    }

    pub fn refuse(&mut self, why: String) {
        self.refused = Some(why);
        self.scroll = usize::MAX;
    }

    pub fn clear(&mut self) {
        self.scroll = 0;
        self.text = String::new();
        self.shown = Shown::default();
        self.refused = None;
    }
}

impl Shown {
    fn new(text: &str) -> Self {
        let lines = text.lines().count();
        let cut = |line: &str| line.chars().take(WIDE).collect::<String>();
        let first: Vec<String> = text.lines().take(FIRST).map(cut).collect();
        let rest = lines.saturating_sub(FIRST);
        let mut last: Vec<String> = text.lines().rev().take(rest.min(LAST)).map(cut).collect();
        last.reverse();
        let masked = |lines: Vec<String>| -> Vec<String> {
            let text = Redactor::default().text(&lines.join("\n"));
            text.lines().map(str::to_owned).collect()
        };
        Self {
            between: rest.saturating_sub(LAST),
            first: masked(first),
            last: masked(last),
            lines,
        }
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
            let shown = Shown::new(&text);
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
        let shown = Shown::new("a\nmid.instance.password=hunter2secret\n");
        assert!(!shown.first.concat().contains("hunter2"), "{shown:?}");
    }
}
