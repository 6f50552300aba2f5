//! From the start screen to a case: a symptom, where the machine is, what a tree from outside may do.

use crate::{
    app::cases::{self, KeptCase},
    app::exit::Exit,
    app::tui::{
        model::{
            Agree, FileLine, GoesOn, Model, Plan, Saved, Screen, Then, Walk, Where, markdown,
            plain_template,
        },
        msg::{Msg, Task},
        update::{line, open, scroll, walk},
    },
    case::Journal,
    engine::{Opening, Place, Session},
    finding::{Os, TreeId},
};

/// What is chosen was scrolled out of sight: nobody means to take what they do not see.
pub const UNSEEN: &str = "this is the chosen one; Enter takes it";

/// Opens the tree that the command line named, if it named one.
pub fn open_named(model: &mut Model) -> Vec<Task> {
    match model.opening.tree.clone() {
        Some(tree) => go(
            model,
            Plan {
                tree,
                node: None,
                goes_on: None,
            },
        ),
        None => Vec::new(),
    }
}

/// Keys of the start screen.
pub fn choose(model: &mut Model, msg: Msg) -> Vec<Task> {
    let Screen::Start(start) = &mut model.screen else {
        return Vec::new();
    };
    let last = start.rows().count().saturating_sub(1);
    match msg {
        Msg::Up => {
            start.selected = start.selected.saturating_sub(1);
            start.nudge = 0;
        }
        Msg::Down => {
            start.selected = (start.selected + 1).min(last);
            start.nudge = 0;
        }
        Msg::Edit(edit) => {
            line::edit(&mut start.search, edit);
            start.search();
        }
        Msg::Cancel => {
            start.search.reset();
            start.search();
        }
        Msg::Take if model.measured.hidden => {
            start.nudge = 0;
            model.saying = Some(UNSEEN.to_owned());
        }
        Msg::Take => {
            if let Some(row) = start.chosen() {
                let plan = row.plan.clone();
                return go(model, plan);
            }
        }
        _ => start.nudge = scroll::nudge(start.nudge, &msg, model.measured),
    }
    Vec::new()
}

/// On with what was picked: where the machine is comes next, where that is not settled.
fn go(model: &mut Model, plan: Plan) -> Vec<Task> {
    if let Some(GoesOn::Open(case)) = plan.goes_on {
        return open::go_back(model, case);
    }
    if open::is_full(model) {
        return Vec::new();
    }
    if let Some(GoesOn::Kept(name)) = plan.goes_on {
        return vec![Task::Open(name)];
    }
    let title = title(model, &plan.tree);
    let Some(place) = model.opening.place else {
        let summary = model
            .forest()
            .tree(&plan.tree)
            .and_then(|tree| Some(markdown(tree.summary.as_ref()?, model.opening.os)))
            .unwrap_or_default();
        model.screen = Screen::Where(Where {
            plan,
            title,
            summary,
            selected: 0,
            scroll: 0,
            file: None,
        });
        return Vec::new();
    };
    let os = model.opening.os;
    settled(model, plan, os, place)
}

pub fn title(model: &Model, tree: &TreeId) -> String {
    model.forest().tree(tree).map_or_else(
        || tree.to_string(),
        |tree| plain_template(&tree.title, model.opening.os),
    )
}

/// Keys of *where is the machine?*
pub fn place(model: &mut Model, msg: Msg) -> Vec<Task> {
    let choices = Where::choices(model.opening.os);
    let measured = model.measured;
    let Screen::Where(place) = &mut model.screen else {
        return Vec::new();
    };
    if place.file.is_some() {
        place.scroll = scroll::to(place.scroll, &msg, measured);
        return file(place, msg);
    }
    // Behind the machines stands a file.
    let is_file = match &msg {
        Msg::Take => place.selected == choices.len(),
        Msg::Pick(number) => *number == choices.len() + 1,
        _ => false,
    };
    if is_file {
        place.selected = choices.len();
        place.file = Some(FileLine::default());
        return Vec::new();
    }
    let taken = match msg {
        Msg::Up => {
            place.selected = place.selected.saturating_sub(1);
            None
        }
        Msg::Down => {
            place.selected = (place.selected + 1).min(choices.len());
            None
        }
        Msg::Take => choices.get(place.selected),
        Msg::Pick(number) => number.checked_sub(1).and_then(|at| choices.get(at)),
        Msg::Cancel => {
            model.screen = Screen::Start(model.start());
            return Vec::new();
        }
        _ => {
            place.scroll = scroll::to(place.scroll, &msg, model.measured);
            None
        }
    };
    match taken {
        Some((_, os, machine)) => {
            let plan = place.plan.clone();
            settled(model, plan, *os, *machine)
        }
        None => Vec::new(),
    }
}

/// Keys of the path of a file.
fn file(place: &mut Where, msg: Msg) -> Vec<Task> {
    let Some(file) = &mut place.file else {
        return Vec::new();
    };
    match msg {
        Msg::Cancel => place.file = None,
        // What is being read is what was typed.
        _ if file.reading => {}
        Msg::Edit(edit) => {
            file.refused = None;
            line::edit(&mut file.line, edit);
        }
        Msg::Take if file.line.value().trim().is_empty() => {
            file.refused = Some("no file is named".to_owned());
        }
        Msg::Take => {
            file.refused = None;
            file.reading = true;
            return vec![Task::ReadFile(file.line.value().to_owned())];
        }
        _ => {}
    }
    Vec::new()
}

