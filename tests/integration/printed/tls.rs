//! `openssl s_client`, and what .NET's `SslStream` is asked.

use waypost::finding::Os;

use super::{Samples, judged, refuses_others, sample};

const fn linux(params: &'static str) -> Samples {
    Samples {
        kind: "tls",
        params,
        os: Os::Linux,
    }
}

const fn windows(params: &'static str) -> Samples {
    Samples {
        kind: "tls",
        params,
        os: Os::Windows,
    }
}

const A: &str = r#"{"host": "a.example"}"#;
const FOR_B: &str = r#"{"host": "a.example", "name": "b.example"}"#;
const BY_PROXY: &str = r#"{"host": "a.example", "via": "p.example:3128"}"#;
const BY_OWN: &str = r#"{"host": "a.example", "trust": "/etc/own.pem"}"#;

/// The outcome, and of its facts those that are told here: how many certificates, the version, and every word for what is
/// wrong.
fn told(samples: &Samples, name: &str) -> String {
    let found = judged(samples.kind, samples.params, samples.os, &sample(name));
    let Some((outcome, facts)) = found.split_once(" {") else {
        return found;
    };
    if outcome.ends_with(':') || outcome.contains(' ') {
        return found;
    }
    let facts: serde_json::Value = serde_json::from_str(&format!("{{{facts}")).expect("it is JSON");
    let chain = facts["chain"].as_array().map_or(0, Vec::len);
    format!(
        "{outcome} {chain} {} {}",
        facts["version"].as_str().unwrap_or("-"),
        facts["issues"]
    )
}

#[track_caller]
fn check(samples: Samples, name: &str, expected: &str) {
    assert_eq!(told(&samples, name), expected, "{name}");
}

#[test]
fn chains_that_openssl_verified() {
    check(linux(A), "openssl-3-trusted.txt", "trusted 2 TLSv1.3 []");
    check(linux(A), "openssl-3-tls12.txt", "trusted 2 TLSv1.2 []");
    check(linux(A), "openssl-1.0-trusted.txt", "trusted 2 TLSv1.2 []");
    check(
        linux(BY_PROXY),
        "openssl-3-proxy-answered.txt",
        r#"untrusted 2 TLSv1.3 ["unknown-issuer"]"#,
    );
    check(linux(BY_OWN), "openssl-3-store.txt", "trusted 2 TLSv1.3 []");
    check(
        linux(A),
        "openssl-3-expired.txt",
        r#"expired 2 TLSv1.3 ["expired"]"#,
    );
    check(
        linux(FOR_B),
        "openssl-3-mismatch.txt",
        r#"name-mismatch 2 TLSv1.3 ["wrong-name"]"#,
    );
    check(
        linux(A),
        "openssl-3-self.txt",
        r#"untrusted 1 TLSv1.3 ["self-signed"]"#,
    );
    check(
        linux(A),
        "openssl-3-missing.txt",
        r#"untrusted 1 TLSv1.3 ["missing-intermediate"]"#,
    );
    check(
        linux(A),
        "openssl-3-unknown.txt",
        r#"untrusted 3 TLSv1.3 ["unknown-issuer"]"#,
    );
    // Its last word is of the time alone.
    check(
        linux(A),
        "openssl-3-old-self.txt",
        r#"untrusted 2 TLSv1.3 ["unknown-issuer","expired"]"#,
    );
    check(
        linux(A),
        "openssl-3-wanted.txt",
        r#"untrusted 2 - ["unknown-issuer","certificate-wanted"]"#,
    );
    check(
        linux(A),
        "openssl-3-protocol.txt",
        r#"untrusted 1 - ["missing-intermediate","nothing-in-common"]"#,
    );
}

#[test]
fn what_openssl_does_not_tell() {
    // Before 1.1 the system's authorities count beside the file's.
    check(
        linux(BY_OWN),
        "openssl-1.0-store.txt",
        "unknown: whether the chain is trusted cannot be told: `openssl` does not say whom /etc/own.pem trusts",
    );
    // Its last word alone: that it expired is true, whatever else is wrong.
    check(
        linux(A),
        "openssl-1.0-last-word.txt",
        r#"expired 2 TLSv1.2 ["expired"]"#,
    );
    check(
        linux(A),
        "openssl-3-usage.txt",
        "unknown: `openssl s_client` failed: s_client: Unknown option: -no_such_thing",
    );
    check(
        linux(A),
        "openssl-none.txt",
        "unknown: timeout: failed to run command 'openssl': No such file or directory",
    );
    // Which logins it takes is not printed.
    let login = "unknown: p.example:3128 wants a login (407), and the paste names no scheme for it";
    check(linux(BY_PROXY), "openssl-3-proxy-407.txt", login);
    check(linux(BY_PROXY), "openssl-1.1-proxy-407.txt", login);
}

