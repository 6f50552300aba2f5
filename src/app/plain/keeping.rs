//! What happened is on the disk before the next line tells of it.

use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

use crate::{
    app::cases::{Handed, Keeper, Kept, Tell},
    engine::{Entry, Session},
};

/// How long is waited for a disk that does not answer.
const PATIENCE: Duration = Duration::from_secs(1);

pub struct Keeping {
    /// None where nothing is kept.
    keeper: Option<Keeper>,
    told: Receiver<Kept>,
    /// So many entries of the transcript were handed over.
    kept: usize,
    /// What was handed over before does not count any more.
    rewritten: bool,
}

impl Keeping {
    /// Where a keeper tells how it stands, and where that is heard.
    pub fn ear() -> (Tell, Receiver<Kept>) {
        let (sender, told) = channel();
        let sender = Mutex::new(sender);
        let tell: Tell = Arc::new(move |kept| {
            // Who listened is gone with the program.
            let _ = sender
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .send(kept);
        });
        (tell, told)
    }

    /// Of a walk that leaves nothing behind.
    pub fn nothing() -> Self {
        Self {
            keeper: None,
            told: channel().1,
            kept: 0,
            rewritten: false,
        }
    }

    /// Keeps what a session has beyond `kept` entries; all of it anew where they are others now.
    pub fn with(keeper: Keeper, told: Receiver<Kept>, kept: usize, rewritten: bool) -> Self {
        Self {
            keeper: Some(keeper),
            told,
            kept,
            rewritten,
        }
    }

    /// Waits until what happened is on the disk; says where it cannot be.
    pub fn keep(&mut self, session: &Session, out: &mut dyn Write) -> io::Result<()> {
        let Some(keeper) = &mut self.keeper else {
            return Ok(());
        };
        let transcript = session.transcript();
        let new = transcript.get(self.kept..).unwrap_or_default();
        // What no longer fits the trees stays as it is until a person goes on without it.
        if new.is_empty() || self.rewritten && !new.iter().any(Entry::is_by_person) {
            return Ok(());
        }
        let cut = std::mem::take(&mut self.rewritten).then_some(0);
        let new = &transcript[cut.unwrap_or(self.kept)..];
        self.kept = transcript.len();
        let handed = keeper.keep(cut, new);
        let awaited = match handed {
            Handed::Upto(line) => line,
            Handed::Nothing => return Ok(()),
            Handed::Not(why) => {
                return writeln!(
                    out,
                    "  This case cannot be saved: {why}. It is walked all the same."
                );
            }
        };
        let mut said = |why: &str| {
            writeln!(
                out,
                "  This is not saved yet ({why}). What was saved before is safe; it is tried again with the next step."
            )
        };
        loop {
            match self.told.recv_timeout(PATIENCE) {
                Ok(Kept::Upto(line)) if line >= awaited => return Ok(()),
                Ok(Kept::Upto(_)) => {}
                Ok(Kept::Not { why, .. }) => return said(&why),
                Err(_) => return said("the disk does not answer"),
            }
        }
    }
}
