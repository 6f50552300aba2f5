//! A name server on loopback, over UDP, that says what it was told to say.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// What is said to a question for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// For the question of its family; the other one has no answer.
    Address(IpAddr),
    /// The address, and silence to the question for IPv6.
    OnlyFour(Ipv4Addr),
    /// The address, but silence to questions for it in the first second, as where packets are lost; no address of IPv6.
    FourAtLast(Ipv4Addr),
    /// The name is there and has no address.
    Nothing,
    NoSuchName,
    Failure,
    Refusal,
    Silence,
}

/// A running name server. A name that it was not told of does not exist.
pub struct NameServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    over: Arc<AtomicBool>,
}

impl NameServer {
    pub fn start(names: &[(&str, Said)]) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        socket
            .set_read_timeout(Some(Duration::from_millis(200)))
            .expect("a time limit can be set");
        let address = socket.local_addr().expect("the socket is bound");
        let names: HashMap<String, Said> = names
            .iter()
            .map(|(name, said)| ((*name).to_owned(), said.clone()))
            .collect();
        let (asked, over) = (
            Arc::new(Mutex::new(Vec::new())),
            Arc::new(AtomicBool::new(false)),
        );
        let server = Self {
            address,
            asked: Arc::clone(&asked),
            over: Arc::clone(&over),
        };
        thread::spawn(move || {
            let mut packet = [0; 1500];
            let mut first: Option<Instant> = None;
            while !over.load(Ordering::Relaxed) {
                let Ok((length, from)) = socket.recv_from(&mut packet) else {
                    continue;
                };
                let Some((name, kind, end)) = question(&packet[..length]) else {
                    continue;
                };
                let said = names.get(&name).unwrap_or(&Said::NoSuchName);
                asked.lock().expect("no thread panicked").push(name);
                if kind == A && matches!(said, Said::FourAtLast(_)) {
                    let first = *first.get_or_insert_with(Instant::now);
                    if first.elapsed() < Duration::from_secs(1) {
                        continue;
                    }
                }
                if let Some(answer) = answer(&packet[..end], kind, said) {
                    let _ = socket.send_to(&answer, from);
                }
            }
        });
        server
    }

    /// As `ip:port`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// The names that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no thread panicked").clone()
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

const A: u16 = 1;
const AAAA: u16 = 28;

/// Name, type, and where the question ends (RFC 1035, 4.1.2).
fn question(packet: &[u8]) -> Option<(String, u16, usize)> {
    let (mut at, mut labels) = (12, Vec::new());
    loop {
        let length = usize::from(*packet.get(at)?);
        at += 1;
        if length == 0 {
            break;
        }
        labels.push(String::from_utf8_lossy(packet.get(at..at + length)?).to_lowercase());
        at += length;
    }
    let kind = u16::from_be_bytes([*packet.get(at)?, *packet.get(at + 1)?]);
    Some((labels.join("."), kind, at + 4))
}

/// The reply; `None` is silence.
fn answer(question: &[u8], kind: u16, said: &Said) -> Option<Vec<u8>> {
    let address = match (said, kind) {
        (
            Said::Address(IpAddr::V4(address))
            | Said::OnlyFour(address)
            | Said::FourAtLast(address),
            A,
        ) => address.octets().to_vec(),
        (Said::Address(IpAddr::V6(address)), AAAA) => address.octets().to_vec(),
        (Said::Silence, _) | (Said::OnlyFour(_), _) => return None,
        _ => Vec::new(),
    };
    let code: u8 = match said {
        Said::Failure => 2,
        Said::NoSuchName => 3,
        Said::Refusal => 5,
        _ => 0,
    };
    let mut reply = question.to_vec();
    // A response, recursion wanted and available, and the code.
    reply[2] = 0x81;
    reply[3] = 0x80 | code;
    // One question, answers, nothing else: the question's own additions were cut off.
    reply[4..12].copy_from_slice(&[0, 1, 0, u8::from(!address.is_empty()), 0, 0, 0, 0]);
    if !address.is_empty() {
        // The name of the question, its type, class IN, for a minute.
        reply.extend_from_slice(&[0xc0, 12]);
        reply.extend_from_slice(&kind.to_be_bytes());
        reply.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
        reply.extend_from_slice(&u16::try_from(address.len()).ok()?.to_be_bytes());
        reply.extend_from_slice(&address);
    }
    Some(reply)
}
