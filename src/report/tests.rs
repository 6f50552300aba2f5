//! Hostile text and planted secrets through every format.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use pulldown_cmark::{Event as Markdown, Options, Parser, Tag};

use super::*;
use crate::{
    engine::{Choice, Effect, Event, Given, Opening, Session},
    finding::{Finding, Judgement, Value, visible::is_hidden},
    redact::Redactor,
    tree::{Forest, Origin, load},
};

/// Everything that a reader, a browser or a terminal could obey.
const HOSTILE: &str = "<script>alert(1)</script> [x](javascript:alert(1)) ![y](http://evil/z) </pre>```\n# big\u{1b}[31m\u{202e}\u{9b}m";

const SECRET: &str = "hunter2-planted";

const TREE: &str = r#"
waypost: 1
id: t
title: "<b onclick=x>T</b> \u202e"
summary: S
symptoms: [s]
start: a
inputs:
  url: { ask: "Which [address](javascript:1)?" }
probes:
  conf: { file: { path: /conf } }
nodes:
  a:
    ask: "Is it <script>there</script>?"
    probe: conf
    answers:
      - { answer: "There <img src=x>", when: present, goto: b }
      - { answer: "Gone", when: absent, goto: broken, note: "It is **gone**." }
  b:
    ask: "Is it up at {{ url }}?"
    answers: [{ answer: Up, goto: fine }, { answer: "Down", goto: broken }]
    unsure: broken
  fine: { conclude: Fine, verdict: healthy }
  broken:
    conclude: "Broken <svg onload=alert(1)>"
    verdict: cause
    because: "So [it](http://evil/) is.\n\n<iframe src=//evil></iframe>\n"
    fix: "1. `rm` it.\n2. Look:\n\n       ls -l\n"
"#;

fn forest() -> Arc<Forest> {
    let none = |_: &str| Err("none".to_owned());
    let (tree, _, found) = load("t.yaml", Origin::Embedded, TREE.as_bytes(), &none);
    let tree = tree.unwrap_or_else(|| panic!("the tree is sound: {found:#?}"));
    Arc::new(Forest::new([Arc::new(tree)]))
}

/// A session with hostile evidence, notes and inputs that came to its cause.
fn hostile(text: &str) -> Session {
    let at = Timestamp::UNIX_EPOCH;
    // An input is one line without controls.
    let shown: String = text.chars().filter(|c| !is_hidden(*c)).collect();
    let given = Given::Text(format!("https://joe:{SECRET}@x.example/{shown}"));
    let opening = Opening {
        inputs: BTreeMap::from([("url".into(), given)])
            .into_iter()
            .collect(),
        ..Opening::new("t".into(), Os::Linux, at)
    };
    let (mut session, effects) = Session::start(forest(), opening);
    let run = effects.iter().find_map(|effect| match effect {
        Effect::StartProbe { run, .. } => Some(*run),
        _ => None,
    });
    let facts = [("path".to_owned(), Value::from(text))];
    let mut evidence = Evidence::line(
        format!("/conf{text}"),
        3,
        format!("{text} password={SECRET}"),
    );
    evidence.column = Some(2);
    let finding = Finding {
        judgement: Judgement::Outcome("present".into()),
        facts: facts.into_iter().collect(),
        evidence: vec![evidence],
        source: Source::Observed,
        at,
        took: Duration::ZERO,
        machine: None,
    };
    let note = |step, text: &str| Event::Note {
        step,
        text: format!("{text} password={SECRET}"),
    };
    let events = [
        Event::ProbeFinished {
            run: run.expect("the first question looks"),
            finding,
        },
        Event::Answer {
            answer: session_answer(&forest(), "a", 0),
        },
        Event::Answer {
            answer: session_answer(&forest(), "b", 1),
        },
        note(Some(0), text),
        note(None, text),
    ];
    for event in events {
        let shown = format!("{event:?}");
        session
            .apply(event, at)
            .unwrap_or_else(|rejection| panic!("{shown}: {rejection}"));
    }
    session
}

