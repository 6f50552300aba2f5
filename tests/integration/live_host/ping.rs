//! Echo requests on loopback, and to where nothing answers.

use std::time::{Duration, Instant};

use waypost::{
    finding::{Reason, Unknown},
    host::{Look, PingReply, Reply},
};

use super::{PATIENT, live, look};
use crate::support::left_out;

/// For what never answers: long enough for a program that counts in whole seconds.
const WHILE: Duration = Duration::from_millis(2_500);

async fn ping(host: &str, count: u32, timeout: Duration) -> Result<PingReply, Unknown> {
    let asked = Look::Ping {
        host: host.to_owned(),
        count,
    };
    match look(&live(None), asked, timeout).await? {
        Reply::Ping(reply) => Ok(reply),
        other => panic!("{other:?}"),
    }
}

/// Whether this user may ask at all; if not, that has to be said.
async fn permitted() -> bool {
    match ping("127.0.0.1", 1, PATIENT).await {
        Err(Unknown {
            reason: Reason::NoRight,
            detail,
        }) => {
            left_out(&detail);
            false
        }
        other => {
            assert!(matches!(other, Ok(PingReply::Answered { .. })), "{other:?}");
            true
        }
    }
}

#[tokio::test]
async fn this_machine_answers_itself() {
    if !permitted().await {
        return;
    }
    let mut hosts = vec!["127.0.0.1", "localhost"];
    if std::net::UdpSocket::bind("[::1]:0").is_ok() {
        hosts.push("::1");
    }
    for host in hosts {
        let start = Instant::now();
        match ping(host, 3, PATIENT).await {
            Ok(PingReply::Answered {
                address,
                sent: 3,
                lost: 0,
                fastest_ms,
                average_ms,
                slowest_ms,
                error: None,
            }) => {
                assert!(
                    ["127.0.0.1", "::1"].contains(&address.as_str()),
                    "{address}"
                );
                assert!(
                    0.0 <= fastest_ms && fastest_ms <= average_ms,
                    "{fastest_ms} {average_ms}"
                );
                assert!(
                    average_ms <= slowest_ms && slowest_ms < 10_000.0,
                    "{slowest_ms}"
                );
            }
            other => panic!("{host}: {other:?}"),
        }
        // What was answered is not waited on: two pauses of a second and no more.
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{:?}",
            start.elapsed()
        );
    }
}

/// Each look takes its own answers, though all have the same address.
#[tokio::test]
async fn looks_at_the_same_time_do_not_mix() {
    if !permitted().await {
        return;
    }
    let looks = (1..=8).map(|count| ping("127.0.0.1", count, PATIENT));
    let replies = futures_util::future::join_all(looks).await;
    for (count, reply) in (1..).zip(replies) {
        match reply {
            Ok(PingReply::Answered { sent, lost: 0, .. }) => assert_eq!(sent, count),
            other => panic!("{count}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_name_without_an_address_is_unresolved() {
    match ping("no-such-host.invalid", 4, PATIENT).await {
        Ok(PingReply::Unresolved(words)) => {
            assert!(words.starts_with("no-such-host.invalid: "), "{words}");
        }
        other => panic!("{other:?}"),
    }
}

/// Addresses for documents (RFC 5737, RFC 3849) are nobody's: a network drops what goes there, or says that there is no way.
#[tokio::test]
async fn nobody_is_silent() {
    if !permitted().await {
        return;
    }
    for host in ["198.51.100.7", "2001:db8::7"] {
        let start = Instant::now();
        match ping(host, 4, WHILE).await {
            Ok(PingReply::Silent {
                address,
                sent,
                error,
            }) => {
                assert_eq!(address, host);
                assert!(sent > 0 || error.is_some());
            }
            other => panic!("{other:?}"),
        }
        assert!(start.elapsed() < WHILE + Duration::from_secs(5));
    }
}

#[tokio::test]
async fn an_address_without_a_way_is_silent_with_the_systems_words() {
    if !permitted().await {
        return;
    }
    // An address for all at once takes no request without more ado; the system says so without sending anything.
    match ping("255.255.255.255", 4, PATIENT).await {
        Ok(PingReply::Silent {
            sent: 0,
            error: Some(_),
            ..
        }) => {}
        other => panic!("{other:?}"),
    }
}