/// Whether the file that was named can be opened. One that can takes the place of this run.
pub fn file_read(model: &mut Model, path: String, read: Result<(), String>) -> Vec<Task> {
    let Screen::Where(place) = &mut model.screen else {
        return Vec::new();
    };
    // Who went back, or named another one, is not taken anywhere.
    let asked = |file: &&mut FileLine| file.reading && file.line.value() == path;
    let Some(file) = place.file.as_mut().filter(asked) else {
        return Vec::new();
    };
    file.reading = false;
    match read {
        Ok(()) => vec![Task::OpenFile(path), Task::End(Exit::Fine)],
        Err(why) => {
            file.refused = Some(why);
            Vec::new()
        }
    }
}

/// The machine is known: the case begins, unless the tree has to be agreed to before.
fn settled(model: &mut Model, plan: Plan, os: Os, machine: Place) -> Vec<Task> {
    let tree = plan.tree.clone();
    let then = Then::Begin {
        plan: plan.clone(),
        os,
        machine,
    };
    match open::to_agree(model, &tree, then) {
        true => Vec::new(),
        false => begin(model, plan, os, machine),
    }
}

/// Keys of the page that lists what a tree from outside can do.
pub fn agree(model: &mut Model, msg: Msg) -> Vec<Task> {
    let measured = model.measured;
    let Screen::Agree(agree) = &mut model.screen else {
        return Vec::new();
    };
    agree.scroll = scroll::to(agree.scroll, &msg, measured);
    let trusted = match msg {
        Msg::Take => true,
        Msg::Unsure => false,
        Msg::Cancel => {
            let held = matches!(agree.then, Then::Resume(_));
            model.screen = Screen::Start(model.start());
            return held.then_some(Task::Release).into_iter().collect();
        }
        _ => return Vec::new(),
    };
    let Agree {
        tree,
        consent,
        then,
        ..
    } = agree.clone();
    let mut tasks = Vec::new();
    if trusted {
        model.opening.consents.remove(&tree);
        model.opening.agreed.insert(tree.clone(), consent.clone());
        tasks.push(Task::Agreed(tree, consent));
    }
    tasks.extend(match then {
        Then::Begin { plan, os, machine } => begin(model, plan, os, machine),
        Then::Resume(journal) => resume(model, &journal),
        Then::GoOn(case) => open::go_on(model, case),
    });
    if let Some(walk) = model.walk_mut() {
        walk.declined = !trusted;
    }
    tasks
}

fn begin(model: &mut Model, plan: Plan, os: Os, machine: Place) -> Vec<Task> {
    let id = model.next_case();
    let (trusted, commands) = model.agreed(&plan.tree);
    let opening = Opening {
        node: plan.node,
        place: machine,
        inputs: model.opening.inputs.clone(),
        answers: model.opening.answers.clone(),
        trusted,
        commands,
        ..Opening::new(plan.tree, os, model.now)
    };
    let (session, effects) = Session::start(model.opening.forest.clone(), opening.clone());
    let walk = Walk::new(id, Box::new(session));
    let redactor = walk.redactor.clone();
    model.screen = Screen::Walk(Box::new(walk));
    let mut tasks = vec![
        Task::Begin(
            id,
            Box::new(opening),
            model.opening.forest.clone(),
            redactor,
        ),
        Task::CarryOut(id, effects),
    ];
    tasks.extend(walk::tick(model));
    tasks
}

/// The cases that were left are known (anew).
pub fn list(model: &mut Model, cases: Vec<KeptCase>) {
    model.left = cases;
    model.keeps = true;
    if let Screen::Start(start) = &model.screen {
        let mut anew = model.start();
        // Nothing of what a person did there is lost.
        if !start.is_unsearched() {
            anew.search = start.search.clone();
            anew.search();
        }
        if let Some(row) = start.chosen() {
            anew.choose(&row.plan);
        }
        model.screen = Screen::Start(anew);
    }
}

/// A case that was kept is there, and held. Where its tree has to be agreed to, that comes first.
pub fn opened(model: &mut Model, journal: Box<Journal>) -> Vec<Task> {
    let tree = journal.head.opening.tree.clone();
    let then = Then::Resume(journal.clone());
    let is_here = model.forest().tree(&tree).is_some();
    // Who went on meanwhile loses nothing by it.
    let mut tasks = open::park(model);
    if !(is_here && open::to_agree(model, &tree, then)) {
        tasks.extend(resume(model, &journal));
    }
    tasks
}

/// Goes on with a case that was kept.
fn resume(model: &mut Model, journal: &Journal) -> Vec<Task> {
    let agreed = model.agreed(&journal.head.opening.tree);
    let forest = model.opening.forest.clone();
    let taken_up = match cases::take_up(journal, &forest, agreed, model.now) {
        Ok(taken_up) => taken_up,
        Err(why) => {
            model.saying = Some(why);
            model.screen = Screen::Start(model.start());
            return vec![Task::Release];
        }
    };
    model.keeps = true;
    model.saying = taken_up.said;
    let id = model.next_case();
    let mut walk = Walk::new(id, Box::new(taken_up.session));
    walk.unkept = taken_up.unkept;
    walk.saved = Saved::All;
    walk.named = journal.named.clone();
    let redactor = walk.redactor.clone();
    model.screen = Screen::Walk(Box::new(walk));
    let mut tasks = vec![
        Task::TakeUp(id, redactor),
        Task::CarryOut(id, taken_up.effects),
    ];
    tasks.extend(walk::tick(model));
    tasks
}
