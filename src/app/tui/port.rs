//! What the screen needs of the world around it, and what it is told by it.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
};

use secrecy::SecretString;

use crate::{
    app::{
        answering::{Pasted, Sent},
        cases::{Change, Kept, KeptCase},
        report_file::NotWritten,
    },
    case::{Journal, Named},
    engine::{Effect, Given, GivenAnswer, Opening, Place, RunId},
    finding::{Finding, InputName, Os, TreeId, Unknown},
    redact::Redactor,
    tree::Forest,
};

/// Names one case of one run of the program. Results of a case that was left are recognised by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseId(pub u64);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "case {}", self.0)
    }
}

/// Masks one case: what its looks find, what is written of it, what leaves the screen.
pub type CaseRedactor = Arc<Mutex<Redactor>>;

/// A report that is to be written into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Save {
    /// As a person typed it.
    pub name: String,
    pub text: String,
    /// A file of that name may be replaced.
    pub replace: bool,
}

/// Carries out what the walk asks for. No method waits: what comes of it comes back as [`Incoming::Runtime`].
pub trait Runtime {
    /// A case begins, with secrets of its own. Another one was parked or closed before.
    fn begin(&self, case: CaseId, opening: &Opening, forest: &Forest, redactor: &CaseRedactor);

    /// The case that [`Incoming::Opened`] brought goes on; as [`Runtime::begin`] otherwise.
    fn take_up(&self, _case: CaseId, _redactor: &CaseRedactor) {}

    /// Sees whether a file can be opened as a case; [`Incoming::FileRead`] comes of it.
    fn read_file(&self, _path: String) {}

    /// The file is to be opened once the screen is gone.
    fn open_file(&self, _path: String) {}

    /// Does these, in this order. Comes after [`Runtime::begin`] of the same case.
    fn carry_out(&self, case: CaseId, effects: Vec<Effect>);

    /// Reads and judges what a person sent on; [`RuntimeMsg::Pasted`] comes of it.
    fn paste(&self, _case: CaseId, _sent: Sent) {}

    /// A person typed a secret in. Comes before the effects that need it; replaces what was kept under the name.
    fn keep_secret(&self, case: CaseId, input: &InputName, secret: SecretString);

    /// A person has read a tree's [`Consent`] and agreed to it.
    fn agreed(&self, tree: &TreeId, consent: &Consent);

    /// Something happened in the case that is to be kept. Gives what to wait for before it is shown: an [`Incoming::Kept`]
    /// that comes up to there; `None` where nobody keeps it.
    fn keep(&self, _case: CaseId, _change: Change) -> Option<u64> {
        None
    }

    /// The case is called this from now on; to be waited for as with [`Runtime::keep`].
    fn call(&self, _case: CaseId, _named: Named) -> Option<u64> {
        None
    }

    /// The case asks somebody else for something: it gets its folder now, if it can have one, so that what comes back finds it.
    /// Gives the folder's name; `None` where nothing is kept.
    fn name_now(&self, _case: CaseId) -> Option<String> {
        None
    }

    /// Writes a report; [`Incoming::Saved`] comes of it.
    fn save(&self, _case: CaseId, _save: Save) {}

    /// The case was left and stays open: what it still runs is cancelled, and nobody else can take it up.
    fn park(&self, _case: CaseId) {}

    /// A case that was parked is on the screen again.
    fn go_on(&self, _case: CaseId) {}

    /// Nobody holds the case any more; its secrets are dropped.
    fn close(&self, _case: CaseId) {}

    /// The case that [`Incoming::Opened`] brought is not taken up.
    fn release(&self) {}

    /// Opens a case that was kept; what comes of it comes back as [`Incoming::Opened`], or is said.
    fn open(&self, _name: String) {}
}

