//! What a handshake is asked for, and what it showed, before anybody judges it. Certificates are in words already, so that a
//! recording can be read, masked and written by hand.

use serde::{Deserialize, Serialize};

use crate::host::{Certificate, Connection, Via};

/// A handshake to make. Nothing is sent over the connection once it is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TlsRequest {
    pub host: String,
    pub port: u16,
    /// The name that the certificate is to be for; the server is told it, unless it is an address.
    pub name: String,
    pub trust: Trust,
    pub via: Option<Via>,
}

/// Whom to trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// Whom the system trusts, and the authorities that were given beside it.
    System,
    /// Whom the file at this path names, and nobody else: PEM, PKCS#12 or a Java key store.
    Store(String),
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum TlsReply {
    /// The server showed its certificates.
    Shown(Box<Shown>),
    /// The handshake ended before that.
    Failed {
        address: String,
        broke_off: BrokeOff,
    },
    /// There was no connection to make it over; never [`Connection::Open`].
    NoWay(Connection),
    /// The address took the connection, and the handshake got no answer in time.
    Silent { address: String },
}

/// What a server showed in the handshake, and what a verifier says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Of the server, or of the proxy in between.
    pub address: String,
    /// Until the handshake was over, one way or the other; `None` where nobody measured it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u64>,
    /// `TLSv1.3`; none where the handshake broke off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether the server asked for a certificate of the client's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks_for_certificate: Option<bool>,
    /// Why the handshake did not come to its end, where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broke_off: Option<BrokeOff>,
    /// As the server sent them, its own first; without those behind one that cannot be read.
    pub chain: Vec<Certificate>,
    /// What is wrong with the first certificate that cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
    /// It sent more certificates than were looked at.
    #[serde(default)]
    pub cut: bool,
    /// Whether the chain leads to somebody who is trusted, whatever the time and the name.
    pub trust: Verdict,
    /// Why the chain does not hold at the machine's time, in the verifier's words, where it is the time that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_date: Option<String>,
    /// Why the certificate is not for the name, in the verifier's words, where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong_name: Option<String>,
    /// Whether the chain leads to a public authority, whoever is trusted and whatever the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    /// Where the certificates say that their revocation can be asked for.
    #[serde(default)]
    pub revocation: Vec<Revocation>,
}

/// Why a handshake ended before its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokeOff {
    pub how: Broken,
    /// The words of the TLS library or the system.
    pub detail: String,
}

/// The ways in which a handshake ends before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Broken {
    /// What answers is not TLS.
    NotTls,
    /// The connection was closed in the middle.
    HungUp,
    /// No version or cipher that both sides know.
    NothingInCommon,
    /// The server wants a certificate of the client's.
    CertificateWanted,
    /// The server knows nobody of this name.
    NameNotServed,
    /// The server says no for another reason.
    Refused,
    /// The server does not prove that the certificate is its own.
    NotProven,
    /// The server stopped answering after it had shown its certificates.
    Silent,
    /// Anything else that breaks the rules of TLS.
    Faulty,
}

/// What a verifier says of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Verdict {
    Trusted,
    /// With the verifier's words.
    Untrusted {
        why: Distrust,
        detail: String,
    },
    /// The verifier cannot tell, and why.
    Undecided(String),
}

/// Why a chain is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distrust {
    /// It leads to nobody who is trusted.
    UnknownIssuer,
    /// A signature is not that of the issuer, or of the one among its namesakes that is known.
    BadSignature,
    /// It was not issued for servers, or by somebody who may not issue it.
    NotAllowed,
    Revoked,
    /// A certificate cannot be read.
    Malformed,
    /// The system's verifier refuses it for a reason of its own.
    Rejected,
}

/// An address for revocation that a certificate names, and whether somebody answers there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    pub url: String,
    pub kind: RevocationKind,
    /// Any HTTP answer counts. `None` where nobody asked, or not for long enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<bool>,
    /// Of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there is no answer, or why nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What is to be had at an address for revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationKind {
    /// Answers about one certificate.
    Ocsp,
    /// A list of all that are revoked.
    Crl,
}
