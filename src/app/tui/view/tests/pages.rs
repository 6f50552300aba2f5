//! The pages that have snapshots.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tui_input::Input;

use crate::{
    app::tui::{
        model::{
            Face, FileLine, Model, Naming, Preview, REPORT, Saving, Scene, Screen, Top, Transcript,
            Walk, What, Writing,
        },
        msg::{Edit, Msg},
        port::{CaseId, Consent, TuiOpening},
        update::update,
        view::tests::{ends, stages},
    },
    case::Named,
    engine::{Again, EvidenceView, Phase, Place, RunId, Stage},
    finding::{InputName, Os, Reason, TreeId, Unknown},
    tree::{self, Forest, InputType, Origin},
};

pub struct Page {
    /// The snapshot's name.
    pub name: &'static str,
    /// The file under `view/` that makes it.
    pub file: &'static str,
    pub make: fn() -> Model,
}

const fn page(name: &'static str, file: &'static str, make: fn() -> Model) -> Page {
    Page { name, file, make }
}

pub fn all() -> Vec<Page> {
    vec![
        page("start", "start", start),
        page("start_open", "start", || {
            let mut model = model(opening());
            for (id, ticket) in [(1, None), (2, Some("INC0012345"))] {
                let mut walk = Walk::new(CaseId(id), stages::case(question_found()));
                walk.named.ticket = ticket.map(str::to_owned);
                model.open.push(walk);
            }
            model.screen = Screen::Start(model.start());
            model
        }),
        page("start_searched", "start", || typed("down proxy")),
        page("start_nothing_fits", "start", || typed("zzz")),
        page("where", "place", place),
        page("where_file", "place", file_from_there),
        page("agree", "agree", agree),
        page("question_found", "question", || walk(question_found())),
        page("question_looking", "question", || {
            let mut model = walk(stages::scene(asked(stages::looking(), None)));
            model.ticks = 1;
            model
        }),
        page("question_looking_ahead", "walk", || {
            let mut model = walk(stages::scene(asked(stages::looking(), None)));
            if let Some(walk) = model.walk_mut() {
                walk.scene.ahead = 3;
            }
            model
        }),
        page("question_again", "question", again),
        page("question_unknown", "question", || {
            let why = "/opt/servicenow/mid/agent/config.xml: permission denied";
            let unknown = EvidenceView::Unknown(Unknown::new(Reason::NoRight, why));
            walk(stages::scene(asked(unknown, None)))
        }),
        page("question_elsewhere", "question", elsewhere),
        page("question_many_answers", "question", || {
            walk(stages::scene(Stage::Question(Box::new(
                stages::many_answers(),
            ))))
        }),
        page("question_note", "walk", note),
        page("paste", "paste", || pasting("")),
        page("paste_long", "paste", || {
            let lines = (0..40).map(|n| format!("<parameter name=\"key{n}\" value=\"漢字\"/>\n"));
            pasting(&lines.collect::<String>())
        }),
        page("paste_refused", "paste", || {
            let mut model = pasting("PING a.example (192.0.2.1) 56(84) bytes of data.\n");
            if let Some(Top::Pasting(pasting)) = model.walk_mut().and_then(|walk| walk.top.as_mut())
            {
                pasting.refuse(
                    "expected the text of /opt/mid/agent/config.xml, got what begins with `PING a.example (192.0.2.1) 56(84) bytes of data.`"
                        .to_owned(),
                );
            }
            model
        }),
        page("form", "form", || {
            walk(stages::scene(Stage::Inputs(stages::forms())))
        }),
        page("form_refused", "form", form_refused),
        page("form_secret", "form", form_secret),
        page("form_empty", "form", || {
            walk(stages::scene(Stage::Inputs(vec![stages::blank()])))
        }),
        page("do", "instruction", || {
            walk(stages::scene(Stage::Do(Box::new(ends::instruction()))))
        }),
        page("conclusion_cause", "conclusion", || {
            walk(ends::concluded(ends::cause(Phase::Fix)))
        }),
        page("conclusion_suspect", "conclusion", suspect),
        page("conclusion_wait", "conclusion", || {
            let phase = Phase::Wait {
                since: stages::ago(35),
                time: Duration::from_secs(120),
            };
            walk(ends::concluded(ends::cause(phase)))
        }),
        page("conclusion_helped", "conclusion", || {
            walk(ends::concluded(ends::cause(Phase::AskHelped)))
        }),
        page("conclusion_fixed", "conclusion", || {
            walk(ends::concluded(ends::cause(Phase::Fixed)))
        }),
        page("conclusion_declined", "conclusion", || {
            walk(ends::concluded(ends::cause(Phase::End)))
        }),
        page("transcript", "transcript", || transcript(None)),
        page("transcript_edit", "transcript", || {
            let mut model = transcript(Some(7));
            let now = model.now;
            update(&mut model, Msg::Take, now);
            model
        }),
        page("naming", "naming", || named(true)),
        page("question_named", "walk", || named(false)),
        page("report", "report", || report(|_| {})),
        page("report_saving", "report", || {
            report(|preview| {
                let mut saving = Saving::new("waypost-mid-down-2026-11-20.md".to_owned());
                saving.refused = Some(
                    "`/home/admin/waypost-mid-down-2026-11-20.md` is there already".to_owned(),
                );
                saving.asks = true;
                preview.saving = Some(saving);
            })
        }),
        page("report_saved", "report", || {
            report(|preview| {
                preview.saved = Some(format!("/home/{}.md", "a-long-name/".repeat(7)));
            })
        }),
        page("help", "help", || {
            let mut model = walk(question_found());
            model.help = Some(0);
            model
        }),
    ]
}

