//! The order of rolled files: newest first, by time and then by the number at the end of their names.

use std::cmp::Reverse;

use super::Opened;

/// Sorts newest first. Files without a time come last; among equals, `agent0.log` stands before `agent0.log.0`, that
/// before `agent0.log.1`, and `wrapper.log.20260823` before `wrapper.log.20260822`.
pub(crate) fn newest_first(files: &mut [Opened]) {
    files.sort_by_cached_key(|file| (Reverse(file.modified), roll(&file.path), file.path.clone()));
}

/// How old a file's name says that it is: 0 is newest.
pub(crate) fn roll(path: &str) -> u64 {
    let name = path.strip_suffix(".gz").unwrap_or(path);
    let Some((_, end)) = name.rsplit_once('.') else {
        return 0;
    };
    match end.parse::<u64>() {
        // Eight digits or more are a date, which grows.
        Ok(date) if end.len() >= 8 => u64::MAX - date,
        Ok(number) => number.saturating_add(1),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_stands_first() {
        #[track_caller]
        fn check(files: &[(&str, Option<i64>)], expected: &[&str]) {
            let mut opened: Vec<Opened> = files
                .iter()
                .map(|(path, modified)| Opened {
                    path: (*path).to_owned(),
                    size_bytes: 0,
                    modified: modified.map(|s| jiff::Timestamp::from_second(s).unwrap()),
                    content: Ok(Box::new(std::io::empty())),
                })
                .collect();
            newest_first(&mut opened);
            assert_eq!(
                opened
                    .iter()
                    .map(|file| file.path.as_str())
                    .collect::<Vec<_>>(),
                expected
            );
        }
        check(
            &[("/a.log.0", Some(1)), ("/a.log.1", Some(2))],
            &["/a.log.1", "/a.log.0"],
        );
        check(
            &[("/a.log.10", None), ("/a.log.9", None), ("/a.log", None)],
            &["/a.log", "/a.log.9", "/a.log.10"],
        );
        check(
            &[("/a.log.2.gz", Some(5)), ("/a.log.1.gz", Some(5))],
            &["/a.log.1.gz", "/a.log.2.gz"],
        );
        check(
            &[("/w.log.20260822", None), ("/w.log.20260823", None)],
            &["/w.log.20260823", "/w.log.20260822"],
        );
        check(&[("/old", None), ("/new", Some(1))], &["/new", "/old"]);
    }
}
