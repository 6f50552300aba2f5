//! A secret goes only to the host that it was given for.

use crate::{
    engine::SecretUse,
    finding::{Address, Reason, Unknown},
    host::{Look, SecretRef, Via},
};

/// An error where a look would send a secret elsewhere than its input's `for` names.
pub fn allowed(looks: &[Look], uses: &[SecretUse]) -> Result<(), Unknown> {
    for look in looks {
        // No arm for the rest: a new look has to say what it sends.
        match look {
            Look::Http(request) => {
                if let Some(login) = &request.login {
                    check(login.password.as_ref(), &request.url, uses)?;
                }
                proxy(request.via.as_ref(), uses)?;
            }
            Look::Connect { via, .. } => proxy(via.as_ref(), uses)?,
            Look::Tls(request) => proxy(request.via.as_ref(), uses)?,
            Look::File { .. }
            | Look::Files { .. }
            | Look::Meta { .. }
            | Look::Paths { .. }
            | Look::Disk { .. }
            | Look::Processes
            | Look::Services { .. }
            | Look::Name { .. }
            | Look::Ping { .. }
            | Look::Program { .. } => {}
        }
    }
    Ok(())
}

fn proxy(via: Option<&Via>, uses: &[SecretUse]) -> Result<(), Unknown> {
    via.map_or(Ok(()), |via| {
        check(via.password.as_ref(), &via.address, uses)
    })
}

fn check(secret: Option<&SecretRef>, target: &Address, uses: &[SecretUse]) -> Result<(), Unknown> {
    let Some(secret) = secret else { return Ok(()) };
    let refused = |why: String| Err(Unknown::new(Reason::NotAgreed, why));
    let only_for = uses
        .iter()
        .find(|used| used.input == secret.secret)
        .and_then(|used| used.only_for.as_deref());
    let Some(only_for) = only_for else {
        return refused(format!(
            "the tree does not say which host `{}` is for, so it is sent to none",
            secret.secret
        ));
    };
    match Address::host_in(only_for) {
        Ok(host) if host == target.host() => Ok(()),
        Ok(host) => refused(format!(
            "`{}` is for {host} alone and is not sent to {}",
            secret.secret,
            target.host()
        )),
        Err(error) => refused(format!(
            "what `{}` is for {error}, so it is sent to none",
            secret.secret
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finding::InputName,
        probe::{Params, kind},
    };

    const GOOD: &str = "good.example";

    /// What a probe of this kind is told that has this parameter as it was written.
    fn told(kind_name: &str, params: &str, only_for: Option<&str>) -> Result<(), String> {
        let params: Params = serde_json::from_str(params).expect("valid JSON in this test");
        let uses = [SecretUse {
            input: InputName::new("pass"),
            only_for: only_for.map(str::to_owned),
        }];
        let looks = kind(kind_name)
            .expect("the kind is registered")
            .looks(&params);
        looks
            .and_then(|looks| allowed(&looks, &uses))
            .map_err(|unknown| unknown.detail)
    }

    fn login(url: &str) -> String {
        let login = serde_json::json!({ "user": "u", "password": { "secret": "pass" } });
        serde_json::json!({ "url": url, "login": login }).to_string()
    }

    #[test]
    fn a_secret_goes_to_its_own_host_only() {
        #[track_caller]
        fn check(url: &str, only_for: Option<&str>, expected: Result<(), &str>) {
            assert_eq!(
                told("http", &login(url), only_for),
                expected.map_err(str::to_owned)
            );
        }
        check(
            "https://good.example/api",
            Some("https://good.example/"),
            Ok(()),
        );
        check("https://GOOD.example:8443/", Some("Good.Example"), Ok(()));
        check("https://[::1]/", Some("0::1"), Ok(()));
        check(
            "https://good.example.evil.example/api",
            Some(GOOD),
            Err("`pass` is for good.example alone and is not sent to good.example.evil.example"),
        );
        check(
            "https://good.example/",
            None,
            Err("the tree does not say which host `pass` is for, so it is sent to none"),
        );
        check(
            "https://good.example/",
            Some(r"evil\@good.example"),
            Err(
                "what `pass` is for has a `\\` in it, which some readers take for a `/`, so it is sent to none",
            ),
        );
    }

    /// Whatever a template makes of an address: where the request would go elsewhere, there is no request.
    #[test]
    fn no_spelling_leads_a_secret_elsewhere() {
        let between = [
            r"\@",
            r"\\@",
            "@",
            "/@",
            "?@",
            "#@",
            "%40",
            ":443@",
            "\t@",
            "\n@",
            "\u{ff20}",
            "\u{ff0f}",
            "\u{ff3c}@",
            ":@",
            ";@",
            "&@",
            "//@",
            "\0@",
            "%5c@",
            "..",
            "\u{3002}",
        ];
        let mut let_through = 0;
        for start in [
            "https://",
            "HTTPS://",
            "https:/",
            "https:",
            r"https:\\",
            "https:///",
            r"https:/\",
        ] {
            for between in between {
                for (one, other) in [(GOOD, "localhost:18443"), ("localhost:18443", GOOD)] {
                    let url = format!("{start}{one}{between}{other}/");
                    if told("http", &login(&url), Some(GOOD)).is_ok() {
                        let_through += 1;
                        let asked = reqwest::Url::parse(&url).expect("it was asked for");
                        assert_eq!(asked.host_str(), Some(GOOD), "{url:?}");
                    }
                }
            }
        }
        assert!(let_through > 0, "all were refused, good ones too");
    }

    /// A secret can be for an address of SOCKS, as it stands in the input that names the proxy.
    #[test]
    fn a_secret_can_be_for_an_address_of_socks() {
        let via =
            r#"{"address": "socks5h://Proxy:1080", "user": "u", "password": {"secret": "pass"}}"#;
        let params = format!(r#"{{"host": "a", "port": 1, "via": {via}}}"#);
        for (only_for, good) in [
            ("socks5h://PROXY:1080", true),
            ("socks5://proxy:9", true),
            ("socks5://other:1080", false),
        ] {
            assert_eq!(
                told("tcp", &params, Some(only_for)).is_ok(),
                good,
                "{only_for}"
            );
        }
    }

    #[test]
    fn a_proxys_password_goes_to_that_proxy_only() {
        #[track_caller]
        fn check(kind: &str, proxy: &str, good: bool) {
            let via = serde_json::json!({ "address": proxy, "user": "u", "password": { "secret": "pass" } });
            let params =
                serde_json::json!({ "url": "https://a/", "host": "a", "port": 1, "via": via });
            assert_eq!(
                told(kind, &params.to_string(), Some("proxy:3128")).is_ok(),
                good
            );
        }
        for kind in ["http", "tcp", "tls"] {
            check(kind, "proxy:3128", true);
            check(kind, "http://Proxy:3128/", true);
            check(kind, "socks5://Proxy:3128", true);
            check(kind, "SOCKS5H://proxy:3128/", true);
            check(kind, "elsewhere:3128", false);
            check(kind, "socks5://elsewhere:3128", false);
            check(kind, r"socks5h://elsewhere:3128\@proxy:3128", false);
            check(kind, r"elsewhere:3128\@proxy:3128", false);
            check(kind, "elsewhere:3128/@proxy:3128", false);
        }
    }
}
