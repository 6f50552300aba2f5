//! The judge over files of every format.

use encoding_rs::WINDOWS_1252;
use serde_json::json;

use super::*;
use crate::{
    finding::Judgement,
    probe::config::{
        entry::MAX_ENTRIES,
        sample::{CONFIG, file, judged, params, run, xml},
    },
};

/// Reads that never end, to see that nobody waits for the end.
struct Endless;

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        buffer.fill(b' ');
        Ok(buffer.len())
    }
}

#[track_caller]
fn check(bytes: &[u8], outcome: &str, facts: serde_json::Value) {
    let judged = judged(xml(), bytes);
    assert_eq!(judged.judgement, Judgement::Outcome(outcome.into()));
    for (name, expected) in facts.as_object().expect("facts are a map") {
        let found = judged.facts.get(name).map(Value::shown).unwrap_or_default();
        assert_eq!(&found, expected, "{name}");
    }
}

fn expected() -> serde_json::Value {
    json!({
        "path": "/mid/config.xml",
        "values": {"url": "https://grün.example/", "mid.instance.pasword": "‹secret›", "own.thing": "1", "name": "second"},
        "lines": {"url": 4, "mid.instance.pasword": 5, "own.thing": 6, "name": 7},
        "duplicates": [{"name": "name", "lines": [7, 7], "values": ["first", "second"]}],
        "misspelt": [{"name": "mid.instance.pasword", "line": 5, "likely": "mid.instance.password"}],
        "unlisted": [{"name": "own.thing", "line": 6}],
        "commented": ["mid.proxy.host"],
        "malformed": null,
    })
}

#[test]
fn one_file_in_every_encoding() {
    check(CONFIG.as_bytes(), "read", expected());
    check(
        &[b"\xef\xbb\xbf", CONFIG.as_bytes()].concat(),
        "read",
        expected(),
    );
    let utf16 = CONFIG.replace("UTF-8", "UTF-16");
    let little: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&little, "read", expected());
    check(
        &[b"\xff\xfe", little.as_slice()].concat(),
        "read",
        expected(),
    );
    check(&[b"\xfe\xff", big.as_slice()].concat(), "read", expected());
    let (western, _, _) = WINDOWS_1252.encode(CONFIG);
    let declared = String::from_utf8_lossy(CONFIG.as_bytes()).replace("UTF-8", "windows-1252");
    check(&WINDOWS_1252.encode(&declared).0, "read", expected());
    let why = "a character that is not UTF-8: the file was saved in another encoding, Windows-1252 by the looks of it";
    check(
        &western,
        "malformed",
        json!({"malformed": {"line": 4, "column": 40, "kind": "encoding", "why": why}, "values": null}),
    );
    // An attribute of a longer name declares nothing.
    let longer = declared.replace(" encoding", " my.encoding");
    check(
        &WINDOWS_1252.encode(&longer).0,
        "malformed",
        json!({"values": null}),
    );
}

#[test]
fn what_is_wrong_is_shown_and_secrets_are_not() {
    let judged = judged(xml(), CONFIG.as_bytes());
    let shown: Vec<_> = judged
        .evidence
        .iter()
        .map(|e| (e.line, e.column, e.text.as_str()))
        .collect();
    let names =
        "<parameter name=\"name\" value=\"first\"/><parameter name=\"name\" value=\"second\"/>";
    assert_eq!(
        shown,
        [
            (
                Some(5),
                Some(18),
                "<parameter name=\"mid.instance.pasword\" value=\"‹secret›\"/>"
            ),
            (Some(7), Some(18), names),
            (Some(7), Some(56), names),
        ]
    );
    let (from, to) = judged.evidence[0].mark.expect("the name is marked");
    let marked: String = judged.evidence[0]
        .text
        .chars()
        .skip(from)
        .take(to - from)
        .collect();
    assert_eq!(marked, "mid.instance.pasword");
    assert_eq!(
        judged.facts["values"].get("mid.instance.pasword"),
        Some(&Value::Secret(Secret::new("hunter&2")))
    );
}

