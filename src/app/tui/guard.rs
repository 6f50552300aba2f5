//! Takes the terminal over and gives it back, whatever happens.
//!
//! Raw mode, the alternate screen and bracketed paste are on while a [`Guard`] lives; it gives the terminal back when it
//! is dropped, and the panic hook does so before the message is printed. Signals end the loop in `run`, which drops the
//! guard. The mouse is never captured: text on the screen can always be selected.

use std::{
    io::{self, BufWriter, Stdout, stdout},
    panic,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crossterm::{
    cursor::Show,
    event::{DisableBracketedPaste, EnableBracketedPaste},
    execute,
    terminal::{
        Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
        enable_raw_mode,
    },
};
use ratatui::{Terminal, backend::CrosstermBackend};

use crate::app::panicking;

/// A frame goes out as a whole: the standard output alone would cut it into pieces of a kilobyte.
type Output = BufWriter<Stdout>;

/// What a full frame takes at most on a usual screen, in bytes.
const FRAME: usize = 64 * 1024;

/// Holds the terminal; dropping it gives the terminal back.
pub struct Guard {
    /// The terminal is ours. It is given back once only: leaving the alternate screen twice would put the cursor where it
    /// was before, over what was written since.
    held: Arc<AtomicBool>,
    /// What threads other than this one said when they panicked. They must not write over the screen.
    elsewhere: Arc<Mutex<Vec<String>>>,
}

impl Guard {
    /// Takes the terminal over. Where a step fails, those before it are undone.
    pub fn enter() -> io::Result<(Self, Terminal<CrosstermBackend<Output>>)> {
        let guard = Self {
            held: Arc::new(AtomicBool::new(true)),
            elsewhere: Arc::default(),
        };
        guard.hook();
        enable_raw_mode()?;
        // A terminal without an alternate screen still shows what stood there.
        execute!(
            stdout(),
            EnterAlternateScreen,
            Clear(ClearType::All),
            EnableBracketedPaste
        )?;
        let terminal = Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(
            FRAME,
            stdout(),
        )))?;
        Ok((guard, terminal))
    }

    /// A panic of the thread that draws gives the terminal back before it is told. One of another thread is told once the
    /// terminal is back: whoever waits for that thread sees its end and goes on.
    fn hook(&self) {
        let drawing = thread::current().id();
        let held = Arc::clone(&self.held);
        let elsewhere = Arc::clone(&self.elsewhere);
        panic::set_hook(Box::new(move |info| {
            let message = panicking::message(info);
            if thread::current().id() == drawing {
                restore(&held);
            }
            if held.load(Ordering::SeqCst) {
                elsewhere
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(message);
            } else {
                panicking::tell(&message);
            }
        }));
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore(&self.held);
        if !thread::panicking() {
            // Nobody holds the terminal now.
            panicking::watch();
        }
        let messages = self
            .elsewhere
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for message in messages.iter() {
            panicking::tell(message);
        }
    }
}

/// Gives the terminal back, if it was not given back before. A failure is of no use to anyone: the terminal may be gone.
fn restore(held: &AtomicBool) {
    if held.swap(false, Ordering::SeqCst) {
        let _ = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}
