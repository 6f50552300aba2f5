//! This machine itself, looked at with tokio. Never changes it.
//!
//! Every look is bounded by its limit and ends when its future is dropped; a system call that hangs (a dead network
//! drive) holds its own thread of tokio's blocking pool and nothing else. A silent network is the outcome `timed-out`;
//! anything else that takes too long is unknown.

mod basic;
mod code_page;
mod connect;
mod disk;
mod files;
mod folder;
mod handshake;
mod http;
mod listing;
mod names;
mod owner;
mod ping;
mod processes;
mod programs;
mod proxy;
pub mod regular;
mod services;
mod socks;
mod tls;

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::tz::TimeZone;
use rustls::pki_types::CertificateDer;
use secrecy::SecretString;

pub use folder::{Folder, FolderError, recorded};

use super::{BoxFuture, Host, Limits, Look, Reply, built_for};
use crate::finding::{InputName, Os, Reason, Unknown};

/// Where the values of secrets are. A look names them; only a live host asks for them, right before it sends them.
pub trait Secrets: Send + Sync {
    /// The value of a secret input; `None` where it is not known.
    fn secret(&self, name: &InputName) -> Option<SecretString>;
}

/// No secret is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSecrets;

impl Secrets for NoSecrets {
    fn secret(&self, _name: &InputName) -> Option<SecretString> {
        None
    }
}

/// What a live host needs.
pub struct LiveOptions {
    pub secrets: Arc<dyn Secrets>,
    /// PEM files with authorities that are trusted beside the system's.
    pub ca_pem: Vec<Vec<u8>>,
    /// Set it, and files that are being read end with an error: nobody waits any more.
    pub stop: Arc<AtomicBool>,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self {
            secrets: Arc::new(NoSecrets),
            ca_pem: Vec::new(),
            stop: Arc::new(AtomicBool::new(false)),
        }
    }
}

/// Why there can be no live host.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    #[error("authority {}: {why}", number)]
    Authority {
        /// Counted from 1, in the order in which they were given.
        number: usize,
        why: String,
    },
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// This machine.
pub struct Live {
    secrets: Arc<dyn Secrets>,
    authorities: Vec<CertificateDer<'static>>,
    /// Made when it is first needed: reading the system's authorities takes longer than the rest of a start.
    tls: OnceLock<Result<tls::Tls, String>>,
    /// Whom the system trusts, for handshakes that are looked at; made when it is first needed, too.
    system: Arc<OnceLock<Result<Arc<handshake::Trusted>, String>>>,
    stop: Arc<AtomicBool>,
}

impl Live {
    /// # Errors
    /// An authority that is no certificate; a program that was built without TLS.
    pub fn new(options: LiveOptions) -> Result<Self, LiveError> {
        let authorities = tls::authorities(&options.ca_pem)?;
        Ok(Self {
            secrets: options.secrets,
            authorities,
            tls: OnceLock::new(),
            system: Arc::default(),
            stop: options.stop,
        })
    }

    /// The same machine for another case, which has its own secrets and shares no connection.
    pub fn with_secrets(&self, secrets: Arc<dyn Secrets>) -> Self {
        Self {
            secrets,
            authorities: self.authorities.clone(),
            tls: OnceLock::new(),
            system: Arc::clone(&self.system),
            stop: Arc::clone(&self.stop),
        }
    }

    /// How this machine does TLS. Reads the system's authorities the first time.
    fn tls(&self) -> Result<&tls::Tls, Unknown> {
        let made = self.tls.get_or_init(|| {
            tls::client(self.authorities.clone()).map_err(|error| error.to_string())
        });
        made.as_ref()
            .map_err(|why| Unknown::new(Reason::NotAvailable, why.clone()))
    }

