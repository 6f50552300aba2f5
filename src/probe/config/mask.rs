//! Where secrets stand in a file that whoever masks known values would not find. Their values are facts, and those are
//! masked wherever they show up; here is what shows up in another form.

use std::ops::Range;

use crate::probe::{
    config::{
        Format, Wanted,
        entry::{MARKS, Parsed},
    },
    marked::LONGEST,
};

/// How far around a broken line names are looked for, in bytes.
const AROUND: usize = 4096;

/// A shorter value is not recognised elsewhere, in bytes: it is hidden where it stands.
const SHORT: usize = 12;

/// In a line that broke, nobody knows where a value begins or ends. Where anything there names a secret, all of the line is
/// hidden but what leads up to the name. A line may be as long as the file, so that names are looked for near the break.
pub fn broken_secret(
    wanted: &Wanted,
    text: &str,
    line: Range<usize>,
    broken_at: usize,
) -> Option<Range<usize>> {
    let secret = |word: &Range<usize>| {
        let shown = &text[word.clone()];
        let near = word.start.abs_diff(broken_at) < AROUND;
        wanted.is_secret(shown)
            || (near && is_secret(wanted, shown))
            || (MARKS.contains(&shown) && matches!(wanted.format, Format::Xml(_)))
    };
    let around = [line.clone()]
        .into_iter()
        .chain(context(wanted, text, &line));
    around
        .flat_map(|range| words(text, range))
        .any(|word| secret(&word))
        .then(|| lead(wanted, text, line.clone(), secret)..line.end)
}

/// The words of a part of the text, as names are made of them.
fn words(text: &str, part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let mut at = part.start;
    std::iter::from_fn(move || {
        let start = at + text[at..part.end].find(is_part)?;
        let length = text[start..part.end].find(|c| !is_part(c));
        at = length.map_or(part.end, |length| start + length);
        Some(start..at)
    })
}

/// Where what has to be hidden begins: behind the name of a secret that surely is one, since it stands where an entry's
/// name does; else behind the line's blanks and the element's name, for the word that looks like a name may be the value.
fn lead(
    wanted: &Wanted,
    text: &str,
    line: Range<usize>,
    secret: impl Fn(&Range<usize>) -> bool,
) -> usize {
    let blanks = |at: usize| line.end - text[at..line.end].trim_start().len();
    let mut begin = blanks(line.start);
    let past = |at: usize, word: &str| {
        text[at..line.end]
            .starts_with(word)
            .then_some(at + word.len())
    };
    let name = match &wanted.format {
        Format::Xml(shape) => {
            let tag = past(begin, "<")
                .and_then(|at| past(at, &shape.entry))
                .filter(|at| blanks(*at) > *at);
            begin = tag.map_or(begin, blanks);
            tag.and_then(|_| past(begin, &shape.key))
                .and_then(|at| past(blanks(at), "="))
                .map(blanks)
        }
        _ => Some(begin),
    };
    let Some(at) = name else { return begin };
    let at = past(at, "\"").or_else(|| past(at, "'")).unwrap_or(at);
    match words(text, at..line.end).next() {
        Some(word) if word.start == at && secret(&word) && ends_name(wanted, text, word.end) => {
            word.end
        }
        _ => begin,
    }
}

/// Whether a name ends here, by what follows it.
fn ends_name(wanted: &Wanted, text: &str, at: usize) -> bool {
    let mut rest = text[at..].chars();
    match wanted.format {
        Format::Xml(_) => matches!(rest.next(), Some('"' | '\'')),
        _ => {
            let rest = text[at..].trim_start_matches(['"', '\'', ' ', '\t']);
            rest.starts_with(['=', ':'])
        }
    }
}

/// The lines around that may hold the name of what stands in this one.
fn context(wanted: &Wanted, text: &str, line: &Range<usize>) -> Vec<Range<usize>> {
    match wanted.format {
        Format::Xml(_) => tag_around(text, line),
        _ => parents(text, line),
    }
}

