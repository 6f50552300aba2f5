//! Whether somebody answers where certificates say that their revocation can be asked for.
//!
//! The addresses stand in certificates, so anybody may have written them. Only hosts of `http` addresses are asked, a few, at
//! once, for `/` alone: what path, query or login a certificate names never goes out, and no redirect is followed. Nobody is
//! asked on this machine or on its own link, where services listen that trust whoever reaches them, unless the server
//! itself is there.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout_at},
};
use url::Url;

use crate::host::{
    Connection, Revocation, RevocationKind,
    live::{connect, proxy::bracketed},
};

/// How long silence has to last before it says something.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest start of an answer that is read, in bytes.
const START: usize = 256;

/// Asks all of them at once. `server` is where the certificates came from, where nothing was in between.
pub(super) async fn ask(
    addresses: Vec<(RevocationKind, String)>,
    server: Option<IpAddr>,
    until: Instant,
) -> Vec<Revocation> {
    let near = server.map_or(Near::Elsewhere, near);
    let one = async |(kind, url): (RevocationKind, String)| {
        let start = Instant::now();
        let (answers, status, error) = match target(&url) {
            Err(why) => (None, None, Some(why)),
            Ok(target) => match timeout_at(until, target.ask(near, until)).await {
                Ok(Ok(OK)) => (Some(true), Some(OK), None),
                // It may as well come of a device on the way, or speak of `/` alone.
                Ok(Ok(status)) => {
                    let why = format!("status {status} to `/` does not tell who answered");
                    (None, Some(status), Some(why))
                }
                Ok(Err(End::Nobody(why))) => (Some(false), None, Some(why)),
                Ok(Err(End::NotKnown(why))) => (None, None, Some(why)),
                Err(_) | Ok(Err(End::Silence)) => {
                    let waited = start.elapsed();
                    let long = waited >= PATIENCE;
                    let why = format!("no answer within {} ms", waited.as_millis());
                    (long.then_some(false), None, Some(why))
                }
            },
        };
        Revocation {
            url,
            kind,
            answers,
            status,
            error,
        }
    };
    join_all(addresses.into_iter().map(one)).await
}

const OK: u16 = 200;

/// Where an address is, as far as it matters who may be sent there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Near {
    ThisMachine,
    ThisLink,
    Elsewhere,
}

fn near(address: IpAddr) -> Near {
    match address.to_canonical() {
        // Many systems take the unspecified address for this machine.
        address if address.is_loopback() || address.is_unspecified() => Near::ThisMachine,
        IpAddr::V4(address) if address.is_link_local() => Near::ThisLink,
        IpAddr::V6(address) if address.is_unicast_link_local() => Near::ThisLink,
        _ => Near::Elsewhere,
    }
}

/// A host to ask.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    host: String,
    port: u16,
}

/// Why there is no answer.
enum End {
    /// Nobody is there, or whoever is there does not answer in HTTP.
    Nobody(String),
    Silence,
    /// The look itself failed.
    NotKnown(String),
}

