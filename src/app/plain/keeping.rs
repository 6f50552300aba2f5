//! What happened is on the disk before the next line tells of it.

use std::{
    io::{self, Write},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use crate::{
    app::cases::{Handed, Keeper, Kept, Unkept},
    case::Named,
    engine::Session,
};

/// How long is waited for a disk that does not answer.
const PATIENCE: Duration = Duration::from_secs(1);

pub struct Keeping {
    /// None where nothing is kept.
    keeper: Option<Keeper>,
    told: Receiver<Kept>,
    unkept: Unkept,
    /// What a person calls the case, masked.
    named: Named,
}

impl Keeping {
    /// Of a walk that leaves nothing behind.
    pub fn nothing() -> Self {
        Self {
            keeper: None,
            told: channel().1,
            unkept: Unkept::default(),
            named: Named::default(),
        }
    }

    /// Keeps what a session has more than was handed over before.
    pub fn with(keeper: Keeper, told: Receiver<Kept>, unkept: Unkept) -> Self {
        Self {
            keeper: Some(keeper),
            told,
            unkept,
            named: Named::default(),
        }
    }

    /// Of a case that is called this.
    #[must_use]
    pub fn called(mut self, named: Named) -> Self {
        self.named = named;
        self
    }

    pub fn named(&self) -> &Named {
        &self.named
    }

    /// The name of the case's folder; `None` where nothing is kept yet.
    pub fn case(&self) -> Option<String> {
        let keeper = self.keeper.as_ref()?;
        keeper.case().map(str::to_owned)
    }

    /// The same for what is to find the case later: it gets its folder now, if it can have one.
    pub fn case_now(&mut self, out: &mut dyn Write) -> io::Result<Option<String>> {
        match self.keeper.as_mut().map(Keeper::begin_now) {
            Some(Ok(name)) => Ok(name),
            Some(Err(why)) => self.wait(Handed::Not(why), out).map(|()| None),
            None => Ok(None),
        }
    }

    /// Keeps what the case is called from now on.
    pub fn call(&mut self, named: Named, out: &mut dyn Write) -> io::Result<()> {
        self.named = named.clone();
        match self.keeper.as_mut().map(|keeper| keeper.call(named)) {
            Some(handed) => self.wait(handed, out),
            None => Ok(()),
        }
    }

    /// Waits until what happened is on the disk; says where it cannot be.
    pub fn keep(&mut self, session: &Session, out: &mut dyn Write) -> io::Result<()> {
        let Some(keeper) = &mut self.keeper else {
            return Ok(());
        };
        let Some(change) = self.unkept.take(session.transcript()) else {
            return Ok(());
        };
        let handed = keeper.keep(&change);
        self.wait(handed, out)
    }

    fn wait(&self, handed: Handed, out: &mut dyn Write) -> io::Result<()> {
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
