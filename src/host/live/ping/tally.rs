//! Keeps count of requests: when each was sent, what came of it, and how long it is worth waiting on.

use std::{net::SocketAddr, time::Duration};

use tokio::time::Instant;

use super::{ms, shown};
use crate::host::PingReply;

/// How long the last requests are waited for at the least, once others were answered.
#[cfg(unix)]
const LINGER: Duration = Duration::from_secs(1);

/// Requests by number, counted from 0.
#[derive(Debug, Default)]
pub(super) struct Tally {
    requests: Vec<Request>,
    /// What was said first instead of an answer.
    error: Option<String>,
}

#[derive(Debug)]
struct Request {
    sent: Instant,
    came: Came,
}

#[derive(Debug, PartialEq)]
enum Came {
    Nothing,
    Answer(Duration),
    Error,
}

impl Tally {
    pub fn sent(&mut self, now: Instant) {
        self.requests.push(Request {
            sent: now,
            came: Came::Nothing,
        });
    }

    /// How many were sent, which is the number of the next one.
    pub fn count(&self) -> u16 {
        u16::try_from(self.requests.len()).unwrap_or(u16::MAX)
    }

    /// The first answer to a request counts; a second one is an echo of the network.
    pub fn answered(&mut self, number: u16, now: Instant) {
        if let Some(request) = self.requests.get_mut(usize::from(number))
            && !matches!(request.came, Came::Answer(_))
        {
            request.came = Came::Answer(now.saturating_duration_since(request.sent));
        }
    }

    /// An error, and the request that it came back for where that is known.
    pub fn failed(&mut self, number: Option<u16>, error: String) {
        self.error.get_or_insert(error);
        let request = number.and_then(|number| self.requests.get_mut(usize::from(number)));
        if let Some(request) = request.filter(|request| request.came == Came::Nothing) {
            request.came = Came::Error;
        }
    }

    /// Until when the rest is waited for: where something answers, not much longer than its answers take.
    #[cfg(unix)]
    pub fn patience(&self, until: Instant) -> Instant {
        let last = self.requests.last().map(|request| request.sent);
        match (self.times().max(), last) {
            _ if self
                .requests
                .iter()
                .all(|request| request.came != Came::Nothing) =>
            {
                Instant::now()
            }
            (Some(slowest), Some(last)) => until.min(last + LINGER.max(slowest * 2)),
            _ => until,
        }
    }

    fn times(&self) -> impl Iterator<Item = Duration> {
        self.requests
            .iter()
            .filter_map(|request| match request.came {
                Came::Answer(time) => Some(time),
                Came::Nothing | Came::Error => None,
            })
    }

    /// What came of all.
    pub fn reply(self, address: SocketAddr) -> PingReply {
        let (address, sent) = (shown(address), number(self.requests.len()));
        let answers = number(self.times().count());
        let (Some(fastest), Some(slowest)) = (self.times().min(), self.times().max()) else {
            let error = self.error;
            return PingReply::Silent {
                address,
                sent,
                error,
            };
        };
        let average = self.times().sum::<Duration>() / answers.max(1);
        let lost = sent - answers;
        PingReply::Answered {
            address,
            sent,
            lost,
            fastest_ms: ms(fastest),
            average_ms: ms(average),
            slowest_ms: ms(slowest),
            error: self.error.filter(|_| lost > 0),
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn address() -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], 0))
    }

    #[test]
    fn what_came_of_all() {
        let start = Instant::now();
        let check = |work: &dyn Fn(&mut Tally), expected: PingReply| {
            let mut tally = Tally::default();
            for at in 0..3 {
                tally.sent(start + after(at * 100));
            }
            work(&mut tally);
            assert_eq!(tally.reply(address()), expected);
        };
        let silent = |error: Option<&str>| PingReply::Silent {
            address: "192.0.2.1".to_owned(),
            sent: 3,
            error: error.map(str::to_owned),
        };
        let answered = |lost, times: [f64; 3], error: Option<&str>| PingReply::Answered {
            address: "192.0.2.1".to_owned(),
            sent: 3,
            lost,
            fastest_ms: times[0],
            average_ms: times[1],
            slowest_ms: times[2],
            error: error.map(str::to_owned),
        };
        check(&|_| {}, silent(None));
        check(
            &|tally| {
                tally.failed(Some(0), "first".to_owned());
                tally.failed(Some(1), "second".to_owned());
            },
            silent(Some("first")),
        );
        check(
            &|tally| {
                tally.answered(0, start + after(10));
                tally.answered(1, start + after(120));
                tally.answered(2, start + after(230));
            },
            answered(0, [10.0, 20.0, 30.0], None),
        );
        // Twice, out of order, after an error, and to nothing that was asked.
        check(
            &|tally| {
                tally.failed(Some(2), "a filter".to_owned());
                tally.answered(2, start + after(240));
                tally.answered(0, start + after(250));
                tally.answered(0, start + after(999));
                tally.answered(3, start + after(250));
            },
            answered(1, [40.0, 145.0, 250.0], Some("a filter")),
        );
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_waited_for_that_will_not_come() {
        let start = Instant::now();
        let until = start + after(10_000);
        let check = |work: &dyn Fn(&mut Tally), expected: Option<Instant>| {
            let mut tally = Tally::default();
            tally.sent(start);
            tally.sent(start + after(500));
            work(&mut tally);
            let patience = tally.patience(until);
            match expected {
                Some(expected) => assert_eq!(patience, expected),
                None => assert!(patience <= Instant::now()),
            }
        };
        check(&|_| {}, Some(until));
        check(&|tally| tally.failed(Some(0), "x".to_owned()), Some(until));
        check(
            &|tally| tally.answered(0, start + after(20)),
            Some(start + after(1_500)),
        );
        check(
            &|tally| tally.answered(0, start + after(2_000)),
            Some(start + after(4_500)),
        );
        check(
            &|tally| tally.answered(0, start + after(9_000)),
            Some(until),
        );
        check(
            &|tally| {
                tally.answered(0, start + after(9_000));
                tally.failed(Some(1), "x".to_owned());
            },
            None,
        );
    }
}
