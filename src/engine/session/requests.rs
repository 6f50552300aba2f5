//! The looks that a case can make, whether or not a question on the way needs them: what is collected ahead, asked for from
//! afar, and fitted with what comes back. Starts none of them.

use std::sync::Arc;

use crate::{
    engine::{Parcel, ProbeKey, ProbeRequest, Record, Session},
    finding::Finding,
};

impl Session {
    /// The look that a probe makes with the inputs as they are; `None` where no tree has the probe.
    pub fn request(&self, probe: &ProbeKey) -> Option<Arc<ProbeRequest>> {
        self.reading().probe(probe).request.clone()
    }

    /// What is known of a probe with the inputs as they are, since the last thing that was done.
    pub fn found(&self, probe: &ProbeKey) -> Option<&Finding> {
        let request = self.request(probe)?;
        let found = self
            .ledger
            .finding(probe, &request.hash, request.generation)?;
        Some(found)
    }

    /// The bundles that were opened into the case, in that order.
    pub fn parcels(&self) -> Vec<&Parcel> {
        let later = self.transcript().iter();
        let later = later.filter_map(|entry| match &entry.record {
            Record::Parcel(parcel) => Some(parcel),
            _ => None,
        });
        self.opening.parcel.iter().chain(later).collect()
    }

    /// What the machines are called that bundles and answers came from, as they say, the first one first.
    pub fn machines(&self) -> Vec<&str> {
        let entries = self.transcript().iter();
        let sent = entries.filter_map(|entry| match &entry.record {
            Record::Pasted { finding, .. } => finding.machine.as_deref(),
            Record::Parcel(parcel) => parcel.machine.as_deref(),
            _ => None,
        });
        let first = self.opening.parcel.as_ref();
        let first = first.and_then(|parcel| parcel.machine.as_deref());
        let mut machines: Vec<&str> = Vec::new();
        for name in first.into_iter().chain(sent) {
            if !machines.contains(&name) {
                machines.push(name);
            }
        }
        machines
    }

    /// The looks of all probes of the trees that the case can come to, the tree that it opened with first. Those whose inputs
    /// are not known yet are among them; they are not complete.
    pub fn requests(&self) -> Vec<Arc<ProbeRequest>> {
        let trees = self.forest.reachable(&self.opening.tree);
        let keys = trees.into_iter().flat_map(|tree| {
            tree.probes.keys().map(|name| ProbeKey {
                tree: tree.id.clone(),
                name: name.clone(),
            })
        });
        keys.filter_map(|key| self.request(&key)).collect()
    }
}
