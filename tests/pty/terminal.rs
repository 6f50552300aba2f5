//! A program in a pseudo-terminal, its output read by a VT parser. What is waited for is text on the screen.

use std::{
    io::{Read, Write},
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::Parser;

/// So long a text may take to come; a machine that is busy building needs it.
const PATIENCE: Duration = Duration::from_secs(30);

/// So long nothing comes where all was drawn; what counts on a screen is drawn less often.
const QUIET: Duration = Duration::from_millis(60);

pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    /// Until it is closed.
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    parser: Parser,
    /// Everything that came, as it came.
    pub raw: Vec<u8>,
    /// What is never to be drawn.
    never: Vec<String>,
    /// What of it was, each with its screen.
    pub drawn: Vec<String>,
}

impl Terminal {
    /// The program with these arguments, in 80×24. Its own folders are in `home`.
    pub fn waypost(home: &tempfile::TempDir, arguments: &[&str]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_waypost"));
        command.args(arguments);
        Self::start(home, command)
    }

    pub fn start(home: &tempfile::TempDir, mut command: CommandBuilder) -> Self {
        for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
            command.env(name, home.path());
        }
        command.env("TERM", "xterm-256color");
        command.env("RUST_BACKTRACE", "0");
        command.env_remove("NO_COLOR");
        command.env_remove("TMUX");
        command.env_remove("WAYPOST_TREES");
        command.env_remove("WAYPOST_CASES");
        command.cwd(home.path());
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system()
            .openpty(size)
            .expect("a pseudo-terminal");
        let child = pair
            .slave
            .spawn_command(command)
            .expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let keys = pair.master.take_writer().expect("a writer");
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            master: Some(pair.master),
            keys,
            output,
            parser: Parser::new(24, 80, 0),
            raw: Vec::new(),
            never: Vec::new(),
            drawn: Vec::new(),
        }
    }

    /// From now on every screen is searched for these, whatever break or border stands within one.
    pub fn never(&mut self, texts: &[String]) {
        self.never = texts.to_vec();
    }

    fn search(&mut self) {
        if self.never.is_empty() {
            return;
        }
        let screen = self.screen();
        let is_border = |c: char| c.is_whitespace() || matches!(c, '\u{2500}'..='\u{259f}');
        let joined: String = screen.chars().filter(|c| !is_border(*c)).collect();
        let never = self
            .never
            .iter()
            .filter(|text| joined.contains(text.as_str()));
        for text in never.cloned().collect::<Vec<_>>() {
            // Once is enough.
            self.never.retain(|never| *never != text);
            self.drawn.push(format!("`{text}` is on\n{screen}"));
        }
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("it listens");
        self.keys.flush().expect("it listens");
    }

    /// Another program writes to the same terminal.
    pub fn scribble(&mut self, text: &str) {
        self.parser.process(text.as_bytes());
    }

    /// Waits until the screen holds the text.
    pub fn wait_for(&mut self, text: &str) {
        self.wait(&format!("`{text}`"), |screen| screen.contains(text));
    }

    /// Waits until the screen holds the one text, or no longer the other.
    pub fn wait_for_or_gone(&mut self, text: &str, gone: &str) {
        self.wait(&format!("`{text}`, or `{gone}` to go"), |screen| {
            screen.contains(text) || !screen.contains(gone)
        });
    }

    /// Takes all that comes until nothing does for a moment. Nothing is to depend on it: who needs a text waits for it.
    pub fn take_all(&mut self) {
        while let Ok(bytes) = self.output.recv_timeout(QUIET) {
            self.take(&bytes);
        }
    }

    /// Waits until the screen no longer holds it.
    pub fn wait_gone(&mut self, text: &str) {
        self.wait(&format!("`{text}` to go"), |screen| !screen.contains(text));
    }

    fn wait(&mut self, what: &str, holds: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !holds(&self.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("waited for {what}; the screen is\n{}", self.screen())
                }
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        self.raw.extend_from_slice(bytes);
        self.search();
    }

    pub fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.parser.screen_mut().set_size(rows, columns);
        let master = self.master.as_ref().expect("it is open");
        master.resize(size).expect("it can be resized");
    }

    pub fn id(&self) -> u32 {
        self.child.process_id().expect("it runs")
    }

    /// Closes the terminal under the program; gives whether it ends. `key` has to make it draw: who reads here waits for
    /// output, and only then sees that nobody wants it.
    pub fn vanish(&mut self, key: &str) -> bool {
        self.output = channel().1;
        self.press(key);
        // It has to be idle: a draw that fails would end it.
        thread::sleep(Duration::from_millis(700));
        self.keys = Box::new(std::io::sink());
        self.master = None;
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if self.child.try_wait().expect("it can be asked").is_some() {
                return true;
            }
            thread::sleep(Duration::from_millis(50));
        }
        false
    }

    /// Waits for the end; gives the exit code, and holds the terminal to be as it was.
    pub fn end(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait().expect("it can be asked") {
                Some(status) => break status,
                None if Instant::now() > end => {
                    panic!("it does not end; the screen is\n{}", self.screen())
                }
                // What it still writes has to be read, or it would wait for that.
                None => {
                    if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(20)) {
                        self.take(&bytes);
                    }
                }
            }
        };
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(300)) {
            self.take(&bytes);
        }
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen was left");
        assert!(!screen.bracketed_paste(), "bracketed paste is off");
        assert!(!screen.hide_cursor(), "the cursor is seen");
        status.exit_code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder for the program's own files, with a tree in `trees/`.
pub fn home(tree: &str) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a folder");
    let trees = home.path().join("own-trees");
    std::fs::create_dir(&trees).expect("a folder");
    std::fs::write(trees.join("own.yaml"), tree).expect("a file");
    (home, trees)
}
