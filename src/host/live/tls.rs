//! Whom this machine trusts: its own authorities, and those given beside them. TLS is always verified.

use std::sync::Arc;

use rustls::{
    ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

use super::LiveError;

/// Reads PEM files, each with one certificate or more.
pub(super) fn authorities(pems: &[Vec<u8>]) -> Result<Vec<CertificateDer<'static>>, LiveError> {
    let mut all = Vec::new();
    for (at, pem) in pems.iter().enumerate() {
        let broken = |why: String| LiveError::Authority {
            number: at + 1,
            why,
        };
        let before = all.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| broken(error.to_string()))?;
            // Found out here, so that the message can name the file.
            RootCertStore::empty()
                .add(certificate.clone())
                .map_err(|error| broken(error.to_string()))?;
            all.push(certificate);
        }
        if all.len() == before {
            return Err(broken("no certificate in PEM form".to_owned()));
        }
    }
    Ok(all)
}

/// How this machine does TLS.
pub(super) struct Tls {
    pub config: ClientConfig,
    /// Why it can trust nobody, where that is so: a machine without authorities.
    pub trusts_nobody: Option<String>,
}

/// The one place where the provider of cryptography is chosen.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// The start of every configuration.
///
/// # Errors
/// Only where the provider knows no version of TLS.
pub(super) fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, LiveError> {
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| LiveError::Tls(error.to_string()))
}

/// How everything is done that something is sent over. A handshake that is only looked at has a verifier of its own.
///
/// # Errors
/// As [`builder`].
pub(super) fn client(authorities: Vec<CertificateDer<'static>>) -> Result<Tls, LiveError> {
    let builder = builder()?;
    Ok(
        match Verifier::new_with_extra_roots(authorities, provider()) {
            Ok(verifier) => {
                let builder = builder
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(verifier));
                Tls {
                    config: builder.with_no_client_auth(),
                    trusts_nobody: None,
                }
            }
            Err(error) => Tls {
                config: builder
                    .with_root_certificates(RootCertStore::empty())
                    .with_no_client_auth(),
                trusts_nobody: Some(error.to_string()),
            },
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_authority_is_named() {
        #[track_caller]
        fn check(pems: &[&str], expected: &str) {
            let pems: Vec<Vec<u8>> = pems.iter().map(|pem| pem.as_bytes().to_vec()).collect();
            assert_eq!(authorities(&pems).unwrap_err().to_string(), expected);
        }
        let good = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])
            .unwrap()
            .cert
            .pem();
        check(&["hello"], "authority 1: no certificate in PEM form");
        check(&[&good, ""], "authority 2: no certificate in PEM form");
        check(
            &["-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n"],
            "authority 1: invalid peer certificate: BadEncoding",
        );
        assert_eq!(
            authorities(&[good.repeat(2).into_bytes()]).unwrap().len(),
            2
        );
    }
}
