//! How it stands with each probe of a case, for who gathers what all of them see: nobody is asked, and nothing logs in.

use std::sync::Arc;

use crate::{
    engine::{ProbeKey, ProbeRequest, Session, reading::Status},
    finding::{Finding, InputName, Reason, Unknown},
};

/// How it stands with a probe that nobody may ask a person about.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    Found(Arc<Finding>),
    /// A look is on its way.
    Running,
    /// It can be looked at.
    Ready(Arc<ProbeRequest>),
    /// Other probes come first.
    Waiting,
    /// It cannot be looked at, and why.
    Not(Unknown),
}

impl Session {
    /// All probes of the trees that the case can come to, the tree that it opened with first.
    pub fn probes(&self) -> Vec<ProbeKey> {
        let requests = self.requests().into_iter();
        requests.map(|request| request.key.clone()).collect()
    }

    /// How it stands with a probe.
    pub fn standing(&self, probe: &ProbeKey) -> Standing {
        let state = self.reading().probe(probe);
        let not = |reason, why: String| Standing::Not(Unknown::new(reason, why));
        let login = || {
            not(
                Reason::NotAgreed,
                "it logs in, which is never done where nobody asks for it".to_owned(),
            )
        };
        match &state.status {
            Status::Found(finding) => Standing::Found(finding.clone()),
            Status::Running(..) => Standing::Running,
            Status::Waiting(_) => Standing::Waiting,
            Status::Ready => match &state.request {
                Some(request) => Standing::Ready(request.clone()),
                None => not(Reason::Other, "there is no such probe".to_owned()),
            },
            Status::NeedsLook | Status::NeedsLogin(_) | Status::Refused(_) => login(),
            Status::NeedsInputs(names) => not(Reason::InputUnknown, not_known(names)),
            Status::NotHere => not(
                Reason::NotAvailable,
                "it is true only of a machine that cannot be looked at from here".to_owned(),
            ),
            Status::Unknown(why) => Standing::Not(why.clone()),
        }
    }
}

fn not_known(names: &[InputName]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [name] => format!("{name} is not known"),
        names => format!("{} are not known", names.join(" and ")),
    }
}
