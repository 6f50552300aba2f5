//! `curl` and `Invoke-WebRequest`.

use waypost::finding::Os;

use super::{Samples, refuses_others};

const fn linux(params: &'static str) -> Samples {
    Samples {
        kind: "http",
        params,
        os: Os::Linux,
    }
}

const fn windows(params: &'static str) -> Samples {
    Samples {
        kind: "http",
        params,
        os: Os::Windows,
    }
}

const HTTPS: &str = r#"{"url": "https://a.example/x"}"#;
const HTTP: &str = r#"{"url": "http://a.example/x"}"#;
const BY_PROXY: &str = r#"{"url": "https://a.example/x", "via": "p.example:3128"}"#;
const BY_PROXY_CLEAR: &str = r#"{"url": "http://a.example/x", "via": "p.example:3128"}"#;
const BY_SOCKS: &str = r#"{"url": "http://a.example/x", "via": "socks5h://p.example:1080"}"#;
const LOGIN: &str =
    r#"{"url": "https://a.example/x", "login": {"user": "admin", "password": {"secret": "pw"}}}"#;

#[test]
fn answers() {
    let python = r#""server":"BaseHTTP/0.6 Python/3.11.7","date":"Fri, 20 Nov 2026 23:08:24 GMT""#;
    linux(HTTPS).check_cut(
        "curl-https-answered.txt",
        &format!(
            r#"answered {{"status":200,"headers":{{{python},"content-type":"application/json","content-length":"16"}},"captures":{{}},"took_ms":52,"json":{{"result":"ok"}},"body":"{{\"result\":\"ok\"}}\n"}}"#
        ),
    );
    linux(HTTPS).check_cut(
        "curl-https-401.txt",
        &format!(
            r#"answered {{"status":401,"headers":{{{python},"www-authenticate":"Basic realm=\"Service-now\"","content-type":"application/json","content-length":"46"}},"captures":{{}},"took_ms":44,"json":{{"error":{{"message":"User Not Authenticated"}}}},"body":"{{\"error\":{{\"message\":\"User Not Authenticated\"}}}}"}}"#
        ),
    );
    // An announcement before it, and times as a German system writes them.
    linux(HTTPS).check_cut(
        "curl-https-http2.txt",
        r#"answered {"status":200,"headers":{"server":"snow_adc","date":"Fri, 20 Nov 2026 10:00:00 GMT","content-type":"text/xml;charset=UTF-8","set-cookie":"a=1; Path=/; HttpOnly, b=2; Path=/"},"captures":{},"took_ms":250,"xml":{"a":{"b":"c"}},"body":"<?xml version=\"1.0\"?><a><b>c</b></a>\n"}"#,
    );
    linux(HTTP).check_cut(
        "curl-http-wrapped.txt",
        r#"answered {"status":200,"headers":{"content-type":"text/plain"},"captures":{},"took_ms":1,"body":"ok\n"}"#,
    );
    // What a body looks like says nothing.
    linux(HTTPS).check_cut(
        "curl-https-hostile.txt",
        r#"answered {"status":200,"headers":{"content-type":"text/plain"},"captures":{},"took_ms":1,"body":"HTTP/1.1 401 Unauthorized\n\ncurl: (7) Failed to connect to a.example port 80: Connection refused\n-- asked GET https://a.example/x: 9 s\ncurl status 7."}"#,
    );
    linux(LOGIN).check_cut(
        "curl-login-401.txt",
        r#"answered {"status":401,"headers":{"server":"snow_adc","www-authenticate":"BASIC realm=\"Service-now\"","content-type":"application/json"},"captures":{},"took_ms":231,"json":{"error":{"message":"User Not Authenticated"}},"body":"{\"error\":{\"message\":\"User Not Authenticated\"}}"}"#,
    );
}

#[test]
fn answers_that_are_not_whole() {
    // It answered, and what its body says nobody knows.
    let slow = r#"answered {"status":200,"headers":{"server":"BaseHTTP/0.6 Python/3.11.7","date":"Fri, 20 Nov 2026 23:08:24 GMT","content-length":"100"},"captures":{},"took_ms":2001}"#;
    linux(HTTP).check_cut("curl-http-slow.txt", slow);
    linux(LOGIN).check_cut(
        "curl-login-slow.txt",
        r#"answered {"status":200,"headers":{"content-type":"text/plain","content-length":"100"},"captures":{},"took_ms":30001}"#,
    );
    linux(r#"{"url": "http://a.example/x", "capture": {"a": "a.*z"}}"#).check(
        "curl-http-slow.txt",
        "unknown: capture `a` found nothing in the part of the reply that was read, which has more",
    );
    linux(HTTP).check_cut(
        "curl-http-short.txt",
        "unknown: the reply's body broke off: transfer closed with 96 bytes remaining to read",
    );
    // A look would go where the server points to, on the same host.
    linux(HTTP).check_cut(
        "curl-http-redirected.txt",
        "unknown: the server sends the request on to http://a.example/login.do, where a look would go, and the command does not",
    );
}

