//! What a chain is worth: by whom the system or a file trusts, and by the public authorities. Time and name are told apart
//! from that, so that one thing that is wrong does not hide another.
//!
//! Public are the authorities of Mozilla's list as it was when this program was built (`webpki-roots`): the system's own
//! store would not do, since a company adds its own authority there, and that is the one to be told apart.

use std::time::Duration;

use jiff::Timestamp;
#[cfg(any(windows, target_vendor = "apple"))]
use rustls::client::danger::ServerCertVerifier;
use rustls::{
    CertificateError, Error, RootCertStore,
    client::{verify_server_cert_signed_by_trust_anchor, verify_server_name},
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};
#[cfg(any(windows, target_vendor = "apple"))]
use rustls_platform_verifier::Verifier;

use crate::{
    finding::{Reason, Unknown},
    host::{
        Certificate, Distrust, Verdict, key_store,
        live::{Stop, files, regular, tls},
    },
};

/// Who is trusted.
pub(in crate::host::live) enum Trusted {
    Store(Store),
    /// The system verifies by itself, and may fetch what a server does not send.
    #[cfg(any(windows, target_vendor = "apple"))]
    System(Verifier),
}

/// Certificates that are trusted.
pub(in crate::host::live) struct Store {
    roots: RootCertStore,
    /// The same as they are: a server's own certificate may be among them.
    exact: Vec<CertificateDer<'static>>,
    /// Why there may be more of them than were read.
    gap: Option<String>,
}

/// What is right and wrong with a chain, as [`crate::host::Shown`] tells it.
pub(super) struct Judged {
    pub trust: Verdict,
    pub out_of_date: Option<String>,
    pub wrong_name: Option<String>,
    pub public: bool,
}

/// Judges a chain at the machine's time. `read` are its certificates in words, as far as they can be read.
pub(super) fn judge(
    trusted: &Trusted,
    chain: &[CertificateDer<'_>],
    read: &[Certificate],
    name: &ServerName<'_>,
) -> Judged {
    let now = UnixTime::now();
    let times = times(read);
    let (trust, out_of_date) = trusted.over_time(chain, read, name, now, &times);
    let public = Store {
        roots: RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        },
        exact: Vec::new(),
        gap: None,
    };
    let mut all = std::iter::once(now).chain(times);
    Judged {
        trust,
        out_of_date,
        wrong_name: wrong_name(chain, name),
        public: all.any(|time| public.verify(chain, read, time).is_ok()),
    }
}

/// Moments at which all certificates could be in date: the first and the last one of all, and of the server's own.
fn times(read: &[Certificate]) -> Vec<UnixTime> {
    // Whoever is trusted is trusted whatever the dates in its own certificate.
    let dated = || {
        read.iter()
            .filter(|one| !(one.authority && one.self_issued))
    };
    let of_all = [
        dated().map(|one| one.not_before).max(),
        dated().map(|one| one.not_after).min(),
    ];
    let own = read.first();
    let of_own = [own.map(|own| own.not_before), own.map(|own| own.not_after)];
    let times = of_all.into_iter().chain(of_own).flatten();
    times.filter_map(moment).collect()
}

fn moment(time: Timestamp) -> Option<UnixTime> {
    let seconds = u64::try_from(time.as_second()).ok()?;
    Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
}

