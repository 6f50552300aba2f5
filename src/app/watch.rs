//! Watches the folders that trees come from, and loads the catalogue again when something in them changes.
//!
//! What is handed over is always a catalogue that was loaded whole; whether it is used is the driver's.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use notify_debouncer_full::{
    DebounceEventResult, Debouncer, RecommendedCache, new_debouncer,
    notify::{EventKind, RecommendedWatcher, RecursiveMode},
};

use crate::app::catalog::{Catalog, CatalogError, Places, user_folder};

/// Editors write a file in several steps; so long nothing may happen before it is read.
const QUIET: Duration = Duration::from_millis(200);

/// Dropping it ends the watch.
pub struct Watch {
    _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl Watch {
    /// Calls `changed` on a thread of its own. `None` where there is nothing to watch or watching cannot be had; then
    /// trees stay as they were loaded.
    pub fn start(
        places: Places,
        changed: impl Fn(Result<Catalog, CatalogError>) + Send + 'static,
    ) -> Option<Self> {
        let folders = folders(&places);
        if folders.is_empty() {
            return None;
        }
        let handler = move |result: DebounceEventResult| {
            // Reading a tree is an access, and must not feed the watcher.
            let changes = result.is_ok_and(|events| {
                events
                    .iter()
                    .any(|event| !matches!(event.kind, EventKind::Access(_)))
            });
            if changes {
                changed(Catalog::load(&places));
            }
        };
        let mut debouncer = new_debouncer(QUIET, None, handler).ok()?;
        for (folder, mode) in folders {
            debouncer.watch(&folder, mode).ok()?;
        }
        Some(Self {
            _debouncer: debouncer,
        })
    }
}

/// Folders of trees with all that is in them; of a single file its own folder alone, which may be a home with everything.
fn folders(places: &Places) -> Vec<(PathBuf, RecursiveMode)> {
    let beside = places.file.as_deref().map(|file| match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    });
    let all = [
        (user_folder(), RecursiveMode::Recursive),
        (places.folder.clone(), RecursiveMode::Recursive),
        (beside, RecursiveMode::NonRecursive),
    ];
    all.into_iter()
        .filter_map(|(folder, mode)| Some((folder?, mode)))
        .filter(|(folder, _)| Path::is_dir(folder))
        .collect()
}
