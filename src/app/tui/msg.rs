//! What happens on the screen, and what it asks of the world, as data.

use std::{collections::BTreeMap, sync::Arc};

use secrecy::SecretString;

use crate::{
    app::{
        answering::Sent,
        cases::{Change, Kept, KeptCase},
        exit::Exit,
        report_file::NotWritten,
        tui::port::{CaseId, CaseRedactor, Consent, RuntimeMsg, Save},
    },
    case::{Journal, Named},
    engine::{Effect, Opening},
    finding::{InputName, TreeId},
    tree::Forest,
};

/// Something that happened. Not [`Debug`]: what is typed may be a secret.
#[derive(Clone)]
pub enum Msg {
    /// Ctrl-C, or a signal: at once, whatever is on the screen.
    Interrupt,
    /// A key that means nothing here: it still ends what was asked and said.
    Nothing,
    /// `q`: asks once.
    Quit,
    /// Leaves the case for the start screen; it stays open.
    Leave,
    /// Over to the open case that was left last.
    Other,
    /// Closes the open case that is chosen.
    Close,
    /// Opens what the case's tree can do, to be agreed to.
    Agree,
    Help,
    /// Esc: closes what lies on top, stops a look.
    Cancel,
    /// One step back in the walk.
    Back,
    /// Enter.
    Take,
    /// The answer with this key, counted from 1.
    Pick(usize),
    /// *I don't know*, *it cannot be done*.
    Unsure,
    Up,
    Down,
    LineUp,
    LineDown,
    PageUp,
    PageDown,
    Top,
    Bottom,
    NextField,
    PreviousField,
    Copy,
    Look,
    Follow,
    Transcript,
    Note,
    /// Opens the page that takes a paste.
    Paste,
    /// A text came in on that page.
    Pasted(String),
    /// A character came in there as a key: a person types, or the terminal hands a paste on as keys (Windows' console does).
    Typed(char),
    /// What was pasted is taken away again.
    Clear,
    /// Opens the report.
    Report,
    /// Shows what somebody else is to run for all that is open.
    Request,
    /// Opens what the case is called.
    Name,
    Edit(Edit),
    Resized {
        width: u16,
        height: u16,
    },
    /// Time went by while something counts.
    Tick,
    Runtime(RuntimeMsg),
    Reloaded(Arc<Forest>, BTreeMap<TreeId, Consent>),
    Faults(Vec<String>, Option<String>),
    Cases(Vec<KeptCase>),
    Opened(Box<Journal>),
    /// Whether a file can be opened, or why not.
    FileRead(String, Result<(), String>),
    /// The case that was to be opened is open in this run.
    IsOpen(CaseId),
    Kept(CaseId, Kept),
    Say(String),
    /// The name of the case's folder, for what it asks somebody else.
    Named(CaseId, Option<String>),
    /// What came of writing a report: its whole path.
    Saved(CaseId, Result<String, NotWritten>),
    /// What the last draw came to.
    Drawn(Measured),
}

/// A change to a line of text.
#[derive(Clone)]
pub enum Edit {
    Insert(char),
    Paste(String),
    Backspace,
    Delete,
    DeleteWord,
    DeleteToStart,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
}

/// How far the page on the screen can be scrolled: only who lays it out knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measured {
    /// Lines that are on the screen at once.
    pub page: usize,
    /// The first line that is on the screen.
    pub offset: usize,
    /// The furthest that makes sense, in lines.
    pub furthest: usize,
    /// The page was scrolled away from what is chosen on it.
    pub hidden: bool,
}

/// Something to be done outside, in the order in which it is listed.
pub enum Task {
    Begin(CaseId, Box<Opening>, Arc<Forest>, CaseRedactor),
    /// The case that was opened goes on.
    TakeUp(CaseId, CaseRedactor),
    /// Keeps what happened before it is shown.
    Keep(CaseId, Change),
    /// Keeps what the case is called now before it is shown.
    Call(CaseId, Named),
    /// Finds out the name of the case's folder; it gets one, if it has none yet.
    NameNow(CaseId),
    /// The case was left and stays open: what it looks at is ended.
    Park(CaseId),
    /// A case that was left is on the screen again.
    GoOn(CaseId),
    /// Nobody holds the case any more.
    Close(CaseId),
    /// The case that was opened last is not taken up.
    Release,
    /// Opens a case that was kept, by its name.
    Open(String),
    /// Sees whether a file can be opened as a case, by its path as it was typed.
    ReadFile(String),
    /// Opens it once the program's screen is gone.
    OpenFile(String),
    KeepSecret(CaseId, InputName, SecretString),
    CarryOut(CaseId, Vec<Effect>),
    /// Reads and judges what was sent on.
    Paste(CaseId, Box<Sent>),
    Agreed(TreeId, Consent),
    /// Writes a report into a file.
    Save(CaseId, Box<Save>),
    /// Puts this on the clipboard of the terminal that the person sits at.
    Copy(String),
    End(Exit),
}
