//! The clipboard of the terminal that the person sits at, by way of OSC 52: no program is started, and it works through ssh.
//!
//! Not every terminal obeys it, and none answers: nobody knows whether it came there. tmux takes it for itself only where
//! `set-clipboard` is `on`, and lets it through to its own terminal where `allow-passthrough` is; so inside tmux it is sent
//! both ways. GNU screen is not gone through. Deliberately absent: to read the clipboard.

use std::{
    env,
    io::{self, Write, stdout},
};

use crossterm::{Command, clipboard::CopyToClipboard};

/// Sends a text to the clipboard.
///
/// # Errors
/// The terminal is gone, or is an old console that knows no sequences.
pub fn copy(text: &str) -> io::Result<()> {
    #[cfg(windows)]
    if !crossterm::ansi_support::supports_ansi() {
        return Err(io::Error::from(io::ErrorKind::Unsupported));
    }
    let bytes = sequence(text, is_in_tmux());
    let mut out = stdout().lock();
    out.write_all(bytes.as_bytes())?;
    out.flush()
}

fn is_in_tmux() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    // Through ssh the terminal's name is all that comes along.
    set("TMUX") || env::var("TERM").is_ok_and(|term| term.starts_with("tmux"))
}

fn sequence(text: &str, in_tmux: bool) -> String {
    let mut plain = String::new();
    // Writing to a string cannot fail.
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain);
    if in_tmux {
        let through = plain.replace('\u{1b}', "\u{1b}\u{1b}");
        plain.push_str(&format!("\u{1b}Ptmux;{through}\u{1b}\\"));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tmux_is_gone_through() {
        let plain = "\u{1b}]52;c;bHMgLw==\u{1b}\\";
        assert_eq!(sequence("ls /", false), plain);
        let through = "\u{1b}Ptmux;\u{1b}\u{1b}]52;c;bHMgLw==\u{1b}\u{1b}\\\u{1b}\\";
        assert_eq!(sequence("ls /", true), format!("{plain}{through}"));
    }

    /// Whatever is copied, nothing of it is obeyed on the way.
    #[test]
    fn a_text_cannot_end_the_sequence() {
        let sequence = sequence("\u{1b}\\\u{7}\u{1b}]0;title\u{7}", false);
        let inner = sequence
            .strip_prefix("\u{1b}]52;c;")
            .and_then(|rest| rest.strip_suffix("\u{1b}\\"))
            .expect("it stands between its marks");
        assert!(
            inner
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c))
        );
    }
}
