//! `waypost ask`: what somebody else is to run on a machine that cannot be looked at from here. Looks at nothing itself.

use anyhow::Result;
use jiff::Timestamp;

use crate::{
    app::{
        cases::{self, Cases},
        catalog::Catalog,
        cli::{Ask, Common, Output},
        command::opening,
        exit::{Exit, UsageError},
        prose,
        trust::Closure,
    },
    case::request::{Request, Which},
    engine::{Place, Session},
    finding::Os,
};

pub fn ask(args: &Ask, common: &Common) -> Result<Exit> {
    let output = Output {
        output: args.output.clone(),
        force: args.force,
        ..Output::default()
    };
    output.check()?;
    if common.redact {
        let why = "what somebody else is to run has to name what it looks at";
        return Err(UsageError(format!("--redact: {why}")).into());
    }
    let (session, which) = match (&args.case, &args.tree, args.os) {
        (Some(case), _, _) => (of_case(case, common)?, Which::Open),
        (None, Some(tree), Some(os)) => (of_tree(tree, os.into(), common)?, Which::All),
        _ => {
            let why = "`ask` needs a tree and `--os`, or `--case`";
            return Err(UsageError(why.to_owned()).into());
        }
    };
    let closure = Closure::of(session.forest(), &session.opening().tree);
    if !closure.is_embedded() && !common.trust {
        return Err(UsageError(closure.refusal()).into());
    }
    let commands = closure.is_embedded() || common.allow_commands;
    let mut request = Request::of(&session, which, commands);
    request.case.clone_from(&args.case);
    let written = match args.text {
        true => request.text(),
        false => request.script(),
    };
    output.bytes(written.as_bytes())?;
    tell(&request, args, session.opening().os);
    Ok(Exit::Fine)
}

/// What was written, and what is not in it. Beside the script, so that it can go to standard output.
fn tell(request: &Request, args: &Ask, os: Os) {
    let looks = request.looks.len();
    let word = if looks == 1 { "look" } else { "looks" };
    eprintln!("{looks} {word} to run.");
    let sought: Vec<&str> = request.sought().map(|name| name.as_str()).collect();
    if !sought.is_empty() && !args.text {
        eprintln!(
            "It looks for {} by itself; `--input {}=PATH` says it ahead.",
            sought.join(", "),
            sought[0]
        );
    }
    if !request.left_out.is_empty() {
        eprintln!("Left out:");
    }
    for left in &request.left_out {
        eprintln!("  {}: {}", left.probe, prose::visible(&left.why));
    }
    if args.text {
        return;
    }
    let file = args.output.as_deref().map_or_else(
        || "FILE".to_owned(),
        |file| prose::visible(&file.display().to_string()).into_owned(),
    );
    match os {
        Os::Windows => eprintln!(
            "On the machine: powershell -ExecutionPolicy Bypass -File {file}\nIt writes one file; `waypost open` reads it."
        ),
        Os::Linux | Os::Macos => {
            eprintln!("On the machine: sh {file}\nIt writes one file; `waypost open` reads it.")
        }
    }
}

fn of_tree(tree: &str, os: Os, common: &Common) -> Result<Session> {
    let catalog = Catalog::load(&opening::places(Some(tree), common))?;
    let tree = opening::find_tree(&catalog, tree)?;
    let givens = opening::givens(&catalog, common, &[os])?;
    let mut opening = opening::opening(tree, os, &givens, false, false);
    opening.place = Place::Elsewhere;
    // Nothing is looked at: nobody carries the effects out.
    Ok(Session::start(catalog.forest.clone(), opening).0)
}

fn of_case(name: &str, common: &Common) -> Result<Session> {
    let journal = Cases::of_user()?.read(name)?;
    let mut places = opening::places(None, common);
    places.file = journal.head.file().map(Into::into);
    let catalog = Catalog::load(&places)?;
    let taken_up = cases::take_up(&journal, &catalog.forest, (false, false), Timestamp::now())
        .map_err(UsageError)?;
    Ok(taken_up.session)
}
