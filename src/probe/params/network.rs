//! Parameters that say where on the network to look, and with which login.

use crate::{
    finding::{Address, AddressError, Facts, InputName, Unknown, Value},
    host::{Login, SecretRef, Via},
    probe::params::{Given, senseless, text},
};

impl Given<'_> {
    /// A name or an address; brackets around one of IPv6 are taken off.
    pub fn host(self, name: &str) -> Result<Option<String>, Unknown> {
        let Some(host) = self.text(name)? else {
            return Ok(None);
        };
        let host = host.trim();
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        if !is_host(bare) {
            return Err(senseless(
                name,
                &format!("`{host}` is neither a name nor an address"),
            ));
        }
        Ok(Some(bare.to_owned()))
    }

    pub fn port(self, name: &str) -> Result<u16, Unknown> {
        let port = self.required(name)?;
        match port.trim().parse() {
            Ok(0) | Err(_) => Err(senseless(
                name,
                &format!("`{port}` is not between 1 and 65535"),
            )),
            Ok(port) => Ok(port),
        }
    }

    /// An address with `http` or `https`, without a login in it.
    pub fn url(self, name: &str) -> Result<Address, Unknown> {
        let url = self.required(name)?;
        let url = url.trim();
        let address = Address::parse(url).map_err(|error| match error {
            AddressError::Scheme => no_web_address(name, url),
            AddressError::User => senseless(
                name,
                "a user and a password stand under `login`, not in the address",
            ),
            error => wrong_address(name, url, error),
        })?;
        match address.scheme() {
            "http" | "https" => Ok(address),
            _ => Err(no_web_address(name, url)),
        }
    }

    /// User and password.
    pub fn login(self, name: &str) -> Result<Option<Login>, Unknown> {
        let Some(entries) = self.entries(name)? else {
            return Ok(None);
        };
        let user = field(name, entries, "user")?;
        let password = secret(name, entries)?;
        if user.is_empty() && password.is_none() {
            return Ok(None);
        }
        if user.contains(':') {
            return Err(senseless(name, "a user with a `:` cannot log in this way"));
        }
        Ok(Some(Login { user, password }))
    }

    /// A proxy; none where its address is empty.
    pub fn via(self, name: &str) -> Result<Option<Via>, Unknown> {
        if let Some(Value::Text(address)) = self.0.get(name) {
            return proxy(name, address, String::new(), None);
        }
        let Some(entries) = self.entries(name)? else {
            return Ok(None);
        };
        let address = field(name, entries, "address")?;
        proxy(
            name,
            &address,
            field(name, entries, "user")?,
            secret(name, entries)?,
        )
    }
}

fn field(name: &str, entries: &Facts, field: &str) -> Result<String, Unknown> {
    let place = format!("{name}.{field}");
    let text = entries
        .get(field)
        .map_or(Ok(None), |value| text(&place, value))?
        .unwrap_or_default();
    if text.chars().any(char::is_control) {
        return Err(senseless(&place, "has a control character in it"));
    }
    Ok(text)
}

fn secret(name: &str, entries: &Facts) -> Result<Option<SecretRef>, Unknown> {
    match entries.get("password") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Text(text)) if text.is_empty() => Ok(None),
        Some(value) => match value.get("secret").and_then(Value::as_str) {
            Some(input) => Ok(Some(SecretRef {
                secret: InputName::new(input),
            })),
            None => Err(senseless(
                &format!("{name}.password"),
                "is no input of type `secret`",
            )),
        },
    }
}

fn proxy(
    name: &str,
    address: &str,
    user: String,
    password: Option<SecretRef>,
) -> Result<Option<Via>, Unknown> {
    let address = address.trim();
    if address.is_empty() {
        return Ok(None);
    }
    let place = format!("{name}.address");
    let address = Address::proxy(address).map_err(|error| match error {
        AddressError::User => senseless(
            &place,
            "a user and a password stand beside the address, not in it",
        ),
        error => wrong_address(&place, address, error),
    })?;
    Ok(Some(Via {
        address,
        user,
        password,
    }))
}

fn no_web_address(name: &str, url: &str) -> Unknown {
    senseless(
        name,
        &format!("{}does not begin with `http://` or `https://`", shown(url)),
    )
}

fn wrong_address(name: &str, text: &str, error: AddressError) -> Unknown {
    senseless(name, &format!("{}{error}", shown(text)))
}

/// The address before what is wrong with it; left out where what stands before an `@` may be a password.
fn shown(address: &str) -> String {
    if address.contains('@') {
        String::new()
    } else {
        format!("`{}` ", address.escape_debug())
    }
}

