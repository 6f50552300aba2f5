//! `dns`: whether a name has addresses.

use core::net::SocketAddr;

use crate::{
    finding::{Evidence, Os, Unknown, Value},
    host::{Look, Reply, printed},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        judging::{known, only},
        params::{Given, senseless},
        pasted::Pasted,
        shell,
    },
};

/// A name's addresses.
pub struct Dns;

static SPEC: Spec = Spec {
    name: "dns",
    looks_at: "a name's addresses",
    params: &[
        ParamSpec {
            name: "name",
            ty: ParamType::Host,
            role: Role::Target,
            required: true,
            doc: "the name",
        },
        ParamSpec {
            name: "server",
            ty: ParamType::Host,
            role: Role::Target,
            required: false,
            doc: "the server to ask; the system's resolver if not given",
        },
    ],
    facts: &[
        FactSpec {
            name: "addresses",
            doc: "what was answered",
        },
        FactSpec {
            name: "server",
            doc: "who answered",
        },
        FactSpec {
            name: "code",
            doc: "the answer: `NOERROR`, `NXDOMAIN`, `SERVFAIL`, …",
        },
        FactSpec {
            name: "took_ms",
            doc: "how long it took",
        },
    ],
    pattern_facts: &[],
    network: true,
    executes: false,
};

impl Kind for Dns {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("resolved"),
            OutcomeSpec::fixed("unresolved"),
        ]
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        let given = Given(params);
        let name = given
            .host("name")?
            .ok_or_else(|| senseless("name", "is empty"))?;
        Ok(vec![Look::Name {
            name,
            server: given.host("server")?,
        }])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        let reply = match only(replies) {
            Ok(Reply::Name(reply)) => reply,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        let name = Given(params)
            .host("name")
            .ok()
            .flatten()
            .unwrap_or_default();
        let by = if reply.server.is_empty() {
            String::new()
        } else {
            format!(", says {}", reply.server)
        };
        let text = if reply.addresses.is_empty() {
            format!("{name} has no address ({}){by}", reply.code)
        } else {
            format!("{name} is {}{by}", reply.addresses.join(", "))
        };
        // No answer, and one that says SERVFAIL, mean that the name cannot be used: `code` tells them apart.
        let judged = Judged::outcome(if reply.addresses.is_empty() {
            "unresolved"
        } else {
            "resolved"
        })
        .fact(
            "addresses",
            reply
                .addresses
                .into_iter()
                .map(Value::Text)
                .collect::<Vec<_>>(),
        )
        .fact("code", reply.code)
        .evidence(Evidence::plain(text));
        let judged = known(judged, "took_ms", reply.took_ms);
        known(
            judged,
            "server",
            Some(reply.server).filter(|server| !server.is_empty()),
        )
    }

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let pasted = Pasted::new(self, params, os, text)?;
        let name = Given(params).host("name")?.unwrap_or_default();
        let chosen = Given(params).host("server")?;
        let (text, echoed) = (pasted.text(), pasted.echoes(0));
        let mut read = printed::nslookup::read(&text, &name, echoed);
        if os == Os::Windows {
            read = read.or_else(|| printed::resolve_dns_name::read(&text, &name, echoed));
        } else if chosen.is_none() {
            // It asks nobody but the system's resolver.
            read = read.or_else(|| printed::getent::read(&text, &name, echoed));
        }
        pasted.only(read.map(|read| read.map(Reply::Name)))
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        manual(Given(params), os).unwrap_or_default()
    }
}

/// Where a name server listens.
const DNS_PORT: u16 = 53;

