//! The recorded host against looks: what was recorded, what is absent, what is not known.

mod paths;
mod replies;

use std::{
    io::Read,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use super::*;
use crate::finding::Reason;

const LINUX: &str = r#"
os: linux
now: 2026-08-23T10:00:00Z
zone: America/New_York
files: true
roots: [/opt/mid, "/var/log/*.log"]
denied: ["/opt/mid/keys/**", /opt/mid/agent/secret.xml]
irregular: { /opt/mid/agent/pipe.xml: fifo }
meta:
  /opt/mid/agent/logs/agent0.log.1: { modified: 2026-08-23T09:00:00Z }
  /opt/mid/agent/logs/agent0.log.0: { modified: 2026-08-23T08:00:00Z }
  /opt/mid/agent/work: { folder: true, owner: mid, writable: false }
partial: [/opt/mid/agent/cut.txt]
services:
  - { manager: systemd, name: mid.service, state: running, pid: 12 }
  - { manager: systemd, name: snc_mid_1, state: stopped }
disks: { /opt: { free_bytes: 1, total_bytes: 2 }, /opt/mid/agent: { free_bytes: 3, total_bytes: 4 } }
dns: { example.com: { addresses: [192.0.2.1], code: NOERROR }, x@192.0.2.53: { addresses: [], code: TIMEOUT } }
tcp: { "example.com:443": { open: { address: "192.0.2.1:443", took_ms: 3 } }, "example.com:443 via proxy:3128": refused }
tls: { "example.com:443": { no-way: { unreachable: one } }, "example.com:443 for other.example by /opt/cacerts via proxy:3128": { no-way: { unreachable: two } } }
http: { "GET https://example.com/": { answered: { status: 401 } }, "GET https://example.com/ as admin": { answered: { status: 200 } } }
ping: { example.com: { silent: { address: 192.0.2.1, sent: 4 } }, gone.example: { unresolved: NXDOMAIN } }
programs: { java -version: { exited: { status: 0, stdout: "", stderr: v17 } } }
"#;

const FILES: Embedded = Embedded(&[
    ("opt/mid/agent/config.xml", b"<parameters/>"),
    ("opt/mid/agent/secret.xml", b"<secret/>"),
    ("opt/mid/agent/logs/agent0.log.0", b"zero"),
    ("opt/mid/agent/logs/agent0.log.1", b"one"),
    ("opt/mid/agent/logs/agent0.log.0.lck", b""),
    ("opt/mid/agent/work/mid.pid", b" 12\n"),
    ("opt/mid/agent/cut.txt", b"start"),
]);

fn linux() -> Recorded {
    Recorded::new(LINUX, FILES).unwrap()
}

/// A recorded host never waits: its future is ready when first asked.
fn look(host: &dyn Host, look: &Look) -> Result<Reply, Unknown> {
    struct Nobody;
    impl Wake for Nobody {
        fn wake(self: Arc<Self>) {}
    }
    let limits = Limits {
        timeout: Duration::from_secs(1),
    };
    match host
        .look(look, limits)
        .as_mut()
        .poll(&mut Context::from_waker(&Waker::from(Arc::new(Nobody))))
    {
        Poll::Ready(reply) => reply,
        Poll::Pending => panic!("a recorded host waited"),
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// What files a look gives: path, and content or why there is none.
fn files(host: &dyn Host, asked: Look) -> Result<Vec<(String, String)>, (Reason, String)> {
    match look(host, &asked) {
        Ok(Reply::Files(files)) => Ok(files
            .into_iter()
            .map(|file| {
                let content = match file.content {
                    Ok(mut content) => {
                        let mut text = String::new();
                        match content.read_to_string(&mut text) {
                            Ok(_) => text,
                            Err(error) => format!("{error}"),
                        }
                    }
                    Err(why) => why.detail,
                };
                (file.path, content)
            })
            .collect()),
        Ok(other) => panic!("{other:?}"),
        Err(why) => Err((why.reason, why.detail)),
    }
}

#[test]
fn a_file_is_there_or_absent_or_not_recorded() {
    #[track_caller]
    fn check(paths: &[&str], expected: Result<&[(&str, &str)], (Reason, &str)>) {
        let got = files(
            &linux(),
            Look::File {
                paths: texts(paths),
            },
        );
        let expected = expected
            .map(|files| {
                files
                    .iter()
                    .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                    .collect::<Vec<_>>()
            })
            .map_err(|(reason, why)| (reason, why.to_owned()));
        assert_eq!(got, expected, "{paths:?}");
    }
    let config = ("/opt/mid/agent/config.xml", "<parameters/>");
    check(&[config.0], Ok(&[config]));
    check(
        &["/opt/mid/none.xml", "/opt/mid/./agent//config.xml"],
        Ok(&[config]),
    );
    check(&["/opt/mid/none.xml"], Ok(&[]));
    check(&["/var/log/none.log"], Ok(&[]));
    check(
        &["/var/log/none.txt"],
        Err((Reason::NotRecorded, "`/var/log/none.txt` was not recorded")),
    );
    check(
        &["/etc/hosts", config.0],
        Err((Reason::NotRecorded, "`/etc/hosts` was not recorded")),
    );
    check(
        &["config.xml"],
        Err((Reason::Other, "`config.xml` is not an absolute path")),
    );
    check(&["/opt/mid/Agent/config.xml"], Ok(&[]));
    check(
        &["/opt/mid/keys/a.jks"],
        Err((Reason::NoRight, "/opt/mid/keys/a.jks: permission denied")),
    );
    let secret = (
        "/opt/mid/agent/secret.xml",
        "/opt/mid/agent/secret.xml: permission denied",
    );
    check(&[secret.0], Ok(&[secret]));
    let pipe = (
        "/opt/mid/agent/pipe.xml",
        "/opt/mid/agent/pipe.xml: a named pipe, not a regular file",
    );
    check(&[pipe.0], Ok(&[pipe]));
    let folder = (
        "/opt/mid/agent",
        "/opt/mid/agent: a folder, not a regular file",
    );
    check(&[folder.0], Ok(&[folder]));
    check(
        &["/opt/mid/agent/cut.txt"],
        Ok(&[("/opt/mid/agent/cut.txt", "only a part of it was recorded")]),
    );
}

#[test]
fn globs_give_the_newest_first() {
    let logs = |glob: &str| {
        files(
            &linux(),
            Look::Files {
                globs: texts(&[glob]),
            },
        )
    };
    let expected = [
        ("/opt/mid/agent/logs/agent0.log.1", "one"),
        ("/opt/mid/agent/logs/agent0.log.0", "zero"),
    ];
    let expected = expected
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .to_vec();
    assert_eq!(
        logs("/opt/mid/agent/logs/agent0.log.?"),
        Ok(expected.clone())
    );
    // What lies in the folder that nobody may list could be one of them.
    let mut and_a_gap = expected;
    and_a_gap.push((
        "/opt/mid/keys".to_owned(),
        "/opt/mid/keys: permission denied".to_owned(),
    ));
    assert_eq!(logs("/opt/mid/**/agent0.log.[01]"), Ok(and_a_gap));
    assert_eq!(logs("/opt/mid/none/*.log"), Ok(Vec::new()));
    assert_eq!(logs("/var/log/*.log"), Ok(Vec::new()));
    assert_eq!(
        logs("/var/log/*.txt"),
        Err((
            Reason::NotRecorded,
            "`/var/log/*.txt` was not recorded".to_owned()
        ))
    );
    assert_eq!(
        logs("/opt/mid/keys/*"),
        Err((
            Reason::NoRight,
            "/opt/mid/keys: permission denied".to_owned()
        ))
    );
}

#[test]
fn paths_are_suggested() {
    #[track_caller]
    fn check(glob: &str, folders: bool, expected: &[&str]) {
        match look(
            &linux(),
            &Look::Paths {
                globs: texts(&[glob]),
                folders,
            },
        )
        .unwrap()
        {
            Reply::Paths(paths) => assert_eq!(paths, expected),
            other => panic!("{other:?}"),
        }
    }
    check("/opt/mid/*", true, &["/opt/mid/agent"]);
    check(
        "/opt/mid/agent/*",
        true,
        &["/opt/mid/agent/logs", "/opt/mid/agent/work"],
    );
    check(
        "/opt/mid/agent/c*",
        false,
        &["/opt/mid/agent/config.xml", "/opt/mid/agent/cut.txt"],
    );
}

#[test]
fn meta_tells_what_content_does_not() {
    let meta = |path: &str| match look(
        &linux(),
        &Look::Meta {
            paths: texts(&[path]),
        },
    )
    .unwrap()
    {
        Reply::Meta(meta) => meta,
        other => panic!("{other:?}"),
    };
    let work = meta("/opt/mid/agent/work/").unwrap();
    assert_eq!(
        (work.folder, work.writable, work.owner.as_deref()),
        (Some(true), Some(false), Some("mid"))
    );
    let config = meta("/opt/mid/agent/config.xml").unwrap();
    assert_eq!(
        (config.size_bytes, config.readable, config.writable),
        (Some(13), Some(true), None)
    );
    assert_eq!(work.readable, None);
    let secret = meta("/opt/mid/agent/secret.xml").unwrap();
    assert_eq!((secret.readable, secret.writable), (Some(false), None));
    assert_eq!(meta("/opt/mid/none"), None);
}

#[test]
fn services_are_named_with_or_without_their_suffix() {
    #[track_caller]
    fn check(names: &[&str], expected: &[&str]) {
        let pid_file = Some("/opt/mid/agent/work/mid.pid".to_owned());
        let Ok(Reply::Services(services)) = look(
            &linux(),
            &Look::Services {
                names: texts(names),
                pid_file,
            },
        ) else {
            panic!("no services");
        };
        assert_eq!(
            services
                .services
                .iter()
                .map(|service| service.name.as_str())
                .collect::<Vec<_>>(),
            expected
        );
        assert_eq!(
            (services.pid, services.processes.hidden, services.no_manager),
            (Ok(Some(12)), true, false)
        );
    }
    check(&["mid"], &["mid.service"]);
    check(&["mid.service", "snc_mid_*"], &["mid.service", "snc_mid_1"]);
    check(&["other"], &[]);
}

#[test]
fn a_pid_file_is_known_absent_or_not_known() {
    #[track_caller]
    fn check(pid_file: &str, expected: Result<Option<u32>, &str>) {
        let asked = Look::Services {
            names: texts(&["mid"]),
            pid_file: Some(pid_file.to_owned()),
        };
        let Ok(Reply::Services(services)) = look(&linux(), &asked) else {
            panic!("no services");
        };
        let pid = services.pid.map_err(|why| why.detail);
        assert_eq!(pid, expected.map_err(str::to_owned));
    }
    check("/opt/mid/agent/work/mid.pid", Ok(Some(12)));
    check("/opt/mid/agent/work/none.pid", Ok(None));
    let denied = "/opt/mid/agent/secret.xml";
    check(denied, Err(&format!("{denied}: permission denied")));
    let partial = "/opt/mid/agent/cut.txt";
    check(
        partial,
        Err(&format!("{partial}: only a part of it was recorded")),
    );
    check("/run/mid.pid", Err("`/run/mid.pid` was not recorded"));
}

/// What is denied stands in its folder, though nothing of it was recorded.
#[test]
fn what_may_not_be_seen_is_not_taken_for_nothing() {
    #[track_caller]
    fn check(os: &str, denied: &str, glob: &str, expected: Result<usize, &str>) {
        let machine = format!("os: {os}\nfiles: true\ndenied: ['{denied}']");
        let host = Recorded::new(&machine, NoFiles).unwrap();
        let asked = Look::Files {
            globs: texts(&[glob]),
        };
        let got = files(&host, asked).map(|files| files.len());
        assert_eq!(got.map_err(|(_, why)| why), expected.map_err(str::to_owned));
        let asked = Look::Paths {
            globs: texts(&[glob]),
            folders: true,
        };
        assert_eq!(look(&host, &asked).is_err(), expected.is_err());
    }
    let why = Err("/opt/mid: permission denied");
    // A folder, or a link to one, whose inside nobody may see.
    check("linux", "/opt/mid", "/opt/*/logs/*.log", why);
    check("linux", "/opt/mid/**", "/opt/*/logs/*.log", why);
    check("linux", "/opt/mid", "/*/*/logs/*.log", why);
    check("linux", "/opt/mid", "/opt/*", why);
    check("linux", "/opt/mid", "/opt/other*/logs/*.log", Ok(0));
    check("linux", "/opt/mid/keys", "/opt/*/logs/*.log", Ok(0));
    let logs = "/opt/mid/logs/*.log";
    check(
        "linux",
        logs,
        logs,
        Err(&format!("{logs}: permission denied")),
    );
    check(
        "windows",
        r"C:\MID\**",
        r"c:\*\logs\*.log",
        Err(r"C:\MID: permission denied"),
    );
}

#[test]
fn the_machine_has_its_own_time() {
    let host = linux();
    assert_eq!(host.now().unwrap().to_string(), "2026-08-23T10:00:00Z");
    assert_eq!(host.zone().unwrap().iana_name(), Some("America/New_York"));
    let bare = Recorded::new("os: macos", NoFiles).unwrap();
    assert_eq!((bare.now(), bare.os()), (None, Os::Macos));
    let nothing = look(
        &bare,
        &Look::File {
            paths: texts(&["/etc/hosts"]),
        },
    )
    .unwrap_err();
    assert_eq!(nothing.detail, "`/etc/hosts` was not recorded");
}

#[test]
fn windows_knows_no_case_and_both_slashes() {
    let files_of = Embedded(&[("C/ServiceNow/MID/agent/config.xml", b"<x/>")]);
    let host = Recorded::new(
        "os: windows\nfiles: true\nroots: ['C:\\ServiceNow']",
        files_of,
    )
    .unwrap();
    let spelt = r"C:\ServiceNow\MID\agent\config.xml";
    for asked in [spelt, "c:/servicenow/mid/AGENT/Config.xml"] {
        let got = files(
            &host,
            Look::File {
                paths: texts(&[asked]),
            },
        );
        assert_eq!(
            got,
            Ok(vec![(spelt.to_owned(), "<x/>".to_owned())]),
            "{asked}"
        );
    }
    let globs = texts(&[
        r"C:\servicenow\*\agent\*.xml",
        "C:/ServiceNow/MID/**/config.xml",
    ]);
    assert_eq!(
        files(&host, Look::Files { globs }),
        Ok(vec![(spelt.to_owned(), "<x/>".to_owned())])
    );
    let Ok(Reply::Paths(paths)) = look(
        &host,
        &Look::Paths {
            globs: texts(&[r"C:\ServiceNow\*\agent"]),
            folders: true,
        },
    ) else {
        panic!("no paths");
    };
    assert_eq!(paths, [r"C:\ServiceNow\MID\agent"]);
    let elsewhere = files(
        &host,
        Look::File {
            paths: texts(&[r"D:\x"]),
        },
    );
    assert_eq!(
        elsewhere,
        Err((Reason::NotRecorded, r"`D:\x` was not recorded".to_owned()))
    );
}
