use super::*;

const TEXT: &str = "waypost answer 1\nprogram 0.1.0\ntree mid-down 3f2a\nos linux\ntime 2026-11-20T23:10:00Z\nzone +0100\nmachine mid01\ncase 20261120-1 x\n\
    input agent_dir=/opt/mid=1/agent\nlook 9f2c disk mid-common/space mid-down/room\ncommand 1\n| Filesystem\n|\n| end 4\nstatus 0\n\
    command 2\nstatus 124\nlook 77aa:agent_dir,java config mid-common/config\ncommand 1\n| a\ncut 4194304\nstatus 0\nend 2\n";

fn key(tree: &str, name: &str) -> ProbeKey {
    ProbeKey {
        tree: TreeId::new(tree),
        name: ProbeName::new(name),
    }
}

fn printed(text: &str, status: Option<i32>, cut: bool) -> Printed {
    Printed {
        text: text.to_owned(),
        status,
        cut,
    }
}

#[test]
fn an_answer_is_read_line_by_line() {
    let expected = Answer {
        tree: TreeId::new("mid-down"),
        hash: "3f2a".to_owned(),
        os: Os::Linux,
        case: Some("20261120-1 x".to_owned()),
        time: "2026-11-20T23:10:00Z".parse().expect("a time"),
        zone: Some(TimeZone::fixed(jiff::tz::offset(1))),
        machine: Some("mid01".to_owned()),
        inputs: BTreeMap::from([(InputName::new("agent_dir"), "/opt/mid=1/agent".to_owned())]),
        looks: vec![
            Ran {
                kind: "disk".to_owned(),
                mark: "9f2c".to_owned(),
                needs: BTreeSet::new(),
                probes: vec![key("mid-common", "space"), key("mid-down", "room")],
                printed: vec![
                    printed("Filesystem\n\nend 4\n", Some(0), false),
                    printed("", None, false),
                ],
            },
            Ran {
                kind: "config".to_owned(),
                mark: "77aa".to_owned(),
                needs: BTreeSet::from([InputName::new("agent_dir"), InputName::new("java")]),
                probes: vec![key("mid-common", "config")],
                printed: vec![printed("a\n", Some(0), true)],
            },
        ],
        whole: true,
    };
    assert_eq!(Answer::read(TEXT), Ok(expected.clone()));
    // As a mail or another system may hand it on.
    let crlf = format!("\u{feff}\r\n{}", TEXT.replace('\n', "\r\n"));
    assert_eq!(Answer::read(&crlf), Ok(expected.clone()));
    // As a reply quotes it, and one to that; some programs leave the space out.
    let quoted = |text: &str, mark: &str| {
        let lines = text.lines().map(|line| format!("{mark}{line}\n"));
        lines.collect::<String>()
    };
    let wrote = "On Friday somebody wrote:\n\n";
    for text in [
        quoted(TEXT, "> "),
        quoted(TEXT, ">"),
        quoted(&quoted(TEXT, "> "), ">"),
        format!("{wrote}{}\nIs that all?\n", quoted(TEXT, "> ")),
    ] {
        assert!(Answer::is_one(&text), "{text}");
        assert_eq!(Answer::read(&text), Ok(expected.clone()), "{text}");
    }
    // What was wrapped in between is not passed over.
    let wrapped = quoted(TEXT, "> ").replace("| Filesystem", "| File\n> system");
    assert_eq!(
        Answer::read(&format!("{wrote}{wrapped}")),
        Err(AnswerError::Line {
            line: 15,
            why: "no line of an answer begins so".to_owned()
        })
    );
}

#[test]
fn one_that_breaks_off_is_not_whole() {
    for (at, _) in TEXT.match_indices('\n') {
        let Ok(answer) = Answer::read(&TEXT[..=at]) else {
            continue;
        };
        assert_eq!(answer.whole, at + 1 == TEXT.len(), "{at}");
    }
    let fewer = TEXT.replace("end 2", "end 3");
    assert!(!Answer::read(&fewer).expect("an answer").whole);
}

#[test]
fn what_has_another_form_is_refused() {
    let check = |text: &str, expected: &str| {
        let found = Answer::read(text).map_err(|error| error.to_string());
        assert_eq!(found, Err(expected.to_owned()), "{text:?}");
    };
    let head = "waypost answer 1\ntree a b\nos linux\ntime 2026-11-20T23:10:00Z\n";
    let check_line = |line: &str, why: &str| {
        check(
            &format!("{head}{line}\n"),
            &format!("line 5 cannot be read: {why}"),
        );
    };
    check("", "it does not begin with `waypost answer`");
    check("PK\u{3}\u{4}", "it does not begin with `waypost answer`");
    check(
        "waypost answer 2\n",
        "its form is 2, and this program knows forms up to 1; a newer program can open it",
    );
    check(
        "waypost answer x\n",
        "line 1 cannot be read: a number is expected behind `waypost answer`",
    );
    check("waypost answer 1\n", "it does not say which tree asked");
    check(
        "waypost answer 1\ntree a b\n",
        "it does not say which system it ran on",
    );
    check(
        "waypost answer 1\ntree a b\nos linux\n",
        "it does not say when it ran",
    );
    check_line("os beos", "there is no such system");
    check_line("| x", "no command stands before it");
    check_line("status 0", "no command stands before it");
    check_line("command 1", "no look stands before it");
    check_line("look", "its mark is missing");
    check_line("look 1:../x disk a/b", "`../x` is no name");
    check_line("look 1 disk a/b c/d a/b", "`a/b` was looked at before");
    check_line("look 1 disk", "it names no probe");
    check_line("look 1 disk ../x", "`..` is no name");
    check_line("look 1 disk a/b\u{202e}c", "`b\\u{202e}c` is no name");
    check_line("input a", "`NAME=VALUE` is expected");
    check_line("input a=\u{1b}[2J", "control characters stand in it");
    check_line("hello", "no line of an answer begins so");
    check_line(
        &format!("tree {}", "x".repeat(9000)),
        "it is longer than 8 KiB",
    );
}

#[test]
fn zones() {
    let check = |text: &str, hours: Option<i32>| {
        let found = zone(text).and_then(|zone| zone.to_fixed_offset().ok());
        assert_eq!(
            found.map(|offset| offset.seconds()),
            hours.map(|hours| hours * 3600),
            "{text}"
        );
    };
    check("+0100", Some(1));
    check("-11:00", Some(-11));
    check("+1400", Some(14));
    check("+1500", None);
    check("CET", None);
    check("", None);
    check("+€", None);
}
