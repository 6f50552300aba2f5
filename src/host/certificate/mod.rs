//! A certificate in words. Reads DER (RFC 5280), verifies nothing: whoever made it may have written anything into it.

mod name;

use core::net::{Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use x509_parser::{
    certificate::X509Certificate,
    extensions::{DistributionPointName, GeneralName, ParsedExtension},
    prelude::FromDer,
    time::ASN1Time,
};

/// The longest certificate, in bytes.
const LONGEST: usize = 256 << 10;
/// How many names, policies and addresses of each sort are kept.
const MOST: usize = 256;
/// The longest text that is kept of any of them, in bytes.
const TEXT: usize = 2 << 10;
/// The methods of *authority information access*: where OCSP is asked, and where the issuer's certificate is.
const OCSP: &str = "1.3.6.1.5.5.7.48.1";
const ISSUER_AT: &str = "1.3.6.1.5.5.7.48.2";

/// A certificate. What was left out in a recording is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// `CN=a.example, O=Example, C=US`, in the order in which it is written there.
    pub subject: String,
    pub issuer: String,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    /// The hosts and addresses that it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// In hexadecimal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub serial: String,
    /// Over the whole certificate, in hexadecimal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
    /// It may issue others.
    #[serde(default)]
    pub authority: bool,
    /// It names itself as its issuer. Nobody verified the signature.
    #[serde(default)]
    pub self_issued: bool,
    /// The policies that it was issued under, as object identifiers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// Where its issuer's certificate can be had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issuer_at: Vec<String>,
    /// Where OCSP can be asked about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ocsp: Vec<String>,
    /// Where the list is that it would stand in if it were revoked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crl: Vec<String>,
}

impl Certificate {
    /// Reads one that is in DER form.
    ///
    /// # Errors
    /// Why it is none, as a fragment.
    pub fn read(der: &[u8]) -> Result<Self, String> {
        if der.len() > LONGEST {
            return Err(format!("larger than {} KiB", LONGEST >> 10));
        }
        let (rest, parsed) = X509Certificate::from_der(der)
            .map_err(|_| "not a certificate in DER form".to_owned())?;
        if !rest.is_empty() {
            return Err(format!("{} bytes stand behind it", rest.len()));
        }
        let mut certificate = Self {
            subject: name::shown(parsed.subject()),
            issuer: name::shown(parsed.issuer()),
            not_before: moment(parsed.validity().not_before),
            not_after: moment(parsed.validity().not_after),
            names: Vec::new(),
            serial: hex(parsed.raw_serial()),
            sha256: hex(&Sha256::digest(der)),
            authority: false,
            self_issued: parsed.subject().as_raw() == parsed.issuer().as_raw(),
            policies: Vec::new(),
            issuer_at: Vec::new(),
            ocsp: Vec::new(),
            crl: Vec::new(),
        };
        let (mut own_key, mut issuers_key) = (None, None);
        for extension in parsed.extensions() {
            match extension.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(key) => own_key = Some(key.0),
                ParsedExtension::AuthorityKeyIdentifier(key) => {
                    issuers_key = key.key_identifier.as_ref().map(|key| key.0);
                }
                other => certificate.add(other),
            }
        }
        // An authority may bear the name of one that it was issued by: then the keys differ.
        if let (Some(own), Some(issuers)) = (own_key, issuers_key) {
            certificate.self_issued &= own == issuers;
        }
        Ok(certificate)
    }

    fn add(&mut self, extension: &ParsedExtension<'_>) {
        match extension {
            ParsedExtension::SubjectAlternativeName(all) => {
                keep(&mut self.names, all.general_names.iter().filter_map(host));
            }
            ParsedExtension::BasicConstraints(constraints) => self.authority = constraints.ca,
            ParsedExtension::CertificatePolicies(all) => keep(
                &mut self.policies,
                all.iter().map(|policy| policy.policy_id.to_id_string()),
            ),
            ParsedExtension::AuthorityInfoAccess(all) => {
                for place in all.iter() {
                    let list = match place.access_method.to_id_string().as_str() {
                        OCSP => &mut self.ocsp,
                        ISSUER_AT => &mut self.issuer_at,
                        _ => continue,
                    };
                    keep(list, url(&place.access_location).into_iter());
                }
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                let named =
                    points
                        .iter()
                        .filter_map(|point| match point.distribution_point.as_ref()? {
                            DistributionPointName::FullName(names) => Some(names),
                            DistributionPointName::NameRelativeToCRLIssuer(_) => None,
                        });
                keep(&mut self.crl, named.flatten().filter_map(url));
            }
            _ => {}
        }
    }
}

/// Keeps what is not too long, each once, within the bound.
fn keep(all: &mut Vec<String>, more: impl Iterator<Item = String>) {
    for text in more.filter(|text| text.len() <= TEXT) {
        if all.len() < MOST && !all.contains(&text) {
            all.push(text);
        }
    }
}

fn host(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes)
                .ok()
                .map(|four| Ipv4Addr::from(four).to_string()),
            _ => <[u8; 16]>::try_from(*bytes)
                .ok()
                .map(|six| Ipv6Addr::from(six).to_string()),
        },
        _ => None,
    }
}

fn url(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(url) => Some((*url).to_owned()),
        _ => None,
    }
}

/// Dates that no calendar of ours reaches (`99991231235959Z` means *for ever*) are its last day.
fn moment(time: ASN1Time) -> Timestamp {
    Timestamp::from_second(time.timestamp()).unwrap_or(match time.timestamp() {
        ..0 => Timestamp::MIN,
        _ => Timestamp::MAX,
    })
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[cfg(test)]
mod tests;
