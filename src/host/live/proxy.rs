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
    host::Connection,
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
            Err(_) => Connection::TimedOut,
            // It took the connection and hung up without a word.
            Ok(Err(_)) => Connection::Refused {
                address: address.to_string(),
            },
            Ok(Ok(bytes)) => match head(&bytes) {
                // Of a head that was not read whole, nobody knows what else it says.
                Some(_) if !ended(&bytes) => {
                    let why = match bytes.len() >= HEAD {
                        true => format!("has no end within {} KiB", HEAD >> 10),
                        false => "broke off".to_owned(),
                    };
                    let why = format!("{}:{}: the head of its reply {why}", self.host, self.port);
                    return Err(Unknown::new(Reason::NotWhole, why));
                }
                Some(Head {
                    status: 200..300, ..
                }) => return Ok(Ok((stream, address))),
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
}

/// Sends the request and reads the reply's head. An error is a connection that ended before.
async fn ask(
    stream: &mut TcpStream,
    host: &str,
    port: u16,
    login: Option<&SecretString>,
) -> std::io::Result<Vec<u8>> {
    let host = bracketed(host);
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some(login) = login {
        request.push_str("Proxy-Authorization: ");
        request.push_str(login.expose_secret());
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    let mut chunk = [0; 2048];
    while !ended(&bytes) && bytes.len() < HEAD {
        let length = stream.read(&mut chunk).await?;
        if length == 0 {
            break;
        }
        bytes.extend_from_slice(&chunk[..length]);
    }
    if bytes.is_empty() {
        Err(std::io::ErrorKind::UnexpectedEof.into())
    } else {
        Ok(bytes)
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
    bytes.windows(4).any(|end| end == b"\r\n\r\n") || bytes.windows(2).any(|end| end == b"\n\n")
}

fn head(bytes: &[u8]) -> Option<Head> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split("\r\n").flat_map(|line| line.split('\n'));
    let mut first = lines.next()?.split(' ');
    if !first.next()?.starts_with("HTTP/") {
        return None;
    }
    let status = first.find(|part| !part.is_empty())?.parse().ok()?;
    let offers = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.eq_ignore_ascii_case("proxy-authenticate"))
        .map(|(_, value)| value);
    Some(Head {
        status,
        schemes: schemes(offers),
    })
}

/// The login schemes that `Proxy-Authenticate` headers offer (RFC 9110, 11.6.1): each challenge begins with one, and
/// one header may hold several, whose parameters are parted by commas too.
pub(super) fn schemes<'a>(headers: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut schemes: Vec<String> = Vec::new();
    for header in headers {
        for part in outside_quotes(header) {
            let word = part.split([' ', '\t']).next().unwrap_or_default();
            let named =
                !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            // A parameter has its equals sign in its first word, or blanks before it.
            let parameter = part[word.len()..].trim_start().starts_with('=');
            if named && !parameter && !schemes.iter().any(|known| known.eq_ignore_ascii_case(word))
            {
                schemes.push(word.to_owned());
            }
        }
    }
    schemes
}

fn outside_quotes(header: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in header.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(header[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(header[start..].trim());
    parts
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
        check("HTTP/1.1 502", Some((502, &[])));
        check("SSH-2.0-OpenSSH_9.2\r\n", None);
        check("HTTP/1.1 abc\r\n", None);
    }
}
