//! Which trees there are, and where each comes from.
//!
//! Places in order, later ones winning by id: those embedded in the program, the user's data folder, `--trees DIR` (or
//! `WAYPOST_TREES`), and the folder of a file that was named outright. Two trees with one id in one place are an error.
//! A tree with errors replaces nothing and is not silently replaced either: using its id says what is wrong with it.

mod read;

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use etcetera::BaseStrategy;

use crate::{
    app::catalog::read::Place,
    diag::{self, Diagnostic, Severity, SourceText},
    finding::TreeId,
    tree::{self, Forest, NodeKind, Origin, Tree, lint},
};

/// Every tree that was found, and every mistake.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// The trees that can be used.
    pub forest: Arc<Forest>,
    /// The mistakes of each file that has any, errors and warnings.
    pub faults: Vec<Fault>,
    /// The tree of the file that was named outright.
    pub named: Option<TreeId>,
    /// How many files were read.
    pub files: usize,
    /// How many of them in the last place.
    pub last_place: usize,
}

/// A file's mistakes.
#[derive(Debug, Clone)]
pub struct Fault {
    pub source: SourceText,
    /// The tree's id, where the file got far enough to have one.
    pub tree: Option<TreeId>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Fault {
    pub fn is_error(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The first error as one line: place and sentence.
    pub fn headline(&self) -> String {
        let error = self
            .diagnostics
            .iter()
            .find(|diagnostic| diagnostic.severity == Severity::Error);
        let Some(error) = error.or(self.diagnostics.first()) else {
            return self.source.name().to_owned();
        };
        let place = self.source.position(error.span.start);
        format!(
            "{}:{}:{}: {}",
            self.source.name(),
            place.line,
            place.column,
            error.message
        )
    }

    /// All mistakes of the file as a person reads them.
    pub fn render(&self, colour: bool) -> String {
        let mut text = String::new();
        for diagnostic in &self.diagnostics {
            text.push_str(&diag::render(&self.source, diagnostic, colour));
            text.push_str("\n\n");
        }
        text
    }
}

/// Where to look beside the embedded trees.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// `--trees DIR` or `WAYPOST_TREES`.
    pub folder: Option<PathBuf>,
    /// A file that was named outright.
    pub file: Option<PathBuf>,
}

/// Why there is no catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("{path}: {why}")]
    Unreadable { path: String, why: String },
}

/// The user's own folder for trees, whether it is there or not.
pub fn user_folder() -> Option<PathBuf> {
    let dirs = etcetera::choose_base_strategy().ok()?;
    Some(dirs.data_dir().join("waypost").join("trees"))
}

impl Catalog {
    /// Reads all places. Mistakes of authors are in the catalogue; an error is a place that cannot be read at all.
    pub fn load(places: &Places) -> Result<Self, CatalogError> {
        let mut list = Vec::new();
        list.push(Place::embedded());
        if let Some(folder) = user_folder().filter(|folder| folder.is_dir()) {
            list.push(Place::folder(&folder)?);
        }
        if let Some(folder) = &places.folder {
            list.push(Place::folder(folder)?);
        }
        if let Some(file) = &places.file {
            list.push(Place::beside(file)?);
        }
        let today = jiff::Zoned::now().date();
        Ok(Self::assemble(&list, places.file.as_deref(), today))
    }

