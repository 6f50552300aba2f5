//! What holds for every valid forest and every order of events. Forests and events are read from a tape of numbers, so
//! that a failing case shrinks to a short tape.

mod looks;
mod made_up;

use std::collections::HashSet;

use proptest::prelude::*;

use looks::looks_are_in_order;
use made_up::{Tape, make_forest, make_opening};

use crate::engine::{
    Choice, Event, Follow, Given, ProbeKey, Purpose, RunId, Session, Stage, StepKind,
    tests::{Drive, finding},
};

/// An event that may fit or not.
fn make_event(tape: &mut Tape, drive: &Drive) -> Event {
    let answer = ["x", "y", "z"][tape.pick(3)];
    let mut found = finding(["present", "absent", "unknown", "odd"][tape.pick(4)]);
    if tape.chance(70) {
        let path = ["d", "e"][tape.pick(2)];
        found.facts.insert("path".to_owned(), path.into());
    }
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
            let now = drive.session.request(&key);
            let params = now.map(|request| request.hash.clone());
            Event::Pasted {
                probe: key,
                params: params.filter(|_| tape.pick(9) > 0).unwrap_or_default(),
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
            // Evidence that came meanwhile may leave an input to be asked before the question.
            if matches!(drive.session.stage(), Stage::Inputs(_)) {
                return Ok(());
            }
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
    fn a_step_takes_what_it_offers(tape in tape()) {
        let drive = drive(&mut Tape(tape));
        for (at, step) in drive.session.path().iter().enumerate() {
            let offered = drive.session.alternatives(at);
            prop_assert_eq!(offered.is_empty(), !step.is_editable());
            prop_assert_eq!(offered.iter().filter(|other| other.stands).count(), usize::from(step.is_editable()));
            for (index, other) in offered.iter().enumerate() {
                prop_assert_eq!(other.unsure, index + 1 == offered.len());
                let mut session = drive.session.clone();
                let edit = Event::Edit { step: at, choice: other.choice.clone() };
                prop_assert!(session.apply(edit, drive.now()).is_ok(), "{:?} of {:?}", other, step);
            }
        }
        prop_assert!(drive.session.alternatives(drive.session.path().len()).is_empty());
    }

    #[test]
    fn the_path_that_is_kept_is_the_path_drawn_anew(tape in tape()) {
        let drive = drive(&mut Tape(tape));
        let session = &drive.session;
        prop_assert_eq!(session.path(), &session.path_for_test());
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
