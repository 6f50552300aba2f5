//! Moments of a case, made up: long words, wide characters, and what a terminal would obey.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use crate::{
    app::tui::model::{Case, Choice, KnownInput, Scene},
    engine::{
        AnswerView, Effect, Entry, Event, EvidenceView, Follow, Given, InputAsk, LookView, Outlook,
        Place, ProbeKey, ProbeRequest, Purpose, QuestionStage, Rejection, RunId, Spot, Stage, Step,
        StepKind,
    },
    finding::{
        Evidence, Facts, Finding, InputName, Judgement, Os, Outcome, ProbeName, Source, TreeId,
    },
    probe,
    tree::{AnswerId, At, Forest, InputType, NodeId, Rendered, Verdict},
};

pub fn now() -> Timestamp {
    "2026-11-20T03:00:00Z".parse().expect("a timestamp")
}

pub fn ago(seconds: i64) -> Timestamp {
    now() - SignedDuration::from_secs(seconds)
}

pub fn text(markdown: &str) -> Rendered {
    Rendered {
        markdown: markdown.to_owned(),
        unsafe_to_copy: false,
    }
}

pub fn spot(node: &str) -> Spot {
    Spot::new(TreeId::new("mid-down"), NodeId::new(node))
}

/// A case that shows one moment and takes nothing in.
struct Still(Scene);

impl Case for Still {
    fn apply(&mut self, event: Event, _: Timestamp) -> Result<Vec<Effect>, Rejection> {
        match event {
            Event::Back => Err(Rejection::NothingBefore),
            _ => Err(Rejection::NoQuestion),
        }
    }

    fn follow(&self) -> Follow {
        Follow::Over
    }

    fn scene(&self) -> Scene {
        self.0.clone()
    }

    fn alternatives(&self, step: usize) -> Vec<Choice> {
        let answers = ["It is running", "It is stopped", "サービスがありません"];
        let row = |(index, text): (usize, &&str)| Choice {
            key: char::from_digit(index as u32 + 1, 10),
            text: (*text).to_owned(),
            note: if index == 0 { "as it stands" } else { "" }.to_owned(),
            found: false,
            unsure: false,
            stands: index == 0,
            event: Event::Edit {
                step,
                choice: crate::engine::Choice::Unsure,
            },
        };
        answers.iter().enumerate().map(row).collect()
    }

    fn reload(&mut self, _: Arc<Forest>, _: &[Entry]) -> (Vec<Effect>, Option<String>) {
        (Vec::new(), None)
    }

    fn renew(
        &mut self,
        _: Arc<Forest>,
        _: (bool, bool),
        _: &[Entry],
        _: Timestamp,
    ) -> (Vec<Effect>, Option<String>) {
        (Vec::new(), None)
    }
}

pub fn case(scene: Scene) -> Box<dyn Case> {
    Box::new(Still(scene))
}

/// A moment around a stage, after three steps.
pub fn scene(stage: Stage) -> Scene {
    let (choices, preferred) = Choice::all(&stage);
    Scene {
        tree: TreeId::new("mid-down"),
        title: "MID Server is Down".to_owned(),
        origin: None,
        os: Os::Linux,
        place: Place::Here,
        trusted: true,
        stage,
        choices,
        preferred,
        path: path(),
        inputs: inputs(),
        notes: vec!["The customer sends the log at noon".to_owned()],
        outlook: Outlook {
            causes: vec![spot("a"), spot("b"), spot("c")],
            fewest: 1,
            most: 7,
            repeats: true,
        },
        causes: [
            "A firewall or proxy blocks the MID Server's way to the instance",
            "A value in config.xml was never filled in",
            "自己署名証明書が信頼されていません",
        ]
        .map(str::to_owned)
        .into(),
        commands: Vec::new(),
        manual: Vec::new(),
        proof: Vec::new(),
        ahead: 0,
    }
}

