//! Ways through a real proxy, and through what only looks like one.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener},
    thread,
};

use waypost::{
    finding::{Address, InputName, Reason, Unknown},
    host::{Connection, HttpReply, HttpRequest, Look, Reply, SecretRef, Via, live::Live},
};

use super::{PATIENT, SHORT, live, look, texts, why};
use crate::support::{
    Authority, Certificate, Instance, LOGIN, Tinyproxy, left_out, refused_port, silent_port,
};

pub(super) fn via(address: &str) -> Via {
    Via {
        address: Address::proxy(address).expect("it is an address"),
        user: String::new(),
        password: None,
    }
}

pub(super) fn with_login(address: &str, user: &str) -> Via {
    let password = Some(SecretRef {
        secret: InputName::new("password"),
    });
    Via {
        address: Address::proxy(address).expect("it is an address"),
        user: user.to_owned(),
        password,
    }
}

pub(super) async fn connect(host: &Live, port: u16, via: Via) -> Result<Connection, Unknown> {
    let asked = Look::Connect {
        host: "localhost".to_owned(),
        port,
        via: Some(via),
    };
    match look(host, asked, PATIENT).await? {
        Reply::Connection(connection) => Ok(connection),
        other => panic!("{other:?}"),
    }
}

pub(super) async fn ask(host: &Live, url: &str, via: Via) -> HttpReply {
    let request = HttpRequest {
        url: Address::parse(url).expect("it is an address"),
        method: "GET".to_owned(),
        headers: BTreeMap::new(),
        body: None,
        login: None,
        via: Some(via),
    };
    match look(host, Look::Http(request), PATIENT).await.unwrap() {
        Reply::Http(reply) => reply,
        other => panic!("{other:?}"),
    }
}

pub(super) fn status(reply: &HttpReply) -> Option<u16> {
    match reply {
        HttpReply::Answered { status, .. } => Some(*status),
        _ => None,
    }
}

