//! A way through a SOCKS 5 proxy (RFC 1928), with or without a user and a password (RFC 1929).
//!
//! What it reads is a few hundred bytes at most, until the look's end. A wrong login is sent once: what follows a
//! refusal of it is the end. What the proxy says of the target is told as the proxy's word.

mod code;

use std::{
    io,
    net::{IpAddr, SocketAddr},
};

use secrecy::{ExposeSecret, SecretString};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout_at},
};

use self::code::telling;
use super::connect;
use crate::{
    finding::{Reason, Unknown},
    host::{
        Connection,
        socks_code::{self, meaning},
    },
};

/// The version that begins every message but those of a login.
const VERSION: u8 = 5;
/// The version of a login's messages.
const LOGIN_VERSION: u8 = 1;
const CONNECT: u8 = 1;
/// The longest name, user and password: a byte holds the length of each.
const LONGEST: usize = 255;
/// How many addresses of a name the proxy is asked for.
const ADDRESSES: usize = 4;

/// Ways to log in, by the numbers that IANA gave them.
mod method {
    pub(super) const NONE: u8 = 0;
    pub(super) const GSSAPI: u8 = 1;
    pub(super) const PASSWORD: u8 = 2;
    pub(super) const REFUSED: u8 = super::socks_code::NO_METHOD;
}

/// Kinds of addresses.
mod kind {
    pub(super) const V4: u8 = 1;
    pub(super) const NAME: u8 = 3;
    pub(super) const V6: u8 = 4;
}

/// A SOCKS proxy and how to log in to it.
pub(super) struct Socks {
    host: String,
    port: u16,
    login: Option<(String, SecretString)>,
    names: Names,
}

/// Who asks for the addresses of a target's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    Here,
    ByProxy,
}

/// A way that the proxy opened.
pub(super) struct Open {
    pub stream: TcpStream,
    /// The proxy's own.
    pub proxy: SocketAddr,
    /// Which of the target's addresses it leads to, where it was chosen here.
    pub target: Option<IpAddr>,
    /// The proxy asked for the login.
    pub logged_in: bool,
}

/// What the proxy is asked to connect to.
enum Target {
    Address(IpAddr),
    Name(Vec<u8>),
}

/// The proxy's last word.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Yes { logged_in: bool },
    NoMethod,
    NoLogin(u8),
    No(u8),
}

/// Why there was no last word.
#[derive(Debug)]
enum Broken {
    /// It took the connection and hung up without a word.
    AtOnce,
    Midway,
    Senseless(&'static str),
}

impl Socks {
    /// # Errors
    /// A login that is too long for the protocol.
    pub fn new(
        host: &str,
        port: u16,
        login: Option<(String, SecretString)>,
        names: Names,
    ) -> Result<Self, Unknown> {
        if let Some((user, password)) = &login
            && (user.len() > LONGEST || password.expose_secret().len() > LONGEST)
        {
            return Err(Unknown::new(
                Reason::Other,
                format!(
                    "a user or a password of more than {LONGEST} bytes cannot be sent to a SOCKS proxy"
                ),
            ));
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            login,
            names,
        })
    }

    pub fn names(&self) -> Names {
        self.names
    }

    /// The login, where the proxy asked for it.
    pub fn used(&self, open: &Open) -> Option<&(String, SecretString)> {
        self.login.as_ref().filter(|_| open.logged_in)
    }

