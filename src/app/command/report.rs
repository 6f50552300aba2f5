//! `waypost report [CASE]`: a case's report as it stands. Looks at nothing.

use anyhow::Result;
use jiff::Timestamp;

use crate::{
    app::{
        cases::{self, Cases},
        catalog::Catalog,
        cli::{Common, Format, Output},
        command::{self, UsageError, opening},
        exit::Exit,
    },
    redact::Redactor,
};

pub fn report(name: Option<&str>, output: &Output, common: &Common) -> Result<Exit> {
    output.check()?;
    let cases = Cases::of_user()?;
    let name = command::cases::meant(&cases, name)?;
    // Another program may be writing it: what it has written by now is reported.
    let journal = cases.read(&name)?;
    let mut places = opening::places(None, common);
    places.file = journal.head.file().map(Into::into);
    let catalog = Catalog::load(&places)?;
    // Nothing is looked at: nobody carries the effects out.
    let taken_up = cases::take_up(&journal, &catalog.forest, (false, false), Timestamp::now())
        .map_err(UsageError)?;
    if let Some(said) = &taken_up.said {
        eprintln!("waypost: {said}");
    }
    let mut redactor = Redactor::default();
    output.write(
        &taken_up.session,
        &journal.named,
        false,
        Format::Markdown,
        &mut redactor,
    )?;
    Ok(Exit::Fine)
}
