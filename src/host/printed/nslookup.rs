//! What `nslookup` prints: of BIND and of BusyBox, and of Windows in English.

use super::{Read, cut, is_address, lines::pieces, no_program, same_name};
use crate::{
    finding::{Reason, Unknown},
    host::NameReply,
};

/// Reads what it printed of `name`; `echoed`: the command that asks for `name` stands before it.
pub fn read(text: &str, name: &str, echoed: bool) -> Read<NameReply> {
    if let Some(unknown) = no_program(text, "nslookup") {
        return Some(Err(unknown));
    }
    // A server of HTTP calls itself so too.
    if text.lines().any(|line| super::head::status(line).is_some()) {
        return None;
    }
    match pieces(text, |line| line.starts_with("Server:")).as_slice() {
        [_] => of_one(Printed::read(text), name, echoed),
        // Of several names each piece has to name its own; of several tries the last one counts.
        all => {
            let mut all = all.iter().rev().map(|piece| Printed::read(piece));
            let own = all.find(|printed| printed.names_it(name))?;
            of_one(own, name, false)
        }
    }
}

fn of_one(printed: Printed<'_>, name: &str, echoed: bool) -> Read<NameReply> {
    if !printed.is_nslookup {
        return None;
    }
    let named = printed.names_it(name);
    let silent = printed.names.is_empty() && printed.code == Some("TIMEOUT");
    if !(named || echoed || silent) {
        // Without a name it is cut, with another one it is of something else.
        return printed
            .names
            .is_empty()
            .then(|| Err(cut("nslookup", "the answer is missing")));
    }
    if silent && !echoed {
        let why = "`nslookup` got no answer, and does not tell for which name: paste it with the command before it";
        return Some(Err(Unknown::new(Reason::NotWhole, why)));
    }
    let code = match printed.code {
        _ if !printed.addresses.is_empty() => "NOERROR",
        Some(code) => code,
        None => {
            return Some(Err(cut(
                "nslookup",
                "neither an address nor an error stands there",
            )));
        }
    };
    Some(Ok(NameReply {
        addresses: printed.addresses,
        server: printed.server,
        code: code.to_owned(),
        took_ms: None,
    }))
}

#[derive(Default)]
struct Printed<'t> {
    is_nslookup: bool,
    server: String,
    /// The names that it speaks of: the one asked for, those that it stands for.
    names: Vec<&'t str>,
    addresses: Vec<String>,
    code: Option<&'static str>,
}

impl<'t> Printed<'t> {
    /// It tells of this name.
    fn names_it(&self, name: &str) -> bool {
        self.names.iter().any(|known| {
            same_name(known, name)
                // With the domain that the machine searches.
                || known.get(..name.len()).is_some_and(|start| same_name(start, name) && known[name.len()..].starts_with('.'))
        })
    }

    fn read(text: &'t str) -> Self {
        let mut printed = Self::default();
        // The server's own address comes first, and looks like an answer.
        let mut answers = false;
        let mut list = "";
        for line in text.lines() {
            let bare = line.trim();
            let (key, value) = bare
                .split_once(':')
                .map_or(("", ""), |(key, value)| (key, value.trim()));
            let goes_on = line.starts_with([' ', '\t']) && list == "Addresses" && answers;
            match key {
                "Server" if !line.starts_with([' ', '\t']) => printed.is_nslookup = true,
                "Name" => {
                    answers = true;
                    printed.names.push(value);
                }
                "Address" | "Addresses" | "Address 1" | "Address 2" if !answers => {
                    if printed.is_nslookup && printed.server.is_empty() {
                        let server = value.split(['#', ' ', '\t']).next().unwrap_or_default();
                        // BusyBox puts the port behind it.
                        let is_four = server.matches(':').count() == 1;
                        let server = if is_four {
                            server.trim_end_matches(":53")
                        } else {
                            server
                        };
                        printed.server = server.to_owned();
                    }
                }
                _ if answers && (key == "Addresses" || key.starts_with("Address")) => {
                    printed.address(value);
                }
                "Aliases" => printed.names.extend(value.split_whitespace()),
                _ if goes_on && is_address(bare) => printed.address(bare),
                _ if line.starts_with([' ', '\t']) && list == "Aliases" => printed.names.push(bare),
                _ => printed.said(bare),
            }
            if !(goes_on || line.starts_with([' ', '\t']) && list == "Aliases") {
                list = key;
            }
        }
        printed
    }

    fn address(&mut self, value: &str) {
        let address = value.split_whitespace().next().unwrap_or_default();
        if is_address(address) && !self.addresses.iter().any(|known| known == address) {
            self.addresses.push(address.to_owned());
        }
    }

    /// A line that says something else than a key and its value.
    fn said(&mut self, line: &'t str) {
        if let Some((name, _)) = line.split_once("canonical name = ") {
            self.names.push(name.trim());
            return;
        }
        let told = line.trim_start_matches('*').trim_start();
        let is_error = line.starts_with("**")
            || line.starts_with(";;")
            || line.starts_with("DNS request timed out");
        if !is_error {
            return;
        }
        self.is_nslookup = true;
        if let Some((_, rest)) = told
            .split_once("can't find ")
            .or_else(|| told.split_once("Can't find "))
        {
            let (name, why) = rest.rsplit_once(": ").unwrap_or((rest, ""));
            self.names.push(name);
            self.code = self.code.or(code(why));
        } else if let Some((_, name)) = told.split_once("records available for ") {
            self.names.push(name);
            self.code = self.code.or(Some("NOERROR"));
        } else if told.contains("timed out; no servers could be reached")
            || told.contains("no servers could be reached")
            || told.ends_with("timed-out")
        {
            self.code = self.code.or(Some("TIMEOUT"));
        }
    }
}

/// The code of DNS that a word stands for.
fn code(why: &str) -> Option<&'static str> {
    Some(match why.trim().trim_end_matches('.') {
        "NXDOMAIN" | "Non-existent domain" => "NXDOMAIN",
        "SERVFAIL" | "Server failed" => "SERVFAIL",
        "REFUSED" | "Query refused" => "REFUSED",
        "No answer" | "No records" => "NOERROR",
        "FORMERR" | "Format error" => "FORMERR",
        "NOTIMP" | "Not implemented" => "NOTIMP",
        "No response from server" | "Timed out" => "TIMEOUT",
        _ => return None,
    })
}
