//! Which looks run ahead of the person, in which order, and how many.

use std::{fmt::Write, sync::Arc};

use crate::{
    engine::{
        Event, Given,
        sketch::read,
        tests::{Drive, finding, opening},
    },
    finding::{Facts, Finding},
    tree::{Forest, Origin},
};

/// The looks that run on the network ahead at once, and at the machine itself, as the engine promises them.
const NETWORK: usize = 16;
const LOCAL: usize = 2;

fn head(id: &str, start: &str) -> String {
    format!("waypost: 1\nid: {id}\ntitle: T\nsummary: S\nsymptoms: [s]\nstart: {start}\n")
}

/// A question with a network probe of its own (`p-NAME` asks port 1 of the host `NAME`).
fn net(name: &str, yes: &str, no: &str) -> String {
    format!(
        "  {name}:\n    ask: '?'\n    probe: {{ tcp: {{ host: {name}, port: 1 }} }}\n    answers:\n      - {{ answer: Y, when: open, goto: {yes} }}\n      - {{ answer: N, when: [refused, timed-out, unreachable, unresolved], goto: {no} }}\n    unsure: {yes}\n"
    )
}

fn local(name: &str, yes: &str, no: &str) -> String {
    format!(
        "  {name}:\n    ask: '?'\n    probe: {{ file: {{ path: /{name} }} }}\n    answers:\n      - {{ answer: Y, when: present, goto: {yes} }}\n      - {{ answer: N, when: absent, goto: {no} }}\n    unsure: {yes}\n"
    )
}

/// Questions in a row, `a1`, `a2` and so on; each one's *no* ends it.
fn row(letter: char, count: usize, then: &str, one: fn(&str, &str, &str) -> String) -> String {
    let mut text = String::new();
    for at in 1..=count {
        let next = if at == count {
            then.to_owned()
        } else {
            format!("{letter}{}", at + 1)
        };
        text += &one(&format!("{letter}{at}"), &next, "bad");
    }
    text
}

const ENDS: &str = "  fine: { conclude: Fine, verdict: healthy }\n  bad: { conclude: Bad, verdict: cause, because: So., fix: Mend it. }\n";

fn tree(start: &str, nodes: &str) -> Arc<Forest> {
    read(&[&format!("{}nodes:\n{nodes}{ENDS}", head("t", start))])
}

/// The looks that are under way, by the host or the path that they ask.
fn asked(drive: &Drive) -> Vec<String> {
    let mut asked = Vec::new();
    for (run, _) in &drive.runs {
        let params = &drive.requests[run].params;
        let value = params.get("host").or_else(|| params.get("path"));
        let text = value.and_then(|value| value.as_str()).unwrap_or("?");
        asked.push(text.trim_start_matches('/').to_owned());
    }
    asked
}

/// The look that asks this host or path ends.
fn found(drive: &mut Drive, what: &str, outcome: &str) {
    let at = asked(drive).iter().position(|asked| asked == what);
    let (run, _) = drive
        .runs
        .remove(at.unwrap_or_else(|| panic!("nobody asks `{what}`")));
    drive
        .apply(Event::ProbeFinished {
            run,
            finding: finding(outcome),
        })
        .expect("it is awaited");
}

fn numbered(letter: char, numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers
        .into_iter()
        .map(|number| format!("{letter}{number}"))
        .collect()
}

#[test]
fn the_nearest_run_first_and_so_many_at_once() {
    let trees = tree("a1", &row('a', 30, "fine", net));
    let mut drive = Drive::new(&trees, opening("t"));
    // The one that the person waits for does not count.
    assert_eq!(asked(&drive), numbered('a', 1..=1 + NETWORK));
    assert_eq!(drive.session.looks_ahead(), NETWORK);
    found(&mut drive, "a1", "open");
    assert_eq!(asked(&drive), numbered('a', 2..=1 + NETWORK));
    found(&mut drive, "a5", "open");
    assert_eq!(asked(&drive).last(), Some(&format!("a{}", 2 + NETWORK)));
    drive.all(&["answer y"]);
    // Now the second is waited for, and makes room.
    assert_eq!(asked(&drive).len(), 1 + NETWORK);
    assert_eq!(drive.session.looks_ahead(), NETWORK);
    let trees = tree("a1", &row('a', 9, "fine", local));
    let drive = Drive::new(&trees, opening("t"));
    assert_eq!(asked(&drive), numbered('a', 1..=1 + LOCAL));
}

