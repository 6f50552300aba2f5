//! What a YAML text may hold before it is put together: nesting, and how many values. The reader that puts it together takes
//! time that grows with the square of the nesting, and memory that grows with the values.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Parser, options};

/// Levels of nesting, block and flow together: as many as a tree may have.
pub const MAX_DEPTH: usize = 255;

/// The most values of a recording, keys counted, and what aliases repeat: about 200 MB in memory.
pub(super) const MAX_VALUES: usize = 500_000;

/// Whether the text keeps within these bounds. What is wrong with it besides is for its reader to say.
///
/// # Errors
/// The bound that it passes, as a lowercase fragment.
pub fn within(text: &str, most_values: usize) -> Result<(), String> {
    let options = options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let too_deep = || Err(format!("nested deeper than {MAX_DEPTH} levels, the bound"));
    let mut count = Count::default();
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, _)) => count.event(&event),
            Err(error) if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) => {
                return too_deep();
            }
            Err(_) => return Ok(()),
        }
        if count.open.len() > MAX_DEPTH {
            return too_deep();
        }
        if count.values > most_values {
            return Err(format!("more than {most_values} values, the bound"));
        }
    }
    Ok(())
}

#[derive(Default)]
struct Count {
    values: usize,
    /// Lists and maps that are not closed yet: their anchors, and the values before them.
    open: Vec<(usize, usize)>,
    /// How many values an anchor stands for.
    anchored: HashMap<usize, usize>,
}

impl Count {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Scalar(_, _, anchor, _) => {
                self.values += 1;
                self.anchored(*anchor, 1);
            }
            Event::SequenceStart(_, anchor, _) | Event::MappingStart(_, anchor, _) => {
                self.open.push((*anchor, self.values));
                self.values += 1;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((anchor, before)) = self.open.pop() {
                    self.anchored(anchor, self.values - before);
                }
            }
            Event::Alias(anchor) => {
                let size = self.anchored.get(anchor).copied().unwrap_or(1);
                self.values = self.values.saturating_add(size);
            }
            _ => {}
        }
    }

    /// Without an anchor, its number is 0.
    fn anchored(&mut self, anchor: usize, size: usize) {
        if anchor != 0 {
            self.anchored.insert(anchor, size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_within_its_bounds() {
        let check_with = |most: usize, text: &str, expected: Result<(), &str>| {
            let came = within(text, most);
            assert_eq!(came, expected.map_err(str::to_owned), "{text:.40}");
        };
        let check = |text: &str, expected| check_with(10, text, expected);
        check("a: [b, {c: d}]", Ok(()));
        check("", Ok(()));
        // What is no YAML is told by its reader.
        check("a: [b", Ok(()));
        check("a: b: c", Ok(()));
        // Nine texts and their list; one more.
        check("[1, 2, 3, 4, 5, 6, 7, 8, 9]", Ok(()));
        check(
            "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]",
            Err("more than 10 values, the bound"),
        );
        // Four of its own; the alias stands for three.
        check("[&a [1, 2], *a, *a]", Ok(()));
        check(
            "[&a [1, 2], *a, *a, *a]",
            Err("more than 10 values, the bound"),
        );
        let deep = Err("nested deeper than 255 levels, the bound");
        check_with(MAX_VALUES, &"[".repeat(100_000), deep);
        check_with(MAX_VALUES, &"{a: ".repeat(100_000), deep);
        check_with(MAX_VALUES, &"- ".repeat(100_000), deep);
        check_with(
            MAX_VALUES,
            &format!("http: {{x: {}", "[".repeat(100_000)),
            deep,
        );
    }
}
