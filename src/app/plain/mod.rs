//! The plain driver: the same walk as lines, for pipes, dumb terminals, serial consoles and screen readers.
//!
//! It decides nothing: what is asked and where answers lead is the engine's. It waits for looks before it prompts, so
//! that lines that are piped in mean the same whenever the looks end.

mod lines;
mod show;

use std::io::{self, Write};

use jiff::Timestamp;
use secrecy::SecretString;
use tokio::sync::mpsc::Receiver;

pub use lines::{Lines, Want};

use crate::{
    app::{
        exit::Exit,
        plain::show::Screen,
        runtime::{Runtime, RuntimeMsg},
        vault::Vault,
    },
    engine::{Choice, Effect, Event, Follow, Given, InputAsk, Phase, Session, Stage, StepKind},
    finding::Os,
    tree::InputType,
};

const KEYS: &str = "\
A number answers; Enter takes what the evidence says.
  0  I don't know         b  back             f  follow the evidence
  r  look again           t  what was asked   e N A  answer step N with A
  n TEXT  note            ?  this help        q  quit";

/// What the person's line means for the loop.
enum Said {
    Apply(Event),
    /// Something was printed or nothing is to be done; ask again.
    Again,
    /// Follow the evidence until a person is needed.
    Follow,
    Quit,
}

/// One walk as lines.
pub struct Plain<'a> {
    pub session: Session,
    pub runtime: &'a Runtime,
    pub results: Receiver<RuntimeMsg>,
    pub vault: Vault,
    /// Called with each secret that is typed, before anything else sees it.
    pub learn: &'a dyn Fn(&str),
    pub lines: Lines,
    pub os: Os,
}

