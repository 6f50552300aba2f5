//! Gathers what every probe of a tree sees: first along the walk that evidence takes, then all the others whose parameters are
//! known by then. Nobody is asked, and nothing logs in.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tokio::sync::mpsc::Receiver;

use crate::{
    app::runtime::{Runtime, RuntimeMsg},
    engine::{Effect, Event, Follow, ProbeKey, ProbeRequest, RunId, Session, Stage, Standing},
    finding::{Finding, Judgement, Reason, Unknown},
};

/// So many probes that no answer led to look at once. The machine has other work to do.
const AT_ONCE: usize = 8;

/// A look that has ended, as it is told while the others go on.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// So many have ended.
    pub done: usize,
    /// So many there are at most; some may turn out to be impossible.
    pub total: usize,
    pub probe: &'a ProbeKey,
    pub judgement: &'a Judgement,
}

/// What a probe came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathered {
    pub probe: ProbeKey,
    /// `None`: it looked and found something.
    pub failed: Option<Unknown>,
    /// It looked at all.
    pub looked: bool,
}

/// Gathers until nothing more can be looked at.
pub async fn gather(
    session: &mut Session,
    first: Vec<Effect>,
    runtime: &Runtime,
    results: &mut Receiver<RuntimeMsg>,
    tell: &mut dyn FnMut(Told<'_>),
) -> Vec<Gathered> {
    let mut gathering = Gathering {
        session,
        runtime,
        tell,
        own: BTreeMap::new(),
        walks: BTreeMap::new(),
        tried: BTreeSet::new(),
        told: BTreeSet::new(),
        next: u64::MAX,
    };
    gathering.carry_out(first);
    loop {
        if gathering.step() {
            continue;
        }
        gathering.start_others();
        if gathering.own.is_empty() && gathering.walks.is_empty() {
            return gathering.all();
        }
        match results.recv().await {
            Some(msg) => gathering.take(msg),
            None => return gathering.all(),
        }
    }
}

struct Gathering<'a> {
    session: &'a mut Session,
    runtime: &'a Runtime,
    tell: &'a mut dyn FnMut(Told<'_>),
    /// Looks that were started here.
    own: BTreeMap<RunId, ProbeRequest>,
    /// Looks that the session started, and searches for paths.
    walks: BTreeMap<RunId, Option<ProbeKey>>,
    /// Requests that were started here: each once.
    tried: BTreeSet<(ProbeKey, String)>,
    told: BTreeSet<ProbeKey>,
    /// The session counts its runs from one on; those started here are counted from the other end.
    next: u64,
}

impl Gathering<'_> {
    /// Does what evidence alone leads to; false where that waits or is over.
    fn step(&mut self) -> bool {
        let event = match self.session.follow() {
            // A login is never tried: the question is passed over.
            Follow::Apply(Event::Look) => match self.session.stage() {
                Stage::Question(question) if question.unsure => Event::Unsure { skipped: true },
                _ => return false,
            },
            Follow::Apply(event) => event,
            Follow::Wait | Follow::Over => return false,
        };
        match self.session.apply(event, Timestamp::now()) {
            Ok(transition) => {
                self.carry_out(transition.effects);
                true
            }
            // The engine takes what it asks for; if it does not, going on would never end.
            Err(_) => false,
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in &effects {
            match effect {
                Effect::StartProbe { run, request } => {
                    self.walks.insert(*run, Some(request.key.clone()));
                }
                Effect::Suggest { run, .. } => {
                    self.walks.insert(*run, None);
                }
                Effect::CancelProbe { run } => {
                    self.walks.remove(run);
                }
                Effect::Finish => {}
            }
        }
        self.runtime.carry_out(effects);
    }

    /// Starts probes that no answer has led to.
    fn start_others(&mut self) {
        for probe in self.session.probes() {
            if self.own.len() >= AT_ONCE {
                return;
            }
            let Standing::Ready(request) = self.session.standing(&probe) else {
                continue;
            };
            if !self.tried.insert((probe, request.hash.clone())) {
                continue;
            }
            let run = RunId(self.next);
            self.next -= 1;
            let request = ProbeRequest::clone(&request);
            self.own.insert(run, request.clone());
            self.runtime
                .carry_out(vec![Effect::StartProbe { run, request }]);
        }
    }

    fn take(&mut self, msg: RuntimeMsg) {
        let event = match msg {
            RuntimeMsg::ProbeFinished { run, finding } => match self.own.remove(&run) {
                Some(request) => {
                    self.say(&request.key, &finding);
                    // What it says may tell what others need.
                    Event::Pasted {
                        probe: request.key,
                        params: request.hash,
                        finding,
                    }
                }
                None => {
                    if let Some(Some(probe)) = self.walks.remove(&run) {
                        self.say(&probe, &finding);
                    }
                    Event::ProbeFinished { run, finding }
                }
            },
            RuntimeMsg::Suggested { run, candidates } => {
                self.walks.remove(&run);
                Event::Suggested { run, candidates }
            }
        };
        // A result that nobody waits for any more is rejected; that is no trouble.
        let transition = self.session.apply(event, Timestamp::now());
        self.carry_out(transition.unwrap_or_default().effects);
    }

    fn say(&mut self, probe: &ProbeKey, finding: &Finding) {
        self.told.insert(probe.clone());
        (self.tell)(Told {
            done: self.told.len(),
            total: self.session.probes().len(),
            probe,
            judgement: &finding.judgement,
        });
    }

    fn all(&self) -> Vec<Gathered> {
        let probes = self.session.probes().into_iter();
        let gathered = probes.map(|probe| {
            let (looked, failed) = match self.session.standing(&probe) {
                Standing::Found(finding) => match &finding.judgement {
                    Judgement::Outcome(_) => (true, None),
                    Judgement::Unknown(why) => (true, Some(why.clone())),
                },
                Standing::Not(why) => (false, Some(why)),
                Standing::Running | Standing::Ready(_) => (false, Some(not_ended())),
                Standing::Waiting => (false, Some(waits())),
            };
            Gathered {
                probe,
                failed,
                looked,
            }
        });
        gathered.collect()
    }
}

fn not_ended() -> Unknown {
    Unknown::new(Reason::OutOfTime, "its look did not come to an end")
}

fn waits() -> Unknown {
    Unknown::new(
        Reason::InputUnknown,
        "it needs what another probe did not find",
    )
}