/// Whom an address names, or why it is not asked.
fn target(address: &str) -> Result<Target, String> {
    let url = Url::parse(address).map_err(|error| format!("not asked: {error}"))?;
    if url.scheme() != "http" {
        return Err(format!("not asked: only `http` is, not `{}`", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("not asked: it has a user in it".to_owned());
    }
    let host = url.host_str().ok_or("not asked: it names no host")?;
    Ok(Target {
        host: host.to_owned(),
        port: url.port().unwrap_or(80),
    })
}

impl Target {
    /// The status of the answer.
    async fn ask(&self, server: Near, until: Instant) -> Result<u16, End> {
        let mut addresses = connect::resolve(&self.host, self.port, until)
            .await
            .map_err(End::Nobody)?;
        addresses.retain(|address: &SocketAddr| {
            let near = near(address.ip());
            near == Near::Elsewhere || near == server
        });
        if addresses.is_empty() {
            let why =
                "not asked: it is on this machine or on its own link, where the server is not";
            return Err(End::NotKnown(why.to_owned()));
        }
        let mut stream = match connect::first_open(&addresses, until).await {
            Ok(Ok((stream, _))) => stream,
            Ok(Err(Connection::TimedOut)) => return Err(End::Silence),
            Ok(Err(Connection::Refused { address })) => {
                return Err(End::Nobody(format!("{address} refused the connection")));
            }
            Ok(Err(Connection::Unreachable(why) | Connection::Unresolved(why))) => {
                return Err(End::Nobody(why));
            }
            // Neither comes of a direct connection that failed.
            Ok(Err(
                Connection::Open { .. }
                | Connection::ProxySilent { .. }
                | Connection::ProxyRefused { .. },
            )) => {
                return Err(End::NotKnown("the connection ended".to_owned()));
            }
            Err(unknown) => return Err(End::NotKnown(unknown.detail)),
        };
        let start = self.exchange(&mut stream).await.map_err(|error| {
            End::Nobody(format!("the connection ended without an answer: {error}"))
        })?;
        status(&start).ok_or_else(|| End::Nobody("what answers is not HTTP".to_owned()))
    }

    async fn exchange(&self, stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
        let mut host = bracketed(&self.host);
        if self.port != 80 {
            host += &format!(":{}", self.port);
        }
        let request = format!(
            "GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: waypost/{}\r\nAccept: */*\r\nConnection: close\r\n\r\n",
            env!("CARGO_PKG_VERSION")
        );
        stream.write_all(request.as_bytes()).await?;
        let mut start = Vec::new();
        let mut chunk = [0; START];
        while start.len() < START && !start.contains(&b'\n') {
            let length = stream.read(&mut chunk).await?;
            if length == 0 {
                break;
            }
            start.extend_from_slice(&chunk[..length]);
        }
        match start.is_empty() {
            true => Err(std::io::ErrorKind::UnexpectedEof.into()),
            false => Ok(start),
        }
    }
}

/// The status in the first line of an answer in HTTP.
fn status(start: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(start);
    let mut words = text.lines().next()?.split_ascii_whitespace();
    if !words.next()?.starts_with("HTTP/") {
        return None;
    }
    words.next()?.parse().ok().filter(|status| *status >= 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{
        Certificate,
        revocation::{MOST, addresses},
    };

    #[test]
    fn hosts_of_plain_http_are_asked_and_nothing_else() {
        #[track_caller]
        fn check(address: &str, expected: Result<(&str, u16), &str>) {
            let got = target(address).map(|target| (target.host, target.port));
            let expected = expected
                .map(|(host, port)| (host.to_owned(), port))
                .map_err(str::to_owned);
            assert_eq!(got, expected, "{address}");
        }
        check("http://ocsp.example", Ok(("ocsp.example", 80)));
        check(
            "http://crl.example:8080/a/b.crl?c",
            Ok(("crl.example", 8080)),
        );
        check("http://[::1]/", Ok(("[::1]", 80)));
        check("https://a/", Err("not asked: only `http` is, not `https`"));
        check("ldap:///CN=x", Err("not asked: only `http` is, not `ldap`"));
        check(
            "file:///etc/passwd",
            Err("not asked: only `http` is, not `file`"),
        );
        check("http://me:pass@a/", Err("not asked: it has a user in it"));
        check("nonsense", Err("not asked: relative URL without a base"));
        // What could begin a line of its own in the request is taken out or refused.
        check("http://a\r\nX: y/", Err("not asked: invalid port number"));
        check(
            "http://a b/",
            Err("not asked: invalid international domain name"),
        );
    }

    #[test]
    fn who_may_be_sent_where() {
        #[track_caller]
        fn check(address: &str, expected: Near) {
            assert_eq!(
                near(address.parse().expect("an address")),
                expected,
                "{address}"
            );
        }
        for address in [
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "::ffff:127.0.0.1",
            "0.0.0.0",
            "::",
        ] {
            check(address, Near::ThisMachine);
        }
        for address in ["169.254.169.254", "::ffff:169.254.1.1", "fe80::1"] {
            check(address, Near::ThisLink);
        }
        // Companies have authorities of their own.
        for address in [
            "10.0.0.1",
            "192.168.1.1",
            "198.51.100.1",
            "fd00::1",
            "2001:db8::1",
        ] {
            check(address, Near::Elsewhere);
        }
    }

    #[tokio::test]
    async fn nobody_is_sent_to_this_machine_by_a_server_elsewhere() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("it can be set");
        let port = listener.local_addr().expect("it is bound").port();
        let why = "not asked: it is on this machine or on its own link, where the server is not";
        for (server, host) in [
            (Some("198.51.100.1"), "127.0.0.1"),
            (Some("169.254.1.1"), "localhost"),
            (None, "[::ffff:127.0.0.1]"),
            (Some("127.0.0.1"), "169.254.0.1"),
        ] {
            let url = format!("http://{host}:{port}/");
            let server = server.map(|server| server.parse().expect("an address"));
            let until = Instant::now() + Duration::from_secs(5);
            let came = ask(vec![(RevocationKind::Ocsp, url)], server, until).await;
            assert_eq!(
                (came[0].answers, came[0].error.as_deref()),
                (None, Some(why)),
                "{host}"
            );
        }
        let nobody = listener.accept().map(|_| ()).map_err(|error| error.kind());
        assert_eq!(nobody, Err(std::io::ErrorKind::WouldBlock));
    }

    #[test]
    fn any_answer_in_http_has_a_status() {
        let check = |start: &[u8], expected| assert_eq!(status(start), expected);
        check(b"HTTP/1.1 200 OK\r\n", Some(200));
        check(b"HTTP/1.0 403\r\n", Some(403));
        check(b"HTTP/2 999 \n", Some(999));
        check(b"SSH-2.0-x\r\n", None);
        check(b"HTTP/1.1 x\r\n", None);
        check(b"HTTP/1.1", None);
        check(b"\xff\xfe", None);
    }

    #[test]
    fn addresses_are_told_once_and_a_few() {
        let certificate = |number: usize| Certificate {
            subject: String::new(),
            issuer: String::new(),
            not_before: jiff::Timestamp::UNIX_EPOCH,
            not_after: jiff::Timestamp::UNIX_EPOCH,
            names: Vec::new(),
            serial: String::new(),
            sha256: String::new(),
            authority: false,
            self_issued: false,
            policies: Vec::new(),
            issuer_at: Vec::new(),
            ocsp: vec!["http://ocsp/".to_owned()],
            crl: (0..number).map(|at| format!("http://crl/{at}")).collect(),
        };
        let all = addresses(&[certificate(1), certificate(3)]);
        let urls: Vec<&str> = all.iter().map(|(_, url)| url.as_str()).collect();
        assert_eq!(
            urls,
            [
                "http://ocsp/",
                "http://crl/0",
                "http://crl/1",
                "http://crl/2"
            ]
        );
        assert_eq!(all[0].0, RevocationKind::Ocsp);
        assert_eq!(all[1].0, RevocationKind::Crl);
        assert_eq!(addresses(&[certificate(100)]).len(), MOST);
    }
}
