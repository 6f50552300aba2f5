//! A person at a screen: presses keys, sees pages; what the program asks of the world is kept to be looked at.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use jiff::{SignedDuration, Timestamp};
use ratatui::{Terminal, backend::TestBackend};

use crate::{
    app::{
        exit::Exit,
        tui::{
            input,
            model::{Model, Walk},
            msg::{Measured, Msg, Task},
            port::{CaseId, RuntimeMsg, TuiOpening},
            update::{open_named, update},
            view,
        },
    },
    engine::{Effect, ProbeRequest, RunId},
    finding::{Evidence, Facts, Finding, Judgement, Os, Outcome, Source, TreeId},
    tree::{self, Forest, Origin},
};

pub struct Desk {
    pub model: Model,
    pub at: Timestamp,
    /// What was asked of the world, in order.
    pub tasks: Vec<Task>,
}

pub fn forest(text: &str) -> Arc<Forest> {
    forest_from(Origin::Embedded, text)
}

pub fn forest_from(origin: Origin, text: &str) -> Arc<Forest> {
    let (tree, _, mistakes) = tree::load("test", origin, text.as_bytes(), &|name| {
        Err(format!("no file {name}"))
    });
    assert!(mistakes.is_empty(), "{mistakes:?}");
    Arc::new(Forest::new([Arc::new(tree.expect("the tree is right"))]))
}

impl Desk {
    /// A tree that was named on the command line, on the machine at hand.
    pub fn at_tree(text: &str) -> Self {
        Self::with(text, |opening| {
            opening.tree = Some(TreeId::new("own"));
            opening.place = Some(crate::engine::Place::Here);
        })
    }

    pub fn with(text: &str, change: impl FnOnce(&mut TuiOpening)) -> Self {
        let mut opening = TuiOpening {
            forest: forest(text),
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
        };
        change(&mut opening);
        let at = "2026-11-20T03:00:00Z".parse().expect("a timestamp");
        let mut model = Model::new(opening, 80, 24, at);
        let tasks = open_named(&mut model);
        Self { model, at, tasks }
    }

    pub fn tell(&mut self, msg: Msg) {
        let tasks = update(&mut self.model, msg, self.at);
        let asking = tasks.iter().find_map(|task| match task {
            Task::NameNow(case) => Some(*case),
            _ => None,
        });
        self.tasks.extend(tasks);
        if let Some(case) = asking {
            let name = Some("own-2026-11-20".to_owned());
            update(&mut self.model, Msg::Named(case, name), self.at);
        }
        if let Some(walk) = self.model.walk_mut() {
            walk.freshen();
        }
        let measured = self.draw(80, 24).1;
        update(&mut self.model, Msg::Drawn(measured), self.at);
    }

