//! The ways in which chat and mail programs change a text.

/// One way in which a text is changed.
pub struct Change {
    pub name: &'static str,
    pub make: fn(&str) -> String,
}

pub const CHANGES: &[Change] = &[
    change("long dashes", |text| text.replace("--", "—")),
    change("short dashes", |text| text.replace("--", "–")),
    change("dashes and dots", |text| {
        text.replace("--", "—").replace("...", "…")
    }),
    change("arrows", |text| text.replace("->", "→").replace("<-", "←")),
    change("links", |text| {
        linked(text, |address| format!("<{address}>"))
    }),
    change("links of Markdown", |text| {
        linked(text, |address| format!("[{address}]({address})"))
    }),
    change("links that are checked", |text| {
        let through = "https://eur01.safelinks.protection.outlook.com/?url=";
        linked(text, |address| format!("{through}{address}"))
    }),
    change("curly quotes", |text| {
        text.replace(" \"", " “")
            .replace("=\"", "=“")
            .replace('"', "”")
    }),
    change("curly apostrophes", |text| text.replace('\'', "’")),
    change("no-break spaces", |text| text.replace(' ', "\u{a0}")),
    change("cut at 60", |text| folded(text, 60)),
    change("cut at 72", |text| folded(text, 72)),
    change("cut at 80", |text| folded(text, 80)),
    change("cut at 120", |text| folded(text, 120)),
    change("cut between words", |text| folded_at_blanks(text, 76)),
    change("without empty lines", |text| {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.flat_map(|line| [line, "\n"]).collect()
    }),
    change("with empty lines", |text| text.replace('\n', "\n\n")),
    change("with carriage returns", |text| text.replace('\n', "\r\n")),
    change("quoted", |text| {
        let lines = text.lines();
        lines.map(|line| format!("> {line}\n")).collect()
    }),
];

const fn change(name: &'static str, make: fn(&str) -> String) -> Change {
    Change { name, make }
}

/// Every address made into a link.
fn linked(text: &str, link: impl Fn(&str) -> String) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("http") {
        let (before, from) = rest.split_at(at);
        out += before;
        let end = from.find(|c: char| c.is_whitespace() || "\"'<>|".contains(c));
        let (address, after) = from.split_at(end.unwrap_or(from.len()));
        match address.contains("://") {
            true => out += &link(address),
            false => out += address,
        }
        rest = after;
    }
    out + rest
}

/// As `fold -w` cuts.
pub fn folded(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let letters: Vec<char> = line.chars().collect();
        let pieces = letters.chunks(width).map(|piece| piece.iter().collect());
        out += &pieces.collect::<Vec<String>>().join("\n");
        out.push('\n');
    }
    out
}

/// As `fold -s -w` cuts.
fn folded_at_blanks(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut rest: Vec<char> = line.chars().collect();
        while rest.len() > width {
            let blank = rest[..width].iter().rposition(|c| *c == ' ');
            let after = rest.split_off(blank.map_or(width, |blank| blank + 1));
            out.extend(rest);
            out.push('\n');
            rest = after;
        }
        out.extend(rest);
        out.push('\n');
    }
    out
}
