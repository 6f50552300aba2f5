//! A secret goes only to the host that it was given for.

use crate::{
    engine::SecretUse,
    finding::{Reason, Unknown},
    host::{Look, SecretRef},
};

/// An error where a look would send a secret elsewhere than its input's `for` names.
pub fn allowed(looks: &[Look], uses: &[SecretUse]) -> Result<(), Unknown> {
    for look in looks {
        match look {
            Look::Http(request) => {
                if let Some(login) = &request.login {
                    check(login.password.as_ref(), &request.url, uses)?;
                }
                if let Some(via) = &request.via {
                    check(via.password.as_ref(), &via.address, uses)?;
                }
            }
            Look::Connect { via: Some(via), .. } => {
                check(via.password.as_ref(), &via.address, uses)?
            }
            _ => {}
        }
    }
    Ok(())
}

fn check(secret: Option<&SecretRef>, target: &str, uses: &[SecretUse]) -> Result<(), Unknown> {
    let Some(secret) = secret else { return Ok(()) };
    let only_for = uses
        .iter()
        .find(|used| used.input == secret.secret)
        .and_then(|used| used.only_for.as_deref());
    let Some(only_for) = only_for else {
        let why = format!(
            "the tree does not say which host `{}` is for, so it is sent to none",
            secret.secret
        );
        return Err(Unknown::new(Reason::NotAgreed, why));
    };
    if host_of(target) == host_of(only_for) {
        return Ok(());
    }
    let why = format!(
        "`{}` is for {} alone and is not sent to {}",
        secret.secret,
        host_of(only_for),
        host_of(target)
    );
    Err(Unknown::new(Reason::NotAgreed, why))
}

/// The host of an address with or without scheme, user, port and path, in lower case.
fn host_of(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_port = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = match host_port.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host_port.split(':').next().unwrap_or_default(),
    };
    host.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{HttpRequest, Login};

    #[test]
    fn hosts_are_read_from_addresses() {
        let check =
            |address: &str, expected: &str| assert_eq!(host_of(address), expected, "{address}");
        check("https://Example.com:8443/x?y", "example.com");
        check("proxy:3128", "proxy");
        check(
            "https://user:pass@evil.example/@example.com",
            "evil.example",
        );
        check("http://[::1]:80/", "::1");
    }

    #[test]
    fn a_secret_goes_to_its_own_host_only() {
        let look = |url: &str| {
            let password = Some(SecretRef {
                secret: "pass".into(),
            });
            let login = Some(Login {
                user: "u".to_owned(),
                password,
            });
            vec![Look::Http(HttpRequest {
                url: url.to_owned(),
                method: "GET".to_owned(),
                headers: Default::default(),
                body: None,
                login,
                via: None,
            })]
        };
        let uses = [SecretUse {
            input: "pass".into(),
            only_for: Some("https://good.example/".to_owned()),
        }];
        assert!(allowed(&look("https://good.example/api"), &uses).is_ok());
        let refused = allowed(&look("https://good.example.evil.example/api"), &uses);
        assert_eq!(
            refused.map_err(|unknown| unknown.detail),
            Err(
                "`pass` is for good.example alone and is not sent to good.example.evil.example"
                    .to_owned()
            )
        );
        assert!(
            allowed(
                &look("https://good.example/"),
                &[SecretUse {
                    input: "pass".into(),
                    only_for: None
                }]
            )
            .is_err()
        );
    }
}
