//! Keeps what happens in a session: hands what is new to the writer, masked.
//!
//! A case gets its folder with the first thing that a person did; to look at a tree leaves nothing behind.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{
    app::cases::{Case, Cases, Kept, Writer},
    case::{self, Head, Line, Named, TreeMark},
    engine::{Entry, Opening, Record},
    redact::Redactor,
    tree::Forest,
};

/// Told on the writing thread.
pub type Tell = Arc<dyn Fn(Kept) + Send + Sync>;

pub struct Keeper {
    /// Where a case gets its folder; `None` where none is kept.
    cases: Option<Cases>,
    head: Head,
    redactor: Arc<Mutex<Redactor>>,
    tell: Tell,
    writer: Option<Writer>,
    /// What waits for the first thing that a person does.
    waiting: Vec<Line>,
}

impl Keeper {
    /// Of a case that begins.
    pub fn new(
        cases: Option<Cases>,
        forest: &Forest,
        opening: &Opening,
        host: Option<String>,
        redactor: Arc<Mutex<Redactor>>,
        tell: Tell,
    ) -> Self {
        let trees = forest.reachable(&opening.tree).into_iter();
        let head = Head {
            schema: Head::SCHEMA,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            opening: opening.clone(),
            trees: trees
                .map(|tree| TreeMark {
                    id: tree.id.clone(),
                    hash: tree.hash.clone(),
                    origin: tree.origin.to_string(),
                })
                .collect(),
            host,
        };
        Self {
            cases,
            head,
            redactor,
            tell,
            writer: None,
            waiting: Vec::new(),
        }
    }

    /// Of a case that is taken up again.
    pub fn resumed(case: Case, head: Head, redactor: Arc<Mutex<Redactor>>, tell: Tell) -> Self {
        let told = Arc::clone(&tell);
        Self {
            cases: None,
            head,
            redactor,
            tell,
            writer: Some(Writer::start(case, move |kept| told(kept))),
            waiting: Vec::new(),
        }
    }

    /// The case's name, once it has a folder.
    pub fn name(&self) -> Option<&str> {
        self.writer.as_ref().map(Writer::name)
    }

    /// Hands over what happened. Gives the number of the line that has to be on the disk before it is shown; `None` where
    /// nothing is kept yet.
    pub fn keep(&mut self, cut: Option<usize>, entries: &[Entry]) -> Option<u64> {
        if self.cases.is_none() && self.writer.is_none() {
            return None;
        }
        let mut lines: Vec<Line> = cut.map(|to| Line::Cut { to }).into_iter().collect();
        {
            let mut redactor = self.redactor.lock().unwrap_or_else(PoisonError::into_inner);
            let masked = entries
                .iter()
                .map(|entry| case::entry(entry, &mut redactor));
            lines.extend(masked.map(|entry| Line::Entry(Box::new(entry))));
        }
        let by_person = entries.iter().any(|entry| {
            !matches!(
                entry.record,
                Record::Found { .. } | Record::Suggested { .. }
            )
        });
        self.hand_over(lines, by_person)
    }

    /// The case gets a name.
    pub fn call(&mut self, named: Named) -> Option<u64> {
        let mut redactor = self.redactor.lock().unwrap_or_else(PoisonError::into_inner);
        let mut masked = |text: Option<String>| text.map(|text| redactor.text(&text));
        let line = Line::Named(Named {
            title: masked(named.title),
            ticket: masked(named.ticket),
        });
        drop(redactor);
        self.hand_over(vec![line], true)
    }

    fn hand_over(&mut self, lines: Vec<Line>, by_person: bool) -> Option<u64> {
        if self.writer.is_none() {
            self.waiting.extend(lines);
            if !by_person {
                return None;
            }
            return self.begin();
        }
        let writer = self.writer.as_mut()?;
        lines.iter().map(|line| writer.keep(line)).last()
    }

    /// Makes the folder, and writes the head and all that waited.
    fn begin(&mut self) -> Option<u64> {
        let opening = &self.head.opening;
        let case = match self.cases.as_ref()?.create(&opening.tree, opening.at) {
            Ok(case) => case,
            Err(error) => {
                // Told once: what cannot be begun is not tried again with each key.
                self.cases = None;
                self.waiting.clear();
                (self.tell)(Kept::Not {
                    from: 1,
                    why: error.to_string(),
                });
                return None;
            }
        };
        let tell = Arc::clone(&self.tell);
        let mut writer = Writer::start(case, move |kept| tell(kept));
        let mut head = self.head.clone();
        {
            let mut redactor = self.redactor.lock().unwrap_or_else(PoisonError::into_inner);
            head.opening = case::opening(&head.opening, &mut redactor);
        }
        writer.keep(&Line::Head(Box::new(head)));
        let last = self.waiting.drain(..).map(|line| writer.keep(&line)).last();
        self.writer = Some(writer);
        last
    }
}
