//! The recorded machine's files as a tree of folders, and what of it was recorded.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    iter::zip,
};

use super::{
    document::{Document, Irregular, Meta, Part, RecordedError},
    files::Files,
    part::part_of,
    unknown::{no_right, not_absolute, not_recorded, not_regular},
};
use crate::{
    finding::{Os, Reason, Unknown},
    host::{
        FileMeta, Opened,
        glob::{self, Bounds, Folders, Found, Glob, same, walk},
        order::newest_first,
        path::{self, folded, machine_path, recorded_at},
    },
};

/// What all paths of a recording may take together with the folders above them, in bytes. One that is nested without end would
/// take the square of its length.
const MAX_PATHS: usize = 64 << 20;

pub(super) struct Tree {
    os: Os,
    recorded: bool,
    /// What is known as a whole, present or absent; `None`: all paths are.
    roots: Option<Vec<(String, Glob)>>,
    /// What is known by itself, nothing below it.
    asked: Vec<(String, Glob)>,
    denied: Vec<Denied>,
    /// By folded place.
    nodes: BTreeMap<String, Node>,
    /// How much more their paths may take.
    room: usize,
    files: Box<dyn Files>,
}

/// A file or folder that is there.
#[derive(Debug, Default)]
struct Node {
    /// The machine's path, spelt as it was recorded.
    path: String,
    /// Where its content is, and how long it is.
    content: Option<(String, u64)>,
    folder: bool,
    irregular: Option<Irregular>,
    meta: Meta,
    /// Which part of it is there; none where all is.
    part: Option<Part>,
    /// Why its content was not recorded.
    left_out: Option<String>,
    /// Why it could not be opened when it was recorded.
    unread: Option<Unknown>,
}

struct Denied {
    glob: Glob,
    /// `X/**`: then X itself cannot be listed.
    folder: Option<Glob>,
}

impl Tree {
    pub fn new(document: &Document, files: Box<dyn Files>) -> Result<Self, RecordedError> {
        let os = document.os;
        let roots = document
            .roots
            .as_deref()
            .map(|roots| named_globs("roots", roots, os))
            .transpose()?;
        let asked = named_globs("asked", &document.asked, os)?;
        let denied = globs("denied", &document.denied, os)?
            .into_iter()
            .zip(&document.denied)
            .map(|(glob, text)| {
                let folder = text
                    .strip_suffix("/**")
                    .or_else(|| text.strip_suffix(r"\**"));
                Denied {
                    glob,
                    folder: folder.and_then(|folder| Glob::new(folder, os)),
                }
            });
        let mut tree = Self {
            os,
            recorded: document.files,
            roots,
            asked,
            denied: denied.collect(),
            nodes: BTreeMap::new(),
            room: MAX_PATHS,
            files,
        };
        if document.files {
            for (path, size) in tree
                .files
                .list()
                .map_err(|why| RecordedError::Files(why.detail))?
            {
                let node = tree.node(&path)?;
                node.content = Some((path, size));
            }
        }
        for (path, irregular) in &document.irregular {
            let node = tree.named("irregular", path)?;
            node.irregular = Some(*irregular);
            node.folder = *irregular == Irregular::Folder;
        }
        for (path, meta) in &document.meta {
            let node = tree.named("meta", path)?;
            node.folder |= meta.folder;
            node.meta = meta.clone();
        }
        for path in &document.partial {
            tree.named("partial", path)?.part = Some(Part::default());
        }
        for (path, part) in &document.parts {
            tree.named("parts", path)?.part = Some(part.clone());
        }
        for (path, why) in &document.left_out {
            tree.named("left_out", path)?.left_out = Some(why.clone());
        }
        for (path, why) in &document.unread {
            tree.named("unread", path)?.unread = Some(why.clone());
        }
        Ok(tree)
    }

    fn named(&mut self, section: &'static str, path: &str) -> Result<&mut Node, RecordedError> {
        match recorded_at(path, self.os) {
            Some(place) => self.node(&place),
            None => Err(RecordedError::relative(section, path)),
        }
    }

    /// The node at a place, made with the folders above it where it is new.
    fn node(&mut self, place: &str) -> Result<&mut Node, RecordedError> {
        let os = self.os;
        let ends = place.match_indices('/').map(|(end, _)| end);
        for end in ends.chain([place.len()]) {
            let here = &place[..end];
            let room = &mut self.room;
            let node = match self.nodes.entry(folded(here, os)) {
                Entry::Occupied(node) => node.into_mut(),
                Entry::Vacant(free) => {
                    *room = room
                        .checked_sub(here.len())
                        .ok_or_else(|| RecordedError::too_many_paths(MAX_PATHS))?;
                    free.insert(Node::default())
                }
            };
            node.folder |= end < place.len();
            node.path = machine_path(here, os);
        }
        let node = self.nodes.entry(folded(place, os));
        Ok(node.or_default())
    }

