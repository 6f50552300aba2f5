//! `waypost cases`: which cases there are, and what they are called.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use anyhow::{Result, bail};
use jiff::tz::TimeZone;

use crate::{
    app::{
        cases::{Cases, Handed, Keeper, Kept, Listed, ear},
        cli::CasesCommand,
        exit::{Exit, UsageError},
        prose,
    },
    case::Named,
    redact::Redactor,
};

pub fn cases(command: Option<CasesCommand>) -> Result<Exit> {
    let cases = Cases::of_user()?;
    match command {
        None => list(&cases),
        Some(CasesCommand::Name {
            case,
            title,
            ticket,
        }) => name(&cases, &case, title, ticket),
    }
}

/// The case that is meant: by its name, or without one that in which something happened last.
pub fn meant(cases: &Cases, name: Option<&str>) -> Result<String> {
    match name {
        Some(name) => Ok(name.to_owned()),
        None => {
            let listed = cases.list()?;
            let count = listed.len();
            let mut whole = listed.into_iter().filter(|listed| listed.journal.is_ok());
            let why = || match count {
                0 => "there is no case yet; `waypost` begins one".to_owned(),
                count => prose::unreadable(count),
            };
            let newest = whole.next().map(|listed| listed.name);
            Ok(newest.ok_or_else(|| UsageError(why()))?)
        }
    }
}

fn list(cases: &Cases) -> Result<Exit> {
    let listed = cases.list()?;
    let mut out = io::stdout().lock();
    if listed.is_empty() {
        writeln!(out, "There is no case yet; `waypost` begins one.")?;
    }
    let wide = listed.iter().map(|case| case.name.len()).max().unwrap_or(0);
    for Listed { name, journal } in &listed {
        let about = match journal {
            Ok(journal) => {
                let last = journal.last.to_zoned(TimeZone::system());
                let named = [&journal.named.ticket, &journal.named.title];
                let named: String = named
                    .into_iter()
                    .flatten()
                    .map(|text| format!("  {}", prose::visible(text)))
                    .collect();
                let bundle = journal.bundle().map_or_else(String::new, |(name, _)| {
                    format!("  (bundle {})", prose::visible(name))
                });
                let broken = journal.broken().map_or_else(String::new, |torn| {
                    format!("  (broken from line {} on)", torn.line)
                });
                format!(
                    "{}  {:>3} {}  {}{named}",
                    last.strftime("%Y-%m-%d %H:%M"),
                    journal.answers(),
                    if journal.answers() == 1 {
                        "answer "
                    } else {
                        "answers"
                    },
                    prose::visible(journal.head.opening.tree.as_str()),
                ) + &bundle
                    + &broken
            }
            Err(why) => format!("cannot be read: {}", prose::visible(&why.to_string())),
        };
        writeln!(out, "{:<wide$}  {about}", prose::visible(name))?;
    }
    Ok(Exit::Fine)
}

/// What is not given stays as it was.
fn name(cases: &Cases, case: &str, title: Option<String>, ticket: Option<String>) -> Result<Exit> {
    let (case, journal) = cases.open(case)?;
    let (tell, told) = ear();
    let redactor = Arc::new(Mutex::new(Redactor::default()));
    let mut keeper = Keeper::resumed(case, journal.head, redactor, tell);
    let handed = keeper.call(Named {
        title: title.or(journal.named.title),
        ticket: ticket.or(journal.named.ticket),
    });
    if let Handed::Not(why) = handed {
        bail!("the name cannot be saved: {why}");
    }
    match told.recv() {
        Ok(Kept::Upto(_)) => Ok(Exit::Fine),
        Ok(Kept::Not { why, .. }) => bail!("the name cannot be saved: {why}"),
        Err(_) => bail!("the name cannot be saved"),
    }
}
