//! A machine that has one file, and what a probe finds on a machine. Everything is there at once: nothing waits.

use std::{
    future::ready,
    io::{self, Cursor, Read},
    pin::pin,
    sync::atomic::AtomicBool,
    task::{Context, Poll, Waker},
    time::Duration,
};

use jiff::{Timestamp, tz::TimeZone};
use waypost::{
    finding::{Os, Reason, Unknown},
    host::{BoxFuture, Host, Limits, Look, Opened, Reply},
    probe::{Judged, Judging, Params, kind},
};

/// Whatever file is looked for, this is it.
pub struct OneFile {
    pub path: String,
    pub content: Vec<u8>,
}

impl Host for OneFile {
    fn os(&self) -> Os {
        Os::Linux
    }

    fn look<'a>(&'a self, look: &'a Look, _: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
        let reply = match look {
            Look::File { .. } | Look::Files { .. } => Ok(Reply::Files(vec![Opened {
                path: self.path.clone(),
                size_bytes: self.content.len() as u64,
                modified: None,
                content: Ok(Box::new(Cursor::new(self.content.clone()))),
            }])),
            _ => Err(Unknown::new(Reason::NotAvailable, "there is a file alone")),
        };
        Box::pin(ready(reply))
    }
}

/// What a host that never waits answers.
pub fn looked(host: &dyn Host, look: &Look) -> Result<Reply, Unknown> {
    let limits = Limits {
        timeout: Duration::from_secs(1),
    };
    match pin!(host.look(look, limits)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(reply) => reply,
        Poll::Pending => panic!("this host has no reason to wait"),
    }
}

/// What a probe of this kind finds of the host.
pub fn judged(name: &str, params: &Params, host: &dyn Host) -> Judged {
    let kind = kind(name).expect("the kind is registered");
    let looks = kind.looks(params).expect("shipped parameters make sense");
    let replies = looks.iter().map(|look| looked(host, look)).collect();
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::UNIX_EPOCH,
        zone: Some(TimeZone::UTC),
        os: Os::Linux,
        stop: &stop,
    };
    kind.judge(params, replies, &judging)
}

/// Gives at most so many bytes at a time, as a slow disk may.
pub struct Dripping {
    pub content: Cursor<Vec<u8>>,
    pub most: usize,
}

impl Read for Dripping {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = self.most.min(buffer.len());
        self.content.read(&mut buffer[..most])
    }
}
