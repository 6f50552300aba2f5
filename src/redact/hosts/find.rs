//! Where in a text a host's name or an address has to stand. Knows no name.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::names::stands_in;

/// The longest name, in bytes.
const LONGEST: usize = 253;

/// What a name of a key ends with whose value is a host.
const KEYS: [&str; 8] = [
    "host",
    "hostname",
    "host_name",
    "fqdn",
    "proxy",
    "dns_server",
    "nameserver",
    "name_server",
];

/// Words that stand where a host does, and are none.
const WORDS: [&str; 24] = [
    "localhost",
    "localdomain",
    "none",
    "null",
    "true",
    "false",
    "yes",
    "no",
    "direct",
    "default",
    "unknown",
    "undefined",
    "host",
    "hostname",
    "server",
    "proxy",
    "name",
    "auto",
    "system",
    "static",
    "dhcp",
    "any",
    "all",
    "https",
];

/// Endings of files, which stand before a line's number as a port does, or behind the `@` of a program that reads them.
const ENDINGS: [&str; 26] = [
    "java",
    "kt",
    "scala",
    "py",
    "rb",
    "rs",
    "go",
    "js",
    "ts",
    "c",
    "h",
    "cpp",
    "cs",
    "log",
    "xml",
    "conf",
    "cfg",
    "yaml",
    "yml",
    "json",
    "txt",
    "sh",
    "bat",
    "properties",
    "sql",
    "ldif",
];

fn regex(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// Each names its host as `host`; some more than one.
static STATED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // In an address, behind a login if there is one.
        r#"[A-Za-z][A-Za-z0-9+.-]*://(?:[^\s/@"'<>]{0,256}@)?(?<host>[\p{L}\p{N}._-]+)"#,
        r#"(?i)jdbc:[a-z:]+:@(?://)?(?<host>[a-z0-9._-]+)"#,
        // Behind an at sign, and before a port.
        r"@(?<host>(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,})\b",
        r"(?:^|[^\p{L}\p{N}._@/\\-])/?(?<host>(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}):[0-9]{2,5}\b",
        // As Java prints what it has resolved, and what it could not.
        r"(?<host>[A-Za-z0-9][A-Za-z0-9._-]*)/(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b",
        r"UnknownHostException:\s*(?<host>[A-Za-z0-9][A-Za-z0-9._-]*)",
        r"(?i)\bhost(?:name)?(?: is)? '(?<host>[a-z0-9][a-z0-9._-]*)'",
        // A share of Windows.
        r#"(?:^|[\s"'=(<>])\\\\(?<host>[A-Za-z0-9][A-Za-z0-9._-]*)\\[^\\\s]"#,
        // As logs and Windows' programs say which machine it is.
        r#"(?i)(?:node|computer|machine)[ _]?name["']?\s*[=:]\s*["']?(?<host>[a-z0-9][a-z0-9._-]*)"#,
        // A certificate's.
        r"\bCN\s*=\s*(?:\*\.)?(?<host>(?:[A-Za-z0-9_-]+\.)+[A-Za-z]{2,})\b",
        r"\bDNS:(?:\*\.)?(?<host>(?:[A-Za-z0-9_-]+\.)+[A-Za-z]{2,})\b",
        r"(?im)^\s*Host:\s*(?<host>[a-z0-9][a-z0-9._-]*)",
        // The value of what is named like a host.
        r#"(?i)name\s*=\s*["'][^"'<>]{0,80}(?:host|host_?name|fqdn)["']\s+value\s*=\s*["'](?<host>[a-z0-9][a-z0-9._-]*)["']"#,
        r#"(?i)value\s*=\s*["'](?<host>[a-z0-9][a-z0-9._-]*)["']\s+name\s*=\s*["'][^"'<>]{0,80}(?:host|host_?name|fqdn)["']"#,
        r#"(?im)[a-z0-9_.-]*(?:host|host_?name|fqdn)["']?\s*[=:]\s*["']?(?<host>[a-z0-9][a-z0-9._-]*)(?:["'\s,;)}:]|$)"#,
    ]
    .into_iter()
    .filter_map(regex)
    .collect()
});

static FOUR: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"));
static SIX: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{0,40}:[0-9A-Fa-f.]{0,15}"));
static VERSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r#"(?i)(?:version|release|build|jdk|jre|java|wrapper|tanuki)["']?[\s:=("']{0,4}$"#)
});

