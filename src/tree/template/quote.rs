//! Values inside code: the words that hold one are quoted for the case's shell, where they need it.
//!
//! A line of code comes as fragments, the author's and the values'. A word is what stands between white space and the
//! shell's own marks; a word with a value in it that holds anything but harmless characters is quoted as a whole.

use crate::finding::Os;

/// A stretch of code.
#[derive(Debug, Clone, PartialEq)]
pub enum Fragment<'a> {
    /// As the author wrote it.
    Code(&'a str),
    /// A value, already without control characters.
    Value(&'a str),
    /// A placeholder or Markdown of a step; never quoted.
    Fixed(&'a str),
}

/// One character and whether it came from a value.
#[derive(Clone, Copy)]
struct Piece {
    c: char,
    from: From,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Author,
    Value,
    Fixed,
    /// A value that is the empty text: no character, but a word.
    Nothing,
}

/// The code with every value quoted, ready for `sh`, or PowerShell on Windows.
pub fn quoted(fragments: &[Fragment<'_>], os: Os) -> String {
    let mut pieces = Vec::new();
    for fragment in fragments {
        let (text, from) = match fragment {
            Fragment::Code(text) => (text, From::Author),
            Fragment::Value("") => {
                pieces.push(Piece {
                    c: '\0',
                    from: From::Nothing,
                });
                continue;
            }
            Fragment::Value(text) => (text, From::Value),
            Fragment::Fixed(text) => (text, From::Fixed),
        };
        pieces.extend(text.chars().map(|c| Piece { c, from }));
    }
    let shell = if os == Os::Windows {
        Shell::PowerShell
    } else {
        Shell::Sh
    };
    let mut out = String::new();
    let mut at = 0;
    // Which quote of the author's is open.
    let mut open: Option<char> = None;
    while at < pieces.len() {
        let piece = pieces[at];
        if let Some(quote) = open {
            match piece.from {
                From::Author if piece.c == quote => open = None,
                From::Value => {
                    shell.inside(quote, piece.c, &mut out);
                    at += 1;
                    continue;
                }
                _ => {}
            }
            if piece.from != From::Nothing {
                out.push(piece.c);
            }
            at += 1;
        } else if piece.from == From::Author && matches!(piece.c, '\'' | '"') {
            open = Some(piece.c);
            out.push(piece.c);
            at += 1;
        } else if ends_word(piece) {
            out.push(piece.c);
            at += 1;
        } else {
            let end = (at..pieces.len())
                .find(|at| {
                    ends_word(pieces[*at])
                        || pieces[*at].from == From::Author && matches!(pieces[*at].c, '\'' | '"')
                })
                .unwrap_or(pieces.len());
            word(&pieces, at..end, shell, &mut out);
            at = end;
        }
    }
    out
}

/// Only the author's white space and marks end a word; a value never does.
fn ends_word(piece: Piece) -> bool {
    piece.from == From::Author
        && (piece.c.is_whitespace()
            || matches!(
                piece.c,
                ';' | '|' | '&' | '<' | '>' | '(' | ')' | '=' | ',' | '`'
            ))
}

fn word(pieces: &[Piece], range: std::ops::Range<usize>, shell: Shell, out: &mut String) {
    let word = &pieces[range.clone()];
    let needs = word.iter().enumerate().any(|(at, piece)| match piece.from {
        From::Value => !shell.is_safe(piece.c, at == 0),
        From::Nothing => word.len() == 1,
        _ => false,
    });
    if !needs {
        out.extend(
            word.iter()
                .filter(|piece| piece.from != From::Nothing)
                .map(|piece| piece.c),
        );
        return;
    }
    match shell {
        // What the author means the shell to read (`*`, `$HOME`, `~`) stays outside of the quotes: sh joins the parts.
        Shell::Sh => {
            let mut inside = false;
            for piece in word {
                let quoted = match piece.from {
                    From::Author => {
                        inside
                            && !matches!(
                                piece.c,
                                '*' | '?' | '[' | ']' | '$' | '{' | '}' | '~' | '\\'
                            )
                    }
                    From::Value | From::Nothing => true,
                    From::Fixed => inside,
                };
                if quoted != inside {
                    out.push('\'');
                    inside = quoted;
                }
                match piece.c {
                    '\'' if piece.from == From::Value => out.push_str("'\\''"),
                    _ if piece.from == From::Nothing => {}
                    c => out.push(c),
                }
            }
            if inside {
                out.push('\'');
            }
        }
        Shell::PowerShell => {
            // A quoted text is a command only after the call operator. A lone path in prose is no command.
            let first = pieces[..range.start]
                .iter()
                .rev()
                .find(|piece| !piece.c.is_whitespace());
            let begins = first
                .is_none_or(|piece| piece.from == From::Author && matches!(piece.c, ';' | '|'));
            let goes_on = pieces[range.end..]
                .iter()
                .any(|piece| piece.from == From::Author && piece.c.is_whitespace());
            if begins && goes_on {
                out.push_str("& ");
            }
            out.push('\'');
            for piece in word.iter().filter(|piece| piece.from != From::Nothing) {
                if is_single_quote(piece.c) {
                    out.push(piece.c);
                }
                out.push(piece.c);
            }
            out.push('\'');
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shell {
    Sh,
    PowerShell,
}

impl Shell {
    /// Whether a value's character means nothing to the shell.
    fn is_safe(self, c: char, first: bool) -> bool {
        match self {
            _ if c.is_ascii_alphanumeric() => true,
            _ if !c.is_ascii() => c.is_alphanumeric(),
            Shell::Sh => matches!(c, '_' | '/' | '.' | ':' | '@' | '%' | '+' | '-' | ','),
            Shell::PowerShell => matches!(c, '_' | '\\' | '.' | ':' | '/') || c == '-' && !first,
        }
    }

    /// A value's character within quotes that the author wrote.
    fn inside(self, quote: char, c: char, out: &mut String) {
        match (self, quote) {
            (Shell::Sh, '\'') if c == '\'' => out.push_str("'\\''"),
            // `!` cannot be escaped in double quotes where history is on: it goes into single ones.
            (Shell::Sh, '"') if c == '!' => out.push_str("\"'!'\""),
            (Shell::Sh, '"') if matches!(c, '"' | '\\' | '$' | '`') => out.extend(['\\', c]),
            (Shell::PowerShell, '\'') if is_single_quote(c) => out.extend([c, c]),
            (Shell::PowerShell, '"') if matches!(c, '`' | '$' | '"' | '\u{201C}'..='\u{201E}') => {
                out.extend(['`', c])
            }
            _ => out.push(c),
        }
    }
}

/// PowerShell takes the typographic ones for quotes as well.
fn is_single_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201B}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `‹…›` in the pattern is the value.
    fn check(os: Os, before: &str, value: &str, after: &str, expected: &str) {
        let fragments = [
            Fragment::Code(before),
            Fragment::Value(value),
            Fragment::Code(after),
        ];
        assert_eq!(quoted(&fragments, os), expected);
    }

    #[test]
    fn sh() {
        let check = |before: &str, value: &str, after: &str, expected: &str| {
            check(Os::Linux, before, value, after, expected)
        };
        check(
            "",
            "/opt/mid/agent",
            "/bin/mid.sh status",
            "/opt/mid/agent/bin/mid.sh status",
        );
        check(
            "sudo ",
            "/opt/my mid",
            "/bin/mid.sh restart",
            "sudo '/opt/my mid/bin/mid.sh' restart",
        );
        check("ls ", "/a b", "/logs/*.log", "ls '/a b/logs/'*.log");
        check("cat $HOME/", "x;rm -rf /", "", "cat $HOME/'x;rm -rf /'");
        check("echo ", "it's", "", "echo 'it'\\''s'");
        check("echo ", "$(id)", " `x`", "echo '$(id)' `x`");
        check("echo '", "it's", "'", "echo 'it'\\''s'");
        check(
            "echo \"",
            "$x`y`\"!",
            "\"",
            "echo \"\\$x\\`y\\`\\\"\"'!'\"\"",
        );
        check("echo ", "", "", "echo ''");
        check("a --k=", "v w", " b", "a --k='v w' b");
        check(
            "",
            "https://x.example/?a=b&c",
            "",
            "'https://x.example/?a=b&c'",
        );
        check("", "https://x.example/a", "", "https://x.example/a");
    }

    #[test]
    fn powershell() {
        let check = |before: &str, value: &str, after: &str, expected: &str| {
            check(Os::Windows, before, value, after, expected)
        };
        check(
            "Get-Item ",
            "C:\\ServiceNow\\agent",
            "\\config.xml",
            "Get-Item C:\\ServiceNow\\agent\\config.xml",
        );
        check(
            "Get-Item ",
            "C:\\My Mid",
            "\\config.xml",
            "Get-Item 'C:\\My Mid\\config.xml'",
        );
        check(
            "",
            "C:\\My Mid",
            "\\bin\\mid.bat start",
            "& 'C:\\My Mid\\bin\\mid.bat' start",
        );
        check("", "C:\\My Mid", "\\config.xml", "'C:\\My Mid\\config.xml'");
        check("echo ", "it's ’q’", "", "echo 'it''s ’’q’’'");
        check("Start-Service -Name ", "-x", "", "Start-Service -Name '-x'");
        check("echo \"", "$(x)`\"", "\"", "echo \"`$(x)```\"\"");
        check("echo ", "a,b", "", "echo 'a,b'");
    }
}
