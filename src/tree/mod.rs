//! YAML becomes a checked tree. The pipeline: text → [`yaml`] (own spanned tree) → lower → [`Tree`] → [`Forest`] → lint.
//!
//! Every stage gives what it could make and a list of [`crate::diag::Diagnostic`]s; none stops at the first mistake.
//! Reading a tree runs nothing. Deliberately absent: `serde` (it stops at the first mistake and knows no places).

mod forest;
mod model;
mod template;

pub use forest::Forest;
pub use model::{
    Answer, AnswerId, AnswerRef, Ask, At, Case, CaseOutcome, Conclude, Do, Goto, Guard, Input,
    InputType, Leave, Node, NodeId, NodeKind, NodeProbe, Origin, Param, PerOs, Probe, ProbeBase,
    Returns, Spanned, Step, StepName, Symptom, Target, Text, Tree, Verdict, Visit,
};
pub use template::{Demands, EvalError, Expression, Rendered, Scope, Template};
