//! A recording answers as its machine did, and nothing beyond.

mod failures;
mod keys;
mod parts;

use std::{
    io::Read,
    sync::Mutex,
    task::{Context, Poll, Waker},
    time::Duration,
};

use super::*;
use crate::{
    finding::{Address, Reason},
    host::{Embedded, Files, HttpRequest, Recorded, TlsRequest, Trust, Via},
};

const MACHINE: &str = r#"
os: linux
files: true
denied: ["/opt/locked/**"]
irregular: { /opt/mid/pipe: fifo }
meta: { /opt/mid/work: { folder: true }, /opt/mid/a.log.0: { modified: 2026-08-23T09:00:00Z } }
services: [ { manager: systemd, name: mid, state: running }, { manager: systemd, name: other, state: failed } ]
processes: { list: [ { pid: 7, command_line: java mid, user: mid } ] }
disks: { /: { free_bytes: 1, total_bytes: 2 } }
dns: { example.com: { addresses: [192.0.2.1], code: NOERROR } }
tcp: { "example.com:443": { unreachable: no route }, "example.com:80": timed-out }
tls:
  "example.com:443":
    shown:
      address: "192.0.2.1:443"
      chain:
        - { subject: "CN=example.com", issuer: "CN=Made-up", not_before: 2026-01-01T00:00:00Z, not_after: 2027-01-01T00:00:00Z, ocsp: ["http://ocsp.example/"] }
      trust: { untrusted: { why: unknown-issuer, detail: UnknownIssuer } }
      revocation: [ { url: "http://ocsp.example/", kind: ocsp, answers: false, error: refused } ]
  "example.com:443 for other.example by /opt/mid/cacerts via proxy:3128": { no-way: { proxy-refused: { status: 407, schemes: [Basic] } } }
http: { "GET https://example.com/": { answered: { status: 200, headers: { server: x }, body: "hello\nyou", moment: { at: 2026-08-23T09:59:59.5Z, wait_ms: 20 } } } }
ping: { example.com: { answered: { address: 192.0.2.1, sent: 4, lost: 1, fastest_ms: 0.5, average_ms: 1.25, slowest_ms: 2.0 } }, mute.example: { silent: { address: 192.0.2.2, sent: 4, error: "host unreachable, says 192.0.2.254" } } }
programs: { java -version: { exited: { status: 0, stdout: "", stderr: "17\n" } }, gone: missing }
"#;

const FILES: Embedded = Embedded(&[
    ("opt/mid/config.xml", b"<a>\n</a>\n"),
    ("opt/mid/a.log.0", b"zero\n"),
    ("opt/mid/a.log.1", b"one\n"),
    ("opt/mid/mid.pid", b"7"),
]);

struct Kept(Mutex<BTreeMap<String, Vec<u8>>>);

impl Files for Kept {
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
        Ok(self
            .0
            .lock()
            .unwrap()
            .iter()
            .map(|(path, bytes)| (path.clone(), bytes.len() as u64))
            .collect())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, Unknown> {
        Ok(Box::new(std::io::Cursor::new(
            self.0.lock().unwrap()[path].clone(),
        )))
    }
}

