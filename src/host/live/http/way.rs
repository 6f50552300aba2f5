//! The way that a request takes: names are resolved, a proxy is asked and a handshake is made before anything is sent, where
//! each failure still has its own face.

use std::{io, sync::Arc};

use hyper::{Uri, header::HeaderValue};
use rustls::ClientConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;
use url::Url;

use super::{Asked, ended, sensitive};
use crate::{
    finding::{Reason, Unknown},
    host::{
        Connection, HttpReply,
        live::{Live, connect, handshake, proxy::Speaks},
    },
};

/// What a request goes over.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// An open way, with what a request says on it.
pub(super) struct Way {
    pub stream: Box<dyn Stream>,
    /// What the request's first line names.
    pub target: Uri,
    /// The login for the proxy, where the proxy reads the request itself.
    pub proxy_login: Option<HeaderValue>,
}

/// What was found, or how the way to it ended.
type Found<T> = Result<Result<T, HttpReply>, Unknown>;

impl Asked {
    /// Opens the way to where a URL points.
    pub(super) async fn way(&self, live: &Live, url: &Url, until: Instant) -> Found<Way> {
        let secure = url.scheme() == "https";
        let port = url.port_or_known_default().unwrap_or(443);
        // What of a URL a server is asked for.
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let (opened, whole, login) = match &self.via {
            None => (connect::open(&self.host, port, until).await?, false, None),
            Some(via) => match &via.speaks {
                // A proxy of HTTP reads what is sent in the clear, and sends it on.
                Speaks::Http(login) if !secure => (
                    connect::open(&via.host, via.port, until).await?,
                    true,
                    login.as_ref(),
                ),
                Speaks::Http(_) | Speaks::Socks(_) => {
                    (via.way(&self.host, port, until).await?, false, None)
                }
            },
        };
        let stream = match opened {
            Ok((stream, _)) => stream,
            Err(ended) => return no_way(ended, self.via.is_some()).map(Err),
        };
        let target = if whole {
            let host = url.host_str().unwrap_or_default();
            format!("http://{host}:{port}{path}")
        } else {
            path
        };
        let target = Uri::try_from(target).map_err(|error| {
            Unknown::new(
                Reason::Other,
                format!("the request cannot be made: {error}"),
            )
        })?;
        let stream: Box<dyn Stream> = if secure {
            let config = live.tls()?.config.clone();
            match shake(config, stream, &self.host, until).await? {
                Ok(stream) => stream,
                Err(ended) => return Ok(Err(ended)),
            }
        } else {
            Box::new(stream)
        };
        let proxy_login = login.map(sensitive).transpose()?;
        Ok(Ok(Way {
            stream,
            target,
            proxy_login,
        }))
    }
}

async fn shake(
    config: ClientConfig,
    stream: TcpStream,
    host: &str,
    until: Instant,
) -> Found<Box<dyn Stream>> {
    let name = handshake::server_name(super::bare(host))?;
    let shaken = TlsConnector::from(Arc::new(config)).connect(name, stream);
    Ok(match timeout_at(until, shaken).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => Err(not_secure(&error)),
        Err(_) => Err(HttpReply::TimedOut),
    })
}

/// Firewalls that read the name in a handshake hang up on it, which is a failure of TLS as well.
fn not_secure(error: &io::Error) -> HttpReply {
    match error.kind() {
        io::ErrorKind::TimedOut => HttpReply::TimedOut,
        _ => HttpReply::TlsFailed(ended::chain(error)),
    }
}

fn no_way(ended: Connection, by_proxy: bool) -> Result<HttpReply, Unknown> {
    Ok(match ended {
        Connection::Refused { address } if by_proxy => {
            HttpReply::Refused(format!("the proxy {address} refused"))
        }
        Connection::Refused { address } => HttpReply::Refused(format!("{address} refused")),
        Connection::TimedOut => HttpReply::TimedOut,
        Connection::Unreachable(why) => HttpReply::Unreachable(why),
        Connection::Unresolved(why) => HttpReply::Unresolved(why),
        Connection::ProxyRefused {
            status,
            schemes,
            why,
        } => HttpReply::ProxyRefused {
            status,
            schemes,
            why,
        },
        Connection::Open { address, .. } => {
            let why = format!("the proxy {address} opened a way and gave none");
            return Err(Unknown::new(Reason::Other, why));
        }
    })
}