    /// Asks for a way to `host:port`: to one address of the name after the other, or to the name itself. Without a way,
    /// how it ended.
    pub async fn open(
        &self,
        host: &str,
        port: u16,
        until: Instant,
    ) -> Result<Result<Open, Connection>, Unknown> {
        let targets = match self.targets(host, port, until).await? {
            Ok(targets) => targets,
            Err(why) => return Ok(Err(Connection::Unresolved(why))),
        };
        let mut worst: Option<u8> = None;
        for target in &targets {
            let (mut stream, proxy) = match connect::open(&self.host, self.port, until).await? {
                Ok(open) => open,
                Err(ended) => return Ok(Err(ended)),
            };
            let said = match timeout_at(until, self.shake(&mut stream, target, port)).await {
                Err(_) => {
                    let address = proxy.to_string();
                    return Ok(Err(Connection::ProxySilent { address }));
                }
                Ok(Ok(said)) => said,
                Ok(Err(Broken::AtOnce)) => {
                    let address = proxy.to_string();
                    return Ok(Err(Connection::Refused { address }));
                }
                Ok(Err(Broken::Midway)) => {
                    return Err(self.unknown("hung up in the middle of the talk about the way"));
                }
                Ok(Err(Broken::Senseless(why))) => return Err(self.unknown(why)),
            };
            match said {
                Said::Yes { logged_in } => {
                    let target = match target {
                        Target::Address(address) => Some(*address),
                        Target::Name(_) => None,
                    };
                    return Ok(Ok(Open {
                        stream,
                        proxy,
                        target,
                        logged_in,
                    }));
                }
                Said::NoMethod => {
                    let schemes = self.schemes(until).await;
                    let why = "it takes none of the logins that it was offered";
                    return Ok(Err(refused(method::REFUSED, schemes, why.to_owned())));
                }
                Said::NoLogin(code) => {
                    let schemes = vec![scheme(method::PASSWORD)];
                    let why = "it refuses the login";
                    return Ok(Err(refused(code, schemes, why.to_owned())));
                }
                Said::No(code) if worst.is_none_or(|known| telling(code) > telling(known)) => {
                    worst = Some(code);
                }
                Said::No(_) => {}
            }
        }
        Ok(Err(match worst {
            Some(code) => refused(code, Vec::new(), meaning(code)),
            None => Connection::Unresolved(format!("{host}: no address")),
        }))
    }

    /// What to ask for, at least one. The inner error is the resolver's words.
    async fn targets(
        &self,
        host: &str,
        port: u16,
        until: Instant,
    ) -> Result<Result<Vec<Target>, String>, Unknown> {
        let bare = host.trim_matches(['[', ']']);
        if let Ok(address) = bare.parse() {
            return Ok(Ok(vec![Target::Address(address)]));
        }
        Ok(match self.names {
            Names::Here => connect::resolve(bare, port, until).await.map(|addresses| {
                let addresses = addresses.into_iter().take(ADDRESSES);
                addresses
                    .map(|address| Target::Address(address.ip()))
                    .collect()
            }),
            Names::ByProxy if bare.is_empty() || bare.len() > LONGEST => {
                return Err(Unknown::new(
                    Reason::Other,
                    format!("a name is from 1 to {LONGEST} bytes long for a SOCKS proxy"),
                ));
            }
            Names::ByProxy => Ok(vec![Target::Name(bare.as_bytes().to_vec())]),
        })
    }

    /// From the greeting to the proxy's last word.
    async fn shake(
        &self,
        stream: &mut TcpStream,
        target: &Target,
        port: u16,
    ) -> Result<Said, Broken> {
        let offered: &[u8] = match self.login {
            Some(_) => &[method::NONE, method::PASSWORD],
            None => &[method::NONE],
        };
        let chosen = greet(stream, offered).await?;
        match (chosen, &self.login) {
            (method::NONE, _) => {}
            (method::PASSWORD, Some((user, password))) => {
                let password = password.expose_secret();
                let mut message = vec![LOGIN_VERSION];
                for part in [user.as_str(), password] {
                    counted(&mut message, part.as_bytes());
                }
                let message = SecretBytes(message);
                send(stream, &message.0).await?;
                // Some servers write the other version here; what counts is the second byte.
                match receive::<2>(stream).await? {
                    [_, 0] => {}
                    [_, code] => return Ok(Said::NoLogin(code)),
                }
            }
            (method::REFUSED, _) => return Ok(Said::NoMethod),
            _ => return Err(Broken::Senseless("chose a login that it was not offered")),
        }
        let mut message = vec![VERSION, CONNECT, 0];
        match target {
            Target::Address(IpAddr::V4(address)) => {
                message.push(kind::V4);
                message.extend(address.octets());
            }
            Target::Address(IpAddr::V6(address)) => {
                message.push(kind::V6);
                message.extend(address.octets());
            }
            Target::Name(name) => {
                message.push(kind::NAME);
                counted(&mut message, name);
            }
        }
        message.extend(port.to_be_bytes());
        send(stream, &message).await?;
        match receive::<2>(stream).await? {
            [VERSION, 0] => {}
            // Of a refusal some servers send no more than this.
            [VERSION, code] => return Ok(Said::No(code)),
            _ => return Err(NOT_SOCKS),
        }
        // Where the proxy is bound to; it has to be read, since the target's first byte follows it.
        let length = match receive::<2>(stream).await? {
            [_, kind::V4] => 4,
            [_, kind::V6] => 16,
            [_, kind::NAME] => usize::from(receive::<1>(stream).await?[0]),
            _ => return Err(Broken::Senseless("names an address of no known kind")),
        };
        let mut bound = [0; LONGEST + 2];
        read(stream, &mut bound[..length + 2]).await?;
        Ok(Said::Yes {
            logged_in: chosen == method::PASSWORD,
        })
    }

