//! A walk over a recording inside this process: no socket, no clock, no thread. Every look that the session starts is answered
//! from the recording and judged at once.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
    io::{Cursor, Read},
    path::Path,
    sync::{Arc, Mutex, atomic::AtomicBool},
    time::Duration,
};

use futures_util::FutureExt;
use jiff::{Timestamp, tz::TimeZone};
use waypost::{
    engine::{Effect, Event, Follow, Given, Opening, ProbeRequest, Session},
    finding::{Finding, InputName, Reason, Source, TreeId, Unknown},
    host::{Files, Host, Limits, Look, Recorded, Reply},
    probe::{self, Judging},
    tree::{self, Forest, Origin},
};

/// More steps than any walk has.
const MOST_STEPS: usize = 2_000;

/// The trees as they ship.
pub fn forest() -> Arc<Forest> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("trees/mid-server");
    let mut trees = Vec::new();
    for entry in fs::read_dir(&folder).expect("the trees are there") {
        let path = entry.expect("the folder can be listed").path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let bytes = fs::read(&path).expect("a tree can be read");
        let side_files =
            |name: &str| fs::read(folder.join(name)).map_err(|error| error.to_string());
        let (tree, _, diagnostics) = tree::load(
            &path.display().to_string(),
            Origin::Embedded,
            &bytes,
            &side_files,
        );
        let errors: Vec<_> = diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == waypost::diag::Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        trees.push(Arc::new(tree.expect("a tree without errors")));
    }
    Arc::new(Forest::new(trees))
}

/// The files of a recording, by path below its `files/`, and which of them were opened.
#[derive(Clone, Default)]
pub struct InMemory {
    files: Arc<BTreeMap<String, Vec<u8>>>,
    opened: Arc<Mutex<BTreeSet<String>>>,
}

impl InMemory {
    pub fn new(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self {
            files: Arc::new(files),
            opened: Arc::default(),
        }
    }

    pub fn opened(&self) -> BTreeSet<String> {
        self.opened.lock().expect("no thread panicked").clone()
    }
}

impl Files for InMemory {
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
        Ok(self
            .files
            .iter()
            .map(|(path, content)| (path.clone(), content.len() as u64))
            .collect())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, Unknown> {
        self.opened
            .lock()
            .expect("no thread panicked")
            .insert(path.to_owned());
        match self.files.get(path) {
            Some(content) => Ok(Box::new(Cursor::new(content.clone()))),
            None => Err(Unknown::new(Reason::NotAvailable, path)),
        }
    }
}

/// Follows evidence alone until nothing more can be done without a person; gives the result as JSON.
pub fn diagnose(
    forest: &Arc<Forest>,
    tree: &TreeId,
    inputs: BTreeMap<String, String>,
    host: &Recorded,
) -> serde_json::Value {
    let now = host.now().unwrap_or(Timestamp::UNIX_EPOCH);
    let given = |(name, value): (String, String)| (InputName::new(&name), Given::Text(value));
    let opening = Opening {
        inputs: inputs.into_iter().map(given).collect(),
        ..Opening::new(tree.clone(), host.os(), now)
    };
    follow(forest, opening, host)
}

/// The same from an opening, over a host that answers at once.
pub fn follow(forest: &Arc<Forest>, opening: Opening, host: &dyn Host) -> serde_json::Value {
    let session = walk(forest, opening, host);
    serde_json::to_value(session.result(true)).expect("a result is JSON")
}

/// The session itself, at the end.
pub fn walk(forest: &Arc<Forest>, opening: Opening, host: &dyn Host) -> Session {
    let (now, tree) = (opening.at, opening.tree.clone());
    let (mut session, effects) = Session::start(Arc::clone(forest), opening);
    let mut waiting = VecDeque::from(effects);
    for _ in 0..MOST_STEPS {
        let event = match session.follow() {
            Follow::Over => return session,
            Follow::Apply(event) => event,
            Follow::Wait => carry_out(
                host,
                waiting
                    .pop_front()
                    .expect("the session waits for a look that it started"),
            ),
        };
        let transition = session
            .apply(event, now)
            .expect("the session takes what it asked for");
        for effect in transition.effects {
            match effect {
                Effect::CancelProbe { run: gone } => waiting.retain(
                    |effect| !matches!(effect, Effect::StartProbe { run, .. } if *run == gone),
                ),
                Effect::Finish => {}
                start => waiting.push_back(start),
            }
        }
    }
    panic!("the walk of {tree} does not end: {:?}", session.stage());
}

fn carry_out(host: &dyn Host, effect: Effect) -> Event {
    match effect {
        Effect::StartProbe { run, request } => Event::ProbeFinished {
            run,
            finding: look(host, &request),
        },
        Effect::Suggest {
            run,
            globs,
            folders,
            ..
        } => {
            let candidates = match reply(host, &Look::Paths { globs, folders }, Duration::ZERO) {
                Ok(Reply::Paths(paths)) => paths,
                _ => Vec::new(),
            };
            Event::Suggested { run, candidates }
        }
        Effect::CancelProbe { .. } | Effect::Finish => unreachable!("never kept waiting"),
    }
}

fn reply(host: &dyn Host, look: &Look, timeout: Duration) -> Result<Reply, Unknown> {
    host.look(look, Limits { timeout })
        .now_or_never()
        .expect("a recording answers at once")
}

/// One look of a session, judged at once.
pub fn look(host: &dyn Host, request: &ProbeRequest) -> Finding {
    let kind = probe::kind(request.kind).expect("the checker knows the kind");
    let now = host.now().unwrap_or(Timestamp::UNIX_EPOCH);
    let looks = match kind.looks(&request.params) {
        Ok(looks) => looks,
        Err(unknown) => return Finding::unknown(unknown, Source::Observed, now, Duration::ZERO),
    };
    let replies = looks
        .iter()
        .map(|look| reply(host, look, request.timeout))
        .collect();
    let stop = AtomicBool::new(false);
    let zone = host.zone().unwrap_or(TimeZone::UTC);
    let judging = Judging {
        now,
        zone: Some(zone),
        os: host.os(),
        stop: &stop,
    };
    let judged = kind.judge(&request.params, replies, &judging);
    Finding {
        judgement: judged.judgement,
        facts: judged.facts,
        evidence: judged.evidence,
        source: Source::Observed,
        at: now,
        took: Duration::ZERO,
        machine: None,
    }
}
