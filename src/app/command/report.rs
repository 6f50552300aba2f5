//! `waypost report [CASE]`: a case's report as it stands. Looks at nothing.

use anyhow::Result;

use crate::{
    app::{
        cases::{self, Cases},
        catalog::Catalog,
        cli::{Common, Format, Output},
        command::{self, opening},
        exit::{Exit, UsageError},
        hiding,
        trust::{Agreements, Closure},
    },
    redact::Redactor,
};

pub fn report(name: Option<&str>, output: &Output, common: &Common) -> Result<Exit> {
    output.check_format()?;
    output.check()?;
    let cases = Cases::of_user()?;
    let name = command::cases::meant(&cases, name)?;
    // Another program may be writing it: what it has written by now is reported.
    let journal = cases.read(&name)?;
    let mut places = opening::places(None, common);
    places.file = journal.head.file().map(Into::into);
    let catalog = Catalog::load(&places)?;
    // Nothing is looked at: nobody carries the effects out. What was agreed to tells why something was not seen.
    let closure = Closure::of(&catalog.forest, &journal.head.opening.tree);
    let agreed = !common.trust && Agreements::load().cover(&closure);
    let commands = common.allow_commands || agreed && !closure.is_embedded();
    let agreed = (common.trust || agreed, commands);
    let taken_up = cases::as_left(&journal, &catalog.forest, agreed).map_err(UsageError)?;
    if let Some(said) = &taken_up.said {
        eprintln!("waypost: {said}");
    }
    let mut redactor = Redactor::default();
    if common.redact {
        redactor.hide(hiding::of_report(&journal, &taken_up.session));
    }
    output.write(
        &taken_up.session,
        &journal.named,
        false,
        Format::Markdown,
        &mut redactor,
    )?;
    Ok(Exit::Fine)
}
