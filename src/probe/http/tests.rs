//! Answers, answers that were cut, no answers, requests and commands.

use super::*;
use crate::probe::judging::trial::{commands, end, facts, judge, looks, shown};

fn answer(headers: &[(&str, &str)], body: &str, cut: bool) -> HttpReply {
    HttpReply::Answered {
        status: 200,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: body.to_owned(),
        cut,
        took_ms: Some(31),
        redirected_to: None,
        moment: None,
    }
}

fn judged(json: &str, reply: HttpReply) -> Judged {
    judge(&Http, json, Os::Linux, Ok(Reply::Http(reply)))
}

#[test]
fn an_answer() {
    let reply = answer(
        &[
            ("Content-Type", "application/json"),
            ("X-A", "1"),
            ("x-a", "2"),
        ],
        r#"{"result": [{"locked": "true"}]}"#,
        false,
    );
    let judged = judged(
        r#"{"url": "https://a/x", "capture": {"locked": "\"locked\": \"(\\w+)\"", "no": "zzz"}}"#,
        reply,
    );
    assert_eq!(end(&judged), "answered");
    assert_eq!(
        facts(&judged),
        concat!(
            r#"{"status":200,"headers":{"content-type":"application/json","x-a":"1, 2"},"captures":{"locked":"true"},"#,
            r#""took_ms":31,"json":{"result":[{"locked":"true"}]},"body":"{\"result\": [{\"locked\": \"true\"}]}"}"#
        )
    );
    assert_eq!(shown(&judged), "GET https://a/x: status 200 after 31 ms");
    assert_eq!(
        judged.evidence[0].after,
        [
            "content-type: application/json",
            "",
            r#"{"result": [{"locked": "true"}]}"#
        ]
    );
}

