//! The symptoms of every tree and the search over them: one for the full screen and for plain lines.

use jiff::tz::TimeZone;

use crate::{
    app::{
        cases::KeptCase,
        tui::{CaseId, markdown},
    },
    case::Named,
    finding::{Os, TreeId},
    tree::{Forest, NodeId, NodeKind, Scope, Template, Text, Tree},
};

/// From here on two words are taken for the same one mistyped (Jaro-Winkler).
const ALIKE: f64 = 0.88;

/// The most cases in the list.
const CASES: usize = 5;

/// Shorter words (`a`, `my`, `is`) stand everywhere, and say nothing where not every word fits.
const SHORTEST: usize = 3;

/// Every symptom of every tree.
#[derive(Debug, Clone)]
pub struct Symptoms {
    pub groups: Vec<Group>,
}

/// What fits a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub groups: Vec<Group>,
    /// The row that fits best, counted over the rows of all groups.
    pub best: usize,
}

/// What a case begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub tree: TreeId,
    pub node: Option<NodeId>,
    /// The case that goes on instead of a new one.
    pub goes_on: Option<GoesOn>,
}

/// A case that was begun before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoesOn {
    /// It was kept, under this name.
    Kept(String),
    /// It is open in this run of the program.
    Open(CaseId),
}

/// A case that is open in this run, in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCase {
    pub id: CaseId,
    pub tree: TreeId,
    pub named: Named,
    /// The title of the tree that it is in.
    pub title: String,
    /// How many steps were made.
    pub answers: usize,
    /// What it stands at, as plain text.
    pub at: String,
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

/// A case in one line: what it is called, where it stands, when something happened last.
fn called(case: &KeptCase, forest: &Forest, os: Os) -> String {
    let tree = forest.tree(&case.tree);
    let tree = tree.map_or_else(
        || case.tree.to_string(),
        |tree| plain_template(&tree.title, os),
    );
    let Named { title, ticket } = &case.named;
    let mut parts: Vec<String> = [ticket, title].into_iter().flatten().cloned().collect();
    parts.push(tree);
    parts.push(answers(case.answers));
    parts.extend(case.bundle.iter().map(|name| format!("bundle {name}")));
    let last = case.last.to_zoned(TimeZone::system());
    parts.push(last.strftime("%Y-%m-%d %H:%M").to_string());
    parts.join(" · ")
}

impl OpenCase {
    /// The case in one line.
    fn called(&self) -> String {
        let Named { title, ticket } = &self.named;
        let mut parts: Vec<String> = [ticket, title].into_iter().flatten().cloned().collect();
        parts.push(self.title.clone());
        parts.push(answers(self.answers));
        parts.push(self.at.clone());
        parts.retain(|part| !part.is_empty());
        parts.join(" · ")
    }
}

fn answers(count: usize) -> String {
    match count {
        1 => "1 answer".to_owned(),
        count => format!("{count} answers"),
    }
}

impl Symptoms {
    /// With the cases that are open in this run before all else, the one that was left last first.
    #[must_use]
    pub fn with_open(mut self, open: &[OpenCase]) -> Self {
        let rows: Vec<Row> = open
            .iter()
            .map(|case| Row {
                text: case.called(),
                plan: Plan {
                    tree: case.tree.clone(),
                    node: None,
                    goes_on: Some(GoesOn::Open(case.id)),
                },
            })
            .collect();
        if !rows.is_empty() {
            let group = Group {
                title: "Open here".to_owned(),
                summary: "Enter goes back to it; Ctrl-X closes it. No other program can take it up before."
                    .to_owned(),
                rows,
                ends: String::new(),
            };
            self.groups.insert(0, group);
        }
        self
    }

    /// With the newest cases that were left in front of the trees.
    #[must_use]
    pub fn with_cases(mut self, cases: &[KeptCase], forest: &Forest, os: Os) -> Self {
        let rows: Vec<Row> = cases
            .iter()
            .take(CASES)
            .map(|case| Row {
                text: called(case, forest, os),
                plan: Plan {
                    tree: case.tree.clone(),
                    node: None,
                    goes_on: Some(GoesOn::Kept(case.name.clone())),
                },
            })
            .collect();
        if !rows.is_empty() {
            let group = Group {
                title: "Cases that were left".to_owned(),
                summary: "Goes on where the case stood. `waypost cases` lists all of them."
                    .to_owned(),
                rows,
                ends: String::new(),
            };
            self.groups.insert(0, group);
        }
        self
    }

