//! Servers and proxies that are slow, that never end or that send far too much: each look ends at its limit, and little is
//! read of what has no end.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use flate2::{Compression, write::DeflateEncoder};
use waypost::{
    finding::{Reason, Unknown},
    host::{HttpReply, HttpRequest, Look, Reply, Via},
};

use super::{ask, get};
use crate::{
    live_host::{
        PATIENT, SHORT, live, look,
        proxy::{says, via},
        why,
    },
    support::{Authority, Certificate, Instance, Manner, silent_port},
};

/// What a look with a limit of a second may take on a busy machine.
const SOON: Duration = Duration::from_secs(5);
const SECOND: Duration = Duration::from_secs(1);
/// What one may take whose server keeps the library busy: less than one turn of it in a build without optimisation.
const LATE: Duration = Duration::from_secs(2);
/// What may pass until a connection is closed that a look left in the middle of a turn: a build without optimisation takes
/// tens of seconds for what a release takes within one.
const CLOSED: Duration = Duration::from_secs(120);
/// What may leave the server before it feels that nobody reads: both sides buffer some MiB each.
const BUFFERED: u64 = 48 << 20;

/// A server that says one thing first and another one for ever, to everybody.
struct Flood {
    port: u16,
    /// Bytes that left it, over all connections.
    sent: Arc<AtomicU64>,
    connections: Arc<AtomicUsize>,
    /// Connections that it found closed.
    closed: Arc<AtomicUsize>,
}

impl Flood {
    /// With a pause between one piece and the next.
    fn new(first: &[u8], piece: &[u8], pause: Duration) -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("the listener is bound").port();
        let flood = Self {
            port,
            sent: Arc::default(),
            connections: Arc::default(),
            closed: Arc::default(),
        };
        let (first, piece) = (first.to_vec(), piece.to_vec());
        let (sent, connections) = (Arc::clone(&flood.sent), Arc::clone(&flood.connections));
        let closed = Arc::clone(&flood.closed);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::Relaxed);
                let (first, piece, sent) = (first.clone(), piece.clone(), Arc::clone(&sent));
                let closed = Arc::clone(&closed);
                thread::spawn(move || {
                    let _ = stream.read(&mut [0; 4096]);
                    let mut next = &first;
                    while send(&mut stream, next, &sent) {
                        next = &piece;
                        thread::sleep(pause);
                    }
                    closed.fetch_add(1, Ordering::Relaxed);
                });
            }
        });
        flood
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    fn via(&self, scheme: &str) -> Via {
        via(&format!("{scheme}://127.0.0.1:{}", self.port))
    }

    fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

fn send(stream: &mut TcpStream, bytes: &[u8], sent: &AtomicU64) -> bool {
    let left = stream.write_all(bytes).is_ok();
    if left {
        sent.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    }
    left
}

/// Asks with a limit of a second.
async fn asked(flood: &Flood) -> Result<HttpReply, Unknown> {
    let start = Instant::now();
    let came = ask(&live(None), get(&flood.url()), SECOND).await;
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    came
}

/// Status, length of the body, and whether it was cut.
fn answered(came: Result<HttpReply, Unknown>) -> (u16, usize, bool) {
    match came {
        Ok(HttpReply::Answered {
            status, body, cut, ..
        }) => (status, body.len(), cut),
        other => panic!("{other:?}"),
    }
}

/// A head of a reply that is packed, and of what is packed (RFC 1952, 2.3).
const PACKED: &[u8] =
    b"HTTP/1.1 200 Told\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\xff";

/// Blocks of a packed stream, none of which is its last.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.flush().expect("memory takes it");
    encoder.get_ref().clone()
}

#[tokio::test]
async fn a_byte_a_second_ends_at_the_limit() {
    let head = Flood::new(b"HTTP/1.1 200 Told\r\nX: ", b"x", SECOND);
    assert_eq!(asked(&head).await, Ok(HttpReply::TimedOut));
    let body = Flood::new(
        b"HTTP/1.1 200 Told\r\nContent-Length: 1000\r\n\r\nx",
        b"x",
        SECOND,
    );
    let (status, length, cut) = answered(asked(&body).await);
    assert!(status == 200 && cut && (1..5).contains(&length), "{length}");
}

#[tokio::test]
async fn of_a_body_without_an_end_a_mebibyte_is_read() {
    let bomb = packed(&vec![0; 1 << 20]);
    assert!(bomb.len() < (1 << 20) / 100, "{}", bomb.len());
    let lengthy = b"HTTP/1.1 200 Told\r\nContent-Length: 5000000000\r\n\r\n";
    let open = b"HTTP/1.1 200 Told\r\n\r\n";
    let bodies: [(&[u8], &[u8]); 3] = [
        (lengthy, &[b'x'; 1 << 16]),
        (open, &[b'x'; 1 << 16]),
        // A bomb: less than a hundredth of it goes over the wire.
        (PACKED, &bomb),
    ];
    for (first, piece) in bodies {
        let flood = Flood::new(first, piece, Duration::ZERO);
        assert_eq!(answered(asked(&flood).await), (200, 1 << 20, true));
        assert!(flood.sent() < BUFFERED, "{}", flood.sent());
    }
}

