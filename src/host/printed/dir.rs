//! What `dir` prints of one file on Windows, the console's and PowerShell's. That a file is not there it says in the
//! machine's language, and of a pattern; so that is not read.

use crate::host::FileMeta;

/// What it printed of `path`; `None` where it does not stand there.
pub fn read(text: &str, path: &str) -> Option<FileMeta> {
    let (folder, name) = path
        .trim_end_matches(['\\', '/'])
        .rsplit_once(['\\', '/'])?;
    let folder = format!("{folder}\\").replace('/', "\\");
    let mut here = false;
    for line in text.lines() {
        let line = line.trim();
        if let Some(at) = line.find(":\\").and_then(|colon| colon.checked_sub(1)) {
            // ` Directory of C:\x` and ` Verzeichnis von C:\x`
            let named = format!("{}\\", line.get(at..)?.trim_end_matches('\\'));
            here = named.eq_ignore_ascii_case(&folder);
            continue;
        }
        let own = line
            .len()
            .checked_sub(name.len())
            .and_then(|at| line.split_at_checked(at))
            .filter(|(before, own)| {
                here && own.eq_ignore_ascii_case(name) && before.ends_with(' ')
            });
        let Some((before, _)) = own else {
            continue;
        };
        let words: Vec<&str> = before.split_whitespace().collect();
        let is_folder = words.contains(&"<DIR>")
            || words
                .first()
                .is_some_and(|mode| mode.len() >= 5 && mode.starts_with("d-"));
        // Both group digits by what the language does.
        let size = words
            .last()
            .filter(|_| !is_folder && words.len() >= 3)
            .and_then(|word| {
                let digits: String = word.chars().filter(char::is_ascii_digit).collect();
                let grouped = word
                    .chars()
                    .all(|c| c.is_ascii_digit() || ".,'\u{a0}\u{202f}".contains(c));
                digits.parse::<u64>().ok().filter(|_| grouped)
            });
        if is_folder || size.is_some() {
            return Some(FileMeta {
                size_bytes: size,
                folder: Some(is_folder),
                ..FileMeta::there(path)
            });
        }
    }
    None
}
