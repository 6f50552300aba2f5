//! A TLS handshake that is made to see it. Whatever certificates the server shows are taken, and nothing is ever sent over
//! the connection: what they are worth is said afterwards, by verifiers of their own.

mod broken;
mod capture;
mod revocation;
mod trust;

use std::{net::IpAddr, sync::Arc, time::Duration};

use rustls::{
    ProtocolVersion,
    client::Resumption,
    pki_types::{CertificateDer, ServerName},
};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;

pub(super) use self::trust::Trusted;
use self::{
    capture::{Capture, Captured},
    trust::Judged,
};
use super::{Live, Stop, connect, ms_since, tls};
use crate::{
    finding::{Reason, Unknown},
    host::{
        BrokeOff, Broken, Certificate, Limits, Revocation, Shown, TlsReply, TlsRequest, Trust,
        Verdict,
        revocation::{addresses, not_asked},
    },
};

/// How many certificates of a chain are looked at.
const CERTIFICATES: usize = 16;
/// What verifying may take beyond the limit, where the handshake came to its end right before it.
const LEAST: Duration = Duration::from_millis(300);

impl Live {
    /// # Errors
    /// Whom to trust cannot be told; a name that is none; a handshake that is larger than the TLS library takes.
    pub(super) async fn handshake(
        &self,
        request: &TlsRequest,
        limits: Limits,
    ) -> Result<TlsReply, Unknown> {
        let until = Instant::now() + limits.timeout;
        let name = server_name(&request.name)?;
        let trusted = self.trusted(&request.trust, limits).await?;
        let start = Instant::now();
        let proxy = request
            .via
            .as_ref()
            .map(|via| self.proxy(via))
            .transpose()?;
        let way = match proxy {
            Some(proxy) => proxy.way(&request.host, request.port, until).await?,
            None => connect::open(&request.host, request.port, until).await?,
        };
        let (stream, address) = match way {
            Ok(open) => open,
            Err(ended) => return Ok(TlsReply::NoWay(ended)),
        };
        // Behind a proxy nobody knows where the server is.
        let server = request.via.is_none().then(|| address.ip());
        let address = address.to_string();
        let (captured, ended) = shake(stream, &name, until).await?;
        let took_ms = ms_since(start);
        let (version, broke_off) = match ended {
            Ok(version) => (version, None),
            Err(broke_off) => (None, Some(broke_off)),
        };
        if captured.chain.is_empty() {
            return Ok(match broke_off {
                None
                | Some(BrokeOff {
                    how: Broken::Silent,
                    ..
                }) => TlsReply::Silent { address },
                Some(broke_off) => TlsReply::Failed { address, broke_off },
            });
        }
        let Captured {
            mut chain,
            asks_for_certificate,
        } = captured;
        let cut = chain.len() > CERTIFICATES;
        chain.truncate(CERTIFICATES);
        let (read, unreadable) = read(&chain);
        let shown = read.clone();
        let judged = self
            .blocking("the chain", left(until), move |_| {
                Ok(trust::judge(&trusted, &chain, &shown, &name))
            })
            .await?;
        Ok(TlsReply::Shown(Box::new(Shown {
            address,
            took_ms: Some(took_ms),
            version,
            asks_for_certificate: Some(asks_for_certificate),
            broke_off,
            revocation: asked(&judged, &read, server, until).await,
            chain: read,
            unreadable,
            cut,
            trust: judged.trust,
            out_of_date: judged.out_of_date,
            wrong_name: judged.wrong_name,
            public: Some(judged.public),
        })))
    }

    /// Whom to trust.
    async fn trusted(&self, trust: &Trust, limits: Limits) -> Result<Arc<Trusted>, Unknown> {
        match trust {
            Trust::Store(path) => {
                let path = path.clone();
                let read = move |stop: &Stop| Trusted::read(&path, stop).map(Arc::new);
                self.blocking("the trust store", limits, read).await
            }
            Trust::System => {
                let (kept, authorities) = (Arc::clone(&self.system), self.authorities.clone());
                self.blocking("the system's authorities", limits, move |_| {
                    let made = kept.get_or_init(|| Trusted::system(authorities).map(Arc::new));
                    made.clone()
                        .map_err(|why| Unknown::new(Reason::NotAvailable, why))
                })
                .await
            }
        }
    }
}

fn server_name(name: &str) -> Result<ServerName<'static>, Unknown> {
    let bare = name.trim_end_matches('.');
    // Names beyond ASCII are asked for in their ASCII form (RFC 5890).
    let ascii = match bare.is_ascii() {
        true => Ok(bare.to_owned()),
        false => url::Host::parse(bare).map(|host| host.to_string()),
    };
    let named = ascii
        .ok()
        .and_then(|ascii| ServerName::try_from(ascii).ok());
    named.ok_or_else(|| {
        Unknown::new(
            Reason::Other,
            format!("`{}` is no name that TLS knows", name.escape_debug()),
        )
    })
}

fn left(until: Instant) -> Limits {
    Limits {
        timeout: until.saturating_duration_since(Instant::now()).max(LEAST),
    }
}

/// Makes the handshake and drops the connection: the version, or why it broke off.
async fn shake(
    stream: TcpStream,
    name: &ServerName<'static>,
    until: Instant,
) -> Result<(Captured, Result<Option<String>, BrokeOff>), Unknown> {
    let capture = Arc::new(Capture::new());
    let builder = tls::builder()
        .map_err(|error| Unknown::new(Reason::NotAvailable, error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&capture) as _);
    let mut config = builder.with_client_cert_resolver(Arc::clone(&capture) as _);
    // A session that was taken up again would show no certificates.
    config.resumption = Resumption::disabled();
    let shaken = timeout_at(
        until,
        TlsConnector::from(Arc::new(config)).connect(name.clone(), stream),
    );
    let ended = match shaken.await {
        Ok(Ok(stream)) => Ok(stream.get_ref().1.protocol_version().map(shown_version)),
        Ok(Err(error)) => Err(broken::by(&error, capture.asks_for_certificate())?),
        Err(_) => Err(BrokeOff {
            how: Broken::Silent,
            detail: "no answer in time".to_owned(),
        }),
    };
    Ok((capture.taken(), ended))
}

fn shown_version(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_2 => "TLSv1.2".to_owned(),
        ProtocolVersion::TLSv1_3 => "TLSv1.3".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The certificates up to the first one that cannot be read, and what is wrong with that.
fn read(chain: &[CertificateDer<'_>]) -> (Vec<Certificate>, Option<String>) {
    let mut read = Vec::with_capacity(chain.len());
    for (at, der) in chain.iter().enumerate() {
        match Certificate::read(der) {
            Ok(certificate) => read.push(certificate),
            Err(why) => return (read, Some(format!("certificate {}: {why}", at + 1))),
        }
    }
    (read, None)
}

/// Asks the addresses for revocation only if the chain leads to somebody who is trusted: whoever else made the
/// certificates could send this program wherever they like.
async fn asked(
    judged: &Judged,
    chain: &[Certificate],
    server: Option<IpAddr>,
    until: Instant,
) -> Vec<Revocation> {
    let addresses = addresses(chain);
    match judged.trust {
        Verdict::Trusted => revocation::ask(addresses, server, until).await,
        _ => not_asked(addresses, "not asked, because the chain is not trusted"),
    }
}
