//! The commands of the kinds that ask the network, run for real against servers and proxies on loopback: what they print,
//! read as a paste, ends where a look would.

use std::{
    fs,
    io::Write,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Command, Output, Stdio},
    thread,
};

use serde_json::{Value, json};
use waypost::{finding::Os, probe::kind};

use super::params;
use crate::{
    printed::judged,
    support::{
        Authority, Certificate, Instance, Microsocks, Tinyproxy, fed_or_over, left_out,
        refused_port,
    },
};

/// Runs the kind's first command, with nobody at a terminal: what it asks for it reads from `typed`.
fn run(name: &str, json: &Value, typed: &str) -> String {
    run_trusting(name, json, typed, None)
}

/// The same where the authority of this file is trusted.
fn run_trusting(name: &str, json: &Value, typed: &str, authority: Option<&Path>) -> String {
    let kind = kind(name).expect("the kind is known");
    let command = kind.manual(&params(json.clone()), Os::Linux)[0]
        .command
        .clone();
    let mut shell = Command::new("setsid");
    shell.args(["-w", "sh", "-c", &command]);
    if let Some(authority) = authority {
        shell.env("CURL_CA_BUNDLE", authority);
    }
    let Output { stdout, stderr, .. } = fed_or_over(shell.stderr(Stdio::piped()), typed);
    format!(
        "{}{}",
        String::from_utf8_lossy(&stderr),
        String::from_utf8_lossy(&stdout)
    )
}

#[track_caller]
fn check(name: &str, json: Value, expected: &str) {
    let text = run(name, &json, "");
    if text.contains(": not found") || text.contains("failed to run command") {
        return left_out(text.trim());
    }
    let found = judged(name, &json.to_string(), Os::Linux, &text);
    assert!(found.starts_with(expected), "{found}\n{text}");
}

fn gone() -> String {
    format!("http://127.0.0.1:{}/", refused_port())
}

#[test]
fn the_servers_time_between_this_machines() {
    let instance = Instance::plain();
    let url = |ahead: i32| json!({ "url": instance.url(&format!("/behave/date/{ahead}")) });
    check("clock", url(4000), "drifted {\"offset_s\":-");
    check("clock", url(10), "in-step {\"offset_s\":");
    let gone = gone();
    let refused = format!("unknown: {gone}: the connection was refused");
    check("clock", json!({ "url": gone }), &refused);
}

#[test]
fn an_answer_to_a_request() {
    let instance = Instance::plain();
    let url = instance.url("/api/now/table/sys_user?a=%20b");
    check("http", json!({ "url": url }), "answered {\"status\":401,");
    let post = json!({"url": url, "method": "POST", "body": "{\"it's\": \"$HOME `x`\"}"});
    check("http", post, "answered {\"status\":");
    let sent = instance.requests();
    let body = sent.last().map(|request| request.body.clone());
    assert_eq!(body.as_deref(), Some("{\"it's\": \"$HOME `x`\"}"));
    check(
        "http",
        json!({ "url": gone() }),
        "refused {\"error\":\"Connection refused\"}",
    );
    check(
        "http",
        json!({"url": "http://nowhere.invalid/"}),
        "unresolved {\"error\":\"Could not resolve host",
    );
    let authority = Authority::new();
    let secure = Instance::tls(&authority, Certificate::Good);
    check(
        "http",
        json!({ "url": secure.url("/") }),
        "tls-failed {\"error\":\"SSL certificate problem: ",
    );
}

/// Who sends what a command printed must send no password with it.
#[test]
fn no_password_is_printed() {
    let instance = Instance::plain();
    let url = instance.url("/api/now/table/sys_user");
    let login = json!({"user": "me", "password": {"secret": "pw"}});
    // Only there a login is sent.
    let authority = Authority::new();
    let secure = Instance::tls(&authority, Certificate::Good);
    let folder = tempfile::tempdir().expect("a folder");
    let ca = folder.path().join("ca.pem");
    fs::write(&ca, authority.pem()).expect("it can be written");
    let check = |name: &str, json: Value, instance: &Instance, sends: bool| {
        let text = run_trusting(name, &json, "hunter2\n", Some(&ca));
        if text.contains(": not found") {
            return left_out(text.trim());
        }
        // `me:hunter2` in base64.
        for secret in ["hunter2", "bWU6aHVudGVyMg"] {
            assert!(!text.contains(secret), "{text}");
        }
        let found = judged(name, &json.to_string(), Os::Linux, &text);
        assert!(!found.starts_with("refused: "), "{found}\n{text}");
        let sent = instance.requests();
        let header = sent
            .last()
            .and_then(|request| request.header("authorization"));
        assert_eq!(header.is_some(), sends, "{text}");
    };
    let secure_url = secure.url("/api/now/table/sys_user");
    check(
        "http",
        json!({"url": secure_url, "login": login}),
        &secure,
        true,
    );
    let Some(proxy) = Tinyproxy::start(Some(("me", "hunter2")), "") else {
        return left_out("tinyproxy is not installed");
    };
    let via = json!({"address": proxy.address(), "user": "me", "password": {"secret": "pw"}});
    check("http", json!({"url": url, "via": via}), &instance, false);
    check("clock", json!({"url": url, "via": via}), &instance, false);
    let port = instance.port();
    check(
        "tcp",
        json!({"host": "127.0.0.1", "port": port, "via": via}),
        &instance,
        false,
    );
    check(
        "tls",
        json!({"host": "127.0.0.1", "port": port, "via": via}),
        &instance,
        false,
    );
}