const TREES: [&str; 2] = [
    r#"
waypost: 1
id: mid-down
title: MID Server is Down
summary: The instance shows the MID Server as **Down**, and nobody stopped it on purpose.
start: running
symptoms:
  - MID Server status is **Down** in the MID Server list
  - The MID Server went down after a host restart, a change of its password or a change of the proxy that stands between it and the instance
  - MID サーバーがダウンしています
nodes:
  running:
    ask: Is it running?
    why: To know.
    answers:
      - { answer: "Yes", id: "yes", goto: fine }
      - { answer: "No", id: "no", goto: fine }
  fine: { conclude: It runs, verdict: healthy }
"#,
    r#"
waypost: 1
id: mid-upgrade
title: MID Server upgrade fails
summary: The upgrade does not start, does not end, or leaves a broken MID Server behind.
start: running
symptoms:
  - MID Server status is **Upgrade failed**
  - The upgrade hangs
nodes:
  running:
    ask: Is it running?
    why: To know.
    answers:
      - { answer: "Yes", id: "yes", goto: fine }
      - { answer: "No", id: "no", goto: fine }
  fine: { conclude: It runs, verdict: healthy }
"#,
];

fn opening() -> TuiOpening {
    let trees = TREES.map(|text| {
        let (tree, _, mistakes) = tree::load("test", Origin::Embedded, text.as_bytes(), &|name| {
            Err(format!("no file {name}"))
        });
        assert!(mistakes.is_empty(), "{mistakes:?}");
        Arc::new(tree.expect("the tree is right"))
    });
    TuiOpening {
        forest: Arc::new(Forest::new(trees)),
        os: Os::Linux,
        tree: None,
        banner: None,
        place: None,
        inputs: BTreeMap::new(),
        answers: Vec::new(),
        commands: false,
        agreed: Default::default(),
        consents: BTreeMap::new(),
        faults: Vec::new(),
        colour: true,
    }
}

pub fn model(opening: TuiOpening) -> Model {
    Model::new(opening, 80, 24, stages::now())
}

fn start() -> Model {
    model(TuiOpening {
        faults: vec!["`own-tree`: /home/admin/.local/share/waypost/trees/own.yaml has 2 mistakes; `waypost check` tells them".to_owned()],
        ..opening()
    })
}

fn typed(search: &str) -> Model {
    let mut model = start();
    let now = model.now;
    let paste = Msg::Edit(Edit::Paste(search.to_owned()));
    update(&mut model, paste, now);
    model
}

fn file_from_there() -> Model {
    let mut model = place();
    let Screen::Where(place) = &mut model.screen else {
        panic!("it is where the machine is");
    };
    place.file = Some(FileLine {
        line: "/home/joe/Downloads/acme-größer.bundle".into(),
        reading: false,
        refused: Some(
            "/home/joe/Downloads/acme-größer.bundle: it is no bundle: it is not packed as one"
                .to_owned(),
        ),
    });
    model
}

fn place() -> Model {
    let mut model = start();
    let now = model.now;
    update(&mut model, Msg::Take, now);
    model
}

fn agree() -> Model {
    let consent = Consent {
        hash: String::new(),
        files: vec!["/home/admin/trees/mid-down.yaml".to_owned()],
        reads: vec!["config: {{ agent_dir }}/config.xml".to_owned()],
        contacts: vec!["tcp: {{ instance_url.host }} {{ instance_url.port }}".to_owned()],
        executes: Vec::new(),
    };
    let mut model = model(TuiOpening {
        place: Some(crate::engine::Place::Here),
        consents: BTreeMap::from([(TreeId::new("mid-down"), consent)]),
        ..opening()
    });
    let now = model.now;
    update(&mut model, Msg::Take, now);
    model
}

/// A walk on the screen.
pub fn walk(scene: Scene) -> Model {
    let mut model = model(opening());
    model.screen = Screen::Walk(Box::new(Walk::new(CaseId(1), stages::case(scene))));
    model
}

