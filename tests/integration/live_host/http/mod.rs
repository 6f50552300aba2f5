//! Requests, with TLS and without.

mod facts;
mod hostile;
mod logins;
mod redirects;

use std::{collections::BTreeMap, time::Duration};

use waypost::{
    finding::{Address, InputName, Reason, Unknown},
    host::{HttpReply, HttpRequest, Login, Look, Reply, SecretRef, live::Live},
};

use super::{PATIENT, live, look, why};
use crate::support::{Authority, Certificate, Instance, LOGIN, Manner, refused_port};

fn get(url: &str) -> HttpRequest {
    HttpRequest {
        url: Address::parse(url).expect("it is an address"),
        method: "GET".to_owned(),
        headers: BTreeMap::new(),
        body: None,
        login: None,
        via: None,
    }
}

async fn ask(host: &Live, request: HttpRequest, timeout: Duration) -> Result<HttpReply, Unknown> {
    match look(host, Look::Http(request), timeout).await? {
        Reply::Http(reply) => Ok(reply),
        other => panic!("{other:?}"),
    }
}

/// Status and body of an answer.
async fn answer(host: &Live, request: HttpRequest) -> (u16, String) {
    match ask(host, request, PATIENT).await {
        Ok(HttpReply::Answered { status, body, .. }) => (status, body),
        other => panic!("{other:?}"),
    }
}

fn login(user: &str, password: &str) -> Login {
    Login {
        user: user.to_owned(),
        password: Some(SecretRef {
            secret: InputName::new(password),
        }),
    }
}

#[tokio::test]
async fn an_instance_tells_its_version_and_guards_its_tables() {
    let authority = Authority::new();
    let instance = Instance::tls(&authority, Certificate::Good);
    let host = live(Some(&authority));
    let info = instance.url("/InstanceInfo.do?SOAP");
    let post = HttpRequest {
        method: "post".to_owned(),
        headers: BTreeMap::from([("SOAPAction".to_owned(), "Get".to_owned())]),
        body: Some("<Envelope/>".to_owned()),
        ..get(&info)
    };
    let (status, body) = answer(&host, post).await;
    assert_eq!(status, 200);
    for tag in ["<build_tag>", "<mid_buildstamp>", "<mid_version>"] {
        assert!(body.contains(tag), "{body}");
    }
    let (status, body) = answer(&host, get(&info)).await;
    assert_eq!(status, 500);
    assert!(
        body.contains("Error completing SOAP request - Only HTTP POST supported"),
        "{body}"
    );

    let table = instance.url("/api/now/table/ecc_agent?sysparm_limit=1");
    assert_eq!(answer(&host, get(&table)).await.0, 401);
    let known = HttpRequest {
        login: Some(login(LOGIN.0, "password")),
        ..get(&table)
    };
    assert_eq!(
        answer(&host, known).await,
        (
            200,
            r#"{"result":[{"name":"mid01","status":"Up","validated":"true"}]}"#.to_owned()
        )
    );
    let other = HttpRequest {
        login: Some(login("other", "password")),
        ..get(&table)
    };
    assert_eq!(answer(&host, other).await.0, 401);

    let asked = instance.requests();
    assert_eq!(
        (
            asked[0].method.as_str(),
            asked[0].body.as_str(),
            asked[0].header("soapaction")
        ),
        ("POST", "<Envelope/>", Some("Get"))
    );
    // A login is tried once, even where it is refused.
    assert_eq!(asked.len(), 5);
    assert_eq!(asked[3].header("authorization"), Some(LOGIN.2));
    assert!(asked[2].header("authorization").is_none());
}

#[tokio::test]
async fn a_status_is_an_answer() {
    let instance = Instance::plain();
    let host = live(None);
    for status in [404, 429, 500, 503] {
        instance.behave(Manner::Status(status));
        assert_eq!(
            answer(&host, get(&instance.url("/"))).await,
            (status, "as told".to_owned())
        );
    }
}

