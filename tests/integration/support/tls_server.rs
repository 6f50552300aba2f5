//! A server that makes handshakes and nothing else. Whatever a client sends beyond the handshake is kept, for there should be
//! nothing.

use std::{
    io::{ErrorKind, Read},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
    server::{ClientHello, ResolvesServerCert, danger::ClientCertVerifier},
    sign::CertifiedKey,
};

/// A running server.
pub struct TlsServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// How it makes handshakes, beyond the certificates.
#[derive(Default)]
pub struct Shaking {
    pub only_tls_12: bool,
    /// Whom it lets in, where it wants a certificate of the client's.
    pub lets_in: Option<Arc<dyn ClientCertVerifier>>,
}

/// What a client did, from its first word to its last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visit {
    /// The name that it asked for.
    pub name: Option<String>,
    pub shaken: bool,
    /// What it sent when the handshake was made, the end of TLS included.
    pub sent: Vec<u8>,
    pub said_goodbye: bool,
}

#[derive(Debug, Default)]
struct Shared {
    over: AtomicBool,
    name: Mutex<Option<String>>,
    visits: Mutex<Vec<Visit>>,
    visited: Condvar,
}

/// Shows what it is told to, whether key and certificate fit or not.
#[derive(Debug)]
struct Show(Arc<CertifiedKey>, Arc<Shared>);

impl ResolvesServerCert for Show {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().map(str::to_owned);
        *self.1.name.lock().expect("no thread panicked") = name;
        Some(Arc::clone(&self.0))
    }
}

impl TlsServer {
    /// Shows these certificates, its own first.
    pub fn start(chain: Vec<CertificateDer<'static>>, key: &PrivateKeyDer<'static>) -> Self {
        Self::shaking(chain, key, Shaking::default())
    }

    pub fn shaking(
        chain: Vec<CertificateDer<'static>>,
        key: &PrivateKeyDer<'static>,
        shaking: Shaking,
    ) -> Self {
        let shared = Arc::new(Shared::default());
        let key = ring::sign::any_supported_type(key).expect("the key is one");
        let show = Show(Arc::new(CertifiedKey::new(chain, key)), Arc::clone(&shared));
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = match shaking.only_tls_12 {
            true => builder.with_protocol_versions(&[&rustls::version::TLS12]),
            false => builder.with_safe_default_protocol_versions(),
        };
        let builder = builder.expect("ring knows versions of TLS");
        let builder = match shaking.lets_in {
            Some(verifier) => builder.with_client_cert_verifier(verifier),
            None => builder.with_no_client_auth(),
        };
        let config = Arc::new(builder.with_cert_resolver(Arc::new(show)));
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("the listener is bound");
        let server = Self {
            address,
            shared: Arc::clone(&shared),
        };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.over.load(Ordering::Relaxed) {
                    break;
                }
                let visit = serve(stream, &config, &shared);
                let mut visits = shared.visits.lock().expect("no thread panicked");
                visits.push(visit);
                shared.visited.notify_all();
            }
        });
        server
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The first visit, once it is over.
    pub fn visit(&self) -> Visit {
        let visits = self.shared.visits.lock().expect("no thread panicked");
        let (visits, waited) = self
            .shared
            .visited
            .wait_timeout_while(visits, Duration::from_secs(20), |visits| visits.is_empty())
            .expect("no thread panicked");
        assert!(!waited.timed_out(), "nobody came and went");
        visits[0].clone()
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(mut stream: TcpStream, config: &Arc<ServerConfig>, shared: &Shared) -> Visit {
    let mut connection =
        ServerConnection::new(Arc::clone(config)).expect("the configuration is one");
    let mut visit = Visit::default();
    while connection.is_handshaking() {
        if connection.complete_io(&mut stream).is_err() {
            break;
        }
    }
    visit.shaken = !connection.is_handshaking();
    visit.name = shared.name.lock().expect("no thread panicked").take();
    if visit.shaken {
        let mut stream = StreamOwned::new(connection, stream);
        let mut chunk = [0; 1024];
        visit.said_goodbye = loop {
            match stream.read(&mut chunk) {
                Ok(0) => break true,
                Ok(length) => visit.sent.extend_from_slice(&chunk[..length]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break false,
            }
        };
    }
    visit
}
