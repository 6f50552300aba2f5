//! What somebody gathered on another machine becomes a case, or goes on with one. Which form a file has, its first bytes tell: a
//! bundle of `collect` is packed, and what a script of `ask` wrote is text.

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, mpsc::Receiver},
};

use anyhow::{Context, Result, bail};
use encoding_rs::{Encoding, UTF_8};
use jiff::Timestamp;

use crate::{
    app::{
        answering::{self, Taken},
        bundled, carrying,
        cases::{self, Bundled, Cases, Handed, Keeper, Kept, Unkept},
        catalog::Catalog,
        cli::{Common, Open},
        command::opening::{self, World},
        exit::UsageError,
        hiding, prose,
    },
    case::{
        bundle::Bundle,
        request::{self, Answer},
    },
    engine::{Event, Given, Opening, Parcel, Place, Session},
    finding::{InputName, Os, TreeId},
    host::live,
    redact::{Hosts, Redactor},
};

/// How many lines are told of what was of no use.
const TOLD: usize = 12;

/// Takes a file into a case; gives the case's name. It goes on like any that was left.
pub fn case(args: &Open, common: &Common) -> Result<String> {
    if bundled::is_one(&args.file).with_context(|| shown(&args.file))? {
        return open_bundle(args, common);
    }
    if common.redact {
        let why = "an answer is read by the names that it was asked with; \
                   open it without, and `waypost report --redact` leaves them out of its report";
        return Err(UsageError(format!("--redact: {why}")).into());
    }
    let answer = answer(&args.file)?;
    answered(answer, args.case.as_deref(), common)
}

/// The file that a person named, as a shell reads it: quotes around it and a leading `~` are no part of it.
pub fn named(text: &str) -> PathBuf {
    let text = text.trim().trim_matches(['"', '\'']);
    match text.strip_prefix("~/") {
        Some(rest) => env::home_dir().map_or_else(|| PathBuf::from(text), |home| home.join(rest)),
        None => PathBuf::from(text),
    }
}

/// Whether a file can be opened as a case, so that whoever named a wrong one can name another.
///
/// # Errors
/// Why not, behind its name.
pub fn check(file: &Path, common: &Common) -> Result<()> {
    let catalog = || Catalog::load(&opening::places(None, common));
    if bundled::is_one(file).with_context(|| shown(file))? {
        let bundle = bundled::read(file)?;
        bundled::tree(&bundle.about, &catalog()?).with_context(|| shown(file))?;
        bundle.host().with_context(|| shown(file))?;
        return Ok(());
    }
    let tree = answer(file)?.tree;
    opening::find_tree(&catalog()?, tree.as_str()).with_context(|| shown(file))?;
    Ok(())
}

/// Reads the answer of a script.
fn answer(file: &Path) -> Result<Answer> {
    let bytes =
        live::regular::read(file, request::MAX_BYTES as u64).with_context(|| shown(file))?;
    let text = text(bytes);
    if !Answer::is_one(&text) {
        let why = format!(
            "{}: this is neither a bundle, which is the file that `waypost collect` writes, nor an answer, which is the file that \
             a script of `waypost ask` writes (its first line begins with `waypost answer`)",
            shown(file)
        );
        return Err(UsageError(why).into());
    }
    Answer::read(&text).with_context(|| shown(file))
}

