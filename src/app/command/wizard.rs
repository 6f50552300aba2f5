//! `waypost [TREE]` and `waypost demo [NAME]`: the wizard, on a screen or as plain lines.

use std::{
    env,
    io::{self, IsTerminal, Write},
    path::PathBuf,
    sync::Arc,
};

use anyhow::{Context, Result};

use crate::{
    app::{
        bundled,
        cases::{Bundled, Case, Cases},
        catalog::Catalog,
        cli::{Common, Open},
        command::{
            self, handed_over,
            opening::{self, World},
            plain_start, screen,
            setting::{Ended, Setting, Trees},
        },
        demos::{self, Demo},
        exit::{Exit, UsageError},
        givens::Givens,
        hiding,
        plain::WIDTH,
        record,
    },
    case::Journal,
    finding::Os,
    redact::Hosts,
};

pub fn wizard(tree: Option<&str>, common: &Common) -> Result<Exit> {
    let places = opening::places(tree, common);
    let world = World::new(common)?;
    // Whose machine it is comes out later, unless it is a recorded one.
    let systems = match common.host {
        Some(_) => vec![world.os],
        None => vec![world.os, Os::Linux, Os::Windows],
    };
    // The start screen alone is content with outlines.
    let outline = (tree.is_none() && common.inputs.is_empty() && !is_plain(common))
        .then(|| Catalog::outline(&places))
        .flatten();
    let (trees, tree, givens) = match outline {
        Some(outline) => (Trees::Outlined(outline), None, Givens::default()),
        None => {
            let catalog = Catalog::load(&places)?;
            let tree = tree
                .map(|tree| opening::find_tree(&catalog, tree))
                .transpose()?;
            let givens = opening::givens(&catalog, common, &systems)?;
            (Trees::Loaded(catalog), tree, givens)
        }
    };
    let forest = match &trees {
        Trees::Loaded(catalog) => Some(catalog.forest.as_ref()),
        // Those inside the program, which are known anyway.
        Trees::Outlined(_) => None,
    };
    let world = world.redact(common, forest).record(common)?;
    let givens = world.hidden(givens);
    let setting = Setting {
        trees,
        world,
        givens,
        tree,
        recorded: recorded(common),
        common: common.clone(),
        trust: common.trust,
        commands: common.allow_commands,
        places,
        // Without a folder of one's own a case can be walked all the same.
        cases: Cases::of_user().ok(),
        host: host(common),
        bundle: None,
        resumed: None,
    };
    walk(setting, common)
}

pub fn demo(name: Option<&str>, common: &Common) -> Result<Exit> {
    let demos = demos::all()?;
    let demo = match name {
        Some(name) => find(&demos, name).ok_or_else(|| {
            let names: Vec<&str> = demos.iter().map(|demo| demo.name.as_str()).collect();
            UsageError(format!(
                "there is no demo `{name}`; there are\n  {}",
                names.join("\n  ")
            ))
        })?,
        None => match choose(&demos)? {
            Some(demo) => demo,
            None => return Ok(Exit::Fine),
        },
    };
    let places = opening::places(None, common);
    let catalog = Catalog::load(&places)?;
    let mut givens = Givens::default();
    let inputs: Vec<String> = demo
        .about
        .inputs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    givens.add_inputs(&catalog.forest, &inputs)?;
    let world = World::recorded(Arc::new(demo.host()?))
        .redact(common, [catalog.forest.as_ref()])
        .record(common)?;
    let usage = |error: anyhow::Error| UsageError(format!("{error:#}"));
    givens
        .add_inputs(&catalog.forest, &common.inputs)
        .map_err(usage)?;
    givens.fit(&catalog.forest, &[world.os]).map_err(usage)?;
    let givens = world.hidden(givens);
    let tree = opening::find_tree(&catalog, demo.about.tree.as_str())?;
    let setting = Setting {
        trees: Trees::Loaded(catalog),
        world,
        givens,
        tree: Some(tree),
        recorded: Some(format!(
            "demo `{}`, a recorded host: {}",
            demo.name, demo.about.title
        )),
        common: common.clone(),
        trust: common.trust,
        commands: common.allow_commands,
        places,
        // A demo is played as often as anybody likes, and leaves nothing behind.
        cases: None,
        host: None,
        bundle: None,
        resumed: None,
    };
    walk(setting, common)
}

/// Goes on with a case that was left; without a name, with the one in which something happened last.
pub fn resume(name: Option<&str>, common: &Common) -> Result<Exit> {
    let cases = Cases::of_user()?;
    let name = command::cases::meant(&cases, name)?;
    if !common.inputs.is_empty() {
        let why = "a case has its own inputs: `t` shows and changes them once it goes on";
        return Err(UsageError(format!("--input: {why}")).into());
    }
    let (case, journal) = cases.open(&name)?;
    let hosts = hiding::of_journal(&journal, common.redact)?;
    if let Some((bundle, copy)) = journal.bundle() {
        let file = cases.bundle(&case.name, copy)?;
        let bundle = bundle.to_owned();
        return resume_bundle(cases, case, journal, (bundle, file), hosts, common);
    }
    let mut common = common.clone();
    match (&journal.head.host, host(&common)) {
        (of, None) => common.host = of.as_ref().map(Into::into),
        (Some(of), Some(given)) if *of == given => {}
        (of, Some(given)) => {
            let of = of.as_deref().unwrap_or("this machine");
            let why = format!("the case is of {of}, and {given} is another machine");
            return Err(UsageError(format!("--host: {why}")).into());
        }
    }
    let mut places = opening::places(None, &common);
    places.file = journal.head.file().map(Into::into);
    let setting = Setting {
        trees: Trees::Loaded(Catalog::load(&places)?),
        world: hiding_by(World::new(&common)?, hosts).record(&common)?,
        givens: Givens::default(),
        tree: None,
        recorded: recorded(&common),
        common: common.clone(),
        trust: common.trust,
        commands: common.allow_commands,
        places,
        cases: Some(cases),
        host: host(&common),
        bundle: None,
        resumed: Some((case, journal)),
    };
    walk(setting, &common)
}

