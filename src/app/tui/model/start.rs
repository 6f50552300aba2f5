//! The start screen: every tree's symptoms, searched as one types.

use tui_input::Input;

pub use crate::app::search::{Group, Row};
use crate::{
    app::{
        cases::KeptCase,
        search::{Found, OpenCase, Plan, Symptoms},
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
    /// Every tree's symptoms, behind the cases that are open in this run and the newest that were left. Chosen is the case
    /// that was open last, or else the first symptom.
    pub fn new(forest: &Forest, os: Os, open: &[OpenCase], left: &[KeptCase]) -> Self {
        let all = Symptoms::new(forest, os)
            .with_cases(left, forest, os)
            .with_open(open);
        let mut start = Self {
            groups: all.groups.clone(),
            all,
            search: Input::default(),
            selected: 0,
            nudge: 0,
        };
        if open.is_empty() {
            let is_new = |row: &Row| row.plan.goes_on.is_none();
            let at = start.rows().position(is_new);
            start.selected = at.unwrap_or(0);
        }
        start
    }

    /// Nothing at all, for a moment that nobody sees.
    pub fn empty() -> Self {
        Self {
            all: Symptoms { groups: Vec::new() },
            search: Input::default(),
            groups: Vec::new(),
            selected: 0,
            nudge: 0,
        }
    }

    /// Chooses the row with this plan, if it is there.
    pub fn choose(&mut self, plan: &Plan) {
        let at = self.rows().position(|row| row.plan == *plan);
        if let Some(at) = at {
            self.selected = at;
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

    /// Searches again after the line was changed; chosen is then what fits best.
    pub fn search(&mut self) {
        let Found { groups, best } = self.all.find(self.search.value());
        self.groups = groups;
        self.selected = best;
        self.nudge = 0;
    }
}
