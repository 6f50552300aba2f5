//! What was found for a case, as a bundle carries it: `findings.json`, right behind `host.yaml`, in a bundle that was made from a
//! case. It is what was made of the machine's material, with excerpts as evidence, and not that material: nothing can be judged
//! anew by it.

use serde::{Deserialize, Serialize};

use super::BundleError;
use crate::{engine::ProbeKey, finding::Finding};

/// The longest `findings.json`, in bytes.
pub const MAX_CARRIED: u64 = 16 << 20;
/// The most findings in it.
pub const MAX_FINDINGS: usize = 10_000;

/// What a probe found, and what it was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    pub probe: ProbeKey,
    /// A name in [`crate::probe::KINDS`].
    pub kind: String,
    /// The hash of the probe's parameters: for other ones it says nothing.
    pub params: String,
    pub finding: Finding,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct All {
    findings: Vec<Carried>,
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Carried>, BundleError> {
    let all: All =
        serde_json::from_slice(bytes).map_err(|error| BundleError::Findings(error.to_string()))?;
    if all.findings.len() > MAX_FINDINGS {
        let why = format!("it has more than {MAX_FINDINGS}, the bound");
        return Err(BundleError::Findings(why));
    }
    Ok(all.findings)
}

pub(super) fn bytes(findings: &[Carried]) -> Vec<u8> {
    let findings = findings.to_vec();
    // No map has a key that is no text.
    let mut bytes = serde_json::to_vec_pretty(&All { findings }).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
