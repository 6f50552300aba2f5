//! Lines from standard input, read by a thread of its own, one at a time and only when one is wanted.

use std::{
    io::{self, BufRead, IsTerminal, Read},
    thread,
};

use crossterm::{
    event::{self, Event, KeyCode, KeyEventKind, KeyModifiers},
    terminal,
};
use tokio::sync::mpsc;

use crate::host::printed::MOST_BYTES;

/// What is read next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    Line,
    /// Without echo, where standard input is a terminal.
    Secret,
    /// One of a paste: as long as a paste may be.
    Pasted,
}

/// A line may be so long; what follows is thrown away.
const LINE_BYTES: u64 = 64 * 1024;
/// One byte more than a whole paste may have, so that what is cut is too large as well.
const PASTED_BYTES: u64 = MOST_BYTES as u64 + 2;
/// A terminal hands over so much of a line, and throws the rest away (`N_TTY` of Linux, `MAX_CANON`).
const TERMINAL_BYTES: usize = 4095;
/// Ends a paste.
const END: &str = ".";

/// Where lines come from.
pub struct Lines {
    wants: mpsc::UnboundedSender<Want>,
    lines: mpsc::UnboundedReceiver<Option<String>>,
    /// A line was asked for and has not come.
    pending: bool,
}

impl Lines {
    /// Standard input.
    pub fn stdin() -> Self {
        let (wants, mut wanted) = mpsc::unbounded_channel();
        let (sender, lines) = mpsc::unbounded_channel();
        // A thread that waits for a line cannot be ended; it goes with the program.
        thread::spawn(move || {
            while let Some(want) = wanted.blocking_recv() {
                let line = match want {
                    Want::Secret if io::stdin().is_terminal() => read_without_echo(),
                    Want::Pasted => read_line(&mut io::stdin().lock(), PASTED_BYTES),
                    Want::Line | Want::Secret => read_line(&mut io::stdin().lock(), LINE_BYTES),
                };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            wants,
            lines,
            pending: false,
        }
    }

    /// Lines that are known beforehand, as if piped in.
    pub fn scripted(script: &[&str]) -> Self {
        let (wants, _) = mpsc::unbounded_channel();
        let (sender, lines) = mpsc::unbounded_channel();
        for line in script {
            let _ = sender.send(Some((*line).to_owned()));
        }
        let _ = sender.send(None);
        Self {
            wants,
            lines,
            pending: false,
        }
    }

    /// The next line, or `None` at the end of the input. Dropping the future loses nothing.
    pub async fn next(&mut self, want: Want) -> Option<String> {
        if !self.pending {
            self.pending = true;
            let _ = self.wants.send(want);
        }
        let line = self.lines.recv().await.flatten();
        self.pending = false;
        line
    }

    /// What is pasted up to a line with a single `.`.
    ///
    /// # Errors
    /// Why it cannot be used: it is too large, a terminal cut a line of it, or the input ended before the `.`.
    pub async fn paste(&mut self) -> Result<String, String> {
        let terminal = io::stdin().is_terminal();
        let mut text = String::new();
        let mut refused = None;
        while let Some(line) = self.next(Want::Pasted).await {
            if line.trim_end() == END {
                return refused.map_or(Ok(text), Err);
            }
            if terminal && line.len() >= TERMINAL_BYTES {
                refused.get_or_insert_with(|| {
                    format!(
                        "a line of it is longer than the {TERMINAL_BYTES} bytes that a terminal hands over; put it into a file, and take that with `p < FILE`"
                    )
                });
            }
            if text.len() + line.len() > MOST_BYTES {
                refused.get_or_insert_with(|| {
                    format!("it is larger than {} MiB, the bound", MOST_BYTES >> 20)
                });
            }
            if refused.is_none() {
                text.push_str(&line);
                text.push('\n');
            }
        }
        Err("the input ended before a line with a single `.`".to_owned())
    }
}

fn read_line(from: &mut impl BufRead, most: u64) -> Option<String> {
    let mut bytes = Vec::new();
    let read = from
        .by_ref()
        .take(most)
        .read_until(b'\n', &mut bytes)
        .ok()?;
    if read == 0 {
        return None;
    }
    if bytes.last() != Some(&b'\n') && read as u64 == most {
        let _ = from.skip_until(b'\n');
    }
    Some(
        String::from_utf8_lossy(&bytes)
            .trim_end_matches(['\r', '\n'])
            .to_owned(),
    )
}

fn read_without_echo() -> Option<String> {
    struct Raw;
    impl Drop for Raw {
        fn drop(&mut self) {
            let _ = terminal::disable_raw_mode();
        }
    }
    terminal::enable_raw_mode().ok()?;
    let _raw = Raw;
    let mut text = String::new();
    loop {
        let Ok(Event::Key(key)) = event::read() else {
            continue;
        };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        match key.code {
            KeyCode::Enter => return Some(text),
            KeyCode::Backspace => {
                text.pop();
            }
            KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                return None;
            }
            KeyCode::Char(character) => text.push(character),
            _ => {}
        }
    }
}
