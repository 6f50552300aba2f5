//! An end on the screen, and the way from a fix to *fixed*.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    engine::{OpenQuestion, RunId, Spot},
    tree::{Rendered, Verdict},
};

/// An end that was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct ConclusionStage {
    /// Where it ended: the conclusion, or the question or instruction that led nowhere.
    pub spot: Spot,
    pub generation: u32,
    /// What stands: a cause or *healthy* that only rests on not knowing is [`Verdict::Unresolved`] here.
    pub verdict: Verdict,
    /// The tree says `cause`, but nothing proves it.
    pub suspect: bool,
    pub ended: Ended,
    /// The conclusion's title; what led nowhere otherwise.
    pub title: Rendered,
    pub because: Option<Rendered>,
    pub fix: Option<Rendered>,
    /// Whom to ask and what to attach.
    pub next: Option<Rendered>,
    /// Texts that are not shown because a guard's question is open.
    pub withheld: Vec<OpenQuestion>,
    /// What was left unknown on the way, with how to find out.
    pub open: Vec<OpenQuestion>,
    /// Causes that visited trees named without proof.
    pub suspects: Vec<Spot>,
    pub phase: Phase,
    /// How long to wait after the fix before it is checked.
    pub wait: Option<Duration>,
    /// Looks whose facts the texts still wait for. Nobody needs to wait for them.
    pub looking: Vec<RunId>,
    pub sources: Vec<String>,
}

impl ConclusionStage {
    /// The person said that the cause's fix will not be carried out now.
    pub fn is_declined(&self) -> bool {
        self.phase == Phase::End && self.verdict == Verdict::Cause && self.ended == Ended::Concluded
    }

    /// Why the walk ends here, where no conclusion of the tree says it.
    pub fn why_here(&self) -> Option<&'static str> {
        match self.ended {
            Ended::Concluded if self.suspect => Some(
                "Nothing proves it: questions on the way were left open. They are listed below.",
            ),
            Ended::Concluded => None,
            Ended::NotKnown => Some("This is not known, and without it the walk cannot go on."),
            Ended::NotDone => Some("This was not done, and without it the walk cannot go on."),
            Ended::WentRound => Some("The same questions came round again, and nothing was new."),
            Ended::DidNotHelp => Some("The fix did not help, and the tree knows no further."),
            Ended::NoWayOn => Some("The tree does not say where to go on from here."),
        }
    }
}

/// How the walk came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// At a conclusion of the tree.
    Concluded,
    /// At a question that was left unknown and does not say where that leads.
    NotKnown,
    /// At an instruction that cannot be carried out and does not say where that leads.
    NotDone,
    /// The same questions were reached again and nothing was new.
    WentRound,
    /// The fix did not help, and the tree does not say where that leads.
    DidNotHelp,
    /// The tree does not say where to go on (for this operating system, or for what a visit came back with).
    NoWayOn,
}

/// How far the person is with a conclusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The fix is shown: [`crate::engine::Event::Applied`] once it was carried out, or `Unable`.
    Fix,
    /// The fix was carried out then; wait, then [`crate::engine::Event::SkipWait`].
    Wait { since: Timestamp, time: Duration },
    /// Did it help? [`crate::engine::Event::Helped`].
    AskHelped,
    /// Checked (or, with no check, said) to be over.
    Fixed,
    /// The fix was carried out; whether it helped is not known.
    NotVerified,
    /// Nothing more to do here.
    End,
}

impl Phase {
    /// The case is at its end.
    pub fn is_last(self) -> bool {
        matches!(self, Phase::Fixed | Phase::NotVerified | Phase::End)
    }
}
