//! A result as JSON. What a terminal would obey, or an eye not see, is written as an escape; a reader of JSON gets it back
//! as it was.

use std::fmt::Write;

use serde::Serialize;

use crate::finding::visible::is_hidden;

/// Indented, without a line break at the end.
///
/// # Errors
/// A value that JSON cannot hold, such as a map whose keys are no texts.
pub fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let plain = serde_json::to_string_pretty(value)?;
    if !plain.contains(is_escaped) {
        return Ok(plain);
    }
    let mut escaped = String::with_capacity(plain.len() + 64);
    for c in plain.chars() {
        if is_escaped(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    Ok(escaped)
}

/// Outside of texts JSON is ASCII, and line feeds within texts are escaped already: so whatever else is hidden stands in a
/// text.
fn is_escaped(c: char) -> bool {
    c != '\n' && is_hidden(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_hidden_is_escaped() {
        let check = |text: &str, expected: &str| {
            let value = serde_json::json!({ "a": text });
            let written = json(&value).expect("it is JSON");
            assert_eq!(written, format!("{{\n  \"a\": \"{expected}\"\n}}"));
        };
        check("plain ü 漢字 ‹secret-1›", "plain ü 漢字 ‹secret-1›");
        check("\u{1b}[31m\n", "\\u001b[31m\\n");
        check("\u{9b}\u{85}\u{7f}", "\\u009b\\u0085\\u007f");
        check("\u{202e}\u{2066}\u{2028}", "\\u202e\\u2066\\u2028");
        check("\u{e0041}", "\\udb40\\udc41");
    }

    proptest! {
        #[test]
        fn a_reader_gets_it_back(text in any::<String>()) {
            let value = serde_json::json!({ text.clone(): [text] });
            let written = json(&value).expect("it is JSON");
            prop_assert!(!written.chars().any(|c| c != '\n' && is_hidden(c)));
            let read: serde_json::Value = serde_json::from_str(&written).expect("it can be read");
            prop_assert_eq!(read, value);
        }
    }
}
