//! The start screen: every tree's symptoms, searched as one types.

use tui_input::Input;

pub use crate::app::search::{Group, Row};
use crate::{
    app::{
        cases::KeptCase,
        search::{Found, Symptoms},
    },
    finding::Os,
    tree::Forest,
};

pub struct Start {
    all: Symptoms,
    pub search: Input,
    /// What fits the search.
    pub groups: Vec<Group>,
    /// Counted over the rows of all groups shown.
    pub selected: usize,
    /// Lines that the page is moved by beyond where the selection puts it.
    pub nudge: isize,
}

impl Start {
    pub fn new(forest: &Forest, os: Os) -> Self {
        let all = Symptoms::new(forest, os);
        Self {
            groups: all.groups.clone(),
            all,
            search: Input::default(),
            selected: 0,
            nudge: 0,
        }
    }

    /// With the newest cases that were left in front; what is chosen stays chosen.
    #[must_use]
    pub fn with_cases(mut self, cases: &[KeptCase], forest: &Forest, os: Os) -> Self {
        let before = self.all.groups.len();
        self.all = self.all.with_cases(cases, forest, os);
        let came = &self.all.groups[..self.all.groups.len() - before];
        self.selected += came.iter().map(|group| group.rows.len()).sum::<usize>();
        self.groups.clone_from(&self.all.groups);
        self
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

    /// Searches again after the line was changed; chosen is then what fits best.
    pub fn search(&mut self) {
        let Found { groups, best } = self.all.find(self.search.value());
        self.groups = groups;
        self.selected = best;
        self.nudge = 0;
    }
}
