//! The recorded hosts that ship inside the program. Each is a folder below `assets/demo/`: `demo.yaml` says what it is,
//! `host.yaml` and `files/` are the recording.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use crate::{
    app::{demo_files::DemoFiles, embedded},
    finding::TreeId,
    host::Recorded,
};

/// One recorded host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    /// The folder's name, which the command line takes.
    pub name: String,
    pub about: About,
}

/// What `demo.yaml` says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// What the person at that host would say.
    pub title: String,
    pub tree: TreeId,
    /// Inputs that are known there.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
}

/// All of them, by name.
pub fn all() -> Result<Vec<Demo>> {
    let mut demos = Vec::new();
    for folder in embedded::DEMOS.dirs() {
        let name = folder.path().display().to_string();
        let about = text(&name, "demo.yaml")?;
        let about = serde_yaml::from_str(about).with_context(|| format!("demo `{name}`"))?;
        demos.push(Demo { name, about });
    }
    demos.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(demos)
}

impl Demo {
    /// The machine as it was recorded; whatever was not recorded is unknown.
    pub fn host(&self) -> Result<Recorded> {
        let files = DemoFiles {
            folder: embedded::DEMOS.get_dir(format!("{}/files", self.name)),
        };
        Ok(Recorded::new(text(&self.name, "host.yaml")?, files)?)
    }
}

fn text(demo: &str, file: &str) -> Result<&'static str> {
    embedded::DEMOS
        .get_file(format!("{demo}/{file}"))
        .and_then(|file| file.contents_utf8())
        .ok_or_else(|| anyhow!("demo `{demo}` has no {file}"))
}