/// The lines before and behind that may belong to the same tag: until one ends with `>`, or begins with `<`.
fn tag_around(text: &str, line: &Range<usize>) -> Vec<Range<usize>> {
    let mut around = Vec::new();
    let mut first = line.clone();
    while !text[first.clone()].trim_start().starts_with('<') {
        let Some(before) = line_before(text, first.start) else {
            break;
        };
        if line.start - before.start > AROUND || text[before.clone()].trim_end().ends_with('>') {
            break;
        }
        around.push(before.clone());
        first = before;
    }
    let mut last = line.clone();
    while !text[last.clone()].trim_end().ends_with('>') {
        let Some(after) = line_after(text, last.end) else {
            break;
        };
        if after.end - line.end > AROUND || text[after.clone()].trim_start().starts_with('<') {
            break;
        }
        around.push(after.clone());
        last = after;
    }
    around
}

/// The lines that this one hangs on, by their indents; the section's; a name and a value side by side.
fn parents(text: &str, line: &Range<usize>) -> Vec<Range<usize>> {
    let indent = |range: &Range<usize>| {
        let line = &text[range.clone()];
        line.len() - line.trim_start().len()
    };
    let names = |range: &Range<usize>| {
        words(text, range.clone()).any(|word| matches!(&text[word], "name" | "key" | "id"))
    };
    let mut around: Vec<_> = line_after(text, line.end)
        .into_iter()
        .filter(names)
        .collect();
    let (mut least, mut at, mut direct) = (indent(line), line.start, true);
    while let Some(before) = line_before(text, at) {
        if line.start - before.start > AROUND {
            break;
        }
        at = before.start;
        let shown = text[before.clone()].trim();
        if shown.is_empty() {
            continue;
        }
        let goes_on = direct && shown.ends_with([':', '\\', '=', '[', '{']);
        let section = shown.starts_with('[');
        if indent(&before) < least || goes_on || section || (direct && names(&before)) {
            least = least.min(indent(&before));
            around.push(before);
        }
        direct = goes_on;
    }
    around
}

/// The line before the one that begins at `at`, without its break.
fn line_before(text: &str, at: usize) -> Option<Range<usize>> {
    let end = at.checked_sub(1)?;
    Some(text[..end].rfind('\n').map_or(0, |at| at + 1)..end)
}

/// The line behind the one that ends at `at`, without its break.
fn line_after(text: &str, at: usize) -> Option<Range<usize>> {
    let start = text[at..].starts_with('\n').then_some(at + 1)?;
    let length = text[start..].find('\n');
    Some(start..length.map_or(text.len(), |length| start + length))
}

/// Where secret values stand that whoever masks known secrets would not find: written with escapes, or in a line that
/// will be cut.
pub fn secrets_in_sight(wanted: &Wanted, parsed: &Parsed, text: &str) -> Vec<Range<usize>> {
    let secret = parsed
        .entries
        .iter()
        .filter(|entry| entry.secret || is_secret(wanted, &entry.name));
    let raw = secret.filter(|entry| !entry.value_at.is_empty());
    let mut hidden: Vec<_> = raw
        .filter(|entry| {
            text[entry.value_at.clone()] != entry.value
                || !(SHORT..=100).contains(&entry.value.len())
                || is_long_line(text, &entry.value_at)
        })
        .map(|entry| entry.value_at.clone())
        .collect();
    hidden.sort_by_key(|range| range.start);
    hidden
}

fn is_long_line(text: &str, at: &Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let before = bytes[at.start.saturating_sub(LONGEST)..at.start]
        .iter()
        .rev()
        .position(|byte| *byte == b'\n');
    let after = bytes[at.end..]
        .iter()
        .take(LONGEST)
        .position(|byte| *byte == b'\n');
    let before = before.unwrap_or(at.start);
    let after = after.unwrap_or(bytes.len() - at.end);
    before + at.len() + after > LONGEST
}

