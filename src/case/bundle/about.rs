//! What a bundle says of itself: `bundle.json`, which stands first in it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::BundleError;
use crate::finding::{InputName, Os, TreeId, visible::brief};

/// What a bundle was collected for, where and when, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The form of the bundle: [`About::FORMAT`], or [`About::WITH_FINDINGS`].
    pub format: u32,
    /// The program's version that wrote it.
    pub program: String,
    /// The tree that it was collected for.
    pub tree: TreeId,
    /// In the words of its author.
    pub title: String,
    /// The hashes of the tree, and of those that it leads to.
    pub trees: BTreeMap<TreeId, String>,
    /// When it was collected, by the machine's clock.
    pub at: Timestamp,
    pub os: Os,
    /// The machine's time zone; `None` where it is not known.
    #[serde(default)]
    pub zone: Option<String>,
    /// What the machine is called; `None` where that is not to be told, or nobody knows.
    #[serde(default)]
    pub machine: Option<String>,
    /// Inputs without those that are secret.
    pub inputs: BTreeMap<InputName, Known>,
    /// How many probes looked.
    pub looks: usize,
    /// The probes that gave no outcome, and why.
    pub failed: Vec<Failed>,
    /// What was masked: how a secret was recognised, and how many such there were.
    pub replaced: BTreeMap<String, usize>,
}

/// An input's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub value: String,
    pub by: By,
}

/// Where an input's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Who collected gave it, or took what was offered.
    Given,
    /// Evidence told it.
    Found,
}

/// A probe that gave no outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// `tree/probe`.
    pub probe: String,
    pub why: String,
}

impl About {
    /// A recording alone.
    pub const FORMAT: u32 = 1;
    /// What was found for a case is in it.
    pub const WITH_FINDINGS: u32 = 2;
    /// The newest that this program knows.
    pub const NEWEST: u32 = Self::WITH_FINDINGS;
    /// The longest name of a tree, in bytes.
    const LONGEST_ID: usize = 200;

    pub(super) fn read(bytes: &[u8]) -> Result<Self, BundleError> {
        /// A newer program may have written what this one does not know, so that this is read first, and alone.
        #[derive(Deserialize)]
        struct Form {
            format: u64,
            #[serde(default)]
            program: String,
        }
        // It quotes what it did not expect, however long that is.
        let broken = |error: serde_json::Error| {
            let (line, column) = (error.line(), error.column());
            let why = error.to_string();
            let why = why.strip_suffix(&format!(" at line {line} column {column}"));
            let why = why.map_or_else(|| brief(&error.to_string()), brief);
            BundleError::About(format!("{why} at line {line} column {column}"))
        };
        let form: Form = serde_json::from_slice(bytes).map_err(broken)?;
        if form.format > u64::from(Self::NEWEST) {
            return Err(BundleError::Newer {
                format: form.format,
                program: brief(&form.program),
            });
        }
        let about: Self = serde_json::from_slice(bytes).map_err(broken)?;
        let is_long = |id: &TreeId| id.as_str().len() > Self::LONGEST_ID;
        if is_long(&about.tree) || about.trees.keys().any(is_long) {
            return Err(BundleError::About(format!(
                "a tree's name is longer than {} bytes, the bound",
                Self::LONGEST_ID
            )));
        }
        Ok(about)
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        // No map has a key that is no text.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