/// Begins a case of a bundle, whose file is copied into the case's folder.
fn open_bundle(args: &Open, common: &Common) -> Result<String> {
    if common.host.is_some() {
        let why = "a bundle is a machine of its own, and nothing is looked at beside it";
        return Err(UsageError(format!("--host: {why}")).into());
    }
    let bundle = bundled::read(&args.file)?;
    if bundle.carried.is_some() {
        return open_carried(&bundle, args, common);
    }
    let parcel = bundled::parcel(&bundle.about, &bundled::file_name(&args.file));
    if let Some(case) = &args.case {
        return OpenCase::taken_up(case, common)?.newer(bundle, parcel, args);
    }
    let catalog = Catalog::load(&opening::places(None, common))?;
    let tree = bundled::tree(&bundle.about, &catalog).with_context(|| shown(&args.file))?;
    let os = bundle.about.os;
    let givens = opening::givens(&catalog, common, &[os])?;
    let mut case = opening::opening(tree, os, &givens, false, false);
    case.place = Place::Bundle;
    let mut redactor = Redactor::default();
    if common.redact {
        redactor.hide(hiding::begin([catalog.forest.as_ref()]));
    }
    for (name, given) in bundled::inputs(&bundle.about, &catalog.forest) {
        case.inputs.entry(name).or_insert(given);
    }
    for (name, given) in &mut case.inputs {
        if let Given::Text(text) = given {
            *text = redactor.given(name.as_str(), text);
        }
    }
    // Now, and not when it is in a case already: what is no machine is no case.
    bundle.host().with_context(|| shown(&args.file))?;
    let of = Bundled {
        parcel,
        file: args.file.clone(),
    };
    let (tell, _told) = cases::ear();
    let redactor = Arc::new(Mutex::new(redactor));
    let all = Some(Cases::of_user()?);
    let mut keeper =
        Keeper::new(all, &catalog.forest, &case, None, redactor, tell).of_bundle(Some(of));
    let name = match keeper.begin_now() {
        Ok(name) => name,
        Err(why) => bail!("the case cannot be saved: {why}"),
    };
    // Its end waits until what was handed over is on the disk.
    drop(keeper);
    name.context("the case cannot be saved")
}

/// Takes what was found for a case into one, which nobody's machine stands behind: what is still open is asked.
fn open_carried(bundle: &Bundle, args: &Open, common: &Common) -> Result<String> {
    let mut parcel = bundled::parcel(&bundle.about, &bundled::file_name(&args.file));
    if parcel.machine.is_none() {
        let mut carried = bundle.carried.iter().flatten();
        parcel.machine = carried.find_map(|carried| carried.finding.machine.clone());
    }
    let open = match &args.case {
        Some(case) => {
            let open = OpenCase::taken_up(case, common)?;
            open.tell_other_machine(parcel.machine.as_deref());
            open
        }
        None => {
            let catalog = Catalog::load(&opening::places(None, common))?;
            let tree = bundled::tree(&bundle.about, &catalog).with_context(|| shown(&args.file))?;
            let inputs = bundled::inputs(&bundle.about, &catalog.forest);
            OpenCase::of(&catalog, tree, bundle.about.os, inputs)?
        }
    };
    let inputs = bundled::inputs(&bundle.about, open.session.forest());
    let mut taken = carrying::take(open.session.clone(), bundle, inputs, Timestamp::now());
    taken.events.insert(0, Event::Parcel(parcel));
    open.keep(taken)
}

fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn shown(file: &Path) -> String {
    prose::visible(&file.display().to_string()).into_owned()
}

/// The text, whatever a shell or a mail program made of it. What is text already is not copied: it may be long.
fn text(bytes: Vec<u8>) -> String {
    match Encoding::for_bom(&bytes) {
        Some((encoding, _)) => encoding.decode(&bytes).0.into_owned(),
        None => String::from_utf8(bytes)
            .unwrap_or_else(|error| UTF_8.decode(error.as_bytes()).0.into_owned()),
    }
}

/// Takes an answer into a case, and says which.
fn answered(answer: Answer, case: Option<&str>, common: &Common) -> Result<String> {
    let all = Cases::of_user()?;
    let asking = answering::asking(&answer, &all);
    if let (Some(asking), Some(other)) = (asking, case)
        && asking != other
    {
        let why = format!(
            "{}; without --case it goes into the one that asked",
            answering::of_another(asking)
        );
        return Err(UsageError(why).into());
    }
    let mut open = match case.or(asking) {
        Some(name) => OpenCase::taken_up(name, common)?,
        None => OpenCase::begun(&answer, common)?,
    };
    if let Some(why) = answering::of_other_machine(&open.session, answer.machine.as_deref()) {
        match (case, asking) {
            (None, Some(asking)) => {
                eprintln!(
                    "waypost: {why}; so it becomes a case of its own (`--case {}` takes it into that one all the same)",
                    prose::visible(asking)
                );
                open = OpenCase::begun(&answer, common)?;
            }
            _ => eprintln!("waypost: {why}; it is taken because of --case"),
        }
    }
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
    /// What hides the names of the case.
    hosts: Option<Hosts>,
}

