//! Addresses: `scheme://host[:port][/path]`. User info is refused, since it would be shown.

use crate::finding::{Address, AddressError, Facts, Value};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Url {
    pub url: String,
    pub scheme: String,
    pub host: String,
    /// The scheme's own where none is written.
    pub port: Option<u16>,
    pub path: String,
}

impl Url {
    /// What templates see.
    pub fn value(self) -> Value {
        let origin = self.origin();
        let port = self.port.map_or_else(|| Value::from(""), Value::from);
        let map: Facts = [
            ("url".to_owned(), self.url.into()),
            ("scheme".to_owned(), self.scheme.into()),
            ("host".to_owned(), self.host.into()),
            ("port".to_owned(), port),
            ("path".to_owned(), self.path.into()),
            ("origin".to_owned(), origin.into()),
        ]
        .into_iter()
        .collect();
        map.into()
    }

    /// Scheme, host and port, as an address begins; the port only where it is not the scheme's own. Empty where there is no
    /// address.
    fn origin(&self) -> String {
        if self.host.is_empty() {
            return String::new();
        }
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        let own = match self.scheme.as_str() {
            "https" => Some(443),
            "http" => Some(80),
            _ => None,
        };
        match self.port.filter(|port| Some(*port) != own) {
            Some(port) => format!("{}://{host}:{port}", self.scheme),
            None => format!("{}://{host}", self.scheme),
        }
    }
}

/// The error says what is expected. A bare host name with a dot in it, as people read it from a browser, means `https`.
pub(super) fn parse(text: &str) -> Result<Url, String> {
    let bare = !text.contains("://") && !text.contains('@');
    if bare && text.split(['/', ':', '?']).next().is_some_and(is_dotted) {
        return whole(&format!("https://{text}"));
    }
    whole(text)
}

fn is_dotted(text: &str) -> bool {
    let letters = text.contains(|letter: char| letter.is_alphabetic());
    letters && text.trim_matches('.').contains('.') && host(text).is_some()
}

fn whole(text: &str) -> Result<Url, String> {
    let address = Address::parse(text).map_err(|error| {
        let expected = match error {
            AddressError::Scheme
            | AddressError::Host
            | AddressError::Proxy
            | AddressError::ProxyScheme => {
                "an address such as `https://host` or `https://host:8443/path` is expected"
            }
            AddressError::Blank => "an address without spaces is expected",
            AddressError::Backslash => "an address without a `\\` is expected",
            AddressError::User => "an address without user and password is expected",
            AddressError::Port => "a port from 1 to 65535 is expected",
        };
        expected.to_owned()
    })?;
    Ok(Url {
        scheme: address.scheme().to_owned(),
        host: address.host().to_owned(),
        port: address.port(),
        path: address.path().to_owned(),
        url: text.to_owned(),
    })
}

/// A host name or an address, IPv6 in brackets or bare.
pub(super) fn host(text: &str) -> Option<String> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let literal = bare.unwrap_or(text);
    if literal.parse::<core::net::Ipv6Addr>().is_ok() {
        return Some(text.to_owned());
    }
    // Letters of other scripts are allowed: resolvers know them.
    let fits = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    let name = bare.is_none()
        && text.len() <= 253
        && text.chars().all(fits)
        && text.chars().any(char::is_alphanumeric);
    (name && !text.starts_with(['.', '-'])).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_falls_into_its_parts() {
        let check = |text: &str, scheme: &str, host: &str, port: Option<u16>, path: &str| {
            let (scheme, host, path) = (scheme.to_owned(), host.to_owned(), path.to_owned());
            assert_eq!(
                parse(text),
                Ok(Url {
                    url: text.to_owned(),
                    scheme,
                    host,
                    port,
                    path
                }),
                "{text}"
            );
        };
        check(
            "https://dev1.example.com",
            "https",
            "dev1.example.com",
            Some(443),
            "/",
        );
        check(
            "HTTP://a.example:8080/x?y=1",
            "http",
            "a.example",
            Some(8080),
            "/x?y=1",
        );
        check("https://[::1]:9443/", "https", "::1", Some(9443), "/");
        check("https://[fe80::1]", "https", "fe80::1", Some(443), "/");
        check("https://10.0.0.1?x", "https", "10.0.0.1", Some(443), "/?x");
        check("foo://bar", "foo", "bar", None, "/");
    }

    #[test]
    fn an_address_begins_with_the_port_that_is_not_the_schemes_own() {
        let check = |text: &str, expected: &str| {
            let url = parse(text).expect("an address");
            assert_eq!(url.origin(), expected, "{text}");
        };
        check("https://a.example/x", "https://a.example");
        check("https://a.example:443/", "https://a.example");
        check("https://a.example:8443/x", "https://a.example:8443");
        check("http://a.example:443", "http://a.example:443");
        check("a.example:80", "https://a.example:80");
        check("https://[::1]:9443/", "https://[::1]:9443");
        assert_eq!(Url::default().origin(), "");
    }

    #[test]
    fn a_bare_host_name_means_https() {
        let check = |text: &str, expected: &str| {
            assert_eq!(
                parse(text).map(|url| url.url).as_deref(),
                Ok(expected),
                "{text}"
            );
        };
        check("dev1.example.com", "https://dev1.example.com");
        check("dev1.example.com:8443/x", "https://dev1.example.com:8443/x");
    }

    #[test]
    fn what_is_no_address_is_told_what_is_expected() {
        let check = |text: &str, expected: &str| {
            assert_eq!(parse(text).err().as_deref(), Some(expected), "{text}")
        };
        let shape = "an address such as `https://host` or `https://host:8443/path` is expected";
        check("dev1", shape);
        check("1.5", shape);
        check("https://", shape);
        check("://host", shape);
        check("https://a b", "an address without spaces is expected");
        check(
            "https://user:pw@host/",
            "an address without user and password is expected",
        );
        check(
            r"https://localhost\@host/",
            "an address without a `\\` is expected",
        );
        check("https://host:99999", "a port from 1 to 65535 is expected");
    }
}
