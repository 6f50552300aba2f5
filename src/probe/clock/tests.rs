//! Replies that tell the time, replies that do not, and no replies.

use super::*;
use crate::probe::judging::trial::{commands, end, facts, judge, looks, shown};

const URL: &str = "https://a.example/";

/// A reply that came at this time, 200 ms after it was asked for.
fn reply(at: &str, headers: &[(&str, &str)]) -> HttpReply {
    HttpReply::Answered {
        status: 200,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: String::new(),
        cut: false,
        took_ms: Some(250),
        redirected_to: None,
        moment: Some(Moment {
            at: at.parse().expect("it is a time"),
            wait_ms: 200,
        }),
    }
}

fn judged(json: &str, reply: HttpReply) -> Judged {
    judge(&Clock, json, Os::Linux, Ok(Reply::Http(reply)))
}

const DATE: (&str, &str) = ("Date", "Wed, 18 Nov 2026 10:00:00 GMT");

#[test]
fn clocks_agree_or_not() {
    let check = |allow: &str, at: &str, expected: &str, offset_s: i64| {
        let json = format!(r#"{{"url": "{URL}", "allow": "{allow}"}}"#);
        let judged = judged(&json, reply(at, &[DATE]));
        assert_eq!(end(&judged), expected);
        assert_eq!(
            facts(&judged),
            format!(
                r#"{{"offset_s":{offset_s},"server_time":"2026-11-18T10:00:00Z","took_ms":250}}"#
            )
        );
    };
    check("", "2026-11-18T10:00:00.6Z", "in-step", 0);
    check("", "2026-11-18T10:04:59Z", "in-step", 298);
    check("", "2026-11-18T10:05:12.6Z", "drifted", 312);
    check("", "2026-11-18T09:54:00.6Z", "drifted", -360);
    check("10m", "2026-11-18T10:05:12.6Z", "in-step", 312);
    check("1m", "2026-11-18T10:01:30.6Z", "drifted", 90);
    check("2s", "2026-11-18T10:00:00.6Z", "in-step", 0);
    check(
        "1m",
        "2026-11-18T10:01:00.6Z",
        "unknown: https://a.example/: this clock is 1 min ahead of the server's, give or take 1 s, which does not tell whether that is more than 1 min",
        60,
    );
}

#[test]
fn what_is_shown_are_both_times() {
    let judged = judged(
        &format!(r#"{{"url": "{URL}"}}"#),
        reply("2026-11-18T10:05:12.6Z", &[DATE]),
    );
    assert_eq!(
        shown(&judged),
        "HEAD https://a.example/: this clock is 5 min 12 s ahead of the server's, give or take 1 s"
    );
    assert_eq!(
        judged.evidence[0].after,
        [
            "here: Wed, 18 Nov 2026 10:05:12 GMT",
            "there: Wed, 18 Nov 2026 10:00:00 GMT"
        ]
    );
}

#[test]
fn a_reply_without_a_time_of_the_server_tells_nothing() {
    let check = |headers: &[(&str, &str)], expected: &str| {
        // Far off, so that reading it after all would give an outcome.
        let judged = judged(
            &format!(r#"{{"url": "{URL}"}}"#),
            reply("2020-01-01T00:00:00Z", headers),
        );
        assert_eq!(end(&judged), format!("unknown: {URL}: {expected}"));
    };
    check(&[], "the reply has no `Date`");
    check(&[("Last-Modified", DATE.1)], "the reply has no `Date`");
    check(&[("date", "")], "the reply's `Date` is no time: ``");
    check(&[("date", "soon")], "the reply's `Date` is no time: `soon`");
    let long = "x".repeat(4_000);
    let shown = "x".repeat(60);
    check(
        &[("date", &long)],
        &format!("the reply's `Date` is no time: `{shown}…`"),
    );
    let cached = |age: &str| {
        format!(
            "the reply comes from a cache (its `Age` is `{age}`), so that its `Date` is not the server's time now"
        )
    };
    check(&[DATE, ("AGE", "120")], &cached("120"));
    check(&[DATE, ("age", "1")], &cached("1"));
    check(&[DATE, ("age", "old")], &cached("old"));
    check(&[DATE, ("age", "0, 30")], &cached("0, 30"));
}

#[test]
fn a_reply_right_from_the_server_may_say_so() {
    let reply = reply("2026-11-18T10:00:00.6Z", &[DATE, ("Age", " 0 ")]);
    let judged = judged(&format!(r#"{{"url": "{URL}"}}"#), reply);
    assert_eq!(end(&judged), "in-step");
}

#[test]
fn a_recording_that_does_not_tell_when_tells_nothing() {
    let HttpReply::Answered {
        status,
        headers,
        body,
        cut,
        took_ms,
        redirected_to,
        ..
    } = reply("2026-11-18T10:00:00Z", &[DATE])
    else {
        panic!("it is an answer")
    };
    let moment = None;
    let reply = HttpReply::Answered {
        status,
        headers,
        body,
        cut,
        took_ms,
        redirected_to,
        moment,
    };
    let judged = judged(&format!(r#"{{"url": "{URL}"}}"#), reply);
    assert_eq!(
        end(&judged),
        format!("unknown: {URL}: when the reply came was not recorded")
    );
}

#[test]
fn a_server_that_cannot_be_reached_says_nothing_of_clocks() {
    let check = |reply, expected: &str| {
        let judged = judged(&format!(r#"{{"url": "{URL}"}}"#), reply);
        assert_eq!(end(&judged), format!("unknown: {URL}: {expected}"));
    };
    check(HttpReply::TimedOut, "no answer in time");
    check(
        HttpReply::Refused("os error 111".to_owned()),
        "the connection was refused: os error 111",
    );
    check(
        HttpReply::Unreachable("no route".to_owned()),
        "unreachable: no route",
    );
    check(
        HttpReply::Unresolved("NXDOMAIN".to_owned()),
        "the name has no address: NXDOMAIN",
    );
    check(
        HttpReply::ProxyRefused {
            status: 407,
            schemes: Vec::new(),
            why: None,
        },
        "the proxy answered with status 407",
    );
    check(
        HttpReply::TlsFailed("invalid peer certificate: UnknownIssuer".to_owned()),
        "no secure connection: invalid peer certificate: UnknownIssuer",
    );
    // A clock that is years off makes every certificate look like this, and would hide itself.
    for why in [
        "invalid peer certificate: certificate expired: verification time 1 (UNIX), but …",
        "invalid peer certificate: certificate not valid yet: verification time 1 (UNIX), but …",
    ] {
        check(
            HttpReply::TlsFailed(why.to_owned()),
            &format!(
                "no secure connection: {why}; this clock being wrong would look the same: compare it with another one, or ask a server without TLS"
            ),
        );
    }
}

#[test]
fn a_proxys_own_time_is_not_the_servers() {
    let check = |url: &str, via: &str, status: u16, expected: &str| {
        let mut reply = reply("2020-01-01T00:00:00Z", &[DATE]);
        if let HttpReply::Answered { status: told, .. } = &mut reply {
            *told = status;
        }
        let json = format!(r#"{{"url": "{url}", "via": "{via}"}}"#);
        assert_eq!(end(&judged(&json, reply)), expected);
    };
    check(
        "http://a.example/",
        "p:3128",
        502,
        "unknown: http://a.example/: the status 502 may be the proxy's own, and its time too",
    );
    check("http://a.example/", "p:3128", 200, "drifted");
    check("http://a.example/", "", 502, "drifted");
    // What comes out of a tunnel is the server's.
    check("https://a.example/", "p:3128", 502, "drifted");
}

#[test]
fn what_is_looked_at() {
    let check = |json: &str, expected: &str| assert_eq!(looks(&Clock, json), expected);
    let asked = |via: &str| {
        format!(
            r#"[{{"http":{{"url":"{URL}","method":"HEAD","headers":{{"Cache-Control":"no-cache"}},"body":null,"login":null,"via":{via}}}}}]"#
        )
    };
    check(r#"{"url": "https://a.example/"}"#, &asked("null"));
    check(
        r#"{"url": "https://a.example/", "allow": "90s", "via": {"address": "p:1", "user": "u", "password": {"secret": "s"}}}"#,
        &asked(r#"{"address":"p:1","user":"u","password":{"secret":"s"}}"#),
    );
    check(r#"{}"#, "parameter `url`: is empty");
    check(
        r#"{"url": "https://a.example/", "allow": "soon"}"#,
        "parameter `allow`: `soon` is no duration such as `30s`, `5m` or `2h`",
    );
    check(
        r#"{"url": "https://a.example/", "allow": "1s"}"#,
        "parameter `allow`: is less than the 2 s that a `Date` of whole seconds can tell",
    );
}

#[test]
fn by_hand() {
    let check = |os, json: &str, expected: &str| assert_eq!(commands(&Clock, json, os), expected);
    let here = |when: &str| format!("LC_ALL=C date -u '+here {when}: %a, %d %b %Y %H:%M:%S GMT'");
    let (before, after) = (here("before"), here("after"));
    check(
        Os::Linux,
        r#"{"url": "http://a.example/"}"#,
        &format!(
            r#"{before}; {{ {{ curl -sSv -I -m 30 -H 'Cache-Control: no-cache' --noproxy '*' -w '\n-- asked HEAD http://a.example/: %{{time_total}} s\n' http://a.example/ 2>&1 >&3; echo "curl status $?."; }} | grep -E '^(curl|\* connect to)'; }} 3>&1; {after}"#
        ),
    );
    check(
        Os::Macos,
        r#"{"url": "http://a.example/", "via": {"address": "p:1", "user": "me"}}"#,
        &format!(
            r#"{before}; curl -sS -I -m 30 -H 'Cache-Control: no-cache' -x p:1 --noproxy '' -U me -w '\n-- asked HEAD http://a.example/ via p:1: %{{time_total}} s\n' http://a.example/; echo "curl status $?."; {after}"#
        ),
    );
    let windows = commands(&Clock, r#"{"url": "http://a.example/"}"#, Os::Windows);
    let here = "(Get-Date).ToUniversalTime().ToString('r')";
    assert!(
        windows.starts_with(&format!("'here before: ' + {here}; [Net.WebRequest]")),
        "{windows}"
    );
    assert!(
        windows.ends_with(&format!("; 'here after: ' + {here}")),
        "{windows}"
    );
}
