//! Rendered parameters read as what they should be. What makes no sense is an error that names the parameter.
//!
//! An empty text counts as not given: that is how an optional input that nobody filled in renders.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use regex::{Regex, RegexBuilder};

use crate::{
    finding::{Facts, InputName, Reason, Unknown, Value},
    host::{Login, SecretRef, Via},
    probe::{Params, size},
};

/// The most memory that one compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;

/// What a probe was given.
#[derive(Clone, Copy)]
pub(super) struct Given<'a>(pub &'a Params);

impl<'a> Given<'a> {
    /// The text, or a number as text.
    pub fn text(self, name: &str) -> Result<Option<String>, Unknown> {
        self.0.get(name).map_or(Ok(None), |value| text(name, value))
    }

    pub fn required(self, name: &str) -> Result<String, Unknown> {
        self.text(name)?.ok_or_else(|| senseless(name, "is empty"))
    }

    /// One text or a list of texts; empty ones are left out.
    pub fn texts(self, name: &str) -> Result<Vec<String>, Unknown> {
        let texts = match self.0.get(name) {
            None => Vec::new(),
            Some(Value::List(list)) => {
                let texts: Result<Vec<_>, _> = list.iter().map(|value| text(name, value)).collect();
                texts?.into_iter().flatten().collect()
            }
            Some(value) => text(name, value)?.into_iter().collect(),
        };
        if texts.is_empty() {
            Err(senseless(name, "is empty"))
        } else {
            Ok(texts)
        }
    }

    /// Paths to look at. A device's path is none.
    pub fn paths(self, name: &str) -> Result<Vec<String>, Unknown> {
        let paths = self.texts(name)?;
        paths
            .iter()
            .try_for_each(|path| path_makes_sense(name, path))?;
        Ok(paths)
    }

    pub fn path(self, name: &str) -> Result<Option<String>, Unknown> {
        let path = self.text(name)?;
        path.iter()
            .try_for_each(|path| path_makes_sense(name, path))?;
        Ok(path)
    }

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

    /// Bytes.
    pub fn size(self, name: &str) -> Result<u64, Unknown> {
        let size = self.required(name)?;
        size::parse(&size).ok_or_else(|| {
            senseless(
                name,
                &format!("`{size}` is no size such as `500MB` or `2GiB`"),
            )
        })
    }

    /// An address with `http` or `https`, without a login in it.
    pub fn url(self, name: &str) -> Result<String, Unknown> {
        let url = self.required(name)?;
        let url = url.trim();
        let wrong = |why: &str| Err(senseless(name, &format!("`{url}` {why}")));
        let lower = url.to_ascii_lowercase();
        let Some(start) = ["http://", "https://"]
            .iter()
            .find(|start| lower.starts_with(**start))
        else {
            return wrong("does not begin with `http://` or `https://`");
        };
        if url.chars().any(|c| c.is_control() || c == ' ') {
            return wrong("has a blank or a control character in it");
        }
        let authority = url[start.len()..]
            .split(['/', '?', '#', '\\'])
            .next()
            .unwrap_or_default();
        if authority.contains('@') {
            // The address itself is left out: what stands before the `@` may be a password.
            return Err(senseless(
                name,
                "a user and a password stand under `login`, not in the address",
            ));
        }
        if authority.is_empty() || authority.starts_with(':') {
            return wrong("names no host");
        }
        Ok(url.to_owned())
    }

    /// A map from name to text.
    pub fn map(self, name: &str) -> Result<BTreeMap<String, String>, Unknown> {
        self.entries(name)?
            .into_iter()
            .flatten()
            .map(|(key, value)| match value {
                Value::Map(_) | Value::Secret(_) => {
                    Err(senseless(name, "secrets stand in `login` and `via` alone"))
                }
                value => Ok((key.clone(), text(name, value)?.unwrap_or_default())),
            })
            .collect()
    }

    /// A regular expression, upper and lower case being one.
    pub fn pattern(self, name: &str) -> Result<Regex, Unknown> {
        pattern(name, &self.required(name)?)
    }

    /// Regular expressions by name.
    pub fn captures(self, name: &str) -> Result<IndexMap<String, Regex>, Unknown> {
        let entries = self.entries(name)?.into_iter().flatten();
        entries
            .map(|(key, value)| {
                let place = format!("{name}.{key}");
                let source = text(&place, value)?.ok_or_else(|| senseless(&place, "is empty"))?;
                Ok((key.clone(), pattern(&place, &source)?))
            })
            .collect()
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

    fn entries(self, name: &str) -> Result<Option<&'a Facts>, Unknown> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Text(text)) if text.is_empty() => Ok(None),
            Some(Value::Map(map)) => Ok(Some(map)),
            Some(_) => Err(senseless(name, "is not a map")),
        }
    }
}

