//! The HTTP library's work, on a thread of its own: it takes apart whatever has come in one turn, which may be 50 MB of
//! announcements such as `100 Continue`, and meanwhile nothing else of its runtime is served, timers among it. It knows no
//! bound for what comes before a reply, and what it reads from cannot be wrapped. So the one who waits has the limit.
//!
//! Of a request that nobody waits for any more nothing is left once that turn is over.

use std::{future::Future, time::Duration};

use tokio::{
    runtime::Builder,
    sync::oneshot,
    time::{Instant, timeout_at},
};

use crate::finding::{Reason, Unknown};

/// How much later than its limit a request that ends by itself may tell how it ended.
const TELLS: Duration = Duration::from_millis(250);

/// What `work` comes to, which has to end at `until` by itself; unknown where the library does not let it.
pub(super) async fn apart<T: Send + 'static>(
    work: impl Future<Output = Result<T, Unknown>> + Send + 'static,
    until: Instant,
) -> Result<T, Unknown> {
    let (mut sender, receiver) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                let why = format!("the request cannot be made: {error}");
                // Fails where nobody waits.
                let _ = sender.send(Err(Unknown::new(Reason::Other, why)));
                return;
            }
        };
        let came = runtime.block_on(async {
            tokio::select! {
                came = work => Some(came),
                () = sender.closed() => None,
            }
        });
        // Connections are closed before anybody hears of the end. A name that is still looked up is left behind.
        runtime.shutdown_background();
        if let Some(came) = came {
            let _ = sender.send(came);
        }
    });
    match timeout_at(until + TELLS, receiver).await {
        Ok(Ok(came)) => came,
        Ok(Err(_)) => Err(Unknown::new(Reason::Other, "the request broke off")),
        Err(_) => Err(Unknown::new(
            Reason::OutOfTime,
            "what the server sends could not be taken apart within the look's limit",
        )),
    }
}
