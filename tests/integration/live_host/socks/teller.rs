//! A server that tells a story, whatever it is asked, and keeps what it hears.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use waypost::host::Via;

use crate::live_host::proxy::via;

/// What a story's teller does next.
#[derive(Clone, Copy)]
pub(super) enum Does {
    /// Reads something, then says this.
    Says(&'static [u8]),
    /// Says this and then a byte now and then, for ever.
    Drips(&'static [u8]),
    /// Is silent until the other one is gone.
    Waits,
}

/// A server that tells everybody the same story and then hangs up.
pub(super) struct Teller {
    pub(super) port: u16,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Teller {
    pub(super) fn new(story: &'static [Does]) -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("the listener is bound").port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let teller = Self {
            port,
            heard: Arc::clone(&heard),
        };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let heard = Arc::clone(&heard);
                thread::spawn(move || tell(stream, story, &heard));
            }
        });
        teller
    }

    pub(super) fn via(&self, scheme: &str) -> Via {
        via(&self.address(scheme))
    }

    pub(super) fn address(&self, scheme: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// The messages that came, over all connections.
    pub(super) fn heard(&self) -> Vec<Vec<u8>> {
        self.heard.lock().expect("no thread panicked").clone()
    }
}

fn tell(mut stream: TcpStream, story: &[Does], heard: &Mutex<Vec<Vec<u8>>>) {
    let listen = |stream: &mut TcpStream| {
        let mut message = vec![0; 1024];
        let length = stream.read(&mut message).unwrap_or(0);
        message.truncate(length);
        heard.lock().expect("no thread panicked").push(message);
    };
    for does in story {
        listen(&mut stream);
        match does {
            Does::Says(bytes) => {
                if stream.write_all(bytes).is_err() {
                    return;
                }
            }
            Does::Drips(first) => {
                let mut next = *first;
                while stream.write_all(next).is_ok() {
                    next = b"\0";
                    thread::sleep(Duration::from_millis(50));
                }
                return;
            }
            Does::Waits => {
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
                return;
            }
        }
    }
}