impl Plain<'_> {
    /// Walks to the end, or until the person quits or the input ends.
    pub async fn run(&mut self, first: Vec<Effect>, out: &mut dyn Write) -> io::Result<Exit> {
        self.runtime.carry_out(first);
        writeln!(out, "{KEYS}")?;
        let mut following = false;
        loop {
            self.settle(out).await?;
            if following {
                match self.session.follow() {
                    // Only answers are taken: what is not known, and what would be sent somewhere, is the person's.
                    Follow::Apply(event @ Event::Answer { .. }) => {
                        self.apply(event, out)?;
                        if let Some(step) = self.session.path().last() {
                            Screen { out, os: self.os }.followed(step)?;
                        }
                    }
                    Follow::Apply(_) | Follow::Over => following = false,
                    Follow::Wait => {}
                }
                continue;
            }
            match self.ask(out).await? {
                Said::Apply(event) => self.apply(event, out)?,
                Said::Again => {}
                Said::Follow => following = true,
                Said::Quit => return Ok(Exit::Fine),
            }
        }
    }

    fn apply(&mut self, event: Event, out: &mut dyn Write) -> io::Result<()> {
        match self.session.apply(event, Timestamp::now()) {
            Ok(transition) => self.runtime.carry_out(transition.effects),
            Err(rejection) => writeln!(out, "  That does not work: {rejection}.")?,
        }
        Ok(())
    }

    /// Waits until the stage waits for no look.
    async fn settle(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut said = false;
        while self.is_looking() {
            if !said {
                writeln!(out, "Looking ...")?;
                out.flush()?;
                said = true;
            }
            let Some(msg) = self.results.recv().await else {
                return Ok(());
            };
            if let Ok(transition) = self.session.apply(msg.into(), Timestamp::now()) {
                self.runtime.carry_out(transition.effects);
            }
        }
        Ok(())
    }

    fn is_looking(&self) -> bool {
        match self.session.stage() {
            Stage::Inputs(inputs) => inputs.iter().any(|input| input.looking.is_some()),
            Stage::Question(question) => !question.runs().is_empty(),
            Stage::Do(stage) => !stage.looking.is_empty(),
            Stage::Conclusion(stage) => !stage.looking.is_empty(),
        }
    }

    async fn ask(&mut self, out: &mut dyn Write) -> io::Result<Said> {
        let stage = self.session.stage().clone();
        let mut screen = Screen { out, os: self.os };
        match &stage {
            Stage::Inputs(inputs) => match inputs.first() {
                Some(input) => return self.ask_input(input, out).await,
                None => return Ok(Said::Quit),
            },
            Stage::Question(question) => {
                screen.question(question)?;
                let answered = self
                    .session
                    .path()
                    .iter()
                    .filter(|step| is_question(&step.kind))
                    .count();
                screen.outlook(&self.session.outlook(), answered)?;
            }
            Stage::Do(instruction) => screen.instruction(instruction)?,
            Stage::Conclusion(conclusion) => {
                let path: Vec<_> = self
                    .session
                    .path()
                    .iter()
                    .filter(|step| is_question(&step.kind))
                    .map(|step| (step, self.session.evidence(step)))
                    .collect();
                screen.conclusion(conclusion, &path)?;
                match conclusion.phase {
                    Phase::Fix if conclusion.fix.is_none() => {
                        screen.line("    0  It stays open for now")?;
                    }
                    Phase::Fix => {
                        screen.line("    1  The fix was carried out: check it")?;
                        screen.line("    0  It will not be tried")?;
                    }
                    Phase::Wait { time, .. } => {
                        screen.line(&format!(
                            "Wait {} s before it is checked. Enter checks now.",
                            time.as_secs()
                        ))?;
                    }
                    Phase::AskHelped => {
                        screen.line("Did it help?  1 yes  2 no  0 not known yet")?
                    }
                    Phase::Fixed => screen.line("FIXED: it is over.")?,
                    Phase::NotVerified => screen.line("Whether it helped is not known.")?,
                    Phase::End => {}
                }
            }
        }
        self.prompt(out)?;
        let Some(line) = self.lines.next(Want::Line).await else {
            return Ok(Said::Quit);
        };
        self.said(&stage, line.trim(), out)
    }

    fn prompt(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "> ")?;
        out.flush()
    }

    /// What a line means at this stage.
    fn said(&self, stage: &Stage, line: &str, out: &mut dyn Write) -> io::Result<Said> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "q" => return Ok(Said::Quit),
            "b" => return Ok(Said::Apply(Event::Back)),
            "f" => return Ok(Said::Follow),
            "r" => return Ok(Said::Apply(Event::Look)),
            "n" => {
                return Ok(Said::Apply(Event::Note {
                    step: None,
                    text: rest.to_owned(),
                }));
            }
            "t" => {
                Screen { out, os: self.os }.path(self.session.path())?;
                return Ok(Said::Again);
            }
            "e" => return self.edit(rest, out),
            "?" => {
                writeln!(out, "{KEYS}")?;
                return Ok(Said::Again);
            }
            _ => {}
        }
        let event = match (stage, word) {
            (Stage::Question(question), "") => {
                let before = question.given.as_ref().and_then(Option::as_ref);
                question
                    .pointed()
                    .or(before)
                    .cloned()
                    .map(|answer| Event::Answer { answer })
            }
            (Stage::Question(_), "0" | "u") => Some(Event::Unsure { skipped: false }),
            (Stage::Question(question), number) => number
                .parse::<usize>()
                .ok()
                .and_then(|number| question.answers.get(number.checked_sub(1)?))
                .map(|answer| Event::Answer {
                    answer: answer.id.clone(),
                }),
            (Stage::Do(_), "1") => Some(Event::Done),
            (Stage::Do(_), "0" | "2") => Some(Event::Unable),
            (Stage::Conclusion(conclusion), word) => match (conclusion.phase, word) {
                (Phase::Fix, "1") if conclusion.fix.is_some() => Some(Event::Applied),
                (Phase::Fix, "0" | "2") => Some(Event::Unable),
                (Phase::Wait { .. }, "") => Some(Event::SkipWait),
                (Phase::AskHelped, "1") => Some(Event::Helped(Some(true))),
                (Phase::AskHelped, "2") => Some(Event::Helped(Some(false))),
                (Phase::AskHelped, "0") => Some(Event::Helped(None)),
                (phase, "") if phase.is_last() => return Ok(Said::Quit),
                _ => None,
            },
            _ => None,
        };
        match event {
            Some(event) => Ok(Said::Apply(event)),
            None => {
                writeln!(
                    out,
                    "  `{line}` is none of the answers; ? shows what can be typed."
                )?;
                Ok(Said::Again)
            }
        }
    }

    /// `e N A`: step N of the path is answered with A (0: I don't know).
    fn edit(&self, rest: &str, out: &mut dyn Write) -> io::Result<Said> {
        let parsed = rest.split_once(' ').and_then(|(step, answer)| {
            let step = step.parse::<usize>().ok()?.checked_sub(1)?;
            let answer = answer.trim().parse::<usize>().ok()?;
            let spot = &self.session.path().get(step)?.spot;
            let answers = self
                .session
                .forest()
                .node(&spot.tree, &spot.node)
                .and_then(|node| match &node.kind {
                    crate::tree::NodeKind::Ask(ask) => Some(&ask.answers),
                    _ => None,
                })?;
            let choice = match answer.checked_sub(1) {
                None => Choice::Unsure,
                Some(index) => Choice::Answer(answers.get(index)?.id.clone()),
            };
            Some(Event::Edit { step, choice })
        });
        match parsed {
            Some(event) => Ok(Said::Apply(event)),
            None => {
                writeln!(
                    out,
                    "  Write `e N A`: N is a question's number in `t`, A the answer's number there."
                )?;
                Ok(Said::Again)
            }
        }
    }

    async fn ask_input(&mut self, input: &InputAsk, out: &mut dyn Write) -> io::Result<Said> {
        Screen { out, os: self.os }.input(input)?;
        self.prompt(out)?;
        let secret = input.ty == InputType::Secret;
        let want = if secret { Want::Secret } else { Want::Line };
        let Some(line) = self.lines.next(want).await else {
            return Ok(Said::Quit);
        };
        let name = input.name.clone();
        let given = |given| {
            Ok(Said::Apply(Event::Input {
                name: name.clone(),
                given,
            }))
        };
        if secret {
            if line.is_empty() {
                return given(Given::Unknown);
            }
            (self.learn)(&line);
            self.vault.put(name.clone(), SecretString::from(line));
            return given(Given::Secret);
        }
        let line = line.trim();
        let picked = line
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1));
        let choice = picked
            .and_then(|index| input.choices.get(index))
            .map(|(id, _)| id.clone());
        let suggestion = picked
            .and_then(|index| input.suggestions.get(index))
            .cloned();
        match (line, choice.or(suggestion)) {
            (_, Some(text)) => given(Given::Text(text)),
            ("", None) if input.blank => {
                given(Given::Text(input.offer.clone().unwrap_or_default()))
            }
            ("", None) => given(input.offer.clone().map_or(Given::Unknown, Given::Text)),
            ("?", None) => given(Given::Unknown),
            (text, None) => given(Given::Text(text.to_owned())),
        }
    }
}

fn is_question(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Question { .. })
}