#[tokio::test]
async fn a_proxy_leads_to_the_instance() {
    let Some(proxy) = Tinyproxy::start(None, "") else {
        return left_out("tinyproxy is not installed");
    };
    let authority = Authority::new();
    let host = live(Some(&authority));
    let (secure, plain) = (
        Instance::tls(&authority, Certificate::Good),
        Instance::plain(),
    );
    let opened = connect(&host, secure.port(), via(&proxy.address()))
        .await
        .unwrap();
    assert!(
        matches!(&opened, Connection::Open { address, .. } if *address == proxy.address()),
        "{opened:?}"
    );
    for instance in [&secure, &plain] {
        let reply = ask(
            &host,
            &instance.url("/behave/status/404"),
            via(&format!("http://{}/", proxy.address())),
        )
        .await;
        assert_eq!(status(&reply), Some(404), "{reply:?}");
        assert!(
            instance.requests()[0]
                .header("proxy-authorization")
                .is_none()
        );
    }
    // The proxy cannot get there: it says so with a status of its own.
    let refused = connect(&host, refused_port(), via(&proxy.address()))
        .await
        .unwrap();
    assert!(
        matches!(&refused, Connection::ProxyRefused { status: 500..=599, schemes, .. } if schemes.is_empty()),
        "{refused:?}"
    );
    let refused = ask(
        &host,
        &format!("https://localhost:{}/", refused_port()),
        via(&proxy.address()),
    )
    .await;
    assert!(
        matches!(
            refused,
            HttpReply::ProxyRefused {
                status: 500..=599,
                ..
            }
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_proxy_that_forbids_the_port_says_so() {
    let Some(proxy) = Tinyproxy::start(None, "ConnectPort 1") else {
        return left_out("tinyproxy is not installed");
    };
    let instance = Instance::plain();
    let refused = connect(&live(None), instance.port(), via(&proxy.address()))
        .await
        .unwrap();
    assert_eq!(
        refused,
        Connection::ProxyRefused {
            status: 403,
            schemes: Vec::new(),
            why: None,
        }
    );
}

#[tokio::test]
async fn a_proxy_wants_a_login() {
    let Some(proxy) = Tinyproxy::start(Some(("proxyuser", "right_horse")), "") else {
        return left_out("tinyproxy is not installed");
    };
    struct Proxys;
    impl waypost::host::live::Secrets for Proxys {
        fn secret(&self, _name: &InputName) -> Option<secrecy::SecretString> {
            Some("right_horse".into())
        }
    }
    let authority = Authority::new();
    let options = waypost::host::live::LiveOptions {
        secrets: std::sync::Arc::new(Proxys),
        ca_pem: vec![authority.pem().into_bytes()],
        ..Default::default()
    };
    let host = Live::new(options).unwrap();
    let (secure, plain) = (
        Instance::tls(&authority, Certificate::Good),
        Instance::plain(),
    );
    let basic = texts(&["Basic"]);
    for wrong in [via(&proxy.address()), with_login(&proxy.address(), "other")] {
        // tinyproxy says 401 to a wrong login and 407 to none.
        let refused = connect(&host, secure.port(), wrong.clone()).await.unwrap();
        assert!(
            matches!(
                refused,
                Connection::ProxyRefused {
                    status: 401 | 407,
                    ..
                }
            ),
            "{refused:?}"
        );
        let refused = ask(&host, &secure.url("/"), wrong).await;
        assert!(
            matches!(
                refused,
                HttpReply::ProxyRefused {
                    status: 401 | 407,
                    ..
                }
            ),
            "{refused:?}"
        );
    }
    let none = via(&proxy.address());
    assert_eq!(
        connect(&host, secure.port(), none.clone()).await.unwrap(),
        Connection::ProxyRefused {
            status: 407,
            schemes: basic.clone(),
            why: None,
        }
    );
    assert_eq!(
        ask(&host, &plain.url("/"), none).await,
        HttpReply::ProxyRefused {
            status: 407,
            schemes: basic,
            why: None,
        }
    );
    let right = with_login(&proxy.address(), "proxyuser");
    assert!(matches!(
        connect(&host, secure.port(), right.clone()).await,
        Ok(Connection::Open { .. })
    ));
    for instance in [&secure, &plain] {
        assert_eq!(
            status(&ask(&host, &instance.url("/behave/status/404"), right.clone()).await),
            Some(404)
        );
        // The proxy's login stays with the proxy.
        assert!(
            instance.requests()[0]
                .header("proxy-authorization")
                .is_none()
        );
    }
}

/// Answers every connection with the same bytes, after it has read something.
pub(super) fn says(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    let address = listener
        .local_addr()
        .expect("the listener is bound")
        .to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(bytes);
                if bytes == b"HTTP/1.1 " {
                    thread::sleep(PATIENT);
                }
            });
        }
    });
    address
}

#[tokio::test]
async fn what_a_proxy_offers_is_told() {
    let host = live(None);
    let offers =
        b"HTTP/1.1 407 Login\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n";
    let refused = connect(&host, 443, with_login(&says(offers), LOGIN.0))
        .await
        .unwrap();
    assert_eq!(
        refused,
        Connection::ProxyRefused {
            status: 407,
            schemes: texts(&["Negotiate", "NTLM"]),
            why: None,
        }
    );
    // With TLS the proxy is asked before the server; in the clear it answers in the server's place.
    for url in ["https://localhost/", "http://localhost/"] {
        assert_eq!(
            ask(&host, url, with_login(&says(offers), LOGIN.0)).await,
            HttpReply::ProxyRefused {
                status: 407,
                schemes: texts(&["Negotiate", "NTLM"]),
                why: None,
            }
        );
    }
}

/// Through a tunnel the server itself speaks, whatever it says of proxies.
#[tokio::test]
async fn a_servers_word_of_logins_at_proxies_is_not_the_proxys() {
    let Some(proxy) = Tinyproxy::start(None, "") else {
        return left_out("tinyproxy is not installed");
    };
    let authority = Authority::new();
    let instance = Instance::tls(&authority, Certificate::Good);
    let url = instance.url("/behave/status/407");
    let reply = ask(&live(Some(&authority)), &url, via(&proxy.address())).await;
    assert_eq!(status(&reply), Some(407), "{reply:?}");
}