#[test]
fn the_network_and_the_machine_have_rooms_of_their_own() {
    let nodes = row('a', 20, "b1", net) + &row('b', 5, "fine", local);
    let drive = Drive::new(&tree("a1", &nodes), opening("t"));
    let mut expected = numbered('a', 1..=1 + NETWORK);
    expected.extend(numbered('b', 1..=LOCAL));
    assert_eq!(asked(&drive), expected);
}

/// A question that leads to `x…` or, answered no, to `y…`.
fn fork() -> Arc<Forest> {
    let nodes = net("a", "x1", "y1") + &row('x', 40, "fine", net) + &row('y', 40, "fine", net);
    tree("a", &nodes)
}

#[test]
fn what_lies_where_the_evidence_points_comes_first() {
    let mut drive = Drive::new(&fork(), opening("t"));
    // Nothing points anywhere yet.
    let both: Vec<String> = (1..=NETWORK / 2)
        .flat_map(|at| [format!("x{at}"), format!("y{at}")])
        .collect();
    assert_eq!(asked(&drive)[1..], both);
    found(&mut drive, "a", "refused");
    for at in 1..=4 {
        found(&mut drive, &format!("x{at}"), "open");
    }
    let last = asked(&drive).split_off(NETWORK - 4);
    assert_eq!(last, numbered('y', 9..=12));
    // The person says otherwise: what lies there comes first, in the place of what nobody comes to any more.
    drive.all(&["answer y"]);
    assert_eq!(drive.stage(), "walk t/x1 #0 [open -> y]");
    let now = asked(&drive);
    assert_eq!(now.len(), NETWORK);
    let ahead = numbered('x', (5..=8).chain(9..=20));
    assert!(ahead.iter().all(|name| now.contains(name)), "{now:?}");
    assert_eq!(drive.ended.len(), 12, "all of y");
}

#[test]
fn evidence_that_came_ahead_points_on() {
    let nodes = net("a", "b", "bad")
        + &net("b", "x1", "y1")
        + &row('x', 40, "fine", net)
        + &row('y', 40, "fine", net);
    let mut drive = Drive::new(&tree("a", &nodes), opening("t"));
    found(&mut drive, "b", "refused");
    // It is known as soon as the way is looked at anew.
    found(&mut drive, "a", "open");
    for at in 1..=3 {
        found(&mut drive, &format!("x{at}"), "open");
    }
    let now = asked(&drive);
    let last = &now[now.len() - 3..];
    assert!(last.iter().all(|name| name.starts_with('y')), "{now:?}");
}

#[test]
fn an_answer_that_was_given_ahead_says_where_it_goes() {
    let mut given = opening("t");
    given.answers.push(crate::engine::GivenAnswer {
        tree: None,
        node: "a".into(),
        answer: "n".into(),
    });
    let drive = Drive::new(&fork(), given);
    assert_eq!(asked(&drive)[1..], numbered('y', 1..=NETWORK));
}

#[test]
fn a_probe_that_two_questions_need_is_gathered_once() {
    let nodes = "
  a:
    ask: '?'
    why: W
    answers: [{ answer: On, goto: b }, { answer: Off, goto: bad }]
  b:
    ask: '?'
    probe: one
    answers: [{ answer: Y, when: present, goto: c }, { answer: N, when: absent, goto: bad }]
  c:
    ask: '?'
    probe: { of: [one, two], cases: [{ same: facts.one.size_bytes == facts.two.size_bytes }] }
    answers: [{ answer: Y, when: same, goto: fine }, { answer: N, goto: bad }]
";
    let trees = read(&[&format!(
        "{}probes:\n  one: {{ file: {{ path: /one }} }}\n  two: {{ file: {{ path: /two }} }}\nnodes:\n{nodes}{ENDS}",
        head("t", "a")
    )]);
    let mut drive = Drive::new(&trees, opening("t"));
    assert_eq!(drive.running(), ["one", "two"]);
    drive.all(&[
        "found one present",
        "found two present",
        "answer on",
        "answer y",
    ]);
    assert_eq!(drive.requests.len(), 2);
}

