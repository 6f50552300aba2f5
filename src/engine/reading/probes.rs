//! How far a probe is in this generation.

use std::{rc::Rc, sync::Arc};

use jiff::Timestamp;

use crate::{
    engine::{
        Place, ProbeKey, ProbeRequest, RunId,
        reading::{Reading, evidence::decide, request::Filled},
    },
    finding::{Finding, InputName, Judgement, Outcome, Reason, Unknown, Value},
    probe::kind,
    tree::{At, Demands, Param, Probe, Scope},
};

pub(in crate::engine) struct ProbeState {
    /// `None` where no tree has the probe.
    pub request: Option<Arc<ProbeRequest>>,
    pub status: Status,
    /// The run that is on its way, also where something was found before.
    pub run: Option<(RunId, Timestamp)>,
    /// Nothing but what was found, or a run, keeps it from being started by itself.
    pub ready: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) enum Status {
    Found(Arc<Finding>),
    Running(RunId, Timestamp),
    /// Can be started by itself.
    Ready,
    /// Would log in: only an explicit look starts it.
    NeedsLook,
    /// Would log in, and these inputs of the login were never asked for: an explicit look asks for them.
    NeedsLogin(Vec<InputName>),
    /// Would log in as somebody whose login was refused before: an explicit look asks for the login anew.
    Refused(Unknown),
    /// Other probes come first.
    Waiting(Vec<ProbeKey>),
    /// Inputs must be asked first.
    NeedsInputs(Vec<InputName>),
    /// True only of a machine that cannot be reached from here.
    NotHere,
    Unknown(Unknown),
}

impl ProbeState {
    fn unknown(reason: Reason, detail: String) -> Self {
        Self {
            request: None,
            status: Status::Unknown(Unknown::new(reason, detail)),
            run: None,
            ready: false,
        }
    }
}

/// Probes that need each other, one after the other, at most.
const LONGEST: usize = 64;

