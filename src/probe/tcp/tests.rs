//! Outcomes, looks and commands.

use super::*;
use crate::probe::judging::trial::{commands, end, facts, judge, looks, shown};

#[test]
fn outcomes() {
    let check = |connection, expected: &str, expected_facts: &str, expected_shown: &str| {
        let judged = judge(
            &Tcp,
            r#"{"host": "a", "port": 443, "via": "p:3128"}"#,
            Os::Linux,
            Ok(Reply::Connection(connection)),
        );
        assert_eq!(end(&judged), expected);
        assert_eq!(facts(&judged), expected_facts);
        assert_eq!(
            shown(&judged),
            format!("a:443 via p:3128: {expected_shown}")
        );
    };
    check(
        Connection::Open {
            address: "192.0.2.1:443".to_owned(),
            took_ms: Some(12),
        },
        "open",
        r#"{"address":"192.0.2.1:443","took_ms":12}"#,
        "open at 192.0.2.1:443 after 12 ms",
    );
    check(
        Connection::Refused {
            address: "192.0.2.1:443".to_owned(),
        },
        "refused",
        r#"{"address":"192.0.2.1:443"}"#,
        "refused by the proxy 192.0.2.1:443",
    );
    check(Connection::TimedOut, "timed-out", "{}", "no answer in time");
    check(
        Connection::ProxySilent {
            address: "192.0.2.1:3128".to_owned(),
        },
        "proxy-silent",
        r#"{"address":"192.0.2.1:3128"}"#,
        "the proxy 192.0.2.1:3128 took the connection, and did not say in time whether it opens a way",
    );
    check(
        Connection::Unreachable("no route to host".to_owned()),
        "unreachable",
        r#"{"error":"no route to host"}"#,
        "unreachable: no route to host",
    );
    check(
        Connection::Unresolved("NXDOMAIN".to_owned()),
        "unresolved",
        r#"{"error":"NXDOMAIN"}"#,
        "the name has no address: NXDOMAIN",
    );
    check(
        Connection::ProxyRefused {
            status: 407,
            schemes: vec!["NTLM".to_owned(), "Negotiate".to_owned()],
            why: None,
        },
        "proxy-refused",
        r#"{"proxy_status":407,"schemes":["NTLM","Negotiate"]}"#,
        "the proxy answered with status 407 and takes these logins: NTLM, Negotiate",
    );
    check(
        Connection::ProxyRefused {
            status: 5,
            schemes: Vec::new(),
            why: Some("the target refused".to_owned()),
        },
        "proxy-refused",
        r#"{"proxy_status":5,"schemes":[],"error":"the target refused"}"#,
        "the proxy answered with status 5 (the target refused)",
    );
}

#[test]
fn a_proxy_can_refuse_only_where_there_is_one() {
    let names = |via| {
        Tcp.outcomes(&[], via)
            .into_iter()
            .map(|outcome| outcome.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(false),
        ["open", "refused", "timed-out", "unreachable", "unresolved"]
    );
    assert_eq!(
        names(true)[names(false).len()..],
        ["proxy-refused", "proxy-silent"]
    );
}

#[test]
fn what_is_looked_at() {
    assert_eq!(
        looks(
            &Tcp,
            r#"{"host": "a", "port": "443", "via": {"address": ""}}"#
        ),
        r#"[{"connect":{"host":"a","port":443,"via":null}}]"#
    );
    assert_eq!(
        looks(
            &Tcp,
            r#"{"host": "a", "port": 443, "via": {"address": "p:1", "user": "u", "password": {"secret": "s"}}}"#
        ),
        r#"[{"connect":{"host":"a","port":443,"via":{"address":"p:1","user":"u","password":{"secret":"s"}}}}]"#
    );
    assert_eq!(
        looks(&Tcp, r#"{"port": 443}"#),
        "parameter `host`: is empty"
    );
    assert_eq!(
        looks(&Tcp, r#"{"host": "a", "port": "x"}"#),
        "parameter `port`: `x` is not between 1 and 65535"
    );
}

#[test]
fn by_hand() {
    let check = |os, json: &str, expected: &str| assert_eq!(commands(&Tcp, json, os), expected);
    let direct = r#"{"host": "a.example", "port": 443}"#;
    check(Os::Linux, direct, "nc -vz -w 10 a.example 443");
    check(Os::Macos, direct, "nc -vz -G 10 a.example 443");
    check(
        Os::Windows,
        direct,
        "Test-NetConnection -ComputerName a.example -Port 443",
    );
    let via = r#"{"host": "::1", "port": 443, "via": {"address": "p:1", "user": "me", "password": {"secret": "s"}}}"#;
    check(
        Os::Linux,
        via,
        concat!(
            r"curl -sS -D - -m 15 --noproxy '' -p -x p:1 -U me -w '\n-- asked [::1]:443 via p:1: %{time_total} s\n' ",
            r#"'telnet://[::1]:443' </dev/null; echo "curl status $?.""#,
        ),
    );
    // What `-v` shows of a login would be the password.
    check(
        Os::Linux,
        r#"{"host": "a", "port": 443, "via": "socks5://p:1"}"#,
        concat!(
            r"curl -sSv --stderr - -m 15 --noproxy '' -p -x socks5://p:1 -w '\n-- asked a:443 via socks5://p:1: %{time_total} s\n' ",
            r#"telnet://a:443 </dev/null; echo "curl status $?.""#,
        ),
    );
    check(
        Os::Windows,
        r#"{"host": "a", "port": 443, "via": "p:1"}"#,
        concat!(
            r#"curl.exe '-sSv' '--stderr' '-' '-m' '15' '--noproxy' '""' '-p' '-x' p:1 "#,
            r"'-w' '\n-- asked a:443 via p:1: %{time_total} s\n' telnet://a:443; ",
            r#""curl status $LASTEXITCODE.""#,
        ),
    );
    let asks = |json| {
        let params = crate::probe::judging::trial::params(json);
        Tcp.manual(&params, Os::Linux)[0].asks_login
    };
    assert_eq!([asks(via), asks(direct)], [true, false]);
}