/// The finding of a parameter that makes no sense.
pub(super) fn senseless(name: &str, why: &str) -> Unknown {
    Unknown::new(Reason::Other, format!("parameter `{name}`: {why}"))
}

fn text(name: &str, value: &Value) -> Result<Option<String>, Unknown> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        // An input of type `url` is a map that reads as its address.
        Value::Map(map) => match map.get("url") {
            Some(Value::Text(url)) => url.clone(),
            _ => return Err(senseless(name, "is a map, not a text")),
        },
        Value::List(_) => return Err(senseless(name, "is a list, not a text")),
        Value::Secret(_) => {
            return Err(senseless(name, "secrets stand in `login` and `via` alone"));
        }
    };
    if text.contains('\0') {
        return Err(senseless(name, "has a NUL in it"));
    }
    Ok((!text.trim().is_empty()).then_some(text))
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
    if address.contains('@') {
        return Err(senseless(
            &place,
            "a user and a password stand beside the address, not in it",
        ));
    }
    let bare = address.strip_prefix("http://").unwrap_or(address);
    let bare = bare.strip_suffix('/').unwrap_or(bare);
    let whole = bare.rsplit_once(':').is_some_and(|(host, port)| {
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    if !whole {
        return Err(senseless(
            &place,
            &format!("`{address}` is not `host:port`"),
        ));
    }
    Ok(Some(Via {
        address: address.to_owned(),
        user,
        password,
    }))
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

/// Opening a device's path could do more than look.
fn path_makes_sense(name: &str, path: &str) -> Result<(), Unknown> {
    let slashes = path.replace('/', "\\");
    if slashes.starts_with(r"\\.\") || slashes.starts_with(r"\\?\") || slashes.starts_with(r"\??\")
    {
        return Err(senseless(
            name,
            &format!("`{path}` is the path of a device"),
        ));
    }
    Ok(())
}

fn pattern(name: &str, source: &str) -> Result<Regex, Unknown> {
    RegexBuilder::new(source)
        .case_insensitive(true)
        .multi_line(true)
        .size_limit(PATTERN_BYTES)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => senseless(
                name,
                &format!("the pattern takes more than {PATTERN_BYTES} bytes"),
            ),
            error => {
                let error = error.to_string();
                let why = error.lines().last().unwrap_or_default();
                senseless(
                    name,
                    &format!(
                        "`{source}` is no regular expression: {}",
                        why.trim_start_matches("error: ")
                    ),
                )
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(json: &str) -> Params {
        serde_json::from_str(json).expect("valid JSON in this test")
    }

    fn check<T>(
        json: &str,
        read: impl Fn(Given<'_>) -> Result<T, Unknown>,
        expected: Result<T, &str>,
    ) where
        T: PartialEq + std::fmt::Debug,
    {
        let got = read(Given(&params(json))).map_err(|unknown| unknown.detail);
        assert_eq!(got, expected.map_err(str::to_owned), "{json}");
    }

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
        let url = |given: Given<'_>| given.url("url");
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
    }

    #[test]
    fn proxies() {
        let via = |given: Given<'_>| given.via("via");
        let proxy = |user: &str, password: Option<&str>| {
            Ok(Some(Via {
                address: "http://p:3128".to_owned(),
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

    #[test]
    fn lists_and_paths() {
        let paths = |given: Given<'_>| given.paths("path");
        check(r#"{"path": "/a"}"#, paths, Ok(vec!["/a".to_owned()]));
        check(
            r#"{"path": ["/a", "", "/b"]}"#,
            paths,
            Ok(vec!["/a".to_owned(), "/b".to_owned()]),
        );
        check(
            r#"{"path": [""]}"#,
            paths,
            Err("parameter `path`: is empty"),
        );
        check(
            r#"{"path": ["//./PhysicalDrive0"]}"#,
            paths,
            Err("parameter `path`: `//./PhysicalDrive0` is the path of a device"),
        );
        check(
            r#"{"path": ["a\u0000b"]}"#,
            paths,
            Err("parameter `path`: has a NUL in it"),
        );
    }

    #[test]
    fn patterns() {
        let finds = |given: Given<'_>| {
            given
                .pattern("match")
                .map(|pattern| pattern.is_match("Glide-Dist"))
        };
        check(r#"{"match": "glide-d"}"#, finds, Ok(true));
        check(
            r#"{"match": "("}"#,
            finds,
            Err("parameter `match`: `(` is no regular expression: unclosed group"),
        );
        check(
            r#"{"match": "(a{1000}){1000}"}"#,
            finds,
            Err("parameter `match`: the pattern takes more than 1048576 bytes"),
        );
    }
}
