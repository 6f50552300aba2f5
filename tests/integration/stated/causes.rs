//! A cause is concluded only from what was answered, as `tests/stated/causes.txt` lists it.

use std::{collections::BTreeSet, fs, path::Path};

use waypost::{
    engine::{ConclusionStage, Event, Purpose, QuestionStage, Session, Stage},
    tree::Verdict,
};

use super::walk::{
    Inputs, SYSTEMS, Start, Walked, apply, cause, come_to, given, named, nodes, start_at, starts,
    walk,
};
use crate::hosts::recorded::forest;

/// Causes whose proof is a list of answers, the deciding one last: `tree/question=answer`.
struct Proof {
    /// The answer was asked for because a text waits for it, and leads to the cause only there.
    guard: bool,
    answers: Vec<String>,
    cause: String,
}

/// One proof a line: `answer & answer => cause`; `=a|b` where either will do; `#` begins a remark, `guard:` the answer to
/// a question that a text waits for.
fn proofs() -> Vec<Proof> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stated/causes.txt");
    let text = fs::read_to_string(path).expect("the list is there");
    let mut proofs = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (answers, cause) = line.split_once("=>").expect("a line has `=>`");
        let guard = answers.starts_with("guard:");
        let answers = answers.trim_start_matches("guard:");
        proofs.push(Proof {
            guard,
            answers: answers.split('&').map(|it| it.trim().to_owned()).collect(),
            cause: cause.trim().to_owned(),
        });
    }
    proofs
}

/// `tree/question=a|b` holds where one of the answers was given.
fn holds(wanted: &str, given: &BTreeSet<String>) -> bool {
    let (question, answers) = wanted.split_once('=').expect("an answer has `=`");
    answers
        .split('|')
        .any(|answer| given.contains(&format!("{question}={answer}")))
}

/// A small generator, so that a failing walk can be walked again.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

/// How often each start is walked with answers at random.
const MIXES: u64 = 40;

/// A cause that does not follow from what was answered, with that.
fn unproven(
    end: &Option<ConclusionStage>,
    given: &BTreeSet<String>,
    proofs: &[Proof],
) -> Option<String> {
    let cause = cause(end)?;
    let proven = proofs.iter().any(|proof| {
        proof.cause == cause && proof.answers.iter().all(|answer| holds(answer, given))
    });
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    (!proven).then(|| format!("{} => {cause}", given.join(" & ")))
}

#[test]
fn a_cause_follows_from_what_was_answered() {
    let (forest, proofs) = (forest(), proofs());
    let mut wrong = BTreeSet::new();
    for (at, start) in starts(&forest, Inputs::Unknown).iter().enumerate() {
        let nothing = walk(&forest, start, |_| None);
        assert_eq!(nothing.cause(), None, "nothing was answered");
        let verdict = nothing.end.as_ref().map(|end| end.verdict);
        assert_ne!(verdict, Some(Verdict::Healthy), "nothing was answered");
        for (asked, session) in &nothing.asked {
            for (answer, end) in one_answer(start, asked, session) {
                wrong.extend(unproven(&end, &[answer].into(), &proofs));
            }
        }
        for seed in 0..MIXES {
            let mut numbers = Numbers(at as u64 * MIXES + seed);
            let share = 2 + numbers.below(4);
            let mixed = walk(&forest, start, |asked| {
                let known = numbers.below(share) != 0;
                let at = numbers.below(asked.answers.len());
                known.then(|| asked.answers[at].id.clone())
            });
            wrong.extend(unproven(&mixed.end, &mixed.given, &proofs));
        }
    }
    assert!(
        wrong.is_empty(),
        "not in `tests/stated/causes.txt`:\n{}",
        wrong.into_iter().collect::<Vec<_>>().join("\n")
    );
}

