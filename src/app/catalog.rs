//! Which trees there are, and where each comes from.
//!
//! Places in order, later ones winning by id: those embedded in the program, the user's data folder, `--trees DIR` (or
//! `WAYPOST_TREES`), and the folder of a file that was named outright. Two trees with one id in one place are an error.
//! A tree with errors replaces nothing and is not silently replaced either: using its id says what is wrong with it.

mod read;

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use etcetera::BaseStrategy;
use indexmap::IndexMap;

use crate::{
    app::catalog::read::{Place, TreeFile},
    diag::{self, Diagnostic, Severity, SourceText, Span},
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
    /// A file whose bytes cannot be had.
    fn unreadable(file: &str, why: &str) -> Self {
        let message = format!("the file cannot be read: {why}");
        Self {
            source: SourceText::new(file, ""),
            tree: None,
            diagnostics: vec![Diagnostic::error(
                lint::codes::NOT_A_TREE,
                Span::new(0, 0),
                message,
            )],
        }
    }

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
    /// Check the embedded trees as well, which otherwise count as checked.
    pub check_embedded: bool,
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
    /// The embedded trees' outlines, in the catalogue's order: enough to offer the trees, while [`Catalog::load`] is still
    /// to come. `None` where trees from elsewhere could stand among them or have mistakes to tell.
    pub fn outline(places: &Places) -> Option<Forest> {
        let elsewhere = places.folder.is_some()
            || places.file.is_some()
            || user_folder().is_some_and(|folder| folder.is_dir());
        if elsewhere || places.check_embedded {
            return None;
        }
        outlines(&Place::embedded())
    }

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
        Ok(Self::assemble(
            &list,
            places.file.as_deref(),
            places.check_embedded,
        ))
    }

    fn assemble(places: &[Place], named_file: Option<&Path>, check_embedded: bool) -> Self {
        let mut read = Read::default();
        for place in places {
            let mut here = HashMap::new();
            for file in &place.files {
                let id = read.take(place, file, &mut here);
                if named_file
                    .is_some_and(|path| file.origin == Origin::File(path.display().to_string()))
                {
                    read.named = id;
                }
            }
        }
        let Read {
            mut winners,
            mut faults,
            named,
        } = read;
        winners.sort_by(|_, a, _, b| in_order((a, visited(a)), (b, visited(b))));
        // Faulty trees stay in for the check, so that what names them is not called a mistake of its own.
        let all = Forest::new(winners.into_values());
        // The embedded trees are checked when the program is built; only others can have mistakes between trees.
        let outside = all.trees().any(|tree| tree.origin != Origin::Embedded);
        if outside || check_embedded {
            add_faults(&all, &mut faults);
        }
        let is_faulty = |tree: &Tree| {
            let of_tree = |fault: &&Fault| fault.source.name() == tree.source.name();
            faults.iter().filter(of_tree).any(Fault::is_error)
        };
        let usable: Vec<_> = all
            .trees()
            .filter(|tree| !is_faulty(tree))
            .cloned()
            .collect();
        Self {
            forest: Arc::new(Forest::new(usable)),
            faults,
            named,
            files: places.iter().map(|place| place.files.len()).sum(),
            last_place: places.last().map_or(0, |place| place.files.len()),
        }
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

/// The outlines of a place's trees; `None` where one has none.
fn outlines(place: &Place) -> Option<Forest> {
    let outlines: Option<Vec<_>> = place
        .files
        .iter()
        .map(|file| {
            let text = str::from_utf8(file.bytes.as_ref().ok()?).ok()?;
            tree::outline(&file.name, file.origin.clone(), text)
        })
        .collect();
    let mut outlines = outlines?;
    outlines.sort_by(|a, b| in_order((&a.tree, a.visits), (&b.tree, b.visits)));
    let trees = outlines.into_iter().map(|outline| Arc::new(outline.tree));
    Some(Forest::new(trees))
}

/// The order in which trees are offered, each with the number of trees that it visits: the more, the more it is a landing
/// page.
fn in_order(a: (&Tree, usize), b: (&Tree, usize)) -> Ordering {
    b.1.cmp(&a.1).then_with(|| a.0.id.cmp(&b.0.id))
}

/// How many trees a tree visits.
fn visited(tree: &Tree) -> usize {
    let visits = tree.nodes.values().filter_map(|node| match &node.kind {
        NodeKind::Visit(visit) => Some(&visit.tree.value),
        _ => None,
    });
    visits.collect::<BTreeSet<_>>().len()
}

/// What was read so far, place after place.
#[derive(Default)]
struct Read {
    /// By id, the one of the last place.
    winners: IndexMap<TreeId, Arc<Tree>>,
    faults: Vec<Fault>,
    named: Option<TreeId>,
}

impl Read {
    /// Loads one file; gives its tree's id. `here` holds the trees of the same place.
    fn take(
        &mut self,
        place: &Place,
        file: &TreeFile,
        here: &mut HashMap<TreeId, Arc<Tree>>,
    ) -> Option<TreeId> {
        let bytes = match &file.bytes {
            Ok(bytes) => bytes,
            Err(why) => {
                self.faults.push(Fault::unreadable(&file.name, why));
                return None;
            }
        };
        let side_file = |name: &str| place.side_file(file, name);
        let (tree, source, mut diagnostics) =
            tree::load(&file.name, file.origin.clone(), bytes, &side_file);
        let tree = tree.map(Arc::new);
        let id = tree.as_ref().map(|tree| tree.id.clone());
        if let (Some(tree), Some(id)) = (tree, id.clone()) {
            if let Some(first) = here.get(&id) {
                let pair = [Arc::clone(first), tree];
                diagnostics.extend(lint::duplicates(&pair).into_iter().map(|(_, found)| found));
            } else {
                here.insert(id.clone(), Arc::clone(&tree));
                self.winners.insert(id, tree);
            }
        }
        if !diagnostics.is_empty() {
            self.faults.push(Fault {
                source,
                tree: id.clone(),
                diagnostics,
            });
        }
        id
    }
}

/// Checks all trees together, and adds what is found to the faults of their files.
fn add_faults(forest: &Forest, faults: &mut Vec<Fault>) {
    for (id, diagnostic) in lint::check(forest, jiff::Zoned::now().date()) {
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
}

#[cfg(test)]
mod tests;
