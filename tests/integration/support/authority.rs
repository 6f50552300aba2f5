//! A made-up authority that signs what a test asks for. Nobody trusts it but who is told to.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// An authority with its key.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// What is to be wrong with a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// For `localhost` and `127.0.0.1`.
    Good,
    /// Good until the year 2001.
    Expired,
    /// Good from the year 2100 on.
    NotYetValid,
    /// For another name.
    OtherName,
}

/// Server certificate and key.
pub type Signed = (CertificateDer<'static>, PrivateKeyDer<'static>);

impl Authority {
    pub fn new() -> Self {
        let key = KeyPair::generate().expect("a key is made");
        let params = params("Waypost tests' own authority");
        Self {
            issuer: CertifiedIssuer::self_signed(params, key).expect("the authority is made"),
        }
    }

    /// An authority that this one has signed.
    pub fn below(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = params(name);
        change(&mut params);
        let key = KeyPair::generate().expect("a key is made");
        let issuer = CertifiedIssuer::signed_by(params, key, &self.issuer);
        Self {
            issuer: issuer.expect("the authority is made"),
        }
    }

    /// The authority's own certificate, to be trusted.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// The same in its binary form.
    pub fn der(&self) -> CertificateDer<'static> {
        self.issuer.der().clone()
    }

    /// A server's certificate and its key.
    pub fn sign(&self, certificate: Certificate) -> Signed {
        self.sign_with(certificate, |_| {})
    }

    /// The same with something changed.
    pub fn sign_with(
        &self,
        certificate: Certificate,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Signed {
        let mut params = of_server(certificate);
        change(&mut params);
        let key = KeyPair::generate().expect("a key is made");
        let signed = params
            .signed_by(&key, &self.issuer)
            .expect("the certificate is signed");
        (signed.der().clone(), private(&key))
    }
}

/// A server's certificate that no authority signed.
pub fn self_signed(certificate: Certificate) -> Signed {
    let key = KeyPair::generate().expect("a key is made");
    let signed = of_server(certificate)
        .self_signed(&key)
        .expect("the certificate is signed");
    (signed.der().clone(), private(&key))
}

fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(key.serialize_der()).into()
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn of_server(certificate: Certificate) -> CertificateParams {
    let names: &[&str] = match certificate {
        Certificate::OtherName => &["elsewhere.example"],
        _ => &["localhost", "127.0.0.1"],
    };
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("the names are names");
    match certificate {
        Certificate::Expired => {
            params.not_before = date_time_ymd(2000, 1, 1);
            params.not_after = date_time_ymd(2001, 1, 1);
        }
        Certificate::NotYetValid => {
            params.not_before = date_time_ymd(2100, 1, 1);
            params.not_after = date_time_ymd(2101, 1, 1);
        }
        Certificate::Good | Certificate::OtherName => {
            params.not_before = date_time_ymd(2025, 1, 1);
            params.not_after = date_time_ymd(2125, 1, 1);
        }
    }
    params
}
