//! Two hosts, one over the other: what the upper one has recorded wins, the rest is asked of the lower one.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{BoxFuture, Host, Limits, Look, Reply},
};

pub struct Layered {
    upper: Box<dyn Host>,
    lower: Box<dyn Host>,
}

impl Layered {
    pub fn new(upper: Box<dyn Host>, lower: Box<dyn Host>) -> Self {
        Self { upper, lower }
    }
}

impl Host for Layered {
    fn os(&self) -> Os {
        self.upper.os()
    }

    fn look<'a>(&'a self, look: &'a Look, limits: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
        Box::pin(async move {
            match self.upper.look(look, limits).await {
                Err(Unknown {
                    reason: Reason::NotAvailable,
                    ..
                }) => self.lower.look(look, limits).await,
                reply => reply,
            }
        })
    }
}