    /// Which login a proxy would take that took none of those it was offered: asked by offering it the others. Nothing is
    /// sent behind the greeting.
    async fn schemes(&self, until: Instant) -> Vec<String> {
        let others: &[u8] = match self.login {
            Some(_) => &[method::GSSAPI],
            None => &[method::PASSWORD, method::GSSAPI],
        };
        let Ok(Ok((mut stream, _))) = connect::open(&self.host, self.port, until).await else {
            return Vec::new();
        };
        match timeout_at(until, greet(&mut stream, others)).await {
            Ok(Ok(chosen)) if others.contains(&chosen) => vec![scheme(chosen)],
            _ => Vec::new(),
        }
    }

    fn unknown(&self, why: &str) -> Unknown {
        Unknown::new(Reason::Other, format!("{}:{} {why}", self.host, self.port))
    }
}

const NOT_SOCKS: Broken = Broken::Senseless("does not answer as a SOCKS 5 proxy");

/// Bytes with a password in them, overwritten when they are no longer needed.
struct SecretBytes(Vec<u8>);

impl Drop for SecretBytes {
    fn drop(&mut self) {
        self.0.fill(0);
    }
}

/// The login that the proxy chooses among those that it is offered.
async fn greet(stream: &mut TcpStream, offered: &[u8]) -> Result<u8, Broken> {
    let mut message = vec![VERSION];
    counted(&mut message, offered);
    let first = async {
        send(stream, &message).await?;
        receive::<1>(stream).await
    };
    let [version] = first.await.map_err(|_| Broken::AtOnce)?;
    // Another protocol may have no second byte for this.
    if version != VERSION {
        return Err(NOT_SOCKS);
    }
    let [chosen] = receive::<1>(stream).await?;
    Ok(chosen)
}

/// Bytes behind their number. They were found to be few enough.
fn counted(message: &mut Vec<u8>, bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(LONGEST)];
    message.push(u8::try_from(bytes.len()).unwrap_or(u8::MAX));
    message.extend_from_slice(bytes);
}

async fn send(stream: &mut TcpStream, bytes: &[u8]) -> Result<(), Broken> {
    stream
        .write_all(bytes)
        .await
        .map_err(|_: io::Error| Broken::Midway)
}

async fn receive<const LENGTH: usize>(stream: &mut TcpStream) -> Result<[u8; LENGTH], Broken> {
    let mut bytes = [0; LENGTH];
    read(stream, &mut bytes).await?;
    Ok(bytes)
}

async fn read(stream: &mut TcpStream, bytes: &mut [u8]) -> Result<(), Broken> {
    match stream.read_exact(bytes).await {
        Ok(_) => Ok(()),
        Err(_) => Err(Broken::Midway),
    }
}

fn refused(code: u8, schemes: Vec<String>, why: String) -> Connection {
    Connection::ProxyRefused {
        status: u16::from(code),
        schemes,
        why: Some(why),
    }
}

fn scheme(method: u8) -> String {
    match method {
        method::GSSAPI => "GSSAPI",
        _ => socks_code::PASSWORD,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_fits_into_its_message() {
        #[track_caller]
        fn check(user: usize, password: usize, fits: bool) {
            let login = Some(("u".repeat(user), "p".repeat(password).into()));
            let socks = Socks::new("p", 1080, login, Names::Here);
            assert_eq!(socks.is_ok(), fits);
        }
        check(1, 0, true);
        check(255, 255, true);
        check(256, 1, false);
        check(1, 256, false);
    }
}
