//! The plain wizard's first questions: what is wrong, where the machine is, whether the trees are agreed to.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use anyhow::Result;
use jiff::Timestamp;

use crate::{
    app::{
        cases::{self, Keeper, Unkept},
        catalog::Catalog,
        command::{
            handed_over, opening,
            setting::{Ended, Setting, Trees},
        },
        exit::{Exit, UsageError},
        plain::{Keeping, Lines, Plain, WIDTH, Want},
        prose,
        runtime::Runtime,
        search::{Plan, Symptoms},
        trust::{Agreements, Closure},
    },
    case::Named,
    engine::{Effect, Place, Session},
    finding::Os,
    tree::Forest,
};

pub async fn walk(mut setting: Setting) -> Result<Ended> {
    let mut lines = Lines::stdin();
    let mut out = io::stdout();
    if let Some(recorded) = &setting.recorded {
        writeln!(out, "{recorded}")?;
    }
    let trees = std::mem::replace(&mut setting.trees, Trees::Outlined(Forest::default()));
    let catalog = trees.loaded(&setting.places)?;
    for fault in catalog.faults.iter().filter(|fault| fault.is_error()) {
        writeln!(
            out,
            "{name} cannot be used; `waypost check {name}` tells why.",
            name = fault.source.name()
        )?;
    }
    if setting.resumed.is_some() {
        let exit = resumed(setting, &catalog, lines, &mut out).await?;
        return Ok(Ended::With(exit));
    }
    let (tree, node) = match &setting.tree {
        Some(tree) => (tree.clone(), None),
        None => match symptom(&catalog, setting.world.os, &mut lines, &mut out).await? {
            Some(Plan { tree, node, .. }) => (tree, node),
            None => return Ok(Ended::With(Exit::Fine)),
        },
    };
    let machine = if setting.bundle.is_some() {
        Machine::Is(Place::Bundle, setting.world.os)
    } else if setting.recorded.is_some() {
        Machine::Is(Place::Here, setting.world.os)
    } else {
        machine(&setting, &mut lines, &mut out).await?
    };
    let (place, os) = match machine {
        Machine::Is(place, os) => (place, os),
        Machine::In(file) => return Ok(Ended::Opens(file)),
        Machine::NotSaid => return Ok(Ended::With(Exit::Fine)),
    };
    let closure = Closure::of(&catalog.forest, &tree);
    let agreed = !setting.trust && agreed(&closure, &mut lines, &mut out).await?;
    // Who agreed to a tree has seen which programs it runs; the embedded ones need the flag.
    let commands = setting.commands || agreed && !closure.is_embedded();
    let trusted = setting.trust || agreed;
    let mut case = opening::opening(tree, os, &setting.givens, trusted, commands);
    case.node = node;
    case.place = place;
    let (runtime, results) = Runtime::new(setting.world.looker.clone());
    let (tell, told) = cases::ear();
    let keeper = Keeper::new(
        setting.cases.clone(),
        &catalog.forest,
        &case,
        setting.host.clone(),
        setting.world.looker.redactor.clone(),
        tell,
    )
    .of_bundle(setting.bundle.clone());
    let (session, effects) = Session::start(catalog.forest.clone(), case);
    let learn = |secret: &str| setting.world.learn(secret);
    let vault = setting.world.vault.clone();
    let mut plain = Plain {
        session,
        runtime: &runtime,
        results,
        vault,
        learn: &learn,
        lines,
        os,
        keeping: Keeping::with(keeper, told, Unkept::default()),
    };
    Ok(Ended::With(run(&mut plain, effects, &mut out).await?))
}

async fn run(plain: &mut Plain<'_>, effects: Vec<Effect>, out: &mut io::Stdout) -> Result<Exit> {
    tokio::select! {
        exit = plain.run(effects, out) => Ok(exit?),
        _ = tokio::signal::ctrl_c() => Ok(Exit::Interrupted),
    }
}

/// Goes on with a case.
async fn resumed(
    mut setting: Setting,
    catalog: &Catalog,
    mut lines: Lines,
    out: &mut io::Stdout,
) -> Result<Exit> {
    let Some((case, journal)) = setting.resumed.take() else {
        return Ok(Exit::Fine);
    };
    let tree = &journal.head.opening.tree;
    let closure = Closure::of(&catalog.forest, tree);
    let agreed = !setting.trust && agreed(&closure, &mut lines, out).await?;
    let commands = setting.commands || agreed && !closure.is_embedded();
    let allowed = (setting.trust || agreed, commands);
    let taken_up =
        cases::take_up(&journal, &catalog.forest, allowed, Timestamp::now()).map_err(UsageError)?;
    let Named { title, ticket } = &journal.named;
    let names = [ticket, title].into_iter().flatten();
    let names: Vec<_> = names.map(|name| prose::visible(name)).collect();
    match names.as_slice() {
        [] => writeln!(out, "This is the case `{}`.", case.name)?,
        names => writeln!(
            out,
            "This is the case `{}`: {}",
            case.name,
            names.join(", ")
        )?,
    }
    if let Some(said) = &taken_up.said {
        writeln!(out, "  {said}.")?;
    }
    let (tell, told) = cases::ear();
    let redactor = setting.world.looker.redactor.clone();
    let keeper = Keeper::resumed(case, journal.head.clone(), redactor, tell);
    let (runtime, results) = Runtime::new(setting.world.looker.clone());
    let learn = |secret: &str| setting.world.learn(secret);
    let mut plain = Plain {
        os: taken_up.session.opening().os,
        session: taken_up.session,
        runtime: &runtime,
        results,
        vault: setting.world.vault.clone(),
        learn: &learn,
        lines,
        keeping: Keeping::with(keeper, told, taken_up.unkept).called(journal.named.clone()),
    };
    run(&mut plain, taken_up.effects, out).await
}

