//! Carries out what the full screen asks for: one machine, and what each open case has for itself.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::mpsc::Sender;

use crate::{
    app::{
        answering::Sent,
        cases::{Bundled, Case, Cases, Change, Handed, Keeper, Kept, KeptCase, Tell},
        cli::Common,
        command::{handed_over, opening::World},
        hiding,
        looking::Looker,
        prose, report_file,
        runtime::{self, Runtime},
        trust::Agreements,
        tui::{self, CaseId, CaseRedactor, Consent, Incoming, Save},
        vault::Vault,
    },
    case::{Head, Named},
    engine::{Effect, Opening},
    finding::{
        InputName, TreeId,
        visible::{Room, visible},
    },
    redact::Hosts,
    tree::Forest,
};

/// Carries out what the screen's walks ask for, each with its own.
pub(super) struct Carrier {
    pub(super) world: World,
    /// None under `--trust`: nothing is asked, and nothing remembered.
    pub(super) agreements: Option<Arc<Mutex<Agreements>>>,
    pub(super) sender: Sender<Incoming>,
    pub(super) running: Mutex<BTreeMap<CaseId, Running>>,
    /// Where cases are kept, if they are.
    pub(super) cases: Option<Cases>,
    /// The folder of a recorded host, for who takes the case up again.
    pub(super) host: Option<String>,
    /// A bundle that stands in for the machine.
    pub(super) bundle: Option<Bundled>,
    /// What most commands take, for a file that is opened instead.
    pub(super) common: Common,
    /// The file that is opened once the screen is gone.
    pub(super) opens: Mutex<Option<String>>,
    /// A case that was opened and has not begun yet.
    pub(super) opened: Mutex<Option<(Case, Head, Option<Hosts>)>>,
}

/// A case that is open. None of this is shared with another one.
pub(super) struct Running {
    looker: Looker,
    vault: Vault,
    keeper: Keeper,
    /// None while the case is not on the screen.
    runtime: Option<Runtime>,
}

impl Carrier {
    fn running(&self) -> MutexGuard<'_, BTreeMap<CaseId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds a case until it is taken up or released; one that was held before is let go.
    pub(super) fn hold(&self, case: Case, head: Head, hosts: Option<Hosts>) {
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace((case, head, hosts));
    }

    /// Tells the screen which cases were left, once they are read. Those that are open here it knows.
    pub(super) fn list(&self) {
        self.list_after(None);
    }

    /// The same once this is over.
    fn list_after(&self, over: Option<Running>) {
        let cases = self.cases.clone();
        let here: Vec<String> = self
            .running()
            .values()
            .filter_map(|running| running.keeper.case().map(str::to_owned))
            .collect();
        let sender = self.sender.clone();
        thread::spawn(move || {
            // What is not on the disk yet is waited for a little.
            drop(over);
            let Some(cases) = cases else {
                return;
            };
            // What cannot be listed is told by `waypost cases`; it keeps nobody from beginning a case.
            let listed = cases.list().unwrap_or_default();
            if !listed.is_empty() && listed.iter().all(|listed| listed.journal.is_err()) {
                let said = prose::unreadable(listed.len());
                // The screen is gone: nobody is left to be told.
                let _ = sender.blocking_send(Incoming::Say(said));
            }
            let kept = listed.into_iter().filter_map(|listed| {
                let journal = listed.journal.ok()?;
                Some(KeptCase {
                    name: listed.name,
                    tree: journal.head.opening.tree.clone(),
                    last: journal.last,
                    answers: journal.answers(),
                    bundle: journal.bundle().map(|(name, _)| name.to_owned()),
                    named: journal.named,
                })
            });
            let kept = kept.filter(|case| !here.contains(&case.name)).collect();
            // The screen is gone: nobody is left to be told.
            let _ = sender.blocking_send(Incoming::Cases(kept));
        });
    }

    /// Looks are made with this; what comes of them is told.
    fn runtime(&self, case: CaseId, looker: Looker) -> Runtime {
        let (runtime, mut results) = Runtime::new(looker);
        let sender = self.sender.clone();
        tokio::spawn(async move {
            while let Some(msg) = results.recv().await {
                if sender
                    .send(Incoming::Runtime(for_case(case, msg)))
                    .await
                    .is_err()
                {
                    return;
                }
            }
        });
        runtime
    }

