//! What PowerShell's `Format-List` prints: blocks of `Name : value`, parted by empty lines. Names are of no language.

/// One object: its properties in order, a value that goes on in further lines put together.
pub(super) type Block = Vec<(String, String)>;

/// The blocks; lines of anything else are left out.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            open = false;
            continue;
        }
        if let Some((name, value)) = property(line) {
            match blocks.last_mut().filter(|_| open) {
                Some(block) => block.push((name.to_owned(), value.to_owned())),
                None => blocks.push(vec![(name.to_owned(), value.to_owned())]),
            }
            open = true;
        } else if open
            && line.starts_with(' ')
            && let Some((_, value)) = blocks.last_mut().and_then(|block| block.last_mut())
        {
            // Broken at the window's width, wherever that is.
            value.push_str(line.trim_start());
        }
    }
    blocks
}

/// The value of a property; `None` where the block has none, or an empty one.
pub(super) fn value<'b>(block: &'b Block, name: &str) -> Option<&'b str> {
    let found = block
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    found
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

fn property(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line
        .split_once(" : ")
        .or_else(|| Some((line.trim_end().strip_suffix(" :")?, "")))?;
    let name = name.trim_end();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some((name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_properties() {
        let text = "\nName : C\nRoot : C:\\\nUsed :\n\nName      : D\nLong      : one two\n            three\nFree      : 12\n\n";
        let read = blocks(text);
        assert_eq!(read.len(), 2);
        assert_eq!(value(&read[0], "root"), Some("C:\\"));
        assert_eq!(value(&read[0], "Used"), None);
        assert_eq!(value(&read[1], "Long"), Some("one twothree"));
        assert_eq!(value(&read[1], "Free"), Some("12"));
    }
}