#[test]
fn no_answers() {
    linux(HTTP).check_cut(
        "curl-http-refused.txt",
        r#"refused {"error":"Connection refused"}"#,
    );
    linux(HTTP).check_cut(
        "curl-old-refused.txt",
        r#"refused {"error":"Failed connect to a.example:80; Connection refused"}"#,
    );
    linux(HTTP).check_cut(
        "curl-http-empty.txt",
        r#"refused {"error":"Empty reply from server"}"#,
    );
    linux(HTTP).check_cut("curl-http-hang.txt", "timed-out {}");
    linux(HTTP).check_cut(
        "curl-http-unresolved.txt",
        r#"unresolved {"error":"Could not resolve host: a.example"}"#,
    );
    linux(HTTPS).check_cut(
        "curl-https-untrusted.txt",
        r#"tls-failed {"error":"SSL certificate problem: self-signed certificate"}"#,
    );
    linux(HTTPS).check_cut(
        "curl-https-not-tls.txt",
        r#"tls-failed {"error":"OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number"}"#,
    );
}

#[test]
fn through_proxies() {
    let answered = |server: &str, took: u32| {
        format!(
            r#"answered {{"status":200,"headers":{{"server":"BaseHTTP/0.6 Python/3.11.7","date":"Fri, 20 Nov 2026 {server} GMT","content-type":"application/json","content-length":"16"}},"captures":{{}},"took_ms":{took},"json":{{"result":"ok"}},"body":"{{\"result\":\"ok\"}}\n"}}"#
        )
    };
    linux(BY_PROXY).check_cut("curl-proxy-answered.txt", &answered("23:08:28", 52));
    linux(BY_SOCKS).check_cut("curl-socks-answered.txt", &answered("23:08:30", 44));
    // The proxy's own head is no answer of the server's.
    linux(BY_PROXY).check_cut(
        "curl-proxy-untrusted.txt",
        r#"tls-failed {"error":"SSL certificate problem: self-signed certificate"}"#,
    );
    let basic = r#"proxy-refused {"proxy_status":407,"schemes":["Basic"]}"#;
    linux(BY_PROXY).check_cut("curl-proxy-407.txt", basic);
    linux(BY_PROXY_CLEAR).check_cut("curl-proxy-407-clear.txt", basic);
    linux(BY_PROXY).check_cut(
        "curl-old-proxy-407.txt",
        r#"proxy-refused {"proxy_status":407,"schemes":["Negotiate","Basic"]}"#,
    );
    linux(BY_PROXY).check_cut(
        "curl-proxy-500.txt",
        r#"proxy-refused {"proxy_status":500,"schemes":[]}"#,
    );
    linux(BY_PROXY).check_cut("curl-proxy-silent.txt", "timed-out {}");
    linux(BY_PROXY).check_cut(
        "curl-proxy-unresolved.txt",
        r#"unresolved {"error":"Could not resolve proxy: p.example"}"#,
    );
    linux(BY_SOCKS).check_cut(
        "curl-socks-5.txt",
        r#"proxy-refused {"proxy_status":5,"schemes":[],"error":"it says that the target refused the connection"}"#,
    );
    linux(BY_SOCKS).check_cut(
        "curl-socks-login.txt",
        r#"proxy-refused {"proxy_status":255,"schemes":[],"error":"it takes none of the logins that it was offered"}"#,
    );
    windows(BY_SOCKS).check_cut(
        "curl-windows-socks.txt",
        r#"proxy-refused {"proxy_status":2,"schemes":[],"error":"its rules forbid this connection"}"#,
    );
}

#[test]
fn of_the_command_for_powershell() {
    windows(HTTPS).check_cut(
        "iwr-snippet-answered.txt",
        r#"answered {"status":200,"headers":{"pragma":"no-store,no-cache","content-length":"15","content-type":"application/json;charset=UTF-8","date":"Fri, 20 Nov 2026 10:00:00 GMT","server":"snow_adc"},"captures":{},"took_ms":412,"json":{"result":"ok"},"body":"{\"result\":\"ok\"}"}"#,
    );
    windows(HTTPS).check_cut(
        "iwr-snippet-401.txt",
        r#"answered {"status":401,"headers":{"www-authenticate":"BASIC realm=\"Service-now\"","content-length":"46","content-type":"application/json","server":"snow_adc"},"captures":{},"took_ms":391,"json":{"error":{"message":"User Not Authenticated"}},"body":"{\"error\":{\"message\":\"User Not Authenticated\"}}"}"#,
    );
    // .NET's own words are of no language.
    windows(HTTPS).check_cut(
        "iwr-snippet-german.txt",
        r#"unresolved {"error":"Der Remotename konnte nicht aufgelöst werden: 'a.example'"}"#,
    );
    windows(HTTPS).check_cut(
        "iwr-snippet-refused.txt",
        r#"refused {"error":"Unable to connect to the remote server"}"#,
    );
    windows(HTTPS).check_cut("iwr-snippet-timeout.txt", "timed-out {}");
    windows(HTTPS).check_cut(
        "iwr-snippet-trust.txt",
        r#"tls-failed {"error":"The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel."}"#,
    );
    windows(HTTPS).check_cut(
        "iwr-snippet-send.txt",
        "unknown: The underlying connection was closed: An unexpected error occurred on a send.",
    );
    windows(BY_PROXY).check_cut(
        "iwr-snippet-proxy-407.txt",
        r#"proxy-refused {"proxy_status":407,"schemes":["Negotiate","NTLM","Basic"]}"#,
    );
    windows(BY_PROXY).check_cut(
        "iwr-snippet-proxy-403.txt",
        "unknown: the status 403 may be the server's or the proxy's: PowerShell does not tell which",
    );
}

