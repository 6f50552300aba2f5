//! `waypost open FILE`: what somebody gathered on another machine becomes a case, or goes on with one.

use std::path::Path;

use anyhow::{Context, Result, bail};
use encoding_rs::{Encoding, UTF_8};
use jiff::Timestamp;

use crate::{
    app::{
        answering,
        cases::{self, Cases, Handed, Keeper, Kept, Unkept},
        catalog::Catalog,
        cli::{Common, Open},
        command::{
            UsageError,
            opening::{self, World},
            wizard,
        },
        exit::Exit,
        prose,
    },
    case::request::{self, Answer},
    engine::{Given, Opening, Place, Session},
    host::live,
};

/// How many lines are told of what was of no use.
const TOLD: usize = 12;

pub fn open(args: &Open, common: &Common) -> Result<Exit> {
    let bytes = live::regular::read(&args.file, request::MAX_BYTES as u64)
        .with_context(|| shown(&args.file))?;
    let text = text(&bytes);
    if !Answer::is_one(&text) {
        let why = format!(
            "{}: this is no answer of a script that `waypost ask` wrote",
            shown(&args.file)
        );
        return Err(UsageError(why).into());
    }
    let answer = Answer::read(&text).with_context(|| shown(&args.file))?;
    let case = taken(answer, args.case.as_deref(), common)?;
    wizard::resume(Some(&case), common)
}

fn shown(file: &Path) -> String {
    prose::visible(&file.display().to_string()).into_owned()
}

/// The text, whatever a shell or a mail program made of it.
fn text(bytes: &[u8]) -> String {
    let encoding = Encoding::for_bom(bytes).map_or(UTF_8, |(encoding, _)| encoding);
    encoding.decode(bytes).0.into_owned()
}

/// Takes an answer into a case, and says which. It is on the disk before anything of it is shown.
fn taken(answer: Answer, case: Option<&str>, common: &Common) -> Result<String> {
    let all = Cases::of_user()?;
    // A script may have been asked for by a case of somebody else.
    let asking = answer.case.as_deref().filter(|name| all.read(name).is_ok());
    let known = case.or(asking).map(str::to_owned);
    let world = World::new(common)?;
    let redactor = world.looker.redactor.clone();
    let (tell, told) = cases::ear();
    let (mut session, mut unkept, mut keeper) = match &known {
        Some(name) => {
            let (case, journal) = all.open(name)?;
            let mut places = opening::places(None, common);
            places.file = journal.head.file().map(Into::into);
            let catalog = Catalog::load(&places)?;
            let now = Timestamp::now();
            let taken_up = cases::take_up(&journal, &catalog.forest, (false, false), now)
                .map_err(UsageError)?;
            let keeper = Keeper::resumed(case, journal.head, redactor, tell);
            (taken_up.session, taken_up.unkept, keeper)
        }
        None => {
            let catalog = Catalog::load(&opening::places(None, common))?;
            let tree = opening::find_tree(&catalog, answer.tree.as_str())?;
            let inputs = answer.inputs.clone().into_iter();
            let case = Opening {
                place: Place::Elsewhere,
                trusted: false,
                inputs: inputs
                    .map(|(name, text)| (name, Given::Text(text)))
                    .collect(),
                ..Opening::new(tree, answer.os, Timestamp::now())
            };
            let forest = catalog.forest.clone();
            let keeper = Keeper::new(Some(all), &forest, &case, None, redactor, tell);
            (Session::start(forest, case).0, Unkept::default(), keeper)
        }
    };
    if !answer.whole {
        eprintln!("waypost: the answer breaks off; what was whole is read");
    }
    let looks: usize = answer.looks.iter().map(|look| look.probes.len()).sum();
    let tokio = tokio::runtime::Runtime::new()?;
    let taken = tokio.block_on(answering::take(session.clone(), answer, &world.looker));
    eprintln!("{} of {looks} looks were read.", taken.events.len());
    for (probe, why) in taken.passed_over.iter().take(TOLD) {
        eprintln!("  {probe}: {}", prose::visible(why));
    }
    if taken.passed_over.len() > TOLD {
        eprintln!("  and {} more", taken.passed_over.len() - TOLD);
    }
    if taken.events.is_empty() {
        bail!("nothing of it could be read for this case");
    }
    for event in taken.events {
        // It was accepted by a copy of this session a moment ago.
        let _ = session.apply(event, Timestamp::now());
    }
    if let Some(change) = unkept.take(session.transcript()) {
        match keeper.keep(&change) {
            Handed::Upto(last) => loop {
                match told.recv() {
                    Ok(Kept::Upto(upto)) if upto >= last => break,
                    Ok(Kept::Upto(_)) => {}
                    Ok(Kept::Not { why, .. }) => bail!("the case cannot be saved: {why}"),
                    Err(_) => bail!("the case cannot be saved"),
                }
            },
            Handed::Nothing => {}
            Handed::Not(why) => bail!("the case cannot be saved: {why}"),
        }
    }
    match keeper.case() {
        Some(name) => Ok(name.to_owned()),
        None => bail!("the case cannot be saved"),
    }
}
