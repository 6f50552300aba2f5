//! `waypost cases`: which cases there are.

use std::io::{self, Write};

use anyhow::Result;
use jiff::tz::TimeZone;

use crate::app::{
    cases::{Cases, Listed},
    exit::Exit,
    prose,
};

pub fn cases() -> Result<Exit> {
    let listed = Cases::of_user()?.list()?;
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
                format!(
                    "{}  {:>3} answers  {}{named}",
                    last.strftime("%Y-%m-%d %H:%M"),
                    journal.answers(),
                    journal.head.opening.tree,
                )
            }
            Err(why) => format!("cannot be read: {why}"),
        };
        writeln!(out, "{:<wide$}  {about}", prose::visible(name))?;
    }
    Ok(Exit::Fine)
}
