//! Echo requests by Windows' own call, which any user may make. Each waits for its answer before the next is sent.

use std::net::SocketAddr;

use tokio::{
    task::spawn_blocking,
    time::{Instant, sleep_until},
};
use winping::{Buffer, CreateError, Error, Pinger};

use super::{apart, shown, tally::Tally};
use crate::{
    finding::{Reason, Unknown},
    host::PingReply,
};

/// What a request carries: as much as Windows' own `ping` sends.
const CARRIED: usize = 32;

/// What became of a request that was not answered.
#[derive(Debug, PartialEq)]
enum Ended {
    /// Nothing came in time.
    Silence,
    /// Somebody said why.
    Told(String),
    /// It was never sent.
    Unsent(String),
    /// Nobody can tell.
    Broken(Reason, String),
}

pub(super) async fn ask(
    address: SocketAddr,
    count: u32,
    until: Instant,
) -> Result<PingReply, Unknown> {
    let pinger = match Pinger::new() {
        Ok(pinger) | Err(CreateError::NoV4(pinger) | CreateError::NoV6(pinger)) => pinger,
        Err(error @ CreateError::None) => {
            let why = format!("{}: {error}", shown(address));
            return Err(Unknown::new(Reason::NotAvailable, why));
        }
    };
    let apart = apart(count, until);
    let share = until.saturating_duration_since(Instant::now()) / count.max(1);
    let mut tally = Tally::default();
    for _ in 0..count {
        let now = Instant::now();
        let wait = share.min(until.saturating_duration_since(now)).as_millis();
        if wait == 0 {
            break;
        }
        let mut pinger = pinger.clone();
        pinger.set_timeout(u32::try_from(wait).unwrap_or(u32::MAX));
        let sent = spawn_blocking(move || {
            let mut buffer = Buffer::with_data(vec![b'w'; CARRIED]);
            pinger.send(address.ip(), &mut buffer)
        });
        let number = tally.count();
        match sent.await {
            Ok(Ok(ms)) => {
                tally.sent(now);
                tally.answered(number, now + std::time::Duration::from_millis(ms.into()));
            }
            Ok(Err(error)) => match ended(&error) {
                Ended::Silence => tally.sent(now),
                Ended::Told(why) => {
                    tally.sent(now);
                    tally.failed(Some(number), why);
                }
                Ended::Unsent(why) => {
                    tally.failed(None, why);
                    if number == 0 {
                        break;
                    }
                }
                Ended::Broken(reason, why) => {
                    let why = format!("{}: {why}", shown(address));
                    return Err(Unknown::new(reason, why));
                }
            },
            Err(_) => {
                let why = format!("{}: the look broke off", shown(address));
                return Err(Unknown::new(Reason::Other, why));
            }
        }
        if u32::from(tally.count()) < count {
            sleep_until((now + apart).min(until)).await;
        }
    }
    Ok(tally.reply(address))
}

/// By Windows' names: the numbers that the library has no name for stand in `ipexport.h` and `winerror.h`. In words of
/// our own: the library asks the system for its words through a call that Wine ends the program at.
fn ended(error: &Error) -> Ended {
    let told = |words: &str| Ended::Told(words.to_owned());
    match error {
        Error::Timeout => Ended::Silence,
        Error::NetUnreachable => told("network unreachable"),
        Error::HostUnreachable => told("host unreachable"),
        Error::ProtocolUnreachable => told("protocol unreachable"),
        Error::TtlExpired | Error::ReassemblyExpired => told("too many routers on the way"),
        Error::NeedsFragmented => told("the packet is too big"),
        // IP_DEST_PORT_UNREACHABLE
        Error::Other(11005) => told("port unreachable"),
        // IP_BAD_ROUTE
        Error::Other(11012) => told("a bad route"),
        // IP_PARAM_PROBLEM
        Error::Other(11015) => told("a router did not understand the request"),
        // IP_SOURCE_QUENCH
        Error::Other(11016) => told("a router is overloaded"),
        // IP_BAD_DESTINATION
        Error::Other(11018) => told("a bad destination"),
        // IP_GENERAL_FAILURE: there is no way to the address.
        Error::Other(11050) => Ended::Unsent("there is no way to it".to_owned()),
        // ERROR_ACCESS_DENIED
        Error::Other(5) => Ended::Broken(Reason::NoRight, "access is denied".to_owned()),
        Error::Other(number) => {
            let why = format!("Windows answered with error {number}");
            Ended::Broken(Reason::Other, why)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sent_can_be_silent() {
        let kind = |error| match ended(&error) {
            Ended::Silence => "silence",
            Ended::Told(_) => "told",
            Ended::Unsent(_) => "unsent",
            Ended::Broken(..) => "broken",
        };
        let check = |error, expected: &str| assert_eq!(kind(error), expected);
        check(Error::Timeout, "silence");
        check(Error::HostUnreachable, "told");
        check(Error::Other(11018), "told");
        check(Error::Other(11050), "unsent");
        // IP_NO_RESOURCES, ERROR_INVALID_HANDLE
        check(Error::Other(11006), "broken");
        check(Error::Other(6), "broken");
    }
}