    pub fn new(forest: &Forest, os: Os) -> Self {
        let groups = forest
            .trees()
            .filter(|tree| tree.start.is_some())
            .map(|tree| {
                let title = plain_template(&tree.title, os);
                let row = |text, node| Row {
                    text,
                    plan: Plan {
                        tree: tree.id.clone(),
                        node,
                        goes_on: None,
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
        Self { groups }
    }

    /// Rows that hold every word, in their own text or in what their tree is about; where there are none, of trees that can
    /// end at them; then those where the words are nearly the same; and at last those that have the most of them. Best is
    /// the first row whose own text fits, or else the first of a tree whose title does.
    pub fn find(&self, line: &str) -> Found {
        let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
        let every =
            |fits: fn(&str, &str) -> bool, text: &str| words.iter().all(|word| fits(text, word));
        let mut groups = self.fitting(Group::about, |text| every(holds, text));
        if groups.is_empty() {
            groups = self.fitting(|group| group.ends.clone(), |text| every(holds, text));
        }
        if groups.is_empty() {
            groups = self.fitting(Group::about, |text| every(resembles, text));
        }
        if groups.is_empty() {
            groups = self.with_most(&words);
        }
        let fits = |text: &str| {
            let text = text.to_lowercase();
            words.iter().all(|word| holds(&text, word))
        };
        let rows = || {
            groups
                .iter()
                .flat_map(|group| group.rows.iter().map(move |row| (group, row)))
        };
        let own = rows().position(|(_, row)| fits(&row.text));
        let titled = rows().position(|(group, _)| fits(&group.title));
        let best = own.or(titled).unwrap_or(0);
        Found { groups, best }
    }

    /// The rows that have as many of the words as any has, and one at least.
    fn with_most(&self, words: &[String]) -> Vec<Group> {
        let telling = words.iter().filter(|word| word.chars().count() >= SHORTEST);
        let telling: Vec<&String> = telling.collect();
        let count = |text: &str| {
            let has = |word: &&&String| holds(text, word) || resembles(text, word);
            telling.iter().filter(has).count()
        };
        let texts = self.groups.iter().flat_map(|group| {
            let about = group.about();
            group.rows.iter().map(move |row| row.searched(&about))
        });
        match texts.map(|text| count(&text)).max() {
            Some(most) if most > 0 => self.fitting(Group::about, |text| count(text) == most),
            _ => Vec::new(),
        }
    }

    fn fitting(&self, about: impl Fn(&Group) -> String, fits: impl Fn(&str) -> bool) -> Vec<Group> {
        let groups = self.groups.iter().filter_map(|group| {
            let about = about(group);
            let rows = group.rows.iter().filter(|row| fits(&row.searched(&about)));
            let rows: Vec<Row> = rows.cloned().collect();
            (!rows.is_empty()).then(|| Group {
                rows,
                ..group.clone()
            })
        });
        groups.collect()
    }
}

impl Row {
    /// What a search looks at, in lower case.
    fn searched(&self, about: &str) -> String {
        format!("{} {} {about}", self.text.to_lowercase(), self.plan.tree)
    }
}

/// Whether a word of the text is nearly this one.
fn resembles(text: &str, word: &str) -> bool {
    text.split(|character: char| !character.is_alphanumeric())
        .any(|other| strsim::jaro_winkler(other, word) >= ALIKE)
}

/// A text of a tree as one plain line, with nothing known yet.
pub fn plain(text: &Text, os: Os) -> String {
    text.get(os)
        .map_or_else(String::new, |text| plain_template(text, os))
}

/// The same of one template.
pub fn plain_template(template: &Template, os: Os) -> String {
    match template.render(&Scope::new(os)) {
        Ok(text) => markdown::plain(&text.markdown),
        Err(_) => markdown::plain(&template.source),
    }
}
