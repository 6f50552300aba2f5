//! The loop: one channel in, one draw for all that has come, tasks out.

use std::{
    future::pending,
    io::{self, IsTerminal},
    time::Duration,
};

use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyModifiers};
use futures_util::StreamExt;
use jiff::Timestamp;
use ratatui::backend::Backend;
use tokio::{
    sync::mpsc::{Receiver, Sender},
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use crate::app::{
    cases::Kept,
    exit::Exit,
    tui::{
        clipboard,
        guard::Guard,
        msg::Task,
        port::{CaseId, Incoming, Runtime, TuiOpening},
        wizard::Wizard,
    },
};

/// What the channel should hold: enough for a pasted text's keys, little enough that a flood is felt by who makes it.
pub const CHANNEL: usize = 256;

/// How often what counts on the screen is drawn anew.
const TICK: Duration = Duration::from_millis(250);

/// How long the screen waits for a disk that does not answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// A console of old.
const NO_CLIPBOARD: &str = "this terminal has no clipboard to send to: select the text instead";

/// How often it is seen to that the terminal is still there.
const GONE: Duration = Duration::from_secs(1);

/// What is left for the time after the first frame. It is taken in before any key.
pub type Behind = Box<dyn FnOnce() -> io::Result<Incoming> + Send>;

/// Runs the wizard until it is quit. `sender` is the sending end of `inbox`; what the runtime has to tell goes through it
/// too.
pub async fn run(
    opening: TuiOpening,
    behind: Option<Behind>,
    runtime: &dyn Runtime,
    sender: Sender<Incoming>,
    mut inbox: Receiver<Incoming>,
) -> io::Result<Exit> {
    let (_guard, mut terminal) = Guard::enter()?;
    let size = terminal.size()?;
    let (mut wizard, mut tasks) = Wizard::new(opening, size.width, size.height, Timestamp::now());
    wizard.draw(&mut terminal)?;
    let _signals = Listening(tokio::spawn(signals(sender.clone())));
    // No key is read before what lies behind the first frame is there.
    if let Some(behind) = behind {
        tasks.extend(wizard.take(behind()?, Timestamp::now()));
    }
    let _keys = Listening(tokio::spawn(keys(sender)));
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The line of a case that is not on the disk yet, and since when.
    let mut unsaved: Option<(CaseId, u64, Instant)> = None;
    loop {
        let mut more = Vec::new();
        for task in tasks.drain(..) {
            match carry_out(task, runtime)? {
                Some(Done::Ends(exit)) => return Ok(exit),
                Some(Done::Hands(case, line)) => {
                    let since = unsaved.map_or_else(Instant::now, |(_, _, since)| since);
                    unsaved = Some((case, line, since));
                }
                Some(Done::Names(case, name)) => {
                    let named = Incoming::Named(case, name);
                    more.extend(wizard.take(named, Timestamp::now()));
                }
                Some(Done::Says(text)) => {
                    let said = Incoming::Say(text.to_owned());
                    more.extend(wizard.take(said, Timestamp::now()));
                }
                None => {}
            }
        }
        tasks = more;
        // What was done is on the disk before the screen shows it.
        if unsaved.is_none() {
            wizard.draw(&mut terminal)?;
        }
        let patience = unsaved.map(|(_, _, since)| since + PATIENCE);
        let first = tokio::select! {
            incoming = inbox.recv() => incoming,
            () = async {
                match patience {
                    Some(until) => sleep_until(until).await,
                    None => pending().await,
                }
            } => {
                unsaved = None;
                Some(Incoming::Say("the disk does not answer: what was done last is not saved yet".to_owned()))
            }
            _ = async {
                if wizard.counts() {
                    ticks.tick().await;
                } else {
                    pending::<()>().await;
                }
            } => Some(Incoming::Tick),
        };
        let Some(first) = first else {
            return Ok(Exit::Interrupted);
        };
        // What has come meanwhile is taken in before the next draw.
        let mut next = Some(first);
        while let Some(incoming) = next {
            if asks_to_redraw(&incoming) {
                // Not `Terminal::clear`: that asks the terminal where its cursor is, and waits for an answer.
                terminal.backend_mut().clear()?;
                // What was drawn last is forgotten, so that all is drawn.
                terminal.swap_buffers();
            }
            let incoming = saved(incoming, &mut unsaved);
            tasks.extend(wizard.take(incoming, Timestamp::now()));
            next = inbox.try_recv().ok();
        }
    }
}

/// Ctrl-L, as in other programs: something else has written over the screen.
fn asks_to_redraw(incoming: &Incoming) -> bool {
    matches!(
        incoming,
        Incoming::Terminal(Event::Key(KeyEvent {
            code: KeyCode::Char('l'),
            modifiers: KeyModifiers::CONTROL,
            ..
        }))
    )
}

/// Notes what is on the disk by now; what cannot be saved is told.
fn saved(incoming: Incoming, unsaved: &mut Option<(CaseId, u64, Instant)>) -> Incoming {
    let Incoming::Kept(case, kept) = incoming else {
        return incoming;
    };
    let awaited = unsaved.filter(|(waiting, ..)| *waiting == case);
    match kept {
        Kept::Upto(line) => {
            if awaited.is_some_and(|(_, awaited, _)| awaited <= line) {
                *unsaved = None;
            }
            Incoming::Kept(case, Kept::Upto(line))
        }
        not @ Kept::Not { .. } => {
            *unsaved = None;
            Incoming::Kept(case, not)
        }
    }
}

/// What a task means for the loop.
enum Done {
    Ends(Exit),
    /// Nothing is drawn before this line of the case is on the disk.
    Hands(CaseId, u64),
    /// The case is kept under this name.
    Names(CaseId, Option<String>),
    /// It could not be done: what there is to say about it.
    Says(&'static str),
}

/// Does one task.
fn carry_out(task: Task, runtime: &dyn Runtime) -> io::Result<Option<Done>> {
    match task {
        Task::Begin(case, opening, forest, redactor) => {
            runtime.begin(case, &opening, &forest, &redactor);
        }
        Task::TakeUp(case, redactor) => runtime.take_up(case, &redactor),
        Task::Keep(case, change) => {
            return Ok(runtime
                .keep(case, change)
                .map(|line| Done::Hands(case, line)));
        }
        Task::Call(case, named) => {
            return Ok(runtime
                .call(case, named)
                .map(|line| Done::Hands(case, line)));
        }
        Task::NameNow(case) => return Ok(Some(Done::Names(case, runtime.name_now(case)))),
        Task::Park(case) => runtime.park(case),
        Task::GoOn(case) => runtime.go_on(case),
        Task::Close(case) => runtime.close(case),
        Task::Release => runtime.release(),
        Task::Open(name) => runtime.open(name),
        Task::ReadFile(path) => runtime.read_file(path),
        Task::OpenFile(path) => runtime.open_file(path),
        Task::KeepSecret(case, name, secret) => runtime.keep_secret(case, &name, secret),
        Task::CarryOut(case, effects) if !effects.is_empty() => runtime.carry_out(case, effects),
        Task::CarryOut(..) => {}
        Task::Paste(case, sent) => runtime.paste(case, *sent),
        Task::Save(case, save) => runtime.save(case, *save),
        Task::Agreed(tree, consent) => runtime.agreed(&tree, &consent),
        Task::Copy(text) => {
            if clipboard::copy(&text).is_err() {
                return Ok(Some(Done::Says(NO_CLIPBOARD)));
            }
        }
        Task::End(exit) => return Ok(Some(Done::Ends(exit))),
    }
    Ok(None)
}

/// A task that ends with the loop.
struct Listening(JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The terminal's events, as they come.
async fn keys(sender: Sender<Incoming>) {
    let mut events = EventStream::new();
    let mut looks = interval(GONE);
    loop {
        tokio::select! {
            event = events.next() => {
                let Some(Ok(event)) = event else {
                    break;
                };
                if sender.send(Incoming::Terminal(event)).await.is_err() {
                    return;
                }
            }
            // Without a signal the reader does not tell that its terminal was closed: it reads nothing, for ever.
            _ = looks.tick() => {
                if !io::stdin().is_terminal() {
                    break;
                }
            }
        }
    }
    // The terminal is gone.
    let _ = sender.send(Incoming::Ended).await;
}

/// Signals that end programs.
#[cfg(unix)]
async fn signals(sender: Sender<Incoming>) {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    let wait = |kind: SignalKind| async move {
        match signal(kind) {
            Ok(mut signal) => Signal::recv(&mut signal).await,
            Err(_) => pending().await,
        }
    };
    tokio::select! {
        _ = wait(SignalKind::terminate()) => {}
        _ = wait(SignalKind::interrupt()) => {}
        _ = wait(SignalKind::hangup()) => {}
    }
    let _ = sender.send(Incoming::Ended).await;
}

/// Signals that end programs: the console is closed, or the machine is shut down.
#[cfg(windows)]
async fn signals(sender: Sender<Incoming>) {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};

    async fn wait<T>(signal: io::Result<T>, recv: impl AsyncFnOnce(T)) {
        match signal {
            Ok(signal) => recv(signal).await,
            Err(_) => pending().await,
        }
    }
    tokio::select! {
        () = wait(ctrl_c(), async |mut signal| { signal.recv().await; }) => {}
        () = wait(ctrl_break(), async |mut signal| { signal.recv().await; }) => {}
        () = wait(ctrl_close(), async |mut signal| { signal.recv().await; }) => {}
        () = wait(ctrl_shutdown(), async |mut signal| { signal.recv().await; }) => {}
    }
    let _ = sender.send(Incoming::Ended).await;
}
