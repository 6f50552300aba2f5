//! A mapping with known keys, taken apart in one pass.

use crate::{
    diag::{Diagnostic, Span},
    tree::{
        lint::codes,
        lower::{Lower, nearest},
        yaml::{Entry, Yaml},
    },
};

/// The entries of a mapping by the keys that it may have.
pub struct Fields<'y, 'a, 'k> {
    keys: &'k [&'k str],
    entries: Vec<Option<&'y Entry<'a>>>,
    what: &'static str,
    span: Span,
}

impl<'y, 'a, 'k> Fields<'y, 'a, 'k> {
    /// `what` is what the mapping is: `a node`. Reports keys that it cannot have; `None` if it is no mapping.
    pub fn of(
        lower: &mut Lower<'_>,
        value: &'y Yaml<'a>,
        what: &'static str,
        keys: &'k [&'k str],
    ) -> Option<Self> {
        let Some(map) = value.as_map() else {
            lower.wrong_type(value, "a mapping");
            return None;
        };
        let mut fields = Self {
            keys,
            entries: vec![None; keys.len()],
            what,
            span: value.span,
        };
        for entry in map {
            match keys.iter().position(|key| *key == entry.key) {
                Some(at) => fields.entries[at] = Some(entry),
                None => lower.unknown_key(entry, what, keys),
            }
        }
        Some(fields)
    }

    pub fn entry(&self, key: &str) -> Option<&'y Entry<'a>> {
        let at = self.keys.iter().position(|known| *known == key)?;
        self.entries[at]
    }

    /// The key's value, if it is written and not nothing.
    pub fn take(&mut self, key: &str) -> Option<&'y Yaml<'a>> {
        self.entry(key)
            .map(|entry| &entry.value)
            .filter(|value| !value.is_null())
    }

    /// The key's value; without one it is reported at `at`.
    pub fn required(&mut self, lower: &mut Lower<'_>, key: &str, at: Span) -> Option<&'y Yaml<'a>> {
        match self.entry(key) {
            Some(entry) if entry.value.is_null() => {
                if !lower.is_broken(Some(entry)) {
                    lower.report(Diagnostic::error(
                        codes::MISSING_KEY,
                        entry.key_span,
                        format!("`{key}` has no value"),
                    ));
                }
                None
            }
            Some(entry) => Some(&entry.value),
            // It may stand in what was left out.
            None if lower.left_out_in(self.span) => None,
            None => {
                lower.report(Diagnostic::error(
                    codes::MISSING_KEY,
                    at,
                    format!("{} wants `{key}`", self.what),
                ));
                None
            }
        }
    }
}

impl Lower<'_> {
    pub fn unknown_key(&mut self, entry: &Entry<'_>, what: &str, keys: &[&str]) {
        let message = format!("{what} has no key `{}`", entry.key);
        let mut diagnostic = Diagnostic::error(codes::UNKNOWN_KEY, entry.key_span, message);
        diagnostic = match nearest(&entry.key, keys.iter().copied()) {
            Some(near) => diagnostic
                .help(format!("did you mean `{near}`?"))
                .replacement(near),
            None if keys.len() <= 16 => {
                diagnostic.help(format!("it may have {}", list(keys, "and")))
            }
            None => diagnostic,
        };
        self.report(diagnostic);
    }

    pub fn wrong_type(&mut self, value: &Yaml<'_>, wanted: &str) {
        let mut diagnostic = Diagnostic::error(
            codes::WRONG_TYPE,
            value.span,
            format!("{wanted} is wanted here, and this is {}", value.what()),
        );
        if let Some(scalar) = value.as_scalar()
            && scalar.plain
            && wanted.contains("text")
            && !value.is_null()
        {
            diagnostic = diagnostic
                .help("put it in quotes")
                .replacement(format!("\"{}\"", scalar.text));
        }
        self.report(diagnostic);
    }

    /// The entries of a mapping with free keys; none where there is nothing.
    pub fn entries<'y, 'a>(&mut self, value: Option<&'y Yaml<'a>>) -> &'y [Entry<'a>] {
        let Some(value) = value else { return &[] };
        match value.as_map() {
            Some(entries) => entries,
            None => {
                self.wrong_type(value, "a mapping");
                &[]
            }
        }
    }

    /// The items of a list; a single value is a list of one.
    pub fn items<'y, 'a>(&mut self, value: Option<&'y Yaml<'a>>) -> Option<&'y [Yaml<'a>]> {
        let value = value?;
        match value.as_list() {
            Some(items) => Some(items),
            None => Some(std::slice::from_ref(value)),
        }
    }
}

/// `` `a`, `b` and `c` ``.
pub fn list(names: &[&str], joint: &str) -> String {
    match names {
        [] => "none".to_owned(),
        [one] => format!("`{one}`"),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(|name| format!("`{name}`")).collect();
            format!("{} {joint} `{last}`", rest.join(", "))
        }
    }
}
