//! Reading places: folders of trees, and the embedded one. Bounded, and never past links that leave no end.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use crate::{
    app::{catalog::CatalogError, embedded},
    host::live::regular,
    tree::Origin,
};

/// A tree's file may have so many bytes; one more is read, so that the loader sees that there are more.
const FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Folders inside folders, so deep.
const DEPTH: usize = 8;

/// One place that trees come from.
#[derive(Debug)]
pub struct Place {
    pub files: Vec<TreeFile>,
}

/// A tree's file as it was read.
#[derive(Debug)]
pub struct TreeFile {
    /// How messages name it.
    pub name: String,
    pub origin: Origin,
    /// What is in it, or why it cannot be read.
    pub bytes: Result<Vec<u8>, String>,
    /// The folder of its side files; a prefix of embedded paths for an embedded tree.
    beside: PathBuf,
}

impl Place {
    /// The trees inside the program.
    pub fn embedded() -> Self {
        let files = embedded::files(&embedded::TREES)
            .into_iter()
            .filter(|file| is_tree(file.path()));
        let trees = files.map(|file| TreeFile {
            name: format!("embedded:{}", file.path().display()),
            origin: Origin::Embedded,
            bytes: Ok(file.contents().to_vec()),
            beside: file
                .path()
                .parent()
                .map(Path::to_path_buf)
                .unwrap_or_default(),
        });
        Self {
            files: trees.collect(),
        }
    }

    /// All trees below a folder. One that cannot be read is kept as that, so that it stops no other.
    pub fn folder(folder: &Path) -> Result<Self, CatalogError> {
        let mut paths = Vec::new();
        collect(folder, DEPTH, &mut paths)?;
        paths.sort();
        Ok(Self {
            files: paths.iter().map(|path| read(path)).collect(),
        })
    }

    /// A file, and the other trees of its folder, which it may use.
    pub fn beside(file: &Path) -> Result<Self, CatalogError> {
        let named = read(file);
        if let Err(why) = &named.bytes {
            return Err(CatalogError::Unreadable {
                path: named.name,
                why: why.clone(),
            });
        }
        let mut place = Self { files: vec![named] };
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut others = Vec::new();
        collect(folder, 0, &mut others)?;
        others.sort();
        for other in others
            .iter()
            .filter(|other| other.file_name() != file.file_name())
        {
            place.files.push(read(other));
        }
        Ok(place)
    }

    /// The bytes of a file beside a tree; `name` is a plain file name, the loader has seen to that.
    pub fn side_file(&self, tree: &TreeFile, name: &str) -> Result<Vec<u8>, String> {
        let path = tree.beside.join(name);
        if tree.origin == Origin::Embedded {
            let found = embedded::TREES.get_file(&path);
            return found
                .map(|file| file.contents().to_vec())
                .ok_or_else(|| "there is no such file".to_owned());
        }
        let mut bytes = Vec::new();
        let file = regular::open(&path).map_err(|error| error.to_string())?;
        file.take(FILE_BYTES)
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())?;
        Ok(bytes)
    }
}

fn is_tree(path: &Path) -> bool {
    let yaml = path
        .extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml");
    // Editors keep locks and copies under names that begin with a dot.
    let hidden = path
        .file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    yaml && !hidden
        && !path
            .components()
            .any(|part| part.as_os_str() == "scenarios")
}

fn read(path: &Path) -> TreeFile {
    let bytes = regular::open(path).and_then(|file| {
        let mut bytes = Vec::new();
        file.take(FILE_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    let name = path.display().to_string();
    TreeFile {
        origin: Origin::File(name.clone()),
        name,
        bytes: bytes.map_err(|why| why.to_string()),
        beside: path.parent().map(Path::to_path_buf).unwrap_or_default(),
    }
}

fn collect(folder: &Path, depth: usize, into: &mut Vec<PathBuf>) -> Result<(), CatalogError> {
    let unreadable = |why: std::io::Error| CatalogError::Unreadable {
        path: folder.display().to_string(),
        why: why.to_string(),
    };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            if depth > 0 && path.file_name().is_some_and(|name| name != "scenarios") {
                collect(&path, depth - 1, into)?;
            }
        } else if is_tree(&path) {
            into.push(path);
        }
    }
    Ok(())
}
