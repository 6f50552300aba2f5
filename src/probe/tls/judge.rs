//! From what a handshake showed to the outcome. Whom nobody can trust comes before the time, the time before the name: it is
//! what would still be wrong after the others were mended.

use jiff::Timestamp;

use super::issue::{Issue, is_public};
use crate::{
    finding::{Evidence, Facts, Reason, Unknown, Value},
    host::{
        Certificate, Connection, Revocation, RevocationKind, Shown, TlsReply, TlsRequest, Trust,
        Verdict,
    },
    probe::{
        Judged,
        excerpt::{LINE, cut},
        judging::known,
        tcp::{proxy_refused, proxy_silent},
    },
};

/// How many certificates are shown as evidence.
const SHOWN: usize = 4;

pub(super) fn judge(request: &TlsRequest, reply: TlsReply, now: Timestamp) -> Judged {
    let place = place(request);
    let unreachable = |why: String| {
        let text = format!("unreachable: {why}");
        (Judged::outcome("unreachable").fact("error", why), text)
    };
    let (judged, text) = match reply {
        TlsReply::Shown(shown) => return of_shown(request, &shown, now, place),
        TlsReply::Failed { address, broke_off } => {
            let issue = Issue::of_break(&broke_off);
            let judged = Judged::outcome("failed").fact("address", address);
            let text = issue.why.clone();
            (with_issues(judged, &[issue]), text)
        }
        TlsReply::Silent { address } => {
            let why = format!("{address} took the connection, and did not answer in time");
            let (judged, text) = unreachable(why);
            (judged.fact("address", address), text)
        }
        TlsReply::NoWay(Connection::ProxyRefused {
            status,
            schemes,
            why,
        }) => proxy_refused(status, schemes, why),
        TlsReply::NoWay(Connection::Refused { address }) => {
            let (judged, text) = unreachable(format!("{address} refused the connection"));
            (judged.fact("address", address), text)
        }
        TlsReply::NoWay(Connection::ProxySilent { address }) => {
            let (judged, text) = unreachable(proxy_silent(&address));
            (judged.fact("address", address), text)
        }
        TlsReply::NoWay(Connection::TimedOut) => {
            unreachable("nobody took the connection in time".to_owned())
        }
        TlsReply::NoWay(Connection::Unreachable(why) | Connection::Unresolved(why)) => {
            unreachable(why)
        }
        // Only a mangled recording says so.
        TlsReply::NoWay(Connection::Open { .. }) => {
            let why = "the connection was open, and no handshake was made";
            return Judged::unknown(Unknown::new(Reason::Other, why));
        }
    };
    judged.evidence(Evidence {
        file: Some(place),
        text,
        ..Evidence::default()
    })
}

/// What was asked, as the commands to copy say it: not merely a connection to the same place.
pub(super) fn request_line(request: &TlsRequest) -> String {
    format!("TLS {}", place(request))
}

/// What was asked, in one line.
fn place(request: &TlsRequest) -> String {
    let host = match request.host.contains(':') {
        true => format!("[{}]", request.host),
        false => request.host.clone(),
    };
    let mut place = format!("{host}:{}", request.port);
    if !request.name.eq_ignore_ascii_case(&request.host) {
        place += &format!(" for {}", request.name);
    }
    if let Trust::Store(path) = &request.trust {
        place += &format!(" by {path}");
    }
    if let Some(via) = &request.via {
        place += &format!(" via {}", via.address);
    }
    place
}

fn of_shown(request: &TlsRequest, shown: &Shown, now: Timestamp, place: String) -> Judged {
    let of_trust = match &shown.trust {
        Verdict::Untrusted { why, detail } => Some(Issue::of_trust(*why, detail, shown)),
        Verdict::Trusted | Verdict::Undecided(_) => None,
    };
    let of_time = of_time(shown, now);
    let of_name = shown
        .wrong_name
        .as_ref()
        .map(|detail| Issue::of_name(&request.name, shown.chain.first(), detail));
    let of_break = shown.broke_off.as_ref().map(Issue::of_break);
    let judged = match &shown.trust {
        Verdict::Untrusted { .. } if shown.cut => Judged::unknown(Unknown::new(
            Reason::NotWhole,
            "the server sent more certificates than are looked at, and those that were lead to nobody who is trusted",
        )),
        Verdict::Untrusted { .. } => Judged::outcome("untrusted"),
        _ if of_time.is_some() => Judged::outcome("expired"),
        _ if of_name.is_some() => Judged::outcome("name-mismatch"),
        Verdict::Undecided(why) => Judged::unknown(Unknown::new(
            Reason::Other,
            format!("whether the chain is trusted cannot be told: {why}"),
        )),
        Verdict::Trusted if of_break.is_some() => Judged::outcome("failed"),
        Verdict::Trusted => Judged::outcome("trusted"),
    };
    let issues: Vec<Issue> = [of_trust, of_time, of_name, of_break]
        .into_iter()
        .flatten()
        .collect();
    let text = match (issues.first(), &shown.version) {
        (Some(worst), _) => worst.why.clone(),
        (None, version) => {
            let came = version.as_deref().unwrap_or("certificates");
            let after = shown.took_ms.map(|took| format!(" after {took} ms"));
            format!("{came}{}", after.unwrap_or_default())
        }
    };
    let chain: Vec<Value> = shown.chain.iter().map(|one| in_facts(one).into()).collect();
    let revocation: Vec<Value> = shown
        .revocation
        .iter()
        .map(|one| asked(one).into())
        .collect();
    let judged = known(
        judged.fact("chain", chain),
        "version",
        shown.version.clone(),
    );
    let judged = with_issues(judged, &issues);
    let judged = known(judged, "public_issuer", is_public(shown)).fact("revocation", revocation);
    let judged = known(judged, "asks_for_certificate", shown.asks_for_certificate)
        .fact("address", shown.address.clone());
    known(judged, "took_ms", shown.took_ms).evidence(Evidence {
        file: Some(place),
        text,
        after: lines(shown),
        ..Evidence::default()
    })
}