    /// Does what may block on a thread of its own, within the limit.
    async fn blocking<T: Send + 'static>(
        &self,
        what: &str,
        limits: Limits,
        work: impl FnOnce(&Stop) -> Result<T, Unknown> + Send + 'static,
    ) -> Result<T, Unknown> {
        let one = Arc::new(AtomicBool::new(false));
        let stop = Stop {
            all: Arc::clone(&self.stop),
            one: Arc::clone(&one),
        };
        let _dropped = OnDrop(one);
        let task = tokio::task::spawn_blocking(move || work(&stop));
        match tokio::time::timeout(limits.timeout, task).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(Unknown::new(
                Reason::Other,
                format!("{what}: the look broke off"),
            )),
            Err(_) => Err(out_of_time(what, limits.timeout)),
        }
    }

    async fn reply(&self, look: &Look, limits: Limits) -> Result<Reply, Unknown> {
        match look {
            Look::File { paths } => {
                let paths = paths.clone();
                let what = paths.join(", ");
                self.blocking(&what, limits, move |stop| files::open_first(&paths, stop))
                    .await
                    .map(Reply::Files)
            }
            Look::Files { globs } => {
                let globs = globs.clone();
                let what = globs.join(", ");
                self.blocking(&what, limits, move |stop| files::open_all(&globs, stop))
                    .await
                    .map(Reply::Files)
            }
            Look::Meta { paths } => {
                let paths = paths.clone();
                let what = paths.join(", ");
                self.blocking(&what, limits, move |_| files::meta_first(&paths))
                    .await
                    .map(Reply::Meta)
            }
            Look::Paths { globs, folders } => {
                let (globs, folders) = (globs.clone(), *folders);
                let what = globs.join(", ");
                self.blocking(&what, limits, move |stop| {
                    files::paths(&globs, folders, stop)
                })
                .await
                .map(Reply::Paths)
            }
            Look::Disk { path } => {
                let what = path.clone();
                self.blocking(path, limits, move |_| disk::space(&what))
                    .await
                    .map(Reply::Disk)
            }
            Look::Processes => self
                .blocking("processes", limits, |_| processes::list())
                .await
                .map(Reply::Processes),
            Look::Services { names, pid_file } => self
                .services(names, pid_file.as_deref(), limits)
                .await
                .map(Reply::Services),
            Look::Name { name, server } => names::look(name, server.as_deref(), limits.timeout)
                .await
                .map(Reply::Name),
            Look::Connect { host, port, via } => self
                .connect(host, *port, via.as_ref(), limits.timeout)
                .await
                .map(Reply::Connection),
            Look::Tls(request) => self.handshake(request, limits).await.map(Reply::Tls),
            Look::Http(request) => self.http(request, limits.timeout).await.map(Reply::Http),
            Look::Ping { host, count } => self
                .ping(host, *count, limits.timeout)
                .await
                .map(Reply::Ping),
            Look::Program { run } => programs::run(run, limits.timeout).await.map(Reply::Program),
        }
    }

    /// The value of a secret that a look names.
    fn secret(&self, name: &InputName) -> Result<SecretString, Unknown> {
        self.secrets
            .secret(name)
            .ok_or_else(|| Unknown::new(Reason::InputUnknown, format!("`{name}` is not known")))
    }
}

impl Host for Live {
    fn os(&self) -> Os {
        built_for()
    }

    fn zone(&self) -> Option<TimeZone> {
        Some(TimeZone::system())
    }

    fn look<'a>(&'a self, look: &'a Look, limits: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
        Box::pin(self.reply(look, limits))
    }
}

/// Tells work on another thread that nobody waits for it: not for this look, or not for any.
struct Stop {
    all: Arc<AtomicBool>,
    one: Arc<AtomicBool>,
}

impl Stop {
    fn is_set(&self) -> bool {
        self.all.load(Ordering::Relaxed) || self.one.load(Ordering::Relaxed)
    }

    /// What stops all looks; a reader outlives the look that opened it.
    fn all(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.all)
    }
}

struct OnDrop(Arc<AtomicBool>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn out_of_time(what: &str, limit: Duration) -> Unknown {
    Unknown::new(
        Reason::OutOfTime,
        format!("{what}: not done within {} ms", limit.as_millis()),
    )
}

/// Milliseconds since a moment.
fn ms_since(start: tokio::time::Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}
