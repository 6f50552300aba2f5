//! What each step of the walk left no longer possible: the causes before it, without those after it.
//!
//! It tells what the way leaves out, nothing more: after *I don't know* a cause lies off the way without anything that
//! speaks against it. Whoever shows it keeps the two apart ([`Step::is_unknown`]).
//!
//! [`Step::is_unknown`]: crate::engine::Step::is_unknown

use crate::engine::{Purpose, Session, Spot, walk::TrodKind};

impl Session {
    /// For each step of the path the causes that could be reached before it and not after it, nor at any later step. They
    /// are in the order of their trees.
    pub fn ruled_out(&self) -> Vec<Vec<Spot>> {
        let mut left = self.outlook().causes;
        let mut frames = self.walk.frames.clone();
        let mut ruled: Vec<Vec<Spot>> = Vec::with_capacity(self.walk.steps.len());
        // From the end to the start: so a cause is counted where it was possible for the last time.
        for step in self.walk.steps.iter().rev() {
            let at = &step.key.spot;
            let before = match &step.kind {
                TrodKind::Leave { .. } => {
                    frames.push(at.clone());
                    self.shape.coming_back(&frames)
                }
                TrodKind::Enter => {
                    frames.pop();
                    self.shape.outlook(at, &frames).causes
                }
                TrodKind::Question {
                    purpose: Purpose::Walk,
                    ..
                }
                | TrodKind::Do { .. } => self.shape.outlook(at, &frames).causes,
                TrodKind::Fix { .. } | TrodKind::Helped { .. } => vec![at.clone()],
                // It only decides what is shown, or checks a fix: the walk stays where it is.
                TrodKind::Question { .. } => {
                    ruled.push(Vec::new());
                    continue;
                }
            };
            let gone: Vec<Spot> = before
                .into_iter()
                .filter(|cause| !left.contains(cause))
                .collect();
            left.extend(gone.iter().cloned());
            ruled.push(gone);
        }
        ruled.reverse();
        ruled
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::{
            sketch::{ask, cause, end, forest, tree, visit},
            tests::{Drive, opening},
        },
        tree::{NodeKind, Verdict},
    };

    fn check(nodes: Vec<(&str, NodeKind)>, script: &[&str], expected: &[&str]) {
        let inner = vec![
            ("a", ask(None, &["x>bad", "y>fine"])),
            ("bad", end(Verdict::Cause)),
            ("fine", end(Verdict::Healthy)),
        ];
        let forest = forest(vec![tree("t", nodes), tree("u", inner)]);
        let mut drive = Drive::new(&forest, opening("t"));
        drive.all(script);
        let ruled = drive.session.ruled_out();
        let steps = drive.session.path();
        assert_eq!(ruled.len(), steps.len());
        let told: Vec<String> = steps
            .iter()
            .zip(&ruled)
            .map(|(step, gone)| {
                let gone: Vec<String> = gone.iter().map(ToString::to_string).collect();
                format!("{}: {}", step.spot, gone.join(" "))
            })
            .collect();
        assert_eq!(told, expected, "after {script:?}");
    }

    #[test]
    fn a_cause_is_ruled_out_by_the_last_step_before_which_it_was_possible() {
        let nodes = || {
            vec![
                ("a", ask(None, &["x>one", "y>b", "?>c"])),
                ("b", ask(None, &["x>two", "y>c"])),
                ("c", ask(None, &["x>fine", "y>three"])),
                ("one", end(Verdict::Cause)),
                ("two", cause("c/x", "three")),
                ("three", end(Verdict::Cause)),
                ("fine", end(Verdict::Healthy)),
            ]
        };
        check(nodes(), &[], &[]);
        check(nodes(), &["answer x"], &["t/a: t/two t/three"]);
        check(nodes(), &["answer y"], &["t/a: t/one"]);
        check(
            nodes(),
            &["answer y", "answer y", "answer x"],
            &["t/a: t/one", "t/b: t/two", "t/c: t/three"],
        );
        // The check of the fix rules out the cause itself; what `otherwise` leads to was never out for good.
        check(
            nodes(),
            &["answer y", "answer x", "applied", "answer y"],
            &["t/a: t/one", "t/b: ", "t/two: t/two", "t/c: "],
        );
    }

    #[test]
    fn a_visit_rules_out_what_it_leaves_behind() {
        let nodes = || {
            vec![
                ("go", visit("u", "c", "c", "c")),
                ("c", ask(None, &["x>fine", "y>two"])),
                ("two", end(Verdict::Cause)),
                ("fine", end(Verdict::Healthy)),
            ]
        };
        check(nodes(), &["answer x"], &["t/go: ", "u/a: t/two"]);
        check(
            nodes(),
            &["answer y", "answer x"],
            &["t/go: ", "u/a: u/bad", "t/go: ", "t/c: t/two"],
        );
    }
}
