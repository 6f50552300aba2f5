//! A program in a pseudo-terminal, and the moment at which its first screen is full. The same for every program.

use std::{
    io::{Read, Write},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::Parser;

/// Rows and columns of the terminal.
pub const ROWS: u16 = 24;
pub const COLUMNS: u16 = 80;
/// A program that writes nothing for so long has drawn its first screen.
const SETTLED: Duration = Duration::from_millis(400);
/// A program that has not drawn its first screen after this time never will.
const PATIENCE: Duration = Duration::from_secs(20);

/// What programs ask of a terminal at their start, and what xterm answers. One that did not answer would be waited for.
const QUERIES: &[(&[u8], &[u8])] = &[
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[0c", b"\x1b[?62;22c"),
    (b"\x1b[6n", b"\x1b[1;1R"),
    (b"\x1b]10;?", b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\"),
    (b"\x1b]11;?", b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
];

/// The rows of a program's first screen; those that differ from start to start (a clock) are not in it.
pub struct FirstScreen {
    rows: Vec<(usize, String)>,
}

impl FirstScreen {
    /// Starts the program twice, waits until it has settled, and keeps the rows that were the same.
    pub fn learn(command: &CommandBuilder) -> Self {
        let [first, second] = [settled(command), settled(command)];
        let rows: Vec<_> = first
            .into_iter()
            .enumerate()
            .zip(second)
            .filter(|((_, first), second)| first == second && !first.trim().is_empty())
            .map(|(row, _)| row)
            .collect();
        assert!(!rows.is_empty(), "the program draws nothing twice");
        Self { rows }
    }

    /// The last row that is waited for, and how many rows there are.
    pub fn last(&self) -> (&str, usize) {
        let last = self.rows.last().map_or("", |(_, text)| text.trim());
        (last, self.rows.len())
    }

    /// From just before the program is started until the screen holds every row.
    pub fn time(&self, command: &CommandBuilder) -> Duration {
        let mut running = Running::start(command);
        let took = loop {
            let Some(at) = running.take(PATIENCE) else {
                panic!(
                    "the first screen never came:\n{}",
                    running.rows().join("\n")
                );
            };
            let rows = running.rows();
            if self.rows.iter().all(|(row, text)| rows[*row] == *text) {
                break at - running.started;
            }
        };
        running.end();
        took
    }
}

fn settled(command: &CommandBuilder) -> Vec<String> {
    let mut running = Running::start(command);
    let mut patience = PATIENCE;
    while running.take(patience).is_some() {
        patience = SETTLED;
    }
    let rows = running.rows();
    running.end();
    rows
}

struct Running {
    started: Instant,
    child: Box<dyn Child + Send + Sync>,
    /// Kept open: the program would be hung up on.
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    screen: Parser,
}

impl Running {
    fn start(command: &CommandBuilder) -> Self {
        let size = PtySize {
            rows: ROWS,
            cols: COLUMNS,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system()
            .openpty(size)
            .expect("a pseudo-terminal can be had");
        let mut reader = pair
            .master
            .try_clone_reader()
            .expect("a new terminal can be read");
        let writer = pair
            .master
            .take_writer()
            .expect("a new terminal can be written to");
        let (sender, output) = mpsc::channel();
        // Waits in its read before the program starts, so that no start of a thread is measured.
        thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let chunk = (Instant::now(), buffer[..count].to_vec());
                if sender.send(chunk).is_err() {
                    break;
                }
            }
        });
        let started = Instant::now();
        let child = pair
            .slave
            .spawn_command(command.clone())
            .expect("the program starts");
        Self {
            started,
            child,
            _master: pair.master,
            writer,
            output,
            screen: Parser::new(ROWS, COLUMNS, 0),
        }
    }

    /// Takes in what the program wrote next, answers what it asks, and tells when it came. `None`: nothing came.
    fn take(&mut self, patience: Duration) -> Option<Instant> {
        let (at, bytes) = match self.output.recv_timeout(patience) {
            Ok(chunk) => chunk,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
        };
        for (query, reply) in QUERIES {
            for _ in memchr::memmem::find_iter(&bytes, query) {
                // A program that has gone meanwhile needs no answer.
                let _ = self.writer.write_all(reply);
            }
        }
        self.screen.process(&bytes);
        Some(at)
    }

    fn rows(&self) -> Vec<String> {
        self.screen.screen().rows(0, COLUMNS).collect()
    }

    fn end(mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
