//! What holds for every valid forest and every order of events. Forests and events are read from a tape of numbers, so
//! that a failing case shrinks to a short tape.

use std::{collections::HashSet, sync::Arc};

use proptest::prelude::*;

use crate::{
    engine::{
        Choice, Event, Follow, Given, Place, ProbeKey, ProbeRequest, Purpose, RunId, Session,
        Stage, StepKind,
        sketch::{
            ask, cause, end, forest, input, instruction, spanned, template, text, tree, visit,
            with_probe, with_step,
        },
        tests::{Drive, finding, opening},
    },
    tree::{Forest, NodeKind, Param, Tree, Verdict},
};

/// Probes of each kind that a tree has; some questions ask for all of them that wait on the network.
const WIDE: usize = 24;
/// Looks without anybody who waits for them, on the network and at the machine.
const AHEAD: (usize, usize) = (16, 2);

/// Numbers that run out: then it is all zeroes.
struct Tape(Vec<u32>);

impl Tape {
    fn pick(&mut self, below: usize) -> usize {
        self.0
            .pop()
            .map_or(0, |number| number as usize % below.max(1))
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.pick(100) < percent
    }
}

/// A tree whose every node has a way to a later one, and whose last nodes are ends. Other ways lead anywhere.
fn make_tree(tape: &mut Tape, id: &str, other: Option<&str>) -> Tree {
    let count = 2 + tape.pick(8);
    let ends = [
        Verdict::Cause,
        Verdict::Healthy,
        Verdict::Unresolved,
        Verdict::NotApplicable,
        Verdict::Escalate,
    ];
    let total = count + ends.len();
    let names: Vec<String> = (0..total).map(|at| format!("n{at}")).collect();
    let mut nodes = Vec::new();
    for at in 0..count {
        let later = |tape: &mut Tape| names[at + 1 + tape.pick(total - at - 1)].clone();
        let any = |tape: &mut Tape| match other {
            Some(other) if tape.chance(10) => format!("{other}/"),
            _ => names[tape.pick(total)].clone(),
        };
        let kind = match tape.pick(10) {
            0 => instruction(&later(tape), tape.chance(50).then(|| any(tape)).as_deref()),
            1 if other.is_some() => visit(
                other.unwrap_or(""),
                &later(tape),
                &later(tape),
                &later(tape),
            ),
            2 => cause(
                &[String::new(), "n0/x".to_owned()][tape.pick(2)],
                &[String::new(), later(tape)][tape.pick(2)],
            ),
            _ => {
                let all = (0..WIDE).map(|at| format!("n{at}")).collect::<Vec<_>>();
                let own = [format!("n{at}"), format!("r{at}"), all.join("+")];
                let probe = [
                    None,
                    Some("p"),
                    Some("q"),
                    Some("p+q"),
                    Some(own[0].as_str()),
                    Some(own[1].as_str()),
                    Some(own[2].as_str()),
                ][tape.pick(7)];
                let mut answers = vec![
                    format!("x:present>{}", later(tape)),
                    format!("y:absent>{}", any(tape)),
                ];
                if tape.chance(40) {
                    answers.push(format!("z>{}", any(tape)));
                }
                if tape.chance(50) {
                    answers.push(format!("?>{}", any(tape)));
                }
                let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
                ask(probe, &answers)
            }
        };
        nodes.push((names[at].as_str(), kind));
    }
    // The walk begins, and fixes are checked, at a question.
    nodes[0].1 = ask(Some("p"), &["x:present>n1", "y:absent>n1", "?>n1"]);
    for (at, verdict) in ends.into_iter().enumerate() {
        nodes.push((names[count + at].as_str(), end(verdict)));
    }
    let mut made = with_probe(tree(id, nodes), "p", "/p");
    made = with_probe(made, "q", "{{ dir }}/q");
    for at in 0..WIDE {
        made = with_probe(made, &format!("r{at}"), &format!("/r{at}"));
        made = with_probe(made, &format!("n{at}"), "");
        let host = template(&format!("h{at}"));
        let probe = &mut made.probes[format!("n{at}").as_str()];
        probe.kind = "tcp";
        probe.params = [("host".to_owned(), spanned(Param::Text(host)))]
            .into_iter()
            .collect();
    }
    made.inputs.insert("dir".into(), input("dir"));
    if tape.chance(40) {
        made.settled = Some(crate::engine::sketch::reference("n0/x"));
    }
    if tape.chance(40) {
        made = with_step(made, "s", "n0/x", &names[total - 1]);
        let guarded = 1 + tape.pick(total - 1);
        match &mut made.nodes[guarded].kind {
            NodeKind::Ask(ask) => ask.how = Some(text("{{ steps.s }}")),
            NodeKind::Do(instruction) => instruction.steps = Some(text("{{ steps.s }}")),
            NodeKind::Conclude(conclude) => {
                conclude.because = Some(text("{{ steps.s }} in {{ dir }}"))
            }
            NodeKind::Visit(_) => {}
        }
    }
    if tape.chance(20) {
        made.title = template("{{ dir }}");
    }
    made
}

