//! `tcp`: whether a connection can be opened. Sends nothing over it.

use crate::{
    finding::{Evidence, Os, Reason, Unknown, Value},
    host::{Connection, Look, Reply, printed},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        judging::{known, only},
        params::{Given, senseless},
        pasted::Pasted,
        shell,
    },
};

/// A connection, direct or via a proxy.
pub struct Tcp;

static SPEC: Spec = Spec {
    name: "tcp",
    looks_at: "a connection, direct or via a proxy",
    params: &[
        ParamSpec {
            name: "host",
            ty: ParamType::Host,
            role: Role::Target,
            required: true,
            doc: "the name or address",
        },
        ParamSpec {
            name: "port",
            ty: ParamType::Port,
            role: Role::Target,
            required: true,
            doc: "the port",
        },
        ParamSpec {
            name: "via",
            ty: ParamType::Via,
            role: Role::Sent,
            required: false,
            doc: "a proxy: address, user, password; an empty address means direct; `socks5://` before the address means SOCKS with names resolved here, `socks5h://` by the proxy",
        },
    ],
    facts: &[
        FactSpec {
            name: "address",
            doc: "the address that answered",
        },
        FactSpec {
            name: "took_ms",
            doc: "how long it took to connect",
        },
        FactSpec {
            name: "proxy_status",
            doc: "the proxy's status where it refused; of a SOCKS proxy its code",
        },
        FactSpec {
            name: "schemes",
            doc: "the logins that the proxy offers where it refused",
        },
        FactSpec {
            name: "error",
            doc: "why there is no connection, in the words of the system",
        },
    ],
    pattern_facts: &[],
    network: true,
    executes: false,
};

impl Kind for Tcp {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], via: bool) -> Vec<OutcomeSpec> {
        let mut outcomes = vec![
            OutcomeSpec::refined("open"),
            OutcomeSpec::fixed("refused"),
            OutcomeSpec::fixed("timed-out"),
            OutcomeSpec::fixed("unreachable"),
            OutcomeSpec::fixed("unresolved"),
        ];
        if via {
            outcomes.extend(["proxy-refused", "proxy-silent"].map(OutcomeSpec::fixed));
        }
        outcomes
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        let given = Given(params);
        let host = given
            .host("host")?
            .ok_or_else(|| senseless("host", "is empty"))?;
        Ok(vec![Look::Connect {
            host,
            port: given.port("port")?,
            via: given.via("via")?,
        }])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        let connection = match only(replies) {
            Ok(Reply::Connection(connection)) => connection,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        let (judged, text) = match connection {
            Connection::Open { address, took_ms } => {
                let after = took_ms.map(|took| format!(" after {took} ms"));
                let text = format!("open at {address}{}", after.unwrap_or_default());
                let judged = Judged::outcome("open").fact("address", address);
                (known(judged, "took_ms", took_ms), text)
            }
            Connection::Refused { address } => {
                // Of a target behind a proxy, nobody but the proxy could say so.
                let whose = match Given(params).via("via") {
                    Ok(Some(_)) => "the proxy ",
                    _ => "",
                };
                let text = format!("refused by {whose}{address}");
                (Judged::outcome("refused").fact("address", address), text)
            }
            Connection::TimedOut => (Judged::outcome("timed-out"), "no answer in time".to_owned()),
            Connection::ProxySilent { address } => {
                let text = proxy_silent(&address);
                (
                    Judged::outcome("proxy-silent").fact("address", address),
                    text,
                )
            }
            Connection::Unreachable(why) => failed("unreachable", "unreachable", why),
            Connection::Unresolved(why) => failed("unresolved", "the name has no address", why),
            Connection::ProxyRefused {
                status,
                schemes,
                why,
            } => proxy_refused(status, schemes, why),
        };
        let asked = target(params);
        judged.evidence(Evidence {
            file: asked,
            text,
            ..Evidence::default()
        })
    }

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let given = Given(params);
        let pasted = Pasted::new(self, params, os, text)?;
        if given.via("via")?.is_some() {
            return Err(Unknown::new(
                Reason::NotAvailable,
                "pastes for `tcp` through a proxy are not read yet",
            ));
        }
        let (host, port) = (given.host("host")?.unwrap_or_default(), given.port("port")?);
        let text = pasted.text();
        let read = match os {
            Os::Windows => printed::test_net_connection::read(&text, &host, port),
            Os::Linux | Os::Macos => printed::nc::read(&text, &host, port, pasted.echoes(0)),
        };
        pasted.only(read.map(|read| read.map(Reply::Connection)))
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        manual(Given(params), os).unwrap_or_default()
    }
}