#[test]
fn other_trees_are_looked_into_and_back_out_of() {
    let inner = format!(
        "{}nodes:\n{}  done: {{ conclude: D, verdict: healthy }}\n  bad: {{ conclude: B, verdict: cause, because: So., fix: M. }}\n",
        head("u", "u1"),
        row('u', 2, "done", net)
    );
    let nodes = net("a", "go", "over")
        + "  go: { visit: u, then: { healthy: x1, unresolved: x1 } }\n  over:\n    ask: '?'\n    why: W\n    answers: [{ answer: On, goto: v/ }, { answer: Off, goto: v/v2 }]\n"
        + &row('x', 3, "fine", net);
    let other = format!(
        "{}nodes:\n{}{ENDS}",
        head("v", "v1"),
        row('v', 3, "fine", net)
    );
    let trees = read(&[
        &format!("{}nodes:\n{nodes}{ENDS}", head("t", "a")),
        &inner,
        &other,
    ]);
    let mut drive = Drive::new(&trees, opening("t"));
    // So many questions are asked before each: `u` asks both of its own before it comes back.
    let groups: [&[&str]; 6] = [
        &["a"],
        &["u1"],
        &["u2", "v1", "v2"],
        &["v3", "x1"],
        &["x2"],
        &["x3"],
    ];
    let mut now = asked(&drive);
    for group in groups {
        let mut next: Vec<String> = now.drain(..group.len()).collect();
        next.sort();
        assert_eq!(next, group);
    }
    assert!(now.is_empty(), "{now:?}");
    drive.all(&["answer y", "answer y", "answer y"]);
    assert_eq!(drive.stage(), "walk t/x1 #0 [looking]");
}

#[test]
fn guards_and_the_facts_of_texts_are_gathered_ahead() {
    let tree = format!(
        "{}probes:\n  half: {{ file: {{ path: /half }} }}\n  room: {{ disk: {{ path: /, need: 1GB }} }}\nsteps:\n  restart:\n    needs: half-done/no\n    else: fine\n    any: Restart it.\nnodes:\n{}  half-done:\n    ask: Half done?\n    probe: half\n    answers: [{{ answer: 'Yes', id: 'yes', when: present, goto: fine }}, {{ answer: 'No', id: 'no', when: absent, goto: fine }}]\n  full: {{ conclude: Full, verdict: cause, because: '{{{{ facts.room.free_bytes }}}} left.', fix: '{{{{ steps.restart }}}}' }}\n{ENDS}",
        head("t", "a"),
        net("a", "fine", "full"),
    );
    let mut drive = Drive::new(&read(&[&tree]), opening("t"));
    let mut running = drive.running();
    running.sort_unstable();
    assert_eq!(running[1..], ["half", "room"]);
    drive.all(&["found half absent", "answer n"]);
    assert_eq!(drive.stage(), "guard t/half-done #0 [absent -> no]");
}