fn make_forest(tape: &mut Tape) -> Arc<Forest> {
    let inner = make_tree(tape, "u", None);
    forest(vec![make_tree(tape, "t", Some("u")), inner])
}

fn make_opening(tape: &mut Tape) -> crate::engine::Opening {
    let mut opening = opening("t");
    opening.place = [Place::Here, Place::Here, Place::Elsewhere, Place::Bundle][tape.pick(4)];
    if tape.chance(50) {
        opening
            .inputs
            .insert("dir".into(), Given::Text("d".to_owned()));
    }
    opening
}

/// An event that may fit or not.
fn make_event(tape: &mut Tape, drive: &Drive) -> Event {
    let answer = ["x", "y", "z"][tape.pick(3)];
    let found = finding(["present", "absent", "unknown", "odd"][tape.pick(4)]);
    let step = tape.pick(6);
    match tape.pick(24) {
        0..=6 => Event::Answer {
            answer: answer.into(),
        },
        7 | 8 => Event::Unsure { skipped: false },
        9 => Event::Done,
        10 => Event::Unable,
        11 => Event::Applied,
        12 => Event::Helped([Some(true), Some(false), None][tape.pick(3)]),
        13 => Event::SkipWait,
        14 => Event::Back,
        15 => {
            let choice = match tape.pick(4) {
                0 => Choice::Unsure,
                1 => Choice::Unable,
                2 => Choice::Done,
                _ => Choice::Answer(answer.into()),
            };
            Event::Edit { step, choice }
        }
        16 => Event::Look,
        17 => Event::Stop,
        18 | 19 => {
            let known = drive
                .runs
                .get(tape.pick(drive.runs.len()))
                .map(|(run, _)| *run);
            Event::ProbeFinished {
                run: known.unwrap_or(RunId(99)),
                finding: found,
            }
        }
        20 => {
            let key = ProbeKey {
                tree: ["t", "u"][tape.pick(2)].into(),
                name: ["p", "q"][tape.pick(2)].into(),
            };
            Event::Pasted {
                probe: key,
                finding: found,
            }
        }
        21 => Event::Note {
            step: (step > 2).then_some(step),
            text: "n".to_owned(),
        },
        22 => {
            let given = [
                Given::Unknown,
                Given::Text("d".to_owned()),
                Given::Text("e".to_owned()),
                Given::Secret,
            ];
            Event::Input {
                name: "dir".into(),
                given: given[tape.pick(4)].clone(),
            }
        }
        _ => drive.session.evidence_event().unwrap_or(Event::Back),
    }
}

/// Applies what the tape says; checks that a rejected event changes nothing.
fn drive(tape: &mut Tape) -> Drive {
    drive_with(tape, false)
}

fn drive_with(tape: &mut Tape, look_closely: bool) -> Drive {
    let trees = make_forest(tape);
    let opening = make_opening(tape);
    let mut drive = Drive::new(&trees, opening);
    let mut started = HashSet::new();
    looks_are_in_order(&drive);
    while !tape.0.is_empty() {
        if tape.chance(5) {
            drive.pass(400);
        }
        let event = make_event(tape, &drive);
        let before = look_closely.then(|| format!("{:?}", drive.session));
        let finished = match &event {
            Event::ProbeFinished { run, .. } => Some(*run),
            _ => None,
        };
        let over = is_over(&drive.session);
        let ends = drive.finished;
        if drive.apply(event.clone()).is_err() {
            let after = look_closely.then(|| format!("{:?}", drive.session));
            assert_eq!(
                after, before,
                "{event:?} was rejected and changed something"
            );
        } else {
            drive.runs.retain(|(run, _)| Some(*run) != finished);
            looks_are_in_order(&drive);
            let now = is_over(&drive.session);
            assert_eq!(
                drive.finished - ends,
                usize::from(now && !over),
                "the end is told once"
            );
        }
        for (run, _) in &drive.runs {
            started.insert(*run);
        }
    }
    // What was started is still on its way, was finished or was cancelled, each once: `Drive` refuses the rest.
    assert!(
        drive
            .ended
            .iter()
            .all(|run| !drive.runs.iter().any(|(known, _)| known == run))
    );
    drive
}

