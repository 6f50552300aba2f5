//! One look from end to end: gather through the host, judge on a thread of its own, mask, hand over. What was pasted goes
//! the same way from the judge on.
//!
//! A look never takes longer than its timeout and a short grace; whoever waits gets *unknown* then. Dropping the future
//! stops everything: the gathering is dropped, the judge sees its flag.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::{Timestamp, tz::TimeZone};
use tokio::task::JoinError;

use crate::{
    app::secret_use,
    engine::{Given, ProbeRequest},
    finding::{Finding, InputName, Os, Reason, Source, Unknown},
    host::{Host, Limits, Reply},
    probe::{self, Judged, Judging, Kind, Params, patience},
    redact::Redactor,
};

/// A look that waits on the network ends by itself at its timeout; this is how long its end may take to get through.
const GRACE: Duration = Duration::from_millis(500);

/// What looks are made with: a machine, and one case's memory of secrets.
#[derive(Clone)]
pub struct Looker {
    pub host: Arc<dyn Host>,
    pub redactor: Arc<Mutex<Redactor>>,
    /// What the machine is: this one or a recorded one that stands in for it, or a bundle.
    pub source: Source,
}

impl Looker {
    /// Looks and judges; the finding is masked and can be shown.
    pub async fn look(&self, kind: &'static dyn Kind, request: &ProbeRequest) -> Finding {
        let begun = Instant::now();
        let stop = StopOnDrop(Arc::new(AtomicBool::new(false)));
        let timeout = request.timeout;
        let judged = tokio::time::timeout(
            timeout + GRACE,
            self.judged(kind, request, Arc::clone(&stop.0)),
        )
        .await;
        let judged = judged.unwrap_or_else(|_| {
            let seconds = timeout.as_secs_f64();
            Judged::unknown(Unknown::new(
                Reason::OutOfTime,
                format!("the look took longer than its {seconds} s"),
            ))
        });
        // A bundle was looked at when it was collected: how old something was is told from there.
        let then = self.host.now().filter(|_| self.source == Source::Bundled);
        let (at, took) = (then.unwrap_or_else(Timestamp::now), begun.elapsed());
        self.masked(judged, self.source, at, took, None)
    }

    /// Judges what came from somewhere else than a look, of a machine with this system; the finding is masked and can be
    /// shown. `at` is when it came.
    pub async fn judge(
        &self,
        kind: &'static dyn Kind,
        request: &ProbeRequest,
        replies: Vec<Result<Reply, Unknown>>,
        source: Source,
        machine: Machine,
    ) -> Finding {
        let begun = Instant::now();
        let stop = StopOnDrop(Arc::new(AtomicBool::new(false)));
        let (at, name) = (machine.now, machine.name.clone());
        let flag = Arc::clone(&stop.0);
        let params = self.real(request).params;
        let judged = judged(kind, params, replies, machine, flag).await;
        self.masked(judged, source, at, begun.elapsed(), name)
    }

    /// Reads what commands printed for a probe on some machine, and judges it.
    ///
    /// # Errors
    /// It is of something else; why, masked.
    pub async fn read(
        &self,
        request: &ProbeRequest,
        text: String,
        source: Source,
        machine: Machine,
    ) -> Result<Finding, Unknown> {
        let Some(kind) = probe::kind(request.kind) else {
            return Err(no_kind(request.kind));
        };
        if !request.complete {
            return Err(Unknown::new(
                Reason::InputUnknown,
                "what the probe looks at is not known yet, so nothing can be read for it",
            ));
        }
        let (params, os) = (self.real(request).params, machine.os);
        let timeout = request.timeout;
        let reading = move || patience::read(kind, &params, os, &text, timeout);
        let read = tokio::task::spawn_blocking(reading).await;
        let read = read.unwrap_or_else(|error| Err(failed("reader", kind, &error)));
        match read {
            Ok(replies) => Ok(self.judge(kind, request, replies, source, machine).await),
            Err(refused) => {
                let detail = self.redactor().text(&refused.detail);
                Err(Unknown::new(refused.reason, detail))
            }
        }
    }