/// Who did not know something is not asked for it again, by whatever tree and in whatever words.
#[test]
fn what_is_not_known_is_asked_once() {
    let forest = forest();
    let mut wrong = BTreeSet::new();
    for start in starts(&forest, Inputs::Unknown) {
        let nothing = walk(&forest, &start, |_| None);
        let mut seen: Vec<&str> = Vec::new();
        for (asked, _) in &nothing.asked {
            let text = asked.ask.markdown.as_str();
            if seen.contains(&text) {
                wrong.insert(format!("{}: {text}", named(&asked.spot)));
            }
            seen.push(text);
        }
        for word in ["upgrade of", "half way", "show the MID Server as Up"] {
            let times = seen.iter().filter(|text| text.contains(word)).count();
            if times > 1 {
                wrong.insert(format!("{} times from {}: {word}", times, start.tree));
            }
        }
    }
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nothing is said of the way to the instance that nobody looked at.
#[test]
fn the_way_is_called_free_only_where_it_was_tried() {
    let forest = forest();
    for os in SYSTEMS {
        let start = Start {
            tree: "mid-down".into(),
            node: None,
            os,
            inputs: Inputs::Unknown,
        };
        let whys = |walked: &Walked| {
            let whys = walked
                .asked
                .iter()
                .filter(|(asked, _)| asked.spot.node.as_str() == "let-in");
            let whys = whys.filter_map(|(asked, _)| asked.why.clone());
            whys.map(|why| why.markdown).collect::<Vec<_>>()
        };
        let nothing = walk(&forest, &start, |_| None);
        let unknown = whys(&nothing);
        assert!(!unknown.is_empty(), "it is asked");
        assert!(!unknown.concat().contains("is free."), "{unknown:?}");
        let answers = walk(&forest, &start, |asked| {
            let yes = ["proxy-used=direct", "instance-answers=yes"];
            let ids = asked.answers.iter().map(|answer| &answer.id);
            ids.into_iter()
                .find(|id| yes.contains(&format!("{}={id}", asked.spot.node).as_str()))
                .cloned()
        });
        let tried = whys(&answers);
        assert!(
            tried.concat().contains("The way to the instance is free."),
            "{tried:?}"
        );
    }
}

/// Each answer of a question, and where it alone leads: all that follows is unknown. Walks no further than the next
/// question, since what follows that rests on not knowing it.
fn one_answer(
    start: &Start,
    asked: &QuestionStage,
    session: &Session,
) -> Vec<(String, Option<ConclusionStage>)> {
    let mut ends = Vec::new();
    for answer in &asked.answers {
        let mut session = session.clone();
        apply(
            &mut session,
            Event::Answer {
                answer: answer.id.clone(),
            },
        );
        let end = loop {
            let event = match session.stage() {
                Stage::Inputs(asks) => Event::Input {
                    name: asks[0].name.clone(),
                    given: given(&asks[0].name, start),
                },
                Stage::Question(question) if question.purpose == Purpose::Guard => {
                    Event::Unsure { skipped: false }
                }
                Stage::Question(_) => break None,
                Stage::Do(_) => Event::Done,
                Stage::Conclusion(end) => break Some((**end).clone()),
            };
            apply(&mut session, event);
        };
        ends.push((format!("{}={}", named(&asked.spot), answer.id), end));
    }
    ends
}

#[test]
fn the_list_of_causes_is_neither_too_short_nor_too_long() {
    let forest = forest();
    let mut found = BTreeSet::new();
    for spot in nodes(&forest) {
        for os in SYSTEMS {
            let start = start_at(&spot, os, Inputs::Unknown);
            let session = come_to(&forest, &start);
            let Stage::Question(asked) = session.stage() else {
                continue;
            };
            for (answer, end) in one_answer(&start, asked, &session) {
                found.extend(cause(&end).map(|cause| (answer, cause)));
            }
        }
    }
    let mut listed = BTreeSet::new();
    for proof in proofs().iter().filter(|proof| !proof.guard) {
        let last = proof.answers.last().expect("a proof has an answer");
        let (question, answers) = last.split_once('=').expect("an answer has `=`");
        for answer in answers.split('|') {
            listed.insert((format!("{question}={answer}"), proof.cause.clone()));
        }
    }
    let lines = |pairs: BTreeSet<&(String, String)>| {
        let lines = pairs
            .into_iter()
            .map(|(answer, cause)| format!("{answer} => {cause}"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let missing = lines(found.difference(&listed).collect());
    let stale = lines(listed.difference(&found).collect());
    assert!(
        missing.is_empty() && stale.is_empty(),
        "not listed:\n{missing}\n\nlisted and not so:\n{stale}"
    );
}
