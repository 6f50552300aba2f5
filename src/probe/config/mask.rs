//! Where secrets stand in a file that whoever masks known values would not find. Their values are facts, and those are
//! masked wherever they show up; here is what shows up in another form.

use std::ops::Range;

use crate::probe::{
    config::{Wanted, entry::Parsed},
    marked::LONGEST,
};

/// How far before a broken line its key is looked for, in bytes.
const KEY_BEFORE: usize = 4096;

/// In a line that broke, nobody knows where a secret ends: all that follows its key is hidden. A line may be as long as
/// the file, so that misspelt keys are looked for near the break only.
pub fn broken_secret(
    wanted: &Wanted,
    text: &str,
    line: Range<usize>,
    broken_at: usize,
) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let mut at = key_start(text, line.start);
    while let Some(start) = text[at..line.end].find(is_part).map(|start| at + start) {
        let end = text[start..line.end]
            .find(|c| !is_part(c))
            .map_or(line.end, |end| start + end);
        let word = &text[start..end];
        let near = start.abs_diff(broken_at) < KEY_BEFORE;
        if wanted.is_secret(word) || (near && is_secret(wanted, word)) {
            return Some(end.max(line.start)..line.end);
        }
        at = end;
    }
    None
}

/// Where the key of a line may stand: in a tag that was opened on a line before, or before a `:` at the end of that.
fn key_start(text: &str, line: usize) -> usize {
    let from = text.floor_char_boundary(line.saturating_sub(KEY_BEFORE));
    let before = &text[from..line];
    match (before.rfind('<'), before.rfind('>')) {
        (Some(open), close) if close.is_none_or(|close| close < open) => from + open,
        _ if before.trim_end().ends_with(':') => from + before.trim_end().rfind('\n').unwrap_or(0),
        _ => line,
    }
}

/// Where secret values stand that whoever masks known secrets would not find: written with escapes, or in a line that
/// will be cut.
pub fn secrets_in_sight(wanted: &Wanted, parsed: &Parsed, text: &str) -> Vec<Range<usize>> {
    let secret = parsed
        .entries
        .iter()
        .filter(|entry| is_secret(wanted, &entry.name));
    let raw = secret.filter(|entry| !entry.value_at.is_empty());
    let mut hidden: Vec<_> = raw
        .filter(|entry| {
            text[entry.value_at.clone()] != entry.value
                || entry.value.len() > 100
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

    use crate::probe::config::sample::{CONFIG, judged, xml};

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
            "‹secret›",
        );
        check(
            "<p>\n<parameter name=\"mid.password\"/>\n <x a=1/></p>",
            " <x a=1/></p>",
        );
        let found = judged(
            json!({"file": "/x.json", "secret": "*password*"}),
            b"{\"password\":\n  \"hunter2\n}",
        );
        assert_eq!(found.evidence[0].text, "‹secret›");
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
