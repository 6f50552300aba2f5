//! Keeps what happens in a session: hands what is new to the writer, masked.
//!
//! A case gets its folder with the first thing that a person did; to look at a tree leaves nothing behind.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, channel},
    },
};

use crate::{
    app::cases::{Case, CaseError, Cases, Change, Kept, Writer},
    case::{self, Head, Line, Named, TreeMark},
    engine::{Entry, Opening, Parcel},
    redact::Redactor,
    tree::{Forest, Origin},
};

/// A bundle, as a case names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundled {
    /// Which one it is. In a case that begins with it its copy is the first.
    pub parcel: Parcel,
    /// Where it is now.
    pub file: PathBuf,
}

/// Told on the writing thread, and nowhere else.
pub type Tell = Arc<dyn Fn(Kept) + Send + Sync>;

/// A teller, and where what it tells is heard, for who has nothing else to wait for.
pub fn ear() -> (Tell, Receiver<Kept>) {
    let (sender, told) = channel();
    let sender = Mutex::new(sender);
    let tell: Tell = Arc::new(move |kept| {
        // Who listened is gone with the program.
        let _ = sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send(kept);
    });
    (tell, told)
}

/// What was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// Up to this line; it has to be on the disk before it is shown.
    Upto(u64),
    /// Nothing is written: nobody has done anything yet, or nothing is kept.
    Nothing,
    /// The case cannot be begun, and why. It is not tried again.
    Not(String),
}

pub struct Keeper {
    /// Where a case gets its folder; `None` where none is kept.
    cases: Option<Cases>,
    head: Head,
    redactor: Arc<Mutex<Redactor>>,
    tell: Tell,
    writer: Option<Writer>,
    /// The case's name; `None` where nothing is kept yet.
    case: Option<String>,
    /// The bundle that the case is of.
    bundle: Option<PathBuf>,
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
                    origin: absolute(&tree.origin).to_string(),
                })
                .collect(),
            host,
            bundle: None,
        };
        Self {
            cases,
            head,
            redactor,
            tell,
            writer: None,
            case: None,
            bundle: None,
            waiting: Vec::new(),
        }
    }

    /// The case is of this bundle, which is copied into its folder when it gets one.
    #[must_use]
    pub fn of_bundle(mut self, bundle: Option<Bundled>) -> Self {
        if let Some(Bundled { parcel, file }) = bundle {
            self.head.bundle = Some(parcel.name.clone());
            self.head.opening.parcel = Some(Parcel {
                copy: Some(1),
                ..parcel
            });
            self.bundle = Some(file);
        }
        self
    }

    /// Gives the case its folder, though nobody has done anything in it yet: something that comes later has to find it. Gives
    /// the folder's name; `None` where nothing is kept.
    ///
    /// # Errors
    /// Why it cannot have one.
    pub fn begin_now(&mut self) -> Result<Option<String>, String> {
        match self.hand_over(Vec::new(), true) {
            Handed::Upto(_) | Handed::Nothing => Ok(self.case.clone()),
            Handed::Not(why) => Err(why),
        }
    }

    /// Of a case that is taken up again.
    pub fn resumed(case: Case, head: Head, redactor: Arc<Mutex<Redactor>>, tell: Tell) -> Self {
        let told = Arc::clone(&tell);
        Self {
            case: Some(case.name.clone()),
            cases: None,
            bundle: None,
            head,
            redactor,
            tell,
            writer: Some(Writer::start(case, move |kept| told(kept))),
            waiting: Vec::new(),
        }
    }

    /// Hands over what happened.
    pub fn keep(&mut self, Change { cut, entries }: &Change) -> Handed {
        if !self.keeps() {
            return Handed::Nothing;
        }
        let mut lines: Vec<Line> = cut.iter().map(|to| Line::Cut { to: *to }).collect();
        {
            let mut redactor = self.redactor.lock().unwrap_or_else(PoisonError::into_inner);
            let masked = entries
                .iter()
                .map(|entry| case::entry(entry, &mut redactor));
            lines.extend(masked.map(|entry| Line::Entry(Box::new(entry))));
        }
        self.hand_over(lines, entries.iter().any(Entry::is_by_person))
    }

    /// The name of the case's folder; `None` where nothing is kept yet.
    pub fn case(&self) -> Option<&str> {
        self.case.as_deref()
    }

    fn keeps(&self) -> bool {
        self.cases.is_some() || self.writer.is_some()
    }

    /// The case gets a name.
    pub fn call(&mut self, named: Named) -> Handed {
        if !self.keeps() {
            return Handed::Nothing;
        }
        let mut redactor = self.redactor.lock().unwrap_or_else(PoisonError::into_inner);
        let mut masked = |text: Option<String>| text.map(|text| redactor.text(&text));
        let line = Line::Named(Named {
            title: masked(named.title),
            ticket: masked(named.ticket),
        });
        drop(redactor);
        self.hand_over(vec![line], true)
    }

    fn hand_over(&mut self, lines: Vec<Line>, by_person: bool) -> Handed {
        self.waiting.extend(lines);
        if self.writer.is_none() && by_person {
            match self.begin() {
                Ok(writer) => self.writer = writer,
                Err(error) => {
                    self.cases = None;
                    self.waiting.clear();
                    return Handed::Not(error.to_string());
                }
            }
        }
        let Some(writer) = &mut self.writer else {
            return Handed::Nothing;
        };
        let last = self.waiting.drain(..).map(|line| writer.keep(&line)).last();
        last.map_or(Handed::Nothing, Handed::Upto)
    }

    /// Makes the folder, and writes the head.
    fn begin(&mut self) -> Result<Option<Writer>, CaseError> {
        let opening = &self.head.opening;
        let Some(cases) = &self.cases else {
            return Ok(None);
        };
        let case = match &self.bundle {
            Some(bundle) => cases.create_of(bundle, &opening.tree, opening.at)?,
            None => cases.create(&opening.tree, opening.at)?,
        };
        self.case = Some(case.name.clone());
        let tell = Arc::clone(&self.tell);
        let mut writer = Writer::start(case, move |kept| tell(kept));
        let mut head = self.head.clone();
        {
            let mut redactor = self.redactor.lock().unwrap_or_else(PoisonError::into_inner);
            head.opening = case::opening(&head.opening, &mut redactor);
        }
        writer.keep(&Line::Head(Box::new(head)));
        Ok(Some(writer))
    }
}

/// As it can be found from another folder.
fn absolute(origin: &Origin) -> Origin {
    match origin {
        Origin::File(path) => {
            let whole = std::path::absolute(path).map(|path| path.display().to_string());
            Origin::File(whole.unwrap_or_else(|_| path.clone()))
        }
        Origin::Embedded => Origin::Embedded,
    }
}