fn failed(outcome: &str, words: &str, why: String) -> (Judged, String) {
    let text = format!("{words}: {why}");
    (Judged::outcome(outcome).fact("error", why), text)
}

/// Of all kinds that go through proxies. What a proxy says of its target is the proxy's word, and so no outcome of its own.
pub(super) fn proxy_refused(
    status: u16,
    schemes: Vec<String>,
    why: Option<String>,
) -> (Judged, String) {
    let mut text = proxy_said(status, why.as_deref());
    if !schemes.is_empty() {
        text.push_str(&format!(" and takes these logins: {}", schemes.join(", ")));
    }
    let judged = Judged::outcome("proxy-refused")
        .fact("proxy_status", status)
        .fact(
            "schemes",
            schemes.into_iter().map(Value::Text).collect::<Vec<_>>(),
        );
    (known(judged, "error", why), text)
}

/// A proxy that is reached, and does not answer, in words.
pub(super) fn proxy_silent(address: &str) -> String {
    format!(
        "the proxy {address} took the connection, and did not say in time whether it opens a way"
    )
}

/// A proxy's refusal in words.
pub(super) fn proxy_said(status: u16, why: Option<&str>) -> String {
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    format!("the proxy answered with status {status}{why}")
}

fn target(params: &Params) -> Option<String> {
    let given = Given(params);
    let host = given.host("host").ok().flatten()?;
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host
    };
    let target = format!("{host}:{}", given.port("port").ok()?);
    Some(match given.via("via").ok().flatten() {
        Some(via) => format!("{target} via {}", via.address),
        None => target,
    })
}

