//! The shipped trees, walked with a person's answers alone: no look ever runs. A cause is concluded only from what was
//! answered, as `tests/stated/causes.txt` lists it, and no text shows the place of a fact that nobody looked at.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use jiff::Timestamp;
use waypost::{
    engine::{
        ConclusionStage, Effect, Event, Given, Opening, Phase, Place, Purpose, QuestionStage,
        Session, Spot, Stage, StepKind,
    },
    finding::{InputName, Os, TreeId},
    tree::{AnswerId, Forest, NodeId, Verdict},
};

use crate::hosts::recorded::forest;

/// More steps than any walk has.
const MOST_STEPS: usize = 300;

/// What is given where an input is asked for.
const INPUTS: &[(&str, &str, &str)] = &[
    (
        "agent_dir",
        "/opt/mid prod/agent",
        r"C:\ServiceNow\mid prod\agent",
    ),
    (
        "instance_url",
        "https://example.service-now.com/",
        "https://example.service-now.com/",
    ),
    ("mid_name", "mid prod", "mid prod"),
    ("mid_user", "mid.user", "mid.user"),
    ("service_to_start", "snc_mid_prod", "snc_mid_prod"),
    ("proxy_address", "", ""),
    ("download_proxy", "", ""),
    (
        "proxy_in_use",
        "proxy.example.com:3128",
        "proxy.example.com:3128",
    ),
    (
        "download_proxy_in_use",
        "proxy.example.com:3128",
        "proxy.example.com:3128",
    ),
    ("ocsp_host", "ocsp.example.com", "ocsp.example.com"),
];

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

#[derive(Clone, Copy)]
enum Inputs {
    Known,
    Unknown,
}

/// What a walk came to.
struct Walked {
    /// Questions that were asked, each with the case as it stood there.
    asked: Vec<(QuestionStage, Session)>,
    /// `tree/question=answer` of the answers on the path.
    given: BTreeSet<String>,
    end: Option<ConclusionStage>,
}

impl Walked {
    fn cause(&self) -> Option<String> {
        cause(&self.end)
    }
}

/// A cause that stands, by name.
fn cause(end: &Option<ConclusionStage>) -> Option<String> {
    let end = end.as_ref()?;
    (end.verdict == Verdict::Cause).then(|| named(&end.spot))
}

fn named(spot: &Spot) -> String {
    format!("{}/{}", spot.tree, spot.node)
}

struct Start {
    tree: TreeId,
    node: Option<NodeId>,
    os: Os,
    inputs: Inputs,
}

/// Somebody else's machine, of which nothing is known.
fn open(forest: &Arc<Forest>, start: &Start) -> Session {
    let mut opening = Opening::new(start.tree.clone(), start.os, Timestamp::UNIX_EPOCH);
    opening.node = start.node.clone();
    opening.place = Place::Elsewhere;
    opening.trusted = false;
    let (session, effects) = Session::start(Arc::clone(forest), opening);
    let looks = |effect: &Effect| matches!(effect, Effect::StartProbe { .. });
    assert!(
        !effects.iter().any(looks),
        "nothing is looked at: {effects:?}"
    );
    session
}

fn apply(session: &mut Session, event: Event) {
    session
        .apply(event, Timestamp::UNIX_EPOCH)
        .expect("what the stage asks for fits");
}

/// Walks up to the first conclusion; `choose` gives the answer of each question, or none for *I don't know*.
fn walk(
    forest: &Arc<Forest>,
    start: &Start,
    mut choose: impl FnMut(&QuestionStage) -> Option<AnswerId>,
) -> Walked {
    let mut session = open(forest, start);
    let mut asked = Vec::new();
    let mut end = None;
    for _ in 0..MOST_STEPS {
        let event = match session.stage() {
            Stage::Inputs(asks) => Event::Input {
                name: asks[0].name.clone(),
                given: given(&asks[0].name, start),
            },
            Stage::Question(question) => {
                asked.push(((**question).clone(), session.clone()));
                match choose(question) {
                    Some(answer) => Event::Answer { answer },
                    None => Event::Unsure { skipped: false },
                }
            }
            Stage::Do(_) => Event::Done,
            Stage::Conclusion(conclusion) => {
                end = Some((**conclusion).clone());
                break;
            }
        };
        apply(&mut session, event);
    }
    assert!(end.is_some(), "the walk from {} has an end", start.tree);
    let mut given = BTreeSet::new();
    for step in session.path() {
        let StepKind::Question {
            answer: Some(answer),
            ..
        } = &step.kind
        else {
            continue;
        };
        // Where trees ask the same, it is asked once, and answered for all of them.
        let same = |spot: &Spot| forest.same(&spot.tree, &spot.node);
        let spots = nodes(forest).into_iter();
        let spots = spots.filter(|spot| same(spot).is_some() && same(spot) == same(&step.spot));
        for spot in spots.chain([step.spot.clone()]) {
            given.insert(format!("{}={answer}", named(&spot)));
        }
    }
    Walked { asked, given, end }
}

