//! Where redirects lead, and where not.

use waypost::host::{HttpReply, HttpRequest, live::Live};

use super::{ask, get};
use crate::{
    live_host::{PATIENT, live},
    support::{Authority, Certificate, Instance, refused_port},
};

#[tokio::test]
async fn what_fails_behind_a_redirect_is_not_the_servers_answer() {
    let instance = Instance::plain();
    let host = live(None);
    let target = format!("http://localhost:{}/", refused_port());
    let url = instance.url(&format!("/behave/to/{target}"));
    match ask(&host, get(&url), PATIENT).await {
        Ok(HttpReply::Answered {
            status,
            redirected_to,
            cut: true,
            ..
        }) => {
            assert!((300..400).contains(&status), "{status}");
            assert_eq!(redirected_to.as_deref(), Some(target.as_str()));
        }
        other => panic!("{other:?}"),
    }
}

/// Status, and where a redirect pointed that was not followed.
pub(super) async fn redirected(host: &Live, request: HttpRequest) -> (u16, Option<String>) {
    match ask(host, request, PATIENT).await {
        Ok(HttpReply::Answered {
            status,
            redirected_to,
            ..
        }) => (status, redirected_to),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn redirects_are_followed_on_the_same_host_only() {
    let authority = Authority::new();
    let host = live(Some(&authority));
    let instance = Instance::tls(&authority, Certificate::Good);
    let to = |url: &str| get(&instance.url(&format!("/behave/to/{url}")));

    assert_eq!(
        redirected(&host, to("/behave/status/404")).await,
        (404, None)
    );
    // The same machine by another name is another host.
    let elsewhere = format!("https://127.0.0.1:{}/", instance.port());
    assert_eq!(
        redirected(&host, to(&elsewhere)).await,
        (302, Some(elsewhere.clone()))
    );
    assert_eq!(
        redirected(&host, to("ftp://localhost/")).await,
        (302, Some("ftp://localhost/".to_owned()))
    );
    let around = "/behave/to//behave/to//behave/to//behave/to//behave/to//behave/to//behave/to//behave/status/404";
    let (status, target) = redirected(&host, get(&instance.url(around))).await;
    assert_eq!(status, 302);
    assert!(target.is_some_and(|target| target.ends_with("/behave/status/404")));

    let before = instance.requests().len();
    let post = |how: &str| HttpRequest {
        method: "POST".to_owned(),
        body: Some("x".to_owned()),
        ..get(&instance.url(&format!("/behave/{how}//behave/status/404")))
    };
    redirected(&host, post("to")).await;
    redirected(&host, post("307")).await;
    let sent: Vec<(String, String)> = instance
        .requests()
        .split_off(before)
        .into_iter()
        .map(|request| (request.method, request.body))
        .collect();
    let sent: Vec<(&str, &str)> = sent
        .iter()
        .map(|(method, body)| (method.as_str(), body.as_str()))
        .collect();
    assert_eq!(
        sent,
        [("POST", "x"), ("GET", ""), ("POST", "x"), ("POST", "x")]
    );
}
