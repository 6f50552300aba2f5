//! Cases that are open in this run: left, gone back to, closed, agreed to.

use crate::{
    app::tui::{
        model::{Agree, Asked, GoesOn, Model, Saved, Screen, Start, Then, Walk},
        msg::Task,
        port::CaseId,
        update::{start, walk},
    },
    finding::TreeId,
};

/// Cases that are open at once, with the one on the screen. Each holds its lock, its answers and what was found.
pub const MOST_OPEN: usize = 16;

/// Back to the start screen; the case stays open. One in which nothing was done is closed.
pub fn leave(model: &mut Model) -> Vec<Task> {
    let tasks = park(model);
    model.screen = Screen::Start(model.start());
    tasks
}

/// Takes the case off the screen. What it looks at is ended.
pub fn park(model: &mut Model) -> Vec<Task> {
    let Some(mut walk) = take(model) else {
        return Vec::new();
    };
    let id = walk.id;
    if walk.is_untouched() {
        return vec![Task::Close(id)];
    }
    walk.top = None;
    walk.following = false;
    model.open.push(*walk);
    vec![Task::Park(id)]
}

/// The case that was on the screen; whoever takes it puts another page there.
fn take(model: &mut Model) -> Option<Box<Walk>> {
    let placeholder = Screen::Start(Start::empty());
    match std::mem::replace(&mut model.screen, placeholder) {
        Screen::Walk(walk) => Some(walk),
        other => {
            model.screen = other;
            None
        }
    }
}

/// Over to the open case that was left last; the one on the screen stays open.
pub fn other(model: &mut Model) -> Vec<Task> {
    match model.open.last().map(|walk| walk.id) {
        Some(id) => go_back(model, id),
        None => Vec::new(),
    }
}

/// Back to a case that is open. Where its tree asks for more than was agreed to, that is to be read first.
pub fn go_back(model: &mut Model, id: CaseId) -> Vec<Task> {
    let mut tasks = park(model);
    let Some(walk) = model.open.iter().find(|walk| walk.id == id) else {
        model.screen = Screen::Start(model.start());
        return tasks;
    };
    let tree = walk.scene.tree.clone();
    if walk.declined || !to_agree(model, &tree, Then::GoOn(id)) {
        tasks.extend(go_on(model, id));
    }
    tasks
}

/// Shows what a tree can do, where that is not agreed to yet.
pub fn to_agree(model: &mut Model, tree: &TreeId, then: Then) -> bool {
    let Some(consent) = model.opening.consents.get(tree) else {
        return false;
    };
    model.screen = Screen::Agree(Agree {
        title: start::title(model, tree),
        consent: consent.clone(),
        tree: tree.clone(),
        then,
        scroll: 0,
    });
    true
}

/// What the tree of the case on the screen can do, to be agreed to now.
pub fn agree(model: &mut Model) -> Vec<Task> {
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let (id, tree) = (walk.id, walk.scene.tree.clone());
    // It is asked for, so an untouched case stays, too.
    walk.declined = false;
    let Some(mut walk) = take(model) else {
        return Vec::new();
    };
    walk.top = None;
    walk.following = false;
    model.open.push(*walk);
    let mut tasks = vec![Task::Park(id)];
    if !to_agree(model, &tree, Then::GoOn(id)) {
        tasks.extend(go_on(model, id));
    }
    tasks
}

/// The case is on the screen again, with the trees as they are and what is agreed to now.
pub fn go_on(model: &mut Model, id: CaseId) -> Vec<Task> {
    let Some(at) = model.open.iter().position(|walk| walk.id == id) else {
        return Vec::new();
    };
    let mut shown = model.open.remove(at);
    let agreed = model.agreed(&shown.scene.tree);
    let forest = model.opening.forest.clone();
    let (effects, said) = shown.renew(&forest, agreed, model.now);
    model.saying = said;
    model.screen = Screen::Walk(Box::new(shown));
    let mut tasks = vec![Task::GoOn(id), Task::CarryOut(id, effects)];
    tasks.extend(walk::tick(model));
    tasks
}

/// Closes the open case that is chosen. What is not on the disk would be gone with it: then it is asked once.
pub fn close(model: &mut Model, asked: Option<Asked>) -> Vec<Task> {
    let Screen::Start(start) = &model.screen else {
        return Vec::new();
    };
    let Some(GoesOn::Open(id)) = start.chosen().and_then(|row| row.plan.goes_on.clone()) else {
        return Vec::new();
    };
    let Some(at) = model.open.iter().position(|walk| walk.id == id) else {
        return Vec::new();
    };
    if model.open[at].saved != Saved::All && asked != Some(Asked::Close(id)) {
        model.asked = Some(Asked::Close(id));
        model.saying =
            Some("Close it? It is not saved. Ctrl-X again; any other key: no".to_owned());
        return Vec::new();
    }
    let closed = model.open.remove(at);
    let kept = match closed.saved {
        Saved::All => "; it is kept among the cases that were left",
        Saved::Nothing | Saved::Not(_) => "",
    };
    model.saying = Some(format!("the case is closed{kept}"));
    model.screen = Screen::Start(model.start());
    vec![Task::Close(id)]
}

/// So many are open that no more can be.
pub fn is_full(model: &mut Model) -> bool {
    let full = model.open.len() >= MOST_OPEN;
    if full {
        model.saying = Some(format!(
            "{MOST_OPEN} cases are open, the most; Ctrl-X closes one"
        ));
    }
    full
}