fn given(name: &InputName, start: &Start) -> Given {
    let known = INPUTS.iter().find(|(known, ..)| *known == name.as_str());
    match (start.inputs, known) {
        (Inputs::Known, Some((_, linux, windows))) => {
            let text = if start.os == Os::Windows {
                windows
            } else {
                linux
            };
            Given::Text((*text).to_owned())
        }
        _ => Given::Unknown,
    }
}

const SYSTEMS: [Os; 2] = [Os::Linux, Os::Windows];

/// Every way into a tree that the start screen offers.
fn starts(forest: &Forest, inputs: Inputs) -> Vec<Start> {
    let mut starts = Vec::new();
    for tree in forest.trees().filter(|tree| tree.start.is_some()) {
        let mut nodes: Vec<Option<NodeId>> = vec![None];
        for symptom in &tree.symptoms {
            let node = symptom.start.as_ref().map(|start| start.value.clone());
            if !nodes.contains(&node) {
                nodes.push(node);
            }
        }
        for node in nodes {
            starts.extend(SYSTEMS.map(|os| Start {
                tree: tree.id.clone(),
                node: node.clone(),
                os,
                inputs,
            }));
        }
    }
    starts
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

/// The nodes of all trees, as places to start from.
fn nodes(forest: &Forest) -> Vec<Spot> {
    let trees = forest.trees();
    trees
        .flat_map(|tree| {
            let ids = tree.nodes.keys();
            ids.map(|id| Spot::new(tree.id.clone(), id.clone()))
        })
        .collect()
}

fn start_at(spot: &Spot, os: Os, inputs: Inputs) -> Start {
    Start {
        tree: spot.tree.clone(),
        node: Some(spot.node.clone()),
        os,
        inputs,
    }
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

/// A case that begins at a node and stands there: what the node needs is given, and what guards its texts is answered
/// so that they are shown.
fn come_to(forest: &Arc<Forest>, start: &Start) -> Session {
    let mut session = open(forest, start);
    loop {
        let event = match session.stage() {
            Stage::Inputs(asks) => Event::Input {
                name: asks[0].name.clone(),
                given: given(&asks[0].name, start),
            },
            Stage::Question(guard) if guard.purpose == Purpose::Guard => {
                let no = guard.answers.iter().find(|it| it.id.as_str() == "no");
                let answer = no.expect("a guard of these trees has `no`").id.clone();
                Event::Answer { answer }
            }
            _ => return session,
        };
        apply(&mut session, event);
    }
}

/// Every text of a stage.
fn texts(stage: &Stage) -> Vec<String> {
    let mut texts = Vec::new();
    match stage {
        Stage::Inputs(asks) => {
            for ask in asks {
                texts.push(Some(ask.ask.clone()));
                texts.push(ask.help.clone());
            }
        }
        Stage::Question(question) => {
            texts.push(Some(question.ask.clone()));
            texts.extend([question.why.clone(), question.how.clone()]);
            texts.extend(question.answers.iter().map(|it| Some(it.text.clone())));
        }
        Stage::Do(instruction) => {
            texts.push(Some(instruction.text.clone()));
            texts.extend([
                instruction.steps.clone(),
                instruction.caution.clone(),
                instruction.why.clone(),
            ]);
        }
        Stage::Conclusion(end) => {
            texts.push(Some(end.title.clone()));
            texts.extend([end.because.clone(), end.fix.clone(), end.next.clone()]);
        }
    }
    texts
        .into_iter()
        .flatten()
        .map(|text| text.markdown)
        .collect()
}

/// What a text must not show to a person, or nothing.
fn misread(text: &str, inputs: Inputs) -> Option<&'static str> {
    let plain = text.replace('\\', "");
    let place_of_fact = ["‹facts", "‹found", "‹answers"];
    if place_of_fact.iter().any(|place| plain.contains(place)) {
        return Some("the place of a fact");
    }
    if matches!(inputs, Inputs::Known) && plain.contains('‹') {
        return Some("a place that nothing fills");
    }
    if text.contains("-x ''") || text.contains("proxy ''") || text.contains("proxy ``") {
        return Some("a proxy without an address");
    }
    if text.contains("='mid prod'") || text.contains("mid.server.'") || text.contains("of 'mid ") {
        return Some("a name quoted for a shell where none reads it");
    }
    if text.contains(r"agent/") && text.contains(r"C:\") && !text.contains("Join-Path") {
        let mixed = text
            .split_whitespace()
            .any(|word| word.contains(r"C:\") && word.contains('/'));
        if mixed {
            return Some("a path with both separators");
        }
    }
    // A command runs into the sentence after it: the reader cannot tell where it ends.
    let mut parts = text.split('`');
    while let (Some(_), Some(code)) = (parts.next(), parts.next()) {
        let command = ["mid.sh start", "mid.sh restart", "-Service -Name"];
        if command.iter().any(|it| code.contains(it)) {
            let after = parts.clone().next().unwrap_or_default();
            if after.starts_with(' ') && after[1..].starts_with(char::is_uppercase) {
                return Some("a command that runs into the next sentence");
            }
        }
    }
    let runs_on = |line: &str| {
        line.trim()
            .strip_prefix("```")
            .is_some_and(|rest| rest.contains(' '))
    };
    if text.lines().any(runs_on) {
        return Some("a code block that does not end");
    }
    None
}

#[test]
fn every_text_reads_well_without_evidence() {
    let forest = forest();
    let mut wrong = BTreeSet::new();
    for spot in nodes(&forest) {
        for os in SYSTEMS {
            for inputs in [Inputs::Known, Inputs::Unknown] {
                let session = come_to(&forest, &start_at(&spot, os, inputs));
                for text in texts(session.stage()) {
                    if let Some(why) = misread(&text, inputs) {
                        wrong.insert(format!("{} {os:?}: {why}:\n{text}", named(&spot)));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}",
        wrong.into_iter().collect::<Vec<_>>().join("\n---\n")
    );
}

#[test]
fn a_service_that_runs_is_never_started_after_a_fix_that_did_not_help() {
    let forest = forest();
    let mut walked = 0;
    for spot in nodes(&forest) {
        let start = start_at(&spot, Os::Linux, Inputs::Unknown);
        let mut session = come_to(&forest, &start);
        let is_cause = matches!(session.stage(), Stage::Conclusion(end) if end.fix.is_some());
        if !is_cause {
            continue;
        }
        walked += 1;
        for _ in 0..MOST_STEPS {
            let event = match session.stage() {
                Stage::Inputs(asks) => Event::Input {
                    name: asks[0].name.clone(),
                    given: Given::Unknown,
                },
                Stage::Question(question) => match still_down(question) {
                    Some(answer) => Event::Answer { answer },
                    None => Event::Unsure { skipped: false },
                },
                Stage::Do(instruction) => {
                    let starts = named(&instruction.spot) == "mid-down/start-service";
                    assert!(!starts, "{} leads to a start", named(&spot));
                    break;
                }
                Stage::Conclusion(end) if end.spot != spot => break,
                Stage::Conclusion(end) => match end.phase {
                    Phase::Fix => Event::Applied,
                    Phase::Wait { .. } => Event::SkipWait,
                    Phase::AskHelped => Event::Helped(Some(false)),
                    _ => break,
                },
            };
            apply(&mut session, event);
        }
    }
    assert!(walked > 50, "only {walked} fixes");
}

/// What somebody answers whose MID Server runs and is Down: the rest is not known.
fn still_down(question: &QuestionStage) -> Option<AnswerId> {
    let ids = || question.answers.iter().map(|answer| &answer.id);
    let runs = ids().find(|id| id.as_str() == "running");
    let down = ids().find(|id| id.as_str() == "down");
    let check = matches!(question.purpose, Purpose::Verify | Purpose::Settled);
    let refuted = ids().next_back().filter(|_| check);
    runs.or(down).or(refuted).cloned()
}
