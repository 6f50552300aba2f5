//! What happens to a session, and what a driver that follows evidence does next.

use serde::{Deserialize, Serialize};

use crate::{
    engine::{Parcel, ProbeKey, RunId},
    finding::{Finding, InputName},
    tree::AnswerId,
};

/// Something that happened. Which events fit depends on the stage; the others are rejected.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// An input was given: one that is asked for now, or at any time one that was given before.
    Input { name: InputName, given: Given },
    /// The question on the screen was answered. Where evidence points to the same answer, that is its source.
    Answer { answer: AnswerId },
    /// *I don't know.* `skipped`: nobody was asked, evidence was silent.
    Unsure { skipped: bool },
    /// The instruction on the screen was carried out.
    Done,
    /// The instruction cannot be carried out; or, at a fix, it will not be tried.
    Unable,
    /// The fix was carried out.
    Applied,
    /// Whether the fix helped, asked where the tree has no question for it; `None`: not known yet.
    Helped(Option<bool>),
    /// The wait after a fix is over, or was skipped. Who draws counts; the engine has no clock.
    SkipWait,
    /// One step back. What was answered there is kept and preselected.
    Back,
    /// The step with this place in [`crate::engine::Session::path`] was answered otherwise.
    Edit { step: usize, choice: Choice },
    /// Look (again). The only way to start a look that logs in.
    Look,
    /// Stop what the stage waits for; it is then unknown.
    Stop,
    /// A probe that was started ended.
    ProbeFinished { run: RunId, finding: Finding },
    /// What a person pasted or attached, or a bundle held, was judged. It stands in the place of the probe's own finding.
    /// `params` is the hash of the request whose output it is: where the probe would look elsewhere by now, it is refused.
    Pasted {
        probe: ProbeKey,
        params: String,
        finding: Finding,
    },
    /// A further bundle was opened into the case; what was read of it comes as [`Event::Pasted`].
    Parcel(Parcel),
    /// The paths that fit an input's globs.
    Suggested { run: RunId, candidates: Vec<String> },
    /// A note, at a step of the path or (without one) at the place where the case is now.
    Note { step: Option<usize>, text: String },
}

/// An input's value as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Given {
    Text(String),
    /// A secret was given; its value lives with whoever runs probes, and nowhere else.
    Secret,
    /// *I don't know.* Probes that need it are unknown.
    Unknown,
}

/// How a step is answered otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    Answer(AnswerId),
    Unsure,
    Done,
    Unable,
    Applied,
    Helped(Option<bool>),
}

/// What a driver that follows evidence alone does next.
#[expect(
    clippy::large_enum_variant,
    reason = "one is made and taken apart at a time; none is kept"
)]
#[derive(Debug, Clone, PartialEq)]
pub enum Follow {
    /// Apply this.
    Apply(Event),
    /// Something runs that the stage waits for.
    Wait,
    /// Nothing more can be done without a person: the end, a question that nothing answers, or a `do`.
    Over,
}