#[tokio::test]
async fn a_certificate_is_always_verified() {
    let authority = Authority::new();
    for (certificate, trusted, words) in [
        (Certificate::Good, false, "UnknownIssuer"),
        (Certificate::Expired, true, "expired"),
        (Certificate::OtherName, true, "not valid for"),
    ] {
        let instance = Instance::tls(&authority, certificate);
        let host = live(trusted.then_some(&authority));
        match ask(&host, get(&instance.url("/")), PATIENT).await {
            Ok(HttpReply::TlsFailed(why)) => assert!(why.contains(words), "{certificate:?}: {why}"),
            // A system without any authority cannot tell.
            Err(why) if !trusted => assert_eq!(why.reason, Reason::NotAvailable),
            other => panic!("{other:?}"),
        }
        assert!(instance.requests().is_empty());
    }
}

#[tokio::test]
async fn each_failure_is_told_apart() {
    let authority = Authority::new();
    let host = live(Some(&authority));
    let plain = Instance::plain();
    let secure = Instance::tls(&authority, Certificate::Good);

    let refused = ask(
        &host,
        get(&format!("http://127.0.0.1:{}/", refused_port())),
        PATIENT,
    )
    .await;
    assert!(
        matches!(&refused, Ok(HttpReply::Refused(why)) if why.to_lowercase().contains("refused")),
        "{refused:?}"
    );
    let unresolved = ask(&host, get("https://no-such-host.invalid/"), PATIENT).await;
    assert!(
        matches!(&unresolved, Ok(HttpReply::Unresolved(why)) if why.starts_with("no-such-host.invalid: ")),
        "{unresolved:?}"
    );
    let unreachable = ask(&host, get("http://255.255.255.255/"), PATIENT).await;
    assert!(
        matches!(unreachable, Ok(HttpReply::Unreachable(_))),
        "{unreachable:?}"
    );
    // TLS spoken to a port without it.
    let no_tls = ask(
        &host,
        get(&format!("https://localhost:{}/", plain.port())),
        PATIENT,
    )
    .await;
    assert!(matches!(no_tls, Ok(HttpReply::TlsFailed(_))), "{no_tls:?}");
    let not_http = ask(&host, get(&plain.url("/behave/not-http")), PATIENT).await;
    assert_eq!(why(not_http).0, Reason::Other);
    for instance in [&plain, &secure] {
        let hung_up = ask(&host, get(&instance.url("/behave/hang-up")), PATIENT).await;
        assert!(matches!(hung_up, Ok(HttpReply::Refused(_))), "{hung_up:?}");
        let broken = ask(&host, get(&instance.url("/behave/break-off")), PATIENT).await;
        assert_eq!(why(broken).0, Reason::NotWhole);
    }
    plain.behave(Manner::HangUp);
    secure.behave(Manner::HangUp);
    let hung_up = ask(&host, get(&plain.url("/")), PATIENT).await;
    assert!(matches!(hung_up, Ok(HttpReply::Refused(_))), "{hung_up:?}");
    // Hung up on in the handshake.
    let hung_up = ask(&host, get(&secure.url("/")), PATIENT).await;
    assert!(
        matches!(hung_up, Ok(HttpReply::TlsFailed(_))),
        "{hung_up:?}"
    );
}

#[tokio::test]
async fn a_reply_is_decoded() {
    let instance = Instance::plain();
    let host = live(None);
    assert_eq!(
        answer(&host, get(&instance.url("/behave/latin"))).await,
        (200, "café".to_owned())
    );
    match ask(&host, get(&instance.url("/behave/two-headers")), PATIENT).await {
        Ok(HttpReply::Answered { headers, .. }) => assert_eq!(headers["x-one"], "a, b"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_request_that_makes_no_sense_is_unknown() {
    let host = live(None);
    for (request, words) in [
        (
            get("ftp://localhost/"),
            "a URL of the scheme `ftp` cannot be asked",
        ),
        (
            HttpRequest {
                method: "G T".to_owned(),
                ..get("http://localhost/")
            },
            "`G T` is no method",
        ),
        (
            HttpRequest {
                headers: BTreeMap::from([("A".to_owned(), "b\r\nC: d".to_owned())]),
                ..get("http://localhost/")
            },
            "the header `A` cannot be sent",
        ),
    ] {
        let (reason, detail) = why(ask(&host, request, PATIENT).await);
        assert_eq!(reason, Reason::Other);
        assert!(detail.starts_with(words), "{detail}");
    }
}
