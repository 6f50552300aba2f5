//! Two hosts, one over the other: what the upper one has recorded wins, the rest is asked of the lower one.
//!
//! Looks that name several paths are asked path by path, so that one that was not recorded does not hide the others.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    finding::{Os, Reason, Unknown},
    host::{BoxFuture, Host, Limits, Look, Reply, order::newest_first},
};

pub struct Layered {
    upper: Box<dyn Host>,
    lower: Box<dyn Host>,
}

impl Layered {
    pub fn new(upper: Box<dyn Host>, lower: Box<dyn Host>) -> Self {
        Self { upper, lower }
    }

    async fn one(&self, look: &Look, limits: Limits) -> Result<Reply, Unknown> {
        match self.upper.look(look, limits).await {
            Err(Unknown {
                reason: Reason::NotRecorded,
                ..
            }) => self.lower.look(look, limits).await,
            reply => reply,
        }
    }

    /// The first look that gives something; the paths of one look are tried in order.
    async fn first(&self, looks: Vec<Look>, limits: Limits) -> Result<Reply, Unknown> {
        let mut last = None;
        for look in looks {
            match self.one(&look, limits).await? {
                Reply::Files(files) if files.is_empty() => last = Some(Reply::Files(files)),
                Reply::Meta(None) => last = Some(Reply::Meta(None)),
                reply => return Ok(reply),
            }
        }
        last.ok_or_else(|| Unknown::new(Reason::Other, "no path to look at"))
    }

    /// What all looks give together. One that fails makes the whole unknown: its part would be missing unseen.
    async fn all(&self, looks: Vec<Look>, limits: Limits) -> Result<Reply, Unknown> {
        let (mut all_files, mut all_paths) = (Vec::new(), None);
        for look in looks {
            match self.one(&look, limits).await? {
                Reply::Files(files) => {
                    for file in files {
                        if !all_files
                            .iter()
                            .any(|known: &super::Opened| known.path == file.path)
                        {
                            all_files.push(file);
                        }
                    }
                }
                Reply::Paths(paths) => all_paths.get_or_insert_with(Vec::new).extend(paths),
                other => return Ok(other),
            }
        }
        match all_paths {
            Some(mut paths) => {
                paths.sort();
                paths.dedup();
                Ok(Reply::Paths(paths))
            }
            None => {
                newest_first(&mut all_files);
                Ok(Reply::Files(all_files))
            }
        }
    }
}

impl Host for Layered {
    fn os(&self) -> Os {
        self.upper.os()
    }

    fn now(&self) -> Option<Timestamp> {
        self.upper.now().or_else(|| self.lower.now())
    }

    fn zone(&self) -> Option<TimeZone> {
        self.upper.zone().or_else(|| self.lower.zone())
    }

    fn look<'a>(&'a self, look: &'a Look, limits: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
        let one = |path: &String| vec![path.clone()];
        Box::pin(async move {
            match look {
                Look::File { paths } if paths.len() > 1 => {
                    self.first(
                        paths
                            .iter()
                            .map(|path| Look::File { paths: one(path) })
                            .collect(),
                        limits,
                    )
                    .await
                }
                Look::Meta { paths } if paths.len() > 1 => {
                    self.first(
                        paths
                            .iter()
                            .map(|path| Look::Meta { paths: one(path) })
                            .collect(),
                        limits,
                    )
                    .await
                }
                Look::Files { globs } if globs.len() > 1 => {
                    self.all(
                        globs
                            .iter()
                            .map(|glob| Look::Files { globs: one(glob) })
                            .collect(),
                        limits,
                    )
                    .await
                }
                Look::Paths { globs, folders } if globs.len() > 1 => {
                    let looks = globs.iter().map(|glob| Look::Paths {
                        globs: one(glob),
                        folders: *folders,
                    });
                    self.all(looks.collect(), limits).await
                }
                look => self.one(look, limits).await,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        task::{Context, Poll, Waker},
        time::Duration,
    };

    use super::*;
    use crate::host::{Embedded, Recorded};

    #[track_caller]
    fn check(asked: Look, expected: Result<&[&str], &str>) {
        const UPPER: Embedded =
            Embedded(&[("opt/mid/config.xml", b"upper"), ("opt/mid/a.log.0", b"")]);
        const LOWER: Embedded = Embedded(&[
            ("opt/mid/other.xml", b""),
            ("etc/hosts", b""),
            ("etc/a.log", b""),
            ("opt/b/x", b""),
        ]);
        let upper = Recorded::new("os: linux\nfiles: true\nroots: [/opt/mid]", UPPER).unwrap();
        let lower = Recorded::new("os: linux\nfiles: true\nroots: [/etc, /opt]", LOWER).unwrap();
        let host = Layered::new(Box::new(upper), Box::new(lower));
        let limits = Limits {
            timeout: Duration::from_secs(1),
        };
        let Poll::Ready(reply) = host
            .look(&asked, limits)
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        else {
            panic!("a recorded host waited");
        };
        let got = match reply {
            Ok(Reply::Files(files)) => {
                Ok(files.into_iter().map(|file| file.path).collect::<Vec<_>>())
            }
            Ok(Reply::Meta(meta)) => Ok(meta.into_iter().map(|meta| meta.path).collect()),
            Ok(Reply::Paths(paths)) => Ok(paths),
            Ok(other) => panic!("{other:?}"),
            Err(why) => Err(why.detail),
        };
        let expected = expected.map(|paths| paths.iter().map(|path| (*path).to_owned()).collect());
        assert_eq!(got, expected.map_err(str::to_owned));
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn what_the_upper_host_knows_wins() {
        let file = |paths: &[&str]| Look::File {
            paths: texts(paths),
        };
        check(file(&["/opt/mid/config.xml"]), Ok(&["/opt/mid/config.xml"]));
        // The lower host has it, but the upper one knows that it is absent.
        check(file(&["/opt/mid/other.xml"]), Ok(&[]));
        check(file(&["/etc/hosts"]), Ok(&["/etc/hosts"]));
        check(
            file(&["/opt/mid/other.xml", "/etc/hosts"]),
            Ok(&["/etc/hosts"]),
        );
        check(file(&["/srv/x"]), Err("`/srv/x` was not recorded"));
        check(
            file(&["/opt/mid/none", "/srv/x"]),
            Err("`/srv/x` was not recorded"),
        );
        check(
            Look::Meta {
                paths: texts(&["/opt/mid/other.xml", "/etc/hosts"]),
            },
            Ok(&["/etc/hosts"]),
        );
        check(
            Look::Files {
                globs: texts(&["/opt/mid/*.log.?", "/etc/*.log"]),
            },
            Ok(&["/etc/a.log", "/opt/mid/a.log.0"]),
        );
        check(
            Look::Paths {
                globs: texts(&["/opt/mid", "/opt/*"]),
                folders: true,
            },
            Ok(&["/opt/b", "/opt/mid"]),
        );
        check(
            Look::Files {
                globs: texts(&["/opt/mid/*", "/srv/*"]),
            },
            Err("`/srv/*` was not recorded"),
        );
    }
}