#[test]
fn of_a_cut_reply_nothing_is_said_to_be_missing() {
    let both = r#"{"url": "https://a/x", "capture": {"here": "b+", "there": "c"}}"#;
    let got = judged(both, answer(&[], r#"{"a": "bb"#, true));
    assert_eq!(
        end(&got),
        "unknown: capture `there` found nothing in the part of the reply that was read, which has more"
    );
    let here = r#"{"url": "https://a/x", "capture": {"here": "b+"}}"#;
    let got = judged(here, answer(&[], "bb", true));
    assert_eq!(end(&got), "answered");
    assert_eq!(
        facts(&got),
        r#"{"status":200,"headers":{},"captures":{"here":"bb"},"took_ms":31}"#
    );
}

#[test]
fn what_was_not_unpacked_is_unknown() {
    #[track_caller]
    fn check(packed: &str, body: &str, expected: &str) {
        let got = judged(
            r#"{"url": "https://a/x"}"#,
            answer(&[("Content-Encoding", packed)], body, false),
        );
        assert_eq!(end(&got), expected);
        assert_eq!(got.facts.get("status"), Some(&200_u16.into()));
        assert_eq!(got.facts.contains_key("body"), expected == "answered");
    }
    check(
        "br",
        "\u{fffd}\u{1}",
        "unknown: the reply's body is packed as `br`, which is not unpacked here",
    );
    check(
        "gzip, br",
        "x",
        "unknown: the reply's body is packed as `gzip, br`, which is not unpacked here",
    );
    check("identity", "x", "answered");
    check("", "x", "answered");
    check("br", "", "answered");

    let capture = r#"{"url": "https://a/x", "capture": {"any": "."}}"#;
    let got = judged(capture, answer(&[("Content-Encoding", "br")], "x", false));
    assert_eq!(got.facts.get("captures"), Some(&Facts::new().into()));
}

#[test]
fn data_without_a_bound_is_unknown() {
    let body = format!("[{}0]", "{\"\":0},".repeat(100_000));
    let got = judged(r#"{"url": "https://a/x"}"#, answer(&[], &body, false));
    assert_eq!(
        end(&got),
        "unknown: the reply's JSON has more than 20000 values"
    );
    assert!(!got.facts.contains_key("json") && !got.facts.contains_key("body"));
}

#[test]
fn a_redirect() {
    let reply = HttpReply::Answered {
        status: 302,
        headers: IndexMap::new(),
        body: String::new(),
        cut: false,
        took_ms: Some(1),
        redirected_to: Some("https://b/".to_owned()),
        moment: None,
    };
    let judged = judged(r#"{"url": "https://a/"}"#, reply);
    assert_eq!(
        judged.facts.get("redirected_to"),
        Some(&Value::from("https://b/"))
    );
}

#[test]
fn no_answer() {
    let check = |reply, expected: &str, expected_facts: &str, expected_shown: &str| {
        let judged = judged(
            r#"{"url": "https://a/", "method": "post", "via": {"address": "p:1"}}"#,
            reply,
        );
        assert_eq!(end(&judged), expected);
        assert_eq!(facts(&judged), expected_facts);
        assert_eq!(
            shown(&judged),
            format!("POST https://a/ via p:1: {expected_shown}")
        );
    };
    let why = || "why".to_owned();
    check(
        HttpReply::Refused(why()),
        "refused",
        r#"{"error":"why"}"#,
        "the connection was refused: why",
    );
    check(HttpReply::TimedOut, "timed-out", "{}", "no answer in time");
    check(
        HttpReply::Unreachable(why()),
        "unreachable",
        r#"{"error":"why"}"#,
        "unreachable: why",
    );
    check(
        HttpReply::Unresolved(why()),
        "unresolved",
        r#"{"error":"why"}"#,
        "the name has no address: why",
    );
    check(
        HttpReply::TlsFailed(why()),
        "tls-failed",
        r#"{"error":"why"}"#,
        "no secure connection: why",
    );
    check(
        HttpReply::ProxyRefused {
            status: 403,
            schemes: Vec::new(),
            why: None,
        },
        "proxy-refused",
        r#"{"proxy_status":403,"schemes":[]}"#,
        "the proxy answered with status 403",
    );
}

#[test]
fn what_is_looked_at() {
    let check = |json: &str, expected: &str| assert_eq!(looks(&Http, json), expected);
    check(
        r#"{"url": "https://a/", "method": "post", "headers": {"A": 1}, "body": "x",
            "login": {"user": "me", "password": {"secret": "pw"}}, "via": {"address": "", "user": ""}}"#,
        concat!(
            r#"[{"http":{"url":"https://a/","method":"POST","headers":{"A":"1"},"body":"x","#,
            r#""login":{"user":"me","password":{"secret":"pw"}},"via":null}}]"#
        ),
    );
    check(
        r#"{"url": "https://a/", "login": {"user": "me", "password": "geheim"}}"#,
        "parameter `login.password`: is no input of type `secret`",
    );
    check(
        r#"{"url": "http://a/", "login": {"user": "me", "password": {"secret": "pw"}}}"#,
        "parameter `url`: a login is sent over `https` only, so that nobody on the way reads it",
    );
    check(
        r#"{"url": "https://a/", "headers": {"X-Key": {"secret": "pw"}}}"#,
        "parameter `headers`: secrets stand in `login` and `via` alone",
    );
    check(
        r#"{"url": "https://a/", "headers": {"A": "x\r\nB: y"}}"#,
        "parameter `headers.A`: has a control character in it",
    );
    check(
        r#"{"url": "https://a/", "headers": {"A B": "x"}}"#,
        "parameter `headers`: `A B` is no name of a header",
    );
    check(
        r#"{"url": "https://a/", "method": "G T"}"#,
        "parameter `method`: `G T` is no method",
    );
    check(r#"{"url": ""}"#, "parameter `url`: is empty");
}

#[test]
fn by_hand() {
    let check = |os, json: &str, expected: &str| assert_eq!(commands(&Http, json, os), expected);
    let full = r#"{"url": "https://a/x?y=1&z", "method": "POST", "body": "<a b='1'/>",
        "headers": {"Content-Type": "text/xml", "SOAPAction": "Get", "User-Agent": "me"},
        "login": {"user": "me", "password": {"secret": "pw"}},
        "via": {"address": "p:1", "user": "u", "password": {"secret": "pp"}}}"#;
    check(
        Os::Linux,
        full,
        concat!(
            "curl -sS -i -m 30 -H 'Content-Type: text/xml' -H 'SOAPAction: Get' -H 'User-Agent: me' ",
            r"--data-binary '<a b='\''1'\''/>' -u me -x p:1 --noproxy '' -U u ",
            r"-w '\n-- asked POST https://a/x?y=1&z via p:1: %{time_total} s\n' 'https://a/x?y=1&z'; ",
            r#"echo "curl status $?.""#,
        ),
    );
    check(
        Os::Windows,
        full,
        concat!(
            "[Net.ServicePointManager]::SecurityProtocol = 'Tls12'; $t = [Diagnostics.Stopwatch]::StartNew(); ",
            "try { $r = Invoke-WebRequest -UseBasicParsing -TimeoutSec 30 -MaximumRedirection 0 -ErrorAction SilentlyContinue ",
            "-Method 'POST' -ContentType 'text/xml' -UserAgent 'me' -Headers @{ 'SOAPAction' = 'Get' } ",
            "-Body '<a b=''1''/>' -Credential 'me' -Proxy 'http://p:1' -ProxyCredential 'u' -Uri 'https://a/x?y=1&z'; ",
            "$r.RawContent } catch { $e = $_.Exception; $r = $e.Response; if ($r) { ",
            r#""HTTP/1.1 $([int]$r.StatusCode) $($r.StatusDescription)"; $r.Headers.ToString().TrimEnd(); ''; "#,
            "$s = $r.GetResponseStream(); if ($s.CanSeek) { $s.Position = 0 }; (New-Object IO.StreamReader $s).ReadToEnd() ",
            r#"} else { "failed: $($e.Status), $($e.InnerException.SocketErrorCode): $($e.Message)" } }; "#,
            "'-- asked POST https://a/x?y=1&z via p:1: ' + $t.ElapsedMilliseconds + ' ms'",
        ),
    );
    let by_socks = r#"{"url": "https://a/", "via": "socks5h://p:1080"}"#;
    check(
        Os::Linux,
        by_socks,
        concat!(
            "{ { curl -sSv -i -m 30 -x socks5h://p:1080 --noproxy '' ",
            r"-w '\n-- asked GET https://a/ via socks5h://p:1080: %{time_total} s\n' https://a/ 2>&1 >&3; ",
            r#"echo "curl status $?."; } | grep -E '^(curl|\* connect to)'; } 3>&1"#,
        ),
    );
    check(
        Os::Windows,
        by_socks,
        concat!(
            "curl.exe '-sS' '-i' '-m' '30' '--stderr' '-' '-x' socks5h://p:1080 '--noproxy' '\"\"' ",
            r"'-w' '\n-- asked GET https://a/ via socks5h://p:1080: %{time_total} s\n' https://a/; ",
            r#""curl status $LASTEXITCODE.""#,
        ),
    );
    let quiet = |rest: &str, asked: &str, url: &str| {
        format!(
            r#"{{ {{ curl -sSv {rest} --noproxy '*' -w '\n-- asked {asked}: %{{time_total}} s\n' {url} 2>&1 >&3; echo "curl status $?."; }} | grep -E '^(curl|\* connect to)'; }} 3>&1"#
        )
    };
    check(
        Os::Macos,
        r#"{"url": "http://a/", "method": "HEAD"}"#,
        &quiet("-I -m 30", "HEAD http://a/", "http://a/"),
    );
    // What is not known yet stands in its place.
    check(
        Os::Linux,
        r#"{"url": "https://‹agent_host›/x"}"#,
        &quiet(
            "-i -m 30",
            "GET https://‹agent_host›/x",
            "'https://‹agent_host›/x'",
        ),
    );
    check(
        Os::Linux,
        r#"{"url": "http://a/?q=%7B{x}", "body": "x", "method": "POST"}"#,
        &quiet(
            "-i -m 30 -g --data-binary x -H Content-Type:",
            "POST http://a/?q=%%7B{x}",
            "'http://a/?q=%7B{x}'",
        ),
    );
    // Not the name of a file.
    check(
        Os::Linux,
        r#"{"url": "http://a/", "body": "@x", "method": "POST"}"#,
        &quiet(
            "-i -m 30 --data-raw @x -H Content-Type:",
            "POST http://a/",
            "http://a/",
        ),
    );
    assert_eq!(
        [full, by_socks].map(|json| {
            let params = crate::probe::judging::trial::params(json);
            Http.manual(&params, Os::Linux)[0].asks_login
        }),
        [true, false]
    );
}