/// Nothing comes out of it, however much goes in.
#[tokio::test]
async fn what_unpacks_to_nothing_ends_at_the_limit() {
    // Each block holds a length of nothing (RFC 1951, 3.2.4).
    let flood = Flood::new(PACKED, &b"\0\0\0\xff\xff".repeat(1000), Duration::ZERO);
    assert_eq!(answered(asked(&flood).await), (200, 0, true));
}

#[tokio::test]
async fn a_head_without_an_end_is_unknown() {
    const WORDS: &str = "the reply's head has more than 100 headers, or is longer than 400 KiB";
    let heads: [(&[u8], &[u8]); 2] = [
        (b"HTTP/1.1 200 Told\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 200 Told\r\nX: ", &[b'x'; 1 << 16]),
    ];
    for (first, piece) in heads {
        let flood = Flood::new(first, piece, Duration::ZERO);
        let (reason, words) = why(asked(&flood).await);
        assert_eq!((reason, words.as_str()), (Reason::NotWhole, WORDS));
        assert!(flood.sent() < BUFFERED, "{}", flood.sent());
    }
}

/// Waits until nothing reads on that a look began.
async fn all_over(flood: &Flood) {
    let start = Instant::now();
    while flood.closed.load(Ordering::Relaxed) < flood.connections.load(Ordering::Relaxed) {
        assert!(start.elapsed() < CLOSED, "somebody still reads");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_reply_that_is_announced_without_an_end_ends_at_the_limit() {
    #[track_caller]
    fn check(came: Result<HttpReply, Unknown>) {
        // At the end of a turn of the library's, or in the middle of one.
        let busy = "what the server sends could not be taken apart within the look's limit";
        let busy = Err(Unknown::new(Reason::OutOfTime, busy));
        assert!(came == Ok(HttpReply::TimedOut) || came == busy, "{came:?}");
    }
    let announced = "HTTP/1.1 100 Continue\r\n\r\n";
    let piece = announced.repeat(1000);
    let flood = Flood::new(announced.as_bytes(), piece.as_bytes(), Duration::ZERO);
    let start = Instant::now();
    let came = asked(&flood).await;
    assert!(start.elapsed() < LATE, "{:?}", start.elapsed());
    check(came);
    all_over(&flood).await;

    let hints = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";
    let piece = hints.repeat(1000);
    let flood = Flood::new(hints.as_bytes(), piece.as_bytes(), Duration::ZERO);
    let request = HttpRequest {
        via: Some(flood.via("http")),
        ..get("http://localhost/")
    };
    let start = Instant::now();
    let came = ask(&live(None), request, SECOND).await;
    assert!(start.elapsed() < LATE, "{:?}", start.elapsed());
    check(came);
    all_over(&flood).await;

    let slow = Flood::new(announced.as_bytes(), announced.as_bytes(), SECOND / 20);
    assert_eq!(asked(&slow).await, Ok(HttpReply::TimedOut));
    all_over(&slow).await;
}

#[tokio::test]
async fn a_reply_that_is_announced_and_comes_is_an_answer() {
    let announced = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n";
    let first = format!("{}HTTP/1.1 200 Told\r\n\r\n", announced.repeat(1000));
    let flood = Flood::new(first.as_bytes(), &[b'x'; 1 << 16], Duration::ZERO);
    assert_eq!(answered(asked(&flood).await), (200, 1 << 20, true));
    all_over(&flood).await;
}

/// In words of this program's, without those of its libraries.
#[tokio::test]
async fn what_is_not_http_or_not_whole_is_said_plainly() {
    let stories: [(&[u8], Reason, &str); 4] = [
        (
            b"SSH-2.0-made-up\r\n",
            Reason::Other,
            "what answers is not HTTP",
        ),
        (
            b"HTTP/9 200\r\n\r\n",
            Reason::Other,
            "what answers is not HTTP",
        ),
        (
            b"HTTP/1.1 2x0\r\n\r\n",
            Reason::Other,
            "what answers is not HTTP",
        ),
        (
            b"HTTP/1.1 200 Told\r\nContent-Length: 9\r\n\r\nx",
            Reason::NotWhole,
            "the reply's body broke off: the connection ended in the middle of it",
        ),
    ];
    for (bytes, reason, words) in stories {
        let address = says(bytes);
        let came = why(ask(&live(None), get(&format!("http://{address}/")), PATIENT).await);
        assert_eq!((came.0, came.1.as_str()), (reason, words));
    }
}

#[tokio::test]
async fn a_redirect_to_itself_is_followed_five_times() {
    let redirect = b"HTTP/1.1 302 Told\r\nLocation: /\r\n\r\n";
    let flood = Flood::new(redirect, &[b'x'; 1 << 16], Duration::ZERO);
    let came = asked(&flood).await;
    assert!(
        matches!(&came, Ok(HttpReply::Answered { redirected_to: Some(to), .. }) if *to == flood.url()),
        "{came:?}"
    );
    assert_eq!(answered(came), (302, 1 << 20, true));
    assert_eq!(flood.connections.load(Ordering::Relaxed), 6);
}

#[tokio::test]
async fn a_proxy_that_never_ends_its_head_is_unknown() {
    let host = live(None);
    let heads: [&[u8]; 2] = [
        b"HTTP/1.1 200 Connection established\r\nX: ",
        // Which logins it offers stands in what was not read.
        b"HTTP/1.1 407 Login\r\nX: ",
    ];
    for head in heads {
        let flood = Flood::new(head, &[b'x'; 1 << 12], Duration::ZERO);
        let connect = Look::Connect {
            host: "localhost".to_owned(),
            port: 443,
            via: Some(flood.via("http")),
        };
        let request = HttpRequest {
            via: Some(flood.via("http")),
            ..get("https://localhost/")
        };
        for asked in [connect, Look::Http(request)] {
            let start = Instant::now();
            let (reason, words) = why(look(&host, asked, SECOND).await);
            assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
            assert_eq!(reason, Reason::NotWhole, "{words}");
            assert_eq!(
                words,
                format!(
                    "127.0.0.1:{}: the head of its reply has no end within 16 KiB",
                    flood.port
                )
            );
        }
        assert!(flood.sent() < BUFFERED, "{}", flood.sent());
    }
}

#[tokio::test]
async fn a_proxy_that_drips_ends_at_the_limit() {
    let host = live(None);
    let stories: [(&str, &[u8]); 3] = [
        ("http", b"HTTP/1.1 200 "),
        ("socks5", b"\x05"),
        ("socks5h", b"\x05"),
    ];
    for (scheme, first) in stories {
        let flood = Flood::new(first, b"\0", SECOND * 3 / 4);
        for url in ["https://localhost/", "http://localhost/"] {
            let request = HttpRequest {
                via: Some(flood.via(scheme)),
                ..get(url)
            };
            let start = Instant::now();
            let came = look(&host, Look::Http(request), SECOND).await;
            assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
            assert!(
                matches!(came, Ok(Reply::Http(HttpReply::TimedOut))),
                "{scheme} {url}: {came:?}"
            );
        }
    }
}

#[tokio::test]
async fn silence_ends_at_the_limit() {
    let authority = Authority::new();
    let host = live(Some(&authority));
    let plain = Instance::plain();
    let secure = Instance::tls(&authority, Certificate::Good);
    let mute = Instance::tls(&authority, Certificate::Good);
    mute.behave(Manner::Mute);
    let full = silent_port();
    let mut urls = vec![mute.url("/")];
    for instance in [&plain, &secure] {
        urls.extend(["silent", "drip-head"].map(|how| instance.url(&format!("/behave/{how}"))));
    }
    urls.extend(
        full.as_ref()
            .map(|(port, _)| format!("http://127.0.0.1:{port}/")),
    );
    for url in urls {
        let start = Instant::now();
        assert_eq!(
            ask(&host, get(&url), SHORT).await,
            Ok(HttpReply::TimedOut),
            "{url}"
        );
        assert!(
            start.elapsed() >= SHORT && start.elapsed() < SHORT * 4,
            "{url}: {:?}",
            start.elapsed()
        );
    }
}

#[tokio::test]
async fn a_server_that_answers_slowly_has_answered() {
    let instance = Instance::plain();
    let host = live(None);
    let start = Instant::now();
    match ask(&host, get(&instance.url("/behave/drip")), SHORT).await {
        Ok(HttpReply::Answered {
            status: 200,
            body,
            cut: true,
            ..
        }) => assert!(!body.is_empty() && body.len() < 1000, "{body}"),
        other => panic!("{other:?}"),
    }
    assert!(start.elapsed() >= SHORT && start.elapsed() < SHORT * 4);
}

#[tokio::test]
async fn a_reply_is_bounded() {
    let instance = Instance::plain();
    let host = live(None);
    for how in ["endless", "bomb"] {
        match ask(
            &host,
            get(&instance.url(&format!("/behave/{how}"))),
            PATIENT,
        )
        .await
        {
            Ok(HttpReply::Answered {
                status: 200,
                body,
                cut: true,
                ..
            }) => assert_eq!(body.len(), 1 << 20, "{how}"),
            other => panic!("{how}: {other:?}"),
        }
    }
    let (reason, detail) =
        why(ask(&host, get(&instance.url("/behave/long-headers")), PATIENT).await);
    assert_eq!(
        (reason, detail.as_str()),
        (
            Reason::NotWhole,
            "the reply's headers are longer than 64 KiB"
        )
    );
}