/// Whether what bears this name is a host, or an address with one.
pub(super) fn names_a_host(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "host", "url", "proxy", "server", "dns", "address", "instance", "fqdn",
    ]
    .iter()
    .any(|part| name.contains(part))
}

/// Whether a fact of this name is a host's name.
pub(super) fn is_hosts_key(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    KEYS.iter().any(|key| name.ends_with(key))
}

/// Whether a fact of this name lists names of hosts, and nothing without a dot is one.
pub(super) fn lists_hosts(name: &str) -> bool {
    matches!(name, "names" | "dns_names")
}

/// The hosts of a value that is one, has one, or lists some.
pub(super) fn hosts_in(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split([',', ';', ' ', '|']);
    parts.filter_map(|part| {
        let part = part.trim().trim_start_matches("*.");
        let rest = part.split_once("://").map_or(part, |(_, rest)| rest);
        let rest = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        let host = match rest.split_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            Some(_) => return None,
            None => rest,
        };
        is_name(host).then_some(host)
    })
}

/// The hosts that a text names where a host has to stand.
pub(super) fn stated(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    for rule in STATED.iter() {
        for captures in rule.captures_iter(text) {
            if let Some(host) = captures.name("host") {
                let host = host.as_str().trim_end_matches(['.', '-']);
                if is_name(host) && !is_file(host) {
                    all.push(host);
                }
            }
        }
    }
    all
}

fn is_file(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ENDINGS.contains(&ending.to_ascii_lowercase().as_str()))
}

/// Whether it can be a host's name, and is no address, no word and no placeholder.
pub(super) fn is_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let letters = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    !name.is_empty()
        && name.len() <= LONGEST
        && name.chars().all(letters)
        && name.contains(|c: char| c.is_alphabetic())
        && !name.starts_with(['.', '-'])
        && !WORDS.contains(&lower.as_str())
        && !lower.starts_with("localhost.")
        && !lower.ends_with(".localhost")
        && !is_placeholder(&lower)
        && !stands_in(name)
        && name.parse::<IpAddr>().is_err()
}

/// What somebody is to fill in.
fn is_placeholder(lower: &str) -> bool {
    lower.contains("your_")
        || lower.starts_with("your-")
        || lower.contains("<")
        || lower.contains("xxx")
}

/// The addresses in a text that are of a network, and not of this machine alone.
pub(super) fn addresses(text: &str) -> Vec<(Range<usize>, IpAddr)> {
    let mut all = Vec::new();
    for found in SIX.iter().flat_map(|six| six.find_iter(text)) {
        // Such as the port's colon behind an address.
        let shown = found.as_str().trim_end_matches('.');
        let range = found.start()..found.start() + shown.len();
        if let Ok(address) = shown.parse::<Ipv6Addr>()
            && stands_apart(text, &range, true)
            && !(address.is_loopback() || address.is_unspecified() || stands_in(shown))
        {
            all.push((range, IpAddr::V6(address)));
        }
    }
    for found in FOUR.iter().flat_map(|four| four.find_iter(text)) {
        let range = found.range();
        if let Ok(address) = found.as_str().parse::<Ipv4Addr>()
            && stands_apart(text, &range, false)
            && !is_version(&text[..range.start])
            && !(address.is_loopback() || address.octets()[0] == 0 || address.octets()[0] >= 240)
            && !is_mask(address)
        {
            all.push((range, IpAddr::V4(address)));
        }
    }
    all
}

/// Not a part of a longer number, name or address.
fn stands_apart(text: &str, range: &Range<usize>, six: bool) -> bool {
    let before = text[..range.start].chars().next_back();
    let mut after = text[range.end..].chars();
    let (next, second) = (after.next(), after.next());
    let joins = |c: char| c.is_alphanumeric() || c == '_' || six && c == ':';
    let dot = |c: char| c == '.' || c == '-';
    !before.is_some_and(|c| joins(c) || dot(c))
        && !next.is_some_and(|c| joins(c) || dot(c) && second.is_some_and(char::is_alphanumeric))
}

fn is_version(before: &str) -> bool {
    let mut start = before.len().saturating_sub(24);
    while !before.is_char_boundary(start) {
        start += 1;
    }
    let near = &before[start..];
    VERSION
        .as_ref()
        .is_some_and(|version| version.is_match(near))
}

/// Ones and then zeros: it tells how large a network is, and not which.
fn is_mask(address: Ipv4Addr) -> bool {
    let bits = u32::from(address);
    address.octets()[0] == 255 && bits.leading_ones() + bits.trailing_zeros() == 32
}
