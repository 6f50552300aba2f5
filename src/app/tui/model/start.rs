//! The start screen: every tree's symptoms, searched as one types.

use tui_input::Input;

use crate::{
    app::tui::model::{
        Plan,
        scene::{plain, plain_template},
    },
    finding::Os,
    tree::{Forest, NodeKind, Tree},
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
    /// The titles of the tree's ends in lower case: what it can find, though nobody who searches would call it a symptom.
    ends: String,
}

/// One way into a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub text: String,
    pub plan: Plan,
}

impl Group {
    fn about(&self) -> String {
        format!("{} {}", self.title, self.summary).to_lowercase()
    }
}

/// Whether the text has the word in it, also where it is written apart: `log in` for `login`.
fn holds(text: &str, word: &str) -> bool {
    text.contains(word) || text.replace(' ', "").contains(word)
}

fn ends(tree: &Tree, os: Os) -> String {
    let titles = tree.nodes.values().filter_map(|node| match &node.kind {
        NodeKind::Conclude(conclude) => Some(plain(&conclude.title, os).to_lowercase()),
        NodeKind::Ask(_) | NodeKind::Do(_) | NodeKind::Visit(_) => None,
    });
    titles.collect::<Vec<_>>().join(" ")
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
                    ends: ends(tree, os),
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

    /// Searches again after the line was changed: for rows that hold every word, in their own text or in what their tree is
    /// about; where there are none, for trees that can end at them; and then for words that are nearly the same. Chosen
    /// is the first row whose own text fits, or else the first of a tree whose title does.
    pub fn search(&mut self) {
        let words: Vec<String> = self
            .search
            .value()
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        self.selected = 0;
        self.nudge = 0;
        self.groups = self.fitting(&words, Group::about, holds);
        if self.groups.is_empty() {
            self.groups = self.fitting(&words, |group| group.ends.clone(), holds);
        }
        if self.groups.is_empty() {
            self.groups = self.fitting(&words, Group::about, |text, word| {
                text.split(|character: char| !character.is_alphanumeric())
                    .any(|other| strsim::jaro_winkler(other, word) >= ALIKE)
            });
        }
        let fits = |text: &str| {
            let text = text.to_lowercase();
            words.iter().all(|word| holds(&text, word))
        };
        let titles = self
            .groups
            .iter()
            .flat_map(|group| group.rows.iter().map(|_| group.title.as_str()));
        let own = self.rows().position(|row| fits(&row.text));
        let titled = titles.into_iter().position(fits);
        self.selected = own.or(titled).unwrap_or(0);
    }

    fn fitting(
        &self,
        words: &[String],
        about: impl Fn(&Group) -> String,
        fits: impl Fn(&str, &str) -> bool,
    ) -> Vec<Group> {
        self.all
            .iter()
            .filter_map(|group| {
                let about = about(group);
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
