//! Bundles that somebody sent, opened from their files and told in a line; and what one that is made says of its case. What
//! may be in one is [`crate::case::bundle`]'s.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Seek},
    path::Path,
};

use anyhow::{Context, Result};
use jiff::tz::TimeZone;

use crate::{
    app::{
        catalog::Catalog,
        exit::{FaultyTree, UsageError},
        prose,
    },
    case::bundle::{self, About, Bundle, By, Known},
    engine::{Given, Parcel, Session},
    finding::{InputName, TreeId},
    host::live::regular,
    redact::Redactor,
    tree::{Forest, InputType},
};

/// Whether a file begins as a bundle does.
///
/// # Errors
/// It cannot be read, or is no regular file.
pub fn is_one(file: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    regular::open(file)?.take(2).read_to_end(&mut start)?;
    Ok(bundle::begins(&start))
}

/// Reads a bundle.
///
/// # Errors
/// What is wrong with the file, or with what is in it, behind its name.
pub fn read(file: &Path) -> Result<Bundle> {
    let shown = || prose::visible(&file.display().to_string()).into_owned();
    let mut opened: File = regular::open(file).with_context(shown)?;
    // Twice, so that what is refused never stands in memory.
    Bundle::check(&opened).with_context(shown)?;
    opened.rewind().with_context(shown)?;
    Bundle::read(opened).with_context(shown)
}

/// The tree that a bundle was collected for.
///
/// # Errors
/// It is not here, or is faulty.
pub fn tree(about: &About, catalog: &Catalog) -> Result<TreeId> {
    let id = &about.tree;
    if let Some(tree) = catalog.forest.tree(id)
        && tree.start.is_some()
    {
        return Ok(id.clone());
    }
    if let Some(fault) = catalog.fault(id) {
        return Err(FaultyTree(fault.render(false)).into());
    }
    Err(UsageError(format!(
        "it was collected for the tree `{id}`, which is not here; `--trees DIR` names a folder that has it"
    ))
    .into())
}

/// The inputs that were given when a bundle was collected, as far as the trees here have them. What evidence told, it tells
/// again.
pub fn inputs(about: &About, forest: &Forest) -> BTreeMap<InputName, Given> {
    let is_open = |name: &InputName| {
        let inputs = forest.trees().filter_map(|tree| tree.inputs.get(name));
        let mut inputs = inputs.peekable();
        inputs.peek().is_some() && inputs.all(|input| input.ty != InputType::Secret)
    };
    let given = about.inputs.iter();
    given
        .filter(|(name, known)| known.by == By::Given && is_open(name))
        .map(|(name, known)| (name.clone(), Given::Text(known.value.clone())))
        .collect()
}

/// What a file is called, without its folder.
pub fn file_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or(file.as_os_str());
    name.to_string_lossy().into_owned()
}

/// A bundle as a case names it, whose file was called so.
pub fn parcel(about: &About, name: &str) -> Parcel {
    Parcel {
        name: name.to_owned(),
        at: about.at,
        machine: about.machine.clone(),
        copy: None,
    }
}

/// What a bundle is, in a line: when it was collected, on which system, and whether the trees have changed since.
pub fn told(about: &About, name: &str, forest: &Forest) -> String {
    let zone = about
        .zone
        .as_deref()
        .and_then(|zone| TimeZone::get(zone).ok());
    let at = about.at.to_zoned(zone.unwrap_or(TimeZone::UTC));
    let line = format!(
        "bundle {name}, collected {} on {}",
        at.strftime("%Y-%m-%d %H:%M %Z"),
        about.os.name()
    );
    let changed = changed(about, forest);
    let line = match changed.as_slice() {
        [] => line,
        [one] => format!("{line}; the tree `{one}` here is another than then"),
        many => format!("{line}; {} trees here are others than then", many.len()),
    };
    prose::visible(&line).into_owned()
}

/// The trees that are others here than where the bundle was collected.
fn changed<'a>(about: &'a About, forest: &Forest) -> Vec<&'a TreeId> {
    let trees = about.trees.iter();
    trees
        .filter(|(id, hash)| forest.tree(id).is_none_or(|tree| tree.hash != **hash))
        .map(|(id, _)| id)
        .collect()
}

/// The trees that can be reached, as they are here.
pub fn hashes(forest: &Forest, tree: &TreeId) -> BTreeMap<TreeId, String> {
    let trees = forest.reachable(tree).into_iter();
    trees
        .map(|tree| (tree.id.clone(), tree.hash.clone()))
        .collect()
}

/// Inputs without secrets, whether they were typed or look like one.
pub fn inputs_of(session: &Session, redactor: &mut Redactor) -> BTreeMap<InputName, Known> {
    let given = session.inputs().filter_map(|(name, given)| match given {
        Given::Text(text) => Some((name.clone(), text.clone(), By::Given)),
        Given::Secret | Given::Unknown => None,
    });
    let given: Vec<_> = given.collect();
    let values = session.values();
    let found = values.iter().filter_map(|(name, value)| {
        let value = value.shown();
        let text = match &value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Object(address) => address.get("url")?.as_str()?.to_owned(),
            serde_json::Value::Null => return None,
            other => other.to_string(),
        };
        let is_given = given.iter().any(|(known, ..)| known == name);
        (!is_given && !text.is_empty()).then(|| (name.clone(), text, By::Found))
    });
    let found: Vec<_> = found.collect();
    let all = given.into_iter().chain(found);
    all.filter(|(name, text, _)| !session.is_secret(name) && redactor.text(text) == *text)
        .map(|(name, value, by)| (name, Known { value, by }))
        .collect()
}
