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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unkept {
    /// So many entries were.
    upto: usize,
    /// What was handed over before is another transcript: trees were changed.
    rewritten: bool,
}

impl Unkept {
    /// Of a case that is taken up again; `rewritten`: not all of its journal fits the trees.
    pub fn of(transcript: &[Entry], rewritten: bool) -> Self {
        Self {
            upto: transcript.len(),
            rewritten,
        }
    }

    /// The transcript was made anew on other trees.
    pub fn rewrite(&mut self, transcript: &[Entry]) {
        *self = Self::of(transcript, true);
    }

    /// What is to be handed over now. What no longer fits the trees stays as it is on the disk until a person goes on
    /// without it: a tree may be mended again.
    pub fn take(&mut self, transcript: &[Entry]) -> Option<Change> {
        let new = transcript.get(self.upto..)?;
        if new.is_empty() || self.rewritten && !new.iter().any(Entry::is_by_person) {
            return None;
        }
        let cut = std::mem::take(&mut self.rewritten).then_some(0);
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
        let mut transcript = vec![entry(Record::Done)];
        let mut unkept = Unkept::of(&transcript, true);
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
    }
}