/// What the stage waits for runs, what nobody waits for runs in bounded number, and nothing runs twice.
fn looks_are_in_order(drive: &Drive) {
    let running: Vec<&ProbeRequest> = drive
        .runs
        .iter()
        .filter_map(|(run, _)| drive.requests.get(run))
        .collect();
    let name = |request: &ProbeRequest| {
        (
            request.key.clone(),
            request.hash.clone(),
            request.generation,
        )
    };
    let different: HashSet<_> = running.iter().map(|request| name(request)).collect();
    assert_eq!(
        different.len(),
        running.len(),
        "a look is made twice at once"
    );
    assert!(running.iter().all(|request| request.complete));
    let looks = match drive.session.stage() {
        Stage::Question(question) => &question.looks[..],
        Stage::Do(_) | Stage::Conclusion(_) => &[],
        // The question behind them is not on the screen.
        Stage::Inputs(_) => return,
    };
    if drive.session.opening().place == Place::Elsewhere {
        assert!(running.is_empty(), "nothing can be looked at from here");
        return;
    }
    for look in looks.iter().filter(|look| look.request.complete) {
        let runs = running
            .iter()
            .any(|request| name(request) == name(&look.request));
        assert!(
            runs || look.finding.is_some(),
            "{} is waited for and does not run: {}",
            look.request.key,
            drive.stage()
        );
    }
    let mut others = (0, 0);
    for request in running {
        if looks.iter().any(|look| look.request.key == request.key) {
            continue;
        }
        match request.kind {
            "tcp" => others.0 += 1,
            _ => others.1 += 1,
        }
    }
    assert!(
        others.0 <= AHEAD.0 && others.1 <= AHEAD.1,
        "{others:?} run ahead"
    );
    assert!(drive.session.looks_ahead() <= others.0 + others.1);
}

fn is_over(session: &Session) -> bool {
    matches!(session.stage(), Stage::Conclusion(end) if end.phase.is_last())
}

/// The event that says again what a step says.
fn again(step: &crate::engine::Step) -> Event {
    match &step.kind {
        StepKind::Question {
            answer: Some(answer),
            ..
        } => Event::Answer {
            answer: answer.clone(),
        },
        StepKind::Question { skipped, .. } => Event::Unsure { skipped: *skipped },
        StepKind::Do { done: true } => Event::Done,
        StepKind::Do { done: false } => Event::Unable,
        StepKind::Fix => Event::Applied,
        StepKind::Helped(helped) => Event::Helped(*helped),
        StepKind::Enter | StepKind::Leave { .. } => {
            unreachable!("these are no steps to go back to")
        }
    }
}

