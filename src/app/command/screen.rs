//! The wizard on a full screen: gives [`tui::run`] its trees, its machine and somebody who carries effects out.

use std::{
    collections::BTreeMap,
    env, io,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Result;
use tokio::sync::mpsc::{Sender, channel};

use crate::{
    app::{
        catalog::{Catalog, Fault, Places},
        command::{
            carrier::Carrier,
            handed_over, opening,
            setting::{Ended, Setting, Trees},
        },
        trust::{Agreements, Closure},
        tui::{self, Consent, Incoming, TuiOpening},
        watch::Watch,
    },
    engine::Place,
    finding::TreeId,
    tree::Forest,
};

pub async fn walk(setting: Setting) -> Result<Ended> {
    let Setting {
        trees,
        world,
        givens,
        tree,
        recorded,
        common,
        trust,
        commands,
        places,
        cases,
        host,
        bundle,
        resumed,
    } = setting;
    let (sender, inbox) = channel(tui::CHANNEL);
    let agreements = (!trust).then(|| Arc::new(Mutex::new(Agreements::load())));
    let (forest, faults, behind) = match trees {
        Trees::Loaded(catalog) => (catalog.forest, catalog.faults, None),
        Trees::Outlined(outlines) => {
            let behind = load_behind(places.clone(), agreements.clone());
            (Arc::new(outlines), Vec::new(), Some(behind))
        }
    };
    let case = opening::opening(TreeId::new(""), world.os, &givens, true, commands);
    let screen = TuiOpening {
        consents: consents(&forest, agreements.as_deref()),
        agreed: agreed(&forest, agreements.as_deref()),
        forest,
        os: world.os,
        tree,
        place: match (&bundle, &recorded) {
            (Some(_), _) => Some(Place::Bundle),
            (None, Some(_)) => Some(Place::Here),
            (None, None) => None,
        },
        banner: recorded,
        inputs: case.inputs,
        answers: case.answers,
        commands,
        faults: faults
            .iter()
            .filter(|fault| fault.is_error())
            .map(unusable)
            .collect(),
        colour: env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    let _watch = watch(places, agreements.clone(), sender.clone());
    let carrier = Carrier {
        world,
        agreements,
        sender: sender.clone(),
        running: Mutex::default(),
        cases,
        host,
        bundle,
        opened: Mutex::default(),
        common,
        opens: Mutex::default(),
    };
    match resumed {
        Some((case, journal)) => {
            // The world hides what the case does already.
            carrier.hold(case, journal.head.clone(), None);
            // There is room: nobody else has the channel yet.
            let _ = sender.try_send(Incoming::Opened(Box::new(journal)));
        }
        None => carrier.list(),
    }
    let exit = tui::run(screen, behind, &carrier, sender, inbox).await?;
    let opens = carrier.opens.lock();
    let opens = opens.unwrap_or_else(PoisonError::into_inner).take();
    Ok(match opens {
        Some(file) => Ended::Opens(handed_over::named(&file)),
        None => Ended::With(exit),
    })
}

/// Loads the trees once the screen shows their outlines.
fn load_behind(places: Places, agreements: Option<Arc<Mutex<Agreements>>>) -> tui::Behind {
    Box::new(move || {
        let catalog = Catalog::load(&places).map_err(io::Error::other)?;
        Ok(Incoming::Reloaded {
            consents: consents(&catalog.forest, agreements.as_deref()),
            forest: catalog.forest,
        })
    })
}

/// Tells the screen when trees were changed. A catalogue with mistakes is told and not used: the trees that are walked
/// stay in force.
fn watch(
    places: Places,
    agreements: Option<Arc<Mutex<Agreements>>>,
    sender: Sender<Incoming>,
) -> Option<Watch> {
    Watch::start(places, move |loaded| {
        let catalog = match loaded {
            Ok(catalog) => catalog,
            Err(why) => {
                // The screen is gone: nobody is left to be told.
                let _ = sender.blocking_send(Incoming::Say(why.to_string()));
                return;
            }
        };
        let faulty = catalog.faults.iter().filter(|fault| fault.is_error());
        let faults = faulty.clone().map(unusable).collect();
        let first = faulty.clone().next().map(Fault::headline);
        let is_whole = first.is_none();
        // The screen is gone: nobody is left to be told.
        let _ = sender.blocking_send(Incoming::Faults { faults, first });
        if is_whole {
            let _ = sender.blocking_send(Incoming::Reloaded {
                consents: consents(&catalog.forest, agreements.as_deref()),
                forest: catalog.forest,
            });
        }
    })
}

/// One line for the screen.
fn unusable(fault: &Fault) -> String {
    let name = fault.source.name();
    format!("{name} cannot be used; `waypost check {name}` tells why")
}

/// Trees from outside that were agreed to earlier, and to what.
fn agreed(forest: &Forest, agreements: Option<&Mutex<Agreements>>) -> BTreeMap<TreeId, Consent> {
    listed(forest, agreements, |agreements, closure| {
        !closure.is_embedded() && agreements.cover(closure)
    })
}

/// What a person has to agree to, for each tree that needs it; nothing under `--trust`.
fn consents(forest: &Forest, agreements: Option<&Mutex<Agreements>>) -> BTreeMap<TreeId, Consent> {
    listed(forest, agreements, |agreements, closure| {
        !agreements.cover(closure)
    })
}

fn listed(
    forest: &Forest,
    agreements: Option<&Mutex<Agreements>>,
    wanted: impl Fn(&Agreements, &Closure) -> bool,
) -> BTreeMap<TreeId, Consent> {
    let Some(agreements) = agreements else {
        return BTreeMap::new();
    };
    let agreements = agreements.lock().unwrap_or_else(PoisonError::into_inner);
    forest
        .trees()
        .map(|tree| (tree.id.clone(), Closure::of(forest, &tree.id)))
        .filter(|(_, closure)| wanted(&agreements, closure))
        .map(|(id, closure)| (id, consent(closure)))
        .collect()
}

fn consent(closure: Closure) -> Consent {
    let files = closure.outside.into_iter().map(|(_, path)| path);
    Consent {
        hash: closure.hash,
        files: files.collect(),
        reads: closure.reads.into_iter().collect(),
        contacts: closure.contacts.into_iter().collect(),
        executes: closure.executes.into_iter().collect(),
    }
}