    /// What to wait for; what cannot be kept is told.
    fn handed(&self, case: CaseId, handed: Handed) -> Option<u64> {
        match handed {
            Handed::Upto(line) => Some(line),
            Handed::Nothing => None,
            Handed::Not(why) => {
                // Dropped where the channel is full: then the quit question tells it.
                let _ = self
                    .sender
                    .try_send(Incoming::Kept(case, Kept::Not { from: 1, why }));
                None
            }
        }
    }

    /// Tells how it stands with a case on the disk.
    fn teller(&self, case: CaseId) -> Tell {
        let sender = self.sender.clone();
        Arc::new(move |kept| {
            // The screen is gone: nobody is left to be told.
            let _ = sender.blocking_send(Incoming::Kept(case, kept));
        })
    }

    /// The case is open from now on, and on the screen.
    fn insert(&self, case: CaseId, redactor: &CaseRedactor, keeper: Keeper, hosts: Option<&Hosts>) {
        let (looker, vault) = self.world.for_case(Arc::clone(redactor), hosts);
        let new = Running {
            runtime: Some(self.runtime(case, looker.clone())),
            keeper,
            looker,
            vault,
        };
        self.running().insert(case, new);
    }
}

impl tui::Runtime for Carrier {
    fn begin(&self, case: CaseId, opening: &Opening, forest: &Forest, redactor: &CaseRedactor) {
        let keeper = Keeper::new(
            self.cases.clone(),
            forest,
            opening,
            self.host.clone(),
            Arc::clone(redactor),
            self.teller(case),
        )
        .of_bundle(self.bundle.clone());
        self.insert(case, redactor, keeper, None);
    }

    fn take_up(&self, case: CaseId, redactor: &CaseRedactor) {
        let opened = self
            .opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // Only what was opened is taken up.
        let Some((kept, head, hosts)) = opened else {
            return;
        };
        let keeper = Keeper::resumed(kept, head, Arc::clone(redactor), self.teller(case));
        self.insert(case, redactor, keeper, hosts.as_ref());
    }

    fn read_file(&self, path: String) {
        let (sender, common) = (self.sender.clone(), self.common.clone());
        // It may be long, and its trees have to be read.
        thread::spawn(move || {
            let read = handed_over::check(&handed_over::named(&path), &common);
            let read = read.map_err(|why| format!("{why:#}"));
            // The screen is gone: nobody is left to be told.
            let _ = sender.blocking_send(Incoming::FileRead(path, read));
        });
    }

    fn open_file(&self, path: String) {
        self.opens
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(path);
    }

    fn park(&self, case: CaseId) {
        let runtime = self
            .running()
            .get_mut(&case)
            .and_then(|running| running.runtime.take());
        drop(runtime);
        self.list();
    }

    fn go_on(&self, case: CaseId) {
        let mut running = self.running();
        if let Some(running) = running.get_mut(&case) {
            let runtime = self.runtime(case, running.looker.clone());
            running.runtime = Some(runtime);
        }
    }

    fn close(&self, case: CaseId) {
        let closed = self.running().remove(&case);
        self.list_after(closed);
    }

    fn release(&self) {
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.list();
    }

    fn keep(&self, case: CaseId, change: Change) -> Option<u64> {
        let handed = self.running().get_mut(&case)?.keeper.keep(&change);
        self.handed(case, handed)
    }

