//! The looks that a case can make, whether or not a question on the way needs them: what is collected ahead, asked for from
//! afar, and fitted with what comes back. Starts none of them.

use std::sync::Arc;

use crate::engine::{ProbeKey, ProbeRequest, Session};

impl Session {
    /// The look that a probe makes with the inputs as they are; `None` where no tree has the probe.
    pub fn request(&self, probe: &ProbeKey) -> Option<Arc<ProbeRequest>> {
        self.reading().probe(probe).request.clone()
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
