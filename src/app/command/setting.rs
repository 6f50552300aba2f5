//! What a walk is made on, whoever draws it.

use std::path::PathBuf;

use crate::{
    app::{
        cases::{Bundled, Case, Cases},
        catalog::{Catalog, CatalogError, Places},
        cli::Common,
        command::opening::World,
        exit::Exit,
        givens::Givens,
    },
    case::Journal,
    finding::TreeId,
    tree::Forest,
};

/// What the wizard walks on: trees, a machine, what was given.
pub struct Setting {
    pub trees: Trees,
    pub world: World,
    pub givens: Givens,
    /// Named on the command line, or by the demo.
    pub tree: Option<TreeId>,
    /// A recorded host is looked at: what it is.
    pub recorded: Option<String>,
    /// What most commands take, for a file that is opened instead.
    pub common: Common,
    pub trust: bool,
    pub commands: bool,
    /// Where the trees came from, to watch for changes.
    pub places: Places,
    /// Where cases are kept; `None`: they are not.
    pub cases: Option<Cases>,
    /// The folder of a recorded host.
    pub host: Option<String>,
    /// A bundle stands in for the machine, and nothing of this one is looked at.
    pub bundle: Option<Bundled>,
    /// A case that is taken up again.
    pub resumed: Option<(Case, Journal)>,
}

/// How a walk ended.
pub enum Ended {
    With(Exit),
    /// A file is to be opened instead, which was found to be one that can be.
    Opens(PathBuf),
}

/// The trees of a walk.
pub enum Trees {
    Loaded(Catalog),
    /// To be offered at once, and loaded before one is walked.
    Outlined(Forest),
}

impl Trees {
    /// All that there is in these places.
    pub fn loaded(self, places: &Places) -> Result<Catalog, CatalogError> {
        match self {
            Self::Loaded(catalog) => Ok(catalog),
            Self::Outlined(_) => Catalog::load(places),
        }
    }
}