    fn masked(
        &self,
        judged: Judged,
        source: Source,
        at: Timestamp,
        took: Duration,
        machine: Option<String>,
    ) -> Finding {
        let Judged {
            judgement,
            facts,
            evidence,
        } = judged;
        self.redactor().finding(Finding {
            judgement,
            facts,
            evidence,
            source,
            at,
            took,
            machine,
        })
    }

    fn redactor(&self) -> MutexGuard<'_, Redactor> {
        self.redactor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was given for an input, as the case is to know it.
    pub fn hidden(&self, name: &InputName, text: &str) -> String {
        self.redactor().given(name.as_str(), text)
    }

    /// What a machine is called, as the case is to know it.
    pub fn hidden_name(&self, name: &str) -> String {
        self.redactor().text(name)
    }

    /// The same as [`Self::hidden`] for an event.
    pub fn hidden_given(&self, name: &InputName, given: Given) -> Given {
        match given {
            Given::Text(text) => Given::Text(self.hidden(name, &text)),
            other @ (Given::Secret | Given::Unknown) => other,
        }
    }

    /// The request with the real names of hosts, where the case knows stand-ins alone.
    fn real(&self, request: &ProbeRequest) -> ProbeRequest {
        let redactor = self.redactor();
        let mut request = request.clone();
        for value in request.params.values_mut() {
            *value = redactor.real_value(value);
        }
        for used in &mut request.secrets {
            used.only_for = used.only_for.as_ref().map(|host| redactor.real(host));
        }
        request
    }

    async fn judged(
        &self,
        kind: &'static dyn Kind,
        request: &ProbeRequest,
        stop: Arc<AtomicBool>,
    ) -> Judged {
        let request = &self.real(request);
        let params = request.params.clone();
        let looks = kind.looks(&params).and_then(|looks| {
            secret_use::allowed(&looks, &request.secrets)?;
            Ok(looks)
        });
        let looks = match looks {
            Ok(looks) => looks,
            Err(unknown) => return Judged::unknown(unknown),
        };
        let limits = Limits {
            timeout: request.timeout,
        };
        let mut replies = Vec::with_capacity(looks.len());
        for look in &looks {
            replies.push(self.host.look(look, limits).await);
        }
        let machine = Machine {
            now: self.host.now().unwrap_or_else(Timestamp::now),
            zone: self.host.zone(),
            os: self.host.os(),
            name: None,
        };
        judged(kind, params, replies, machine, stop).await
    }
}

/// What a judge has to know of the machine that the replies are of.
#[derive(Debug, Clone)]
pub struct Machine {
    pub now: Timestamp,
    /// `None` where nobody knows it.
    pub zone: Option<TimeZone>,
    pub os: Os,
    /// What it calls itself; `None` where it did not say. No judge sees it.
    pub name: Option<String>,
}

/// Judges on a thread of its own.
async fn judged(
    kind: &'static dyn Kind,
    params: Params,
    replies: Vec<Result<Reply, Unknown>>,
    machine: Machine,
    stop: Arc<AtomicBool>,
) -> Judged {
    let judge = tokio::task::spawn_blocking(move || {
        let Machine {
            now,
            zone,
            os,
            name: _,
        } = machine;
        let stop = &*stop;
        kind.judge(
            &params,
            replies,
            &Judging {
                now,
                zone,
                os,
                stop,
            },
        )
    });
    judge
        .await
        .unwrap_or_else(|error| Judged::unknown(failed("judge", kind, &error)))
}

fn failed(what: &str, kind: &dyn Kind, error: &JoinError) -> Unknown {
    Unknown::new(
        Reason::Other,
        format!("the {what} of `{}` failed: {error}", kind.spec().name),
    )
}

/// For a request that no kind of this program fits.
pub fn no_kind(name: &str) -> Unknown {
    Unknown::new(
        Reason::NotAvailable,
        format!("there is no probe kind `{name}`"),
    )
}

/// Tells the judge that nobody waits any more.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
