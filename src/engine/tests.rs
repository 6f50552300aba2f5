//! The engine seen from outside: a script of events, and what stands on the screen after it.

mod ahead;
mod bounds;
mod compared;
mod confirmed;
mod evidence;
mod fixes;
mod given_anew;
mod inputs;
mod logins;
mod no_answer;
mod old;
mod outlook;
mod pasted;
mod properties;
mod replay;
mod results;
mod suggestions;
mod unknown_inputs;
mod visits;
mod walking;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::Timestamp;

use crate::{
    engine::{
        Choice, Effect, Event, EvidenceView, Follow, Given, Opening, Phase, ProbeKey, ProbeRequest,
        Rejection, RunId, Session, Stage, StepKind,
    },
    finding::{Finding, Judgement, Os, Reason, Source, Unknown},
    tree::Forest,
};

/// A session with the runs that it asked for, driven by words.
pub(super) struct Drive {
    pub session: Session,
    pub runs: Vec<(RunId, String)>,
    pub ended: Vec<RunId>,
    /// What was started, whatever came of it.
    pub requests: BTreeMap<RunId, ProbeRequest>,
    pub finished: usize,
    clock: i64,
}

pub(super) fn opening(tree: &str) -> Opening {
    Opening::new(tree.into(), Os::Linux, Timestamp::UNIX_EPOCH)
}

pub(super) fn finding(outcome: &str) -> Finding {
    let judgement = match outcome {
        "unknown" => Judgement::Unknown(Unknown::new(Reason::NoRight, "permission denied")),
        outcome => Judgement::Outcome(outcome.into()),
    };
    Finding {
        judgement,
        ..Finding::unknown(
            Unknown::new(Reason::Other, ""),
            Source::Observed,
            Timestamp::UNIX_EPOCH,
            Duration::ZERO,
        )
    }
}

impl Drive {
    pub fn new(forest: &Arc<Forest>, opening: Opening) -> Self {
        let (session, effects) = Session::start(forest.clone(), opening);
        let mut drive = Self {
            session,
            runs: Vec::new(),
            ended: Vec::new(),
            requests: BTreeMap::new(),
            finished: 0,
            clock: 0,
        };
        drive.take(effects);
        drive
    }