fn look(host: &dyn Host, look: &Look) -> String {
    let limits = Limits {
        timeout: Duration::from_secs(1),
    };
    let Poll::Ready(reply) = host
        .look(look, limits)
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("a recorded host waited");
    };
    match reply {
        Ok(Reply::Files(files)) => files
            .into_iter()
            .map(|file| {
                let content = file.content.map(|mut content| {
                    let mut text = String::new();
                    content.read_to_string(&mut text).map(|_| text)
                });
                format!(
                    "{} {} {:?} {content:?}\n",
                    file.path, file.size_bytes, file.modified
                )
            })
            .collect(),
        reply => format!("{reply:?}"),
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn asked() -> Vec<Look> {
    let file = |paths: &[&str]| Look::File {
        paths: texts(paths),
    };
    let http = HttpRequest {
        url: Address::parse("https://example.com/").expect("it is an address"),
        method: "GET".to_owned(),
        headers: BTreeMap::new(),
        body: None,
        login: None,
        via: None,
    };
    let tls = TlsRequest {
        host: "example.com".to_owned(),
        port: 443,
        name: "example.com".to_owned(),
        trust: Trust::System,
        via: None,
    };
    vec![
        file(&["/opt/none.xml", "/opt/mid/config.xml", "/opt/later.xml"]),
        file(&["/opt/mid/pipe"]),
        file(&["/opt/locked/x"]),
        Look::Files {
            globs: texts(&["/opt/mid/a.log.?"]),
        },
        Look::Files {
            globs: texts(&["/opt/locked/*"]),
        },
        Look::Meta {
            paths: texts(&["/opt/mid/work"]),
        },
        Look::Meta {
            paths: texts(&["/opt/mid/nowhere"]),
        },
        Look::Paths {
            globs: texts(&["/opt/m*"]),
            folders: true,
        },
        Look::Disk {
            path: "/opt/mid".to_owned(),
        },
        Look::Processes,
        Look::Services {
            names: texts(&["m*"]),
            pid_file: Some("/opt/mid/mid.pid".to_owned()),
        },
        Look::Name {
            name: "example.com".to_owned(),
            server: None,
        },
        Look::Connect {
            host: "example.com".to_owned(),
            port: 443,
            via: None,
        },
        Look::Connect {
            host: "example.com".to_owned(),
            port: 80,
            via: None,
        },
        Look::Tls(tls.clone()),
        Look::Tls(TlsRequest {
            name: "Other.example".to_owned(),
            trust: Trust::Store("/opt/mid/cacerts".to_owned()),
            via: Some(Via {
                address: Address::proxy("http://proxy:3128/").unwrap(),
                user: "joe".to_owned(),
                password: None,
            }),
            ..tls
        }),
        Look::Http(http),
        Look::Ping {
            host: "example.com".to_owned(),
            count: 4,
        },
        Look::Ping {
            host: "mute.example".to_owned(),
            count: 4,
        },
        Look::Program {
            run: texts(&["java", "-version"]),
        },
        Look::Program {
            run: texts(&["gone"]),
        },
    ]
}

fn recorded() -> (Recorder, Written) {
    let recorder = Recorder::new(Box::new(Recorded::new(MACHINE, FILES).unwrap()));
    for asked in asked() {
        look(&recorder, &asked);
    }
    let now = "2026-08-23T10:00:00Z".parse().unwrap();
    let written = recorder
        .recording()
        .written(&mut Redactor::default(), now, Some("UTC"))
        .unwrap();
    (recorder, written)
}

#[test]
fn a_recording_answers_as_the_machine_did() {
    let (recorder, written) = recorded();
    let again = Recorded::new(&written.host_yaml, Kept(Mutex::new(written.files))).unwrap();
    for asked in asked() {
        assert_eq!(
            look(&again, &asked),
            look(&recorder, &asked),
            "{asked:?}\n{}",
            written.host_yaml
        );
    }
    assert_eq!(again.now().unwrap().to_string(), "2026-08-23T10:00:00Z");
    let shown = asked()
        .into_iter()
        .filter(|asked| matches!(asked, Look::Tls(_)));
    let shown: Vec<String> = shown.map(|asked| look(&again, &asked)).collect();
    assert!(
        shown[0].contains("ocsp.example") && shown[1].contains("Basic"),
        "{shown:?}"
    );
}

#[test]
fn what_was_not_asked_was_not_recorded() {
    let (_, written) = recorded();
    assert_eq!(
        written.files.keys().collect::<Vec<_>>(),
        [
            "opt/mid/a.log.0",
            "opt/mid/a.log.1",
            "opt/mid/config.xml",
            "opt/mid/mid.pid"
        ]
    );
    let again = Recorded::new(&written.host_yaml, Kept(Mutex::new(written.files))).unwrap();
    for asked in [
        Look::File {
            paths: texts(&["/opt/later.xml"]),
        },
        Look::Files {
            globs: texts(&["/opt/mid/*"]),
        },
        Look::Services {
            names: texts(&["other"]),
            pid_file: None,
        },
        Look::Program {
            run: texts(&["java"]),
        },
    ] {
        let got = look(&again, &asked);
        assert!(
            got.contains("NotRecorded") && got.contains("was not recorded"),
            "{got}"
        );
    }
}

#[test]
fn a_missing_right_is_kept() {
    let (_, written) = recorded();
    let again = Recorded::new(&written.host_yaml, Kept(Mutex::new(written.files))).unwrap();
    let limits = Limits {
        timeout: Duration::from_secs(1),
    };
    let asked = Look::Files {
        globs: texts(&["/opt/locked/*"]),
    };
    let Poll::Ready(Err(why)) = again
        .look(&asked, limits)
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("it could be read");
    };
    assert_eq!(why.reason, Reason::NoRight);
}

