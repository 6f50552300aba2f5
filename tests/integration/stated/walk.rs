//! A walk of a shipped tree that no look helps: somebody else's machine, of which only a person's answers are known.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use waypost::{
    engine::{
        ConclusionStage, Effect, Event, Given, Opening, Place, Purpose, QuestionStage, Session,
        Spot, Stage, StepKind,
    },
    finding::{InputName, Os, TreeId},
    tree::{AnswerId, Forest, NodeId, Verdict},
};

/// More steps than any walk has.
pub(super) const MOST_STEPS: usize = 300;

/// What is given where an input is asked for.
pub(super) const INPUTS: &[(&str, &str, &str)] = &[
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

#[derive(Clone, Copy)]
pub(super) enum Inputs {
    Known,
    Unknown,
}

/// What a walk came to.
pub(super) struct Walked {
    /// Questions that were asked, each with the case as it stood there.
    pub(super) asked: Vec<(QuestionStage, Session)>,
    /// `tree/question=answer` of the answers on the path.
    pub(super) given: BTreeSet<String>,
    pub(super) end: Option<ConclusionStage>,
}

impl Walked {
    pub(super) fn cause(&self) -> Option<String> {
        cause(&self.end)
    }
}

/// A cause that stands, by name.
pub(super) fn cause(end: &Option<ConclusionStage>) -> Option<String> {
    let end = end.as_ref()?;
    (end.verdict == Verdict::Cause).then(|| named(&end.spot))
}

pub(super) fn named(spot: &Spot) -> String {
    format!("{}/{}", spot.tree, spot.node)
}

pub(super) struct Start {
    pub(super) tree: TreeId,
    pub(super) node: Option<NodeId>,
    pub(super) os: Os,
    pub(super) inputs: Inputs,
}

/// Somebody else's machine, of which nothing is known.
pub(super) fn open(forest: &Arc<Forest>, start: &Start) -> Session {
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

pub(super) fn apply(session: &mut Session, event: Event) {
    session
        .apply(event, Timestamp::UNIX_EPOCH)
        .expect("what the stage asks for fits");
}

/// Walks up to the first conclusion; `choose` gives the answer of each question, or none for *I don't know*.
pub(super) fn walk(
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

pub(super) fn given(name: &InputName, start: &Start) -> Given {
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

pub(super) const SYSTEMS: [Os; 2] = [Os::Linux, Os::Windows];

/// Every way into a tree that the start screen offers.
pub(super) fn starts(forest: &Forest, inputs: Inputs) -> Vec<Start> {
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

/// The nodes of all trees, as places to start from.
pub(super) fn nodes(forest: &Forest) -> Vec<Spot> {
    let trees = forest.trees();
    trees
        .flat_map(|tree| {
            let ids = tree.nodes.keys();
            ids.map(|id| Spot::new(tree.id.clone(), id.clone()))
        })
        .collect()
}

pub(super) fn start_at(spot: &Spot, os: Os, inputs: Inputs) -> Start {
    Start {
        tree: spot.tree.clone(),
        node: Some(spot.node.clone()),
        os,
        inputs,
    }
}

/// A case that begins at a node and stands there: what the node needs is given, and what guards its texts is answered
/// so that they are shown.
pub(super) fn come_to(forest: &Arc<Forest>, start: &Start) -> Session {
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