fn manual(given: Given<'_>, os: Os) -> Option<Vec<Manual>> {
    let name = shell::quote(&given.host("name").ok()??, os)?;
    let server = match given.host("server").ok()? {
        Some(server) => match server.parse::<SocketAddr>() {
            // Behind its address it would be no address; and PowerShell asks at no other port.
            Ok(at) if at.port() != DNS_PORT && os == Os::Windows => return None,
            Ok(at) => Some((at.ip().to_string(), at.port())),
            Err(_) => Some((shell::quote(&server, os)?, DNS_PORT)),
        },
        None => None,
    };
    Some(vec![match (os, server) {
        (Os::Windows, Some((server, _))) => Manual::new(
            format!("Resolve-DnsName -Name {name} -Server {server}"),
            "the addresses, or why there is none",
        ),
        (Os::Windows, None) => Manual::new(
            format!("Resolve-DnsName -Name {name}"),
            "the addresses, or why there is none",
        ),
        (Os::Linux | Os::Macos, Some((server, port))) => {
            let option = match port {
                DNS_PORT => String::new(),
                port => format!("-port={port} "),
            };
            Manual::new(
                format!("nslookup {option}{name} {server}"),
                "the addresses, or why there is none",
            )
        }
        (Os::Linux, None) => Manual::new(
            // It prints nothing where there is none, and nothing cannot be sent back.
            format!("getent ahosts {name} || echo \"status $?:\" {name}"),
            "the addresses; `status 2` says that the name has none",
        ),
        (Os::Macos, None) => Manual::new(
            format!("dscacheutil -q host -a name {name}"),
            "no output says that the name has no address",
        ),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finding::Reason,
        host::NameReply,
        probe::judging::trial::{commands, end, facts, judge, looks, shown},
    };

    fn reply(addresses: &[&str], server: &str, code: &str) -> Result<Reply, Unknown> {
        Ok(Reply::Name(NameReply {
            addresses: addresses
                .iter()
                .map(|address| (*address).to_owned())
                .collect(),
            server: server.to_owned(),
            code: code.to_owned(),
            took_ms: Some(4),
        }))
    }

    #[test]
    fn outcomes() {
        let check = |got, expected_end: &str, expected_shown: &str| {
            let judged = judge(&Dns, r#"{"name": "a.example"}"#, Os::Linux, got);
            assert_eq!(
                (end(&judged).as_str(), shown(&judged).as_str()),
                (expected_end, expected_shown)
            );
        };
        check(
            reply(&["192.0.2.1", "2001:db8::1"], "192.0.2.53", "NOERROR"),
            "resolved",
            "a.example is 192.0.2.1, 2001:db8::1, says 192.0.2.53",
        );
        check(
            reply(&[], "", "NXDOMAIN"),
            "unresolved",
            "a.example has no address (NXDOMAIN)",
        );
        check(
            reply(&[], "", "NOERROR"),
            "unresolved",
            "a.example has no address (NOERROR)",
        );
        check(
            reply(&[], "192.0.2.53", "SERVFAIL"),
            "unresolved",
            "a.example has no address (SERVFAIL), says 192.0.2.53",
        );
        check(
            Err(Unknown::new(Reason::NotAvailable, "no resolver")),
            "unknown: no resolver",
            "",
        );
    }

    #[test]
    fn facts_of_an_answer() {
        let judged = judge(
            &Dns,
            r#"{"name": "a"}"#,
            Os::Linux,
            reply(&["192.0.2.1"], "", "NOERROR"),
        );
        assert_eq!(
            facts(&judged),
            r#"{"addresses":["192.0.2.1"],"code":"NOERROR","took_ms":4}"#
        );
    }

    #[test]
    fn what_is_looked_at() {
        assert_eq!(
            looks(&Dns, r#"{"name": "a", "server": ""}"#),
            r#"[{"name":{"name":"a","server":null}}]"#
        );
        assert_eq!(
            looks(&Dns, r#"{"name": "a", "server": "192.0.2.53"}"#),
            r#"[{"name":{"name":"a","server":"192.0.2.53"}}]"#
        );
        assert_eq!(
            looks(&Dns, r#"{"name": "a b"}"#),
            "parameter `name`: `a b` is neither a name nor an address"
        );
    }

    #[test]
    fn by_hand() {
        let check = |os, json: &str, expected: &str| assert_eq!(commands(&Dns, json, os), expected);
        check(
            Os::Linux,
            r#"{"name": "a.example"}"#,
            r#"getent ahosts a.example || echo "status $?:" a.example"#,
        );
        check(
            Os::Linux,
            r#"{"name": "a.example", "server": "192.0.2.53"}"#,
            "nslookup a.example 192.0.2.53",
        );
        let port = |server: &str| format!(r#"{{"name": "a.example", "server": "{server}"}}"#);
        check(
            Os::Linux,
            &port("192.0.2.53:5353"),
            "nslookup -port=5353 a.example 192.0.2.53",
        );
        check(
            Os::Linux,
            &port("192.0.2.53:53"),
            "nslookup a.example 192.0.2.53",
        );
        // It asks at no other port.
        check(Os::Windows, &port("192.0.2.53:5353"), "");
        check(
            Os::Windows,
            r#"{"name": "a.example", "server": "ns.example"}"#,
            "Resolve-DnsName -Name a.example -Server ns.example",
        );
        check(Os::Linux, r#"{"name": "$(id)"}"#, "");
    }
}