    /// Presses keys, separated by blanks: `Enter`, `Down`, `^D`, or a character.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            let (code, modifiers) = match key {
                "Enter" => (KeyCode::Enter, KeyModifiers::NONE),
                "Esc" => (KeyCode::Esc, KeyModifiers::NONE),
                "Up" => (KeyCode::Up, KeyModifiers::NONE),
                "Down" => (KeyCode::Down, KeyModifiers::NONE),
                "Tab" => (KeyCode::Tab, KeyModifiers::NONE),
                "Left" => (KeyCode::Left, KeyModifiers::NONE),
                "Backspace" => (KeyCode::Backspace, KeyModifiers::NONE),
                "PgDn" => (KeyCode::PageDown, KeyModifiers::NONE),
                "^C" => (KeyCode::Char('c'), KeyModifiers::CONTROL),
                "^Z" => (KeyCode::Char('z'), KeyModifiers::CONTROL),
                "^X" => (KeyCode::Char('x'), KeyModifiers::CONTROL),
                "^R" => (KeyCode::Char('r'), KeyModifiers::CONTROL),
                "^U" => (KeyCode::Char('u'), KeyModifiers::CONTROL),
                "^W" => (KeyCode::Char('w'), KeyModifiers::CONTROL),
                "^D" => (KeyCode::Char('d'), KeyModifiers::CONTROL),
                key => {
                    let character = key.chars().next().expect("a key");
                    assert_eq!(key.chars().count(), 1, "`{key}` is no key");
                    (KeyCode::Char(character), KeyModifiers::NONE)
                }
            };
            let event = Event::Key(KeyEvent::new(code, modifiers));
            if let Some(msg) = input::read(&event, &self.model) {
                self.tell(msg);
            }
        }
        self
    }

    pub fn type_in(&mut self, text: &str) -> &mut Self {
        if let Some(msg) = input::read(&Event::Paste(text.to_owned()), &self.model) {
            self.tell(msg);
        }
        self
    }

    /// What happened is handed over, as it is after each message.
    pub fn handed(&mut self) {
        let task = self.model.walk_mut().and_then(Walk::unkept);
        self.tasks.extend(task);
    }

    pub fn pass(&mut self, time: Duration) {
        let time = SignedDuration::try_from(time).expect("a short time");
        self.at = self.at.checked_add(time).expect("not the end of time");
        self.tell(Msg::Tick);
    }

    fn draw(&self, width: u16, height: u16) -> (String, Measured) {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a test backend");
        let mut measured = Measured::default();
        terminal
            .draw(|frame| measured = view::draw(&self.model, frame))
            .expect("a test backend never fails");
        let buffer = terminal.backend().buffer();
        let rows = (0..height).map(|y| {
            let row: String = (0..width).map(|x| buffer[(x, y)].symbol()).collect();
            row.trim_end().to_owned()
        });
        (rows.collect::<Vec<_>>().join("\n"), measured)
    }

    pub fn page(&self) -> String {
        self.draw(80, 24).0
    }

    /// The page in a window of another size.
    pub fn drawn(&self, width: u16, height: u16) -> String {
        self.draw(width, height).0
    }

    pub fn sees(&self, text: &str) {
        let page = self.page();
        assert!(page.contains(text), "`{text}` is not on\n{page}");
    }

    pub fn sees_not(&self, text: &str) {
        let page = self.page();
        assert!(!page.contains(text), "`{text}` is on\n{page}");
    }

    /// The looks that were started and not cancelled, by the name of their probe.
    pub fn looks(&self) -> Vec<(RunId, ProbeRequest)> {
        let mut looks: Vec<(RunId, ProbeRequest)> = Vec::new();
        for task in &self.tasks {
            let Task::CarryOut(_, effects) = task else {
                continue;
            };
            for effect in effects {
                match effect {
                    Effect::StartProbe { run, request } => looks.push((*run, request.clone())),
                    Effect::CancelProbe { run } => looks.retain(|(other, _)| other != run),
                    _ => {}
                }
            }
        }
        looks
    }

    /// The last look of a probe ends.
    pub fn found(&mut self, probe: &str, outcome: &str) {
        self.found_in(CaseId(1), probe, outcome);
    }

    pub fn found_in(&mut self, case: CaseId, probe: &str, outcome: &str) {
        self.ended_with(case, probe, outcome, Facts::new());
    }

    pub fn found_with(&mut self, probe: &str, outcome: &str, facts: Facts) {
        self.ended_with(CaseId(1), probe, outcome, facts);
    }

    fn ended_with(&mut self, case: CaseId, probe: &str, outcome: &str, facts: Facts) {
        let looks = self.looks();
        let look = looks
            .iter()
            .rev()
            .find(|(_, request)| request.key.name == *probe);
        let (run, _) = look.unwrap_or_else(|| panic!("nobody looks for `{probe}`: {looks:?}"));
        let finding = Finding {
            judgement: Judgement::Outcome(Outcome::new(outcome)),
            facts,
            evidence: vec![Evidence::plain(format!("evidence of {probe}"))],
            source: Source::Observed,
            at: self.at,
            took: Duration::from_millis(3),
            machine: None,
        };
        self.tell(Msg::Runtime(RuntimeMsg::ProbeFinished {
            case,
            run: *run,
            finding,
        }));
    }

    /// How the program ended, if it did.
    pub fn ended(&self) -> Option<Exit> {
        self.tasks.iter().find_map(|task| match task {
            Task::End(exit) => Some(*exit),
            _ => None,
        })
    }

    pub fn copied(&self) -> Vec<&str> {
        let copied = self.tasks.iter().filter_map(|task| match task {
            Task::Copy(text) => Some(text.as_str()),
            _ => None,
        });
        copied.collect()
    }
}
