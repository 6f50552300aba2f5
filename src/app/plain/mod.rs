//! The plain driver: the same walk as lines, for pipes, dumb terminals, serial consoles and screen readers.
//!
//! It decides nothing: what is asked and where answers lead is the engine's. It waits for looks before it prompts, so
//! that lines that are piped in mean the same whenever the looks end.

mod keeping;
mod keys;
mod lines;
mod naming;
mod paste;
mod report;
mod show;
mod value;

use std::{
    io::{self, Write},
    sync::PoisonError,
};

use jiff::Timestamp;
use tokio::sync::mpsc::Receiver;

pub use keeping::Keeping;
pub use lines::{Lines, Want};
pub use show::WIDTH;

use crate::{
    app::{
        exit::Exit,
        plain::{keys::KEYS, show::Screen},
        runtime::{Runtime, RuntimeMsg},
        vault::Vault,
    },
    case::Named,
    engine::{Effect, Event, Follow, Phase, ProbeRequest, Rejection, Session, Stage, StepKind},
    finding::{InputName, Os},
};

/// What the person's line means for the loop.
enum Said {
    Apply(Event),
    /// Something was printed or nothing is to be done; ask again.
    Again,
    /// A note at a step, or where the case is now.
    Note(Option<usize>, String),
    /// Ask for this value anew.
    Reask(InputName),
    /// Follow the evidence until a person is needed.
    Follow,
    /// Take what somebody pastes, for this look if there is one.
    Paste(Option<Box<ProbeRequest>>, paste::From),
    Call(Named),
    /// Print what somebody else is to run, or put it into a file of this name as a script.
    Ask(Option<String>),
    /// Print the report, or put it into a file.
    Report(report::Report),
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
    pub keeping: Keeping,
}

impl Plain<'_> {
    /// Walks to the end, or until the person quits or the input ends.
    pub async fn run(&mut self, first: Vec<Effect>, out: &mut dyn Write) -> io::Result<Exit> {
        self.runtime.carry_out(first);
        writeln!(out, "{KEYS}")?;
        self.keeping.keep(&self.session, out)?;
        let mut following = false;
        let mut followed = 0;
        let mut reask = None;
        loop {
            self.settle(out).await?;
            if following {
                match self.session.follow() {
                    // Only answers are taken: what is not known, and what would be sent somewhere, is the person's.
                    Follow::Apply(event @ Event::Answer { .. }) => {
                        self.apply(event, out)?;
                        followed += 1;
                        if let Some(step) = self.session.path().last() {
                            Screen { out, os: self.os }.followed(step)?;
                        }
                    }
                    Follow::Apply(_) | Follow::Over => {
                        following = false;
                        if followed == 0 {
                            writeln!(out, "  The evidence says nothing here: it is for you.")?;
                        }
                    }
                    Follow::Wait => {}
                }
                continue;
            }
            let said = match reask.take() {
                Some(name) => self.ask_again(&name, out).await?,
                None => self.ask(out).await?,
            };
            match said {
                Said::Apply(event) => {
                    self.apply(event, out)?;
                }
                Said::Note(step, text) => {
                    // It goes into the transcript and reports: a secret that somebody noted down does not.
                    let text = {
                        let redactor = self.runtime.redactor();
                        let mut redactor = redactor.lock().unwrap_or_else(PoisonError::into_inner);
                        redactor.text(&text)
                    };
                    if self.apply(Event::Note { step, text }, out)? {
                        writeln!(out, "  The note is taken down; t shows it.")?;
                    }
                }
                Said::Again => {}
                Said::Reask(name) => reask = Some(name),
                Said::Paste(request, from) => {
                    self.take_paste(request.map(|request| *request), from, out)
                        .await?
                }
                Said::Call(named) => self.call(named, out)?,
                Said::Ask(file) => self.request(file, out).await?,
                Said::Report(report) => self.report(report, out).await?,
                Said::Follow => {
                    following = true;
                    followed = 0;
                }
                Said::Quit => return Ok(Exit::Fine),
            }
        }
    }

    /// What is refused is said, and changes nothing. Gives whether it was taken in.
    fn apply(&mut self, event: Event, out: &mut dyn Write) -> io::Result<bool> {
        match self.session.apply(event, Timestamp::now()) {
            Ok(transition) => self.runtime.carry_out(transition.effects),
            Err(rejection) => {
                let hint = match rejection {
                    Rejection::NothingBefore if self.session.inputs().next().is_some() => {
                        "; t shows what was given, and e NAME gives it anew"
                    }
                    _ => "",
                };
                let said = format!("That does not work: {rejection}{hint}.");
                Screen { out, os: self.os }.wrapped("  ", &said)?;
                return Ok(false);
            }
        }
        self.keeping.keep(&self.session, out)?;
        Ok(true)
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
            self.keeping.keep(&self.session, out)?;
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
                    Phase::End if conclusion.is_declined() => {
                        screen.line("The fix was left for later: b goes back to it.")?;
                    }
                    Phase::End => {}
                }
                if conclusion.phase.is_last() {
                    screen.wrapped(
                        "",
                        "This is the end. b goes back, t shows what was asked and e N answers a step otherwise; \
                         Enter or q quits.",
                    )?;
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
        if let Some(said) = self.key(line, out)? {
            return Ok(said);
        }
        let event = match (stage, line) {
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
}

fn is_question(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Question { .. })
}
