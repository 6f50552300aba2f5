//! The live host against real parts on loopback: each way in which a look can end is told apart.

mod clock;
mod ending;
mod files;
mod http;
mod machine;
mod network;
mod ping;
#[cfg(unix)]
mod programs;
mod proxy;
mod real_names;
mod recording;
mod socks;
mod tls;

use std::{sync::Arc, time::Duration};

use secrecy::SecretString;
use waypost::{
    finding::{InputName, Reason, Unknown},
    host::{
        Host, Limits, Look, Reply,
        live::{Live, LiveOptions, Secrets},
    },
};

use crate::support::{Authority, LOGIN};

/// Long enough for whatever answers, on a machine that is busy.
const PATIENT: Duration = Duration::from_secs(20);
/// For what never answers.
const SHORT: Duration = Duration::from_millis(700);

/// Knows one secret: the instance's password, as `password`.
struct Known;

impl Secrets for Known {
    fn secret(&self, name: &InputName) -> Option<SecretString> {
        (name == "password").then(|| SecretString::from(LOGIN.1))
    }
}

/// A live host that trusts this authority beside the system's.
fn live(authority: Option<&Authority>) -> Live {
    let ca_pem = authority
        .map(|authority| authority.pem().into_bytes())
        .into_iter()
        .collect();
    Live::new(LiveOptions {
        secrets: Arc::new(Known),
        ca_pem,
        ..LiveOptions::default()
    })
    .expect("the authority is one")
}

async fn look(host: &Live, look: Look, timeout: Duration) -> Result<Reply, Unknown> {
    host.look(&look, Limits { timeout }).await
}

/// An unknown as reason and words.
fn why<T: std::fmt::Debug>(result: Result<T, Unknown>) -> (Reason, String) {
    let unknown = result.expect_err("the look fails");
    (unknown.reason, unknown.detail)
}

fn texts<T: ToString>(texts: &[T]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}
