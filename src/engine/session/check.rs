//! How it is checked whether a fix helped, as it can be told before anybody carried it out.

use std::time::Duration;

use crate::{
    engine::{Session, Spot, Stage},
    finding::TreeId,
    tree::{AnswerRef, NodeKind, Rendered},
};

/// The check of a fix.
#[derive(Debug, Clone, PartialEq)]
pub struct FixCheck {
    /// How long to wait before it.
    pub wait: Option<Duration>,
    /// Each question with the answer that says that it helped. Empty: the person is asked.
    pub questions: Vec<(Rendered, Rendered)>,
}

impl Session {
    /// The title of a conclusion, for a reader; `None` where there is none.
    pub fn conclusion_title(&self, at: &Spot) -> Option<Rendered> {
        match &self.forest.node(&at.tree, &at.node)?.kind {
            NodeKind::Conclude(conclude) => Some(self.reading().line(&at.tree, &conclude.title)),
            _ => None,
        }
    }

    /// How the fix of the conclusion on the screen is checked; `None` where there is no fix.
    pub fn fix_check(&self) -> Option<FixCheck> {
        let Stage::Conclusion(conclusion) = &self.stage else {
            return None;
        };
        let spot = &conclusion.spot;
        let NodeKind::Conclude(conclude) = &self.forest.node(&spot.tree, &spot.node)?.kind else {
            return None;
        };
        conclude.fix.as_ref()?;
        let tree = self.forest.tree(&spot.tree);
        let settled = tree.and_then(|tree| tree.settled.as_ref());
        let questions = conclude
            .verify
            .iter()
            .chain(settled)
            .filter_map(|asked| self.checked(&spot.tree, &asked.value))
            .collect();
        Some(FixCheck {
            wait: conclude.wait,
            questions,
        })
    }

    fn checked(&self, tree: &TreeId, asked: &AnswerRef) -> Option<(Rendered, Rendered)> {
        let NodeKind::Ask(ask) = &self.forest.node(tree, &asked.node)?.kind else {
            return None;
        };
        let answer = ask
            .answers
            .iter()
            .find(|answer| answer.id == asked.answer)?;
        let reading = self.reading();
        Some((
            reading.line(tree, &ask.ask),
            reading.line(tree, &answer.text),
        ))
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::{
            sketch::{ask, cause, end, forest, text, tree},
            tests::{Drive, opening},
        },
        tree::{NodeKind, Verdict},
    };

    fn check(node: NodeKind, expected: Option<&[(&str, &str)]>) {
        let nodes = vec![
            ("a", ask(None, &["x>b", "y>b"])),
            ("b", node),
            ("c", end(Verdict::Unresolved)),
        ];
        let mut drive = Drive::new(&forest(vec![tree("t", nodes)]), opening("t"));
        drive.all(&["answer x"]);
        let found = drive.session.fix_check().map(|check| check.questions);
        let found: Option<Vec<(String, String)>> = found.map(|questions| {
            let plain = |(ask, wanted): (crate::tree::Rendered, crate::tree::Rendered)| {
                (ask.markdown, wanted.markdown)
            };
            questions.into_iter().map(plain).collect()
        });
        let expected = expected.map(|expected| {
            let own = |(ask, wanted): &(&str, &str)| ((*ask).to_owned(), (*wanted).to_owned());
            expected.iter().map(own).collect::<Vec<_>>()
        });
        assert_eq!(found, expected);
    }

    fn with_fix(node: NodeKind) -> NodeKind {
        match node {
            NodeKind::Conclude(mut conclude) => {
                conclude.fix = Some(text("mend it"));
                NodeKind::Conclude(conclude)
            }
            other => other,
        }
    }

    #[test]
    fn a_fix_says_how_it_is_checked() {
        check(with_fix(cause("a/y", "c")), Some(&[("?", "y")]));
        check(with_fix(end(Verdict::Cause)), Some(&[]));
        check(end(Verdict::Healthy), None);
    }
}
