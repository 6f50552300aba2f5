//! Ways through proxies as curl tells them, and connections as `telnet` does.

use waypost::finding::Os;

use super::{Samples, judged, refuses_others, sample};

const fn linux(params: &'static str) -> Samples {
    Samples {
        kind: "tcp",
        params,
        os: Os::Linux,
    }
}

const BY_PROXY: Samples = linux(r#"{"host": "a.example", "port": 443, "via": "p.example:3128"}"#);
const BY_SOCKS: Samples =
    linux(r#"{"host": "a.example", "port": 443, "via": "socks5h://p.example:1080"}"#);
const DIRECT: Samples = linux(r#"{"host": "a.example", "port": 443}"#);

#[test]
fn ways_through_a_proxy_of_http() {
    let open = r#"open {"address":"p.example:3128"}"#;
    BY_PROXY.check_cut("way-http-open.txt", open);
    // What the target says behind it is not the proxy's.
    BY_PROXY.check_cut("way-http-talkative.txt", open);
    let basic = r#"proxy-refused {"proxy_status":407,"schemes":["Basic"]}"#;
    BY_PROXY.check_cut("way-http-407.txt", basic);
    BY_PROXY.check_cut("way-http-login.txt", basic);
    BY_PROXY.check_cut(
        "way-http-500.txt",
        r#"proxy-refused {"proxy_status":500,"schemes":[]}"#,
    );
    BY_PROXY.check_cut(
        "way-http-refused.txt",
        r#"refused {"address":"p.example:3128"}"#,
    );
    BY_PROXY.check_cut(
        "way-http-silent.txt",
        r#"proxy-silent {"address":"p.example:3128"}"#,
    );
    BY_PROXY.check_cut(
        "way-http-unresolved.txt",
        r#"unresolved {"error":"Could not resolve proxy: p.example"}"#,
    );
}

#[test]
fn ways_through_a_proxy_of_socks() {
    let open = r#"open {"address":"p.example:1080"}"#;
    BY_SOCKS.check_cut("way-socks-open.txt", open);
    BY_SOCKS.check_cut("way-socks-quiet-open.txt", open);
    BY_SOCKS.check_cut(
        "way-socks-5.txt",
        r#"proxy-refused {"proxy_status":5,"schemes":[],"error":"it says that the target refused the connection"}"#,
    );
    BY_SOCKS.check_cut(
        "way-socks-login.txt",
        r#"proxy-refused {"proxy_status":255,"schemes":[],"error":"it takes none of the logins that it was offered"}"#,
    );
    BY_SOCKS.check_cut(
        "way-socks-silent.txt",
        r#"proxy-silent {"address":"p.example:1080"}"#,
    );
}

/// A handshake through a proxy that only curl goes through ends where the way does.
#[test]
fn the_way_to_a_handshake() {
    let check = |name: &str, expected: &str| {
        let params = r#"{"host": "a.example", "via": "socks5h://p.example:1080"}"#;
        let text = sample(name).replace("asked a.example", "asked TLS a.example");
        assert_eq!(
            judged("tls", params, Os::Windows, &text),
            expected,
            "{name}"
        );
    };
    check(
        "way-socks-5.txt",
        r#"proxy-refused {"proxy_status":5,"schemes":[],"error":"it says that the target refused the connection"}"#,
    );
    check(
        "way-socks-silent.txt",
        r#"unreachable {"error":"the proxy p.example:1080 took the connection, and did not say in time whether it opens a way","address":"p.example:1080"}"#,
    );
    check(
        "way-socks-open.txt",
        "unknown: the proxy opens a way, and `curl` does not show the certificates",
    );
}

#[test]
fn connections_by_telnet() {
    let open = r#"open {"address":"192.0.2.1:443"}"#;
    DIRECT.check_cut("telnet-gnu-open.txt", open);
    DIRECT.check_cut("telnet-netkit-second.txt", open);
    DIRECT.check_cut("telnet-curl-open.txt", open);
    DIRECT.check_cut(
        "telnet-gnu-refused.txt",
        r#"refused {"address":"192.0.2.1:443"}"#,
    );
    DIRECT.check_cut(
        "telnet-curl-refused.txt",
        r#"refused {"address":"a.example:443"}"#,
    );
    DIRECT.check_cut("telnet-bsd-timed-out.txt", "timed-out {}");
    for name in ["telnet-gnu-unresolved.txt", "telnet-netkit-unresolved.txt"] {
        let found = judged("tcp", DIRECT.params, Os::Linux, &sample(name));
        assert_eq!(found, r#"unresolved {"error":"Name or service not known"}"#);
    }
    DIRECT.check_cut(
        "telnet-german.txt",
        "unknown: there is no connection, and `telnet` does not tell why: Verbindungsaufbau abgelehnt",
    );
    let windows = Samples {
        os: Os::Windows,
        ..DIRECT
    };
    windows.check_cut(
        "telnet-windows-failed.txt",
        "unknown: there is no connection, and `telnet` does not tell whether it was refused or nobody answered",
    );
}

#[test]
fn of_something_else() {
    BY_SOCKS.check(
        "way-http-open.txt",
        "refused: expected what was asked as `a.example:443 via socks5h://p.example:1080`, got what was asked as `a.example:443 via p.example:3128`",
    );
    // Another port, and no command that says which.
    for (params, text) in [
        (
            r#"{"host": "a.example", "port": 44}"#,
            sample("telnet-gnu-open.txt"),
        ),
        (
            r#"{"host": "a.example", "port": 80}"#,
            sample("telnet-gnu-unresolved.txt"),
        ),
        (
            r#"{"host": "b.example", "port": 443}"#,
            sample("telnet-curl-open.txt"),
        ),
        (
            DIRECT.params,
            "Trying 192.0.2.1...\nConnected to a.example.\n".to_owned(),
        ),
    ] {
        let found = judged("tcp", params, Os::Linux, &text);
        assert!(found.starts_with("refused: expected what `nc"), "{found}");
    }
    refuses_others(&BY_PROXY, &["way-", "curl-none"]);
    refuses_others(&BY_SOCKS, &["way-", "curl-none"]);
}
