//! What the readers of handshakes share: a chain that was printed, and what is known of it beside what its printer says.

use super::{peer::is_for, pem::Chain};
use crate::host::{
    BrokeOff, Shown, TlsRequest, Trust, Verdict,
    revocation::{addresses, not_asked},
};

/// What its printer says of a chain.
pub(super) struct Said {
    pub address: String,
    pub version: Option<String>,
    pub asks_for_certificate: Option<bool>,
    pub broke_off: Option<BrokeOff>,
    pub trust: Verdict,
    pub out_of_date: Option<String>,
    pub wrong_name: Option<String>,
}

/// The chain with what was said of it. Whom a certificate is for stands in it: whoever printed it may have been content
/// with less.
pub(super) fn shown(request: &TlsRequest, chain: Chain, said: Said) -> Shown {
    let own = chain.read.first();
    let wrong_name = said.wrong_name.or_else(|| {
        let other = own.is_some_and(|own| !is_for(own, &request.name));
        other.then(|| format!("none of its names is {}", request.name))
    });
    Shown {
        address: said.address,
        took_ms: None,
        version: said.version,
        asks_for_certificate: said.asks_for_certificate,
        broke_off: said.broke_off,
        revocation: not_asked(addresses(&chain.read), "nobody asked"),
        chain: chain.read,
        unreadable: None,
        cut: chain.is_cut,
        trust: said.trust,
        out_of_date: said.out_of_date,
        wrong_name,
        public: None,
    }
}

/// Whom the printer trusts is not whom the file names that was asked for.
pub(super) fn of_other_store(request: &TlsRequest, program: &str) -> Option<Verdict> {
    match &request.trust {
        Trust::Store(path) => Some(Verdict::Undecided(format!(
            "`{program}` does not say whom {path} trusts"
        ))),
        Trust::System => None,
    }
}

/// Whether OpenSSL could read the file, as far as its name tells.
pub fn is_pem(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".pem", ".crt", ".cer"]
        .iter()
        .any(|end| path.ends_with(end))
}
