//! What a bundle says of itself: `bundle.json`, which stands first in it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::BundleError;
use crate::finding::{InputName, Os, TreeId};

/// What a bundle was collected for, where and when, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The form of the bundle: [`About::FORMAT`].
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
    pub const FORMAT: u32 = 1;

    pub(super) fn read(bytes: &[u8]) -> Result<Self, BundleError> {
        /// A newer program may have written what this one does not know, so that this is read first, and alone.
        #[derive(Deserialize)]
        struct Form {
            format: u64,
            #[serde(default)]
            program: String,
        }
        let broken = |error: serde_json::Error| BundleError::About(error.to_string());
        let form: Form = serde_json::from_slice(bytes).map_err(broken)?;
        if form.format > u64::from(Self::FORMAT) {
            return Err(BundleError::Newer {
                format: form.format,
                program: form.program,
            });
        }
        serde_json::from_slice(bytes).map_err(broken)
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        // No map has a key that is no text.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