    pub fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::StartProbe { run, request } => {
                    self.runs.push((run, request.key.name.to_string()));
                    self.requests.insert(run, request);
                }
                Effect::Suggest { run, input, .. } => self.runs.push((run, format!("?{input}"))),
                Effect::CancelProbe { run } => {
                    let at = self.runs.iter().position(|(known, _)| *known == run);
                    self.runs
                        .remove(at.expect("only runs that go on are cancelled"));
                    self.ended.push(run);
                }
                Effect::Finish => self.finished += 1,
            }
        }
    }

    /// Time goes by without anything that happens.
    pub fn pass(&mut self, seconds: i64) {
        self.clock += seconds;
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_second(self.clock).expect("a small number of seconds is a time")
    }

    /// The looks that are under way, in the order in which they were started.
    pub fn running(&self) -> Vec<&str> {
        self.runs.iter().map(|(_, name)| name.as_str()).collect()
    }

    pub fn apply(&mut self, mut event: Event) -> Result<(), Rejection> {
        self.clock += 1;
        let at = self.now();
        // A look that a test made up at no time was made just now.
        if let Event::ProbeFinished { finding, .. } | Event::Pasted { finding, .. } = &mut event
            && finding.at == Timestamp::UNIX_EPOCH
        {
            finding.at = at;
        }
        let effects = self.session.apply(event, at)?.effects;
        self.take(effects);
        Ok(())
    }

    /// Of what a probe is asked with now.
    pub fn hash(&self, probe: &ProbeKey) -> String {
        let request = self.session.request(probe);
        request.expect("a tree has the probe").hash.clone()
    }

    pub fn run(&mut self, probe: &str) -> RunId {
        let at = self.runs.iter().position(|(_, name)| name == probe);
        self.runs
            .remove(at.unwrap_or_else(|| panic!("`{probe}` does not run")))
            .0
    }

    /// One event in words.
    pub fn say(&mut self, words: &str) -> Result<(), Rejection> {
        let (word, rest) = words.split_once(' ').unwrap_or((words, ""));
        let event = match word {
            "answer" => Event::Answer {
                answer: rest.into(),
            },
            "unsure" => Event::Unsure { skipped: false },
            "skip" => Event::Unsure { skipped: true },
            "done" => Event::Done,
            "unable" => Event::Unable,
            "applied" => Event::Applied,
            "helped" => Event::Helped(match rest {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            }),
            "waited" => Event::SkipWait,
            "back" => Event::Back,
            "look" => Event::Look,
            "stop" => Event::Stop,
            "give" => match rest.split_once('=') {
                Some((name, "?")) => Event::Input {
                    name: name.into(),
                    given: Given::Unknown,
                },
                Some((name, "*")) => Event::Input {
                    name: name.into(),
                    given: Given::Secret,
                },
                Some((name, text)) => Event::Input {
                    name: name.into(),
                    given: Given::Text(text.to_owned()),
                },
                None => panic!("give what?"),
            },
            "edit" => {
                let (step, choice) = rest.split_once(' ').expect("edit what?");
                let choice = match choice {
                    "unsure" => Choice::Unsure,
                    "unable" => Choice::Unable,
                    "done" => Choice::Done,
                    answer => Choice::Answer(answer.into()),
                };
                Event::Edit {
                    step: step.parse().expect("a step's number"),
                    choice,
                }
            }
            "found" => {
                let (probe, outcome) = rest.split_once(' ').expect("found what?");
                Event::ProbeFinished {
                    run: self.run(probe),
                    finding: finding(outcome),
                }
            }
            "pasted" => {
                let (probe, outcome) = rest.split_once(' ').expect("pasted what?");
                let probe = ProbeKey {
                    tree: "t".into(),
                    name: probe.into(),
                };
                Event::Pasted {
                    params: self.hash(&probe),
                    probe,
                    finding: Finding {
                        source: Source::Pasted,
                        ..finding(outcome)
                    },
                }
            }
            "paths" => {
                let (input, list) = rest.split_once(' ').unwrap_or((rest, ""));
                let run = self.run(&format!("?{input}"));
                Event::Suggested {
                    run,
                    candidates: list.split_whitespace().map(str::to_owned).collect(),
                }
            }
            "follow" => match self.session.follow() {
                Follow::Apply(event) => event,
                other => panic!("nothing to follow: {other:?}"),
            },
            _ => panic!("what is `{words}`?"),
        };
        self.apply(event)
    }

    pub fn all(&mut self, script: &[&str]) {
        for words in script {
            self.say(words)
                .unwrap_or_else(|rejection| panic!("`{words}` is rejected: {rejection}"));
        }
    }

    /// The stage in a few words.
    pub fn stage(&self) -> String {
        match self.session.stage() {
            Stage::Inputs(asks) => {
                let names: Vec<&str> = asks.iter().map(|ask| ask.name.as_str()).collect();
                format!("inputs {}", names.join(" "))
            }
            Stage::Question(question) => {
                let evidence = match &question.evidence {
                    EvidenceView::None => String::new(),
                    EvidenceView::NotLooked { look } => {
                        format!(" [not looked{}]", if *look { ", may" } else { "" })
                    }
                    EvidenceView::Looking { .. } => " [looking]".to_owned(),
                    EvidenceView::Found {
                        outcome, answer, ..
                    } => {
                        let answer = answer
                            .as_ref()
                            .map_or_else(|| "nothing".to_owned(), ToString::to_string);
                        format!(" [{outcome} -> {answer}]")
                    }
                    EvidenceView::Unknown(why) => format!(" [unknown: {why}]"),
                };
                let purpose = format!("{:?}", question.purpose).to_lowercase();
                format!(
                    "{purpose} {} #{}{evidence}",
                    question.spot, question.generation
                )
            }
            Stage::Do(instruction) => format!("do {}", instruction.spot),
            Stage::Conclusion(end) => {
                let suspect = if end.suspect { " suspect" } else { "" };
                let phase = match end.phase {
                    Phase::Fix => "fix",
                    Phase::Wait { .. } => "wait",
                    Phase::AskHelped => "helped?",
                    Phase::Fixed => "fixed",
                    Phase::NotVerified => "not verified",
                    Phase::End => "end",
                };
                format!(
                    "{} {} {:?}{suspect} {phase}",
                    end.verdict.name(),
                    end.spot,
                    end.ended
                )
            }
        }
    }

    /// The path in a few words.
    pub fn path(&self) -> String {
        let step = |step: &crate::engine::Step| {
            let what = match &step.kind {
                StepKind::Question {
                    answer,
                    source,
                    skipped,
                    disagrees,
                    ..
                } => {
                    let answer = answer.as_ref().map_or("?", |answer| answer.as_str());
                    let skipped = if *skipped { " skipped" } else { "" };
                    let disagrees = if *disagrees { " !" } else { "" };
                    let source = if *source == Source::Stated {
                        ""
                    } else {
                        source.name()
                    };
                    format!("={answer} {source}{skipped}{disagrees}")
                }
                StepKind::Do { done } => if *done { " done" } else { " unable" }.to_owned(),
                StepKind::Fix => " fix".to_owned(),
                StepKind::Helped(helped) => format!(" helped {helped:?}"),
                StepKind::Enter => " >".to_owned(),
                StepKind::Leave { verdict, .. } => format!(" < {}", verdict.name()),
            };
            format!("{}{what}", step.spot.node).trim_end().to_owned()
        };
        self.session
            .path()
            .iter()
            .map(step)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Drives the script and compares the stage.
pub(super) fn check(forest: &Arc<Forest>, script: &[&str], stage: &str) {
    check_from(forest, opening("t"), script, stage);
}

pub(super) fn check_from(forest: &Arc<Forest>, opening: Opening, script: &[&str], stage: &str) {
    let mut drive = Drive::new(forest, opening);
    drive.all(script);
    assert_eq!(drive.stage(), stage, "after {script:?}");
}
