//! A way through a proxy: of HTTP, asked for by `CONNECT`, so that its refusal and the logins that it offers are seen, or
//! of SOCKS.
//!
//! The login goes to the proxy alone, and never again once it was refused.

use std::net::SocketAddr;

use secrecy::{ExposeSecret, SecretString};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout_at},
};

use super::{
    basic, connect, ms_since,
    socks::{Names, Socks},
};
use crate::{
    finding::{Address, Reason, Unknown},
    host::{Connection, challenge::schemes},
};

/// The longest head of a proxy's reply, in bytes.
const HEAD: usize = 16 << 10;

/// A proxy and how to log in to it.
pub(super) struct Proxy {
    pub host: String,
    pub port: u16,
    pub speaks: Speaks,
}

/// What a proxy speaks, with the login in its form.
pub(super) enum Speaks {
    /// The value of the login's header.
    Http(Option<SecretString>),
    Socks(Socks),
}

/// A proxy's reply to `CONNECT`.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    schemes: Vec<String>,
}

impl Proxy {
    /// # Errors
    /// A login that cannot be sent in the proxy's way.
    pub fn new(
        address: &Address,
        user: &str,
        password: Option<SecretString>,
    ) -> Result<Self, Unknown> {
        let (host, port) = (address.host().to_owned(), address.port().unwrap_or(80));
        let names = match address.scheme() {
            "socks5" => Some(Names::Here),
            "socks5h" => Some(Names::ByProxy),
            _ => None,
        };
        let logs_in = !user.is_empty();
        let speaks = match names {
            Some(names) => {
                let login =
                    logs_in.then(|| (user.to_owned(), password.unwrap_or_else(|| "".into())));
                Speaks::Socks(Socks::new(&host, port, login, names)?)
            }
            None => Speaks::Http(
                logs_in
                    .then(|| basic::header(user, password.as_ref()))
                    .transpose()?,
            ),
        };
        Ok(Self { host, port, speaks })
    }

    /// Asks for a way to `host:port` and closes it again.
    pub async fn tunnel(
        &self,
        host: &str,
        port: u16,
        until: Instant,
    ) -> Result<Connection, Unknown> {
        let start = Instant::now();
        Ok(match self.way(host, port, until).await? {
            Ok((_, address)) => Connection::Open {
                address: address.to_string(),
                took_ms: Some(ms_since(start)),
            },
            Err(ended) => ended,
        })
    }

    /// Asks for a way to `host:port`. With it comes the proxy's own address; without one, how it ended.
    pub async fn way(
        &self,
        host: &str,
        port: u16,
        until: Instant,
    ) -> Result<Result<(TcpStream, SocketAddr), Connection>, Unknown> {
        if host.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(Unknown::new(
                Reason::Other,
                format!("`{}` is no name of a host", host.escape_debug()),
            ));
        }
        let login = match &self.speaks {
            Speaks::Http(login) => login.as_ref(),
            Speaks::Socks(socks) => {
                let open = socks.open(host, port, until).await?;
                return Ok(open.map(|open| (open.stream, open.proxy)));
            }
        };
        let (mut stream, address) = match connect::open(&self.host, self.port, until).await? {
            Ok(open) => open,
            ended => return Ok(ended),
        };
        let asked = timeout_at(until, ask(&mut stream, host, port, login)).await;
        Ok(Err(match asked {
            Err(_) => Connection::ProxySilent {
                address: address.to_string(),
            },
            // It took the connection and hung up without a word.
            Ok(Err(_)) => Connection::Refused {
                address: address.to_string(),
            },
            Ok(Ok(Said { bytes, read })) => match head(&bytes) {
                // Of a head that was not read whole, nobody knows what else it says.
                known
                    if !ended(&bytes) && (known.is_some() || bytes.is_empty() || read >= HEAD) =>
                {
                    let why = match read >= HEAD {
                        true => format!("has no end within {} KiB", HEAD >> 10),
                        false => "broke off".to_owned(),
                    };
                    let why = format!("{}:{}: the head of its reply {why}", self.host, self.port);
                    return Err(Unknown::new(Reason::NotWhole, why));
                }
                Some(Head {
                    status: 200..300, ..
                }) => return Ok(Ok((stream, address))),
                Some(Head {
                    status: 407,
                    schemes,
                }) if schemes.is_empty() => return Err(self.no_scheme()),
                Some(Head { status, schemes }) => Connection::ProxyRefused {
                    status,
                    schemes,
                    why: None,
                },
                None => {
                    return Err(Unknown::new(
                        Reason::Other,
                        format!(
                            "{}:{} does not answer as an HTTP proxy",
                            self.host, self.port
                        ),
                    ));
                }
            },
        }))
    }

    /// Every such refusal names a scheme at least (RFC 9110, 11.7.1): of one that does not, nobody knows what it wants.
    pub fn no_scheme(&self) -> Unknown {
        Unknown::new(
            Reason::Other,
            format!(
                "{}:{} wants a login (407), and names no scheme for it that can be read",
                self.host, self.port
            ),
        )
    }
}

/// A reply's head, without those before it that only announce it.
struct Said {
    bytes: Vec<u8>,
    /// How much was read in all, in bytes.
    read: usize,
}

