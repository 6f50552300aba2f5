//! A server that keeps everybody waiting until enough have come, and then answers all of them.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Longer than anybody who asks is patient: whoever is kept gives up first.
const KEPT: Duration = Duration::from_secs(60);

/// HTTP/1.1 on a port of its own; every path answers 200.
pub struct Gate {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    over: AtomicBool,
}

#[derive(Default)]
struct State {
    /// Paths in the order in which they were asked for.
    asked: Vec<String>,
    waiting: usize,
    most: usize,
    /// So many must be waiting at once before any is answered.
    wanted: usize,
    open: bool,
}

impl Gate {
    /// Opens for good as soon as so many wait at once.
    pub fn until(wanted: usize) -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("the listener is bound");
        let state = State {
            wanted,
            ..State::default()
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            over: AtomicBool::new(false),
        });
        let gate = Self {
            address,
            shared: Arc::clone(&shared),
        };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.over.load(Ordering::Relaxed) {
                    break;
                }
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(stream, &shared));
            }
        });
        gate
    }

    /// What `path` is asked for at.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Lets everybody through from now on.
    pub fn open(&self) {
        self.state().open = true;
        self.shared.changed.notify_all();
    }

    /// The paths that were asked for so far, sorted.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = self.state().asked.clone();
        asked.sort();
        asked
    }

    /// How many were kept waiting at once, at most.
    pub fn most(&self) -> usize {
        self.state().most
    }

    /// Waits until so many have asked. False: nobody came any more.
    pub fn come(&self, count: usize, patience: Duration) -> bool {
        let state = self.state();
        let (state, _) = self
            .shared
            .changed
            .wait_timeout_while(state, patience, |state| state.asked.len() < count)
            .expect("no thread panicked");
        state.asked.len() >= count
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.shared.state.lock().expect("no thread panicked")
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        self.open();
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) {
    let Ok(copy) = stream.try_clone() else {
        return;
    };
    let mut lines = BufReader::new(copy).lines().map_while(Result::ok);
    let Some(first) = lines.next() else {
        return;
    };
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    while lines.next().is_some_and(|line| !line.is_empty()) {}
    pass(shared, path);
    // Who gave up meanwhile reads no answer.
    let _ = stream.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
    );
}

fn pass(shared: &Shared, path: String) {
    let until = Instant::now() + KEPT;
    let mut state = shared.state.lock().expect("no thread panicked");
    state.asked.push(path);
    state.waiting += 1;
    state.most = state.most.max(state.waiting);
    state.open |= state.waiting >= state.wanted;
    shared.changed.notify_all();
    while !state.open {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        let waited = shared.changed.wait_timeout(state, left);
        state = waited.expect("no thread panicked").0;
    }
    state.waiting -= 1;
}
