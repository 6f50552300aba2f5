//! YAML becomes a checked tree. The pipeline: text → [`yaml`] (own spanned tree) → lower → [`Tree`] → [`Forest`] → lint.
//!
//! Every stage gives what it could make and a list of [`crate::diag::Diagnostic`]s; none stops at the first mistake.
//! Reading a tree runs nothing. Deliberately absent: `serde` (it stops at the first mistake and knows no places).

mod forest;
pub mod lint;
mod load;
mod lower;
mod model;
mod outline;
mod template;
pub mod words;
pub mod yaml;

pub use forest::Forest;
pub use load::{MAX_FILE, MAX_NODES, SideFiles, load};
pub use model::{
    Answer, AnswerId, AnswerRef, Ask, At, Case, CaseOutcome, Conclude, Do, Goto, Guard, Input,
    InputType, Leave, Node, NodeId, NodeKind, NodeProbe, Origin, Param, PerOs, Probe, ProbeBase,
    Returns, SameAs, Spanned, Step, StepName, Symptom, Target, Text, Tree, Verdict, Visit,
};
pub use outline::{Outline, outline};
pub use template::{
    Chain, Demands, EvalError, Expression, Mistake, Rendered, Scope, Segment, Template,
};
