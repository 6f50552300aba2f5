//! Ways through SOCKS proxies: a real one, and such that only tell a story.

mod teller;

use std::time::Instant;

use waypost::{
    finding::{Reason, Unknown},
    host::{Connection, HttpReply, Look, Reply, TlsReply, TlsRequest, Trust},
};

use self::teller::{Does, Teller};
use super::{
    PATIENT, SHORT, live, look,
    proxy::{ask, connect, status, via, with_login},
    texts, why,
};
use crate::support::{Authority, Certificate, Instance, LOGIN, Microsocks, left_out, refused_port};

/// The schemes by which a SOCKS proxy is named.
const SCHEMES: [&str; 2] = ["socks5", "socks5h"];
const PASSWORD: &str = "username/password";

/// The proxy's code, the logins that it offers, and whether it was explained.
fn refusal(connection: Result<Connection, Unknown>) -> (u16, Vec<String>, String) {
    match connection {
        Ok(Connection::ProxyRefused {
            status,
            schemes,
            why: Some(why),
        }) => (status, schemes, why),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_real_proxy_leads_to_the_instance() {
    let Some(proxy) = Microsocks::start(None) else {
        return left_out("microsocks is not installed");
    };
    let authority = Authority::new();
    let host = live(Some(&authority));
    let (secure, plain) = (
        Instance::tls(&authority, Certificate::Good),
        Instance::plain(),
    );
    for scheme in SCHEMES {
        // A login that the proxy does not ask for is not in its way.
        for via in [
            via(&proxy.address(scheme)),
            with_login(&proxy.address(scheme), "u"),
        ] {
            let opened = connect(&host, secure.port(), via.clone()).await;
            let at = format!("127.0.0.1:{}", proxy.port);
            assert!(
                matches!(&opened, Ok(Connection::Open { address, .. }) if *address == at),
                "{opened:?}"
            );
            for instance in [&secure, &plain] {
                let reply = ask(&host, &instance.url("/behave/status/404"), via.clone()).await;
                assert_eq!(status(&reply), Some(404), "{scheme}: {reply:?}");
            }
            // What the target says of logins at proxies is no word of this proxy.
            let reply = ask(&host, &plain.url("/behave/status/407"), via.clone()).await;
            assert_eq!(status(&reply), Some(407), "{reply:?}");
            let handshake = Look::Tls(TlsRequest {
                host: "localhost".to_owned(),
                port: secure.port(),
                name: "localhost".to_owned(),
                trust: Trust::System,
                via: Some(via),
            });
            let shaken = look(&host, handshake, PATIENT).await;
            assert!(
                matches!(&shaken, Ok(Reply::Tls(TlsReply::Shown(_)))),
                "{shaken:?}"
            );
        }
    }
    assert!(
        secure
            .requests()
            .iter()
            .chain(&plain.requests())
            .all(|request| request.header("proxy-authorization").is_none())
    );
}

#[tokio::test]
async fn what_a_real_proxy_says_of_its_target_is_the_proxys_word() {
    let Some(proxy) = Microsocks::start(None) else {
        return left_out("microsocks is not installed");
    };
    let host = live(None);
    let closed = refused_port();
    for scheme in SCHEMES {
        let via = via(&proxy.address(scheme));
        let (code, schemes, why) = refusal(connect(&host, closed, via.clone()).await);
        assert_eq!((code, schemes.as_slice()), (5, [].as_slice()));
        assert_eq!(why, "it says that the target refused the connection");
        for url in ["http", "https"] {
            let reply = ask(&host, &format!("{url}://localhost:{closed}/"), via.clone()).await;
            assert!(
                matches!(&reply, HttpReply::ProxyRefused { status: 5, .. }),
                "{reply:?}"
            );
        }
    }
    // Who asks for the name is told by who does not find it.
    let unknown = "http://no-such-host.invalid/";
    let here = ask(&host, unknown, via(&proxy.address("socks5"))).await;
    assert!(
        matches!(&here, HttpReply::Unresolved(why) if why.starts_with("no-such-host.invalid")),
        "{here:?}"
    );
    let by_proxy = ask(&host, unknown, via(&proxy.address("socks5h"))).await;
    assert!(
        matches!(by_proxy, HttpReply::ProxyRefused { .. }),
        "{by_proxy:?}"
    );
}

#[tokio::test]
async fn a_real_proxy_wants_a_login() {
    let Some(proxy) = Microsocks::start(Some((LOGIN.0, LOGIN.1))) else {
        return left_out("microsocks is not installed");
    };
    let authority = Authority::new();
    let host = live(Some(&authority));
    let instance = Instance::tls(&authority, Certificate::Good);
    for scheme in SCHEMES {
        let address = proxy.address(scheme);
        let none = refusal(connect(&host, instance.port(), via(&address)).await);
        assert_eq!((none.0, none.1), (255, texts(&[PASSWORD])));
        let wrong = refusal(connect(&host, instance.port(), with_login(&address, "other")).await);
        assert_eq!(wrong.1, texts(&[PASSWORD]));
        assert_eq!(wrong.2, "it refuses the login");
        for refused in [via(&address), with_login(&address, "other")] {
            let reply = ask(&host, &instance.url("/"), refused).await;
            assert!(
                matches!(&reply, HttpReply::ProxyRefused { schemes, .. } if *schemes == [PASSWORD]),
                "{reply:?}"
            );
        }
        let right = with_login(&address, LOGIN.0);
        let opened = connect(&host, instance.port(), right.clone()).await;
        assert!(matches!(opened, Ok(Connection::Open { .. })), "{opened:?}");
        let reply = ask(&host, &instance.url("/behave/status/404"), right).await;
        assert_eq!(status(&reply), Some(404), "{reply:?}");
    }
}

/// No login is asked for, and then this code comes, as the first two bytes and nothing more.
macro_rules! code {
    ($code:literal) => {
        &[Does::Says(b"\x05\0"), Does::Says(&[5, $code])]
    };
}

#[tokio::test]
async fn each_code_is_a_refusal_of_the_proxy() {
    let host = live(None);
    let stories: [(u16, &'static [Does]); 10] = [
        (1, code!(1)),
        (2, code!(2)),
        (3, code!(3)),
        (4, code!(4)),
        (5, code!(5)),
        (6, code!(6)),
        (7, code!(7)),
        (8, code!(8)),
        (9, code!(9)),
        (255, code!(255)),
    ];
    for (code, story) in stories {
        let teller = Teller::new(story);
        let (told, schemes, why) = refusal(connect(&host, 443, teller.via("socks5h")).await);
        assert_eq!((told, schemes), (code, Vec::new()));
        assert!(!why.is_empty());
    }
}

#[tokio::test]
async fn the_messages_are_those_of_the_standards() {
    const OPEN: &[u8] = b"\x05\0\0\x01\x7f\0\0\x01\x04\x38";
    let host = live(None);
    let opens = |story| {
        let host = &host;
        async move {
            let teller = Teller::new(story);
            let by = with_login(&teller.address("socks5h"), LOGIN.0);
            let opened = connect(host, 443, by).await;
            assert!(matches!(opened, Ok(Connection::Open { .. })), "{opened:?}");
            teller.heard()
        }
    };
    let name = b"\x05\x01\0\x03\x09localhost\x01\xbb".to_vec();
    let login = b"\x01\x08mid.user\x0bright horse".to_vec();
    assert_eq!(
        opens(&[
            Does::Says(b"\x05\x02"),
            Does::Says(b"\x01\0"),
            Does::Says(OPEN)
        ])
        .await,
        [b"\x05\x02\0\x02".to_vec(), login, name.clone()]
    );
    // The login stays here where nobody asks for it.
    assert_eq!(
        opens(&[Does::Says(b"\x05\0"), Does::Says(OPEN)]).await,
        [b"\x05\x02\0\x02".to_vec(), name]
    );
    // A bound address can be a name or one of IPv6 as well.
    opens(&[
        Does::Says(b"\x05\0"),
        Does::Says(b"\x05\0\0\x03\x03abc\x04\x38"),
    ])
    .await;
    opens(&[
        Does::Says(b"\x05\0"),
        Does::Says(b"\x05\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x04\x38"),
    ])
    .await;

    let teller = Teller::new(&[Does::Says(b"\x05\0"), Does::Says(OPEN)]);
    let asked = Look::Connect {
        host: "192.0.2.7".to_owned(),
        port: 443,
        via: Some(teller.via("socks5")),
    };
    assert!(look(&host, asked, PATIENT).await.is_ok());
    assert_eq!(
        teller.heard(),
        [
            b"\x05\x01\0".to_vec(),
            b"\x05\x01\0\x01\xc0\0\x02\x07\x01\xbb".to_vec()
        ]
    );
}

/// Retries lock users.
#[tokio::test]
async fn a_login_that_is_refused_is_sent_once() {
    let host = live(None);
    for scheme in SCHEMES {
        let teller = Teller::new(&[Does::Says(b"\x05\x02"), Does::Says(b"\x01\x01")]);
        let refused = connect(&host, 443, with_login(&teller.address(scheme), "u")).await;
        assert_eq!(refusal(refused).1, texts(&[PASSWORD]));
        assert_eq!(teller.heard().len(), 2);
        let reply = ask(
            &host,
            "http://localhost/",
            with_login(&teller.address(scheme), "u"),
        )
        .await;
        assert!(matches!(reply, HttpReply::ProxyRefused { .. }), "{reply:?}");
        assert_eq!(teller.heard().len(), 4);
    }
    // What it would take is asked without the login.
    let teller = Teller::new(&[Does::Says(b"\x05\xff")]);
    let refused = connect(&host, 443, with_login(&teller.address("socks5h"), LOGIN.0)).await;
    assert_eq!(refusal(refused).1, Vec::<String>::new());
    assert_eq!(
        teller.heard(),
        [b"\x05\x02\0\x02".to_vec(), b"\x05\x01\x01".to_vec()]
    );
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_not_the_targets_refusal() {
    let host = live(None);
    for scheme in SCHEMES {
        let address = format!("127.0.0.1:{}", refused_port());
        let proxy = via(&format!("{scheme}://{address}"));
        assert_eq!(
            connect(&host, 443, proxy.clone()).await,
            Ok(Connection::Refused {
                address: address.clone()
            })
        );
        assert_eq!(
            ask(&host, "https://localhost/", proxy).await,
            HttpReply::Refused(format!("the proxy {address} refused"))
        );
        let nowhere = via(&format!("{scheme}://no-such-proxy.invalid:1080"));
        let unresolved = connect(&host, 443, nowhere).await;
        assert!(
            matches!(&unresolved, Ok(Connection::Unresolved(why)) if why.starts_with("no-such-proxy.invalid: ")),
            "{unresolved:?}"
        );
        // It takes the connection and says nothing.
        let hangs_up = Teller::new(&[Does::Says(b"")]);
        let address = format!("127.0.0.1:{}", hangs_up.port);
        assert_eq!(
            connect(&host, 443, hangs_up.via(scheme)).await,
            Ok(Connection::Refused { address })
        );
    }
}

#[tokio::test]
async fn what_is_no_socks_proxy_is_unknown() {
    #[track_caller]
    fn words(got: Result<Connection, Unknown>, teller: &Teller, expected: &str) {
        let (reason, words) = why(got);
        assert_eq!(reason, Reason::Other);
        assert_eq!(words, format!("127.0.0.1:{} {expected}", teller.port));
    }
    let host = live(None);
    let stories: [(&'static [Does], &str); 5] = [
        (
            &[Does::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n")],
            "does not answer as a SOCKS 5 proxy",
        ),
        (
            &[Does::Says(b"\x05\x03")],
            "chose a login that it was not offered",
        ),
        // A login is not sent that nobody has.
        (
            &[Does::Says(b"\x05\x02")],
            "chose a login that it was not offered",
        ),
        (
            &[
                Does::Says(b"\x05\0"),
                Does::Says(b"\x05\0\0\x09\0\0\0\0\0\0"),
            ],
            "names an address of no known kind",
        ),
        (
            &[Does::Says(b"\x05\0"), Does::Says(b"\x05\0\0\x01\x7f")],
            "hung up in the middle of the talk about the way",
        ),
    ];
    for (story, expected) in stories {
        let teller = Teller::new(story);
        words(
            connect(&host, 443, teller.via("socks5h")).await,
            &teller,
            expected,
        );
    }
}

/// Whoever is slow, at whatever point, does not hold the look beyond its limit.
#[tokio::test]
async fn a_slow_proxy_ends_at_the_limit() {
    let host = live(None);
    let stories: [&'static [Does]; 6] = [
        &[Does::Waits],
        &[Does::Drips(b"\x05")],
        &[Does::Says(b"\x05\0"), Does::Waits],
        // A name of 255 bytes, and each of them takes its time.
        &[Does::Says(b"\x05\0"), Does::Drips(b"\x05\0\0\x03\xff")],
        &[Does::Says(b"\x05"), Does::Waits],
        &[Does::Says(b"\x05\0"), Does::Says(b"\x05"), Does::Waits],
    ];
    for (at, story) in stories.into_iter().enumerate() {
        let teller = Teller::new(story);
        let start = Instant::now();
        let asked = Look::Connect {
            host: "localhost".to_owned(),
            port: 443,
            via: Some(teller.via("socks5h")),
        };
        let came = look(&host, asked, SHORT).await;
        match at {
            // The second byte of the drip chooses no login; what follows is no reply.
            1 => assert!(came.is_err(), "{came:?}"),
            _ => assert!(
                matches!(came, Ok(Reply::Connection(Connection::ProxySilent { .. }))),
                "{at}: {came:?}"
            ),
        }
        assert!(start.elapsed() < SHORT * 6, "{at}: {:?}", start.elapsed());
    }
}