/// Which symptom: a number, or words that narrow the list.
async fn symptom(
    catalog: &Catalog,
    os: Os,
    lines: &mut Lines,
    out: &mut impl Write,
) -> Result<Option<Plan>> {
    let symptoms = Symptoms::new(&catalog.forest, os);
    let mut words = String::new();
    loop {
        let groups = symptoms.find(&words).groups;
        let found: Vec<_> = groups
            .iter()
            .flat_map(|group| group.rows.iter().map(|row| (&group.title, row)))
            .collect();
        writeln!(out, "\nWhat is wrong?")?;
        for (index, (title, row)) in found.iter().enumerate() {
            let text = prose::visible(&row.text);
            let line = format!("{:>3}  {text}  [{}]", index + 1, prose::visible(title));
            for line in textwrap::wrap(
                &line,
                textwrap::Options::new(WIDTH).subsequent_indent("     "),
            ) {
                writeln!(out, "{line}")?;
            }
        }
        if found.is_empty() {
            writeln!(out, "  Nothing fits `{words}`; an empty line shows all.")?;
        }
        write!(out, "A number takes one, words search, q quits.\n> ")?;
        out.flush()?;
        let Some(line) = lines.next(Want::Line).await else {
            return Ok(None);
        };
        let line = line.trim();
        if line == "q" {
            return Ok(None);
        }
        let picked = line
            .parse::<usize>()
            .ok()
            .and_then(|number| found.get(number.checked_sub(1)?));
        if let Some((_, row)) = picked {
            return Ok(Some(row.plan.clone()));
        }
        words = line.to_owned();
    }
}

/// Where the machine is.
enum Machine {
    Is(Place, Os),
    /// What was gathered on it is in this file.
    In(PathBuf),
    NotSaid,
}

async fn machine(setting: &Setting, lines: &mut Lines, out: &mut impl Write) -> Result<Machine> {
    let here = setting.world.os;
    loop {
        writeln!(out, "\nWhere is the machine?")?;
        writeln!(out, "  1  It is this one ({})", here.name())?;
        writeln!(
            out,
            "  2  Somebody else's, Windows: nothing on it is looked at, you ask and answer"
        )?;
        writeln!(out, "  3  Somebody else's, Linux: the same")?;
        writeln!(
            out,
            "  4  In a file from there: a bundle, or what a script wrote"
        )?;
        write!(out, "> ")?;
        out.flush()?;
        let Some(line) = lines.next(Want::Line).await else {
            return Ok(Machine::NotSaid);
        };
        match line.trim() {
            "1" => return Ok(Machine::Is(Place::Here, here)),
            "2" => return Ok(Machine::Is(Place::Elsewhere, Os::Windows)),
            "3" => return Ok(Machine::Is(Place::Elsewhere, Os::Linux)),
            "4" => {
                if let Some(file) = file(setting, lines, out).await? {
                    return Ok(Machine::In(file));
                }
            }
            "q" => return Ok(Machine::NotSaid),
            other => writeln!(out, "  `{}` is none of them.", prose::visible(other))?,
        }
    }
}

/// A file that can be opened; `None` where somebody thought better of it. A wrong one is told, and asked for again.
async fn file(
    setting: &Setting,
    lines: &mut Lines,
    out: &mut impl Write,
) -> Result<Option<PathBuf>> {
    loop {
        write!(
            out,
            "\nWhere is the file? `waypost collect` writes a bundle on the machine itself;\n\
             `waypost ask` makes a script to run there, whose answer can be opened, too.\n\
             Its path; an empty line goes back.\n> "
        )?;
        out.flush()?;
        let Some(line) = lines.next(Want::Line).await else {
            return Ok(None);
        };
        if line.trim().is_empty() {
            return Ok(None);
        }
        let file = handed_over::named(&line);
        let (asked, common) = (file.clone(), setting.common.clone());
        // It may be long, and its trees have to be read.
        let checked =
            tokio::task::spawn_blocking(move || handed_over::check(&asked, &common)).await?;
        match checked {
            Ok(()) => return Ok(Some(file)),
            Err(why) => writeln!(out, "  {}.", prose::visible(&format!("{why:#}")))?,
        }
    }
}

/// Shows what trees from outside can do, and asks. Without agreement the walk goes on with questions alone.
async fn agreed(closure: &Closure, lines: &mut Lines, out: &mut impl Write) -> Result<bool> {
    let mut agreements = Agreements::load();
    if agreements.cover(closure) {
        return Ok(true);
    }
    writeln!(out, "\nThese trees did not come with the program:")?;
    for (id, path) in &closure.outside {
        writeln!(out, "  {id}  {}", prose::visible(path))?;
    }
    for line in closure.lines() {
        writeln!(out, "{}", prose::visible(&line))?;
    }
    write!(
        out,
        "Agree? y remembers it for exactly these trees; anything else asks you everything instead.\n> "
    )?;
    out.flush()?;
    let yes = lines
        .next(Want::Line)
        .await
        .is_some_and(|line| line.trim().eq_ignore_ascii_case("y"));
    if yes && let Err(error) = agreements.agree(closure) {
        writeln!(out, "The agreement could not be remembered: {error}.")?;
    }
    Ok(yes)
}
