//! Logins go to the host of the request, over TLS, and nowhere else.

use waypost::{finding::Reason, host::HttpRequest};

use super::{ask, get, login, redirects::redirected};
use crate::{
    live_host::{PATIENT, live, why},
    support::{Authority, Certificate, Instance, LOGIN},
};

#[tokio::test]
async fn a_login_goes_to_its_host_over_tls_only() {
    let authority = Authority::new();
    let host = live(Some(&authority));
    let secure = Instance::tls(&authority, Certificate::Good);
    let (plain, other) = (
        Instance::plain(),
        Instance::tls(&authority, Certificate::Good),
    );
    let with_login = |url: &str| HttpRequest {
        login: Some(login(LOGIN.0, "password")),
        ..get(url)
    };

    let (reason, detail) = why(ask(&host, with_login(&plain.url("/")), PATIENT).await);
    assert_eq!(
        (reason, detail.as_str()),
        (
            Reason::Other,
            "the login for localhost is sent over https only"
        )
    );
    for target in [plain.url("/"), other.url("/")] {
        let got = redirected(
            &host,
            with_login(&secure.url(&format!("/behave/to/{target}"))),
        )
        .await;
        assert_eq!(got, (302, Some(target)));
    }
    assert!(plain.requests().is_empty() && other.requests().is_empty());
    let unknown = HttpRequest {
        login: Some(login("u", "nothing")),
        ..get(&secure.url("/"))
    };
    assert_eq!(
        why(ask(&host, unknown, PATIENT).await),
        (Reason::InputUnknown, "`nothing` is not known".to_owned())
    );
}

/// The same machine under another name is another host, whoever sends there.
#[tokio::test]
async fn a_login_never_follows_a_redirect_to_another_host() {
    let authority = Authority::new();
    let host = live(Some(&authority));
    let instance = Instance::tls(&authority, Certificate::Good);
    for (how, path) in [("to", "/"), ("307", "/"), ("to", "/behave/to//")] {
        let elsewhere = format!("https://127.0.0.1:{}{path}", instance.port());
        let before = instance.requests().len();
        let request = HttpRequest {
            login: Some(login(LOGIN.0, "password")),
            ..get(&instance.url(&format!("/behave/{how}/{elsewhere}")))
        };
        let (_, target) = redirected(&host, request).await;
        assert_eq!(target, Some(elsewhere));
        assert_eq!(instance.requests().len(), before + 1);
    }
}

/// A login page on the same host would be given it a second time.
#[tokio::test]
async fn a_login_is_sent_once_even_where_the_host_redirects_to_itself() {
    let authority = Authority::new();
    let host = live(Some(&authority));
    let instance = Instance::tls(&authority, Certificate::Good);
    for how in ["to", "307"] {
        let before = instance.requests().len();
        let request = HttpRequest {
            login: Some(login(LOGIN.0, "password")),
            ..get(&instance.url(&format!("/behave/{how}//behave/status/200")))
        };
        let (_, target) = redirected(&host, request).await;
        assert_eq!(target, Some(instance.url("/behave/status/200")));
        assert_eq!(instance.requests().len(), before + 1);
    }
}
