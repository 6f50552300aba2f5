//! What `curl` prints where it is run by the commands to copy: `-i` or `-v`, [`super::asked`]'s line by `-w`, its errors,
//! and `curl status N` behind it all. Without those two lines nobody knows whose output it is, or whether it is whole.

mod answer;
mod ended;
mod own_words;
mod verbose;
mod way;

use std::sync::LazyLock;

use regex::Regex;

pub use answer::read as answer;
pub use own_words::{answer as in_own_words, asked as in_own_words_asked, connection};
pub use way::read as way;

use self::ended::Ended;
use super::{
    Read,
    asked::{Closing, find},
    cut, no_program,
};
use crate::{finding::Unknown, host::Via};

/// What the command adds at its very end, before the number and a dot, without which the number may be cut.
pub const STATUS: &str = "curl status ";

/// An output that is whole.
struct Printed<'t> {
    /// What came before the line that says what was asked.
    text: &'t str,
    took_ms: u64,
    /// The words of its error.
    why: &'t str,
    /// Why there is no reply, or none that is whole.
    ended: Option<Ended>,
}

/// Takes an output apart; `echoed`: the command stands before it.
fn printed<'t>(text: &'t str, asked: &str, echoed: bool) -> Read<Printed<'t>> {
    let (before, says, after) = match find(text, asked) {
        Closing::This {
            before,
            says,
            after,
        } => (before, says, after),
        Closing::Another => return None,
        Closing::None => return begun(text, echoed).map(Err),
    };
    let lacks = |what: &str| Some(Err(cut("curl", what)));
    let Some(took_ms) = super::asked::took_ms(says) else {
        return lacks("the time is missing");
    };
    let Some(status) = after.lines().rev().find_map(status) else {
        return lacks("the line `curl status` at its end is missing");
    };
    // Lines that a server sent are not the program's own; the last one that bears the code is, at the least.
    let own: Vec<&str> = own(before).chain(after.lines()).collect();
    let of_status = |line: &&str| error(line).is_some_and(|(code, _)| code == status);
    let (text, line) = match own.iter().find(|line| of_status(line)) {
        _ if status == 0 => (before, None),
        Some(line) => (before, Some(*line)),
        None => match before.lines().rev().find(of_status) {
            Some(line) => (
                &before[..before.rfind(line).unwrap_or_default()],
                Some(line),
            ),
            None => (before, None),
        },
    };
    let why = line.and_then(error).map_or("", |(_, why)| why);
    Some(Ok(Printed {
        text,
        took_ms,
        why,
        ended: (status != 0).then(|| Ended::new(status, why, &own)),
    }))
}

/// It is not whole: whether it is curl's at all.
fn begun(text: &str, echoed: bool) -> Option<Unknown> {
    if let Some(unknown) = no_program(text, "curl") {
        return Some(unknown);
    }
    let own = text.lines().any(|line| error(line).is_some());
    let head = text.lines().any(|line| super::head::status(line).is_some());
    (echoed && (own || head || text.trim().is_empty())).then(|| {
        cut(
            "curl",
            "the line at its end that says what was asked is missing",
        )
    })
}

/// The program's own lines before what a server sent, where it printed any there.
fn own(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| super::head::status(line).is_none())
}

fn status(line: &str) -> Option<u32> {
    line.trim()
        .strip_prefix(STATUS)?
        .strip_suffix('.')?
        .parse()
        .ok()
}

/// `curl: (7) Failed to connect …`; PowerShell may put the program's name before it.
fn error(line: &str) -> Option<(u32, &str)> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(?:curl\.exe : )?curl: \((\d{1,3})\) ?(.*)$").ok());
    let found = FORM.as_ref()?.captures(line.trim())?;
    let (code, why) = (found.get(1)?, found.get(2)?);
    Some((code.as_str().parse().ok()?, why.as_str()))
}

/// Whether curl asks an HTTP proxy for a way by `CONNECT`.
fn tunnels(via: Option<&Via>, in_the_clear: bool) -> bool {
    via.is_some_and(|via| via.address.scheme() == "http") && !in_the_clear
}

/// Where a proxy listens, in words.
fn proxy(via: Option<&Via>) -> String {
    let Some(via) = via else {
        return String::new();
    };
    let (host, port) = (via.address.host(), via.address.port().unwrap_or(80));
    match host.contains(':') && !host.starts_with('[') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    }
}
