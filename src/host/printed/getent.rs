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
    let mut addresses: Vec<String> = Vec::new();
    let mut named = same_name(name, name) && is_address(name);
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
        named |= rest.any(|word| same_name(word, name));
        if !addresses.iter().any(|known| known == address) {
            addresses.push(address.to_owned());
        }
    }
    if !addresses.is_empty() {
        return if named || echoed {
            reply(addresses, "NOERROR")
        } else {
            None
        };
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
