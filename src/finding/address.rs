//! Addresses on the network: scheme, host, port and path, read once and by one rule. What checks where a secret goes, what
//! a probe asks and what a tree's texts show are the parts of the same reading. Contacts nobody and resolves no name.

use core::net::Ipv6Addr;
use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Position, Url};

/// An address as it was written, and what it means.
///
/// What readers of addresses disagree on is refused: `\`, blanks, control characters, a user before the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    text: String,
    url: Url,
}

/// The schemes of proxies: of HTTP, of SOCKS 5 with names resolved here, and of SOCKS 5 with names resolved by the proxy.
const PROXIES: [&str; 3] = ["http", "socks5", "socks5h"];

/// Why a text is no address. None of the messages holds the text: what stands before an `@` may be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("names no scheme, such as `https://`")]
    Scheme,
    #[error("has a blank or a control character in it")]
    Blank,
    #[error("has a `\\` in it, which some readers take for a `/`")]
    Backslash,
    #[error("has a user or a password in it")]
    User,
    #[error("names no host")]
    Host,
    #[error("has no port from 1 to 65535 behind the colon")]
    Port,
    #[error("is not `host:port`")]
    Proxy,
    #[error("is no proxy of `http://`, `socks5://` or `socks5h://`")]
    ProxyScheme,
}

impl Address {
    /// Reads `scheme://host[:port][/path]`.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        refuse(text)?;
        let (scheme, rest) = text.split_once("://").ok_or(AddressError::Scheme)?;
        if scheme.to_ascii_lowercase().starts_with("socks") {
            return Self::proxy(text);
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(AddressError::User);
        }
        if authority.is_empty() {
            return Err(AddressError::Host);
        }
        let url = Url::parse(text).map_err(|error| match error {
            url::ParseError::InvalidPort => AddressError::Port,
            url::ParseError::RelativeUrlWithoutBase => AddressError::Scheme,
            _ => AddressError::Host,
        })?;
        if !url.scheme().eq_ignore_ascii_case(scheme) {
            return Err(AddressError::Scheme);
        }
        if authority.ends_with(':') || url.port() == Some(0) {
            return Err(AddressError::Port);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::User);
        }
        match url.host() {
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => {}
            Some(Host::Domain(name)) if is_name(name) => {}
            _ => return Err(AddressError::Host),
        }
        let text = text.to_owned();
        Ok(Self { text, url })
    }

    /// Reads a proxy's address: `host:port`, with or without the name of what it speaks before it.
    ///
    /// # Errors
    /// As for [`Address::parse`], and where there is another scheme, no port, or something behind it.
    pub fn proxy(text: &str) -> Result<Self, AddressError> {
        refuse(text)?;
        let (scheme, bare) = match text.split_once("://") {
            Some((scheme, bare)) => (scheme.to_ascii_lowercase(), bare),
            None => ("http".to_owned(), text),
        };
        if bare.contains('@') {
            return Err(AddressError::User);
        }
        if !PROXIES.contains(&scheme.as_str()) {
            return Err(AddressError::ProxyScheme);
        }
        // Read as the web's own scheme, whose hosts have one spelling only.
        let read = Self::parse(&format!("http://{bare}"));
        let address = read.map_err(|error| match error {
            AddressError::Scheme | AddressError::Host | AddressError::Port => AddressError::Proxy,
            other => other,
        })?;
        let port = bare.strip_suffix('/').unwrap_or(bare).rsplit_once(':');
        // A port that is the scheme's own is not kept by the URL, but it was written.
        let written = port.and_then(|(_, port)| port.parse().ok());
        let (Some(port), "/") = (written, address.path()) else {
            return Err(AddressError::Proxy);
        };
        if address.port() != written {
            return Err(AddressError::Proxy);
        }
        let url = match scheme.as_str() {
            "http" => address.url,
            _ => {
                let host = address.url.host_str().unwrap_or_default();
                Url::parse(&format!("{scheme}://{host}:{port}")).map_err(|_| AddressError::Proxy)?
            }
        };
        let text = text.to_owned();
        Ok(Self { text, url })
    }

    /// The host that a text names: an address, a proxy's address, or a host alone.
    ///
    /// # Errors
    /// As for [`Address::parse`].
    pub fn host_in(text: &str) -> Result<String, AddressError> {
        let text = text.trim();
        let address = match text.parse::<Ipv6Addr>() {
            Ok(bare) => Self::parse(&format!("http://[{bare}]")),
            Err(_) if text.contains("://") => Self::parse(text),
            Err(_) => Self::parse(&format!("http://{text}")),
        };
        Ok(address?.host().to_owned())
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What is asked for.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// In lower case.
    pub fn scheme(&self) -> &str {
        self.url.scheme()
    }

    /// The name in lower case and ASCII, or the address; IPv6 without its brackets.
    pub fn host(&self) -> &str {
        self.url
            .host_str()
            .unwrap_or_default()
            .trim_matches(['[', ']'])
    }

    /// The scheme's own where none is written.
    pub fn port(&self) -> Option<u16> {
        self.url.port().or_else(|| default_port(self.scheme()))
    }

    /// With the query, and at least `/`.
    pub fn path(&self) -> &str {
        match &self.url[Position::BeforePath..] {
            "" => "/",
            path => path,
        }
    }
}

