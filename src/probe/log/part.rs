//! Logs of which a recording has the end alone.

use std::{
    collections::BTreeMap,
    io::Read,
    task::{Context, Poll, Waker},
    time::Duration,
};

use jiff::Timestamp;

use crate::{
    finding::{Judgement, Os, Reason, Unknown, Value},
    host::{Files, Host, Keep, Limits, Recorded, Recorder},
    probe::{Judged, Judging, kind},
    redact::Redactor,
};

struct Kept(BTreeMap<String, Vec<u8>>);

impl Files for Kept {
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
        let files = self.0.iter();
        Ok(files
            .map(|(path, bytes)| (path.clone(), bytes.len() as u64))
            .collect())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, Unknown> {
        Ok(Box::new(std::io::Cursor::new(self.0[path].clone())))
    }
}

/// A log of which the recording has the end alone is judged by its own line numbers, and what needs the start says why it
/// does not know.
#[test]
fn the_end_of_a_long_file_is_not_taken_for_its_start() {
    struct Long;
    impl Files for Long {
        fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
            Ok(vec![("opt/mid/long.log".to_owned(), 0)])
        }

        fn open(&self, _: &str) -> Result<Box<dyn Read + Send>, Unknown> {
            let lines = (1..=2000).map(|line| match line {
                1 => "refused by nobody\n".to_owned(),
                1990 => "MID Server started\n".to_owned(),
                1995 => "refused by the instance\n".to_owned(),
                line => format!("line = {line}\n"),
            });
            Ok(Box::new(std::io::Cursor::new(lines.collect::<String>())))
        }
    }
    let judged = |host: &dyn Host, name: &str, params: serde_json::Value| {
        let kind = kind(name).expect("it is registered");
        let Value::Map(params) = params.into() else {
            panic!("parameters are a map");
        };
        let limits = Limits {
            timeout: Duration::from_secs(1),
        };
        let looks = kind.looks(&params).unwrap();
        let replies = looks.iter().map(|asked| {
            let Poll::Ready(reply) = host
                .look(asked, limits)
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
            else {
                panic!("a recorded host waited");
            };
            reply
        });
        let replies = replies.collect();
        let judging = Judging {
            now: Timestamp::UNIX_EPOCH,
            zone: None,
            os: Os::Linux,
            stop: &false.into(),
        };
        kind.judge(&params, replies, &judging)
    };
    let log = |start: Option<&str>| serde_json::json!({"files": "/opt/mid/*.log", "start": start, "patterns": {"refused": "refused by"}});
    let config = || serde_json::json!({"file": "/opt/mid/long.log", "format": "properties"});

    let keep = Keep {
        of_one: 1 << 10,
        ..Keep::default()
    };
    let host = Recorded::new("os: linux\nfiles: true\n", Long).unwrap();
    let recorder = Recorder::within(Box::new(host), keep);
    let whole = judged(&recorder, "log", log(Some("MID Server started")));
    let everything = judged(&recorder, "log", log(None));
    assert!(matches!(
        judged(&recorder, "config", config()).judgement,
        Judgement::Outcome(_)
    ));
    let written = recorder
        .recording()
        .written(&mut Redactor::default(), Timestamp::UNIX_EPOCH, None)
        .unwrap();
    let again = |yaml: &str| Recorded::new(yaml, Kept(written.files.clone())).unwrap();
    let part = again(&written.host_yaml);
    // Since its start all of it is there, and nothing is another than it was.
    let since_start = judged(&part, "log", log(Some("MID Server started")));
    assert_eq!(since_start, whole, "{}", written.host_yaml);
    assert_eq!(since_start.evidence[0].line, Some(1995));
    // Without a start, what is missing may hold more.
    let count = |judged: &Judged| judged.facts["refused"].get("count").cloned();
    assert_eq!(count(&everything), Some(2u64.into()));
    let end = judged(&part, "log", log(None));
    assert_eq!(count(&end), Some(1u64.into()));
    assert!(matches!(&end.facts["gaps"], Value::List(gaps) if gaps.len() == 1));
    let Judgement::Unknown(why) = judged(&part, "config", config()).judgement else {
        panic!("the middle of a file was read as a whole one");
    };
    assert_eq!(why.reason, Reason::NotWhole);
    assert!(
        why.detail
            .starts_with("/opt/mid/long.log: only what follows line 1"),
        "{}",
        why.detail
    );
    // Where nobody counted the lines, none is named.
    let (before, after) = written.host_yaml.split_once("from_line: ").unwrap();
    let uncounted = format!("{before}{}", &after[after.find("to_end").unwrap()..]);
    let uncounted = judged(&again(&uncounted), "log", log(None));
    assert_eq!(uncounted.evidence[0].line, None);
    assert_eq!(uncounted.evidence[0].text, "refused by the instance");
}