/// Sends the request and reads the reply's head. An error is a connection that ended before.
async fn ask(
    stream: &mut TcpStream,
    host: &str,
    port: u16,
    login: Option<&SecretString>,
) -> std::io::Result<Said> {
    let host = bracketed(host);
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some(login) = login {
        request.push_str("Proxy-Authorization: ");
        request.push_str(login.expose_secret());
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await?;
    let (mut bytes, mut read) = (Vec::new(), 0);
    let mut chunk = [0; 2048];
    while !ended(&bytes) && read < HEAD {
        let length = stream.read(&mut chunk).await?;
        if length == 0 {
            break;
        }
        bytes.extend_from_slice(&chunk[..length]);
        read += length;
        let announced = bytes.len() - last(&bytes).len();
        bytes.drain(..announced);
    }
    if read == 0 {
        Err(std::io::ErrorKind::UnexpectedEof.into())
    } else {
        Ok(Said { bytes, read })
    }
}

/// A host as it stands before a port.
pub(super) fn bracketed(host: &str) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}

/// Whether the empty line behind a head is there.
fn ended(bytes: &[u8]) -> bool {
    end(bytes).is_some()
}

/// Where the empty line behind a head ends.
fn end(bytes: &[u8]) -> Option<usize> {
    let end = |line: &[u8]| {
        bytes
            .windows(line.len())
            .position(|end| end == line)
            .map(|at| at + line.len())
    };
    match (end(b"\r\n\r\n"), end(b"\n\n")) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// What comes behind replies that only announce another one (RFC 9110, 15.2).
fn last(mut bytes: &[u8]) -> &[u8] {
    while let Some(end) = end(bytes)
        && let Some(Head {
            status: 100..200, ..
        }) = head(&bytes[..end])
    {
        bytes = &bytes[end..];
    }
    bytes
}

fn head(bytes: &[u8]) -> Option<Head> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split("\r\n").flat_map(|line| line.split('\n'));
    let mut first = lines.next()?.split(' ');
    if !first.next()?.starts_with("HTTP/") {
        return None;
    }
    let status = first.find(|part| !part.is_empty())?.parse().ok();
    let status = status.filter(|status| (100..600).contains(status))?;
    let mut headers: Vec<(&str, String)> = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        match (line.starts_with([' ', '\t']), headers.last_mut()) {
            // A value may go on in the next line (RFC 9112, 5.2).
            (true, Some((_, value))) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            _ => headers.extend(
                line.split_once(':')
                    .map(|(name, value)| (name, value.to_owned())),
            ),
        }
    }
    let offers = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("proxy-authenticate"))
        .map(|(_, value)| value.as_str());
    Some(Head {
        status,
        schemes: schemes(offers),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_its_schemes() {
        #[track_caller]
        fn check(bytes: &str, expected: Option<(u16, &[&str])>) {
            let expected = expected.map(|(status, schemes)| Head {
                status,
                schemes: schemes.iter().map(|scheme| (*scheme).to_owned()).collect(),
            });
            assert_eq!(head(bytes.as_bytes()), expected);
        }
        check(
            "HTTP/1.1 200 Connection established\r\n\r\n",
            Some((200, &[])),
        );
        check(
            "HTTP/1.0 407 Login\r\nProxy-Authenticate: Basic realm=\"a, NTLM\"\r\n\r\n",
            Some((407, &["Basic"])),
        );
        check(
            "HTTP/1.1 407 x\r\nproxy-authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\nX: Y\r\n\r\nBody: Z",
            Some((407, &["Negotiate", "NTLM"])),
        );
        check(
            "HTTP/1.1 407 x\nProxy-Authenticate: Digest realm=\"a\\\"b\", nonce = \"c\", qop=auth, Basic realm=x\n\n",
            Some((407, &["Digest", "Basic"])),
        );
        check(
            "HTTP/1.1 407 x\r\nProxy-Authenticate: NTLM,\r\n Basic realm=x\r\n\r\n",
            Some((407, &["NTLM", "Basic"])),
        );
        check(
            "HTTP/1.1 407 x\r\nProxy-Authenticate : Basic\r\n\r\n",
            Some((407, &[])),
        );
        check("HTTP/1.1 502", Some((502, &[])));
        check("HTTP/1.1 0 x\r\n\r\n", None);
        check("HTTP/1.1 600 x\r\n\r\n", None);
        check("SSH-2.0-OpenSSH_9.2\r\n", None);
        check("HTTP/1.1 abc\r\n", None);
    }

    #[test]
    fn what_only_announces_a_reply_is_none() {
        #[track_caller]
        fn check(bytes: &str, expected: &str) {
            assert_eq!(last(bytes.as_bytes()), expected.as_bytes());
        }
        let go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        let open = "HTTP/1.1 200 OK\r\n\r\n";
        check(open, open);
        check(&format!("{go_on}{open}"), open);
        check(
            &format!("{go_on}HTTP/1.1 102 x\nX: y\n\n{open}\n\n"),
            &format!("{open}\n\n"),
        );
        check(go_on, "");
        check("HTTP/1.1 100 Con", "HTTP/1.1 100 Con");
        check("SSH-2.0\n\n", "SSH-2.0\n\n");
    }
}
