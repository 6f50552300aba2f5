//! Outlines look like the trees that they stand for.

use std::collections::BTreeMap;

use crossterm::event::{Event, KeyCode};
use jiff::Timestamp;
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};

use super::*;
use crate::{
    app::tui::{Incoming, TuiOpening, Wizard},
    finding::Os,
};

/// A start screen of these trees, and each frame as its selection goes down to the end.
fn frames(forest: Forest, keys: usize) -> Vec<Buffer> {
    let opening = TuiOpening {
        forest: Arc::new(forest),
        os: Os::Linux,
        tree: None,
        banner: None,
        place: None,
        inputs: BTreeMap::new(),
        answers: Vec::new(),
        commands: false,
        agreed: BTreeMap::new(),
        consents: BTreeMap::new(),
        faults: Vec::new(),
        colour: true,
    };
    let (mut wizard, _) = Wizard::new(opening, 80, 24, Timestamp::UNIX_EPOCH);
    let Ok(mut terminal) = Terminal::new(TestBackend::new(80, 24));
    let mut frames = Vec::new();
    for _ in 0..=keys {
        let Ok(()) = wizard.draw(&mut terminal);
        frames.push(terminal.backend().buffer().clone());
        let down = Event::Key(KeyCode::Down.into());
        wizard.take(Incoming::Terminal(down), Timestamp::UNIX_EPOCH);
    }
    frames
}

#[test]
fn outlines_are_offered_as_the_trees_are() {
    let embedded = Place::embedded();
    let whole = Catalog::assemble(&[Place::embedded()], None, false).forest;
    let outlines = outlines(&embedded).expect("the embedded trees load without mistakes");
    let symptoms: usize = whole.trees().map(|tree| tree.symptoms.len()).sum();
    assert!(symptoms > 10);
    let whole = frames(Arc::unwrap_or_clone(whole), symptoms);
    let differ = whole.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(differ >= symptoms - 1, "the selection moves");
    assert_eq!(frames(outlines, symptoms), whole);
}
