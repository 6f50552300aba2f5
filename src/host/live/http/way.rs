//! The way that a request takes: names are resolved and a proxy is asked before, where each failure still has its own
//! face.

use std::net::SocketAddr;

use reqwest::{Client, ClientBuilder, Proxy, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use super::{Asked, sensitive};
use crate::{
    finding::{Reason, Unknown},
    host::{
        Connection, HttpReply,
        live::{
            Live, connect,
            proxy::{self, Speaks},
            socks::{Names, Socks},
        },
    },
};

/// What sends the request, or how the way to it ended.
type Found<T> = Result<Result<T, HttpReply>, Unknown>;

impl Asked {
    /// What sends the request.
    pub(super) async fn client(&self, live: &Live, until: Instant) -> Found<Client> {
        let builder = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .http1_only()
            .pool_max_idle_per_host(0)
            .tls_backend_preconfigured(live.tls()?.config.clone());
        let found = match &self.via {
            None => resolved(builder, &self.host, self.port(), until).await,
            Some(via) => match &via.speaks {
                Speaks::Http(login) => self.by_http(builder, via, login.as_ref(), until).await?,
                Speaks::Socks(socks) => self.by_socks(builder, socks, until).await?,
            },
        };
        let builder = match found {
            Ok(builder) => builder,
            Err(ended) => return Ok(Err(ended)),
        };
        builder.build().map(Ok).map_err(|error| {
            Unknown::new(
                Reason::Other,
                format!("the request cannot be made: {error}"),
            )
        })
    }

    async fn by_http(
        &self,
        builder: ClientBuilder,
        via: &proxy::Proxy,
        login: Option<&SecretString>,
        until: Instant,
    ) -> Found<ClientBuilder> {
        let builder = match resolved(builder, &via.host, via.port, until).await {
            Ok(builder) => builder,
            Err(ended) => return Ok(Err(ended)),
        };
        if self.url.scheme() == "https"
            && let Err(ended) = via.way(&self.host, self.port(), until).await?
        {
            return no_way(ended).map(Err);
        }
        let host = proxy::bracketed(&via.host);
        let mut proxy = proxied(&format!("http://{host}:{}", via.port))?;
        if let Some(login) = login {
            proxy = proxy.custom_http_auth(sensitive(login)?);
        }
        Ok(Ok(builder.proxy(proxy)))
    }

    /// The request goes the way that was found: to the same address of the proxy and the same one of the target, with the
    /// login only where it was asked for.
    async fn by_socks(
        &self,
        builder: ClientBuilder,
        socks: &Socks,
        until: Instant,
    ) -> Found<ClientBuilder> {
        let open = match socks.open(&self.host, self.port(), until).await? {
            Ok(open) => open,
            Err(ended) => return no_way(ended).map(Err),
        };
        let builder = match open.target {
            Some(target) => builder.resolve(&self.host, SocketAddr::new(target, self.port())),
            None => builder,
        };
        let scheme = match socks.names() {
            Names::Here => "socks5",
            Names::ByProxy => "socks5h",
        };
        let mut proxy = proxied(&format!("{scheme}://{}", open.proxy))?;
        if let Some((user, password)) = socks.used(&open) {
            proxy = proxy.basic_auth(user, password.expose_secret());
        }
        Ok(Ok(builder.proxy(proxy)))
    }

    fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(443)
    }
}

/// With the addresses of a name, which are not asked for again.
async fn resolved(
    builder: ClientBuilder,
    host: &str,
    port: u16,
    until: Instant,
) -> Result<ClientBuilder, HttpReply> {
    match connect::resolve(host, port, until).await {
        Ok(addresses) => Ok(builder.resolve_to_addrs(host, &addresses)),
        Err(why) => Err(HttpReply::Unresolved(why)),
    }
}

fn proxied(url: &str) -> Result<Proxy, Unknown> {
    Proxy::all(url).map_err(|error| Unknown::new(Reason::Other, format!("the proxy: {error}")))
}

fn no_way(ended: Connection) -> Result<HttpReply, Unknown> {
    Ok(match ended {
        Connection::Refused { address } => {
            HttpReply::Refused(format!("the proxy {address} refused"))
        }
        Connection::TimedOut | Connection::ProxySilent { .. } => HttpReply::TimedOut,
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
