//! Chains judged without a server: a real one of a public authority, and made-up ones.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;

use super::*;

type Issuer = CertifiedIssuer<'static, KeyPair>;

/// The chain of a public authority, its own first. Out of date.
fn public() -> Vec<CertificateDer<'static>> {
    let pem = include_bytes!("../../../../../tests/certificates/public.pem");
    let all = CertificateDer::pem_slice_iter(pem);
    all.map(|one| one.expect("it is one")).collect()
}

fn authority(below: Option<&Issuer>) -> Issuer {
    let mut params = CertificateParams::default();
    let name = if below.is_some() { "Between" } else { "Root" };
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key is made");
    let made = match below {
        Some(above) => CertifiedIssuer::signed_by(params, key, above),
        None => CertifiedIssuer::self_signed(params, key),
    };
    made.expect("the authority is made")
}

fn own(issuer: &Issuer, change: impl FnOnce(&mut CertificateParams)) -> CertificateDer<'static> {
    let mut params = CertificateParams::new(["a.example".to_owned()]).expect("it is a name");
    change(&mut params);
    let key = KeyPair::generate().expect("a key is made");
    params
        .signed_by(&key, issuer)
        .expect("it is signed")
        .der()
        .clone()
}

fn store(of: &[&CertificateDer<'static>]) -> Trusted {
    Trusted::Store(Store::new(of.iter().copied().cloned().collect(), None))
}

fn judged(trusted: &Trusted, chain: &[CertificateDer<'static>], name: &'static str) -> Judged {
    let read: Vec<Certificate> = chain
        .iter()
        .map_while(|der| Certificate::read(der).ok())
        .collect();
    judge(
        trusted,
        chain,
        &read,
        &ServerName::try_from(name).expect("it is a name"),
    )
}

/// The verdict as a word.
fn word(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Trusted => "trusted".to_owned(),
        Verdict::Untrusted { why, .. } => format!("{why:?}"),
        Verdict::Undecided(why) => format!("undecided: {why}"),
    }
}

#[test]
fn a_public_authority_is_known_whoever_is_trusted() {
    #[track_caller]
    fn check(trusted: &Trusted, chain: &[CertificateDer<'static>], expected: (&str, bool, bool)) {
        let judged = judged(trusted, chain, "letsencrypt.org");
        let got = (
            word(&judged.trust),
            judged.out_of_date.is_some(),
            judged.public,
        );
        assert_eq!(got, (expected.0.to_owned(), expected.1, expected.2));
        assert_eq!(judged.wrong_name, None);
    }
    let chain = public();
    let root = authority(None);
    // Trusted but for its date, of a public authority; not by who trusts another one.
    check(&store(&[&chain[2]]), &chain[..2], ("trusted", true, false));
    check(&store(&[&chain[3]]), &chain, ("trusted", true, true));
    check(&store(&[root.der()]), &chain, ("UnknownIssuer", true, true));
    // Without what stands in between, nobody can tell.
    check(
        &store(&[&chain[2]]),
        &chain[..1],
        ("UnknownIssuer", true, false),
    );
    let elsewhere = judged(&store(&[&chain[2]]), &chain, "a.example");
    assert!(elsewhere.wrong_name.is_some());
}

#[test]
fn chains_are_worth_what_they_lead_to() {
    #[track_caller]
    fn check(trusted: &Trusted, chain: &[&CertificateDer<'static>], expected: &str) {
        let chain: Vec<_> = chain.iter().copied().cloned().collect();
        let judged = judged(trusted, &chain, "a.example");
        let late = judged.out_of_date.map_or("", |_| ", out of date");
        assert_eq!(format!("{}{late}", word(&judged.trust)), expected);
        assert!(!judged.public);
    }
    let date = |params: &mut CertificateParams, from: i32, to: i32| {
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
    };
    let root = authority(None);
    let between = authority(Some(&root));
    let good = own(&between, |_| {});
    check(&store(&[root.der()]), &[&good, between.der()], "trusted");
    check(
        &store(&[root.der()]),
        &[&good, between.der(), root.der()],
        "trusted",
    );
    check(&store(&[between.der()]), &[&good], "trusted");
    check(&store(&[root.der()]), &[&good], "UnknownIssuer");
    check(
        &store(&[authority(None).der()]),
        &[&good, between.der()],
        "BadSignature",
    );
    let old = own(&root, |params| date(params, 2000, 2001));
    check(&store(&[root.der()]), &[&old], "trusted, out of date");
    check(
        &store(&[between.der()]),
        &[&old],
        "UnknownIssuer, out of date",
    );
    let young = own(&root, |params| date(params, 2100, 2101));
    check(&store(&[root.der()]), &[&young], "trusted, out of date");
    let code = own(&root, |params| {
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::CodeSigning];
    });
    check(&store(&[root.der()]), &[&code], "NotAllowed");
    // Issued by one that may issue none.
    let key = KeyPair::generate().expect("a key is made");
    let params = CertificateParams::new(["b.example".to_owned()]).expect("it is a name");
    let none = CertifiedIssuer::signed_by(params, key, &root).expect("it is signed");
    check(
        &store(&[root.der()]),
        &[&own(&none, |_| {}), none.der()],
        "NotAllowed",
    );
    let garbage = CertificateDer::from(b"garbage".to_vec());
    check(&store(&[root.der()]), &[&garbage], "Malformed");
}

/// A server's own certificate among those that are trusted: Java and OpenSSL take it, whatever else it may be used for.
#[test]
fn a_certificate_that_is_trusted_itself_needs_no_issuer() {
    let of = |trusted: &Trusted, one: &CertificateDer<'static>| {
        let judged = judged(trusted, std::slice::from_ref(one), "a.example");
        (word(&judged.trust), judged.out_of_date.is_some())
    };
    let root = authority(None);
    let other = authority(None);
    let trusted = |late| ("trusted".to_owned(), late);
    assert_eq!(of(&store(&[root.der()]), root.der()), trusted(false));
    assert_eq!(
        of(&store(&[other.der()]), root.der()),
        ("UnknownIssuer".to_owned(), false)
    );
    // An authority's certificate that a server uses: some programs take it.
    let between = authority(Some(&root));
    let (verdict, _) = of(&store(&[root.der()]), between.der());
    assert!(verdict.starts_with("undecided: "), "{verdict}");
    let old = own(&root, |params| {
        params.not_after = rcgen::date_time_ymd(2001, 1, 1)
    });
    assert_eq!(of(&store(&[&old]), &old), trusted(true));
}

#[test]
fn who_could_not_be_read_may_be_the_one() {
    let root = authority(None);
    let good = own(&authority(None), |_| {});
    let broken = CertificateDer::from(b"garbage".to_vec());
    let judged = judged(&store(&[root.der(), &broken]), &[good], "a.example");
    assert_eq!(
        judged.trust,
        Verdict::Undecided(
            "not all who are trusted could be read: 1 of its certificates".to_owned()
        )
    );
}