#[test]
fn no_chains() {
    let a = linux(A);
    a.check_cut(
        "openssl-3-refused.txt",
        r#"unreachable {"error":"a.example:443 refused the connection","address":"a.example:443"}"#,
    );
    a.check_cut(
        "openssl-1.0-refused.txt",
        r#"unreachable {"error":"a.example:443 refused the connection","address":"a.example:443"}"#,
    );
    a.check_cut(
        "openssl-1.1-timed-out.txt",
        r#"unreachable {"error":"nobody took the connection in time"}"#,
    );
    a.check_cut(
        "openssl-3-unresolved.txt",
        r#"unreachable {"error":"Name or service not known"}"#,
    );
    a.check_cut(
        "openssl-3-silent.txt",
        r#"unreachable {"error":"a.example:443: no handshake within the time that there was"}"#,
    );
    linux(BY_PROXY).check_cut(
        "openssl-3-proxy-500.txt",
        r#"proxy-refused {"proxy_status":500,"schemes":[]}"#,
    );
    // `Verify return code: 0 (ok)` stands in all of these.
    check(
        linux(A),
        "openssl-3-not-tls.txt",
        r#"failed 0 - ["not-tls"]"#,
    );
    check(linux(A), "openssl-1.0-eof.txt", r#"failed 0 - ["not-tls"]"#);
    check(
        linux(A),
        "openssl-3-name.txt",
        r#"failed 0 - ["name-not-served"]"#,
    );
    check(
        linux(A),
        "openssl-3-hung-up.txt",
        r#"failed 0 - ["hung-up"]"#,
    );
    check(
        linux(A),
        "openssl-1.1-alert.txt",
        r#"failed 0 - ["nothing-in-common"]"#,
    );
}

#[test]
fn chains_that_windows_verified() {
    check(windows(A), "ssl-stream-trusted.txt", "trusted 2 TLSv1.2 []");
    check(
        windows(BY_PROXY),
        "ssl-stream-proxy-answered.txt",
        "trusted 2 TLSv1.2 []",
    );
    check(
        windows(A),
        "ssl-stream-unknown.txt",
        r#"untrusted 2 TLSv1.2 ["unknown-issuer"]"#,
    );
    check(
        windows(A),
        "ssl-stream-expired.txt",
        r#"expired 2 TLSv1.2 ["expired"]"#,
    );
    check(
        windows(FOR_B),
        "ssl-stream-mismatch.txt",
        r#"name-mismatch 2 TLSv1.2 ["wrong-name"]"#,
    );
    check(
        windows(A),
        "ssl-stream-odd.txt",
        "unknown: whether the chain is trusted cannot be told: Windows says `OfflineRevocation`",
    );
    let own = judged(
        "tls",
        BY_OWN,
        Os::Windows,
        &sample("ssl-stream-trusted.txt").replace("443:", "443 by /etc/own.pem:"),
    );
    assert_eq!(
        own,
        "unknown: whether the chain is trusted cannot be told: `Windows` does not say whom /etc/own.pem trusts"
    );
}

#[test]
fn no_chains_of_windows() {
    let a = windows(A);
    a.check_cut(
        "ssl-stream-refused.txt",
        r#"unreachable {"error":"a.example:443 refused the connection","address":"a.example:443"}"#,
    );
    a.check_cut(
        "ssl-stream-german.txt",
        r#"unreachable {"error":"Der angegebene Host ist unbekannt"}"#,
    );
    a.check_cut(
        "ssl-stream-silent.txt",
        r#"unreachable {"error":"a.example:443 took the connection, and did not answer in time","address":"a.example:443"}"#,
    );
    windows(BY_PROXY).check_cut(
        "ssl-stream-proxy-407.txt",
        r#"proxy-refused {"proxy_status":407,"schemes":["Negotiate","NTLM"]}"#,
    );
    check(
        windows(A),
        "ssl-stream-algorithm.txt",
        r#"failed 0 - ["nothing-in-common"]"#,
    );
    check(
        windows(A),
        "ssl-stream-hung-up.txt",
        r#"failed 0 - ["hung-up"]"#,
    );
    check(
        windows(A),
        "ssl-stream-not-tls.txt",
        r#"failed 0 - ["not-tls"]"#,
    );
    check(
        windows(A),
        "ssl-stream-hung-up-german.txt",
        "unknown: Fehler bei der Authentifizierung, da die Gegenseite den Transportstream geschlossen hat.",
    );
}

/// What is cut says the same, or nothing; a line at a time, for the certificates are long.
#[test]
fn what_is_cut_says_nothing() {
    for (samples, name) in [
        (linux(A), "openssl-3-trusted.txt"),
        (linux(A), "openssl-3-old-self.txt"),
        (linux(A), "openssl-3-wanted.txt"),
        (windows(A), "ssl-stream-trusted.txt"),
        (windows(A), "ssl-stream-unknown.txt"),
    ] {
        let text = sample(name);
        for (at, _) in text.match_indices('\n').take(text.lines().count() - 1) {
            for at in [at, at + 1] {
                let found = judged(samples.kind, samples.params, samples.os, &text[..at]);
                let nothing = found.starts_with("unknown: ") || found.starts_with("refused: ");
                assert!(nothing, "{name}, cut at {at}: {found}");
            }
        }
    }
    let text = sample("openssl-3-trusted.txt");
    let middle: String = text
        .lines()
        .filter(|line| !line.starts_with("MII"))
        .collect::<Vec<_>>()
        .join("\n");
    assert_eq!(
        judged("tls", A, Os::Linux, &(middle + "\n")),
        "unknown: certificate 1 in the paste cannot be read: not a certificate in DER form"
    );
}

#[test]
fn of_something_else() {
    linux(FOR_B).check(
        "openssl-3-trusted.txt",
        "refused: expected what was asked as `TLS a.example:443 for b.example`, got what was asked as `TLS a.example:443`",
    );
    refuses_others(&linux(A), &["openssl-", "ssl-stream-"]);
    refuses_others(&windows(A), &["openssl-", "ssl-stream-"]);
}
