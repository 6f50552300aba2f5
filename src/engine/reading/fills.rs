//! What was worked out from the ledger, kept from event to event as long as it holds: a large tree has many probes, and
//! a finding changes what few of them ask.

use std::{collections::HashMap, sync::Arc};

use crate::{
    engine::{ProbeKey, Spot, reading::request::Filled},
    tree::AnswerId,
};

/// Requests that were filled in, and where evidence points.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Fills {
    /// The generation, and the version of the inputs: nothing holds for others.
    ground: (u32, u64),
    /// The version of all that is known.
    version: u64,
    /// Requests that rest on inputs that were given, and on nothing else.
    firm: Arc<HashMap<ProbeKey, Arc<Filled>>>,
    /// Requests that rest on findings too.
    loose: Arc<HashMap<ProbeKey, Arc<Filled>>>,
    pointed: Arc<HashMap<Spot, Pointed>>,
}

/// Where a question's evidence points.
#[derive(Debug, Clone)]
pub(super) struct Pointed {
    /// Which finding each of its probes had then.
    pub findings: Vec<Option<u64>>,
    pub answer: Option<AnswerId>,
}

/// What was worked out in one reading.
#[derive(Debug, Default)]
pub(in crate::engine) struct News {
    pub(super) ground: (u32, u64),
    pub(super) version: u64,
    pub(super) fills: HashMap<ProbeKey, Arc<Filled>>,
    pub(super) pointed: HashMap<Spot, Pointed>,
}

impl Fills {
    /// As much of it as holds.
    pub(super) fn holding(&self, ground: (u32, u64), version: u64) -> Self {
        if self.ground != ground {
            return Self::default();
        }
        let mut holding = self.clone();
        if self.version != version {
            holding.loose = Arc::default();
        }
        holding
    }

    pub(super) fn request(&self, key: &ProbeKey) -> Option<&Arc<Filled>> {
        self.firm.get(key).or_else(|| self.loose.get(key))
    }

    pub(super) fn pointed(&self, at: &Spot) -> Option<&Pointed> {
        self.pointed.get(at)
    }

    /// Takes in what a reading worked out. The reading must be gone: what it still shares would have to be copied.
    pub(in crate::engine) fn take_in(&mut self, news: News) {
        *self = std::mem::take(self).holding(news.ground, news.version);
        self.ground = news.ground;
        self.version = news.version;
        let (loose, firm): (Vec<_>, Vec<_>) = news
            .fills
            .into_iter()
            .partition(|(_, filled)| filled.rests_on_findings);
        if !firm.is_empty() {
            Arc::make_mut(&mut self.firm).extend(firm);
        }
        if !loose.is_empty() {
            Arc::make_mut(&mut self.loose).extend(loose);
        }
        if !news.pointed.is_empty() {
            Arc::make_mut(&mut self.pointed).extend(news.pointed);
        }
    }
}