/// The server's own certificate has to be in date; another one may be out of date where a way around it is trusted.
fn of_time(shown: &Shown, now: Timestamp) -> Option<Issue> {
    let detail = shown.out_of_date.as_deref();
    let all = detail.is_some() || matches!(shown.trust, Verdict::Untrusted { .. });
    let found = Issue::of_time(&shown.chain, all, now, detail.unwrap_or_default());
    found.or_else(|| detail.map(Issue::of_some_time))
}

fn with_issues(judged: Judged, issues: &[Issue]) -> Judged {
    let words: Vec<Value> = issues.iter().map(|issue| issue.word.into()).collect();
    let judged =
        known(judged, "issue", issues.first().map(|issue| issue.word)).fact("issues", words);
    let judged = known(
        judged,
        "why",
        issues.first().map(|issue| issue.why.as_str()),
    );
    let detail = issues.first().map(|issue| issue.detail.as_str());
    known(judged, "detail", detail.filter(|detail| !detail.is_empty()))
}

fn in_facts(certificate: &Certificate) -> Facts {
    let names: Vec<Value> = certificate
        .names
        .iter()
        .map(|name| name.as_str().into())
        .collect();
    Facts::from_iter([
        ("subject".to_owned(), certificate.subject.as_str().into()),
        ("issuer".to_owned(), certificate.issuer.as_str().into()),
        (
            "not_before".to_owned(),
            certificate.not_before.to_string().into(),
        ),
        (
            "not_after".to_owned(),
            certificate.not_after.to_string().into(),
        ),
        ("names".to_owned(), names.into()),
        ("serial".to_owned(), certificate.serial.as_str().into()),
        ("sha256".to_owned(), certificate.sha256.as_str().into()),
        ("authority".to_owned(), certificate.authority.into()),
        ("self_issued".to_owned(), certificate.self_issued.into()),
    ])
}

/// What is not known of an address is not there.
fn asked(revocation: &Revocation) -> Facts {
    let kind = match revocation.kind {
        RevocationKind::Ocsp => "ocsp",
        RevocationKind::Crl => "crl",
    };
    let mut facts = Facts::from_iter([
        ("url".to_owned(), revocation.url.as_str().into()),
        ("kind".to_owned(), kind.into()),
    ]);
    let mut add = |name: &str, value: Option<Value>| {
        facts.extend(value.map(|value| (name.to_owned(), value)));
    };
    add("answers", revocation.answers.map(Value::from));
    add("status", revocation.status.map(Value::from));
    add("error", revocation.error.as_deref().map(Value::from));
    facts
}

/// The chain and the addresses as a person reads them.
fn lines(shown: &Shown) -> Vec<String> {
    let chain = shown.chain.iter().take(SHOWN).map(|one| {
        format!(
            "{}, issued by {}, from {} to {}",
            one.subject, one.issuer, one.not_before, one.not_after
        )
    });
    let revocation = shown.revocation.iter().map(|one| {
        let end = match (one.answers, one.status, &one.error) {
            (Some(true), Some(status), _) => format!("answers, status {status}"),
            (Some(true), None, _) => "answers".to_owned(),
            (Some(false), _, Some(why)) => format!("does not answer: {why}"),
            (Some(false), _, None) => "does not answer".to_owned(),
            (None, _, Some(why)) => why.clone(),
            (None, _, None) => "nobody asked".to_owned(),
        };
        format!("{}: {end}", one.url)
    });
    let lines = chain.chain(revocation);
    lines.map(|line| cut(&line, LINE).to_string()).collect()
}
