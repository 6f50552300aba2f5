//! What a recording says where it does not know, in the words that the live machine would use.

use crate::finding::{Reason, Unknown};

/// Nobody looked there when it was recorded.
pub(crate) fn not_recorded(what: &str) -> Unknown {
    Unknown::new(Reason::NotRecorded, format!("`{what}` was not recorded"))
}

/// A path that means nothing without the folder that a program stands in.
pub(crate) fn not_absolute(path: &str) -> Unknown {
    Unknown::new(Reason::Other, format!("`{path}` is not an absolute path"))
}

/// Whoever recorded had no right to it.
pub(crate) fn no_right(path: &str) -> Unknown {
    Unknown::new(Reason::NoRight, format!("{path}: permission denied"))
}

/// Something else than a regular file stands there.
pub(crate) fn not_regular(path: &str, what: &str) -> Unknown {
    Unknown::new(
        Reason::NotRegular,
        format!("{path}: {what}, not a regular file"),
    )
}
