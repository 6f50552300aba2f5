//! One look from end to end: gather through the host, judge on a thread of its own, mask, hand over.
//!
//! A look never takes longer than its timeout and a short grace; whoever waits gets *unknown* then. Dropping the future
//! stops everything: the gathering is dropped, the judge sees its flag.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    app::secret_use,
    engine::ProbeRequest,
    finding::{Finding, Reason, Source, Unknown},
    host::{Host, Limits},
    probe::{Judged, Judging, Kind},
    redact::Redactor,
};

/// A look that waits on the network ends by itself at its timeout; this is how long its end may take to get through.
const GRACE: Duration = Duration::from_millis(500);

/// What looks are made with: a machine, and one case's memory of secrets.
#[derive(Clone)]
pub struct Looker {
    pub host: Arc<dyn Host>,
    pub redactor: Arc<Mutex<Redactor>>,
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
        let Judged {
            judgement,
            facts,
            evidence,
        } = judged;
        let finding = Finding {
            judgement,
            facts,
            evidence,
            source: Source::Observed,
            at: Timestamp::now(),
            took: begun.elapsed(),
        };
        self.redactor
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .finding(finding)
    }

    async fn judged(
        &self,
        kind: &'static dyn Kind,
        request: &ProbeRequest,
        stop: Arc<AtomicBool>,
    ) -> Judged {
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
        let now = self.host.now().unwrap_or_else(Timestamp::now);
        let zone = self.host.zone().unwrap_or_else(TimeZone::system);
        let os = self.host.os();
        let judge = tokio::task::spawn_blocking(move || {
            kind.judge(
                &params,
                replies,
                &Judging {
                    now,
                    zone,
                    os,
                    stop: &stop,
                },
            )
        });
        judge.await.unwrap_or_else(|error| {
            Judged::unknown(Unknown::new(
                Reason::Other,
                format!("the judge of `{}` failed: {error}", kind.spec().name),
            ))
        })
    }
}

/// Tells the judge that nobody waits any more.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
