//! Paths of the machine looked at, which need not be the machine that this runs on.
//!
//! Never touches a file: it takes texts apart and puts them together, by the rules of the given system.

use crate::finding::Os;

/// An absolute path taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    /// `/`, `C:\` or `\\server\share\`.
    pub root: String,
    /// Without empty ones and `.`; `..` is kept, because what it means depends on links.
    pub names: Vec<String>,
}

/// Takes an absolute path apart; `None` where it is relative.
pub(crate) fn split(path: &str, os: Os) -> Option<Parts> {
    if os != Os::Windows {
        let rest = path.strip_prefix('/')?;
        return Some(Parts {
            root: "/".to_owned(),
            names: names(rest, '/'),
        });
    }
    let path = path.replace('/', "\\");
    // What is written for the system's own calls means the same file.
    let bare = [r"\\?\", r"\\.\", r"\??\"]
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix));
    let share = match bare {
        Some(bare) => bare
            .split_at_checked(4)
            .filter(|(start, _)| start.eq_ignore_ascii_case(r"UNC\"))
            .map(|(_, share)| share),
        None => path.strip_prefix(r"\\"),
    };
    let path = bare.unwrap_or(&path);
    if let Some(rest) = share {
        let mut all = names(rest, '\\');
        // Nothing lies above a share: a server of that name would lead out of a recording.
        if all.len() < 2 || all[..2].iter().any(|name| name == "..") {
            return None;
        }
        let names = all.split_off(2);
        return Some(Parts {
            root: format!(r"\\{}\{}\", all[0], all[1]),
            names,
        });
    }
    let (drive, rest) = path.split_at_checked(2)?;
    let letter = drive
        .strip_suffix(':')
        .filter(|letter| letter.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let rest = rest
        .strip_prefix('\\')
        .or(rest.is_empty().then_some(rest))?;
    Some(Parts {
        root: format!(r"{}:\", letter.to_ascii_uppercase()),
        names: names(rest, '\\'),
    })
}

fn names(text: &str, separator: char) -> Vec<String> {
    text.split(separator)
        .filter(|name| !name.is_empty() && *name != ".")
        .map(str::to_owned)
        .collect()
}

/// A folder and a name in it, as one path.
pub(crate) fn join(folder: &str, name: &str, os: Os) -> String {
    let separator = if os == Os::Windows { '\\' } else { '/' };
    match folder.ends_with(separator) {
        true => format!("{folder}{name}"),
        false => format!("{folder}{separator}{name}"),
    }
}

/// Where a path stands in a recording: `/opt/x` at `opt/x`, `C:\x` at `C/x`, `\\server\share\x` at
/// `UNC/server/share/x`. `..` is taken as written, for a recording holds no links. `None` where the path is relative.
pub(crate) fn recorded_at(path: &str, os: Os) -> Option<String> {
    let Parts { root, names } = split(path, os)?;
    let mut place: Vec<&str> = Vec::new();
    match root.strip_prefix(r"\\") {
        Some(share) => {
            place.push("UNC");
            place.extend(share.split('\\').filter(|part| !part.is_empty()));
        }
        None => place.extend(root.strip_suffix(r":\")),
    }
    let fixed = place.len();
    for name in &names {
        match name.as_str() {
            ".." => place.truncate(place.len().saturating_sub(1).max(fixed)),
            name => place.push(name),
        }
    }
    Some(place.join("/"))
}

/// The machine's path of what a recording holds at `place`: the other way round from [`recorded_at`].
pub(crate) fn machine_path(place: &str, os: Os) -> String {
    if os != Os::Windows {
        return format!("/{place}");
    }
    match place.strip_prefix("UNC/") {
        Some(rest) => format!(r"\\{}", rest.replace('/', "\\")),
        None => match place.split_once('/') {
            Some((drive, rest)) => format!(r"{drive}:\{}", rest.replace('/', "\\")),
            None => format!(r"{place}:\"),
        },
    }
}

/// A text as it is compared: Windows and macOS know no upper and lower case in names.
pub(crate) fn folded(text: &str, os: Os) -> String {
    match os {
        Os::Linux => text.to_owned(),
        Os::Windows | Os::Macos => text.to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_has_one_place_for_a_path() {
        #[track_caller]
        fn check(os: Os, path: &str, expected: Option<&str>) {
            assert_eq!(recorded_at(path, os).as_deref(), expected, "{path}");
        }
        check(Os::Linux, "/opt/x/config.xml", Some("opt/x/config.xml"));
        check(Os::Linux, "/opt//x/./y/", Some("opt/x/y"));
        check(Os::Linux, "/opt/x/../../../etc", Some("etc"));
        check(Os::Linux, "/", Some(""));
        check(Os::Linux, "opt/x", None);
        check(Os::Linux, "", None);
        check(Os::Linux, r"/opt/a\b", Some(r"opt/a\b"));
        check(
            Os::Windows,
            r"C:\ServiceNow\agent",
            Some("C/ServiceNow/agent"),
        );
        check(
            Os::Windows,
            "c:/ServiceNow/agent/",
            Some("C/ServiceNow/agent"),
        );
        check(Os::Windows, r"C:\..\..\x", Some("C/x"));
        check(Os::Windows, r"C:", Some("C"));
        check(Os::Windows, r"C:x", None);
        check(Os::Windows, r"\x", None);
        check(Os::Windows, r"1:\x", None);
        check(
            Os::Windows,
            r"\\files\mid\agent",
            Some("UNC/files/mid/agent"),
        );
        check(Os::Windows, r"\\files", None);
        check(Os::Windows, r"\\?\C:\x", Some("C/x"));
        check(Os::Windows, "//?/C:/x", Some("C/x"));
        check(Os::Windows, r"\\.\c:\x", Some("C/x"));
        check(
            Os::Windows,
            r"\\?\UNC\files\mid\agent",
            Some("UNC/files/mid/agent"),
        );
        check(
            Os::Windows,
            r"\\?\unc\files\mid\..\..\x",
            Some("UNC/files/mid/x"),
        );
        check(Os::Windows, r"\\.\pipe\mid", None);
        check(Os::Windows, r"\\?\UNC\files", None);
        check(Os::Windows, r"\\..\..\x", None);
        check(Os::Windows, r"\\files\..\x", None);
        check(Os::Windows, r"\\files\.\mid\x", Some("UNC/files/mid/x"));
        check(Os::Windows, r"C:\a b\ä\.\x", Some("C/a b/ä/x"));
        check(Os::Windows, "é", None);
    }

    #[test]
    fn a_place_leads_back_to_its_path() {
        for (os, path) in [
            (Os::Linux, "/opt/x/config.xml"),
            (Os::Windows, r"C:\ServiceNow\agent\config.xml"),
            (Os::Windows, r"C:\"),
            (Os::Windows, r"\\files\mid\agent"),
        ] {
            let place = recorded_at(path, os).unwrap();
            assert_eq!(machine_path(&place, os), path);
        }
    }
}