fn session_answer(forest: &Forest, node: &str, at: usize) -> crate::tree::AnswerId {
    let node = forest.node(&"t".into(), &node.into()).expect("it is there");
    match &node.kind {
        crate::tree::NodeKind::Ask(ask) => ask.answers[at].id.clone(),
        _ => panic!("it is a question"),
    }
}

fn formats(session: &Session) -> [(&'static str, String); 5] {
    let redactor = || &mut *Box::leak(Box::new(Redactor::default()));
    let report = Report::of(session, false, Called::default(), redactor());
    [
        ("markdown", markdown(&report)),
        ("html", html(&report)),
        ("text", text(&report, 80, Letters::All)),
        ("ascii", text(&report, 80, Letters::Ascii)),
        (
            "json",
            json(&result(session, false, Called::default(), redactor())).expect("it is JSON"),
        ),
    ]
}

#[test]
fn no_secret_is_in_any_format() {
    for (format, text) in formats(&hostile("plain")) {
        assert!(!text.contains(SECRET), "{format}: {text}");
        let token = if format == "ascii" {
            "<secret-"
        } else {
            "secret-"
        };
        assert!(text.contains(token), "{format} has no token: {text}");
    }
}

#[test]
fn what_was_replaced_is_told_by_its_sort() {
    let report = Report::of(
        &hostile("plain"),
        false,
        Called::default(),
        &mut Redactor::default(),
    );
    let mut sorts: Vec<&str> = report
        .replaced
        .iter()
        .map(|(_, sort)| sort.map_or("", Sort::name))
        .collect();
    sorts.sort_unstable();
    assert!(!sorts.is_empty() && !sorts.contains(&""), "{sorts:?}");
    let page = markdown(&report);
    for (token, _) in &report.replaced {
        assert!(page.contains(&format!("- {token}: a ")), "{page}");
    }
}

#[test]
fn a_token_of_a_journal_has_no_sort() {
    let mut session = hostile("plain");
    let note = Event::Note {
        step: None,
        text: "it was ‹secret-7›".to_owned(),
    };
    session
        .apply(note, Timestamp::UNIX_EPOCH)
        .expect("a note fits everywhere");
    let report = Report::of(&session, false, Called::default(), &mut Redactor::default());
    let seven = report.replaced.iter().find(|(it, _)| it == "‹secret-7›");
    assert_eq!(seven, Some(&("‹secret-7›".to_owned(), None)));
    let page = markdown(&report);
    assert!(page.contains("‹secret-7›: masked when"), "{page}");
}

#[test]
fn nothing_hidden_is_in_any_format() {
    for (format, text) in formats(&hostile(HOSTILE)) {
        let hidden: Vec<char> = text
            .chars()
            .filter(|c| *c != '\n' && is_hidden(*c))
            .collect();
        assert!(hidden.is_empty(), "{format}: {hidden:?}");
        assert!(text.contains("alert(1)"), "{format} shows it: {text}");
    }
}

#[test]
fn markdown_holds_no_html_and_leads_nowhere() {
    let text = markdown(&Report::of(
        &hostile(HOSTILE),
        false,
        Called::default(),
        &mut Redactor::default(),
    ));
    let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
    let mut headings = 0;
    let mut shown = String::new();
    for event in Parser::new_ext(&text, options) {
        match event {
            Markdown::Html(_) | Markdown::InlineHtml(_) => panic!("{event:?} in {text}"),
            Markdown::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock) => {
                panic!("{event:?} in {text}")
            }
            Markdown::Start(Tag::Heading { .. }) => headings += 1,
            Markdown::Text(part) | Markdown::Code(part) => shown.push_str(&part),
            _ => {}
        }
    }
    let page = page::page(&Report::of(
        &hostile("plain"),
        false,
        Called::default(),
        &mut Redactor::default(),
    ));
    let expected = page
        .iter()
        .filter(|block| matches!(block, block::Block::Title(_) | block::Block::Heading(_)))
        .count();
    assert_eq!(headings, expected, "{text}");
    for part in [
        "<script>alert(1)</script>",
        "<svg onload=alert(1)>",
        "[x](javascript:alert(1))",
    ] {
        assert!(shown.contains(part), "`{part}` is not shown: {shown}");
    }
}

