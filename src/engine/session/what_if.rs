//! What the case would have come to if a step had been answered otherwise. Tried out on a copy: nothing is changed, and
//! nothing is looked at.

use crate::{
    engine::{Choice, Event, Session, Stage},
    tree::Verdict,
};

/// Where the walk would stand then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leads {
    /// At an end. `title` is Markdown.
    End { verdict: Verdict, title: String },
    /// At a question or an instruction that was not reached so far; Markdown.
    Asks(String),
}

impl Session {
    /// Where the walk would come to if this step had been answered so; what was answered later is kept as far as it fits.
    /// `None` where the step cannot be answered so, or where inputs would be asked for first.
    pub fn what_if(&self, step: usize, choice: Choice) -> Option<Leads> {
        let mut other = self.clone();
        other.apply(Event::Edit { step, choice }, self.now).ok()?;
        match other.stage() {
            Stage::Conclusion(conclusion) => Some(Leads::End {
                verdict: conclusion.verdict,
                title: conclusion.title.markdown.clone(),
            }),
            Stage::Question(question) => Some(Leads::Asks(question.ask.markdown.clone())),
            Stage::Do(instruction) => {
                let open = other.reading().open_question(&instruction.spot);
                Some(Leads::Asks(open.text))
            }
            Stage::Inputs(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        sketch::{ask, end, forest, tree},
        tests::{Drive, opening},
    };

    #[test]
    fn another_answer_leads_elsewhere_and_changes_nothing() {
        let nodes = vec![
            ("a", ask(None, &["x>one", "y>b"])),
            ("b", ask(None, &["x>fine", "y>one"])),
            ("one", end(Verdict::Cause)),
            ("fine", end(Verdict::Healthy)),
        ];
        let mut drive = Drive::new(&forest(vec![tree("t", nodes)]), opening("t"));
        drive.all(&["answer y", "answer x"]);
        let before = drive.stage();
        let check = |step, answer: &str, expected: Option<Leads>| {
            let leads = drive.session.what_if(step, Choice::Answer(answer.into()));
            assert_eq!(leads, expected, "{step} {answer}");
        };
        let cause = Leads::End {
            verdict: Verdict::Cause,
            title: "cause".to_owned(),
        };
        check(0, "x", Some(cause.clone()));
        check(1, "y", Some(cause));
        check(0, "z", None);
        check(7, "x", None);
        assert_eq!(drive.stage(), before);
    }
}