/// What came of an effect.
#[derive(Debug, Clone, PartialEq)]
pub enum RuntimeMsg {
    ProbeFinished {
        case: CaseId,
        run: RunId,
        finding: Finding,
    },
    Suggested {
        case: CaseId,
        run: RunId,
        candidates: Vec<String>,
    },
    /// What was pasted: the event for the case, or why it is of something else.
    Pasted {
        case: CaseId,
        judged: Box<Result<Pasted, Unknown>>,
    },
}

/// Everything that the screen is told, through one channel and so in one order.
#[derive(Debug)]
pub enum Incoming {
    /// Sent by [`super::run`] itself.
    Terminal(crossterm::event::Event),
    Runtime(RuntimeMsg),
    /// The trees were changed on disk and loaded again; what of them has to be agreed to now.
    Reloaded {
        forest: Arc<Forest>,
        consents: BTreeMap<TreeId, Consent>,
    },
    /// The trees were changed on disk, and these have mistakes (a line each), with the first mistake: the trees as they
    /// were stay in use. None: what was wrong is mended.
    Faults {
        faults: Vec<String>,
        first: Option<String>,
    },
    /// The cases that were left, the newest first.
    Cases(Vec<KeptCase>),
    /// A case is taken up again.
    Opened(Box<Journal>),
    /// What came of [`Runtime::read_file`], and which file it was.
    FileRead(String, Result<(), String>),
    /// The case that was to be opened is open in this run of the program.
    IsOpen(CaseId),
    /// How it stands with what was handed over by [`Runtime::keep`].
    Kept(CaseId, Kept),
    /// What came of [`Runtime::name_now`].
    Named(CaseId, Option<String>),
    /// What came of [`Runtime::save`]: the whole path.
    Saved(CaseId, Result<String, NotWritten>),
    /// Something to tell the person, such as a tree that no longer loads: one line, a fragment.
    Say(String),
    /// A signal that ends programs. Sent by [`super::run`] itself.
    Ended,
    /// Time went by. Sent by [`super::run`] itself while something on the screen counts.
    Tick,
}

/// What the wizard begins with.
#[derive(Debug, Clone)]
pub struct TuiOpening {
    pub forest: Arc<Forest>,
    /// The operating system of the machine that is looked at: this one, or the recorded one.
    pub os: Os,
    /// A tree that was named on the command line; without it the start screen opens.
    pub tree: Option<TreeId>,
    /// What stands under the first line all the time: that a recorded host is looked at, and which.
    pub banner: Option<String>,
    /// Where the machine is, where that is settled: here (or a recorded one stands in for it), or in a bundle. Else it is asked.
    pub place: Option<Place>,
    /// What was given on the command line.
    pub inputs: BTreeMap<InputName, Given>,
    pub answers: Vec<GivenAnswer>,
    /// Programs of the machine may be run (`--allow-commands`).
    pub commands: bool,
    /// Trees from outside whose consent, with the programs that it lists, was agreed to, and what it was.
    pub agreed: BTreeMap<TreeId, Consent>,
    /// What a person has to agree to before a tree looks at anything; trees that need no agreement are not listed.
    pub consents: BTreeMap<TreeId, Consent>,
    /// What is wrong with trees that cannot be used: one line each.
    pub faults: Vec<String>,
    /// False under `NO_COLOR`.
    pub colour: bool,
}

/// Everything that a tree from outside the program, and the trees that it leads to, can do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consent {
    /// Over all that is listed and the trees themselves: what exactly was agreed to.
    pub hash: String,
    /// The files that the trees come from.
    pub files: Vec<String>,
    pub reads: Vec<String>,
    pub contacts: Vec<String>,
    pub executes: Vec<String>,
}

impl Consent {
    /// Whether who agreed to this has read everything that `other` lists.
    pub fn covers(&self, other: &Self) -> bool {
        let within =
            |mine: &[String], theirs: &[String]| theirs.iter().all(|line| mine.contains(line));
        within(&self.reads, &other.reads)
            && within(&self.contacts, &other.contacts)
            && within(&self.executes, &other.executes)
    }
}