fn manual(given: Given<'_>, os: Os) -> Option<Vec<Manual>> {
    let host = given.host("host").ok()??;
    let port = given.port("port").ok()?;
    if let Some(via) = given.via("via").ok()? {
        let bracketed = if host.contains(':') {
            format!("[{host}]")
        } else {
            host
        };
        let socks = via.address.scheme() != "http";
        let (curl, nowhere) = if os == Os::Windows {
            ("curl.exe", "NUL")
        } else {
            ("curl", "/dev/null")
        };
        let words = [
            "-sSv",
            "-m",
            "15",
            "-o",
            nowhere,
            "-p",
            "-x",
            via.address.as_str(),
        ];
        let mut run: Vec<String> = std::iter::once(curl)
            .chain(words)
            .map(str::to_owned)
            .collect();
        if !via.user.is_empty() {
            // Without a password curl asks for it.
            run.extend(["-U".to_owned(), via.user]);
        }
        run.push(format!("https://{bracketed}:{port}/"));
        let command = shell::command(&run, os)?;
        let tells = if socks {
            "`SOCKS5 request granted` says that the proxy lets through; otherwise its code stands in brackets"
        } else {
            "the status that follows `CONNECT` is the proxy's; 200 says that it lets through"
        };
        return Some(vec![Manual::new(command, tells)]);
    }
    let host = shell::quote(&host, os)?;
    Some(vec![match os {
        Os::Linux => Manual::new(
            format!("nc -vz -w 10 {host} {port}"),
            "`succeeded` or `open`, or why not",
        ),
        Os::Macos => Manual::new(
            format!("nc -vz -G 10 {host} {port}"),
            "`succeeded`, or why not",
        ),
        Os::Windows => Manual::new(
            format!("Test-NetConnection -ComputerName {host} -Port {port}"),
            "`TcpTestSucceeded` says whether it is open",
        ),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::judging::trial::{commands, end, facts, judge, looks, shown};

    #[test]
    fn outcomes() {
        let check = |connection, expected: &str, expected_facts: &str, expected_shown: &str| {
            let judged = judge(
                &Tcp,
                r#"{"host": "a", "port": 443, "via": "p:3128"}"#,
                Os::Linux,
                Ok(Reply::Connection(connection)),
            );
            assert_eq!(end(&judged), expected);
            assert_eq!(facts(&judged), expected_facts);
            assert_eq!(
                shown(&judged),
                format!("a:443 via p:3128: {expected_shown}")
            );
        };
        check(
            Connection::Open {
                address: "192.0.2.1:443".to_owned(),
                took_ms: Some(12),
            },
            "open",
            r#"{"address":"192.0.2.1:443","took_ms":12}"#,
            "open at 192.0.2.1:443 after 12 ms",
        );
        check(
            Connection::Refused {
                address: "192.0.2.1:443".to_owned(),
            },
            "refused",
            r#"{"address":"192.0.2.1:443"}"#,
            "refused by the proxy 192.0.2.1:443",
        );
        check(Connection::TimedOut, "timed-out", "{}", "no answer in time");
        check(
            Connection::ProxySilent {
                address: "192.0.2.1:3128".to_owned(),
            },
            "proxy-silent",
            r#"{"address":"192.0.2.1:3128"}"#,
            "the proxy 192.0.2.1:3128 took the connection, and did not say in time whether it opens a way",
        );
        check(
            Connection::Unreachable("no route to host".to_owned()),
            "unreachable",
            r#"{"error":"no route to host"}"#,
            "unreachable: no route to host",
        );
        check(
            Connection::Unresolved("NXDOMAIN".to_owned()),
            "unresolved",
            r#"{"error":"NXDOMAIN"}"#,
            "the name has no address: NXDOMAIN",
        );
        check(
            Connection::ProxyRefused {
                status: 407,
                schemes: vec!["NTLM".to_owned(), "Negotiate".to_owned()],
                why: None,
            },
            "proxy-refused",
            r#"{"proxy_status":407,"schemes":["NTLM","Negotiate"]}"#,
            "the proxy answered with status 407 and takes these logins: NTLM, Negotiate",
        );
        check(
            Connection::ProxyRefused {
                status: 5,
                schemes: Vec::new(),
                why: Some("the target refused".to_owned()),
            },
            "proxy-refused",
            r#"{"proxy_status":5,"schemes":[],"error":"the target refused"}"#,
            "the proxy answered with status 5 (the target refused)",
        );
    }

    #[test]
    fn a_proxy_can_refuse_only_where_there_is_one() {
        let names = |via| {
            Tcp.outcomes(&[], via)
                .into_iter()
                .map(|outcome| outcome.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(false),
            ["open", "refused", "timed-out", "unreachable", "unresolved"]
        );
        assert_eq!(
            names(true)[names(false).len()..],
            ["proxy-refused", "proxy-silent"]
        );
    }

    #[test]
    fn what_is_looked_at() {
        assert_eq!(
            looks(
                &Tcp,
                r#"{"host": "a", "port": "443", "via": {"address": ""}}"#
            ),
            r#"[{"connect":{"host":"a","port":443,"via":null}}]"#
        );
        assert_eq!(
            looks(
                &Tcp,
                r#"{"host": "a", "port": 443, "via": {"address": "p:1", "user": "u", "password": {"secret": "s"}}}"#
            ),
            r#"[{"connect":{"host":"a","port":443,"via":{"address":"p:1","user":"u","password":{"secret":"s"}}}}]"#
        );
        assert_eq!(
            looks(&Tcp, r#"{"port": 443}"#),
            "parameter `host`: is empty"
        );
        assert_eq!(
            looks(&Tcp, r#"{"host": "a", "port": "x"}"#),
            "parameter `port`: `x` is not between 1 and 65535"
        );
    }

    #[test]
    fn by_hand() {
        let check = |os, json: &str, expected: &str| assert_eq!(commands(&Tcp, json, os), expected);
        let direct = r#"{"host": "a.example", "port": 443}"#;
        check(Os::Linux, direct, "nc -vz -w 10 a.example 443");
        check(Os::Macos, direct, "nc -vz -G 10 a.example 443");
        check(
            Os::Windows,
            direct,
            "Test-NetConnection -ComputerName a.example -Port 443",
        );
        let via = r#"{"host": "::1", "port": 443, "via": {"address": "p:1", "user": "me", "password": {"secret": "s"}}}"#;
        check(
            Os::Linux,
            via,
            "curl -sSv -m 15 -o /dev/null -p -x p:1 -U me 'https://[::1]:443/'",
        );
        check(
            Os::Linux,
            r#"{"host": "a", "port": 443, "via": "socks5://p:1"}"#,
            "curl -sSv -m 15 -o /dev/null -p -x socks5://p:1 https://a:443/",
        );
    }
}