    /// The first of the paths that is there, opened.
    pub fn open_first(&self, paths: &[String]) -> Result<Vec<Opened>, Unknown> {
        for path in paths {
            if let Some(node) = self.find(path)? {
                return Ok(vec![self.open(node)]);
            }
        }
        Ok(Vec::new())
    }

    /// What fits the globs, opened, newest first; what could not be seen stands last, as it was told then if it is `unseen`.
    pub fn open_all(
        &self,
        globs: &[String],
        unseen: Option<&[Unknown]>,
    ) -> Result<Vec<Opened>, Unknown> {
        let (found, problems) = self.walk(globs)?;
        let problems = unseen.map_or(problems, <[Unknown]>::to_vec);
        let known = globs.iter().filter_map(|glob| Glob::new(glob, self.os));
        let named: Vec<Glob> = known.filter(Glob::spells_a_name).collect();
        // Two globs may spell one file differently.
        let nodes = found
            .iter()
            .filter(|found| !found.folder || named.iter().any(|glob| glob.matches(&found.path)))
            .filter_map(|found| self.at(&found.path));
        let nodes: BTreeMap<&str, &Node> = nodes.map(|node| (node.path.as_str(), node)).collect();
        let mut opened: Vec<Opened> = nodes.into_values().map(|node| self.open(node)).collect();
        newest_first(&mut opened);
        crate::host::with_problems(opened, problems)
    }

    pub fn meta_first(&self, paths: &[String]) -> Result<Option<FileMeta>, Unknown> {
        for path in paths {
            let Some(node) = self.find(path)? else {
                continue;
            };
            let meta = &node.meta;
            let readable = match self.denied(&node.path) || self.closed(&node.path) {
                true => Some(false),
                false => meta.readable.or(node.content.is_some().then_some(true)),
            };
            return Ok(Some(FileMeta {
                size_bytes: meta
                    .size_bytes
                    .or(node.content.as_ref().map(|(_, size)| *size)),
                modified: meta.modified,
                owner: meta.owner.clone(),
                folder: Some(node.folder),
                readable,
                writable: meta.writable,
                ..FileMeta::there(&node.path)
            }));
        }
        Ok(None)
    }

    /// Paths that fit, in order; without a match the first problem.
    pub fn paths(&self, globs: &[String], folders: bool) -> Result<Vec<String>, Unknown> {
        let (found, problems) = self.walk(globs)?;
        let nodes = found
            .iter()
            .filter(|found| found.folder || !folders)
            .filter_map(|found| self.at(&found.path));
        let paths: BTreeSet<String> = nodes.map(|node| node.path.clone()).collect();
        match problems.into_iter().next() {
            Some(problem) if paths.is_empty() => Err(problem),
            _ => Ok(paths.into_iter().collect()),
        }
    }

    fn walk(&self, globs: &[String]) -> Result<(Vec<Found>, Vec<Unknown>), Unknown> {
        let mut known = Vec::new();
        for text in globs {
            let glob = Glob::new(text, self.os).ok_or_else(|| not_absolute(text))?;
            if !self.recorded || !self.knows_glob(text, &glob) {
                return Err(not_recorded(text));
            }
            known.push(glob);
        }
        let mut walked = walk(&known, self, Bounds::default());
        if walked.found.is_empty() {
            // Who may not read what fits a glob knows no name that would be found by it.
            let denied = globs
                .iter()
                .zip(&known)
                .filter(|(_, glob)| self.denied.iter().any(|denied| denied.glob == **glob));
            walked
                .problems
                .extend(denied.map(|(text, _)| no_right(text)));
        }
        Ok((walked.found, walked.problems))
    }

    /// Whether all that a glob can find was recorded: it was asked, or starts below a root or where nobody may look.
    fn knows_glob(&self, text: &str, glob: &Glob) -> bool {
        let Some(roots) = &self.roots else {
            return true;
        };
        let start = glob.literal_start();
        self.asked.iter().any(|(asked, _)| asked == text)
            || roots
                .iter()
                .any(|(root, known)| root == text || known.covers(&start))
            || self.closed(&start)
    }

    /// Whether a recorded path, root or glob tells that what is not there is absent.
    fn knows_path(&self, path: &str) -> bool {
        let Some(roots) = &self.roots else {
            return true;
        };
        roots.iter().any(|(_, root)| root.covers(path))
            || self.asked.iter().any(|(_, asked)| asked.matches(path))
    }

    /// Whether a folder cannot be listed.
    fn closed(&self, folder: &str) -> bool {
        self.denied
            .iter()
            .filter_map(|denied| denied.folder.as_ref())
            .any(|closed| closed.covers(folder))
    }

    /// What is at a path; `None`: it is known to be absent.
    fn find(&self, path: &str) -> Result<Option<&Node>, Unknown> {
        if recorded_at(path, self.os).is_none() {
            return Err(not_absolute(path));
        }
        if let Some(node) = self.at(path) {
            return Ok(Some(node));
        }
        if self.denied(path) {
            return Err(no_right(path));
        }
        if self.recorded && self.knows_path(path) {
            Ok(None)
        } else {
            Err(not_recorded(path))
        }
    }

