//! The text of a recorded host's `host.yaml`, with a few files beside it. It is looked at in every way, and that is
//! recorded again.
//!
//! Holds: reading twice says the same; what is recorded of a recording can be read, and knows what was known.

#![no_main]

use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read},
};

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use waypost::{
    finding::{Reason, Unknown},
    host::{Embedded, Files, Look, Recorded, Recorder, Reply},
    redact::Redactor,
};
use waypost_fuzz::looked;

/// On Linux and on Windows.
const FILES: Embedded = Embedded(&[
    ("opt/agent/config.xml", b"<parameters/>"),
    ("opt/agent/logs/agent0.log.0", b"one line\n"),
    ("opt/agent/work/mid.pid", b"12\n"),
    ("C/agent/config.xml", b"<parameters/>"),
]);

fuzz_target!(|text: &str| {
    let Ok(host) = Recorded::new(text, FILES) else {
        return;
    };
    let looks = looks(text);
    let recorder = Recorder::new(Box::new(host));
    let recording = recorder.recording();
    let first: Vec<String> = looks
        .iter()
        .map(|look| known(looked(&recorder, look)))
        .collect();
    let host = Recorded::new(text, FILES).expect("it was read before");
    let second: Vec<String> = looks
        .iter()
        .map(|look| known(looked(&host, look)))
        .collect();
    assert_eq!(first, second, "reading twice says two things");

    let written = recording
        .written(&mut Redactor::default(), Timestamp::UNIX_EPOCH, None)
        .expect("a reply can be written");
    if let Err(error) = Recorded::new(&written.host_yaml, Kept(written.files)) {
        panic!("{error}:\n{}", written.host_yaml);
    }
});

/// One of each sort, at paths and names that the text may hold.
fn looks(text: &str) -> Vec<Look> {
    let word = text
        .split(|c: char| c.is_whitespace() || "'\",{}[]".contains(c))
        .rfind(|word| word.len() > 2);
    let name = word
        .unwrap_or("example.com")
        .trim_end_matches(':')
        .to_owned();
    let paths = |path: &str| vec![path.to_owned(), name.clone()];
    let mut looks = Vec::new();
    for folder in ["/opt/agent", r"C:\agent"] {
        looks.extend([
            Look::File {
                paths: paths(&format!("{folder}/config.xml")),
            },
            Look::Files {
                globs: paths(&format!("{folder}/**")),
            },
            Look::Meta {
                paths: paths(folder),
            },
            Look::Paths {
                globs: paths(&format!("{folder}/*")),
                folders: false,
            },
            Look::Disk {
                path: folder.to_owned(),
            },
        ]);
    }
    looks.extend([
        Look::Processes,
        Look::Services {
            names: vec!["*".to_owned()],
            pid_file: Some("/opt/agent/work/mid.pid".to_owned()),
        },
        Look::Name {
            name: name.clone(),
            server: None,
        },
        Look::Connect {
            host: "example.com".to_owned(),
            port: 443,
            via: None,
        },
        Look::Ping {
            host: name.clone(),
            count: 1,
        },
        Look::Program {
            run: vec![name.clone()],
        },
    ]);
    looks
}

/// A reply in words, its files read.
fn known(reply: Result<Reply, Unknown>) -> String {
    let shown = format!("{reply:?}");
    if let Ok(Reply::Files(files)) = reply {
        for content in files.into_iter().filter_map(|file| file.content.ok()) {
            let mut content = content;
            io::copy(&mut content, &mut io::sink()).expect("memory can be read");
        }
    }
    shown
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
