use super::*;
use crate::{
    engine::{Given, Spot},
    finding::Os,
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a small number")
}

fn opened() -> Head {
    Head {
        schema: Head::SCHEMA,
        program: "0.1.0".to_owned(),
        opening: Opening::new("t".into(), Os::Linux, at(1)),
        trees: vec![TreeMark {
            id: "t".into(),
            hash: "abc".to_owned(),
            origin: "embedded".to_owned(),
        }],
        host: None,
        bundle: None,
    }
}

fn note(second: i64) -> Entry {
    Entry {
        at: at(second),
        spot: Spot::new("t".into(), "a".into()),
        generation: 0,
        record: Record::Note {
            step: None,
            text: format!("note {second}\nin two lines"),
        },
    }
}

fn written(lines: &[Line]) -> Vec<u8> {
    let head = Line::Head(Box::new(opened())).bytes();
    lines.iter().fold(head, |mut all, line| {
        all.extend(line.bytes());
        all
    })
}

#[test]
fn what_is_written_is_read() {
    let named = Named {
        title: Some("Harbour".to_owned()),
        ticket: Some("INC1".to_owned()),
    };
    let journal = Journal::read(&written(&[
        Line::Entry(Box::new(note(2))),
        Line::Named(Named::default()),
        Line::Named(named.clone()),
        Line::Entry(Box::new(note(3))),
    ]));
    let mut head = opened();
    // Consent is never written down.
    head.opening.trusted = false;
    assert_eq!(
        journal,
        Ok(Journal {
            head,
            entries: vec![note(2), note(3)],
            named,
            last: at(3),
            torn: None,
        })
    );
}

#[test]
fn consent_is_not_brought_along() {
    let mut head = opened();
    (head.opening.trusted, head.opening.commands) = (true, true);
    head.opening.inputs.insert("x".into(), Given::Secret);
    let text = String::from_utf8(Line::Head(Box::new(head)).bytes()).expect("JSON is text");
    assert!(
        !text.contains("trusted") && !text.contains("commands"),
        "{text}"
    );
    let forged = text.replace("\"tree\":", "\"trusted\":true,\"commands\":true,\"tree\":");
    assert_ne!(forged, text);
    if let Ok(journal) = Journal::read(forged.as_bytes()) {
        let opening = journal.head.opening;
        assert!(!opening.trusted && !opening.commands);
    }
}

/// Wherever the program is killed, what was whole is there.
#[test]
fn a_torn_last_line_is_passed_over_and_told() {
    let lines = [
        Line::Entry(Box::new(note(2))),
        Line::Entry(Box::new(note(3))),
    ];
    let bytes = written(&lines);
    let ends: Vec<usize> = memchr::memchr_iter(b'\n', &bytes)
        .map(|at| at + 1)
        .collect();
    for length in 0..=bytes.len() {
        let whole = ends.iter().filter(|end| **end <= length).count();
        let read = Journal::read(&bytes[..length]);
        if whole == 0 {
            assert_eq!(read, Err(JournalError::Empty), "{length}");
            continue;
        }
        let journal = read.expect("its whole lines can be read");
        assert_eq!(journal.entries.len(), whole - 1, "{length}");
        let torn = (!ends.contains(&length)).then_some(Torn {
            at: ends[whole - 1],
            line: whole + 1,
            broken: None,
        });
        assert_eq!(journal.torn, torn, "{length}");
    }
}

#[test]
fn what_no_longer_fits_does_not_count() {
    let lines = [2, 3, 4].map(|second| Line::Entry(Box::new(note(second))));
    let mut bytes = written(&lines);
    bytes.extend(Line::Cut { to: 1 }.bytes());
    bytes.extend(Line::Entry(Box::new(note(5))).bytes());
    let journal = Journal::read(&bytes).expect("it is whole");
    assert_eq!(journal.entries, [note(2), note(5)]);
}

#[test]
fn what_cannot_be_read_is_named() {
    let check = |bytes: &[u8], expected: &str| {
        let error = Journal::read(bytes).expect_err("it is no journal");
        assert_eq!(error.to_string(), expected);
    };
    check(b"", "it holds nothing");
    check(b"{\"head\":", "it holds nothing");
    check(b"{}\n", "line 1 does not say what the case began with");
    check(
        b"\xff\xfe\n",
        "line 1 does not say what the case began with",
    );
    let entry = Line::Entry(Box::new(note(1))).bytes();
    check(&entry, "line 1 does not say what the case began with");
    check(
        b"{\"head\":{\"schema\":9,\"program\":\"7.1\",\"more\":[]}}\n",
        "its form is 9, written by version 7.1, and this program knows forms up to 1; a newer program can open it",
    );
    let mut long = opened();
    long.opening.tree = TreeId::new("t".repeat(201));
    check(
        &Line::Head(Box::new(long)).bytes(),
        "its tree's name is longer than 200 bytes",
    );
    // Nothing of what is too much is read: no line of it is one.
    let many = [written(&[]), b"x\n".repeat(200_000)].concat();
    check(&many, "it has more than 200000 lines");
    let head = String::from_utf8(written(&[])).expect("JSON is text");
    let later = head.replace("\"program\":\"0.1.0\"", "\"program\":7");
    assert_ne!(later, head);
    check(
        later.as_bytes(),
        "line 1 does not say what the case began with",
    );
    check(
        b"{\"head\":{\"schema\":1}}\n",
        "line 1 cannot be read: missing field `program` at line 1 column 20",
    );
}

/// The bound holds for what says the form as well, which is read first.
#[test]
fn a_head_that_is_too_long_is_refused() {
    let head = String::from_utf8(written(&[])).expect("JSON is text");
    let long = head.replacen('{', &format!("{{{}", " ".repeat(32 << 20)), 1);
    let newer = long.replace("\"schema\":1", "\"schema\":9");
    for head in [long, newer] {
        let error = Journal::read(head.as_bytes()).expect_err("it is too long");
        assert_eq!(
            error.to_string(),
            "line 1 cannot be read: it is longer than 32 MiB"
        );
    }
}

/// What stands before a line that cannot be read is there, and where that begins is told.
#[test]
fn what_is_broken_is_passed_over_with_what_follows() {
    let before = written(&[Line::Entry(Box::new(note(2)))]);
    let check = |broken: &[u8], expected: &str| {
        let after = Line::Entry(Box::new(note(3))).bytes();
        let all = [&before, broken, b"\n", &after].concat();
        let journal = Journal::read(&all).expect("its beginning can be read");
        assert_eq!(journal.entries, [note(2)]);
        let torn = journal.torn.expect("it is told");
        assert_eq!((torn.at, torn.line), (before.len(), 3));
        let why = torn.broken.expect("it is told why");
        assert!(why.starts_with(expected), "{why}");
        assert!(why.len() < 300, "{} bytes", why.len());
    };
    check(&[0; 4096], "expected value at line 1 column 1");
    check(b"", "EOF while parsing a value");
    check(b"{\"entry\":{}}", "missing field `at` at line 1 column 11");
    check(b"{\"later\":{}}", "unknown variant `later`");
    check(
        written(&[]).trim_ascii_end(),
        "only the first line says what the case began with",
    );
    check("[".repeat(10_000).as_bytes(), "expected value at line 1");
    let word = format!("{{\"entry\":\"\\u001b{}\"}}", "x".repeat(100_000));
    check(word.as_bytes(), "invalid type: string");
    let much = b"x\n".repeat(199_997);
    let journal = Journal::read(&[&before[..], &much].concat()).expect("it is no more");
    assert_eq!(journal.torn.map(|torn| torn.line), Some(3));
}