#[test]
fn what_must_not_run_ahead_does_not() {
    let login = "
  c:
    ask: '?'
    probe: { http: { url: 'https://{{ known }}/', login: { user: u, password: '{{ word }}' } } }
    answers: [{ answer: Y, when: answered, goto: d }, { answer: N, when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: bad }]
";
    let command = "
  b:
    ask: '?'
    probe: { command: { run: [uname] } }
    answers: [{ answer: Y, when: exited, goto: c }, { answer: N, when: missing, goto: bad }]
";
    let nodes = net("a", "b", "bad")
        + command
        + login
        + &net("'{{ unknown }}'", "e", "bad").replace("  '{{ unknown }}':", "  d:")
        + &net("e", "fine", "bad");
    let trees = read(&[&format!(
        "{}inputs:\n  unknown: {{ ask: W?, type: host }}\n  known: {{ ask: W?, type: host }}\n  word: {{ ask: W?, type: secret, for: known }}\nnodes:\n{nodes}{ENDS}",
        head("t", "a")
    )]);
    let mut given = opening("t");
    given.commands = true;
    given
        .inputs
        .insert("known".into(), Given::Text("known".to_owned()));
    given.inputs.insert("word".into(), Given::Secret);
    let mut drive = Drive::new(&trees, given.clone());
    assert_eq!(asked(&drive), ["a", "e"]);
    // Each of them waits for its own question; the one that logs in, for a key.
    drive.all(&["answer y"]);
    assert_eq!(drive.stage(), "walk t/b #0 [looking]");
    drive.all(&["answer y"]);
    assert_eq!(drive.stage(), "walk t/c #0 [not looked, may]");
    drive.all(&["answer y"]);
    assert_eq!(drive.stage(), "inputs unknown");
    drive.all(&["give unknown=there"]);
    assert_eq!(asked(&drive).last().map(String::as_str), Some("there"));
    // Nothing at all runs before the trees were agreed to.
    given.trusted = false;
    let mut drive = Drive::new(&trees, given);
    drive.all(&["unsure", "unsure"]);
    assert_eq!((drive.requests.len(), drive.session.looks_ahead()), (0, 0));
}

#[test]
fn a_default_that_rests_on_evidence_is_confirmed_like_evidence() {
    let tree = |origin: Origin| {
        let text = format!(
            "{}inputs:\n  site: {{ ask: S?, type: host, from: facts.conf.path }}\n  other: {{ ask: O?, type: host, optional: true, default: 'b.{{{{ site }}}}' }}\nprobes:\n  conf: {{ file: {{ path: /conf }} }}\nnodes:\n  a:\n    ask: '?'\n    probe: conf\n    answers: [{{ answer: Y, when: present, goto: b }}, {{ answer: N, when: absent, goto: bad }}]\n{}{ENDS}",
            head("t", "a"),
            net("'{{ other }}'", "fine", "bad").replace("  '{{ other }}':", "  b:")
        );
        let mut tree = (**read(&[&text]).trees().next().expect("one tree")).clone();
        tree.origin = origin;
        Arc::new(Forest::new([Arc::new(tree)]))
    };
    let check = |origin: Origin, running: &[&str], stage: &str| {
        let mut drive = Drive::new(&tree(origin), opening("t"));
        let run = drive.run("conf");
        let conf = Finding {
            facts: Facts::from([("path".to_owned(), "a.example".into())]),
            ..finding("present")
        };
        drive
            .apply(Event::ProbeFinished { run, finding: conf })
            .expect("it runs");
        assert_eq!(asked(&drive), running);
        drive.all(&["answer y"]);
        assert_eq!(drive.stage(), stage);
    };
    check(Origin::Embedded, &["b.a.example"], "walk t/b #0 [looking]");
    let file = Origin::File("t.yaml".to_owned());
    check(file, &[], "inputs other");
}

#[test]
fn a_row_of_facts_runs_ahead_link_by_link() {
    let tree = format!(
        "{}probes:\n  one: {{ file: {{ path: /one }} }}\n  two: {{ file: {{ path: '{{{{ facts.one.path }}}}/two' }} }}\n  three: {{ file: {{ path: '{{{{ facts.two.path }}}}/three' }} }}\nnodes:\n  a:\n    ask: '?'\n    why: W\n    answers: [{{ answer: On, goto: b }}, {{ answer: Off, goto: bad }}]\n  b:\n    ask: '?'\n    probe: three\n    answers: [{{ answer: Y, when: present, goto: fine }}, {{ answer: N, when: absent, goto: bad }}]\n{ENDS}",
        head("t", "a")
    );
    let mut drive = Drive::new(&read(&[&tree]), opening("t"));
    for name in ["one", "two", "three"] {
        assert_eq!(drive.running(), [name]);
        assert_eq!(drive.session.looks_ahead(), 1);
        let run = drive.run(name);
        let finding = Finding {
            facts: Facts::from([("path".to_owned(), "/x".into())]),
            ..finding("present")
        };
        drive
            .apply(Event::ProbeFinished { run, finding })
            .expect("it runs");
    }
    assert!(drive.runs.is_empty());
    drive.all(&["answer on"]);
    assert_eq!(drive.stage(), "walk t/b #0 [present -> y]");
}

