//! What is wrong with a handshake: a word that trees can rely on, and a sentence for people.

use jiff::Timestamp;

use crate::host::{BrokeOff, Broken, Certificate, Distrust, Shown};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issue {
    pub word: &'static str,
    pub why: String,
    /// The words of the TLS library; empty where it said nothing of it.
    pub detail: String,
}

impl Issue {
    fn new(word: &'static str, why: impl Into<String>, detail: &str) -> Self {
        Self {
            word,
            why: why.into(),
            detail: detail.to_owned(),
        }
    }

    /// Why a chain is not trusted.
    pub fn of_trust(why: Distrust, detail: &str, shown: &Shown) -> Self {
        let issue = |word, why: &str| Self::new(word, why, detail);
        match why {
            Distrust::UnknownIssuer => Self::of_issuer(&shown.chain, detail),
            Distrust::BadSignature => issue(
                "bad-signature",
                "a certificate was not signed with the key of the one that it names as its issuer; there may be two of that name",
            ),
            Distrust::NotAllowed => issue(
                "not-allowed",
                "a certificate was not issued for a server, or by one that may not issue it",
            ),
            Distrust::Revoked => issue("revoked", "a certificate was revoked by its issuer"),
            Distrust::Malformed => match &shown.unreadable {
                Some(which) => Self::new("malformed", which.clone(), detail),
                None => issue("malformed", "a certificate breaks the rules of its form"),
            },
            Distrust::Rejected => issue("rejected", "the system refuses the certificates"),
        }
    }

    /// Where a chain ends that leads to nobody who is trusted.
    fn of_issuer(chain: &[Certificate], detail: &str) -> Self {
        let Some(own) = chain.first() else {
            return Self::new(
                "unknown-issuer",
                "the chain leads to nobody who is trusted",
                detail,
            );
        };
        if own.self_issued {
            let why = format!("`{}` signed itself, and is not trusted", own.subject);
            return Self::new("self-signed", why, detail);
        }
        let (mut last, mut left): (_, Vec<&Certificate>) = (own, chain[1..].iter().collect());
        while !last.self_issued
            && let Some(at) = left.iter().position(|next| next.subject == last.issuer)
        {
            last = left.remove(at);
        }
        if last.self_issued {
            let why = format!("the chain leads to `{}`, who is not trusted", last.subject);
            return Self::new("unknown-issuer", why, detail);
        }
        // What else was sent does not fit, or the certificate itself tells that its issuer is to be had elsewhere: such
        // ones are issued by authorities in between, which a server has to send along.
        let alone = chain.len() == 1 && (!own.issuer_at.is_empty() || is_of_public_rules(own));
        if alone || !left.is_empty() {
            let why = format!(
                "the server does not send the certificate of `{}`, who issued `{}`",
                last.issuer, last.subject
            );
            return Self::new("missing-intermediate", why, detail);
        }
        let why = format!(
            "`{}`, who issued `{}`, is not trusted",
            last.issuer, last.subject
        );
        Self::new("unknown-issuer", why, detail)
    }

    /// The first certificate that is out of date, if the server's own or, with `all`, any one is. Those who sign
    /// themselves are trusted, or not, whatever their dates.
    pub fn of_time(chain: &[Certificate], all: bool, now: Timestamp, detail: &str) -> Option<Self> {
        let looked_at = if all { chain } else { chain.get(..1)? };
        let dated = looked_at
            .iter()
            .enumerate()
            .filter(|(at, one)| *at == 0 || !(one.self_issued && one.authority));
        dated.map(|(_, one)| one).find_map(|one| {
            let subject = &one.subject;
            if now > one.not_after {
                let why = format!("`{subject}` expired on {}", one.not_after);
                Some(Self::new("expired", why, detail))
            } else if now < one.not_before {
                let why = format!("`{subject}` is not valid before {}", one.not_before);
                Some(Self::new("not-yet-valid", why, detail))
            } else {
                None
            }
        })
    }

    /// A chain that does not hold at the machine's time, and nobody knows which certificate it is.
    pub fn of_some_time(detail: &str) -> Self {
        Self::new(
            "expired",
            "a certificate of the chain is out of date",
            detail,
        )
    }

    pub fn of_name(name: &str, own: Option<&Certificate>, detail: &str) -> Self {
        const SHOWN: usize = 8;

        let names = own.map_or(&[][..], |own| &own.names);
        let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
        let more = match names.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let why = match shown.is_empty() {
            // A name in the subject alone counts for nothing any more (RFC 9525).
            true => format!("the certificate names no host, and so not {name}"),
            false => format!(
                "the certificate is for {}{more}, not for {name}",
                shown.join(", ")
            ),
        };
        Self::new("wrong-name", why, detail)
    }

    pub fn of_break(broke_off: &BrokeOff) -> Self {
        let (word, why) = match broke_off.how {
            Broken::NotTls => ("not-tls", "what answers there is not TLS"),
            Broken::HungUp => (
                "hung-up",
                "the connection was closed in the middle of the handshake",
            ),
            Broken::NothingInCommon => (
                "nothing-in-common",
                "the server takes no version or cipher that is offered: TLS 1.2 and 1.3, with forward secrecy",
            ),
            Broken::CertificateWanted => (
                "certificate-wanted",
                "the server wants a certificate of the client's",
            ),
            Broken::NameNotServed => ("name-not-served", "the server knows nobody of this name"),
            Broken::Refused => ("refused", "the server refuses the handshake"),
            Broken::NotProven => (
                "not-proven",
                "the server does not prove that the certificate is its own",
            ),
            Broken::Silent => (
                "silent",
                "the server stopped answering in the middle of the handshake",
            ),
            Broken::Faulty => ("faulty", "the handshake breaks the rules of TLS"),
        };
        Self::new(word, why, &broke_off.detail)
    }
}

/// Whether a public authority issued the certificate; `None` where that cannot be told.
///
/// Since 2020-09-30 the rules that all public authorities follow demand that each certificate for a server names one of
/// the rules' own policies (CA/Browser Forum, *Baseline Requirements*, 7.1.6.4). One without it is not theirs. One with it
/// that leads to none that this program knows may be of a new one, or lack what stands in between.
pub(super) fn is_public(shown: &Shown) -> Option<bool> {
    let since: Timestamp = Timestamp::constant(1_601_424_000, 0);
    let own = shown.chain.first()?;
    let of_no_rules = own.not_before >= since && !is_of_public_rules(own);
    match shown.public? {
        true => Some(true),
        false if own.self_issued || of_no_rules => Some(false),
        false => None,
    }
}

fn is_of_public_rules(certificate: &Certificate) -> bool {
    const RULES: &str = "2.23.140.1.";

    certificate
        .policies
        .iter()
        .any(|policy| policy.starts_with(RULES))
}
