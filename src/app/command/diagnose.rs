//! `waypost diagnose TREE`: follows evidence alone and prints what it came to.

use std::{
    io,
    sync::{Arc, PoisonError},
};

use anyhow::Result;

use crate::{
    app::{
        bundled,
        catalog::Catalog,
        cli::{Common, Diagnose, Format},
        command::{
            UsageError,
            opening::{self, World},
        },
        exit::Exit,
        headless,
        runtime::Runtime,
        trust::Closure,
    },
    case::Named,
    engine::{Place, Session, VerdictName},
};

pub fn diagnose(args: &Diagnose, common: &Common) -> Result<Exit> {
    args.output.check()?;
    let usage = |error: anyhow::Error| UsageError(format!("{error:#}"));
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
    let world = match bundle {
        Some(bundle) => World::bundled(Arc::new(bundle.host()?)),
        None => World::new(common)?,
    };
    let mut givens = crate::app::givens::Givens::default();
    if let Some(file) = &args.answers_file {
        givens.add_file(&catalog.forest, file).map_err(usage)?;
    }
    givens
        .add_inputs(&catalog.forest, &common.inputs)
        .map_err(usage)?;
    givens.fit(&catalog.forest, &[world.os]).map_err(usage)?;
    givens
        .add_secrets(&catalog.forest, &args.secrets)
        .map_err(usage)?;
    givens
        .add_answers(&catalog.forest, &args.answers)
        .map_err(usage)?;

    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let session = tokio.block_on(async {
        world.keep_secrets(&givens);
        let mut case = opening::opening(tree, world.os, &givens, true, common.allow_commands);
        if let Some(about) = &about {
            case.place = Place::Bundle;
            for (name, given) in bundled::inputs(about, &catalog.forest) {
                case.inputs.entry(name).or_insert(given);
            }
        }
        let (runtime, mut results) = Runtime::new(world.looker.clone());
        let (mut session, effects) = Session::start(catalog.forest.clone(), case);
        tokio::select! {
            () = headless::walk(&mut session, effects, &runtime, &mut results) => {}
            _ = tokio::signal::ctrl_c() => return Ok(None),
        }
        anyhow::Ok(Some(session))
    })?;
    // Whatever still hangs in a system call is left behind: nobody waits for it.
    tokio.shutdown_background();
    let Some(session) = session else {
        return Ok(Exit::Interrupted);
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
    Ok(exit(session.result(true).verdict))
}

/// The exit code of a verdict.
pub fn exit(verdict: VerdictName) -> Exit {
    match verdict {
        VerdictName::Healthy | VerdictName::NotApplicable => Exit::Fine,
        VerdictName::Cause | VerdictName::Escalate => Exit::Found,
        VerdictName::NeedsAnswer | VerdictName::Unresolved => Exit::NeedsAnswer,
    }
}
