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

/// What is read next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    Line,
    /// Without echo, where standard input is a terminal.
    Secret,
}

/// A line may be so long; what follows is thrown away.
const LINE_BYTES: u64 = 64 * 1024;

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
                    _ => read_line(&mut io::stdin().lock()),
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
}

fn read_line(from: &mut impl BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    let read = from
        .by_ref()
        .take(LINE_BYTES)
        .read_until(b'\n', &mut bytes)
        .ok()?;
    if read == 0 {
        return None;
    }
    if bytes.last() != Some(&b'\n') && read as u64 == LINE_BYTES {
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
