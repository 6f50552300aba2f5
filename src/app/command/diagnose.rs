//! `waypost diagnose TREE`: follows evidence alone and prints what it came to.

use std::{
    io,
    sync::{Arc, PoisonError},
};

use anyhow::Result;
use jiff::Timestamp;

use crate::{
    app::{
        bundled, carrying,
        catalog::Catalog,
        cli::{Common, Diagnose, Format},
        command::opening::{self, Ahead, World},
        exit::{Exit, UsageError},
        headless, prose, record,
        runtime::Runtime,
        trust::Closure,
    },
    case::Named,
    engine::{Parcel, Place, Session, VerdictName},
};

pub fn diagnose(args: &Diagnose, common: &Common) -> Result<Exit> {
    args.output.check_format()?;
    args.output.check()?;
    let bundle = args.bundle.as_deref().map(bundled::read).transpose()?;
    let catalog = Catalog::load(&opening::places(args.tree.as_deref(), common))?;
    let tree = match (&args.tree, &bundle) {
        (Some(tree), _) => opening::find_tree(&catalog, tree)?,
        (None, Some(bundle)) => bundled::tree(&bundle.about, &catalog)?,
        (None, None) => return Err(UsageError("no tree is named".to_owned()).into()),
    };
    let closure = Closure::of(&catalog.forest, &tree);
    if !closure.is_embedded() && !common.trust {
        return Err(UsageError(closure.refusal()).into());
    }
    let about = bundle.as_ref().map(|bundle| bundle.about.clone());
    let carries = bundle.clone().filter(|bundle| bundle.carried.is_some());
    let world = match bundle {
        Some(bundle) => World::bundled(Arc::new(bundle.host()?)),
        None => World::new(common)?,
    }
    .redact(common, [catalog.forest.as_ref()])
    .record(common)?;
    let ahead = Ahead {
        file: args.answers_file.as_deref(),
        secrets: &args.secrets,
        answers: &args.answers,
    };
    let givens = world.hidden(opening::givens_ahead(
        &catalog,
        common,
        &[world.os],
        &ahead,
    )?);

    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let (session, recorded) = tokio.block_on(async {
        world.keep_secrets(&givens);
        let mut case = opening::opening(tree, world.os, &givens, true, common.allow_commands);
        if let Some(about) = &about {
            case.place = Place::Bundle;
            let name = args.bundle.as_deref().map(bundled::file_name);
            case.parcel = name.map(|name| {
                let parcel = bundled::parcel(about, &name);
                Parcel {
                    machine: parcel.machine.map(|name| world.looker.hidden_name(&name)),
                    ..parcel
                }
            });
            for (name, given) in bundled::inputs(about, &catalog.forest) {
                let given = world.looker.hidden_given(&name, given);
                case.inputs.entry(name).or_insert(given);
            }
        }
        let (runtime, mut results) = Runtime::new(world.looker.clone());
        let (mut session, mut effects) = Session::start(catalog.forest.clone(), case);
        if let Some(bundle) = &carries {
            let now = Timestamp::now();
            let taken = carrying::take(session.clone(), bundle, Default::default(), now);
            for (probe, why) in taken.passed_over {
                eprintln!("waypost: {probe}: {}", prose::visible(&why));
            }
            for event in taken.events {
                // It was accepted by a copy of this session a moment ago.
                effects.extend(session.apply(event, now).unwrap_or_default().effects);
            }
        }
        let whole = tokio::select! {
            () = headless::walk(&mut session, effects, &runtime, &mut results) => true,
            _ = tokio::signal::ctrl_c() => false,
        };
        let recorded = record::end(world.record.clone()).await;
        anyhow::Ok((whole.then_some(session), recorded))
    })?;
    // Whatever still hangs in a system call is left behind: nobody waits for it.
    tokio.shutdown_background();
    let Some(session) = session else {
        return recorded.map(|()| Exit::Interrupted);
    };
    let mut redactor = (world.looker.redactor.lock()).unwrap_or_else(PoisonError::into_inner);
    let printed = args.output.write(
        &session,
        &Named::default(),
        true,
        Format::Text,
        &mut redactor,
    );
    if let Err(error) = printed {
        // Who reads may have seen enough; the verdict is the same.
        let is_over = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        if !error.downcast_ref().is_some_and(is_over) {
            return Err(error);
        }
    }
    recorded.map(|()| exit(session.result(true).verdict))
}

/// The exit code of a verdict.
pub fn exit(verdict: VerdictName) -> Exit {
    match verdict {
        VerdictName::Healthy | VerdictName::NotApplicable => Exit::Fine,
        VerdictName::Cause | VerdictName::Escalate => Exit::Found,
        VerdictName::NeedsAnswer | VerdictName::Unresolved => Exit::NeedsAnswer,
    }
}
