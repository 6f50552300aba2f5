//! The start screen: every tree's symptoms, searched as one types.

use tui_input::Input;

use crate::{
    app::tui::model::{
        Plan,
        scene::{plain, plain_template},
    },
    finding::Os,
    tree::Forest,
};

/// From here on two words are taken for the same one mistyped (Jaro-Winkler).
const ALIKE: f64 = 0.88;

pub struct Start {
    /// Every symptom of every tree.
    all: Vec<Group>,
    pub search: Input,
    /// What fits the search.
    pub groups: Vec<Group>,
    /// Counted over the rows of all groups shown.
    pub selected: usize,
    /// Lines that the page is moved by beyond where the selection puts it.
    pub nudge: isize,
}

/// A tree and its symptoms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub title: String,
    pub summary: String,
    pub rows: Vec<Row>,
}

/// One way into a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub text: String,
    pub plan: Plan,
}

impl Start {
    pub fn new(forest: &Forest, os: Os) -> Self {
        let all: Vec<Group> = forest
            .trees()
            .filter(|tree| tree.start.is_some())
            .map(|tree| {
                let title = plain_template(&tree.title, os);
                let row = |text, node| Row {
                    text,
                    plan: Plan {
                        tree: tree.id.clone(),
                        node,
                    },
                };
                let mut rows: Vec<Row> = tree
                    .symptoms
                    .iter()
                    .map(|symptom| {
                        let start = symptom.start.as_ref();
                        row(
                            plain(&symptom.text, os),
                            start.map(|start| start.value.clone()),
                        )
                    })
                    .collect();
                if rows.is_empty() {
                    rows.push(row(title.clone(), None));
                }
                Group {
                    summary: tree
                        .summary
                        .as_ref()
                        .map_or_else(String::new, |summary| plain(summary, os)),
                    title,
                    rows,
                }
            })
            .collect();
        Self {
            groups: all.clone(),
            all,
            search: Input::default(),
            selected: 0,
            nudge: 0,
        }
    }

    pub fn is_unsearched(&self) -> bool {
        self.search.value().is_empty()
    }

    /// The rows that are shown, in order.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    pub fn chosen(&self) -> Option<&Row> {
        self.rows().nth(self.selected)
    }

    /// The tree of the chosen row.
    pub fn chosen_group(&self) -> Option<&Group> {
        let mut before = 0;
        self.groups.iter().find(|group| {
            before += group.rows.len();
            self.selected < before
        })
    }

    /// Searches again after the line was changed. Rows that hold every word come first; where there are none, words that
    /// are nearly the same count too.
    pub fn search(&mut self) {
        let words: Vec<String> = self
            .search
            .value()
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        self.selected = 0;
        self.nudge = 0;
        self.groups = self.fitting(&words, |text, word| text.contains(word));
        if self.groups.is_empty() {
            self.groups = self.fitting(&words, |text, word| {
                text.split(|character: char| !character.is_alphanumeric())
                    .any(|other| strsim::jaro_winkler(other, word) >= ALIKE)
            });
        }
    }

    fn fitting(&self, words: &[String], fits: impl Fn(&str, &str) -> bool) -> Vec<Group> {
        self.all
            .iter()
            .filter_map(|group| {
                let about = format!("{} {}", group.title, group.summary).to_lowercase();
                let rows: Vec<Row> = group
                    .rows
                    .iter()
                    .filter(|row| {
                        let text = format!(
                            "{} {} {about}",
                            row.text.to_lowercase(),
                            row.plan.tree.as_str()
                        );
                        words.iter().all(|word| fits(&text, word))
                    })
                    .cloned()
                    .collect();
                (!rows.is_empty()).then(|| Group {
                    rows,
                    ..group.clone()
                })
            })
            .collect()
    }
}
