//! An instance as a MID Server's host sees it: HTTP/1.1, with TLS or without, on a port of its own.
//!
//! | asked | answers |
//! |---|---|
//! | `POST /InstanceInfo.do?SOAP` | 200, a SOAP body with `build_tag`, `mid_buildstamp`, `mid_version`, no login needed |
//! | `GET /InstanceInfo.do?SOAP` | a SOAP fault that only POST is supported |
//! | `/api/now/table/NAME` | 401 without [`LOGIN`], else rows as JSON; what [`Instance::tables`] says, once it says something |
//! | `/behave/…` | misbehaves as the path says: see [`behave`] |
//!
//! A [`Manner`] other than `Usual` holds for every path.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use jiff::{SignedDuration, Timestamp};
use rustls::{ServerConfig, ServerConnection, StreamOwned, crypto::ring};

use super::{Authority, Certificate, Says, Tables};

/// User, password, and the header that they make.
pub const LOGIN: (&str, &str, &str) = (
    "mid.user",
    "right horse",
    "Basic bWlkLnVzZXI6cmlnaHQgaG9yc2U=",
);

/// How the instance behaves towards everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Usual,
    /// This status for every request: 429 with too many sessions, 503 while it restarts.
    Status(u16),
    /// Takes the connection and never says a byte, not even of TLS.
    Mute,
    /// Hangs up on every connection as it comes.
    HangUp,
}

/// A running instance.
pub struct Instance {
    address: SocketAddr,
    tls: bool,
    shared: Arc<Shared>,
}

struct Shared {
    manner: Mutex<Manner>,
    /// What the tables answer from now on, and the page that stands before the first request.
    tables: Mutex<Option<Tables>>,
    info: Mutex<Option<Says>>,
    requests: Mutex<Vec<Request>>,
    over: AtomicBool,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// With the query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Instance {
    /// With a certificate that the authority signed.
    pub fn tls(authority: &Authority, certificate: Certificate) -> Self {
        let (certificate, key) = authority.sign(certificate);
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring knows versions of TLS")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("the key belongs to the certificate");
        Self::start(Ipv4Addr::LOCALHOST, Some(Arc::new(config)))
    }

    /// Without TLS.
    pub fn plain() -> Self {
        Self::plain_at(Ipv4Addr::LOCALHOST)
    }

    /// Without TLS, at another address of this machine.
    pub fn plain_at(ip: Ipv4Addr) -> Self {
        Self::start(ip, None)
    }

    fn start(ip: Ipv4Addr, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind((ip, 0)).expect("the address has a free port");
        let address = listener.local_addr().expect("the listener is bound");
        let shared = Arc::new(Shared {
            manner: Mutex::new(Manner::Usual),
            tables: Mutex::new(None),
            info: Mutex::new(None),
            requests: Mutex::new(Vec::new()),
            over: AtomicBool::new(false),
        });
        let instance = Self {
            address,
            tls: tls.is_some(),
            shared: Arc::clone(&shared),
        };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.over.load(Ordering::Relaxed) {
                    break;
                }
                let (shared, tls) = (Arc::clone(&shared), tls.clone());
                // A client that hangs up is no matter of the instance.
                thread::spawn(move || drop(serve(stream, tls, &shared)));
            }
        });
        instance
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The URL of a path at `localhost`.
    pub fn url(&self, path: &str) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://localhost:{}{path}", self.port())
    }

    pub fn behave(&self, manner: Manner) {
        *self.shared.manner.lock().expect("no thread panicked") = manner;
    }

    /// What tables answer, and to whom.
    pub fn tables(&self, tables: Tables) {
        *self.shared.tables.lock().expect("no thread panicked") = Some(tables);
    }

    /// What comes in the place of the version.
    pub fn info(&self, says: Option<Says>) {
        *self.shared.info.lock().expect("no thread panicked") = says;
    }

    /// What has been asked so far.
    pub fn requests(&self) -> Vec<Request> {
        self.shared
            .requests
            .lock()
            .expect("no thread panicked")
            .clone()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

fn serve(stream: TcpStream, tls: Option<Arc<ServerConfig>>, shared: &Shared) -> io::Result<()> {
    let manner = *shared.manner.lock().expect("no thread panicked");
    match manner {
        Manner::Mute => return wait(stream),
        Manner::HangUp => return Ok(()),
        Manner::Usual | Manner::Status(_) => {}
    }
    let mut stream: Box<dyn Stream> = match tls {
        Some(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            Box::new(StreamOwned::new(connection, stream))
        }
        None => Box::new(stream),
    };
    let mut reader = BufReader::new(&mut stream);
    while let Some(request) = read(&mut reader)? {
        shared
            .requests
            .lock()
            .expect("no thread panicked")
            .push(request.clone());
        let out = reader.get_mut();
        match (manner, request.path.strip_prefix("/behave/")) {
            (Manner::Status(status), _) => reply(out, status, "text/plain", b"as told")?,
            (_, Some(how)) => behave(out, how)?,
            _ => match told(shared, &request) {
                Some(says) => say(out, &says)?,
                None => usual(out, &request)?,
            },
        }
        reader.get_mut().flush()?;
    }
    Ok(())
}

/// Waits until the client is gone.
fn wait(mut stream: impl Read) -> io::Result<()> {
    io::copy(&mut stream, &mut io::sink()).map(drop)
}

fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    // A proxy's client names the whole URL.
    let path = match path
        .strip_prefix("http://")
        .and_then(|rest| rest.find('/').map(|at| rest[at..].to_owned()))
    {
        Some(path) => path,
        None => path,
    };
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_lowercase(), value.trim().to_owned())),
            None => break,
        }
    }
    let mut request = Request {
        method,
        path,
        headers,
        body: String::new(),
    };
    let length = request
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    reader.take(length).read_to_string(&mut request.body)?;
    Ok(Some(request))
}

