//! What a kind says of itself: parameters, outcomes, facts. Checker, schema and manual are made from it.

/// A kind's description.
#[derive(Debug)]
pub struct Spec {
    /// The key under which it stands in a tree: `config`.
    pub name: &'static str,
    /// What it looks at, as a short phrase.
    pub looks_at: &'static str,
    pub params: &'static [ParamSpec],
    /// The facts that every probe of the kind has. A log's patterns come on top, each a map of [`Spec::pattern_facts`].
    pub facts: &'static [FactSpec],
    /// The facts under each pattern's name; empty for kinds without patterns.
    pub pattern_facts: &'static [FactSpec],
    /// Sends something over the network.
    pub network: bool,
    /// Runs a program of the machine: needs its own agreement.
    pub executes: bool,
}

/// One parameter.
#[derive(Debug)]
pub struct ParamSpec {
    pub name: &'static str,
    pub ty: ParamType,
    pub role: Role,
    pub required: bool,
    pub doc: &'static str,
}

impl ParamSpec {
    pub(super) const fn new(
        name: &'static str,
        ty: ParamType,
        role: Role,
        required: bool,
        doc: &'static str,
    ) -> Self {
        Self {
            name,
            ty,
            role,
            required,
            doc,
        }
    }
}

/// What a parameter is to the look. Whoever agrees to a tree from outside sees every one but those that only judge, so a kind
/// decides for each of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Says what is looked at; needs no word of its own.
    Target,
    /// Goes out with the look, leads it somewhere, or says how much of it there is.
    Sent,
    /// Only says how to judge what came.
    Judged,
}

/// What may stand as a parameter's value. Every text may be a template, and one value per operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamType {
    Text,
    /// A path on the machine looked at.
    Path,
    /// One path or a list of them.
    Paths,
    /// One text or a list of texts.
    Texts,
    /// A list of texts.
    List,
    /// A regular expression.
    Pattern,
    /// A map from pattern name to a regular expression or `{match, near, within, in}`.
    Patterns,
    /// A map from name to regular expression.
    Captures,
    /// `10s`, `2m`, `7d`.
    Duration,
    /// `500MB`, `2GB`.
    Size,
    Bool,
    Int,
    Port,
    Url,
    Host,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A map from header to text.
    Headers,
    /// `{user, password}`.
    Login,
    /// `{address, user, password}`.
    Via,
    /// A file beside the tree; its lines are handed to the kind as a list of texts.
    SideFile,
}

/// One outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeSpec {
    pub name: String,
    /// A probe's `cases` name what stands in its place.
    pub refined: bool,
}

impl OutcomeSpec {
    pub fn fixed(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            refined: false,
        }
    }

    pub fn refined(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            refined: true,
        }
    }
}

/// One fact.
#[derive(Debug)]
pub struct FactSpec {
    /// With its unit last: `took_ms`.
    pub name: &'static str,
    pub doc: &'static str,
}

impl FactSpec {
    pub(super) const fn new(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc }
    }
}