#[test]
fn html_has_its_own_tags_alone() {
    let text = html(&Report::of(
        &hostile(HOSTILE),
        false,
        Called::default(),
        &mut Redactor::default(),
    ));
    let own = [
        "!DOCTYPE html",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "p",
        "pre",
        "ul",
        "ol",
        "li",
        "strong",
        "code",
        "br",
    ];
    for tag in text.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let name = tag.trim_start_matches('/');
        let is_own = own.iter().any(|own| {
            name == *own
                || name
                    .strip_prefix(own)
                    .is_some_and(|rest| rest.starts_with(' '))
        });
        assert!(is_own, "<{tag}> in {text}");
        // Attributes hold nothing from outside.
        assert!(!tag.contains("evil") && !tag.contains("alert"), "<{tag}>");
    }
    let policy = text.find("Content-Security-Policy").expect("there is one");
    assert!(policy < text.find("<title>").expect("there is one"));
    assert!(text.contains("default-src 'none'") && !text.contains("unsafe"));
    let opened = |tag: &str| text.matches(&format!("<{tag}")).count();
    for tag in ["ul", "ol", "li", "strong", "code", "pre"] {
        let closed = text.matches(&format!("</{tag}>")).count();
        assert_eq!(
            opened(&format!("{tag}>")) + opened(&format!("{tag} ")),
            closed,
            "{tag}"
        );
    }
}

#[test]
fn text_stays_in_its_columns_and_letters() {
    let report = Report::of(
        &hostile("plain"),
        false,
        Called::default(),
        &mut Redactor::default(),
    );
    let lines = text(&report, 80, Letters::Ascii);
    assert!(lines.is_ascii(), "{lines}");
    for line in lines.lines().filter(|line| !line.starts_with("    ")) {
        let is_one_word = line.trim_start().split(' ').count() < 3;
        assert!(line.len() <= 80 || is_one_word, "{line}");
    }
}

#[test]
fn a_reader_finds_everything() {
    let text = text(
        &Report::of(
            &hostile("plain"),
            false,
            Called::default(),
            &mut Redactor::default(),
        ),
        200,
        Letters::All,
    );
    for part in [
        "Cause found: Broken <svg onload=alert(1)>",
        "So it (http://evil/) is.",
        "1. `rm` it.",
        "To check it: see whether it helped.",
        "`/confplain:3:2`",
        "(observed)",
        "If it were Up: healthy: Fine",
        "- 1970-01-01 00:00:00 UTC Is it up at",
        "Note: plain password=‹secret-",
        "Tree `t`, from embedded, `",
        "Opened 1970-01-01 00:00:00 UTC, on Linux.",
    ] {
        assert!(text.contains(part), "`{part}` is not in\n{text}");
    }
}

#[test]
fn a_case_that_goes_on_tells_what_it_can_still_be() {
    let mut session = hostile("plain");
    session
        .apply(
            Event::Edit {
                step: 0,
                choice: Choice::Unsure,
            },
            Timestamp::UNIX_EPOCH,
        )
        .expect("a step can be edited");
    let mut case = session.clone();
    case.apply(Event::Back, Timestamp::UNIX_EPOCH)
        .expect("there is a step before");
    let report = Report::of(&case, false, Called::default(), &mut Redactor::default());
    assert_eq!(report.verdict, VerdictName::NeedsAnswer);
    assert_eq!(report.possible.named.len(), 1, "{report:#?}");
    assert!(report.turns.is_empty());
}
