//! A `curl` that somebody ran in their own words: whose output it is, `-v` tells, or an error that names the host.

use std::time::Duration;

use waypost::{
    finding::Os,
    probe::{kind, patience},
};

use super::{Samples, cut_anywhere, judged, params, sample};

const HTTPS: Samples = Samples {
    kind: "http",
    params: r#"{"url": "https://a.example/x"}"#,
    os: Os::Linux,
};
const TCP: Samples = Samples {
    kind: "tcp",
    params: r#"{"host": "a.example", "port": 443}"#,
    os: Os::Linux,
};

/// What no piece of an answer may come to: a failure, or another status.
const NO: &[&str] = &[
    "refused {",
    "timed-out",
    "unreachable",
    "unresolved",
    "tls-failed",
    "proxy-refused",
    "absent",
];

#[test]
fn answers() {
    let answered = r#"answered {"status":200,"headers":{"server":"snow_adc","date":"Fri, 20 Nov 2026 10:00:00 GMT","content-type":"text/plain","content-length":"15"},"captures":{}}"#;
    for name in [
        "curl-v-https.txt",
        "curl-v-https-prompt.txt",
        "curl-v-http2.txt",
        "curl-v-nss-typed.txt",
        "curl-v-no-proxy.txt",
        "curl-v-again.txt",
    ] {
        HTTPS.check(name, answered);
    }
    for name in ["curl-v-https.txt", "curl-v-http2.txt"] {
        cut_anywhere(&HTTPS, name, NO);
        HTTPS.check_cut(name, answered);
    }
    // What of the body stands there may be found in it, and what is not found may be in the rest.
    let with = |capture: &str| {
        let params =
            format!(r#"{{"url": "https://a.example/x", "capture": {{"tag": "{capture}: (.*)"}}}}"#);
        judged(
            "http",
            &params,
            Os::Linux,
            &sample("curl-v-https-prompt.txt"),
        )
    };
    assert!(
        with("tag").contains(r#""captures":{"tag":"x1"}"#),
        "{}",
        with("tag")
    );
    assert_eq!(
        with("nobody"),
        "unknown: capture `tag` found nothing in the part of the reply that was read, which has more"
    );
}

/// A look verifies, and goes on within its host.
#[test]
fn answers_that_a_look_would_not_have_had() {
    let why = "unknown: it answered, but what `curl` printed does not say that it verified the certificate, as a look would";
    for name in [
        "curl-v-https-insecure.txt",
        "curl-v-nss.txt",
        "curl-v-nss-insecure.txt",
    ] {
        HTTPS.check(name, why);
    }
    HTTPS.check(
        "curl-v-redirected.txt",
        r#"answered {"status":302,"headers":{"server":"snow_adc","date":"Fri, 20 Nov 2026 10:00:00 GMT","location":"https://login.example/saml","content-type":"text/plain","content-length":"15"},"captures":{},"redirected_to":"https://login.example/saml"}"#,
    );
    HTTPS.check(
        "curl-v-redirected-within.txt",
        "unknown: the server sends the request on to https://a.example/login.do, where a look would go, and the command does not",
    );
}

#[test]
fn no_answers() {
    let check = |name: &str, expected: &str| HTTPS.check_cut(name, expected);
    check(
        "curl-v-refused.txt",
        r#"refused {"error":"Connection refused"}"#,
    );
    let unresolved = r#"unresolved {"error":"Could not resolve host: a.example"}"#;
    check("curl-v-unresolved.txt", unresolved);
    check("curl-plain-unresolved.txt", unresolved);
    HTTPS.check("curl-v-metered.txt", unresolved);
    HTTPS.check("curl-v-timed-out.txt", "timed-out {}");
    HTTPS.check("curl-v-silent.txt", "timed-out {}");
    HTTPS.check(
        "curl-v-untrusted.txt",
        r#"tls-failed {"error":"SSL certificate problem: unable to get local issuer certificate"}"#,
    );
    check(
        "curl-plain-old.txt",
        r#"unreachable {"error":"Failed connect to a.example:443; No route to host"}"#,
    );
    let windows = Samples {
        os: Os::Windows,
        ..HTTPS
    };
    windows.check(
        "curl-plain-windows.txt",
        "unknown: there is no connection, and `curl` does not tell whether it was refused: Failed to connect to a.example port 443 after 2031 ms: Couldn't connect to server",
    );
}

#[test]
fn what_is_of_something_else_is_refused() {
    #[track_caller]
    fn check(name: &str, got: &str) {
        HTTPS.check(
            name,
            &format!(
                "refused: expected what was asked as `GET https://a.example/x`, got what was asked as `{got}`"
            ),
        );
    }
    check("curl-v-another-host.txt", "GET https://b.example/x");
    check("curl-v-another-path.txt", "GET https://a.example/y");
    check("curl-v-another-way.txt", "GET http://a.example/x");
    check("curl-v-head.txt", "HEAD https://a.example/x");
    check(
        "curl-v-proxied.txt",
        "CONNECT a.example:443 through a proxy",
    );
    // More was sent than asked for.
    let login = judged(
        "http",
        HTTPS.params,
        Os::Linux,
        &sample("curl-v-with-login.txt"),
    );
    assert!(login.starts_with("refused: expected "), "{login}");
    assert!(!login.contains("YWRtaW"), "{login}");
    // Nothing says whose these are, or whether they went through a proxy.
    for (name, got) in [
        ("curl-plain-code.txt", "200"),
        ("curl-plain-head.txt", "HTTP/2 200"),
        (
            "curl-plain-proxy.txt",
            "curl: (5) Could not resolve proxy: p.example",
        ),
        (
            "curl-v-timed-out-unnamed.txt",
            "*   Trying 192.0.2.1:443...",
        ),
    ] {
        let found = judged("http", HTTPS.params, Os::Linux, &sample(name));
        let ends = format!("got what begins with `{got}`");
        assert!(
            found.starts_with("refused: expected what ") && found.ends_with(&ends),
            "{name}: {found}"
        );
    }
    // What a request sends beside its head `-v` does not show.
    let posted = r#"{"url": "https://a.example/x", "method": "POST", "body": "<a/>"}"#;
    let found = judged("http", posted, Os::Linux, &sample("curl-v-https.txt"));
    assert!(found.starts_with("refused: expected "), "{found}");
}

/// Whatever it asked, it had a connection or none.
#[test]
fn connections() {
    let open = r#"open {"address":"192.0.2.1:443"}"#;
    for name in [
        "curl-v-https.txt",
        "curl-v-http2.txt",
        "curl-v-untrusted.txt",
        "curl-v-silent.txt",
        "curl-v-again.txt",
    ] {
        TCP.check(name, open);
    }
    cut_anywhere(&TCP, "curl-v-https.txt", NO);
    TCP.check_cut(
        "curl-v-refused.txt",
        r#"refused {"address":"a.example:443"}"#,
    );
    TCP.check_cut(
        "curl-v-unresolved.txt",
        r#"unresolved {"error":"Could not resolve host: a.example"}"#,
    );
    TCP.check("curl-v-timed-out.txt", "timed-out {}");
    for name in [
        "curl-v-another-host.txt",
        "curl-v-proxied.txt",
        "curl-v-another-way.txt",
    ] {
        let found = judged("tcp", TCP.params, Os::Linux, &sample(name));
        assert!(found.starts_with("refused: expected "), "{name}: {found}");
    }
}

/// Whoever waits shorter than the look knows less: that nothing came says nothing then, and all else says what it says.
#[test]
fn what_gave_up_sooner_than_a_look() {
    let within = |samples: &Samples, text: &str, timeout: u64| {
        let kind = kind(samples.kind).expect("the kind is known");
        let params = params(samples.params);
        let timeout = Duration::from_secs(timeout);
        let replies = patience::read(kind, &params, samples.os, text, timeout);
        match replies.expect("it is of this probe").as_slice() {
            [Ok(reply)] => format!("{reply:?}"),
            [Err(unknown)] => format!("unknown: {unknown}"),
            others => panic!("one look, {} replies", others.len()),
        }
    };
    let check = |samples: &Samples, text: &str, timeout: u64, expected: &str| {
        let found = within(samples, text, timeout);
        assert!(found.starts_with(expected), "{text}: {found}");
    };
    let short = |look: &str, limit: u64| {
        format!(
            "unknown: `curl` was given 1 s, and {look} waits {limit} s, so that no answer in time says nothing: \
             run it again with `-m {limit}`, and paste that alone"
        )
    };
    let typed = |option: &str, name: &str| {
        format!(
            "mid@host:~$ curl -v {option} https://a.example/x\n{}",
            sample(name)
        )
    };
    let waited = |name: &str| {
        let text = sample(name).replace("10001 milli", "1001 milli");
        text.replace("10002 milli", "1002 milli")
    };
    let silent = ["curl-v-timed-out.txt", "curl-v-silent.txt"];
    for name in silent {
        // By its own words, and by what was typed.
        check(&HTTPS, &waited(name), 10, &short("the look", 10));
        check(&HTTPS, &sample(name), 10, "Http(TimedOut)");
        check(&HTTPS, &typed("-m 10", name), 10, "Http(TimedOut)");
        // The command to copy waits for 30 seconds, and no longer.
        check(&HTTPS, &waited(name), 60, &short("the command to copy", 30));
        check(&HTTPS, &waited(name), 1, "Http(TimedOut)");
    }
    let without = sample(silent[0]).replace("Connection timed out after 10001 milliseconds", "x");
    let ssl = format!("{without}curl: (28) SSL connection timeout\n");
    for option in [
        "-m 1",
        "-m1",
        "--max-time 1",
        "--max-time=1",
        "--connect-timeout 1",
    ] {
        let text = format!("$ curl -v {option} https://a.example/x\n{ssl}");
        check(&HTTPS, &text, 10, &short("the look", 10));
    }
    check(&TCP, &waited(silent[0]), 10, &short("the look", 10));
    // It is connected, refused, found or not, however long it was to wait.
    check(&TCP, &typed("-m 1", silent[1]), 10, "Connection(Open");
    for (name, http, tcp) in [
        ("curl-v-refused.txt", "Http(Refused(", "Connection(Refused"),
        (
            "curl-v-unresolved.txt",
            "Http(Unresolved(",
            "Connection(Unresolved(",
        ),
        ("curl-v-https.txt", "Http(Answered", "Connection(Open"),
    ] {
        check(&HTTPS, &typed("-m 1", name), 10, http);
        check(&TCP, &typed("-m 1", name), 10, tcp);
    }
    // What only connects is another program's.
    let two = format!("$ nc -vz -w 1 a.example 443\n{}", sample(silent[0]));
    check(&HTTPS, &two, 10, "Http(TimedOut)");
    // The command to copy itself, by another hand.
    check(&HTTPS, &copied("-m 30", "30001"), 10, "Http(TimedOut)");
    check(&HTTPS, &copied("-m 1", "1001"), 10, &short("the look", 10));
    let name = |option: &str, waited: &str| {
        let text = copied(option, waited).replace("Operation timed", "Resolving timed");
        text.replace(" with 0 bytes received", "")
    };
    check(&HTTPS, &name("-m 30", "30001"), 10, "Http(Unresolved(");
    check(&HTTPS, &name("-m 1", "1001"), 10, &short("the look", 10));

    let nc = |limit: &str| {
        let text = sample("nc-ncat-timeout.txt");
        text.replace("-w 10", limit)
    };
    check(&TCP, &nc("-w 10"), 20, "Connection(TimedOut)");
    for limit in ["-w 1", "-w1"] {
        let text = nc(limit).replace(
            "Ncat: C",
            "nc: connect to a.example port 443 (tcp) failed: C",
        );
        let text = text.replace("out.", "out");
        check(
            &TCP,
            &text,
            10,
            "unknown: `nc` was given 1 s, and the look waits 10 s, so that no answer in time says nothing: \
             run it again with `-w 10`, and paste that alone",
        );
        let refused = text.replace("Connection timed out", "Connection refused");
        check(&TCP, &refused, 10, "Connection(Refused");
    }
    let windows = Samples {
        os: Os::Windows,
        ..HTTPS
    };
    let iwr = sample("iwr-plain-timeout.txt");
    check(&windows, &iwr, 10, "Http(TimedOut)");
    check(
        &windows,
        &iwr.replace("-UseBasicParsing", "-TimeoutSec 1"),
        10,
        "unknown: `Invoke-WebRequest` was given 1 s, and the look waits 10 s, so that no answer in time says nothing: \
         run it again with `-TimeoutSec 10`, and paste that alone",
    );
}

/// What the command to copy prints of a server that does not answer, with another time.
fn copied(option: &str, waited: &str) -> String {
    let kind = kind("http").expect("the kind is known");
    let commands = kind.manual(&params(HTTPS.params), Os::Linux);
    let command = &commands.first().expect("a command").command;
    assert!(command.contains("-m 30"), "{command}");
    let output = sample("curl-http-hang.txt").replace("2001", waited);
    let output = output.replace("http://a", "https://a");
    format!("$ {}\n{output}", command.replace("-m 30", option))
}
