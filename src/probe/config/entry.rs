//! What every format gives: entries with the bytes that they were written with, and the first place that breaks it.

use std::ops::Range;

/// Entries of one file. More are a sign that this is no configuration.
pub const MAX_ENTRIES: usize = 20_000;
/// What the names and values of one file take at most, in bytes. A nested name repeats those above it, and an alias what
/// it stands for, so that they may be far larger than the file.
const MAX_HELD: usize = 32 << 20;

/// Which elements are entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub entry: String,
    /// The attribute with the key.
    pub key: String,
    /// The attribute with the value; without one the element's text is the value.
    pub value: Option<String>,
}

/// Attributes of an element that say, where they are `true`, that its value is secret.
pub const MARKS: [&str; 5] = ["secure", "secret", "sensitive", "encrypt", "encrypted"];

/// One `key = value`, as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub name: String,
    /// Unescaped.
    pub value: String,
    /// Bytes of the text; escapes and quotes are as in the file.
    pub name_at: Range<usize>,
    pub value_at: Range<usize>,
    /// The file itself says that the value is secret.
    pub secret: bool,
}

/// The first place where the text breaks its format.
#[derive(Debug, Clone, PartialEq)]
pub struct Malformed {
    pub at: Range<usize>,
    pub fault: Fault,
    pub why: String,
}

/// What a mistake comes from, as a word that a tree can compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Empty,
    /// The file ends too soon.
    CutOff,
    /// An `&` that is not written as an entity.
    Ampersand,
    /// A quote is missing, curly, or stands in the wrong place.
    Quote,
    /// A tag or an element is not closed.
    NotClosed,
    /// Bytes of another encoding, or no text at all.
    Encoding,
    /// No mistake: it goes on beyond what is read. The file is then unknown, and no tree sees this.
    Bound,
    Other,
}

impl Fault {
    pub fn name(self) -> &'static str {
        match self {
            Fault::Empty => "empty",
            Fault::CutOff => "cut-off",
            Fault::Ampersand => "ampersand",
            Fault::Quote => "quote",
            Fault::NotClosed => "not-closed",
            Fault::Encoding => "encoding",
            Fault::Bound | Fault::Other => "other",
        }
    }
}

impl Malformed {
    pub fn new(at: Range<usize>, why: impl Into<String>) -> Self {
        Self {
            at,
            fault: Fault::Other,
            why: why.into(),
        }
    }

    pub fn empty() -> Self {
        Self {
            fault: Fault::Empty,
            ..Self::new(0..0, "the file is empty")
        }
    }

    pub fn cut_off(at: Range<usize>, why: impl Into<String>) -> Self {
        Self {
            fault: Fault::CutOff,
            ..Self::new(at, why)
        }
    }

    pub fn ampersand(at: Range<usize>, why: impl Into<String>) -> Self {
        Self {
            fault: Fault::Ampersand,
            ..Self::new(at, why)
        }
    }

    pub fn quote(at: Range<usize>, why: impl Into<String>) -> Self {
        Self {
            fault: Fault::Quote,
            ..Self::new(at, why)
        }
    }

    pub fn not_closed(at: Range<usize>, why: impl Into<String>) -> Self {
        Self {
            fault: Fault::NotClosed,
            ..Self::new(at, why)
        }
    }

    pub fn bound(at: Range<usize>, why: impl Into<String>) -> Self {
        Self {
            fault: Fault::Bound,
            ..Self::new(at, why)
        }
    }

    pub fn encoding(at: Range<usize>, why: impl Into<String>) -> Self {
        Self {
            fault: Fault::Encoding,
            ..Self::new(at, why)
        }
    }
}

/// A file, read as far as it goes.
#[derive(Debug, Default, PartialEq)]
pub struct Parsed {
    /// In the file's order; a key that stands twice is here twice.
    pub entries: Vec<Entry>,
    /// Names of entries that are commented out, in the file's order.
    pub commented: Vec<String>,
    pub malformed: Option<Malformed>,
    /// A reference to something that the file declares or loads: what stands there in truth is not followed.
    pub unfollowed: Option<Range<usize>>,
    /// What names and values take, in bytes.
    held: usize,
}

impl Parsed {
    pub fn push(&mut self, entry: Entry) {
        self.hold(entry.name.len() + entry.value.len());
        self.entries.push(entry);
    }

    /// Counts so many bytes more as taken.
    pub fn hold(&mut self, bytes: usize) {
        self.held = self.held.saturating_add(bytes);
    }

    /// Whether no more is to be read.
    pub fn full(&self) -> bool {
        self.bound().is_some()
    }

    /// The bound that ended the reading.
    pub fn bound(&self) -> Option<String> {
        if self.entries.len() > MAX_ENTRIES {
            return Some(format!("more than {MAX_ENTRIES} entries"));
        }
        let bound = MAX_HELD >> 20;
        (self.held > MAX_HELD).then(|| format!("names and values take more than {bound} MiB"))
    }
}