/// A port where whoever connects is hung up on.
fn curt_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    let port = listener.local_addr().expect("the listener is bound").port();
    thread::spawn(move || listener.incoming().for_each(drop));
    port
}

/// A port where whoever connects is greeted in plain words.
fn talking_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    let port = listener.local_addr().expect("the listener is bound").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // Until the other side hangs up; whoever does so early is no matter.
            let _ = stream.write_all(b"220 mail.example ready\r\n");
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
    });
    port
}

#[test]
fn a_way_through_a_proxy() {
    let to = |port: u16, via: &str| json!({"host": "127.0.0.1", "port": port, "via": via});
    let (open, closed) = (curt_port(), refused_port());
    let nobody = format!("127.0.0.1:{}", refused_port());
    check(
        "tcp",
        to(open, &nobody),
        "refused {\"address\":\"127.0.0.1:",
    );
    if let Some(proxy) = Tinyproxy::start(None, "") {
        let proxy = proxy.address();
        check("tcp", to(open, &proxy), "open {");
        check(
            "tcp",
            to(closed, &proxy),
            "proxy-refused {\"proxy_status\":500,",
        );
    } else {
        left_out("tinyproxy is not installed");
    }
    if let Some(proxy) = Tinyproxy::start(Some(("me", "hunter2")), "") {
        let refused = "proxy-refused {\"proxy_status\":407,\"schemes\":[\"Basic\"]}";
        check("tcp", to(open, &proxy.address()), refused);
        let secure = json!({"url": format!("https://127.0.0.1:{open}/"), "via": proxy.address()});
        check("http", secure, refused);
        check(
            "http",
            json!({"url": gone(), "via": proxy.address()}),
            refused,
        );
    }
    if let Some(proxy) = Microsocks::start(None) {
        for scheme in ["socks5", "socks5h"] {
            let proxy = proxy.address(scheme);
            check("tcp", to(open, &proxy), "open {");
            check(
                "tcp",
                to(closed, &proxy),
                "proxy-refused {\"proxy_status\":5,",
            );
        }
    } else {
        left_out("microsocks is not installed");
    }
    if let Some(proxy) = Microsocks::start(Some(("me", "hunter2"))) {
        let refused = "proxy-refused {\"proxy_status\":255,";
        check("tcp", to(open, &proxy.address("socks5h")), refused);
    }
}

#[test]
fn a_handshake() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().expect("there is room");
    let own = folder.path().join("own ca.pem");
    fs::write(&own, authority.pem()).expect("there is room");
    let check = |certificate, trust: &str, expected: &str| {
        let instance = Instance::tls(&authority, certificate);
        let json = json!({"host": "127.0.0.1", "port": instance.port(), "name": "localhost", "trust": trust});
        check("tls", json, expected);
    };
    let own = own.to_str().expect("a plain path");
    check(Certificate::Good, own, "trusted {");
    check(Certificate::Good, "system", "untrusted {");
    check(Certificate::Expired, own, "expired {");
    check(Certificate::NotYetValid, own, "expired {");
    check(Certificate::OtherName, own, "name-mismatch {");
    check(
        Certificate::Good,
        "/opt/jre/cacerts",
        "unknown: whether the chain is trusted cannot be told",
    );
}

#[test]
fn no_handshake() {
    let at = |port: u16| json!({"host": "127.0.0.1", "port": port});
    check("tls", at(refused_port()), "unreachable {");
    // With or without a word of the system's, whichever comes first.
    check("tls", at(curt_port()), "failed {\"address\":");
    let port = talking_port();
    let not_tls = format!("failed {{\"address\":\"127.0.0.1:{port}\",\"issue\":\"not-tls\",");
    check("tls", at(port), &not_tls);
    check(
        "tls",
        json!({"host": "nowhere.invalid"}),
        "unreachable {\"error\":\"Name or service not known\"}",
    );
    if let Some(proxy) = Tinyproxy::start(None, "") {
        let json = json!({"host": "127.0.0.1", "port": refused_port(), "via": proxy.address()});
        check("tls", json, "proxy-refused {\"proxy_status\":500,");
    } else {
        left_out("tinyproxy is not installed");
    }
}
