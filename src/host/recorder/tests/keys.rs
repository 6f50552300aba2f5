//! Looks that are nearly the same, and their replies.

use super::*;
use crate::host::{BoxFuture, Connection, HttpReply, PingReply, ProgramReply, TlsReply};

/// Answers every request with what is special about it.
struct Echo;

impl Host for Echo {
    fn os(&self) -> Os {
        Os::Linux
    }

    fn look<'a>(&'a self, look: &'a Look, _: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
        let said = format!("{look:?}");
        let via = |via: &Option<Via>| via.as_ref().map_or(0, |via| via.user.len() as u16);
        let reply = match look {
            Look::Http(request) => Reply::Http(HttpReply::Answered {
                status: 200,
                headers: Default::default(),
                body: format!("{:?} {:?}", request.body, request.headers),
                cut: false,
                took_ms: None,
                redirected_to: None,
                moment: None,
            }),
            Look::Ping { count, .. } => Reply::Ping(PingReply::Silent {
                address: "192.0.2.1".to_owned(),
                sent: *count,
                error: None,
            }),
            Look::Program { run } => Reply::Program(ProgramReply::Exited {
                status: i32::try_from(run.len()).unwrap(),
                stdout: String::new(),
                stderr: String::new(),
            }),
            Look::Connect { via: through, .. } => Reply::Connection(Connection::ProxyRefused {
                status: via(through),
                schemes: Vec::new(),
                why: None,
            }),
            Look::Tls(request) => Reply::Tls(TlsReply::NoWay(Connection::Unreachable(
                via(&request.via).to_string(),
            ))),
            _ => return Box::pin(std::future::ready(Err(Unknown::new(Reason::Other, said)))),
        };
        Box::pin(std::future::ready(Ok(reply)))
    }
}

/// Looks that differ in one thing each have each its own reply.
#[test]
fn no_look_is_answered_with_the_reply_to_another() {
    let http = |headers: &[(&str, &str)], body: Option<&str>| {
        let pairs = headers.iter();
        Look::Http(HttpRequest {
            url: Address::parse("https://example.com/").unwrap(),
            method: "POST".to_owned(),
            headers: pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.map(str::to_owned),
            login: None,
            via: None,
        })
    };
    let via = |user: &str| {
        Some(Via {
            address: Address::proxy("proxy:3128").unwrap(),
            user: user.to_owned(),
            password: None,
        })
    };
    let connect = |user| Look::Connect {
        host: "example.com".to_owned(),
        port: 443,
        via: via(user),
    };
    let tls = |user| {
        Look::Tls(TlsRequest {
            host: "example.com".to_owned(),
            port: 443,
            name: "example.com".to_owned(),
            trust: Trust::System,
            via: via(user),
        })
    };
    let ping = |count| Look::Ping {
        host: "example.com".to_owned(),
        count,
    };
    let run = |parts: &[&str]| Look::Program { run: texts(parts) };
    let looks = [
        http(&[], None),
        http(&[], Some("")),
        http(&[], Some("<execute/>")),
        http(&[], Some("<other/>")),
        http(&[("Accept", "text/xml")], None),
        http(&[("Accept", "application/json")], None),
        http(&[("Accept", "text/xml")], Some("<execute/>")),
        connect(""),
        connect("joe"),
        tls(""),
        tls("joe"),
        ping(4),
        ping(20),
        run(&["sh", "-c", "a b"]),
        run(&["sh", "-c", "a", "b"]),
        run(&["sh", "-c", "a b", ""]),
    ];
    let recorder = Recorder::new(Box::new(Echo));
    let said: Vec<String> = looks.iter().map(|asked| look(&recorder, asked)).collect();
    let written = recorder
        .recording()
        .written(&mut Redactor::default(), Timestamp::UNIX_EPOCH, None)
        .unwrap();
    let again = Recorded::new(&written.host_yaml, Kept(Mutex::new(written.files))).unwrap();
    for (asked, said) in looks.iter().zip(said) {
        assert_eq!(
            look(&again, asked),
            said,
            "{asked:?}\n{}",
            written.host_yaml
        );
    }
    // What was not asked is not known, though something like it was.
    for asked in [
        http(&[], Some("<third/>")),
        http(&[("Accept", "text/html")], None),
        connect("bob"),
        tls("bob"),
        ping(7),
        run(&["sh", "-c", "a  b"]),
    ] {
        let got = look(&again, &asked);
        assert!(got.contains("was not recorded"), "{asked:?}: {got}");
    }
}

/// Who knows a key knows nothing of what was secret in the request.
#[test]
fn a_key_tells_no_secret() {
    let keyed = |authorization: &str| {
        let headers = [("Authorization", authorization), ("Accept", "text/xml")];
        let request = HttpRequest {
            url: Address::parse("https://example.com/").unwrap(),
            method: "GET".to_owned(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            body: None,
            login: None,
            via: None,
        };
        crate::host::recorded::key::http(&request).whole
    };
    assert_eq!(
        keyed("Bearer hunter2-one-word"),
        keyed("Bearer hunter3-another")
    );
    assert!(keyed("Bearer hunter2-one-word").contains(" with "));
}
