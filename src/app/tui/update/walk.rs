//! Keys of the walk, and what comes back from the runtime.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    app::tui::{
        model::{Asked, Face, Model, Screen, Then, Top, Transcript, What, Writing},
        msg::{Msg, Task},
        port::{Consent, RuntimeMsg},
        update::{copy, form, naming, pasting, report, scroll},
    },
    engine::{Event, Follow, Rejection},
    finding::TreeId,
    tree::Forest,
};

/// A walk that evidence alone makes is never longer; a tree that went round more often would be a mistake of ours.
const STEPS_AT_ONCE: usize = 10_000;

/// Keys where nothing lies over the walk.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Task> {
    match msg {
        Msg::Cancel => return event(model, Event::Stop),
        Msg::Back => return event(model, Event::Back),
        Msg::Look => return event(model, Event::Look),
        Msg::Follow => return follow(model),
        Msg::Copy => return copy::command(model),
        Msg::Paste => return pasting::open(model),
        Msg::Report => return report::open(model),
        Msg::Request => return report::request(model),
        Msg::Name => return naming::open(model),
        _ => {}
    }
    let measured = model.measured;
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    match msg {
        Msg::Transcript => {
            walk.top = Some(Top::Transcript(Transcript::new(&walk.scene)));
            return Vec::new();
        }
        Msg::Note => {
            walk.top = Some(Top::Writing(Writing {
                what: What::Note(None),
                line: tui_input::Input::default(),
            }));
            return Vec::new();
        }
        _ => {}
    }
    let Face::Choosing(choosing) = &mut walk.face else {
        return form::update(model, msg);
    };
    let choices = &walk.scene.choices;
    let taken = match msg {
        Msg::Up | Msg::Down if choices.is_empty() => {
            let line = match msg {
                Msg::Up => Msg::LineUp,
                _ => Msg::LineDown,
            };
            choosing.scroll = scroll::to(choosing.scroll, &line, measured);
            None
        }
        Msg::Up => {
            let at = choosing.selected.unwrap_or(choices.len());
            choosing.selected = Some(at.saturating_sub(1));
            choosing.moved = true;
            None
        }
        Msg::Down => {
            let at = choosing.selected.map_or(0, |at| at + 1);
            choosing.selected = Some(at.min(choices.len() - 1));
            choosing.moved = true;
            None
        }
        Msg::Take => choosing.selected.and_then(|at| choices.get(at)),
        Msg::Pick(number) => number
            .checked_sub(1)
            .and_then(|at| choices.get(at))
            .filter(|choice| !choice.unsure),
        Msg::Unsure => choices.iter().find(|choice| choice.unsure),
        _ => {
            choosing.scroll = scroll::to(choosing.scroll, &msg, measured);
            None
        }
    };
    let taken = taken.map(|choice| choice.event.clone());
    if matches!(msg, Msg::Take) && taken.is_none() && !choices.is_empty() {
        // Nothing speaks for any of them yet, and an answer by accident would lead astray.
        model.saying = Some("nothing is chosen: press an answer's number, or ↑ ↓".to_owned());
    }
    match taken {
        Some(taken) => event(model, taken),
        None => Vec::new(),
    }
}

/// Hands an event to the case. What is refused is said, and changes nothing.
pub fn event(model: &mut Model, event: Event) -> Vec<Task> {
    let now = model.now;
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    // A person's own step ends the following; going on from there is theirs to say.
    let is_persons = !matches!(event, Event::ProbeFinished { .. } | Event::Suggested { .. });
    walk.following &= !is_persons;
    match walk.case.apply(event, now) {
        Ok(effects) => {
            walk.refresh();
            vec![Task::CarryOut(walk.id, effects)]
        }
        Err(Rejection::NothingBefore) => {
            // What was given before it is no step: it is changed in the transcript.
            let given = match walk.scene.inputs.is_empty() {
                true => "",
                false => " (t: change what was given)",
            };
            model.asked = Some(Asked::Back);
            model.saying = Some(format!(
                "This is the first step{given}. Leave the case? The same key again"
            ));
            Vec::new()
        }
        Err(rejection) => {
            if is_persons {
                model.saying = Some(rejection.to_string());
            }
            Vec::new()
        }
    }
}

/// What came of an effect. That of a case that was left, and of a run that nobody awaits, is dropped.
pub fn heard(model: &mut Model, message: RuntimeMsg) -> Vec<Task> {
    let (case, heard) = match message {
        RuntimeMsg::ProbeFinished { case, run, finding } => {
            (case, Event::ProbeFinished { run, finding })
        }
        RuntimeMsg::Suggested {
            case,
            run,
            candidates,
        } => (case, Event::Suggested { run, candidates }),
        RuntimeMsg::Pasted { case, judged } => {
            if model.walk().is_none_or(|walk| walk.id != case) {
                return Vec::new();
            }
            return match pasting::judged(model, *judged) {
                Some(pasted) => {
                    let mut tasks = Vec::new();
                    for judged in pasted.events {
                        tasks.extend(event(model, judged));
                    }
                    if let Some(said) = pasted.said {
                        model.saying = Some(said);
                    }
                    tasks
                }
                None => Vec::new(),
            };
        }
    };
    if model.walk().is_none_or(|walk| walk.id != case) {
        return Vec::new();
    }
    let mut tasks = event(model, heard);
    tasks.extend(go_on(model));
    tasks
}

