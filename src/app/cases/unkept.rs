//! What of a transcript is not handed over yet, whoever draws the case.

use crate::engine::Entry;

/// What a case's transcript has more than was handed over before.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// So many entries still count of those that were handed over; `None`: all of them.
    pub cut: Option<usize>,
    pub entries: Vec<Entry>,
}

/// How far a transcript was handed over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unkept {
    /// So many entries were.
    upto: usize,
    /// Not all that happened fits the trees as they are.
    held: Option<Held>,
}

/// All that happened, while a part of it does not fit.
#[derive(Debug, Clone, PartialEq)]
struct Held {
    entries: Vec<Entry>,
    /// So many of them were handed over.
    upto: usize,
}

impl Unkept {
    /// Of a case that is taken up again: what its journal has, and the transcript that the trees made of it.
    pub fn of(journal: &[Entry], transcript: &[Entry]) -> Self {
        let mut unkept = Self {
            upto: journal.len(),
            held: None,
        };
        unkept.replayed(journal.to_vec(), transcript);
        unkept
    }

    /// What a replay is to be made from: all that happened, whether it fits the trees as they are or not.
    pub fn whole(&self, transcript: &[Entry]) -> Vec<Entry> {
        let mut whole = self
            .held
            .as_ref()
            .map_or_else(Vec::new, |held| held.entries.clone());
        let from = if self.held.is_some() { self.upto } else { 0 };
        whole.extend_from_slice(transcript.get(from..).unwrap_or_default());
        whole
    }

    /// The transcript was made anew from this, on other trees.
    pub fn replayed(&mut self, whole: Vec<Entry>, transcript: &[Entry]) {
        let upto = self.held.as_ref().map_or(self.upto, |held| held.upto);
        if transcript.len() == whole.len() {
            *self = Self { upto, held: None };
        } else {
            *self = Self {
                upto: transcript.len(),
                held: Some(Held {
                    entries: whole,
                    upto,
                }),
            };
        }
    }

    /// Some of what happened does not fit the trees as they are.
    pub fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// What is to be handed over now. What no longer fits the trees stays as it is on the disk until a person goes on
    /// without it: a tree may be mended again.
    pub fn take(&mut self, transcript: &[Entry]) -> Option<Change> {
        let new = transcript.get(self.upto..)?;
        if new.is_empty() || self.is_held() && !new.iter().any(Entry::is_by_person) {
            return None;
        }
        let cut = self.held.take().map(|_| 0);
        let entries = transcript[cut.unwrap_or(self.upto)..].to_vec();
        self.upto = transcript.len();
        Some(Change { cut, entries })
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use jiff::Timestamp;

    use super::*;
    use crate::{
        engine::{ProbeKey, Record, Spot},
        finding::{Finding, Reason, Source, Unknown},
    };

    fn entry(record: Record) -> Entry {
        Entry {
            at: Timestamp::UNIX_EPOCH,
            spot: Spot::new("t".into(), "a".into()),
            generation: 0,
            record,
        }
    }

    fn found() -> Entry {
        let why = Unknown::new(Reason::Other, "x");
        let finding =
            Finding::unknown(why, Source::Observed, Timestamp::UNIX_EPOCH, Duration::ZERO);
        entry(Record::Found {
            probe: ProbeKey {
                tree: "t".into(),
                name: "p".into(),
            },
            params: String::new(),
            finding: Arc::new(finding),
        })
    }

    #[test]
    fn each_entry_is_handed_over_once() {
        let mut unkept = Unkept::default();
        let mut transcript = vec![found()];
        let all = |cut, entries: &[Entry]| {
            let entries = entries.to_vec();
            Some(Change { cut, entries })
        };
        assert_eq!(unkept.take(&transcript), all(None, &transcript));
        assert_eq!(unkept.take(&transcript), None);
        transcript.push(entry(Record::Done));
        assert_eq!(unkept.take(&transcript), all(None, &transcript[1..]));
    }

    #[test]
    fn what_does_not_fit_counts_until_a_person_goes_on() {
        let journal = [entry(Record::Done), entry(Record::Look)];
        let mut transcript = vec![entry(Record::Done)];
        let mut unkept = Unkept::of(&journal, &transcript);
        transcript.push(found());
        assert_eq!(unkept.take(&transcript), None);
        transcript.push(entry(Record::Back));
        let expected = Change {
            cut: Some(0),
            entries: transcript.clone(),
        };
        assert_eq!(unkept.take(&transcript), Some(expected));
        transcript.push(found());
        assert_eq!(
            unkept.take(&transcript).map(|change| change.cut),
            Some(None)
        );
        assert!(!unkept.is_held());
    }

    /// Once the trees are mended, nothing that was on the disk is handed over again, and what was found meanwhile is.
    #[test]
    fn what_fits_again_is_there_again() {
        let journal = vec![entry(Record::Done), entry(Record::Look)];
        let mut transcript = vec![entry(Record::Done)];
        let mut unkept = Unkept::of(&journal, &transcript);
        transcript.push(found());
        assert_eq!(unkept.take(&transcript), None);
        let whole = unkept.whole(&transcript);
        assert_eq!(whole, [&journal[..], &[found()]].concat());
        // Worse for a moment: nothing is lost by that either.
        unkept.replayed(whole, &[]);
        let whole = unkept.whole(&[]);
        unkept.replayed(whole.clone(), &whole);
        assert!(!unkept.is_held());
        let expected = Change {
            cut: None,
            entries: vec![found()],
        };
        assert_eq!(unkept.take(&whole), Some(expected));
        assert_eq!(unkept.whole(&whole), whole);
    }
}
