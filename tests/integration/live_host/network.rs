//! Names and connections.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::{Duration, Instant},
};

use waypost::{
    finding::Reason,
    host::{Connection, Look, NameReply, Reply},
};

use super::{PATIENT, SHORT, live, look, why};
use crate::support::{Instance, NameServer, Said, refused_port, silent_port};

async fn connect(host: &str, port: u16, timeout: Duration) -> Connection {
    let asked = Look::Connect {
        host: host.to_owned(),
        port,
        via: None,
    };
    match look(&live(None), asked, timeout).await.unwrap() {
        Reply::Connection(connection) => connection,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_port_is_open_or_refused() {
    let instance = Instance::plain();
    let address = format!("127.0.0.1:{}", instance.port());
    for host in ["127.0.0.1", "localhost"] {
        match connect(host, instance.port(), PATIENT).await {
            Connection::Open { address: to, .. } => assert_eq!(to, address),
            other => panic!("{other:?}"),
        }
    }
    let port = refused_port();
    assert_eq!(
        connect("127.0.0.1", port, PATIENT).await,
        Connection::Refused {
            address: format!("127.0.0.1:{port}")
        }
    );
}

#[tokio::test]
async fn a_silent_port_times_out() {
    let Some((port, _full)) = silent_port() else {
        return eprintln!("left out, this system takes connections beyond a full queue");
    };
    let start = Instant::now();
    assert_eq!(
        connect("127.0.0.1", port, SHORT).await,
        Connection::TimedOut
    );
    assert!(start.elapsed() >= SHORT && start.elapsed() < SHORT + Duration::from_secs(5));
}

#[tokio::test]
async fn a_name_without_an_address_is_unresolved() {
    match connect("no-such-host.invalid", 443, PATIENT).await {
        Connection::Unresolved(words) => {
            assert!(words.starts_with("no-such-host.invalid: "), "{words}")
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(
        connect("", 443, PATIENT).await,
        Connection::Unresolved("the name is empty".to_owned())
    );
}

#[tokio::test]
async fn an_address_without_a_way_is_unreachable() {
    // A broadcast address takes no connection; the system says so without sending anything.
    match connect("255.255.255.255", 443, PATIENT).await {
        Connection::Unreachable(words) => {
            assert!(words.starts_with("255.255.255.255:443: "), "{words}")
        }
        other => panic!("{other:?}"),
    }
}

async fn ask(server: &str, name: &str, timeout: Duration) -> NameReply {
    let asked = Look::Name {
        name: name.to_owned(),
        server: Some(server.to_owned()),
    };
    match look(&live(None), asked, timeout).await.unwrap() {
        Reply::Name(reply) => reply,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_says_what_a_name_is() {
    let four = Ipv4Addr::new(192, 0, 2, 7);
    let six: Ipv6Addr = "2001:db8::7".parse().unwrap();
    let server = NameServer::start(&[
        ("four.example", Said::Address(IpAddr::V4(four))),
        ("six.example", Said::Address(IpAddr::V6(six))),
        ("only-four.example", Said::OnlyFour(four)),
        ("empty.example", Said::Nothing),
        ("gone.example", Said::NoSuchName),
        ("broken.example", Said::Failure),
        ("closed.example", Said::Refusal),
    ]);
    for (name, addresses, code) in [
        ("four.example", &["192.0.2.7"][..], "NOERROR"),
        ("Four.Example.", &["192.0.2.7"], "NOERROR"),
        ("six.example", &["2001:db8::7"], "NOERROR"),
        ("only-four.example", &["192.0.2.7"], "NOERROR"),
        ("empty.example", &[], "NOERROR"),
        ("gone.example", &[], "NXDOMAIN"),
        ("broken.example", &[], "SERVFAIL"),
        ("closed.example", &[], "REFUSED"),
    ] {
        let reply = ask(&server.address(), name, PATIENT).await;
        assert_eq!(
            (reply.addresses, reply.code.as_str()),
            (addresses.iter().map(|a| (*a).to_owned()).collect(), code),
            "{name}"
        );
        assert_eq!(reply.server, server.address());
    }
    // The system's search list is no matter of a chosen server.
    assert!(
        server.asked().iter().all(|name| name.ends_with(".example")),
        "{:?}",
        server.asked()
    );
}

/// That there is no address of the one family says nothing of the other, whose question was lost.
#[tokio::test]
async fn a_lost_question_is_asked_again() {
    let server = NameServer::start(&[(
        "late.example",
        Said::FourAtLast(Ipv4Addr::new(192, 0, 2, 7)),
    )]);
    let reply = ask(&server.address(), "late.example", Duration::from_secs(6)).await;
    assert_eq!(
        (reply.addresses, reply.code.as_str()),
        (vec!["192.0.2.7".to_owned()], "NOERROR")
    );
}

#[tokio::test]
async fn a_silent_server_is_waited_for_no_longer_than_the_limit() {
    let server = NameServer::start(&[("quiet.example", Said::Silence)]);
    let start = Instant::now();
    let reply = ask(&server.address(), "quiet.example", SHORT).await;
    assert_eq!((reply.addresses.len(), reply.code.as_str()), (0, "TIMEOUT"));
    assert!(start.elapsed() < SHORT * 4, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_server_that_is_not_there_gives_no_answer() {
    let nobody = format!("127.0.0.1:{}", refused_port());
    assert_eq!(ask(&nobody, "a.example", SHORT).await.code, "TIMEOUT");
    let reply = ask("no-such-server.invalid", "a.example", PATIENT).await;
    assert_eq!(
        (reply.code.as_str(), reply.server.as_str()),
        ("UNREACHABLE", "no-such-server.invalid")
    );
}

#[tokio::test]
async fn the_system_knows_its_own_names() {
    let asked = |name: &str| Look::Name {
        name: name.to_owned(),
        server: None,
    };
    let Reply::Name(reply) = look(&live(None), asked("localhost"), PATIENT)
        .await
        .unwrap()
    else {
        panic!("no name")
    };
    assert!(
        reply.addresses.contains(&"127.0.0.1".to_owned()),
        "{reply:?}"
    );
    assert_eq!(
        (reply.code.as_str(), reply.server.as_str()),
        ("NOERROR", "hosts file")
    );
    let Reply::Name(reply) = look(&live(None), asked("192.0.2.9"), PATIENT)
        .await
        .unwrap()
    else {
        panic!("no name")
    };
    assert_eq!(reply.addresses, ["192.0.2.9"]);
    let start = Instant::now();
    let Reply::Name(reply) = look(&live(None), asked("x.invalid"), PATIENT)
        .await
        .unwrap()
    else {
        panic!("no name")
    };
    assert_eq!(reply.code, "NXDOMAIN");
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(
        why(look(&live(None), asked("."), PATIENT).await).1,
        "the name is empty"
    );
    assert_eq!(
        why(look(&live(None), asked(&"x".repeat(300)), PATIENT).await).0,
        Reason::Other
    );
}
