//! What programs printed on a machine that cannot be looked at, read into the same replies that a look gives.
//!
//! A file a program. Each reader takes text and gives `None` where it is not that program's output about what was asked
//! for, `Some(Err)` where it is and tells nothing: it was cut, or the program failed. Deliberately absent: any conclusion
//! from what does not stand there. Reads nothing, runs nothing.

mod argument;
pub mod asked;
pub mod clocks;
mod columns;
pub mod content;
pub mod curl;
pub mod df;
pub mod dir;
mod format_list;
pub mod get_item;
pub mod getent;
pub mod handshake;
mod head;
pub mod icacls;
mod lines;
pub mod logical_disk;
pub mod ls;
pub mod marked_list;
pub mod nc;
pub mod nslookup;
pub mod paste;
pub mod patience;
mod peer;
mod pem;
pub mod ping;
pub mod ping_windows;
pub mod processes;
pub mod program;
mod ps;
pub mod ps_drive;
pub mod reply;
pub mod resolve_dns_name;
pub mod s_client;
pub mod ssl_stream;
pub mod stat;
pub mod systemctl;
mod tasklist;
pub mod telnet;
pub mod test_net_connection;
pub mod web_request;
mod win32_process;
pub mod windows_services;
pub mod wrapper_status;

pub use paste::{MOST_BYTES, Paste};

use crate::finding::{Reason, Unknown};

/// What a reader made of a text: `None` where it is of something else.
pub type Read<T> = Option<Result<T, Unknown>>;

/// Output that ends before it tells.
fn cut(program: &str, lacks: &str) -> Unknown {
    Unknown::new(
        Reason::NotWhole,
        format!("what `{program}` printed is cut: {lacks}"),
    )
}

/// The program itself could not be run there; its own words.
fn no_program(text: &str, program: &str) -> Option<Unknown> {
    let line = text.lines().map(str::trim).find(|line| {
        let missing = line.ends_with("command not found")
            || line.ends_with(": not found")
            || line.contains("is not recognized as ");
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        missing && line.split(|c| !is_word(c)).any(|word| word == program)
    })?;
    Some(Unknown::new(Reason::NotAvailable, line.to_owned()))
}

/// The same name or address, however it is written: letters of both cases, a dot at the end, brackets.
fn same_name(a: &str, b: &str) -> bool {
    fn bare(name: &str) -> &str {
        let name = name.trim().trim_end_matches('.');
        let inner = name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'));
        inner.unwrap_or(name)
    }
    bare(a).eq_ignore_ascii_case(bare(b))
}

/// Looks like an address of either family. Names of hosts hold no colon, and none consists of numbers and dots alone.
fn is_address(word: &str) -> bool {
    let four =
        word.split('.').count() == 4 && word.split('.').all(|part| part.parse::<u8>().is_ok());
    let plain = word.split('%').next().unwrap_or_default();
    let six = plain.matches(':').count() >= 2
        && plain
            .chars()
            .all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.'));
    four || six
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let check = |word: &str, expected: bool| assert_eq!(is_address(word), expected, "{word}");
        check("192.0.2.1", true);
        check("192.0.2.256", false);
        check("192.0.2.1.example", false);
        check("2001:db8::1", true);
        check("fe80::1%eth0", true);
        check("::ffff:192.0.2.1", true);
        check("10:24", false);
        check("a.example", false);
    }

    #[test]
    fn names() {
        let check = |a: &str, b: &str, expected: bool| assert_eq!(same_name(a, b), expected);
        check("A.example.", "a.example", true);
        check("[::1]", "::1", true);
        check("a.example", "a.example.com", false);
    }
}