#[tokio::test]
async fn a_proxy_can_fail_in_every_way() {
    let host = live(None);
    let port = refused_port();
    let refused = connect(&host, 443, via(&format!("127.0.0.1:{port}"))).await;
    assert_eq!(
        refused,
        Ok(Connection::Refused {
            address: format!("127.0.0.1:{port}")
        })
    );
    let unresolved = connect(&host, 443, via("no-such-proxy.invalid:3128")).await;
    assert!(
        matches!(&unresolved, Ok(Connection::Unresolved(why)) if why.starts_with("no-such-proxy.invalid: ")),
        "{unresolved:?}"
    );
    let ssh = says(b"SSH-2.0-made-up\r\n");
    assert_eq!(
        why(connect(&host, 443, via(&ssh)).await),
        (
            Reason::Other,
            format!("{ssh} does not answer as an HTTP proxy")
        )
    );
    // Of a refusal that wants a login and names no scheme, nobody knows what it wants.
    for refusal in [
        b"HTTP/1.1 407 Login\r\n\r\n" as &[u8],
        b"HTTP/1.1 407 Login\r\nProxy-Authenticate : Basic\r\n\r\n",
        b"HTTP/1.1 407 Login\r\nProxy-Authenticate: \r\n\r\n",
    ] {
        let proxy = says(refusal);
        let (reason, words) = why(connect(&host, 443, via(&proxy)).await);
        assert_eq!(reason, Reason::Other);
        assert_eq!(
            words,
            format!("{proxy} wants a login (407), and names no scheme for it that can be read")
        );
    }
    let request = HttpRequest {
        url: Address::parse("http://localhost/").expect("it is an address"),
        method: "GET".to_owned(),
        headers: BTreeMap::new(),
        body: None,
        login: None,
        via: Some(via(&says(
            b"HTTP/1.1 407 Login\r\nContent-Length: 0\r\n\r\n",
        ))),
    };
    let (_, words) = why(look(&host, Look::Http(request), PATIENT).await);
    assert!(words.ends_with(" wants a login (407), and names no scheme for it that can be read"));
    // What only announces a reply is none.
    let goes_on = says(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
    assert!(matches!(
        connect(&host, 443, via(&goes_on)).await,
        Ok(Connection::Open { .. })
    ));
    let announces = says(b"HTTP/1.1 100 Continue\r\n\r\n");
    let (reason, words) = why(connect(&host, 443, via(&announces)).await);
    assert_eq!(reason, Reason::NotWhole);
    assert_eq!(
        words,
        format!("{announces}: the head of its reply broke off")
    );
    let hangs_up = says(b"");
    assert_eq!(
        connect(&host, 443, via(&hangs_up)).await,
        Ok(Connection::Refused { address: hangs_up })
    );
    // It is reached and says nothing, which is another thing than one that nobody reaches.
    let slow = says(b"HTTP/1.1 ");
    let asked = |proxy: &str| Look::Connect {
        host: "localhost".to_owned(),
        port: 443,
        via: Some(via(proxy)),
    };
    match look(&host, asked(&slow), SHORT).await {
        Ok(Reply::Connection(came)) => {
            assert_eq!(came, Connection::ProxySilent { address: slow });
        }
        other => panic!("{other:?}"),
    }
    if let Some((port, _full)) = silent_port() {
        assert!(matches!(
            look(&host, asked(&format!("127.0.0.1:{port}")), SHORT).await,
            Ok(Reply::Connection(Connection::TimedOut))
        ));
    }
    let unknown = Via {
        password: Some(SecretRef {
            secret: InputName::new("nothing"),
        }),
        ..with_login("127.0.0.1:1", "u")
    };
    assert_eq!(
        why(connect(&host, 443, unknown).await).0,
        Reason::InputUnknown
    );
}
