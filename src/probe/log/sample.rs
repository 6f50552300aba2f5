//! Made-up logs in the line formats that are met, for tests.

use std::{
    io::{Cursor, Read},
    sync::atomic::AtomicBool,
};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

use crate::{
    finding::{Os, Reason, Unknown, Value},
    host::{Opened, Reply},
    probe::{Judged, Judging, Kind, Params, log::Log},
};

/// Until about 2020: month first, no zone, milliseconds in brackets.
pub const LEGACY: &str = "\
08/23/21 07:00:00 (001) StartupSequencer Old noise: connect timed out when posting to https://x.example
08/23/21 08:00:00 (101) StartupSequencer MID Server started
08/23/21 08:00:05 (563) StartupSequencer SOAP Response: Status code=401, Response body=
08/23/21 08:00:05 (570) StartupSequencer DEBUG: trying again
08/23/21 08:00:06 (571) StartupSequencer WARNING *** WARNING *** Could not authenticate user 'mid.user' on the ServiceNow instance
\tat com.example.Login.check(Login.java:12)
\tat com.example.Main.main(Main.java:3)
08/23/21 08:01:00 (002) File sync worker: ecc_agent_jar SEVERE *** ERROR *** connect timed out when posting to https://x.example
";

/// In between: year first, two blanks before the milliseconds.
pub const INTERMEDIATE: &str = "\
2020-03-13 06:09:54  (390) StartupSequencer MID Server started
2020-03-13 06:10:54  (391) Worker-Standard:PowershellProbe SEVERE *** ERROR *** connect timed out when posting to https://x.example
";

/// Now: ISO with an offset, level, thread, class.
pub const MODERN: &str = "\
2026-06-03T09:46:18.182-0400 INFO  (MIDServer) [Main:292] Initializing MID Server
2026-06-03T09:46:20.001-0400 WARN  (MIDServer) [Main:209] connect timed out when posting to https://x.example
java.net.SocketTimeoutException: connect timed out
";

/// The service wrapper's own log.
pub const WRAPPER: &str = "\
2026/06/03 09:46:00 | --> Wrapper Started as Daemon
2026/06/03 09:47:00 | The JVM has run out of memory.
";

/// What the upgrade writes into the wrapper's log.
pub const UPGRADE: &str = "\
INFO   | jvm 1    | 2018/04/27 17:12:11.951 | SEVERE: something cannot be deleted: it is in use
";

pub fn params(changes: serde_json::Value) -> Params {
    let mut json = json!({
        "files": "/logs/*",
        "stamps": ["%m/%d/%y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%.f%z", "%Y/%m/%d %H:%M:%S%.f"],
        "start": "MID Server started|Initializing MID Server",
        "patterns": {
            "auth": {"match": "Could not authenticate user '(?<user>[^']*)'", "near": "Status code=(?<code>401)", "within": 15},
            "no_route": "connect timed out when posting to",
            "out_of_memory": {"match": "JVM has run out of memory", "in": "wrapper.log*"},
        },
    });
    for (name, value) in changes.as_object().expect("changes are a map") {
        json[name] = value.clone();
    }
    match Value::from(json) {
        Value::Map(map) => map,
        _ => panic!("parameters are a map"),
    }
}

/// A file that can be read.
pub fn file(path: &str, content: impl Into<Vec<u8>>) -> Opened {
    opened(path, Ok(Box::new(Cursor::new(content.into()))))
}

/// A file that this user may not read.
pub fn denied(path: &str) -> Opened {
    opened(
        path,
        Err(Unknown::new(
            Reason::NoRight,
            format!("{path}: permission denied"),
        )),
    )
}

pub fn opened(path: &str, content: Result<Box<dyn Read + Send>, Unknown>) -> Opened {
    Opened {
        path: path.to_owned(),
        size_bytes: 0,
        modified: None,
        content,
    }
}

/// Judges on a machine four hours behind UTC, at noon of 3 June 2026 there.
pub fn run(changes: serde_json::Value, files: Vec<Opened>, stopped: bool) -> Judged {
    run_over(changes, vec![Ok(Reply::Files(files))], stopped)
}

/// Judges with all the replies of its looks.
pub fn run_over(
    changes: serde_json::Value,
    replies: Vec<Result<Reply, Unknown>>,
    stopped: bool,
) -> Judged {
    let stop = AtomicBool::new(stopped);
    let now: Timestamp = "2026-06-03T16:00:00Z".parse().expect("a time");
    let judging = Judging {
        now,
        zone: Some(TimeZone::fixed(jiff::tz::offset(-4))),
        os: Os::Linux,
        stop: &stop,
    };
    Log.judge(&params(changes), replies, &judging)
}