fn reply(out: &mut dyn Stream, status: u16, kind: &str, body: &[u8]) -> io::Result<()> {
    reply_with(out, status, &[("Content-Type", kind)], body)
}

fn reply_with(
    out: &mut dyn Stream,
    status: u16,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<()> {
    write!(
        out,
        "HTTP/1.1 {status} Told\r\nContent-Length: {}\r\n",
        body.len()
    )?;
    for (name, value) in headers {
        write!(out, "{name}: {value}\r\n")?;
    }
    out.write_all(b"\r\n")?;
    out.write_all(body)
}

/// What the test said that comes.
fn told(shared: &Shared, request: &Request) -> Option<Says> {
    let path = request.path.split('?').next().unwrap_or_default();
    if path == "/InstanceInfo.do" {
        return shared.info.lock().expect("no thread panicked").clone();
    }
    let tables = shared.tables.lock().expect("no thread panicked");
    tables
        .as_ref()?
        .answer(path, request.header("authorization"))
}

fn say(out: &mut dyn Stream, says: &Says) -> io::Result<()> {
    match says {
        Says::Json(status, body) => reply(
            out,
            *status,
            "application/json;charset=UTF-8",
            body.as_bytes(),
        ),
        Says::Page(status, body) => reply(out, *status, "text/html;charset=UTF-8", body.as_bytes()),
        Says::Redirect(to) => reply_with(out, 302, &[("Location", to)], b""),
    }
}

fn usual(out: &mut dyn Stream, request: &Request) -> io::Result<()> {
    const XML: &str = "text/xml;charset=UTF-8";
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    match (path, request.method.as_str()) {
        ("/InstanceInfo.do", "POST") if query == "SOAP" => {
            let body = envelope(
                "<info><build_tag>glide-made-up-07-01-2026__patch1</build_tag>\
                 <mid_buildstamp>made-up-07-01-2026__patch1_07-21-2026_1200</mid_buildstamp>\
                 <mid_version>made-up-07-01-2026__patch1_07-21-2026_1200</mid_version></info>",
            );
            reply(out, 200, XML, body.as_bytes())
        }
        ("/InstanceInfo.do", _) => {
            let fault = "<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode>\
                         <faultstring>Error completing SOAP request - Only HTTP POST supported</faultstring></SOAP-ENV:Fault>";
            // SOAP 1.1, 6.2: a fault comes with status 500.
            reply(out, 500, XML, envelope(fault).as_bytes())
        }
        (path, _) if path.starts_with("/api/now/table/") => match request.header("authorization") {
            Some(header) if header == LOGIN.2 => {
                let rows = br#"{"result":[{"name":"mid01","status":"Up","validated":"true"}]}"#;
                reply(out, 200, "application/json;charset=UTF-8", rows)
            }
            _ => {
                let why = br#"{"error":{"message":"User is not authenticated","detail":""},"status":"failure"}"#;
                let headers = [
                    ("Content-Type", "application/json"),
                    ("WWW-Authenticate", "Basic realm=\"instance\""),
                ];
                reply_with(out, 401, &headers, why)
            }
        },
        _ => reply(out, 404, "text/plain", b"no such page"),
    }
}

fn envelope(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\">\
         <SOAP-ENV:Body>{inner}</SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
    )
}