/// A misspelt password is one, too.
pub fn is_secret(wanted: &Wanted, name: &str) -> bool {
    wanted.is_secret(name)
        || wanted.known.as_ref().is_some_and(|known| {
            !known.contains(name)
                && known
                    .likely(name)
                    .is_some_and(|likely| wanted.is_secret(likely))
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use crate::{
        finding::Judgement,
        probe::config::sample::{CONFIG, judged, xml},
    };

    /// One line, broken in many ways, with a password in two halves: neither is shown, neither by the line nor by the message.
    #[test]
    fn no_part_of_a_password_is_shown_of_a_broken_line() {
        let check = |line: &str| {
            let line = line.replace('@', "hush9x%tail7q");
            for (before, after) in [
                ("", ""),
                ("<x a=\"1\"/>\n", "\n<x a=\"1\"/>"),
                ("", "\n<y b=\"&\"/>"),
            ] {
                // The sign that breaks the line stands between the halves or elsewhere.
                for sign in ["&", "<", "< ", "\"", "\" ", "”", ">", "'", "=", "--"] {
                    let line = line.replace('%', sign);
                    let text = format!("<p>\n{before}{line}{after}\n</p>\n");
                    let found = judged(xml(), text.as_bytes());
                    if found.judgement != Judgement::Outcome("malformed".into()) {
                        // Read, it is a fact and a secret.
                        continue;
                    }
                    let facts = format!("{:?}", found.facts.get("malformed"));
                    for evidence in &found.evidence {
                        assert!(
                            !evidence.text.contains("hush9x"),
                            "{text}: {}",
                            evidence.text
                        );
                        assert!(
                            !evidence.text.contains("tail7q"),
                            "{text}: {}",
                            evidence.text
                        );
                    }
                    assert!(!facts.contains("hush9x"), "{text}: {facts}");
                    assert!(!facts.contains("tail7q"), "{text}: {facts}");
                }
            }
        };
        for line in [
            "<parameter name=\"mid.instance.password\" value=\"@\"/>",
            "<parameter value=\"@\" name=\"mid.instance.password\"/>",
            "<parameter secure=\"true\" value=\"@\" name=\"own.thing\"/>",
            "<parameter value='@' name='mid.instance.password'/>",
            "<parameter value=\"@\" name=\"mid.instance.pasword\"/>",
            "<parameter value=@\" name=\"mid.instance.password\"/>",
            "<parameter value=\"@ name=\"mid.instance.password\"/>",
            "<parameter value=\"@\" name=mid.instance.password\"/>",
            "<parameter value=\"@\" name=\"mid.instance.password/>",
            "<parameter value=“@” name=“mid.instance.password”/>",
            "<parameter name=“mid.instance.password” value=“@”/>",
            "<parameter name=\"mid.instance.password value=\"@\"/>",
            "<parameter name=mid.instance.password value=\"@\"/>",
            "<parameter name=\"mid.instance.password\" value \"@\"/>",
            "<parameter name=\"mid.instance.password\"value=\"@\"/>",
            "<parameter name=\"mid.instance.password\" value=\"x\" value=\"@\"/>",
            "<parameter name=\"mid.instance.password\" value=\"Password@\"/>",
            "<parameter value=\"Password@\" name=\"mid.instance.password\"/>",
            "<parameter\n  value=\"@\"\n  name=\"mid.instance.password\"\n/>",
            "<parameter\n  name=\"mid.instance.password\"\n  value=\"@\"\n/>",
            "<<parameter name=\"mid.instance.password\" value=\"@\"/>",
            "< parameter name=\"mid.instance.password\" value=\"@\"/>",
        ] {
            check(line);
        }
    }

    #[test]
    fn other_formats_hide_their_broken_lines() {
        let check = |format: &str, text: &str| {
            let params = json!({"file": "/x", "format": format, "secret": "*password*"});
            let found = judged(params, text.as_bytes());
            assert!(!found.evidence.is_empty(), "{text}");
            for evidence in &found.evidence {
                assert!(!evidence.text.contains("hush"), "{text}: {}", evidence.text);
            }
            let facts = format!("{:?}", found.facts.get("malformed"));
            assert!(!facts.contains("hush"), "{text}: {facts}");
        };
        check("json", "{\"password\": \"a\"hush\"}");
        check("json", "{\"password\": hush}");
        check(
            "json",
            "{\n  \"password\": [\n    \"a\",\n    \"b\"hush\"\n  ]\n}",
        );
        check(
            "json",
            "{\n  \"value\": \"b\"hush\",\n  \"name\": \"a.password\"\n}",
        );
        check("yaml", "a: 1\npassword:\n  - \"a\n  - hush: [\n");
        check("yaml", "password: \"a\" hush\n");
        check("ini", "[passwords]\n= hush\n");
    }

    #[test]
    fn what_a_file_marks_as_secret_is_secret() {
        let check = |attribute: &str, expected: &str| {
            let text =
                format!("<p><parameter {attribute} name=\"own.thing\" value=\"hush9x\"/></p>");
            let found = judged(xml(), text.as_bytes());
            let shown = found.facts["values"].shown();
            assert_eq!(shown, json!({ "own.thing": expected }), "{attribute}");
        };
        check("secure=\"true\"", "‹secret›");
        check("encrypt='true'", "‹secret›");
        check("secure=\"false\"", "hush9x");
        check("other=\"true\"", "hush9x");
    }

    /// The sample with some of its bytes replaced, as a slip of the hand or a broken disk would.
    fn mangled() -> impl Strategy<Value = Vec<u8>> {
        let edit = (
            0..CONFIG.len(),
            0..6usize,
            prop::sample::select(vec!["", "\"", "”", "<", "&", "/>", "--", "\0", "\n", "ü"]),
        );
        prop::collection::vec(edit, 1..4).prop_map(|edits| {
            let mut bytes = CONFIG.as_bytes().to_vec();
            for (at, length, with) in edits {
                let at = at.min(bytes.len());
                let end = (at + length).min(bytes.len());
                bytes.splice(at..end, with.bytes());
            }
            bytes
        })
    }

    #[test]
    fn a_key_may_stand_on_the_line_before() {
        let check = |text: &str, shown: &str| {
            let found = judged(xml(), text.as_bytes());
            assert_eq!(found.evidence[0].text, shown, "{text}");
        };
        check(
            "<p>\n<parameter name=\"mid.password\"\n  value=\"hunter2”/>\n</p>",
            "  ‹secret›",
        );
        check(
            "<p>\n<parameter name=\"mid.password\"/>\n <x a=1/></p>",
            " <x a=1/></p>",
        );
        check(
            "<p>\n<parameter value=\"hunter2”\n  name=\"mid.password\"/>\n</p>",
            "<parameter ‹secret›",
        );
        let found = judged(
            json!({"file": "/x.json", "secret": "*password*"}),
            b"{\"password\":\n  \"hunter2\n}",
        );
        assert_eq!(found.evidence[0].text, "  ‹secret›");
    }

    proptest! {
        #[test]
        fn no_slip_breaks_the_judge_or_lets_a_password_out(bytes in mangled()) {
            let found = judged(xml(), &bytes);
            for format in ["properties", "ini", "json", "yaml"] {
                judged(json!({"file": "/x", "format": format}), &bytes);
            }
            // Whatever is left of the key and of the value: both whole means hidden.
            let text = String::from_utf8_lossy(&bytes);
            if text.contains("name=\"mid.instance.pasword\" value=\"hunter&amp;2\"/>") {
                for evidence in &found.evidence {
                    prop_assert!(!evidence.text.contains("hunter&amp;2"), "{}", evidence.text);
                }
            }
        }

        #[test]
        fn any_text_can_be_judged(text in any::<String>(), format in prop::sample::select(vec!["properties", "ini", "json", "yaml"])) {
            judged(json!({"file": "/x", "format": format}), text.as_bytes());
            judged(xml(), text.as_bytes());
        }
    }
}
