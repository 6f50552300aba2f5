//! An input that is asked for.

use crate::{
    engine::RunId,
    finding::InputName,
    tree::{InputType, Rendered},
};

/// One input, with what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct InputAsk {
    pub name: InputName,
    pub ask: Rendered,
    pub help: Option<Rendered>,
    pub ty: InputType,
    /// The labels of a choice: id and text, in order. Empty for other types.
    pub choices: Vec<(String, Rendered)>,
    /// What stands in the field already: a default, the only path that fits, or what evidence says.
    pub offer: Option<String>,
    /// The offer is what evidence says, and is to be confirmed before anything is sent to it.
    pub confirm: bool,
    /// What the offer is made of, as the tree writes it: `facts.config.values.url`.
    pub comes_from: Option<String>,
    /// Where a tree from outside sends it, as that writes it: `http https://a.example/`. Empty where nothing is to be confirmed.
    pub goes_to: Vec<String>,
    /// It may be left empty: then there is none.
    pub blank: bool,
    /// Values to choose from, where there is more than one.
    pub suggestions: Vec<String>,
    /// A look that may fill it in. Typing is possible all the while.
    pub looking: Option<RunId>,
    /// What was wrong with the value that was given ahead.
    pub refused: Option<String>,
    /// For a secret: the host or address that alone gets it.
    pub secret_for: Option<String>,
}