/// `silent` never answers, `drip` sends a byte now and then, `drip-head` does so in the head, `hang-up` hangs up instead
/// of answering, `break-off` in the middle, `not-http` says something else, `endless` never ends its body,
/// `bomb` unpacks to 1 GiB, `long-headers` sends 200 KB of them, `latin` answers in ISO-8859-1, `two-headers` repeats
/// one, `status/N` answers so, `to/URL` redirects there, and `307/URL` does so keeping the method, `date/N` has a `Date`
/// that is N seconds ahead, `date-is/TEXT` has that one, and `age/N` has the right one and that `Age`.
fn behave(out: &mut dyn Stream, how: &str) -> io::Result<()> {
    const PAUSE: Duration = Duration::from_millis(50);
    match how {
        "silent" => wait(out),
        "drip" => {
            out.write_all(b"HTTP/1.1 200 Told\r\nContent-Length: 100000\r\n\r\n")?;
            drip(out, PAUSE)
        }
        "drip-head" => {
            out.write_all(b"HTTP/1.1 200 Told\r\nX: ")?;
            drip(out, PAUSE)
        }
        "hang-up" => Err(io::ErrorKind::ConnectionAborted.into()),
        "break-off" => {
            out.write_all(b"HTTP/1.1 200 Told\r\nContent-Length: 1000\r\n\r\nhalf")?;
            out.flush()?;
            Err(io::ErrorKind::ConnectionAborted.into())
        }
        "not-http" => {
            out.write_all(b"SSH-2.0-made-up\r\n\r\n")?;
            out.flush()?;
            Err(io::ErrorKind::ConnectionAborted.into())
        }
        "endless" => {
            out.write_all(b"HTTP/1.1 200 Told\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            loop {
                out.write_all(b"1000\r\n")?;
                out.write_all(&[b'x'; 0x1000])?;
                out.write_all(b"\r\n")?;
            }
        }
        "bomb" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            for _ in 0..64 {
                encoder.write_all(&vec![b'x'; 1 << 20])?;
            }
            let one = encoder.finish()?;
            // Members of one file unpack one after the other.
            let bomb = one.repeat(16);
            reply_with(out, 200, &[("Content-Encoding", "gzip")], &bomb)
        }
        "long-headers" => {
            let value = "x".repeat(2_000);
            let names: Vec<String> = (0..90).map(|at| format!("X-{at}")).collect();
            let headers: Vec<(&str, &str)> = names
                .iter()
                .map(|name| (name.as_str(), value.as_str()))
                .collect();
            reply_with(out, 200, &headers, b"")
        }
        "latin" => reply(out, 200, "text/plain; charset=\"ISO-8859-1\"", b"caf\xe9"),
        "two-headers" => reply_with(out, 200, &[("X-One", "a"), ("X-One", "b")], b""),
        how => match how.split_once('/') {
            Some(("status", status)) => {
                reply(out, status.parse().unwrap_or(500), "text/plain", b"as told")
            }
            Some(("date", ahead)) => dated(out, &date(ahead.parse().unwrap_or(0)), &[]),
            Some(("date-is", text)) => dated(out, &text.replace('_', " "), &[]),
            Some(("age", age)) => dated(out, &date(0), &[("Age", age)]),
            Some(("to", url)) => reply_with(out, 302, &[("Location", url)], b"moved"),
            Some(("307", url)) => reply_with(out, 307, &[("Location", url)], b"moved"),
            _ => reply(out, 404, "text/plain", b"no such manner"),
        },
    }
}

/// Without a body, since a `HEAD` has none.
fn dated(out: &mut dyn Stream, date: &str, more: &[(&str, &str)]) -> io::Result<()> {
    let headers: Vec<(&str, &str)> = [("Date", date)].iter().chain(more).copied().collect();
    reply_with(out, 200, &headers, b"")
}

/// The time as servers write it.
fn date(ahead_s: i64) -> String {
    let time = Timestamp::now() + SignedDuration::from_secs(ahead_s);
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn drip(out: &mut dyn Stream, pause: Duration) -> io::Result<()> {
    loop {
        out.write_all(b"x")?;
        out.flush()?;
        thread::sleep(pause);
    }
}
