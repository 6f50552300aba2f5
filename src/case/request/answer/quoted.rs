//! An answer that somebody replied to or forwarded: a mail program sets `> ` before every line of what it quotes.

/// How often a text may have been quoted.
const MOST: usize = 10;

/// The text without the marks of quoting, as many as stand before its first quoted line; `None` where nothing is quoted. Lines keep
/// their numbers; before the quoted ones they are empty, since who wrote it, and when, is none of it.
pub fn without(text: &str) -> Option<String> {
    let marks = text.lines().map(marks).find(|marks| *marks > 0)?;
    let mut bare = String::with_capacity(text.len());
    let mut begun = false;
    for line in text.lines() {
        let mut rest = line;
        for _ in 0..marks {
            let quoted = rest.strip_prefix('>');
            rest = quoted.map_or(rest, |rest| rest.strip_prefix(' ').unwrap_or(rest));
        }
        begun |= rest.len() < line.len();
        if begun {
            bare.push_str(rest);
        }
        bare.push('\n');
    }
    Some(bare)
}

fn marks(line: &str) -> usize {
    let mut rest = line;
    let mut marks = 0;
    while let Some(quoted) = rest.strip_prefix('>').filter(|_| marks < MOST) {
        rest = quoted.strip_prefix(' ').unwrap_or(quoted);
        marks += 1;
    }
    marks
}