/// Goes on with a case of a bundle: what the bundle holds is the machine, and nothing else is looked at.
fn resume_bundle(
    cases: Cases,
    case: Case,
    journal: Journal,
    (name, file): (String, PathBuf),
    hosts: Option<Hosts>,
    common: &Common,
) -> Result<Exit> {
    if common.host.is_some() {
        let why = "the case is of a bundle, and looks at nothing else";
        return Err(UsageError(format!("--host: {why}")).into());
    }
    let bundle = bundled::read(&file)?;
    let mut places = opening::places(None, common);
    places.file = journal.head.file().map(Into::into);
    let catalog = Catalog::load(&places)?;
    let recorded = bundled::told(&bundle.about, &name, &catalog.forest);
    let parcel = bundled::parcel(&bundle.about, &name);
    let world = World::bundled(Arc::new(bundle.host().context(name)?));
    let setting = Setting {
        trees: Trees::Loaded(catalog),
        world: hiding_by(world, hosts).record(common)?,
        givens: Givens::default(),
        tree: None,
        recorded: Some(recorded),
        common: common.clone(),
        trust: common.trust,
        commands: common.allow_commands,
        places,
        cases: Some(cases),
        host: None,
        bundle: Some(Bundled { parcel, file }),
        resumed: Some((case, journal)),
    };
    walk(setting, common)
}

/// A case that holds stand-ins goes on with them.
fn hiding_by(world: World, hosts: Option<Hosts>) -> World {
    match hosts {
        Some(hosts) => world.hide(hosts),
        None => world,
    }
}

/// The folder of a recorded host, as it can be found again from elsewhere.
fn host(common: &Common) -> Option<String> {
    let folder = common.host.as_ref()?;
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
    Some(folder.display().to_string())
}

fn recorded(common: &Common) -> Option<String> {
    let folder = common.host.as_ref()?;
    Some(format!("recorded host {}", folder.display()))
}

/// By name, or by its number in the list.
fn find<'a>(demos: &'a [Demo], name: &str) -> Option<&'a Demo> {
    let number = name
        .parse()
        .ok()
        .and_then(|number: usize| number.checked_sub(1));
    let by_number = number.and_then(|index| demos.get(index));
    by_number.or_else(|| demos.iter().find(|demo| demo.name == name))
}

fn walk(setting: Setting, common: &Common) -> Result<Exit> {
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let plain = is_plain(common);
    let record = setting.world.record.clone();
    let exit = tokio.block_on(async {
        let exit = match plain {
            true => plain_start::walk(setting).await,
            false => screen::walk(setting).await,
        };
        // What was seen until something went wrong was seen all the same.
        let recorded = record::end(record).await;
        exit.and_then(|exit| recorded.map(|()| exit))
    });
    // Whatever still hangs in a system call is left behind: quitting waits for no probe.
    tokio.shutdown_background();
    match exit? {
        Ended::With(exit) => Ok(exit),
        // What was given ahead was for a machine that is looked at, and so was the recording.
        Ended::Opens(file) => {
            let common = Common {
                inputs: Vec::new(),
                record: None,
                ..common.clone()
            };
            let case = handed_over::case(&Open { file, case: None }, &common)?;
            resume(Some(&case), &common)
        }
    }
}

/// Plain lines are wanted, or there is no terminal to draw on.
fn is_plain(common: &Common) -> bool {
    common.plain
        || !io::stdout().is_terminal()
        || !io::stdin().is_terminal()
        || env::var("TERM").is_ok_and(|term| term == "dumb")
}

/// Lists the demos and asks for one. Without a terminal to ask at, the list is all.
fn choose(demos: &[Demo]) -> Result<Option<&Demo>> {
    let mut out = io::stdout().lock();
    writeln!(out, "Recorded hosts. Nothing of this machine is touched.\n")?;
    let wide = demos.iter().map(|demo| demo.name.len()).max().unwrap_or(0);
    let below = " ".repeat("  1  ".len() + wide + "  ".len());
    for (index, demo) in demos.iter().enumerate() {
        let before = format!("{:>3}  {:<wide$}  ", index + 1, demo.name);
        let lines = textwrap::Options::new(WIDTH)
            .initial_indent(&before)
            .subsequent_indent(&below);
        writeln!(out, "{}", textwrap::fill(&demo.about.title, lines))?;
    }
    if !io::stdin().is_terminal() {
        writeln!(out, "\nWalk one with `waypost demo NAME`, or its number.")?;
        return Ok(None);
    }
    loop {
        write!(
            out,
            "\nWhich one? A number or a name; an empty line leaves. "
        )?;
        out.flush()?;
        let mut line = String::new();
        if io::stdin().read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok(None);
        }
        let line = line.trim();
        if let Some(demo) = find(demos, line) {
            return Ok(Some(demo));
        }
        writeln!(out, "There is no demo `{line}`.")?;
    }
}
