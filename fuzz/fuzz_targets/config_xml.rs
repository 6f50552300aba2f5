//! The bytes of a `config.xml`, judged with the shipped trees' parameters: as they are, and as a recording keeps them.
//!
//! Holds: a masked file is judged as the file was; a mark lies in the line that it marks.

#![no_main]

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    sync::LazyLock,
};

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use waypost::{
    finding::{Judgement, Reason, Unknown},
    host::{Files, Recorded, Recorder},
    probe::{Judged, Params},
    redact::Redactor,
};
use waypost_fuzz::{AGENT, OneFile, judged, params};

static PARAMS: LazyLock<Params> = LazyLock::new(|| params("config"));

fuzz_target!(|bytes: &[u8]| {
    let file = OneFile {
        path: format!("{AGENT}/config.xml"),
        content: bytes.to_vec(),
    };
    let recorder = Recorder::new(Box::new(file));
    let recording = recorder.recording();
    let found = judged("config", &PARAMS, &recorder);
    marks_lie_in_their_lines(&found);

    let written = recording
        .written(&mut Redactor::default(), Timestamp::UNIX_EPOCH, None)
        .expect("a reply can be written");
    // What cannot be masked is left out.
    let Some(masked) = written.files.values().next().cloned() else {
        return;
    };
    let recorded = Recorded::new(&written.host_yaml, Kept(written.files))
        .expect("what was written can be read");
    let again = judged("config", &PARAMS, &recorded);
    // What is too large or too deep to judge may be less so without its secrets.
    if let Judgement::Outcome(outcome) = &found.judgement {
        assert_eq!(
            again.judgement,
            Judgement::Outcome(outcome.clone()),
            "masked it is {:?}",
            String::from_utf8_lossy(&masked)
        );
    }
});

fn marks_lie_in_their_lines(found: &Judged) {
    for evidence in &found.evidence {
        if let Some((from, to)) = evidence.mark {
            assert!(
                from <= to && to <= evidence.text.chars().count(),
                "{evidence:?}"
            );
        }
    }
}

struct Kept(BTreeMap<String, Vec<u8>>);

impl Files for Kept {
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
        Ok(self
            .0
            .iter()
            .map(|(path, content)| (path.clone(), content.len() as u64))
            .collect())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, Unknown> {
        let content = self
            .0
            .get(path)
            .ok_or_else(|| Unknown::new(Reason::NotAvailable, "no such file"))?;
        Ok(Box::new(Cursor::new(content.clone())))
    }
}
