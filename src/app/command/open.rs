//! `waypost open FILE`: what somebody gathered on another machine becomes a case, or goes on with one. Which form a file has, its
//! first bytes tell: a bundle of `collect` is packed, and what a script of `ask` wrote is text.

use std::{
    path::Path,
    sync::{Arc, Mutex, mpsc::Receiver},
};

use anyhow::{Context, Result, bail};
use encoding_rs::{Encoding, UTF_8};
use jiff::Timestamp;

use crate::{
    app::{
        answering::{self, Taken},
        bundled,
        cases::{self, Bundled, Cases, Handed, Keeper, Kept, Unkept},
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
    redact::Redactor,
};

/// How many lines are told of what was of no use.
const TOLD: usize = 12;

pub fn open(args: &Open, common: &Common) -> Result<Exit> {
    if bundled::is_one(&args.file).with_context(|| shown(&args.file))? {
        return open_bundle(args, common);
    }
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
    let case = answered(answer, args.case.as_deref(), common)?;
    wizard::resume(Some(&case), common)
}

/// Begins a case of a bundle, whose file is copied into the case's folder, and goes on with it as with any that was left.
fn open_bundle(args: &Open, common: &Common) -> Result<Exit> {
    if common.host.is_some() {
        let why = "a bundle is a machine of its own, and nothing is looked at beside it";
        return Err(UsageError(format!("--host: {why}")).into());
    }
    let bundle = bundled::read(&args.file)?;
    if let Some(case) = &args.case {
        let open = OpenCase::taken_up(case, common)?;
        let inputs = bundled::inputs(&bundle.about, open.session.forest());
        let host = bundle.host().with_context(|| shown(&args.file))?;
        let looker = World::bundled(Arc::new(host)).looker;
        let looks = answering::look(open.session.clone(), inputs, &looker);
        let taken = tokio::runtime::Runtime::new()?.block_on(looks);
        let case = open.keep(taken)?;
        return wizard::resume(Some(&case), common);
    }
    let catalog = Catalog::load(&opening::places(None, common))?;
    let tree = bundled::tree(&bundle.about, &catalog).with_context(|| shown(&args.file))?;
    let os = bundle.about.os;
    let givens = opening::givens(&catalog, common, &[os])?;
    let mut case = opening::opening(tree, os, &givens, false, false);
    case.place = Place::Bundle;
    for (name, given) in bundled::inputs(&bundle.about, &catalog.forest) {
        case.inputs.entry(name).or_insert(given);
    }
    // Now, and not when it is in a case already: what is no machine is no case.
    bundle.host().with_context(|| shown(&args.file))?;
    let file_name = args.file.file_name().unwrap_or(args.file.as_os_str());
    let of = Bundled {
        name: file_name.to_string_lossy().into_owned(),
        file: args.file.clone(),
    };
    let (tell, _told) = cases::ear();
    let redactor = Arc::new(Mutex::new(Redactor::default()));
    let all = Some(Cases::of_user()?);
    let mut keeper =
        Keeper::new(all, &catalog.forest, &case, None, redactor, tell).of_bundle(Some(of));
    if let Err(why) = keeper.begin_now() {
        bail!("the case cannot be saved: {why}");
    }
    let name = keeper.case().map(str::to_owned);
    // Its end waits until what was handed over is on the disk.
    drop(keeper);
    let common = Common {
        inputs: Vec::new(),
        ..common.clone()
    };
    wizard::resume(name.as_deref(), &common)
}

fn shown(file: &Path) -> String {
    prose::visible(&file.display().to_string()).into_owned()
}

/// The text, whatever a shell or a mail program made of it.
fn text(bytes: &[u8]) -> String {
    let encoding = Encoding::for_bom(bytes).map_or(UTF_8, |(encoding, _)| encoding);
    encoding.decode(bytes).0.into_owned()
}

/// Takes an answer into a case, and says which.
fn answered(answer: Answer, case: Option<&str>, common: &Common) -> Result<String> {
    let all = Cases::of_user()?;
    // A script may have been asked for by a case of somebody else.
    let asking = answer.case.as_deref().filter(|name| all.read(name).is_ok());
    let open = match case.or(asking) {
        Some(name) => OpenCase::taken_up(name, common)?,
        None => OpenCase::begun(&answer, common)?,
    };
    if !answer.whole {
        eprintln!("waypost: the answer breaks off; what was whole is read");
    }
    let looker = World::new(common)?.looker;
    let taken = answering::take(open.session.clone(), answer, &looker);
    let taken = tokio::runtime::Runtime::new()?.block_on(taken);
    open.keep(taken)
}

/// A case that nobody sees yet.
struct OpenCase {
    session: Session,
    unkept: Unkept,
    keeper: Keeper,
    told: Receiver<Kept>,
}

impl OpenCase {
    /// One that is here already.
    fn taken_up(name: &str, common: &Common) -> Result<Self> {
        let (case, journal) = Cases::of_user()?.open(name)?;
        let mut places = opening::places(None, common);
        places.file = journal.head.file().map(Into::into);
        let catalog = Catalog::load(&places)?;
        let taken_up = cases::take_up(&journal, &catalog.forest, (false, false), Timestamp::now())
            .map_err(UsageError)?;
        let (tell, told) = cases::ear();
        let redactor = Arc::new(Mutex::new(Redactor::default()));
        Ok(Self {
            session: taken_up.session,
            unkept: taken_up.unkept,
            keeper: Keeper::resumed(case, journal.head, redactor, tell),
            told,
        })
    }

    /// A new one, of the machine that an answer came from.
    fn begun(answer: &Answer, common: &Common) -> Result<Self> {
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
        let (tell, told) = cases::ear();
        let redactor = Arc::new(Mutex::new(Redactor::default()));
        let all = Some(Cases::of_user()?);
        Ok(Self {
            keeper: Keeper::new(all, &forest, &case, None, redactor, tell),
            session: Session::start(forest, case).0,
            unkept: Unkept::default(),
            told,
        })
    }

    /// Takes in what was read, and gives the case's name. It is on the disk before anything of it is shown.
    fn keep(mut self, taken: Taken) -> Result<String> {
        let looks = taken.read + taken.passed_over.len();
        eprintln!("{} of {looks} looks were read.", taken.read);
        for (probe, why) in taken.passed_over.iter().take(TOLD) {
            eprintln!("  {probe}: {}", prose::visible(why));
        }
        if taken.passed_over.len() > TOLD {
            eprintln!("  and {} more", taken.passed_over.len() - TOLD);
        }
        if taken.read == 0 {
            bail!("nothing of it could be read for this case");
        }
        for event in taken.events {
            // It was accepted by a copy of this session a moment ago.
            let _ = self.session.apply(event, Timestamp::now());
        }
        if let Some(change) = self.unkept.take(self.session.transcript()) {
            match self.keeper.keep(&change) {
                Handed::Upto(last) => loop {
                    match self.told.recv() {
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
        match self.keeper.case() {
            Some(name) => Ok(name.to_owned()),
            None => bail!("the case cannot be saved"),
        }
    }
}
