//! A recorded host: what a folder says that the machine looked like. What was not recorded is unknown.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{BoxFuture, Host, Limits, Look, Reply},
};

/// A machine as it was recorded.
#[derive(Debug)]
pub struct Recorded {
    os: Os,
}

impl Host for Recorded {
    fn os(&self) -> Os {
        self.os
    }

    fn look<'a>(
        &'a self,
        _look: &'a Look,
        _limits: Limits,
    ) -> BoxFuture<'a, Result<Reply, Unknown>> {
        Box::pin(async { Err(Unknown::new(Reason::NotAvailable, "not recorded")) })
    }
}