fn follow(model: &mut Model) -> Vec<Task> {
    if let Some(walk) = model.walk_mut() {
        walk.following = true;
    }
    go_on(model)
}

/// While following: takes what evidence answers, until a person is needed. Only answers are taken: what is not known, and
/// what would be sent somewhere, is the person's to say.
fn go_on(model: &mut Model) -> Vec<Task> {
    let now = model.now;
    let mut tasks = Vec::new();
    let Some(walk) = model.walk_mut().filter(|walk| walk.following) else {
        return tasks;
    };
    let mut steps = 0;
    while steps < STEPS_AT_ONCE {
        let answered = match walk.case.follow() {
            Follow::Apply(answer @ Event::Answer { .. }) => walk.case.apply(answer, now),
            Follow::Wait => break,
            Follow::Apply(_) | Follow::Over => {
                walk.following = false;
                break;
            }
        };
        match answered {
            Ok(effects) => tasks.push(Task::CarryOut(walk.id, effects)),
            Err(_) => {
                walk.following = false;
                break;
            }
        }
        steps += 1;
    }
    walk.refresh();
    let said = match (walk.following, steps) {
        (true, _) => "following the evidence; any answer of yours ends it".to_owned(),
        (false, 0) => "the evidence says nothing here: it is for you to answer".to_owned(),
        (false, 1) => "the evidence answered 1 question; this is for you".to_owned(),
        (false, _) => format!("the evidence answered {steps} questions; this is for you"),
    };
    let over = walk.scene.is_over();
    if !over {
        model.saying = Some(said);
    }
    tasks
}

/// Time went by: a wait after a fix may be over.
pub fn tick(model: &mut Model) -> Vec<Task> {
    let over = model
        .walk()
        .and_then(|walk| walk.scene.still_waits(model.now))
        .is_some_and(|left| left.is_zero());
    if over {
        event(model, Event::SkipWait)
    } else {
        Vec::new()
    }
}

/// Trees have mistakes since they were changed, or none any more.
pub fn faults(model: &mut Model, faults: Vec<String>, first: Option<String>) {
    if let Some(first) = first {
        model.unused = Some("changed since, with mistakes");
        let more = match faults.len() {
            0 | 1 => String::new(),
            2 => " (and 1 file more)".to_owned(),
            several => format!(" (and {} files more)", several - 1),
        };
        model.saying = Some(format!("not used: {first}{more}"));
    }
    model.opening.faults = faults;
}

/// The trees were loaded again. A walk whose looks were agreed to goes on with the changed trees only if the agreement
/// holds for them too: what can do more has to be read first.
pub fn reloaded(
    model: &mut Model,
    forest: Arc<Forest>,
    consents: BTreeMap<TreeId, Consent>,
) -> Vec<Task> {
    model.opening.forest = Arc::clone(&forest);
    model.opening.consents = consents;
    model.unused = None;
    // Who changes a question's words is not asked again: nothing new is looked at.
    let agreed = &model.opening.agreed;
    model
        .opening
        .consents
        .retain(|tree, new| !agreed.get(tree).is_some_and(|old| old.covers(new)));
    match &mut model.screen {
        Screen::Walk(walk) => {
            // An editor or a version control may take a file away for a moment. The answers must outlive that.
            if walk.is_gone(&forest) {
                model.unused = Some("its file is gone");
                model.saying =
                    Some("this tree's file is gone: the case goes on as it was".to_owned());
                return Vec::new();
            }
            if walk.scene.trusted && model.opening.consents.contains_key(&walk.scene.tree) {
                model.unused = Some("changed since: it asks for more");
                // Where letters are typed, they agree to nothing.
                let typed = matches!(walk.face, Face::Form(_)) || walk.top.is_some();
                let first = if typed { "once this is left, " } else { "" };
                model.saying = Some(format!(
                    "{first}a agrees to it: the changed tree asks for more, and is not used until then"
                ));
                return Vec::new();
            }
            // Something else in the folder was written.
            if walk.case.forest().is_some_and(|old| old.is_same(&forest)) {
                return Vec::new();
            }
            let (effects, said) = walk.reload(forest);
            // Its rows may be others now.
            if matches!(walk.top, Some(Top::Transcript(_))) {
                walk.top = Some(Top::Transcript(Transcript::new(&walk.scene)));
            }
            let id = walk.id;
            model.saying = Some(said);
            vec![Task::CarryOut(id, effects)]
        }
        // What was picked or read there may be another thing now.
        Screen::Agree(agree) => {
            let held = matches!(agree.then, Then::Resume(_));
            model.screen = Screen::Start(model.start());
            held.then_some(Task::Release).into_iter().collect()
        }
        Screen::Start(_) | Screen::Where(_) => {
            model.screen = Screen::Start(model.start());
            Vec::new()
        }
    }
}
