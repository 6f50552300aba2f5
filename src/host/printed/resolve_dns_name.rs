//! What PowerShell's `Resolve-DnsName` prints, as a table or as a list. Its errors bear the same names in every language.

use super::{Read, is_address, no_program, same_name};
use crate::host::NameReply;

const ERRORS: &[(&str, &str)] = &[
    ("DNS_ERROR_RCODE_NAME_ERROR", "NXDOMAIN"),
    ("DNS name does not exist", "NXDOMAIN"),
    ("DNS_ERROR_RCODE_SERVER_FAILURE", "SERVFAIL"),
    ("DNS server failure", "SERVFAIL"),
    ("DNS_ERROR_RCODE_REFUSED", "REFUSED"),
    ("DNS operation refused", "REFUSED"),
    ("DNS_INFO_NO_RECORDS", "NOERROR"),
    ("No records found for given DNS query", "NOERROR"),
    ("ERROR_TIMEOUT", "TIMEOUT"),
    ("because the timeout period expired", "TIMEOUT"),
];

/// Reads what it printed of `name`; `echoed`: the command that asks for `name` stands before it.
pub fn read(text: &str, name: &str, echoed: bool) -> Read<NameReply> {
    if let Some(unknown) = no_program(text, "Resolve-DnsName") {
        return Some(Err(unknown));
    }
    let reply = |addresses: Vec<String>, code: &str| {
        Some(Ok(NameReply {
            addresses,
            server: String::new(),
            code: code.to_owned(),
            took_ms: None,
        }))
    };
    let words: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let failed = |line: &str| line.trim_start().starts_with("Resolve-DnsName");
    if let Some(error) = text.lines().find(|line| failed(line)) {
        let named = error.split([' ', ':']).any(|word| same_name(word, name));
        let told = ERRORS.iter().find(|(words, _)| text.contains(words));
        return match told {
            Some((_, code)) if named || echoed => reply(Vec::new(), code),
            _ => None,
        };
    }
    let mut addresses: Vec<String> = Vec::new();
    // The server's word that there is none of this kind: its own record in the place of an answer.
    let (mut named, mut authority, mut is_table) = (false, false, false);
    let (mut listed, mut of_whom) = ("", "");
    // The name, and those that it stands for; with the command, whatever it tells of.
    let mut own = vec![name];
    let alone = echoed && !is_told(&words, name);
    for line in &words {
        let address = match line.as_slice() {
            ["Name", "Type", "TTL", "Section", ..] => {
                is_table = true;
                continue;
            }
            [whose, kind, _, section, rest @ ..] if is_type(kind) => {
                let is_own = alone || own.iter().any(|own| is_for(whose, own));
                named |= is_own;
                if let ("CNAME", true, Some(target)) = (*kind, is_own, rest.first()) {
                    own.push(target);
                }
                authority |= *kind == "SOA" && *section == "Authority";
                let is_answer = matches!(*kind, "A" | "AAAA") && *section == "Answer" && is_own;
                rest.first().filter(|_| is_answer)
            }
            ["Name", ":", whose] => {
                of_whom = whose;
                named |= own.iter().any(|own| is_for(whose, own));
                None
            }
            ["NameHost", ":", target] => {
                if own.iter().any(|own| is_for(of_whom, own)) {
                    own.push(target);
                }
                None
            }
            ["Section", ":", section] => {
                listed = section;
                None
            }
            ["IP4Address" | "IP6Address" | "IPAddress", ":", address]
                if listed == "Answer" && (alone || own.iter().any(|own| is_for(of_whom, own))) =>
            {
                Some(address)
            }
            _ => None,
        };
        if let Some(address) = address.filter(|address| is_address(address))
            && !addresses.iter().any(|known| known == address)
        {
            addresses.push((*address).to_owned());
        }
    }
    if !addresses.is_empty() {
        return if named || echoed {
            reply(addresses, "NOERROR")
        } else {
            None
        };
    }
    // The record bears the zone's name, not the one asked for.
    if authority && is_table && echoed {
        reply(addresses, "NOERROR")
    } else {
        None
    }
}

/// The same name, or with the domain that the machine searches.
fn is_for(whose: &str, name: &str) -> bool {
    let start = whose.get(..name.len());
    same_name(whose, name)
        || start.is_some_and(|start| same_name(start, name) && whose[name.len()..].starts_with('.'))
}

/// Whether a record of this name stands there.
fn is_told(words: &[Vec<&str>], name: &str) -> bool {
    words.iter().any(|line| match line.as_slice() {
        [whose, kind, _, _, ..] if is_type(kind) => is_for(whose, name),
        ["Name", ":", whose] => is_for(whose, name),
        _ => false,
    })
}

fn is_type(word: &str) -> bool {
    matches!(
        word,
        "A" | "AAAA" | "CNAME" | "SOA" | "NS" | "PTR" | "MX" | "TXT"
    )
}
