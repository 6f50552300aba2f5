//! A server that takes its time for every answer, and keeps no one waiting for another.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// HTTP/1.1 on loopback. Every path answers with JSON that names the next one; `CONNECT` is let through.
pub struct SlowServer {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl SlowServer {
    /// Answers so long after it was asked. Serves until the process ends.
    pub fn start(delay: Duration) -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("the listener is bound");
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let count = Arc::clone(&count);
                // Who hangs up is no matter of the server.
                thread::spawn(move || drop(serve(stream, delay, address, &count)));
            }
        });
        Self { address, asked }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often it was asked since this was asked last.
    pub fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::Relaxed)
    }

    /// How long a client that does nothing else takes for so many questions, each after the answer to the one before.
    pub fn chain(&self, length: usize) -> Duration {
        let start = Instant::now();
        let mut path = "/1".to_owned();
        for _ in 0..length {
            let answer = self.ask(&path).expect("the server answers");
            let (_, next) = answer.split_once("\"next\":\"").expect("it names the next");
            let (next, _) = next.split_once('"').expect("it names the next");
            path = next
                .rfind('/')
                .map_or_else(String::new, |at| next[at..].to_owned());
        }
        start.elapsed()
    }

    fn ask(&self, path: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

fn serve(
    stream: TcpStream,
    delay: Duration,
    address: SocketAddr,
    asked: &AtomicUsize,
) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let Some(first) = lines.next().transpose()? else {
        return Ok(());
    };
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    asked.fetch_add(1, Ordering::Relaxed);
    thread::sleep(delay);
    let mut stream = stream;
    let mut words = first.split(' ');
    if words.next() == Some("CONNECT") {
        return stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
    }
    let number = words
        .next()
        .and_then(|path| path.trim_start_matches('/').parse::<usize>().ok())
        .unwrap_or_default();
    let body = format!("{{\"next\":\"http://{address}/{}\"}}", number + 1);
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
