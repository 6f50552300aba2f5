//! Takes whatever certificates a server shows, and keeps them. What proves that they are the server's own is verified.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use rustls::{
    DigitallySignedStruct, Error, SignatureScheme,
    client::{
        ResolvesClientCert,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
    sign::CertifiedKey,
};

use crate::host::live::tls;

/// What a server showed.
#[derive(Debug, Default)]
pub(super) struct Captured {
    /// As it was sent, the server's own first.
    pub chain: Vec<CertificateDer<'static>>,
    pub asks_for_certificate: bool,
}

/// Stands in the place of a verifier. Only for a connection that nothing is sent over.
#[derive(Debug)]
pub(super) struct Capture {
    chain: Mutex<Vec<CertificateDer<'static>>>,
    asks: AtomicBool,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Capture {
    pub fn new() -> Self {
        Self {
            chain: Mutex::default(),
            asks: AtomicBool::new(false),
            algorithms: tls::provider().signature_verification_algorithms,
        }
    }

    pub fn asks_for_certificate(&self) -> bool {
        self.asks.load(Ordering::Relaxed)
    }

    pub fn taken(&self) -> Captured {
        let mut chain = self.chain.lock().unwrap_or_else(PoisonError::into_inner);
        Captured {
            chain: std::mem::take(&mut chain),
            asks_for_certificate: self.asks_for_certificate(),
        }
    }
}

impl ServerCertVerifier for Capture {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(end_entity).chain(intermediates);
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) =
            chain.map(|der| der.clone().into_owned()).collect();
        // Nothing is sent that somebody else could read.
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// Has no certificate to show, but sees that it is asked for one.
impl ResolvesClientCert for Capture {
    fn resolve(
        &self,
        _root_hint_subjects: &[&[u8]],
        _sigschemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.asks.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}