#[test]
fn no_secret_is_written() {
    const SECRETS: Embedded = Embedded(&[(
        "opt/mid/config.xml",
        b"<parameters><parameter name=\"mid.instance.password\" value=\"hunter2-in-file\"/></parameters>\n",
    )]);
    let machine = r#"
os: linux
files: true
processes: { list: [ { pid: 7, command_line: "java -Dmid.password=hunter2-in-process mid" } ] }
http:
  "GET https://example.com/":
    answered:
      status: 200
      headers: { set-cookie: "JSESSIONID=hunter2-in-cookie; Path=/", server: nginx }
      body: '{"password": "hunter2-in-body"}'
programs: { env: { exited: { status: 0, stdout: "DB_PASSWORD=hunter2-in-output\n", stderr: "" } } }
"#;
    let recorder = Recorder::new(Box::new(Recorded::new(machine, SECRETS).unwrap()));
    let http = asked()
        .into_iter()
        .find(|look| matches!(look, Look::Http(_)))
        .unwrap();
    for asked in [
        Look::File {
            paths: texts(&["/opt/mid/config.xml"]),
        },
        Look::Processes,
        http.clone(),
        Look::Program {
            run: texts(&["env"]),
        },
    ] {
        assert!(look(&recorder, &asked).contains("hunter2"), "{asked:?}");
    }
    let now = "2026-08-23T10:00:00Z".parse().unwrap();
    let written = recorder
        .recording()
        .written(&mut Redactor::default(), now, None)
        .unwrap();
    let file = String::from_utf8_lossy(&written.files["opt/mid/config.xml"]).into_owned();
    assert!(
        !file.contains("hunter2") && file.contains("mid.instance.password"),
        "{file}"
    );
    assert!(
        !written.host_yaml.contains("hunter2"),
        "{}",
        written.host_yaml
    );
    assert!(written.host_yaml.contains("nginx"));
    // Masked or not, the recording is one.
    let again = Recorded::new(&written.host_yaml, Kept(Mutex::new(written.files))).unwrap();
    assert!(look(&again, &http).contains("status: 200"));
}

#[test]
fn what_cannot_be_masked_is_left_out_and_said() {
    const ARCHIVES: Embedded = Embedded(&[
        ("opt/mid/a.zip", b"PK\x03\x04 password=hunter2"),
        ("opt/mid/long.gz", &{
            let mut long = [b'='; 5000];
            (long[0], long[1]) = (0x1f, 0x8b);
            long
        }),
        ("opt/mid/a.log", b"one\n"),
    ]);
    let keep = Keep {
        of_one: 1 << 10,
        ..Keep::default()
    };
    let machine = Recorded::new("os: linux\nfiles: true\n", ARCHIVES).unwrap();
    let recorder = Recorder::within(Box::new(machine), keep);
    let asked = Look::Files {
        globs: texts(&["/opt/mid/*"]),
    };
    let limits = Limits {
        timeout: Duration::from_secs(1),
    };
    let Poll::Ready(Ok(Reply::Files(files))) = recorder
        .look(&asked, limits)
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("no files");
    };
    for file in files {
        std::io::copy(&mut file.content.unwrap(), &mut std::io::sink()).unwrap();
    }
    let written = recorder
        .recording()
        .written(&mut Redactor::default(), Timestamp::UNIX_EPOCH, None)
        .unwrap();
    assert_eq!(
        written.files.keys().collect::<Vec<_>>(),
        ["opt/mid/a.log"],
        "{}",
        written.host_yaml
    );
    let again = Recorded::new(&written.host_yaml, Kept(Mutex::new(written.files))).unwrap();
    let shown = look(&again, &asked);
    for words in [
        "/opt/mid/a.zip: its content was not recorded: it is packed as zip, and secrets in it cannot be found",
        "/opt/mid/long.gz: its content was not recorded: it is packed and longer than 2 KiB, and secrets in a part of it \
         cannot be found",
        "Ok(Ok(\"one\\n\"))",
    ] {
        assert!(shown.contains(words), "{shown}");
    }
}
