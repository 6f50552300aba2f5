//! Looks that failed, and what could not be seen beside what could: unknown for the same reason again.

use super::*;
use crate::{
    finding::Unknown,
    host::{BoxFuture, Look, Opened, Services},
};

/// Fails at everything that is asked, in its own words.
struct Failing;

fn why(look: &Look) -> Unknown {
    let reason = match look {
        Look::File { .. } => Reason::NoRight,
        Look::Name { .. } => Reason::OutOfTime,
        Look::Program { .. } => Reason::NotAvailable,
        _ => Reason::Other,
    };
    Unknown::new(reason, format!("it failed: {look:?}"))
}

impl Host for Failing {
    fn os(&self) -> Os {
        Os::Linux
    }

    fn look<'a>(&'a self, look: &'a Look, _: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
        Box::pin(std::future::ready(Err(why(look))))
    }
}

fn replayed(host: impl Host + 'static, looks: &[Look]) -> (Vec<String>, Vec<String>, String) {
    let recorder = Recorder::new(Box::new(host));
    let said = looks.iter().map(|asked| look(&recorder, asked)).collect();
    let written = recorder
        .recording()
        .written(&mut Redactor::default(), Timestamp::UNIX_EPOCH, None)
        .unwrap();
    let again = Recorded::new(&written.host_yaml, Kept(Mutex::new(written.files))).unwrap();
    let replayed = looks.iter().map(|asked| look(&again, asked)).collect();
    (said, replayed, written.host_yaml)
}

#[test]
fn every_look_that_failed_fails_for_the_same_reason() {
    let looks = asked();
    let (said, replayed, yaml) = replayed(Failing, &looks);
    for ((asked, said), replayed) in looks.iter().zip(said).zip(replayed) {
        assert!(said.contains("it failed"), "{said}");
        assert_eq!(replayed, said, "{asked:?}\n{yaml}");
    }
}

/// What failed once and then did not is known.
#[test]
fn a_second_look_may_succeed() {
    struct Second(Mutex<u32>);
    impl Host for Second {
        fn os(&self) -> Os {
            Os::Linux
        }

        fn look<'a>(&'a self, look: &'a Look, _: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
            let mut count = self.0.lock().unwrap();
            *count += 1;
            let reply = match *count {
                1 | 4 => Err(why(look)),
                _ => Ok(Reply::Disk(crate::host::DiskSpace {
                    free_bytes: 1,
                    total_bytes: 2,
                })),
            };
            Box::pin(std::future::ready(reply))
        }
    }
    let disk = |path: &str| Look::Disk {
        path: path.to_owned(),
    };
    let looks = [disk("/a"), disk("/a"), disk("/b"), disk("/b")];
    let (_, replayed, yaml) = replayed(Second(Mutex::new(0)), &looks);
    assert!(replayed[0].contains("free_bytes: 1"), "{yaml}");
    // The last word counts here, too.
    assert!(replayed[3].contains("it failed"), "{yaml}");
}

/// Some files cannot be opened, some folders cannot be listed, a pid file says nothing: the rest is known.
#[test]
fn what_could_not_be_seen_beside_the_rest_is_told_again() {
    struct Half;
    impl Host for Half {
        fn os(&self) -> Os {
            Os::Linux
        }

        fn look<'a>(&'a self, look: &'a Look, _: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
            let bad = |path: &str, reason| Opened {
                path: path.to_owned(),
                size_bytes: 0,
                modified: None,
                content: Err(Unknown::new(
                    reason,
                    format!("{path}: input/output error (os error 5)"),
                )),
            };
            let reply = match look {
                Look::Services { .. } => Reply::Services(Services {
                    pid: Err(Unknown::new(
                        Reason::Other,
                        "/opt/mid/mid.pid: holds no process id",
                    )),
                    ..Services::default()
                }),
                Look::File { .. } => {
                    Reply::Files(vec![bad("/opt/mid/config.xml", Reason::NotRegular)])
                }
                _ => Reply::Files(vec![
                    Opened {
                        path: "/opt/mid/a.log".to_owned(),
                        size_bytes: 4,
                        modified: None,
                        content: Ok(Box::new(&b"one\n"[..])),
                    },
                    bad("/opt/mid/b.log", Reason::Other),
                    bad("/opt/mid/c.log", Reason::NoRight),
                    bad("/opt/mid/lost+found", Reason::Other),
                    bad("/opt/mid/keys", Reason::NoRight),
                ]),
            };
            Box::pin(std::future::ready(Ok(reply)))
        }
    }
    let looks = [
        Look::Files {
            globs: texts(&["/opt/mid/**/*.log"]),
        },
        Look::File {
            paths: texts(&["/opt/mid/config.xml"]),
        },
        Look::Services {
            names: texts(&["mid"]),
            pid_file: Some("/opt/mid/mid.pid".to_owned()),
        },
    ];
    let (said, replayed, yaml) = replayed(Half, &looks);
    assert_eq!(replayed, said, "{yaml}");
    assert_eq!(said[0].matches("os error 5").count(), 4);
}

#[test]
fn why_a_look_failed_is_masked() {
    struct Telling;
    impl Host for Telling {
        fn os(&self) -> Os {
            Os::Linux
        }

        fn look<'a>(&'a self, _: &'a Look, _: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
            let why = Unknown::new(
                Reason::Other,
                "the server said password=hunter2-of-a-failure",
            );
            Box::pin(std::future::ready(Err(why)))
        }
    }
    let (_, replayed, yaml) = replayed(Telling, &[Look::Processes]);
    assert!(!yaml.contains("hunter2"), "{yaml}");
    assert!(
        replayed[0].contains("the server said password=‹secret-1›"),
        "{}",
        replayed[0]
    );
}

/// A look that nobody waited for is unknown for that reason, unless an earlier one gave something.
#[test]
fn what_was_left_is_not_known() {
    struct Never(Mutex<u32>);
    impl Host for Never {
        fn os(&self) -> Os {
            Os::Linux
        }

        fn look<'a>(&'a self, _: &'a Look, _: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
            let mut left = self.0.lock().unwrap();
            if *left == 0 {
                return Box::pin(std::future::pending());
            }
            *left -= 1;
            let space = crate::host::DiskSpace {
                free_bytes: 1,
                total_bytes: 2,
            };
            Box::pin(std::future::ready(Ok(Reply::Disk(space))))
        }
    }
    let check = |answers: u32, expected: &str| {
        let recorder = Recorder::new(Box::new(Never(Mutex::new(answers))));
        let asked = Look::Disk {
            path: "/x".to_owned(),
        };
        for _ in 0..=answers {
            let limits = Limits {
                timeout: std::time::Duration::ZERO,
            };
            let mut future = recorder.look(&asked, limits);
            let _ = future
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
        }
        let written = recorder
            .recording()
            .written(&mut Redactor::default(), Timestamp::UNIX_EPOCH, None)
            .unwrap();
        let again = Recorded::new(&written.host_yaml, Kept(Mutex::new(written.files))).unwrap();
        let said = look(&again, &asked);
        assert!(said.contains(expected), "{said}");
    };
    check(0, "it was not looked at to the end when it was recorded");
    check(1, "free_bytes: 1");
}
