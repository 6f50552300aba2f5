//! What `getent hosts` and `getent ahosts` print. They print nothing where there is no address, and nothing can be cut
//! too: that a name has none is read from `status 2: NAME` alone, the line that the command to copy adds then.

use super::{Read, is_address, no_program, same_name};
use crate::host::NameReply;

/// Reads what it printed of `name`; `echoed`: the command that asks for `name` stands before it.
pub fn read(text: &str, name: &str, echoed: bool) -> Read<NameReply> {
    if let Some(unknown) = no_program(text, "getent") {
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
    // The addresses of each name that stands there; lines that name nobody go on with the last one.
    let mut groups: Vec<Group<'_>> = Vec::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let Some(address) = words.next().filter(|word| is_address(word)) else {
            continue;
        };
        let mut rest = words.peekable();
        let sockets = ["STREAM", "DGRAM", "RAW"];
        let streams = rest.next_if(|word| sockets.contains(word)).is_some();
        if !streams && rest.peek().is_none() {
            continue;
        }
        let names: Vec<&str> = rest.collect();
        let is_new = groups
            .last()
            .is_none_or(|last| !names.is_empty() && last.names != names);
        if is_new {
            let addresses = Vec::new();
            groups.push(Group { names, addresses });
        }
        if let Some(group) = groups.last_mut() {
            group.addresses.push(address);
        }
    }
    let is_named = |group: &&Group<'_>| {
        is_address(name) || group.names.iter().any(|known| same_name(known, name))
    };
    let mut own: Vec<&Group<'_>> = groups.iter().filter(is_named).collect();
    if let ([], true, [group]) = (own.as_slice(), echoed, groups.as_slice()) {
        // Another name is the host's true one.
        own.push(group);
    }
    let mut addresses: Vec<String> = Vec::new();
    for address in own.into_iter().flat_map(|group| &group.addresses) {
        if !addresses.iter().any(|known| known == address) {
            addresses.push((*address).to_owned());
        }
    }
    if !addresses.is_empty() {
        return reply(addresses, "NOERROR");
    }
    if !groups.is_empty() {
        return None;
    }
    let none = text.lines().any(|line| {
        let asked = line.trim().strip_prefix("status 2: ");
        asked.is_some_and(|asked| same_name(asked.trim_matches('\''), name))
    });
    if none {
        reply(addresses, "status 2")
    } else {
        None
    }
}

/// What stands there of one name.
struct Group<'t> {
    names: Vec<&'t str>,
    addresses: Vec<&'t str>,
}
