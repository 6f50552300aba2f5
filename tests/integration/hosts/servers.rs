//! The loopback servers that a host needs: its instance, its proxy, its name server. All end with the test.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream, UdpSocket},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use socket2::{Domain, SockAddr, Socket, Type};

use super::case::{Dns, Expect, Instance, PROXY_LOGIN, Proxy, Values};

/// What the instance wants installed; the first is what `base/` has.
pub const INSTALLED: &str = "zurich-07-01-2025__patch4-10-22-2025_11-05-2025_1402";
pub const NEWER: &str = "australia-02-11-2026__patch2-10-01-2026_11-12-2026_1810";

/// What is running for one host.
pub struct Servers {
    /// `https://host:port`.
    pub instance: String,
    pub proxy_port: u16,
    pub dns: String,
    /// The authority that signed the instance's certificate.
    pub ca_pem: String,
    _silent: Option<(Socket, Vec<TcpStream>)>,
    proxy: Option<Child>,
}

/// A server that is not installed here.
pub struct NotInstalled(pub &'static str);

impl Servers {
    pub fn start(expect: &Expect, folder: &Path) -> Result<Self, NotInstalled> {
        let (authority, config) = certificate();
        let mut silent = None;
        let instance = match expect.instance {
            Instance::Answering => format!("https://localhost:{}", answer(config, INSTALLED)),
            Instance::Newer => format!("https://localhost:{}", answer(config, NEWER)),
            Instance::Refused => format!("https://localhost:{}", free_port()),
            Instance::Silent => {
                let (port, full) = full_listener();
                silent = Some(full);
                format!("https://localhost:{port}")
            }
            Instance::Unresolved => "https://mid-test.invalid".to_owned(),
        };
        let (proxy, proxy_port) = match expect.proxy {
            Proxy::None => (None, 0),
            Proxy::Plain => tinyproxy(folder, false)?,
            Proxy::Basic => tinyproxy(folder, true)?,
        };
        let dns = match expect.dns {
            Some(Dns::Nxdomain) => knows_no_name(),
            None => String::new(),
        };
        Ok(Self { instance, proxy_port, dns, ca_pem: authority, _silent: silent, proxy })
    }

    pub fn values(&self, agent_dir: &str) -> Values {
        Values {
            agent_dir: agent_dir.to_owned(),
            instance: self.instance.clone(),
            proxy_port: self.proxy_port,
            dns: self.dns.clone(),
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        if let Some(proxy) = &mut self.proxy {
            let _ = proxy.kill();
            let _ = proxy.wait();
        }
    }
}

/// An authority made up for this run (as PEM), and a server's configuration with a certificate of it for `localhost`.
fn certificate() -> (String, Arc<ServerConfig>) {
    let authority_key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::new(Vec::new()).expect("no names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let pem = authority.self_signed(&authority_key).expect("an authority").pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().expect("a key");
    let names = vec!["localhost".to_owned()];
    let server = CertificateParams::new(names).expect("a name").signed_by(&key, &issuer).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider knows them")
        .with_no_client_auth()
        .with_single_cert(vec![server.der().clone()], key)
        .expect("key and certificate belong together");
    (pem, Arc::new(config))
}

/// An instance that answers its first page. Gives its port.
fn answer(config: Arc<ServerConfig>, version: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            // Whoever only knocks at the port ends the handshake; that is no trouble.
            thread::spawn(move || drop(one_request(config, stream, version)));
        }
    });
    port
}

fn one_request(config: Arc<ServerConfig>, stream: TcpStream, version: &str) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    let (mut first, mut length) = (String::new(), 0);
    stream.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    std::io::copy(&mut Read::by_ref(&mut stream).take(length), &mut std::io::sink())?;
    let (status, body) = if first.starts_with("POST /InstanceInfo.do?SOAP ") {
        let stamp = version.rsplit("__").next().unwrap_or(version);
        let body = format!(
            "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\"><SOAP-ENV:Body><executeResponse>\
             <build_tag>glide-{version}</build_tag><mid_buildstamp>{version}</mid_buildstamp>\
             <mid_version>{stamp}</mid_version></executeResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>"
        );
        ("200 OK", body)
    } else if first.starts_with("GET /InstanceInfo.do?SOAP ") {
        ("500 Internal Server Error", "Error completing SOAP request - Only HTTP POST supported".to_owned())
    } else {
        ("404 Not Found", String::new())
    };
    let length = body.len();
    let stream = stream.get_mut();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/xml;charset=UTF-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    stream.conn.send_close_notify();
    stream.flush()
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    listener.local_addr().expect("it is bound").port()
}

/// A listener whose queue is full: further attempts get no answer, as behind a firewall that drops.
fn full_listener() -> (u16, (Socket, Vec<TcpStream>)) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let address: SockAddr = "127.0.0.1:0".parse::<std::net::SocketAddr>().expect("an address").into();
    socket.bind(&address).expect("a loopback port");
    socket.listen(0).expect("it listens");
    let local = socket.local_addr().expect("it is bound").as_socket().expect("an address of IPv4");
    let mut waiting = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&local, Duration::from_millis(300)) {
        waiting.push(stream);
    }
    (local.port(), (socket, waiting))
}

/// A name server that says of every name that there is none. Gives its address.
fn knows_no_name() -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a loopback port");
    let address = socket.local_addr().expect("it is bound").to_string();
    thread::spawn(move || {
        let mut query = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut query) {
            // The question goes back with: a reply, recursion available, NXDOMAIN, and no records.
            let mut end = 12;
            while end < length && query[end] != 0 {
                end += usize::from(query[end]) + 1;
            }
            let end = (end + 5).min(length);
            let mut reply = query[..end].to_vec();
            reply[2..12].copy_from_slice(&[0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0]);
            let _ = socket.send_to(&reply, from);
        }
    });
    address
}

/// A real proxy. Gives its process and its port.
fn tinyproxy(folder: &Path, login: bool) -> Result<(Option<Child>, u16), NotInstalled> {
    let port = free_port();
    let (user, password) = PROXY_LOGIN;
    let login = if login { format!("BasicAuth {user} {password}\n") } else { String::new() };
    let file = folder.join("tinyproxy.conf");
    let text = format!("Port {port}\nListen 127.0.0.1\nTimeout 30\nMaxClients 20\nLogLevel Critical\n{login}");
    std::fs::write(&file, text).expect("the folder can be written");
    let started = Command::new("tinyproxy")
        .arg("-d")
        .arg("-c")
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let child = started.map_err(|_| NotInstalled("tinyproxy"))?;
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(10), "tinyproxy does not listen");
        thread::sleep(Duration::from_millis(20));
    }
    Ok((Some(child), port))
}