    fn at(&self, path: &str) -> Option<&Node> {
        self.nodes
            .get(&folded(&recorded_at(path, self.os)?, self.os))
    }

    /// What stands in a folder by the word of `denied` alone: nothing of it was recorded, and nobody could look.
    fn hidden_in(&self, folder: &str) -> Vec<glob::Entry> {
        let start = match path::split(folder, self.os) {
            Some(folder) => folder,
            None => return Vec::new(),
        };
        let hidden = |denied: &Denied| {
            let glob = denied.folder.as_ref().unwrap_or(&denied.glob);
            let (parts, at) = (glob.literals(), start.names.len());
            let below = same(&glob.root, &start.root, self.os)
                && parts.len() > at
                && zip(&parts, &start.names).all(|(part, name)| same(part, name, self.os));
            let name = (*parts.get(at).filter(|_| below)?).to_owned();
            let last = parts.len() == at + 1 && parts.len() == glob.parts.len();
            Some(glob::Entry {
                folder: match last {
                    true => Err(no_right(&path::join(folder, &name, self.os))),
                    false => Ok(true),
                },
                name,
                spelt: true,
                link: false,
            })
        };
        self.denied.iter().filter_map(hidden).collect()
    }

    fn denied(&self, path: &str) -> bool {
        self.denied.iter().any(|denied| denied.glob.matches(path))
    }

    fn open(&self, node: &Node) -> Opened {
        let content = match (&node.irregular, &node.content) {
            (_, None) if let Some(why) = &node.unread => Err(why.clone()),
            _ if self.denied(&node.path) || node.meta.readable == Some(false) => {
                Err(no_right(&node.path))
            }
            (Some(irregular), _) => Err(not_regular(&node.path, irregular.name())),
            _ if node.folder => Err(not_regular(&node.path, Irregular::Folder.name())),
            (None, Some((place, _))) => self.files.open(place).map(|content| match &node.part {
                Some(part) => part_of(content, part),
                None => content,
            }),
            (None, None) => {
                let why = match &node.left_out {
                    Some(why) => format!(": {why}"),
                    None => String::new(),
                };
                Err(Unknown::new(
                    Reason::NotRecorded,
                    format!("{}: its content was not recorded{why}", node.path),
                ))
            }
        };
        Opened {
            path: node.path.clone(),
            size_bytes: node
                .meta
                .size_bytes
                .or(node.content.as_ref().map(|(_, size)| *size))
                .unwrap_or(0),
            modified: node.meta.modified,
            content,
        }
    }
}

impl Folders for Tree {
    fn list(&self, folder: &str, most: usize) -> Result<Option<(Vec<glob::Entry>, bool)>, Unknown> {
        if self.closed(folder) {
            return Err(no_right(folder));
        }
        let Some(place) = recorded_at(folder, self.os) else {
            return Ok(None);
        };
        let place = folded(&place, self.os);
        let hidden = self.hidden_in(folder);
        let known = place.is_empty() || self.nodes.get(&place).is_some_and(|node| node.folder);
        if !known && hidden.is_empty() {
            return Ok(None);
        }
        let start = if place.is_empty() {
            String::new()
        } else {
            format!("{place}/")
        };
        let mut entries: BTreeMap<String, glob::Entry> = BTreeMap::new();
        for (key, node) in self
            .nodes
            .range(start.clone()..)
            .take_while(|(key, _)| key.starts_with(&start))
        {
            let below = &key[start.len()..];
            if !below.contains('/') && !below.is_empty() {
                let name = node.path.rsplit(['/', '\\']).next().unwrap_or(&node.path);
                let entry = glob::Entry {
                    name: name.to_owned(),
                    spelt: true,
                    folder: Ok(node.folder),
                    link: false,
                };
                entries.insert(below.to_owned(), entry);
            }
        }
        for entry in hidden {
            entries.entry(folded(&entry.name, self.os)).or_insert(entry);
        }
        let more = entries.len() > most;
        Ok(Some((entries.into_values().take(most).collect(), more)))
    }

    fn folder_at(&self, path: &str) -> Result<Option<bool>, Unknown> {
        match self.at(path) {
            Some(node) => Ok(Some(node.folder)),
            None if self.denied(path) => Err(no_right(path)),
            None => Ok(None),
        }
    }
}

fn named_globs(
    section: &'static str,
    texts: &[String],
    os: Os,
) -> Result<Vec<(String, Glob)>, RecordedError> {
    Ok(texts
        .iter()
        .cloned()
        .zip(globs(section, texts, os)?)
        .collect())
}

fn globs(section: &'static str, texts: &[String], os: Os) -> Result<Vec<Glob>, RecordedError> {
    texts
        .iter()
        .map(|text| Glob::new(text, os).ok_or_else(|| RecordedError::relative(section, text)))
        .collect()
}