#[test]
fn an_input_that_is_given_anew_is_looked_ahead_with_anew() {
    let tree = format!(
        "{}inputs:\n  dir: {{ ask: D?, type: directory }}\nnodes:\n  a:\n    ask: In {{{{ dir }}}}?\n    why: W\n    answers: [{{ answer: On, goto: b }}, {{ answer: Off, goto: bad }}]\n{}{ENDS}",
        head("t", "a"),
        local("'{{ dir }}'", "fine", "bad")
            .replace("  '{{ dir }}':", "  b:")
            .replace("/'{{ dir }}'", "'{{ dir }}/b'")
    );
    let mut drive = Drive::new(&read(&[&tree]), opening("t"));
    drive.all(&["give dir=/x"]);
    assert_eq!(asked(&drive), ["x/b"]);
    found(&mut drive, "x/b", "present");
    drive.all(&["give dir=/y"]);
    assert_eq!(asked(&drive), ["y/b"]);
    drive.all(&["give dir=/z"]);
    assert_eq!(
        (asked(&drive), drive.ended.len()),
        (vec!["z/b".to_owned()], 1)
    );
}

#[test]
fn what_was_answered_before_is_not_looked_at_again_on_the_way() {
    let nodes = "  z:\n    ask: '?'\n    why: W\n    answers: [{ answer: On, goto: a1 }, { answer: Off, goto: bad }]\n"
        .to_owned()
        + &row('a', 3, "b", net)
        + &net("b", "x1", "y1")
        + &row('x', 2, "fine", net)
        + &row('y', 2, "fine", net);
    let trees = tree("z", &nodes);
    let mut drive = Drive::new(&trees, opening("t"));
    drive.all(&["answer on", "answer y", "answer y", "answer y", "answer n"]);
    assert_eq!(drive.stage(), "walk t/y1 #0 [looking]");
    drive.all(&["back", "back", "back", "back"]);
    for name in ["a1", "a2", "a3", "b", "y1", "y2"] {
        found(&mut drive, name, "open");
    }
    drive.pass(3600);
    let now = drive.now();
    let effects = drive.session.resume(now);
    drive.take(effects);
    // All of it is old: what would be asked is looked at again, and `a2` to `b` have their answers.
    let mut now = asked(&drive);
    now.retain(|name| !name.starts_with('x'));
    assert_eq!(now, ["a1", "y1", "y2"]);
}

#[test]
fn what_is_left_behind_never_runs_in_greater_number_than_what_is_ahead() {
    let mut probes = String::new();
    let mut names = Vec::new();
    for at in 0..40 {
        writeln!(probes, "  p{at}: {{ tcp: {{ host: h{at}, port: 1 }} }}")
            .expect("a string takes what is written");
        names.push(format!("p{at}"));
    }
    let of = names.join(", ");
    let trees = read(&[&format!(
        "{}probes:\n{probes}nodes:\n  a:\n    ask: '?'\n    probe: {{ of: [{of}], cases: [{{ fine: true }}] }}\n    answers: [{{ answer: Y, when: fine, goto: b }}, {{ answer: N, goto: bad }}]\n  b:\n    ask: '?'\n    why: W\n    answers: [{{ answer: Y, goto: fine }}, {{ answer: N, goto: bad }}]\n{ENDS}",
        head("t", "a")
    )]);
    let mut drive = Drive::new(&trees, opening("t"));
    // What the person waits for runs, however much it is.
    assert_eq!((drive.runs.len(), drive.session.looks_ahead()), (40, 0));
    drive.all(&["answer y"]);
    assert_eq!(
        (drive.runs.len(), drive.session.looks_ahead()),
        (NETWORK, 0)
    );
    // A result that comes late is kept.
    let (run, _) = drive.runs.remove(0);
    let late = Event::ProbeFinished {
        run,
        finding: finding("open"),
    };
    drive.apply(late).expect("nobody cancelled it");
    // Back at the question, what was cancelled starts again.
    drive.all(&["back"]);
    assert_eq!(drive.runs.len(), 39);
}