impl OpenCase {
    /// One that is here already.
    fn taken_up(name: &str, common: &Common) -> Result<Self> {
        let (case, journal) = Cases::of_user()?.open(name)?;
        let hosts = hiding::of_journal(&journal, common.redact)?;
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
            hosts,
        })
    }

    /// A new one, of the machine that an answer came from.
    fn begun(answer: &Answer, common: &Common) -> Result<Self> {
        let catalog = Catalog::load(&opening::places(None, common))?;
        let tree = opening::find_tree(&catalog, answer.tree.as_str())?;
        let inputs = answer.inputs.clone().into_iter();
        let inputs = inputs.map(|(name, text)| (name, Given::Text(text)));
        Self::of(&catalog, tree, answer.os, inputs.collect())
    }

    /// A new one, of a machine that nothing is looked at on.
    fn of(
        catalog: &Catalog,
        tree: TreeId,
        os: Os,
        inputs: BTreeMap<InputName, Given>,
    ) -> Result<Self> {
        let case = Opening {
            place: Place::Elsewhere,
            trusted: false,
            inputs,
            ..Opening::new(tree, os, Timestamp::now())
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
            hosts: None,
        })
    }

    /// Takes in what a bundle of this name and time tells beyond what is known. A case of a bundle has it for its machine from then
    /// on, unless it has a newer one.
    fn newer(self, bundle: Bundle, mut parcel: Parcel, args: &Open) -> Result<String> {
        let is_of_bundle = self.session.opening().place == Place::Bundle;
        let parcels = self.session.parcels();
        let kept = parcels.iter().filter(|known| known.copy.is_some());
        if let Some(known) = kept.max_by_key(|known| known.at)
            && is_of_bundle
            && parcel.at <= known.at
        {
            let name = prose::visible(&known.name);
            let [at, then] = [parcel.at, known.at].map(second);
            match parcel.at == known.at {
                true => bail!("the case has it already, as `{name}`: it was collected {then}"),
                false => bail!(
                    "it was collected {at}, and the case has `{name}`, which was collected {then}: \
                     what is older says nothing new, and nothing of it was taken"
                ),
            }
        }
        let last = parcels.iter().filter_map(|known| known.copy).max();
        let number = last.unwrap_or(1).saturating_add(1);
        let inputs = bundled::inputs(&bundle.about, self.session.forest());
        let host = bundle.host().with_context(|| shown(&args.file))?;
        let world = World::bundled(Arc::new(host));
        let looker = match &self.hosts {
            Some(hosts) => world.hide(hosts.clone()).looker,
            None => world.looker,
        };
        parcel.machine = parcel.machine.map(|name| looker.hidden_name(&name));
        self.tell_other_machine(parcel.machine.as_deref());
        let machine = parcel.machine.clone();
        let looks = answering::look(self.session.clone(), inputs, machine.as_deref(), &looker);
        let mut taken = tokio::runtime::Runtime::new()?.block_on(looks);
        if taken.read == 0 && taken.passed_over.is_empty() {
            bail!("nothing of it was taken: the case knows all that it tells");
        }
        if let (true, 1.., Some(name)) = (is_of_bundle, taken.read, self.keeper.case()) {
            Cases::of_user()?.keep_bundle(name, number, &args.file)?;
            parcel.copy = Some(number);
        }
        taken.events.insert(0, Event::Parcel(parcel));
        self.keep(taken)
    }

    /// Says where what is taken all the same comes from another machine than what the case has.
    fn tell_other_machine(&self, machine: Option<&str>) {
        if let Some(why) = answering::of_other_machine(&self.session, machine) {
            eprintln!("waypost: {why}; it is taken because of --case");
        }
    }

    /// Takes in what was read, and gives the case's name. It is on the disk before anything of it is shown.
    fn keep(mut self, taken: Taken) -> Result<String> {
        if taken.read == 0
            && let Some(why) = taken.nothing()
        {
            bail!("nothing of it was taken: {why}");
        }
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
        let Some(name) = self.keeper.case().map(str::to_owned) else {
            bail!("the case cannot be saved");
        };
        if !taken.passed_over.is_empty() {
            eprintln!("`waypost ask --case {name}` asks for what is still open.");
        }
        Ok(name)
    }
}