fn inputs() -> Vec<KnownInput> {
    let known = |name: &str, ask: &str, given: Given, secret: bool| KnownInput {
        name: InputName::new(name),
        ask: ask.to_owned(),
        given,
        secret,
    };
    vec![
        known(
            "agent_dir",
            "Where is the MID Server installed?",
            Given::Text("/opt/servicenow/mid/agent".to_owned()),
            false,
        ),
        known(
            "proxy_password",
            "What is that proxy user's password?",
            Given::Secret,
            true,
        ),
        known(
            "mid_name",
            "What is the MID Server called?",
            Given::Unknown,
            false,
        ),
    ]
}

fn path() -> Vec<Step> {
    let question =
        |node: &str, ask: &str, answer: Option<&str>, outcome: Option<&str>, disagrees: bool| {
            Step {
                spot: spot(node),
                generation: 0,
                kind: StepKind::Question {
                    purpose: Purpose::Walk,
                    answer: answer.map(|_| AnswerId::new("an-answer")),
                    answer_text: text(answer.unwrap_or("")),
                    source: if outcome.is_some() {
                        Source::Observed
                    } else {
                        Source::Stated
                    },
                    skipped: false,
                    probes: outcome
                        .iter()
                        .map(|_| ProbeKey {
                            tree: TreeId::new("mid-down"),
                            name: ProbeName::new("service"),
                        })
                        .collect(),
                    outcome: outcome.map(Outcome::new),
                    disagrees,
                },
                text: text(ask),
                depth: 0,
                at: ago(90),
                notes: Vec::new(),
            }
        };
    let mut steps = vec![
        question(
            "upgrade-running",
            "Is an upgrade of the MID Server running at this moment?",
            Some("No"),
            Some("absent"),
            false,
        ),
        Step {
            kind: StepKind::Enter,
            text: text(""),
            ..question("credentials", "", None, None, false)
        },
        Step {
            depth: 1,
            ..question("user-locked", "Is the user locked?", None, None, false)
        },
        Step {
            kind: StepKind::Leave {
                verdict: Verdict::Unresolved,
                by_not_knowing: true,
            },
            text: text(""),
            ..question("credentials", "", None, None, false)
        },
        question(
            "service-running",
            "Is the MID Server service running on its host?",
            Some("It is **running**"),
            Some("stopped"),
            true,
        ),
        Step {
            kind: StepKind::Do { done: true },
            text: text("Start the MID Server service"),
            ..question("start", "", None, None, false)
        },
    ];
    steps[4].notes =
        vec!["Customer says the service was started by hand at 02:40; 担当者は田中さん".to_owned()];
    steps
}

pub fn finding(outcome: &str, evidence: Vec<Evidence>) -> Finding {
    Finding {
        judgement: Judgement::Outcome(Outcome::new(outcome)),
        facts: Facts::new(),
        evidence,
        source: Source::Observed,
        at: ago(5),
        took: Duration::from_millis(12),
        machine: None,
    }
}

fn look(finding: Option<Finding>) -> LookView {
    let mut params = probe::Params::new();
    params.insert(
        "file".to_owned(),
        "/opt/servicenow/mid/agent/config.xml".into(),
    );
    LookView {
        request: ProbeRequest {
            key: ProbeKey {
                tree: TreeId::new("mid-down"),
                name: ProbeName::new("config"),
            },
            kind: "config",
            params,
            hash: "0".to_owned(),
            timeout: Duration::from_secs(10),
            at: At::Host,
            generation: 0,
            secrets: Vec::new(),
            complete: true,
        },
        runs_here: true,
        finding,
    }
}

pub fn config_line() -> Evidence {
    Evidence {
        before: vec!["  <parameter name=\"name\" value=\"東京-mid-01\"/>".to_owned()],
        after: vec!["  <parameter name=\"mid.proxy.use_proxy\" value=\"true\"/>".to_owned()],
        mark: Some((19, 38)),
        ..Evidence::line(
            "/opt/servicenow/mid/agent/config.xml",
            41,
            "  <parameter name=\"mid.instance.usrname\" value=\"mid.user\"/>",
        )
    }
}