#[test]
fn of_a_plain_invoke_web_request() {
    windows(HTTPS).check_cut("iwr-plain-answered.txt", r#"answered {"status":200}"#);
    windows(HTTPS).check_cut("iwr-plain-401.txt", r#"answered {"status":401}"#);
    windows(r#"{"url": "https://a.example/x", "capture": {"a": "a"}}"#).check(
        "iwr-plain-401.txt",
        "unknown: of the reply nothing but the status 401 is known, and so not what capture `a` looks for",
    );
    windows(HTTPS).check_cut(
        "iwr-plain-unresolved.txt",
        r#"unresolved {"error":"The remote name could not be resolved: 'a.example'"}"#,
    );
    windows(HTTPS).check_cut("iwr-plain-timeout.txt", "timed-out {}");
    windows(HTTPS).check_cut(
        "iwr-plain-channel.txt",
        r#"tls-failed {"error":"The request was aborted: Could not create SSL/TLS secure channel."}"#,
    );
    windows(HTTPS).check_cut(
        "iwr-plain-no-way.txt",
        "unknown: there is no connection, and `Invoke-WebRequest` does not tell whether it was refused or nobody answered",
    );
    windows(HTTPS).check_cut(
        "iwr-plain-german.txt",
        "unknown: Der Remoteserver hat einen Fehler zurückgegeben: (401) Nicht autorisiert.",
    );
    // What follows redirects may be told by another host.
    let followed = |name: &str, host: (&str, &str)| {
        let text = super::sample(name).replace(" -MaximumRedirection 0", "");
        super::judged("http", HTTPS, Os::Windows, &text.replace(host.0, host.1))
    };
    let astray = "unknown: `Invoke-WebRequest` follows redirects to other hosts, so it may be another host's reply: \
                  with `-MaximumRedirection 0` it follows none";
    for name in ["answered", "401", "timeout", "channel"] {
        let name = format!("iwr-plain-{name}.txt");
        assert_eq!(followed(&name, ("", "")), astray, "{name}");
    }
    let other = ("resolved: 'a.example'", "resolved: 'login.example'");
    assert_eq!(followed("iwr-plain-unresolved.txt", other), astray);
    // Another method, and another place.
    let refused = |params, name: &str| {
        let found = super::judged("http", params, Os::Windows, &super::sample(name));
        assert!(found.starts_with("refused: expected what "), "{found}");
    };
    refused(
        r#"{"url": "https://a.example/x", "method": "POST"}"#,
        "iwr-plain-401.txt",
    );
    refused(r#"{"url": "https://a.example/"}"#, "iwr-plain-401.txt");
}

#[test]
fn of_something_else() {
    linux(HTTPS).check(
        "curl-none.txt",
        "unknown: bash: line 1: curl: command not found",
    );
    linux(r#"{"url": "https://a.example/y"}"#).check(
        "curl-https-answered.txt",
        "refused: expected what was asked as `GET https://a.example/y`, got what was asked as `GET https://a.example/x`",
    );
    linux(HTTPS).check(
        "curl-proxy-answered.txt",
        "refused: expected what was asked as `GET https://a.example/x`, got what was asked as `GET https://a.example/x via p.example:3128`",
    );
    // Nothing says whose they are.
    let no_end = "refused: expected what `{ { curl -sSv -i -m 30 --noproxy '*' -w '\\n-- asked GET https://a.example/x: %{t…` prints, got what begins with `HTTP/1.1 200 OK`";
    let found = super::judged(
        "http",
        HTTPS,
        Os::Linux,
        &super::sample("curl-own-words.txt"),
    );
    assert!(found.starts_with("refused: expected what "), "{found}");
    linux(HTTPS).check("curl-https-cut.txt", no_end);
    refuses_others(&linux(HTTPS), &["curl-", "iwr-snippet", "telnet-curl-"]);
    refuses_others(&windows(HTTPS), &["curl-", "iwr-", "telnet-curl-"]);
}
