//! Stages as lines. Every text is Markdown from a tree or evidence from a machine; both pass through [`prose`].

use std::io::{self, Write};

use crate::{
    app::prose,
    engine::{
        Alternative, AnswerView, ConclusionStage, DoStage, EvidenceView, Given, InputAsk, LookView,
        OpenQuestion, Outlook, Purpose, QuestionStage, Session, Step, StepKind,
    },
    finding::{
        Evidence, Os, Source,
        visible::{Room, visible},
    },
    probe,
    tree::{InputType, Rendered, Verdict},
};

/// Columns that a line may have.
pub const WIDTH: usize = 78;
/// Lines of evidence that a question shows.
const EVIDENCE: usize = 3;

/// Where lines go.
pub struct Screen<'a> {
    pub out: &'a mut dyn Write,
    pub os: Os,
}

impl Screen<'_> {
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", prose::visible(text))
    }

    /// A sentence, wrapped; what is too long to fit, such as an address, stays whole.
    pub fn wrapped(&mut self, indent: &str, text: &str) -> io::Result<()> {
        self.hanging(indent, indent, text)
    }

    fn hanging(&mut self, first: &str, rest: &str, text: &str) -> io::Result<()> {
        let options = textwrap::Options::new(WIDTH)
            .initial_indent(first)
            .subsequent_indent(rest)
            .break_words(false)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in prose::visible(text).lines() {
            for line in textwrap::wrap(line, &options) {
                self.line(line.trim_end())?;
            }
        }
        Ok(())
    }

    fn text(&mut self, title: &str, text: &Rendered) -> io::Result<()> {
        if !title.is_empty() {
            self.line(title)?;
        }
        let indent = if title.is_empty() { "" } else { "  " };
        for line in prose::plain(&text.markdown, WIDTH - indent.len()) {
            self.line(format!("{indent}{line}").trim_end())?;
        }
        Ok(())
    }

    fn optional(&mut self, title: &str, text: Option<&Rendered>) -> io::Result<()> {
        text.map_or(Ok(()), |text| self.text(title, text))
    }

    /// What a question asks, and all that is known about it.
    pub fn question(&mut self, question: &QuestionStage) -> io::Result<()> {
        self.line("")?;
        let purpose = match question.purpose {
            Purpose::Walk => "",
            Purpose::Guard => "Before you are told what to do, this has to be certain:",
            Purpose::Verify => "After the fix: did it work?",
            Purpose::Settled => "After the fix: is the whole thing over?",
        };
        let wanted = question.wanted_text().map(|text| {
            format!(
                " \"{}\" says so.",
                prose::plain(&text.markdown, WIDTH).join(" ")
            )
        });
        if !purpose.is_empty() {
            self.wrapped("", &format!("{purpose}{}", wanted.unwrap_or_default()))?;
        }
        self.text("", &question.ask)?;
        self.optional("Why:", question.why.as_ref())?;
        self.optional("How to find out:", question.how.as_ref())?;
        self.withheld(&question.withheld)?;
        self.manual(&question.looks)?;
        self.evidence(question)?;
        for (index, answer) in question.answers.iter().enumerate() {
            self.answer(question, index, answer)?;
        }
        self.line("    0  I don't know")
    }

    fn answer(
        &mut self,
        question: &QuestionStage,
        index: usize,
        answer: &AnswerView,
    ) -> io::Result<()> {
        let pointed = question.pointed() == Some(&answer.id);
        let mark = if pointed { ">" } else { " " };
        let text = prose::plain(&answer.text.markdown, WIDTH).join(" ");
        let before = match &question.given {
            Some(Some(given)) if *given == answer.id => "  (answered so before)",
            _ => "",
        };
        let says = if pointed {
            "  <- the evidence says so"
        } else {
            ""
        };
        let first = format!("  {mark} {}  ", index + 1);
        let rest = " ".repeat(first.len());
        self.hanging(&first, &rest, &format!("{text}{says}{before}"))
    }

    fn evidence(&mut self, question: &QuestionStage) -> io::Result<()> {
        match &question.evidence {
            EvidenceView::None => return Ok(()),
            EvidenceView::NotLooked { look: true } => self.line("Not looked yet: r looks.")?,
            EvidenceView::NotLooked { look: false } => {}
            EvidenceView::Looking { .. } => self.line("Looking ...")?,
            EvidenceView::Found { outcome, note, .. } => {
                let findings = question
                    .looks
                    .iter()
                    .filter_map(|look| look.finding.as_ref());
                let bundled = findings
                    .into_iter()
                    .any(|found| found.source == Source::Bundled);
                let from = match bundled {
                    true => format!(" ({})", Source::Bundled.name()),
                    false => String::new(),
                };
                self.line(&format!("Found{from}: {outcome}"))?;
                self.optional("", note.as_ref())?;
            }
            EvidenceView::Unknown(why) => {
                let why = why.to_string();
                let why = visible(&why, Room::Line);
                self.hanging("", "  ", &format!("Could not be found out: {why}"))?;
                if question.asks_anew() {
                    self.line("r asks for it anew.")?;
                }
            }
        }
        let findings = question
            .looks
            .iter()
            .filter_map(|look| look.finding.as_ref());
        let all: Vec<&Evidence> = findings.flat_map(|finding| &finding.evidence).collect();
        self.excerpts(all)
    }

    /// The first few, and how many more there are.
    fn excerpts<'e>(
        &mut self,
        all: impl IntoIterator<Item = &'e Evidence, IntoIter: ExactSizeIterator>,
    ) -> io::Result<()> {
        let all = all.into_iter();
        let more = all.len().saturating_sub(EVIDENCE);
        for evidence in all.take(EVIDENCE) {
            self.excerpt(evidence)?;
        }
        if more > 0 {
            self.line(&format!("      and {more} more"))?;
        }
        Ok(())
    }

    fn excerpt(&mut self, evidence: &Evidence) -> io::Result<()> {
        let place = match (&evidence.file, evidence.line) {
            (Some(file), Some(line)) => format!("{file}:{line}: "),
            (Some(file), None) => format!("{file}: "),
            (None, _) => String::new(),
        };
        // A file's name may hold a line break, and go on as if this program spoke.
        let place = visible(&place, Room::Line);
        self.hanging("      ", "        ", &format!("{place}{}", evidence.text))
    }

    /// Commands for looks that do not run from here.
    fn manual(&mut self, looks: &[LookView]) -> io::Result<()> {
        let mut pastes = false;
        for look in looks.iter().filter(|look| !look.runs_here) {
            let Some(kind) = probe::kind(look.request.kind) else {
                continue;
            };
            for manual in kind.manual(&look.request.params, self.os) {
                self.line("Command:")?;
                self.line(&format!("    {}", manual.command))?;
                if !manual.tells.is_empty() {
                    self.wrapped("  ", &manual.tells)?;
                }
                pastes = true;
            }
        }
        if pastes {
            self.line("p takes what it printed.")?;
        }
        Ok(())
    }

    fn withheld(&mut self, open: &[OpenQuestion]) -> io::Result<()> {
        for question in open {
            let text = prose::plain(&question.text, WIDTH).join(" ");
            self.wrapped(
                "  ",
                &format!(
                    "What to do here is shown only when this is known (t and e answer it): {text}"
                ),
            )?;
        }
        Ok(())
    }

    /// One input; its suggestions are numbered.
    pub fn input(&mut self, input: &InputAsk) -> io::Result<()> {
        self.line("")?;
        self.text("", &input.ask)?;
        self.optional("", input.help.as_ref())?;
        if let Some(host) = &input.secret_for {
            self.wrapped(
                "  ",
                &format!("It is sent to {host} only, and kept in memory alone."),
            )?;
        }
        if let Some(refused) = &input.refused {
            self.wrapped("  ", &format!("The value given does not fit: {refused}"))?;
        }
        for (index, (_, label)) in input.choices.iter().enumerate() {
            let label = prose::plain(&label.markdown, WIDTH).join(" ");
            self.hanging(&format!("    {}  ", index + 1), "       ", &label)?;
        }
        for (index, suggestion) in input.suggestions.iter().enumerate() {
            self.line(&format!("    {}  {suggestion}", index + 1))?;
        }
        match &input.offer {
            _ if input.ty == InputType::Secret => self.wrapped(
                "  ",
                "What you type is the secret, and is not shown. An empty line means: I don't know.",
            ),
            Some(offer) => {
                self.line(&format!("  Enter takes: {offer}"))?;
                self.line("  0 means: I don't know.")
            }
            None if input.blank => {
                self.line("  An empty line means: there is none. 0 means: I don't know.")
            }
            None => self.line("  An empty line means: I don't know."),
        }
    }

    /// A question that was answered without asking.
    pub fn followed(&mut self, step: &Step) -> io::Result<()> {
        let text = prose::plain(&step.text.markdown, WIDTH).join(" ");
        self.hanging("  ", "    ", &format!("{text}: {}", said(&step.kind)))
    }

    pub fn instruction(&mut self, stage: &DoStage) -> io::Result<()> {
        self.line("")?;
        self.text("", &stage.text)?;
        self.optional("Why:", stage.why.as_ref())?;
        self.optional("Careful:", stage.caution.as_ref())?;
        self.optional("Steps:", stage.steps.as_ref())?;
        self.withheld(&stage.withheld)?;
        self.line("    1  Done")?;
        self.line("    0  It cannot be done")
    }

    /// An end, with the questions that led to it.
    pub fn conclusion(
        &mut self,
        stage: &ConclusionStage,
        path: &[(&Step, Vec<Evidence>)],
    ) -> io::Result<()> {
        self.line("")?;
        let word = match (stage.verdict, stage.suspect) {
            (_, true) => "SUSPECTED, NOT PROVEN",
            (Verdict::Cause, _) => "CAUSE",
            (Verdict::Healthy, _) => "HEALTHY",
            (Verdict::Escalate, _) => "TO BE ESCALATED",
            (Verdict::Unresolved, _) => "UNRESOLVED",
            (Verdict::NotApplicable, _) => "NOT APPLICABLE",
        };
        let title = prose::plain(&stage.title.markdown, WIDTH).join(" ");
        self.hanging("", "  ", &format!("{word}: {title}"))?;
        if let Some(said) = stage.why_here() {
            self.wrapped("", said)?;
        }
        self.optional("Why:", stage.because.as_ref())?;
        self.optional("Fix:", stage.fix.as_ref())?;
        self.optional("Next:", stage.next.as_ref())?;
        self.withheld(&stage.withheld)?;
        if !stage.open.is_empty() {
            self.line("Still open:")?;
            for question in &stage.open {
                let text = prose::plain(&question.text, WIDTH).join(" ");
                self.hanging("  - ", "    ", &text)?;
            }
        }
        self.proof(path)?;
        if !stage.sources.is_empty() {
            self.hanging("", "  ", &format!("Sources: {}", stage.sources.join(", ")))?;
        }
        Ok(())
    }

    /// The questions that led here, each with its answer and what was found.
    fn proof(&mut self, path: &[(&Step, Vec<Evidence>)]) -> io::Result<()> {
        if path.is_empty() {
            return Ok(());
        }
        self.line("How this is known:")?;
        for (step, evidence) in path {
            let text = prose::plain(&step.text.markdown, WIDTH).join(" ");
            self.hanging("  - ", "    ", &format!("{text}: {}", said(&step.kind)))?;
            self.excerpts(evidence)?;
        }
        Ok(())
    }

    pub fn outlook(&mut self, outlook: &Outlook, answered: usize) -> io::Result<()> {
        let causes = outlook.causes.len();
        let more = if outlook.repeats {
            ", more if repeated"
        } else {
            ""
        };
        let questions = match (outlook.fewest, outlook.most) {
            (1, 1) => "1 question".to_owned(),
            (fewest, most) if fewest == most => format!("{most} questions"),
            (fewest, most) => format!("{fewest} to {most} questions"),
        };
        let causes = match causes {
            1 => "1 cause".to_owned(),
            causes => format!("{causes} causes"),
        };
        self.hanging(
            "(",
            " ",
            &format!("{answered} answered; {causes} still possible; {questions} to come{more})"),
        )
    }

    /// The values that were given, each with the name that `e` takes.
    pub fn inputs(&mut self, session: &Session) -> io::Result<()> {
        self.line("")?;
        for (name, given) in session.inputs() {
            let ask = session.input_question(name).unwrap_or_default();
            let ask = prose::plain(&ask.markdown, WIDTH).join(" ");
            let given = match given {
                Given::Text(text) => visible(text, Room::Value).into_owned(),
                Given::Secret => "given, not shown".to_owned(),
                Given::Unknown => "not known".to_owned(),
            };
            self.hanging("     ", "       ", &format!("{name}: {ask} {given}"))?;
        }
        Ok(())
    }

    /// The walk so far, numbered so that a step can be named, and the notes.
    pub fn path(&mut self, session: &Session) -> io::Result<()> {
        let path = session.path();
        for (index, step) in path.iter().enumerate() {
            let text = prose::plain(&step.text.markdown, WIDTH).join(" ");
            let text = if text.is_empty() {
                step.spot.to_string()
            } else {
                text
            };
            let first = format!("{:>3}. {}", index + 1, "  ".repeat(step.depth));
            let rest = " ".repeat(first.len() + 2);
            self.hanging(&first, &rest, &format!("{text}: {}", said(&step.kind)))?;
            for note in &step.notes {
                self.wrapped("     ", &format!("note: {note}"))?;
            }
        }
        for note in session.notes_here() {
            self.wrapped("     ", &format!("note here: {note}"))?;
        }
        if path.is_empty() && session.inputs().next().is_none() {
            self.line("  Nothing was asked yet.")?;
        }
        Ok(())
    }

    /// What a step can be answered with.
    pub fn alternatives(&mut self, step: &Step, list: &[Alternative]) -> io::Result<()> {
        let text = prose::plain(&step.text.markdown, WIDTH).join(" ");
        self.wrapped("  ", &text)?;
        for (index, other) in list.iter().enumerate() {
            let number = if other.unsure { 0 } else { index + 1 };
            let text = prose::plain(&other.text, WIDTH).join(" ");
            let stands = if other.stands { "  (as it stands)" } else { "" };
            self.hanging(
                &format!("    {number}  "),
                "       ",
                &format!("{text}{stands}"),
            )?;
        }
        Ok(())
    }
}

/// What was done at a step, and whose word it is.
fn said(kind: &StepKind) -> String {
    match kind {
        StepKind::Question {
            answer: None,
            skipped: true,
            ..
        } => "not asked".to_owned(),
        StepKind::Question { answer: None, .. } => "I don't know".to_owned(),
        StepKind::Question {
            answer_text,
            source,
            disagrees,
            ..
        } => {
            let answer = prose::plain(&answer_text.markdown, WIDTH).join(" ");
            let against = if *disagrees {
                ", against the evidence"
            } else {
                ""
            };
            format!("{answer} ({}{against})", source.name())
        }
        StepKind::Do { done: true } => "done".to_owned(),
        StepKind::Do { done: false } => "could not be done".to_owned(),
        StepKind::Fix => "the fix was carried out".to_owned(),
        StepKind::Helped(helped) => match helped {
            Some(true) => "it helped".to_owned(),
            Some(false) => "it did not help".to_owned(),
            None => "not known".to_owned(),
        },
        StepKind::Enter => "into this tree's question".to_owned(),
        StepKind::Leave { verdict, .. } => format!("back: {}", verdict.name()),
    }
}
