//! Carries effects out: starts looks, cancels them, finds paths; what comes of them arrives on one channel.
//!
//! Deliberately absent: any decision. Which looks run, and when, is the engine's.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    runtime::Handle,
    sync::{Semaphore, mpsc},
    task::JoinHandle,
};

use crate::{
    app::{
        answering::{self, Pasted, Sent},
        looking::{Looker, no_kind},
    },
    engine::{Effect, Event, Given, MOST_AHEAD, ProbeRequest, RunId},
    finding::{Finding, InputName, Unknown},
    host::{Limits, Look, Reply},
    probe,
    redact::Redactor,
};

/// So many looks run at once; the others wait their turn. Far more than the engine starts ahead, so that what a person
/// waits for never stands behind those; bounded, since one question may name any number of probes.
const AT_ONCE: usize = 64;
const _: () = assert!(AT_ONCE >= 3 * MOST_AHEAD, "looks ahead take every turn");
/// How long the search for suggested paths may take.
const SUGGEST_TIMEOUT: Duration = Duration::from_secs(5);
/// What the channel to the driver holds; a full one makes looks wait, not the driver.
const CHANNEL: usize = 64;

/// What came of an effect.
#[derive(Debug, Clone, PartialEq)]
pub enum RuntimeMsg {
    ProbeFinished { run: RunId, finding: Finding },
    Suggested { run: RunId, candidates: Vec<String> },
}

impl From<RuntimeMsg> for Event {
    fn from(msg: RuntimeMsg) -> Self {
        match msg {
            RuntimeMsg::ProbeFinished { run, finding } => Event::ProbeFinished { run, finding },
            RuntimeMsg::Suggested { run, candidates } => Event::Suggested { run, candidates },
        }
    }
}

/// Runs looks on the tokio runtime that it is used in. Dropping it ends all of them.
pub struct Runtime {
    looker: Looker,
    sender: mpsc::Sender<RuntimeMsg>,
    turns: Arc<Semaphore>,
    running: Mutex<HashMap<RunId, JoinHandle<()>>>,
}

impl Runtime {
    /// The runtime, and where its results arrive.
    pub fn new(looker: Looker) -> (Self, mpsc::Receiver<RuntimeMsg>) {
        let (sender, receiver) = mpsc::channel(CHANNEL);
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        // What recognises secrets is built once, and that takes a while: while the first looks wait, nobody else does.
        if let Ok(tokio) = Handle::try_current() {
            tokio.spawn_blocking(|| Redactor::default().text("name=value"));
        }
        (
            Self {
                looker,
                sender,
                turns,
                running: Mutex::default(),
            },
            receiver,
        )
    }

    /// What masks the case that is looked into.
    pub fn redactor(&self) -> Arc<Mutex<Redactor>> {
        Arc::clone(&self.looker.redactor)
    }

    /// What was given for an input, as the case is to know it.
    pub fn hidden_given(&self, name: &InputName, given: Given) -> Given {
        self.looker.hidden_given(name, given)
    }

    /// Does what the engine asked for, in order. Never waits.
    pub fn carry_out(&self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::StartProbe { run, request } => self.start(run, request),
                Effect::CancelProbe { run } => self.cancel(run),
                Effect::Suggest {
                    run,
                    globs,
                    folders,
                    ..
                } => self.suggest(run, globs, folders),
                Effect::Finish => {}
            }
        }
    }

    /// Reads and judges what a person sent on; the events are for the session that it came with.
    ///
    /// # Errors
    /// It is of something else, and says nothing about the probe.
    pub fn paste(
        &self,
        sent: Sent,
        case: Option<String>,
    ) -> impl Future<Output = Result<Pasted, Unknown>> + Send + 'static {
        let looker = self.looker.clone();
        async move {
            let read = answering::read(sent, case.as_deref(), &looker, Timestamp::now()).await;
            // It quotes what it did not expect.
            read.map_err(|why| {
                let mut redactor = looker
                    .redactor
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                Unknown {
                    detail: redactor.text(&why.detail),
                    ..why
                }
            })
        }
    }

    fn start(&self, run: RunId, request: ProbeRequest) {
        let looker = self.looker.clone();
        let sender = self.sender.clone();
        let turns = Arc::clone(&self.turns);
        self.keep(run, async move {
            // The semaphore is never closed; without a turn the look simply runs.
            let _turn = turns.acquire_owned().await;
            let finding = match probe::kind(request.kind) {
                Some(kind) => looker.look(kind, &request).await,
                None => Finding::unknown(
                    no_kind(request.kind),
                    looker.source,
                    Timestamp::now(),
                    Duration::ZERO,
                ),
            };
            let _ = sender
                .send(RuntimeMsg::ProbeFinished { run, finding })
                .await;
        });
    }

    fn suggest(&self, run: RunId, globs: Vec<String>, folders: bool) {
        let host = Arc::clone(&self.looker.host);
        let redactor = self.redactor();
        let globs: Vec<String> = {
            let redactor = redactor.lock().unwrap_or_else(PoisonError::into_inner);
            globs.iter().map(|glob| redactor.real(glob)).collect()
        };
        let sender = self.sender.clone();
        self.keep(run, async move {
            let paths = async |folders| {
                let look = Look::Paths {
                    globs: globs.clone(),
                    folders,
                };
                let limits = Limits {
                    timeout: SUGGEST_TIMEOUT,
                };
                match tokio::time::timeout(SUGGEST_TIMEOUT, host.look(&look, limits)).await {
                    Ok(Ok(Reply::Paths(paths))) => Some(paths),
                    _ => None,
                }
            };
            let found = match folders {
                true => paths(true).await,
                // A file is asked for: folders fit the globs too, and are left out.
                false => match (paths(false).await, paths(true).await) {
                    (Some(mut all), Some(folders)) => {
                        all.retain(|path| !folders.contains(path));
                        Some(all)
                    }
                    _ => None,
                },
            };
            // Suggestions are a convenience: where they cannot be had, the person types.
            let candidates = {
                let redactor = redactor.lock().unwrap_or_else(PoisonError::into_inner);
                let found = found.unwrap_or_default();
                found.iter().map(|path| redactor.given("", path)).collect()
            };
            let _ = sender.send(RuntimeMsg::Suggested { run, candidates }).await;
        });
    }

    fn keep(&self, run: RunId, work: impl Future<Output = ()> + Send + 'static) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|_, handle| !handle.is_finished());
        running.insert(run, tokio::spawn(work));
    }

    fn cancel(&self, run: RunId) {
        if let Some(handle) = self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&run)
        {
            handle.abort();
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        for (_, handle) in self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain()
        {
            handle.abort();
        }
    }
}