/// What always leads to an end.
fn forward(stage: &Stage) -> Option<Event> {
    Some(match stage {
        Stage::Inputs(asks) => Event::Input {
            name: asks[0].name.clone(),
            given: Given::Unknown,
        },
        Stage::Question(question) => match question.purpose {
            Purpose::Walk => Event::Answer {
                answer: question.answers[0].id.clone(),
            },
            Purpose::Guard | Purpose::Verify | Purpose::Settled => Event::Unsure { skipped: false },
        },
        Stage::Do(_) => Event::Done,
        Stage::Conclusion(end) if end.phase.is_last() => return None,
        Stage::Conclusion(_) if matches!(stage, Stage::Conclusion(end) if end.phase == crate::engine::Phase::Fix) => {
            Event::Unable
        }
        Stage::Conclusion(end) if end.phase == crate::engine::Phase::AskHelped => {
            Event::Helped(None)
        }
        Stage::Conclusion(_) => Event::SkipWait,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rejected_event_changes_nothing_and_every_run_ends_once(tape in tape()) {
        let drive = drive_with(&mut Tape(tape), true);
        let mut waiting: Vec<RunId> = drive.runs.iter().map(|(run, _)| *run).collect();
        waiting.sort_unstable();
        prop_assert_eq!(waiting, drive.session.runs_for_test());
    }

    #[test]
    fn replay_equals_the_session(tape in tape()) {
        let drive = drive(&mut Tape(tape));
        let session = &drive.session;
        let again = Session::replay(session.forest().clone(), session.opening().clone(), session.transcript());
        prop_assert!(again.stopped.is_none(), "{:?}", again.stopped);
        prop_assert_eq!(again.session.transcript(), session.transcript());
        prop_assert_eq!(again.session.path(), session.path());
        prop_assert_eq!(again.session.stage(), session.stage());
        prop_assert_eq!(again.effects.len(), drive.runs.len());
        let reloaded = session.reload(session.forest().clone());
        prop_assert!(reloaded.effects.is_empty(), "{:?}", reloaded.effects);
        prop_assert_eq!(reloaded.session.stage(), session.stage());
    }

    #[test]
    fn back_and_the_same_answer_restores(tape in tape()) {
        let mut drive = drive(&mut Tape(tape));
        let held = format!("{:?}", drive.session).contains("held: true");
        let last = drive.session.path().iter().rev().find(|step| step.is_editable()).cloned();
        let before = (drive.stage(), drive.session.path().len());
        if let (Some(last), false) = (last, held) {
            drive.apply(Event::Back).expect("there is a step before");
            // A fix that was declined is no step: back then leads to the fix itself.
            let declined = drive.session.path().len() == before.1;
            prop_assert!(!declined || drive.stage().ends_with(" fix"));
            let event = if declined { Event::Unable } else { again(&last) };
            drive
                .apply(event).expect("what was said fits where it was said");
            prop_assert_eq!((drive.stage(), drive.session.path().len()), before);
        }
    }

    #[test]
    fn the_path_that_is_kept_is_the_path_drawn_anew(tape in tape()) {
        let drive = drive(&mut Tape(tape));
        let kinds = |path: &[crate::engine::Step]| path.iter().map(|step| step.kind.clone()).collect::<Vec<_>>();
        prop_assert_eq!(kinds(drive.session.path()), kinds(&drive.session.path_for_test()));
    }

    #[test]
    fn a_conclusion_can_always_be_reached(tape in tape()) {
        let mut drive = drive(&mut Tape(tape));
        for _ in 0..400 {
            let Some(event) = forward(drive.session.stage()) else { return Ok(()) };
            drive.apply(event).expect("what the stage asks for fits");
        }
        prop_assert!(false, "no end was reached: {} after {}", drive.stage(), drive.path());
    }

    #[test]
    fn following_evidence_comes_to_an_end(tape in tape(), outcomes in prop::collection::vec(0_usize..4, 40)) {
        let mut drive = drive(&mut Tape(tape));
        let mut outcomes = outcomes.into_iter();
        for _ in 0..400 {
            match drive.session.follow() {
                Follow::Over => return Ok(()),
                Follow::Apply(event) => drive.apply(event).expect("what is to be followed fits"),
                Follow::Wait => {
                    let outcome = ["present", "absent", "unknown", "odd"][outcomes.next().unwrap_or(2)];
                    prop_assert!(!drive.runs.is_empty(), "it waits for nothing");
                    let (run, _) = drive.runs.remove(0);
                    drive.apply(Event::ProbeFinished { run, finding: finding(outcome) }).expect("it is awaited");
                }
            }
        }
        prop_assert!(false, "it never ends: {} after {}", drive.stage(), drive.path());
    }

    #[test]
    fn the_outlook_bounds_what_is_asked(tape in tape()) {
        let mut drive = drive(&mut Tape(tape));
        // Counted from a question of the walk to an end, without loops, instructions and fixes.
        let outlook = drive.session.outlook();
        let walk = matches!(drive.session.stage(), Stage::Question(question) if question.purpose == Purpose::Walk);
        if !walk || outlook.repeats {
            return Ok(());
        }
        let mut asked = 0;
        while let Some(event) = forward(drive.session.stage()) {
            match drive.session.stage() {
                Stage::Question(question) if question.purpose == Purpose::Walk => asked += 1,
                Stage::Question(_) | Stage::Do(_) => return Ok(()),
                _ => {}
            }
            drive.apply(event).expect("what the stage asks for fits");
        }
        prop_assert!(asked <= outlook.most, "{asked} of at most {}", outlook.most);
    }
}

fn tape() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 60..400)
}
