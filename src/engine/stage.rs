//! What the person is to do now, ready to be drawn. Texts are rendered, nothing else is decided by a driver.

mod conclusion;
mod inputs;
mod question;

pub use conclusion::{ConclusionStage, Ended, Phase};
pub use inputs::InputAsk;
pub use question::{Again, AnswerView, EvidenceView, LookView, Purpose, QuestionStage};

use crate::{
    engine::{OpenQuestion, RunId, Spot},
    tree::Rendered,
};

/// Where the case stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// Inputs that what comes next needs, to be shown together.
    Inputs(Vec<InputAsk>),
    Question(Box<QuestionStage>),
    Do(Box<DoStage>),
    Conclusion(Box<ConclusionStage>),
}

/// An instruction for the person.
#[derive(Debug, Clone, PartialEq)]
pub struct DoStage {
    pub spot: Spot,
    pub text: Rendered,
    pub steps: Option<Rendered>,
    pub caution: Option<Rendered>,
    pub why: Option<Rendered>,
    /// The tree says where to go on if it cannot be done; without it the tree then ends *unresolved*.
    pub unable: bool,
    /// Reached by going back: what was said before (`true`: done).
    pub given: Option<bool>,
    /// Texts that are not shown because a guard's question is open.
    pub withheld: Vec<OpenQuestion>,
    /// Looks whose facts the texts still wait for. Nobody needs to wait for them.
    pub looking: Vec<RunId>,
    pub sources: Vec<String>,
}