fn asked(evidence: EvidenceView, finding: Option<crate::finding::Finding>) -> Stage {
    Stage::Question(Box::new(stages::question(evidence, finding)))
}

fn question_found() -> Scene {
    let finding = stages::finding("misspelt", vec![stages::config_line()]);
    stages::scene(asked(stages::found(), Some(finding)))
}

/// What was found is old: it stands while it is looked at again, and one more look runs ahead.
fn again() -> Model {
    let mut scene = question_found();
    if let Stage::Question(question) = &mut scene.stage {
        question.again = Some(Again {
            runs: vec![RunId(9)],
            since: stages::ago(2),
        });
    }
    scene.ahead = 1;
    walk(scene)
}

fn elsewhere() -> Model {
    let mut model = walk(Scene {
        place: Place::Elsewhere,
        os: Os::Windows,
        manual: ends::manual(),
        origin: Some("/home/admin/trees/mid-down.yaml".to_owned()),
        ..stages::scene(asked(EvidenceView::NotLooked { look: false }, None))
    });
    model.opening.banner =
        Some("demo `no-way-out`, a recorded host: the firewall is shut".to_owned());
    model.saying =
        Some("sent to the terminal's clipboard, 1 of 2: grep -n parameter '/opt/servicenow/mid/agent/config.xml'".to_owned());
    model
}

fn pasting(text: &str) -> Model {
    let mut model = elsewhere();
    model.saying = None;
    let now = model.now;
    update(&mut model, Msg::Paste, now);
    if !text.is_empty() {
        update(&mut model, Msg::Pasted(text.to_owned()), now);
    }
    model
}

fn note() -> Model {
    let mut model = walk(question_found());
    if let Some(walk) = model.walk_mut() {
        walk.top = Some(Top::Writing(Writing {
            what: What::Note(None),
            line: Input::new("Customer confirms: 田中さん changed it on Monday".to_owned()),
        }));
    }
    model
}

fn form_refused() -> Model {
    let mut model = walk(stages::scene(Stage::Inputs(stages::forms())));
    if let Some(Walk {
        face: Face::Form(form),
        ..
    }) = model.walk_mut()
    {
        form.focus = 1;
        form.fields[1].touched = true;
        form.fields[1].line = Input::new("example".to_owned());
        form.refuse(
            &InputName::new("instance_url"),
            "an address such as `https://example.com/` is expected".to_owned(),
        );
        form.fields[0].unknown = true;
    }
    model
}

fn form_secret() -> Model {
    let mut password = stages::ask(
        "admin_password",
        "What is that user's password?",
        InputType::Secret,
    );
    password.secret_for = Some("example.service-now.com".to_owned());
    let mut model = walk(stages::scene(Stage::Inputs(vec![password])));
    let now = model.now;
    for character in "hunter2".chars() {
        update(&mut model, Msg::Edit(Edit::Insert(character)), now);
    }
    model
}

fn suspect() -> Model {
    let mut stage = ends::cause(Phase::End);
    stage.verdict = crate::tree::Verdict::Unresolved;
    stage.suspect = true;
    stage.open = vec![ends::open_question()];
    walk(ends::concluded(stage))
}

/// A case that is called something long, or is about to be.
fn named(typed: bool) -> Model {
    let mut model = walk(question_found());
    if let Some(walk) = model.walk_mut() {
        walk.named = Named {
            title: Some("Harbour: 田中さん's MID Server went down on Monday".to_owned()),
            ticket: Some("INC0012345".to_owned()),
        };
        if typed {
            let mut naming = Naming::new(&walk.named);
            naming.focus = 1;
            walk.top = Some(Top::Naming(naming));
        }
    }
    model
}

/// The report of the case with a cause.
fn report(change: impl FnOnce(&mut Preview)) -> Model {
    let mut model = walk(ends::concluded(ends::cause(Phase::Fix)));
    let text = "# Cause found: Misspelt key\n\nProblem: MID Server is Down\n\n## Why\n\n\
        The key `mid.instance.url` is misspelt in `config.xml`, so that the MID Server does not know which instance is its own.\n\n\
        ```text\n    <parameter name=\"urll\" value=\"https://漢字.example.com/\"/>\n```\n\n"
        .to_owned()
        + &"- 2026-11-20 03:00:00 UTC Is it running? **Yes** (observed)\n".repeat(40);
    let mut preview = Preview::new(REPORT, 0, text);
    change(&mut preview);
    if let Some(walk) = model.walk_mut() {
        walk.top = Some(Top::Report(preview));
    }
    model
}

fn transcript(selected: Option<usize>) -> Model {
    let mut model = walk(question_found());
    if let Some(walk) = model.walk_mut() {
        let mut transcript = Transcript::new(&walk.scene);
        if let Some(row) = selected {
            transcript.selected = row;
        }
        walk.top = Some(Top::Transcript(transcript));
    }
    model
}