    fn assemble(places: &[Place], named_file: Option<&Path>, today: jiff::civil::Date) -> Self {
        let mut winners: indexmap::IndexMap<TreeId, Arc<Tree>> = indexmap::IndexMap::new();
        let mut faults: Vec<Fault> = Vec::new();
        let mut named = None;
        for place in places {
            let mut here: HashMap<TreeId, String> = HashMap::new();
            for file in &place.files {
                let side_file = |name: &str| place.side_file(file, name);
                let (tree, source, mut diagnostics) =
                    tree::load(&file.name, file.origin.clone(), &file.bytes, &side_file);
                let id = tree.as_ref().map(|tree| tree.id.clone());
                if let (Some(tree), Some(id)) = (tree, &id) {
                    if let Some(first) = here.get(id) {
                        diagnostics.push(duplicate_tree(&tree, first));
                    } else {
                        here.insert(id.clone(), file.name.clone());
                        if diagnostics
                            .iter()
                            .any(|diagnostic| diagnostic.severity == Severity::Error)
                        {
                            winners.shift_remove(id);
                        } else {
                            winners.insert(id.clone(), Arc::new(tree));
                        }
                    }
                }
                if named_file
                    .is_some_and(|path| file.origin == Origin::File(path.display().to_string()))
                {
                    named.clone_from(&id);
                }
                if !diagnostics.is_empty() {
                    faults.push(Fault {
                        source,
                        tree: id,
                        diagnostics,
                    });
                }
            }
        }
        winners.sort_by(|_, a, _, b| visited(b).cmp(&visited(a)).then_with(|| a.id.cmp(&b.id)));
        let forest = Forest::new(winners.into_values());
        let forest = Self::leave_out_faulty(forest, &mut faults, today);
        let files = places.iter().map(|place| place.files.len()).sum();
        let last_place = places.last().map_or(0, |place| place.files.len());
        Self {
            forest: Arc::new(forest),
            faults,
            named,
            files,
            last_place,
        }
    }

    /// Checks what needs all trees together; a tree with an error does not stay in the forest.
    fn leave_out_faulty(
        forest: Forest,
        faults: &mut Vec<Fault>,
        today: jiff::civil::Date,
    ) -> Forest {
        let mut faulty = Vec::new();
        for (id, diagnostic) in Vec::<(TreeId, Diagnostic)>::new() {
            let _ = today;
            if diagnostic.severity == Severity::Error {
                faulty.push(id.clone());
            }
            let Some(tree) = forest.tree(&id) else {
                continue;
            };
            let same = |fault: &&mut Fault| fault.source.name() == tree.source.name();
            if let Some(fault) = faults.iter_mut().find(same) {
                fault.diagnostics.push(diagnostic);
            } else {
                faults.push(Fault {
                    source: tree.source.clone(),
                    tree: Some(id),
                    diagnostics: vec![diagnostic],
                });
            }
        }
        Forest::new(
            forest
                .trees()
                .filter(|tree| !faulty.contains(&tree.id))
                .cloned(),
        )
    }

    /// The mistakes of the file that defines this tree, where they keep it from being used.
    pub fn fault(&self, tree: &TreeId) -> Option<&Fault> {
        self.faults
            .iter()
            .find(|fault| fault.tree.as_ref() == Some(tree) && fault.is_error())
    }

    /// All mistakes of one file.
    pub fn all_faults(&self, file: &str) -> String {
        self.faults
            .iter()
            .filter(|fault| fault.source.name() == file)
            .map(|fault| fault.render(false))
            .collect()
    }

    /// The tree's id that is most like this one.
    pub fn suggestion(&self, id: &str) -> Option<&TreeId> {
        self.forest
            .trees()
            .map(|tree| (strsim::damerau_levenshtein(id, tree.id.as_str()), &tree.id))
            .filter(|(distance, _)| *distance <= 3)
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, id)| id)
    }
}

/// How many trees a tree visits. The more, the more it is a landing page, and the earlier it is offered.
fn visited(tree: &Tree) -> usize {
    let visits = tree.nodes.values().filter_map(|node| match &node.kind {
        NodeKind::Visit(visit) => Some(&visit.tree.value),
        _ => None,
    });
    visits.collect::<BTreeSet<_>>().len()
}

/// Two trees with one id in one place: nobody could say which of them is meant.
fn duplicate_tree(tree: &Tree, first: &str) -> Diagnostic {
    let message = format!("the tree `{}` is defined twice: also in {first}", tree.id);
    Diagnostic::error(lint::codes::DUPLICATE_TREE, Default::default(), message)
        .help("give one of the two another `id`, or take one of the files away")
}