impl Reading<'_> {
    pub fn probe(&self, key: &ProbeKey) -> Rc<ProbeState> {
        if let Some(known) = self.states.borrow().get(key) {
            return known.clone();
        }
        let refused = if self.open_probes.borrow().contains(key) {
            Some(format!("`{}` needs itself", key.name))
        } else if self.open_probes.borrow().len() >= LONGEST {
            Some(format!("more than {LONGEST} probes need each other"))
        } else {
            None
        };
        if let Some(detail) = refused {
            return Rc::new(ProbeState::unknown(Reason::Expression, detail));
        }
        self.open_probes.borrow_mut().push(key.clone());
        let state = Rc::new(self.probe_state(key));
        self.open_probes.borrow_mut().pop();
        self.states.borrow_mut().insert(key.clone(), state.clone());
        state
    }

    fn probe_state(&self, key: &ProbeKey) -> ProbeState {
        let Some((_, probe)) = self.forest.probe(&key.tree, &key.name) else {
            let why = format!("no tree has a probe `{}`", key.name);
            return ProbeState::unknown(Reason::Other, why);
        };
        let not_here = self.opening.place == Place::Elsewhere && probe.at == At::Host;
        let bundle = self.opening.place == Place::Bundle;
        let filled = self.filled(key, probe, not_here || bundle);
        let request = &filled.request;
        let run = self.runs.iter().find(|(_, running)| {
            running.request.key == *key
                && running.request.hash == request.hash
                && running.request.generation == self.generation
        });
        let run = run.map(|(run, running)| (*run, running.since));
        let idle = self.idle(probe, &filled, not_here, bundle);
        let ready = idle == Status::Ready;
        let found = self.ledger.finding(key, &request.hash, self.generation);
        let status = match (found, run) {
            (Some(finding), _) => Status::Found(self.sifted(probe, finding)),
            (None, Some((run, since))) => Status::Running(run, since),
            (None, None) => idle,
        };
        ProbeState {
            request: Some(request.clone()),
            status,
            run,
            ready,
        }
    }

    /// What keeps a probe that neither runs nor found anything from being started, if anything does.
    fn idle(&self, probe: &Probe, filled: &Filled, not_here: bool, bundle: bool) -> Status {
        if !self.opening.trusted {
            Status::Unknown(Unknown::new(
                Reason::NotAgreed,
                "the tree was not agreed to",
            ))
        } else if !self.opening.commands && !bundle && executes(probe) {
            Status::Unknown(Unknown::new(
                Reason::NotAgreed,
                "running programs was not agreed to",
            ))
        } else if bundle && self.generation > 0 {
            Status::Unknown(Unknown::new(
                Reason::NotRecorded,
                "the bundle was collected before that was done; another one can tell what came of it",
            ))
        } else if !filled.missing.is_empty() {
            Status::NeedsInputs(filled.missing.clone())
        } else if !filled.waiting.is_empty() {
            Status::Waiting(filled.waiting.clone())
        } else if bundle && !filled.missing_login.is_empty() {
            // As whom somebody would have logged in is no question to ask here: nobody did.
            Status::Unknown(Unknown::new(
                Reason::NotRecorded,
                "a bundle holds nothing that was asked with a login",
            ))
        } else if not_here {
            Status::NotHere
        } else if let Some(why) = &filled.unknown {
            Status::Unknown(why.clone())
        } else if !filled.missing_login.is_empty() {
            let mut names = filled.missing_login.iter();
            if names.any(|name| self.ledger.is_login_wanted(name)) {
                Status::NeedsInputs(filled.missing_login.clone())
            } else {
                Status::NeedsLogin(filled.missing_login.clone())
            }
        } else if let Some(user) = self.refused_user(&filled.request).filter(|_| !bundle) {
            let why = format!(
                "the login of `{user}` was refused before, and is not tried again by itself"
            );
            Status::Refused(Unknown::new(Reason::LoginRefused, why))
        } else if filled.logs_in && !bundle {
            Status::NeedsLook
        } else {
            Status::Ready
        }
    }

    /// As whom the request would log in, where that login was refused in this generation.
    pub fn refused_user(&self, request: &ProbeRequest) -> Option<String> {
        let login = request.params.get("login")?;
        let refused = self.ledger.is_refused(login, self.generation);
        let user = login.get("user").and_then(Value::as_str);
        refused.then(|| user.unwrap_or_default().to_owned())
    }

    /// The inputs that the probe's login is made of.
    pub fn login_inputs(&self, key: &ProbeKey) -> Vec<InputName> {
        let probe = self.forest.probe(&key.tree, &key.name);
        let login = probe.and_then(|(_, probe)| probe.params.get("login"));
        let Some(Param::Map(parts)) = login.map(|login| &login.value) else {
            return Vec::new();
        };
        let mut names = Vec::new();
        for part in parts.values() {
            if let Param::Text(template) = &part.value {
                names.extend(template.demands.inputs.iter().cloned());
            }
        }
        names
    }

    /// The inputs of which somebody said that they are not known, and without which the probe cannot be started.
    pub fn inputs_said_unknown(&self, key: &ProbeKey) -> Vec<InputName> {
        let Some((_, probe)) = self.forest.probe(&key.tree, &key.name) else {
            return Vec::new();
        };
        self.filled(key, probe, false).unknown_inputs.clone()
    }

    /// The finding, unknown where a case of the probe's own says that what came is no answer.
    pub fn sifted(&self, probe: &Probe, finding: &Arc<Finding>) -> Arc<Finding> {
        let refined = finding
            .outcome()
            .is_some_and(|outcome| is_refined(probe, outcome));
        if probe.cases.is_empty() || !refined {
            return finding.clone();
        }
        let scope = |_: &Demands| Scope {
            found: Some(Value::Map(finding.facts.clone())),
            ..Scope::new(self.opening.os)
        };
        let mut cases = probe.cases.iter();
        match cases.find_map(|case| decide(case, finding.at, scope)) {
            Some(Err(mut why)) => {
                if kind(probe.kind).is_some_and(|kind| kind.refused_login(&finding.facts)) {
                    why.reason = Reason::LoginRefused;
                }
                Arc::new(Finding {
                    judgement: Judgement::Unknown(why),
                    ..(**finding).clone()
                })
            }
            // Where a probe is declared, no case names an outcome.
            Some(Ok(_)) | None => finding.clone(),
        }
    }

    fn filled(&self, key: &ProbeKey, probe: &Probe, no_secrets: bool) -> Arc<Filled> {
        if let Some(known) = self.known.request(key) {
            return known.clone();
        }
        if let Some(known) = self.news.borrow().fills.get(key) {
            return known.clone();
        }
        let filled = Arc::new(self.fill(key, probe, no_secrets));
        // What was worked out inside of a loop of names holds only there.
        if !filled.fickle
            && self.open_probes.borrow().len() == 1
            && self.open_inputs.borrow().is_empty()
        {
            let mut news = self.news.borrow_mut();
            news.fills.insert(key.clone(), filled.clone());
        }
        filled
    }

    /// What the probe waits for is the network, rather than this machine.
    pub fn is_network(&self, key: &ProbeKey) -> bool {
        let probe = self.forest.probe(&key.tree, &key.name);
        let kind = probe.and_then(|(_, probe)| kind(probe.kind));
        kind.is_some_and(|kind| kind.spec().network)
    }

    /// The probe may be started ahead of its question: it only reads, or asks the network without a login.
    pub fn is_safe_ahead(&self, key: &ProbeKey) -> bool {
        let probe = self.forest.probe(&key.tree, &key.name);
        probe.is_some_and(|(_, probe)| !executes(probe))
    }

    /// Requests that can be started now so that the probe comes to its end.
    pub fn startable(&self, key: &ProbeKey, found: &mut Vec<Arc<ProbeRequest>>) {
        self.each_before(key, &mut |state| {
            if let (Status::Ready, Some(request)) = (&state.status, &state.request)
                && !found.iter().any(|known| known.key == request.key)
            {
                found.push(request.clone());
            }
        });
    }

    /// Runs that the probe waits for, its own included.
    pub fn runs_before(&self, key: &ProbeKey, found: &mut Vec<(RunId, Timestamp)>) {
        self.each_before(key, &mut |state| {
            if let Status::Running(run, since) = state.status
                && !found.iter().any(|(known, _)| *known == run)
            {
                found.push((run, since));
            }
        });
    }

    /// The probe's state, or those of the probes that it waits for; each probe once.
    pub fn each_before(&self, key: &ProbeKey, visit: &mut dyn FnMut(&ProbeState)) {
        let mut queue = vec![key.clone()];
        let mut next = 0;
        while let Some(key) = queue.get(next).cloned() {
            next += 1;
            let state = self.probe(&key);
            match &state.status {
                Status::Waiting(on) => {
                    for key in on {
                        if !queue.contains(key) {
                            queue.push(key.clone());
                        }
                    }
                }
                _ => visit(&state),
            }
        }
    }
}

