//! Where certificates say that their revocation can be asked for.

use crate::host::{Certificate, Revocation, RevocationKind};

/// How many addresses are told, and asked.
pub(in crate::host) const MOST: usize = 8;

/// The addresses that the certificates name, each once, the server's own first.
pub(in crate::host) fn addresses(chain: &[Certificate]) -> Vec<(RevocationKind, String)> {
    let mut all: Vec<(RevocationKind, String)> = Vec::new();
    for certificate in chain {
        let ocsp = certificate
            .ocsp
            .iter()
            .map(|url| (RevocationKind::Ocsp, url));
        let crl = certificate.crl.iter().map(|url| (RevocationKind::Crl, url));
        for (kind, url) in ocsp.chain(crl) {
            if all.len() < MOST && !all.iter().any(|(_, known)| known == url) {
                all.push((kind, url.clone()));
            }
        }
    }
    all
}

/// The addresses as they are, and why nobody asked.
pub(in crate::host) fn not_asked(
    addresses: Vec<(RevocationKind, String)>,
    why: &str,
) -> Vec<Revocation> {
    let one = |(kind, url)| Revocation {
        url,
        kind,
        answers: None,
        status: None,
        error: Some(why.to_owned()),
    };
    addresses.into_iter().map(one).collect()
}