/// Of a certificate that cannot be read nobody knows its names.
fn wrong_name(chain: &[CertificateDer<'_>], name: &ServerName<'_>) -> Option<String> {
    let own = ParsedCertificate::try_from(chain.first()?).ok()?;
    let error = verify_server_name(&own, name).err()?;
    is_of_name(&error).then(|| error.to_string())
}

impl Trusted {
    /// Whom the file at a path trusts.
    ///
    /// # Errors
    /// A file that is not there, may not be read, or names nobody.
    pub fn read(path: &str, stop: &Stop) -> Result<Self, Unknown> {
        let Some(opened) = files::open_first(&[path.to_owned()], stop)?.pop() else {
            let why = format!("{path}: there is no such file");
            return Err(Unknown::new(Reason::NotAvailable, why));
        };
        let fails = |reason, why: String| Unknown::new(reason, format!("{path}: {why}"));
        let bytes = regular::bounded(opened.content?, key_store::LARGEST as u64)
            .map_err(|error| fails(Reason::NotWhole, error.to_string()))?;
        let found = key_store::trusted(&bytes)
            .map_err(|error| fails(Reason::NotAvailable, error.to_string()))?;
        let store = Store::new(found.into_iter().map(CertificateDer::from).collect(), None);
        match store.roots.is_empty() {
            true => Err(fails(
                Reason::NotAvailable,
                "none of its certificates can be read".to_owned(),
            )),
            false => Ok(Self::Store(store)),
        }
    }

    /// Whom the system trusts, and these authorities.
    ///
    /// # Errors
    /// Why nobody is trusted.
    #[cfg(not(any(windows, target_vendor = "apple")))]
    pub fn system(authorities: Vec<CertificateDer<'static>>) -> Result<Self, String> {
        let found = rustls_native_certs::load_native_certs();
        let gap = found.errors.first().map(ToString::to_string);
        let all = found.certs.into_iter().chain(authorities).collect();
        let store = Store::new(all, gap);
        match (store.roots.is_empty(), store.gap) {
            (true, gap) => Err(format!(
                "this machine names no trusted authorities: {}",
                gap.as_deref()
                    .unwrap_or("there are none in its usual places")
            )),
            (false, gap) => Ok(Self::Store(Store { gap, ..store })),
        }
    }

    /// Whom the system trusts, and these authorities.
    ///
    /// # Errors
    /// Why nobody is trusted.
    #[cfg(any(windows, target_vendor = "apple"))]
    pub fn system(authorities: Vec<CertificateDer<'static>>) -> Result<Self, String> {
        Verifier::new_with_extra_roots(authorities, tls::provider())
            .map(Self::System)
            .map_err(|error| format!("this machine names no trusted authorities: {error}"))
    }

    /// The verdict, and where it is the time that is wrong, what is said of the chain now.
    fn over_time(
        &self,
        chain: &[CertificateDer<'_>],
        read: &[Certificate],
        name: &ServerName<'_>,
        now: UnixTime,
        times: &[UnixTime],
    ) -> (Verdict, Option<String>) {
        let verify = |time| self.verify(chain, read, name, time);
        let Err(first) = verify(now) else {
            return (Verdict::Trusted, None);
        };
        let mut worse = None;
        for time in times {
            match verify(*time) {
                Ok(()) => return (Verdict::Trusted, Some(first.to_string())),
                Err(error) if is_of_time(&error) => {}
                Err(error) => worse = worse.or(Some(error)),
            }
        }
        let words = first.to_string();
        match (is_of_time(&first), worse) {
            (true, Some(worse)) => (self.verdict(&worse, read), Some(words)),
            // There is no moment at which all of it was in date, so that nobody can say what it was worth then.
            (true, None) => (Verdict::Undecided(words.clone()), Some(words)),
            (false, _) => (self.verdict(&first, read), None),
        }
    }

    /// Verifies all but the name.
    fn verify(
        &self,
        chain: &[CertificateDer<'_>],
        read: &[Certificate],
        name: &ServerName<'_>,
        time: UnixTime,
    ) -> Result<(), Error> {
        match self {
            Self::Store(store) => {
                // Only a system that verifies by itself wants a name.
                let _ = name;
                store.verify(chain, read, time)
            }
            #[cfg(any(windows, target_vendor = "apple"))]
            Self::System(verifier) => {
                let Some((own, others)) = chain.split_first() else {
                    return Err(Error::NoCertificatesPresented);
                };
                let its_own = read.first().and_then(name_in);
                let name = its_own.as_ref().unwrap_or(name);
                let verified = verifier.verify_server_cert(own, others, name, &[], time);
                match verified {
                    Err(error) if !is_of_name(&error) => Err(error),
                    _ => Ok(()),
                }
            }
        }
    }

    fn verdict(&self, error: &Error, read: &[Certificate]) -> Verdict {
        let verdict = verdict(error, read);
        match (self, verdict) {
            (
                Self::Store(Store { gap: Some(gap), .. }),
                // Two authorities may bear one name, so that the one that was read has another key.
                Verdict::Untrusted {
                    why: Distrust::UnknownIssuer | Distrust::BadSignature,
                    ..
                },
            ) => Verdict::Undecided(format!("not all who are trusted could be read: {gap}")),
            (_, verdict) => verdict,
        }
    }
}

impl Store {
    fn new(exact: Vec<CertificateDer<'static>>, gap: Option<String>) -> Self {
        let mut roots = RootCertStore::empty();
        let (_, not_read) = roots.add_parsable_certificates(exact.iter().cloned());
        let gap = gap.or((not_read > 0).then(|| format!("{not_read} of its certificates")));
        Self { roots, exact, gap }
    }

    fn verify(
        &self,
        chain: &[CertificateDer<'_>],
        read: &[Certificate],
        time: UnixTime,
    ) -> Result<(), Error> {
        let (own, others) = chain.split_first().ok_or(Error::NoCertificatesPresented)?;
        if let (true, Some(read)) = (self.exact.contains(own), read.first()) {
            return in_date(read, time);
        }
        verify_server_cert_signed_by_trust_anchor(
            &ParsedCertificate::try_from(own)?,
            &self.roots,
            others,
            time,
            tls::provider().signature_verification_algorithms.all,
        )
    }
}

/// A certificate that is trusted itself needs no issuer, but has its dates.
fn in_date(certificate: &Certificate, time: UnixTime) -> Result<(), Error> {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let error = match seconds {
        _ if seconds < certificate.not_before.as_second() => CertificateError::NotValidYet,
        _ if seconds > certificate.not_after.as_second() => CertificateError::Expired,
        _ => return Ok(()),
    };
    Err(error.into())
}

/// A name that the certificate is for.
#[cfg(any(windows, target_vendor = "apple"))]
fn name_in(certificate: &Certificate) -> Option<ServerName<'static>> {
    let mut names = certificate.names.iter();
    names.find_map(|name| ServerName::try_from(name.replacen("*.", "any.", 1)).ok())
}

fn is_of_time(error: &Error) -> bool {
    use CertificateError as Is;

    matches!(
        error,
        Error::InvalidCertificate(
            Is::Expired
                | Is::ExpiredContext { .. }
                | Is::NotValidYet
                | Is::NotValidYetContext { .. }
        )
    )
}

fn is_of_name(error: &Error) -> bool {
    use CertificateError as Is;

    matches!(
        error,
        Error::InvalidCertificate(Is::NotValidForName | Is::NotValidForNameContext { .. })
    )
}

fn verdict(error: &Error, read: &[Certificate]) -> Verdict {
    use CertificateError as Is;
    use webpki::Error as Of;

    let detail = error.to_string();
    let Error::InvalidCertificate(error) = error else {
        return Verdict::Undecided(detail);
    };
    let why = match error {
        Is::UnknownIssuer => Distrust::UnknownIssuer,
        Is::BadSignature => Distrust::BadSignature,
        Is::BadEncoding => Distrust::Malformed,
        Is::Revoked => Distrust::Revoked,
        Is::InvalidPurpose | Is::InvalidPurposeContext { .. } => Distrust::NotAllowed,
        Is::Other(other) => match other.0.downcast_ref() {
            // OpenSSL and Java take such a one for a server's; signed by itself, it is trusted by nobody.
            Some(Of::CaUsedAsEndEntity) if read.first().is_some_and(|own| own.self_issued) => {
                Distrust::UnknownIssuer
            }
            Some(
                Of::EndEntityUsedAsCa | Of::NameConstraintViolation | Of::PathLenConstraintViolated,
            ) => Distrust::NotAllowed,
            Some(
                Of::ExtensionValueInvalid
                | Of::MalformedExtensions
                | Of::MalformedDnsIdentifier
                | Of::MalformedNameConstraint
                | Of::SignatureAlgorithmMismatch,
            ) => Distrust::Malformed,
            Some(Of::CertDistrusted) => Distrust::Rejected,
            // What the verifier does not know, and where it gave up.
            Some(_) => return Verdict::Undecided(detail),
            None => Distrust::Rejected,
        },
        Is::ApplicationVerificationFailure => Distrust::Rejected,
        _ => return Verdict::Undecided(detail),
    };
    Verdict::Untrusted { why, detail }
}

#[cfg(test)]
mod tests;