pub fn question(evidence: EvidenceView, looked: Option<Finding>) -> QuestionStage {
    let answer = |id: &str, shown: &str| AnswerView {
        id: AnswerId::new(id),
        text: text(shown),
    };
    QuestionStage {
        spot: spot("config-filled-in"),
        generation: 0,
        purpose: Purpose::Walk,
        ask: text("Is `config.xml` filled in correctly?"),
        why: Some(text(
            "A misspelt name is read as no name at all: the MID Server then *starts*, and cannot log in.",
        )),
        how: Some(text(
            "Open `/opt/servicenow/mid/agent/config.xml` and read the address, the user name and the proxy lines. \
             Or run `grep -n parameter /opt/servicenow/mid/agent/config.xml`.",
        )),
        answers: vec![
            answer("yes", "Yes"),
            answer("misspelt", "A parameter's name is misspelt"),
            answer("placeholder", "A value was never filled in"),
            answer("missing", "There is no such file"),
        ],
        wanted: None,
        unsure: true,
        evidence,
        again: None,
        looks: vec![look(looked)],
        stated: None,
        given: None,
        withheld: Vec::new(),
        sources: vec!["KB0661756".to_owned()],
    }
}

pub fn found() -> EvidenceView {
    EvidenceView::Found {
        outcome: Outcome::new("misspelt"),
        answer: Some(AnswerId::new("misspelt")),
        note: Some(text(
            "`mid.instance.usrname` on line 41: did you mean `mid.instance.username`?",
        )),
    }
}

pub fn many_answers() -> QuestionStage {
    let mut stage = question(EvidenceView::None, None);
    stage.ask = text("What do the logs say about why it stopped?");
    stage.looks.clear();
    stage.unsure = false;
    stage.answers = [
        "It ran out of memory",
        "Java could not get the memory it was told to take, since the host has less of it than the wrapper's configuration asks for",
        "Java could not be started",
        "Java has the wrong version",
        "A digital signature did not verify",
        "A file could not be read or written: /opt/servicenow/mid/agent/work/upgrade_temp/Donaudampfschiffahrtsgesellschaft",
        "キーストアまたは暗号化された値を読み取れませんでした",
        "`config.xml` could not be read",
        "The host was too busy and the start timed out",
        "The host was shut down or restarted",
        "Somebody stopped it",
        "Nothing of these",
    ]
    .iter()
    .enumerate()
    .map(|(index, shown)| AnswerView {
        id: AnswerId::new(format!("answer-{index}")),
        text: text(shown),
    })
    .collect();
    stage
}

pub fn looking() -> EvidenceView {
    EvidenceView::Looking {
        runs: vec![RunId(4)],
        since: ago(3),
    }
}

pub fn ask(name: &str, shown: &str, ty: InputType) -> InputAsk {
    InputAsk {
        name: InputName::new(name),
        ask: text(shown),
        help: None,
        ty,
        choices: Vec::new(),
        offer: None,
        confirm: false,
        comes_from: None,
        goes_to: Vec::new(),
        blank: false,
        suggestions: Vec::new(),
        looking: None,
        refused: None,
        secret_for: None,
    }
}

pub fn blank() -> InputAsk {
    let shown = "Through which proxy does the MID Server reach the instance?";
    InputAsk {
        blank: true,
        help: Some(text(
            "Host and port. Empty means that it connects directly.",
        )),
        ..ask("proxy_address", shown, InputType::Text)
    }
}

pub fn forms() -> Vec<InputAsk> {
    vec![
        InputAsk {
            help: Some(text("The `agent` folder, the one that holds `config.xml`.")),
            suggestions: vec![
                "/opt/servicenow/mid/agent".to_owned(),
                "/opt/servicenow/東京-mid-02/agent".to_owned(),
                "/opt/servicenow/a-very-long-name-of-a-mid-server-that-somebody-gave-it-in-2014/agent".to_owned(),
            ],
            ..ask("agent_dir", "Where is the MID Server installed?", InputType::Directory)
        },
        InputAsk {
            offer: Some("https://example.service-now.com/".to_owned()),
            confirm: true,
            ..ask("instance_url", "What is the instance's address?", InputType::Url)
        },
        ask("over_proxy", "Does it go through a proxy?", InputType::YesNo),
    ]
}