/// What is wrong wherever it stands.
fn refuse(text: &str) -> Result<(), AddressError> {
    if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return Err(AddressError::Blank);
    }
    if text.contains('\\') {
        return Err(AddressError::Backslash);
    }
    Ok(())
}

/// Whether this can be a host's name. A leading `-` could be taken for an option by a command.
fn is_name(name: &str) -> bool {
    name.len() <= 253
        && !name.starts_with(['.', '-'])
        && name.contains(|c: char| c.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// The ports that IANA assigned to schemes which a tree may contact.
fn default_port(scheme: &str) -> Option<u16> {
    Some(match scheme {
        "http" | "ws" => 80,
        "https" | "wss" => 443,
        "ftp" => 21,
        "ssh" | "sftp" => 22,
        "ldap" => 389,
        "ldaps" => 636,
        _ => return None,
    })
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.text
    }
}

/// With a scheme an address, without one a proxy's.
impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        if text.contains("://") {
            Self::parse(&text)
        } else {
            Self::proxy(&text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_falls_into_its_parts() {
        #[track_caller]
        fn check(text: &str, scheme: &str, host: &str, port: Option<u16>, path: &str) {
            let address = Address::parse(text).expect("it is an address");
            let parts = (
                address.scheme(),
                address.host(),
                address.port(),
                address.path(),
            );
            assert_eq!(parts, (scheme, host, port, path));
            assert_eq!(address.as_str(), text);
        }
        check(
            "https://Dev1.Example.com",
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
        check("https://10.0.0.1?x", "https", "10.0.0.1", Some(443), "/?x");
        check(
            "https://a.example:443/@b",
            "https",
            "a.example",
            Some(443),
            "/@b",
        );
        check(
            "https://bücher.example",
            "https",
            "xn--bcher-kva.example",
            Some(443),
            "/",
        );
        check("foo://bar", "foo", "bar", None, "/");
        check("ldap://bar", "ldap", "bar", Some(389), "/");
        // One number in two spellings is one host.
        check("http://127.1/", "http", "127.0.0.1", Some(80), "/");
    }

    #[test]
    fn what_readers_disagree_on_is_no_address() {
        use AddressError::{Backslash, Blank, Host, Port, Scheme, User};

        #[track_caller]
        fn check(text: &str, expected: AddressError) {
            assert_eq!(Address::parse(text), Err(expected), "{text}");
        }
        check(r"https://localhost:18443\@good.example/", Backslash);
        check(r"https:\\good.example/", Backslash);
        check("https://user:pw@good.example/", User);
        check("https://user@good.example/", User);
        check("https://@good.example/", User);
        check("https://good.example\t/", Blank);
        check("https://good.example\n.evil.example/", Blank);
        check("https://good.example\u{a0}/", Blank);
        check(" https://good.example/", Blank);
        check("https://a b/", Blank);
        check("good.example", Scheme);
        check("://good.example", Scheme);
        check("1://good.example", Scheme);
        check("https:good.example://x", Scheme);
        check("https://", Host);
        check("https:///good.example", Host);
        check("https://:8443/", Host);
        check("https://-good.example/", Host);
        check("https://evil%40good.example/", Host);
        check("https://evil\u{ff20}good.example/", Host);
        check("https://evil.example\u{ff0f}.good.example/", Host);
        check("https://a;b/", Host);
        check("foo://a!b/", Host);
        check("https://good.example:0/", Port);
        check("https://good.example:/", Port);
        check("https://good.example:65536/", Port);
    }

    #[test]
    fn a_proxy_is_host_and_port() {
        #[track_caller]
        fn check(text: &str, expected: Result<(&str, u16), AddressError>) {
            let address = Address::proxy(text);
            let got = address
                .as_ref()
                .map(|address| (address.host(), address.port().unwrap_or_default()));
            assert_eq!(got, expected.as_ref().copied(), "{text}");
        }
        check("proxy:3128", Ok(("proxy", 3128)));
        check("http://proxy:3128/", Ok(("proxy", 3128)));
        check("Proxy:80", Ok(("proxy", 80)));
        check("[::1]:8080", Ok(("::1", 8080)));
        check("socks5://Proxy:80", Ok(("proxy", 80)));
        check("SOCKS5H://127.1:1080/", Ok(("127.0.0.1", 1080)));
        check("socks5://[0::1]:1080", Ok(("::1", 1080)));
        for wrong in [
            "",
            "proxy",
            ":80",
            "proxy:x",
            "proxy:0",
            "proxy:1/x",
            "proxy:1?x",
            "socks5://proxy",
            "socks5://proxy:1/x",
            "socks5:proxy:1",
            "::1",
        ] {
            check(wrong, Err(AddressError::Proxy));
        }
        for wrong in ["https://p:1", "socks4://p:1", "socks://p:1", "://p:1"] {
            check(wrong, Err(AddressError::ProxyScheme));
        }
        check("socks5://u:p@proxy:1", Err(AddressError::User));
        check("u:p@proxy:1", Err(AddressError::User));
        check(r"evil:1\@proxy:1", Err(AddressError::Backslash));
    }

    /// What was written comes back from a recording as the same address.
    #[test]
    fn a_proxys_scheme_is_kept() {
        #[track_caller]
        fn check(text: &str, scheme: &str) {
            let address = Address::proxy(text).expect("it is an address");
            assert_eq!(address.scheme(), scheme);
            assert_eq!(address.as_str(), text);
            assert_eq!(Address::try_from(text.to_owned()), Ok(address), "{text}");
        }
        check("proxy:3128", "http");
        check("http://proxy:3128", "http");
        check("socks5://Proxy:1080", "socks5");
        check("Socks5h://proxy:1080/", "socks5h");
    }

    #[test]
    fn a_host_is_named_in_more_ways_than_one() {
        #[track_caller]
        fn check(text: &str, expected: Result<&str, AddressError>) {
            assert_eq!(
                Address::host_in(text).as_deref(),
                expected.as_ref().copied(),
                "{text}"
            );
        }
        check("Good.example", Ok("good.example"));
        check("https://good.example:8443/x", Ok("good.example"));
        check("good.example:3128", Ok("good.example"));
        check("socks5h://Good.example:1080", Ok("good.example"));
        check("::1", Ok("::1"));
        check("[::1]", Ok("::1"));
        check("0:0:0:0:0:0:0:1", Ok("::1"));
        check("", Err(AddressError::Host));
        check(r"evil\@good.example", Err(AddressError::Backslash));
    }
}