    fn open(&self, name: String) {
        let Some(cases) = &self.cases else {
            return;
        };
        let here = self.running().iter().find_map(|(case, running)| {
            let is_it = running.keeper.case() == Some(name.as_str());
            is_it.then_some(*case)
        });
        if let Some(case) = here {
            // Dropped where the channel is full: the key can be pressed again.
            let _ = self.sender.try_send(Incoming::IsOpen(case));
            return;
        }
        let incoming = match cases.open(&name) {
            // A bundle is opened by itself: nothing else is looked at beside it.
            Ok((case, journal)) if journal.head.bundle.is_some() || self.bundle.is_some() => {
                let of = match journal.bundle() {
                    Some((bundle, _)) => format!("of the bundle {}", visible(bundle, Room::Line)),
                    None => "of no bundle".to_owned(),
                };
                Incoming::Say(format!(
                    "that case is {of}: `waypost resume {}` opens it",
                    case.name
                ))
            }
            // What was seen on one machine says nothing of another.
            Ok((case, journal)) if journal.head.host != self.host => {
                let of = match &journal.head.host {
                    Some(host) => format!("of the recorded host {host}"),
                    None => "of no recorded host".to_owned(),
                };
                Incoming::Say(format!(
                    "that case is {of}: `waypost resume {}` opens it",
                    case.name
                ))
            }
            Ok((case, journal)) => match hiding::of_journal(&journal, self.world.hides()) {
                Ok(hosts) => {
                    self.hold(case, journal.head.clone(), hosts);
                    Incoming::Opened(Box::new(journal))
                }
                Err(why) => Incoming::Say(why.to_string()),
            },
            Err(error) => Incoming::Say(error.to_string()),
        };
        // Dropped where the channel is full: the key can be pressed again.
        let _ = self.sender.try_send(incoming);
    }

    fn carry_out(&self, case: CaseId, effects: Vec<Effect>) {
        let running = self.running();
        let running = running.get(&case);
        if let Some(runtime) = running.and_then(|running| running.runtime.as_ref()) {
            runtime.carry_out(effects);
        }
    }

    fn paste(&self, case: CaseId, sent: Sent) {
        let running = self.running();
        let Some(running) = running.get(&case) else {
            return;
        };
        let Some(runtime) = &running.runtime else {
            return;
        };
        let name = running.keeper.case().map(str::to_owned);
        let judged = runtime.paste(sent, name);
        let sender = self.sender.clone();
        tokio::spawn(async move {
            let judged = Box::new(judged.await);
            let pasted = tui::RuntimeMsg::Pasted { case, judged };
            // The screen is gone: nobody is left to be told.
            let _ = sender.send(Incoming::Runtime(pasted)).await;
        });
    }

    fn name_now(&self, case: CaseId) -> Option<String> {
        let begun = self.running().get_mut(&case)?.keeper.begin_now();
        begun.unwrap_or_else(|why| {
            self.handed(case, Handed::Not(why));
            None
        })
    }

    fn call(&self, case: CaseId, named: Named) -> Option<u64> {
        let handed = self.running().get_mut(&case)?.keeper.call(named);
        self.handed(case, handed)
    }

    fn save(&self, case: CaseId, save: Save) {
        let sender = self.sender.clone();
        // A disk that does not answer holds nobody up, quitting neither.
        thread::spawn(move || {
            let written = report_file::write(&save.name, save.text.as_bytes(), save.replace);
            let path = written.map(|path| path.display().to_string());
            // The screen is gone: nobody is left to be told.
            let _ = sender.blocking_send(Incoming::Saved(case, path));
        });
    }

    fn keep_secret(&self, case: CaseId, input: &InputName, secret: SecretString) {
        let running = self.running();
        let Some(Running { looker, vault, .. }) = running.get(&case) else {
            return;
        };
        looker
            .redactor
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .learn(secret.expose_secret());
        vault.put(input.clone(), secret);
    }

    fn agreed(&self, _tree: &TreeId, consent: &Consent) {
        let Some(agreements) = &self.agreements else {
            return;
        };
        let mut agreements = agreements.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = agreements.agree_hash(&consent.hash) {
            // Dropped where the channel is full: the agreement holds for this run all the same.
            let _ = self.sender.try_send(Incoming::Say(format!(
                "the agreement could not be remembered: {error}"
            )));
        }
    }
}

fn for_case(case: CaseId, msg: runtime::RuntimeMsg) -> tui::RuntimeMsg {
    match msg {
        runtime::RuntimeMsg::ProbeFinished { run, finding } => {
            tui::RuntimeMsg::ProbeFinished { case, run, finding }
        }
        runtime::RuntimeMsg::Suggested { run, candidates } => tui::RuntimeMsg::Suggested {
            case,
            run,
            candidates,
        },
    }
}