/// Whether this can be the name of a host, or an address. A leading `-` could be taken for an option by a command.
fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 253
        && !host.starts_with('-')
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::params::tests::{check, params};

    #[test]
    fn ports() {
        let port = |given: Given<'_>| given.port("port");
        check(r#"{"port": 443}"#, port, Ok(443));
        check(r#"{"port": "8443"}"#, port, Ok(8443));
        check(
            r#"{"port": "0"}"#,
            port,
            Err("parameter `port`: `0` is not between 1 and 65535"),
        );
        check(
            r#"{"port": 65536}"#,
            port,
            Err("parameter `port`: `65536` is not between 1 and 65535"),
        );
        check(
            r#"{"port": "https"}"#,
            port,
            Err("parameter `port`: `https` is not between 1 and 65535"),
        );
        check(r#"{}"#, port, Err("parameter `port`: is empty"));
    }

    #[test]
    fn hosts() {
        let host = |given: Given<'_>| given.host("host");
        check(
            r#"{"host": "a.example"}"#,
            host,
            Ok(Some("a.example".to_owned())),
        );
        check(r#"{"host": "[::1]"}"#, host, Ok(Some("::1".to_owned())));
        check(
            r#"{"host": "bücher.example"}"#,
            host,
            Ok(Some("bücher.example".to_owned())),
        );
        check(r#"{"host": ""}"#, host, Ok(None));
        for bad in [
            "https://a.example",
            "a b",
            "a/b",
            "-oProxyCommand=x",
            "a\\nb",
            "a@b",
        ] {
            let got = Given(&params(&format!(r#"{{"host": "{bad}"}}"#))).host("host");
            assert!(got.is_err(), "{bad}");
        }
    }

    #[test]
    fn urls() {
        let url = |given: Given<'_>| given.url("url").map(String::from);
        check(
            r#"{"url": "https://a.example/x?y"}"#,
            url,
            Ok("https://a.example/x?y".to_owned()),
        );
        check(
            r#"{"url": {"url": "HTTP://a", "host": "a"}}"#,
            url,
            Ok("HTTP://a".to_owned()),
        );
        check(
            r#"{"url": "a.example"}"#,
            url,
            Err("parameter `url`: `a.example` does not begin with `http://` or `https://`"),
        );
        check(
            r#"{"url": "https:///x"}"#,
            url,
            Err("parameter `url`: `https:///x` names no host"),
        );
        check(
            r#"{"url": "https://me:geheim@a/"}"#,
            url,
            Err("parameter `url`: a user and a password stand under `login`, not in the address"),
        );
        check(
            r#"{"url": "https://a:1\\@b/"}"#,
            url,
            Err("parameter `url`: has a `\\` in it, which some readers take for a `/`"),
        );
        check(
            r#"{"url": "https://a\\b/"}"#,
            url,
            Err(
                "parameter `url`: `https://a\\\\b/` has a `\\` in it, which some readers take for a `/`",
            ),
        );
        check(
            r#"{"url": "https://a\tb/"}"#,
            url,
            Err("parameter `url`: `https://a\\tb/` has a blank or a control character in it"),
        );
        check(
            r#"{"url": "ftp://a/"}"#,
            url,
            Err("parameter `url`: `ftp://a/` does not begin with `http://` or `https://`"),
        );
    }

    #[test]
    fn proxies() {
        let via = |given: Given<'_>| given.via("via");
        let proxy = |user: &str, password: Option<&str>| {
            Ok(Some(Via {
                address: Address::proxy("http://p:3128").expect("it is an address"),
                user: user.to_owned(),
                password: password.map(|input| SecretRef {
                    secret: InputName::new(input),
                }),
            }))
        };
        check(
            r#"{"via": {"address": "http://p:3128", "user": "u", "password": {"secret": "proxy_password"}}}"#,
            via,
            proxy("u", Some("proxy_password")),
        );
        check(
            r#"{"via": {"address": "http://p:3128", "user": "", "password": null}}"#,
            via,
            proxy("", None),
        );
        check(r#"{"via": "http://p:3128"}"#, via, proxy("", None));
        check(r#"{"via": {"address": "", "user": "u"}}"#, via, Ok(None));
        check(r#"{"via": ""}"#, via, Ok(None));
        check(r#"{}"#, via, Ok(None));
        check(
            r#"{"via": "p"}"#,
            via,
            Err("parameter `via.address`: `p` is not `host:port`"),
        );
        check(
            r#"{"via": ":80"}"#,
            via,
            Err("parameter `via.address`: `:80` is not `host:port`"),
        );
        check(
            r#"{"via": {"address": "p:1", "password": "geheim"}}"#,
            via,
            Err("parameter `via.password`: is no input of type `secret`"),
        );
    }
}