/// The probe may run a program of the machine. A kind that is not known may do anything.
fn executes(probe: &Probe) -> bool {
    kind(probe.kind).is_none_or(|kind| kind.spec().executes)
}

/// The probe's own outcome gives way to the cases of the question.
pub(super) fn is_refined(probe: &Probe, outcome: &Outcome) -> bool {
    let patterns: Vec<&str> = match probe.params.get("patterns").map(|param| &param.value) {
        Some(Param::Map(map)) => map.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let via = probe.params.contains_key("via");
    kind(probe.kind).is_some_and(|kind| {
        kind.outcomes(&patterns, via)
            .iter()
            .any(|spec| spec.refined && outcome.as_str() == spec.name)
    })
}

impl Reading<'_> {
    /// The probe makes sense from where this program is, and is allowed. Of what came after something was done, a bundle
    /// that was collected before holds nothing.
    pub fn runs_here(&self, key: &ProbeKey) -> bool {
        let Some((_, probe)) = self.forest.probe(&key.tree, &key.name) else {
            return false;
        };
        self.opening.trusted
            && match self.opening.place {
                Place::Here => self.opening.commands || !executes(probe),
                Place::Bundle => self.generation == 0,
                Place::Elsewhere => {
                    probe.at == At::Anywhere && (self.opening.commands || !executes(probe))
                }
            }
    }
}