#[test]
fn broken_files() {
    let place = |line: u64, column: u64, kind: &str, why: &str| json!({"malformed": {"line": line, "column": column, "kind": kind, "why": why}, "values": null});
    check(b"", "malformed", place(1, 1, "empty", "the file is empty"));
    check(
        b"\xef\xbb\xbf \r\n",
        "malformed",
        place(1, 1, "empty", "the file is empty"),
    );
    let curly = CONFIG.replace("value=\"1\"", "value=\"1”");
    check(
        curly.as_bytes(),
        "malformed",
        place(
            6,
            37,
            "quote",
            "the curly quote `”` is none for XML: write `\"`",
        ),
    );
    let cut = &CONFIG[..CONFIG.find("<parameter name=\"own").expect("it is there")];
    let why = "`<parameters>` of line 2 is not closed before the end of the file on line 5: it may be cut off";
    check(cut.as_bytes(), "malformed", place(2, 1, "cut-off", why));
    let broken = CONFIG.replace("hunter&amp;2\"", "hunter2”");
    let judged = judged(xml(), broken.replace("pasword", "password").as_bytes());
    assert_eq!(
        judged.evidence[0].text,
        "<parameter name=\"mid.instance.password‹secret›"
    );
}

#[test]
fn an_alias_is_found_under_its_main_name() {
    let text = b"<p><parameter name=\"glide.glidesoap.username\" value=\"mid\"/></p>";
    check(
        text,
        "read",
        json!({
            "values": {"glide.glidesoap.username": "mid", "mid.instance.username": "mid"},
            "misspelt": [], "unlisted": [],
        }),
    );
}

#[test]
fn not_knowing() {
    let check = |json: serde_json::Value, replies, expected: Result<&str, (Reason, &str)>| {
        let found = run(&params(json), replies).judgement;
        let expected = match expected {
            Ok(outcome) => Judgement::Outcome(outcome.into()),
            Err((reason, detail)) => Judgement::Unknown(Unknown::new(reason, detail)),
        };
        assert_eq!(found, expected);
    };
    check(xml(), vec![Ok(Reply::Files(vec![]))], Ok("missing"));
    let unknown = || Unknown::new(Reason::NoRight, "/mid/config.xml: permission denied");
    let denied = Err((Reason::NoRight, "/mid/config.xml: permission denied"));
    check(xml(), vec![Err(unknown())], denied);
    check(xml(), file(Err(unknown())), denied);
    let large = "/mid/config.xml: larger than 16 MiB, the bound of a configuration file";
    check(
        xml(),
        file(Ok(Box::new(Endless))),
        Err((Reason::NotWhole, large)),
    );
    check(
        xml(),
        vec![],
        Err((Reason::NotAvailable, "nothing was gathered")),
    );
    check(
        xml(),
        vec![Ok(Reply::Paths(vec![]))],
        Err((Reason::Other, "the host answered with paths")),
    );
    let many = std::io::Cursor::new("a=1\n".repeat(MAX_ENTRIES + 2).into_bytes());
    check(
        json!({"file": "/mid/config.xml", "format": "properties"}),
        file(Ok(Box::new(many))),
        Err((Reason::NotWhole, "/mid/config.xml: more than 20000 entries")),
    );
    for declared in [
        "<!ENTITY e \"https://x.example/\">",
        "<!ENTITY e SYSTEM \"x.xml\">",
    ] {
        let text = format!(
            "<!DOCTYPE p [{declared}]>\n<p>\n<parameter name=\"url\" value=\"&amp;&e;\"/></p>"
        );
        let why = "/mid/config.xml:3:35: an entity that the file declares, which is not followed";
        let text = std::io::Cursor::new(text.into_bytes());
        check(
            xml(),
            file(Ok(Box::new(text))),
            Err((Reason::NotWhole, why)),
        );
    }
    // Declared and not used.
    let unused = "<!DOCTYPE p [<!ENTITY e \"x\">]><p><parameter name=\"url\" value=\"&amp;\"/></p>";
    let unused = std::io::Cursor::new(unused.as_bytes());
    check(xml(), file(Ok(Box::new(unused))), Ok("read"));
}

#[test]
fn other_formats() {
    let check = |format: &str, text: &str, values: serde_json::Value| {
        let judged = judged(
            json!({"file": "/x", "format": format, "secret": ["*pw"]}),
            text.as_bytes(),
        );
        assert_eq!(
            judged
                .facts
                .get("values")
                .map(Value::shown)
                .unwrap_or_default(),
            values
        );
    };
    check(
        "properties",
        "a=1\nb.pw: x\n",
        json!({"a": "1", "b.pw": "‹secret›"}),
    );
    check("ini", "[s]\na=1\n", json!({"s.a": "1"}));
    check("json", "{\"s\": {\"a\": [1]}}", json!({"s.a.0": "1"}));
    check("yaml", "s:\n  a: no\n", json!({"s.a": "no"}));
    check("properties", "a=\0", serde_json::Value::Null);
}
