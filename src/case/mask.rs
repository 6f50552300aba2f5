//! What people typed, masked before it is written down. Findings were masked when they were made; once more changes nothing.

use std::sync::Arc;

use crate::{
    engine::{Entry, Given, Opening, Parcel, Record},
    redact::Redactor,
};

/// What happened, fit to be written down.
pub fn entry(entry: &Entry, redactor: &mut Redactor) -> Entry {
    let record = match entry.record.clone() {
        Record::Input { name, given } => Record::Input {
            name,
            given: masked(given, redactor),
        },
        Record::Note { step, text } => Record::Note {
            step,
            text: redactor.text(&text),
        },
        Record::Suggested { input, candidates } => Record::Suggested {
            input,
            candidates: candidates.iter().map(|path| redactor.text(path)).collect(),
        },
        Record::Found {
            probe,
            params,
            finding,
        } => Record::Found {
            probe,
            params,
            finding: Arc::new(redactor.finding(Arc::unwrap_or_clone(finding))),
        },
        Record::Pasted {
            probe,
            params,
            finding,
        } => Record::Pasted {
            probe,
            params,
            finding: Arc::new(redactor.finding(Arc::unwrap_or_clone(finding))),
        },
        Record::Parcel(sent) => Record::Parcel(parcel(sent, redactor)),
        // Ids of trees, and nothing that anybody typed.
        record @ (Record::Answer { .. }
        | Record::Unsure { .. }
        | Record::Done
        | Record::Unable
        | Record::Applied
        | Record::Helped(_)
        | Record::SkipWait
        | Record::Back
        | Record::Edit { .. }
        | Record::Look
        | Record::Stop) => record,
    };
    Entry {
        record,
        ..entry.clone()
    }
}

/// What a case began with, fit to be written down.
pub fn opening(opening: &Opening, redactor: &mut Redactor) -> Opening {
    let mut opening = opening.clone();
    for given in opening.inputs.values_mut() {
        *given = masked(given.clone(), redactor);
    }
    opening.parcel = opening.parcel.map(|sent| parcel(sent, redactor));
    opening
}

/// What a bundle says of itself. A file may be called like a secret, or like a machine.
pub fn parcel(parcel: Parcel, redactor: &mut Redactor) -> Parcel {
    Parcel {
        name: redactor.text(&parcel.name),
        machine: parcel.machine.map(|machine| redactor.text(&machine)),
        ..parcel
    }
}

fn masked(given: Given, redactor: &mut Redactor) -> Given {
    match given {
        Given::Text(text) => Given::Text(redactor.text(&text)),
        given @ (Given::Secret | Given::Unknown) => given,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::{
        case::Line,
        engine::{ProbeKey, Spot},
        finding::{Evidence, Finding, Judgement, Os, Outcome, Source},
    };

    /// Whatever a person types where it does not belong.
    #[test]
    fn no_secret_is_written() {
        let planted = "password=hunter2-planted";
        let finding = Arc::new(Finding {
            judgement: Judgement::Outcome(Outcome::new("read")),
            facts: [("line".to_owned(), planted.into())].into_iter().collect(),
            evidence: vec![Evidence::plain(planted)],
            source: Source::Pasted,
            at: Timestamp::UNIX_EPOCH,
            took: Duration::ZERO,
            machine: None,
        });
        let probe = ProbeKey {
            tree: "t".into(),
            name: "p".into(),
        };
        let text = planted.to_owned();
        let records = [
            Record::Input {
                name: "x".into(),
                given: Given::Text("https://joe:hunter2-planted@x.example/".to_owned()),
            },
            Record::Note {
                step: None,
                text: text.clone(),
            },
            Record::Suggested {
                input: "x".into(),
                candidates: vec![text.clone()],
            },
            Record::Found {
                probe: probe.clone(),
                params: String::new(),
                finding: finding.clone(),
            },
            Record::Pasted {
                probe,
                params: String::new(),
                finding,
            },
        ];
        let mut redactor = Redactor::default();
        for record in records {
            let made = Entry {
                at: Timestamp::UNIX_EPOCH,
                spot: Spot::new("t".into(), "a".into()),
                generation: 0,
                record,
            };
            let line = Line::Entry(Box::new(entry(&made, &mut redactor))).bytes();
            let line = String::from_utf8(line).expect("JSON is text");
            assert!(
                !line.contains("hunter2") && line.contains("‹secret-"),
                "{line}"
            );
        }
        let mut begun = Opening::new("t".into(), Os::Linux, Timestamp::UNIX_EPOCH);
        begun.inputs.insert("x".into(), Given::Text(text));
        let shown = format!("{:?}", opening(&begun, &mut redactor));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
