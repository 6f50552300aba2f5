//! `ping`: whether a machine answers echo requests of ICMP. That one is silent does not say that it is down: many
//! firewalls drop such requests.

use crate::{
    finding::{Evidence, Os, Unknown},
    host::{Look, PingReply, Reply, printed},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        judging::{known, only},
        params::{Given, senseless},
        pasted::Pasted,
        shell,
    },
};

/// Echo requests of ICMP.
pub struct Ping;

/// How many requests are sent where nothing is said: as many as Windows sends.
const COUNT: u32 = 4;
/// The most that one look sends: it is a question, no load.
const MOST: u32 = 20;

static SPEC: Spec = Spec {
    name: "ping",
    looks_at: "ICMP echo",
    params: &[
        ParamSpec {
            name: "host",
            ty: ParamType::Host,
            role: Role::Target,
            required: true,
            doc: "the name or address",
        },
        ParamSpec {
            name: "count",
            ty: ParamType::Int,
            role: Role::Sent,
            required: false,
            doc: "how many requests are sent, 1 to 20; 4 if not given",
        },
    ],
    facts: &[
        FactSpec {
            name: "address",
            doc: "the address that was asked",
        },
        FactSpec {
            name: "sent",
            doc: "how many requests were sent; 0 where this machine knows no way to the address",
        },
        FactSpec {
            name: "lost",
            doc: "how many of them were not answered",
        },
        FactSpec {
            name: "round_trip_ms",
            doc: "how long an answer took on average",
        },
        FactSpec {
            name: "fastest_ms",
            doc: "how long the fastest answer took",
        },
        FactSpec {
            name: "slowest_ms",
            doc: "how long the slowest answer took",
        },
        FactSpec {
            name: "error",
            doc: "what was said instead of an answer, by this machine or by one on the way",
        },
    ],
    pattern_facts: &[],
    network: true,
    executes: false,
};

impl Kind for Ping {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("answered"),
            OutcomeSpec::fixed("silent"),
            OutcomeSpec::fixed("unresolved"),
        ]
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        let given = Given(params);
        let host = given
            .host("host")?
            .ok_or_else(|| senseless("host", "is empty"))?;
        Ok(vec![Look::Ping {
            host,
            count: count(given)?,
        }])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        let reply = match only(replies) {
            Ok(Reply::Ping(reply)) => reply,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        let (judged, text) = match reply {
            PingReply::Answered {
                address,
                sent,
                lost,
                fastest_ms,
                average_ms,
                slowest_ms,
                error,
            } => {
                let answered = sent.saturating_sub(lost);
                let text = format!(
                    "{address} answered {answered} of {sent}, on average after {average_ms} ms ({fastest_ms} to {slowest_ms} ms)"
                );
                let judged = Judged::outcome("answered")
                    .fact("address", address)
                    .fact("sent", sent)
                    .fact("lost", lost)
                    .fact("round_trip_ms", average_ms)
                    .fact("fastest_ms", fastest_ms)
                    .fact("slowest_ms", slowest_ms);
                (known(judged, "error", error.clone()), told(text, error))
            }
            PingReply::Silent {
                address,
                sent,
                error,
            } => {
                let text = match sent {
                    0 => format!("nothing could be sent to {address}"),
                    sent => format!("{address} answered none of {sent}"),
                };
                let judged = Judged::outcome("silent")
                    .fact("address", address)
                    .fact("sent", sent)
                    .fact("lost", sent);
                (known(judged, "error", error.clone()), told(text, error))
            }
            PingReply::Unresolved(why) => {
                let text = format!("the name has no address: {why}");
                (Judged::outcome("unresolved").fact("error", why), text)
            }
        };
        judged.evidence(Evidence {
            file: Given(params).host("host").ok().flatten(),
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
        let pasted = Pasted::new(self, params, os, text)?;
        let host = Given(params).required("host")?;
        let (text, echoed) = (pasted.text(), pasted.echoes(0));
        let read = match os {
            Os::Windows => printed::ping_windows::read(&text, &host, echoed),
            Os::Linux | Os::Macos => printed::ping::read(&text, &host, echoed),
        };
        pasted.only(read.map(|read| read.map(Reply::Ping)))
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        manual(Given(params), os).into_iter().collect()
    }
}

fn count(given: Given<'_>) -> Result<u32, Unknown> {
    Ok(given.whole("count", 1..=MOST)?.unwrap_or(COUNT))
}

fn told(text: String, error: Option<String>) -> String {
    match error {
        Some(error) => format!("{text}: {error}"),
        None => text,
    }
}

fn manual(given: Given<'_>, os: Os) -> Option<Manual> {
    let host = shell::quote(&given.host("host").ok()??, os)?;
    let count = count(given).ok()?;
    // The system's own `ping` knows IPv4 alone there.
    let program = if os == Os::Macos && host.contains(':') {
        "ping6"
    } else {
        "ping"
    };
    Some(match os {
        Os::Windows => Manual::new(
            format!("ping -n {count} {host}"),
            "lines with a time are answers; an address that nothing answers at may still be up, behind a firewall",
        ),
        Os::Linux | Os::Macos => Manual::new(
            format!("{program} -c {count} {host}"),
            "the line with `packets transmitted` counts the answers; an address that nothing answers at may still be up, behind a firewall",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finding::Reason,
        probe::judging::trial::{commands, end, facts, judge, looks, shown},
    };

    fn answered(sent: u32, lost: u32, error: Option<&str>) -> PingReply {
        PingReply::Answered {
            address: "192.0.2.1".to_owned(),
            sent,
            lost,
            fastest_ms: 11.9,
            average_ms: 12.25,
            slowest_ms: 13.0,
            error: error.map(str::to_owned),
        }
    }

    fn silent(sent: u32, error: Option<&str>) -> PingReply {
        PingReply::Silent {
            address: "192.0.2.1".to_owned(),
            sent,
            error: error.map(str::to_owned),
        }
    }

    #[test]
    fn outcomes() {
        let check = |reply, expected: &str, expected_facts: &str, expected_shown: &str| {
            let judged = judge(
                &Ping,
                r#"{"host": "a.example"}"#,
                Os::Linux,
                Ok(Reply::Ping(reply)),
            );
            assert_eq!(end(&judged), expected);
            assert_eq!(facts(&judged), expected_facts);
            assert_eq!(shown(&judged), format!("a.example: {expected_shown}"));
        };
        check(
            answered(4, 0, None),
            "answered",
            r#"{"address":"192.0.2.1","sent":4,"lost":0,"round_trip_ms":12.25,"fastest_ms":11.9,"slowest_ms":13.0}"#,
            "192.0.2.1 answered 4 of 4, on average after 12.25 ms (11.9 to 13 ms)",
        );
        // Some of them lost is an answer all the same: cases tell how many are too many.
        check(
            answered(4, 3, Some("host unreachable, says 192.0.2.254")),
            "answered",
            r#"{"address":"192.0.2.1","sent":4,"lost":3,"round_trip_ms":12.25,"fastest_ms":11.9,"slowest_ms":13.0,"error":"host unreachable, says 192.0.2.254"}"#,
            "192.0.2.1 answered 1 of 4, on average after 12.25 ms (11.9 to 13 ms): host unreachable, says 192.0.2.254",
        );
        check(
            silent(4, None),
            "silent",
            r#"{"address":"192.0.2.1","sent":4,"lost":4}"#,
            "192.0.2.1 answered none of 4",
        );
        check(
            silent(4, Some("network unreachable, says 192.0.2.254")),
            "silent",
            r#"{"address":"192.0.2.1","sent":4,"lost":4,"error":"network unreachable, says 192.0.2.254"}"#,
            "192.0.2.1 answered none of 4: network unreachable, says 192.0.2.254",
        );
        check(
            silent(0, Some("network is unreachable")),
            "silent",
            r#"{"address":"192.0.2.1","sent":0,"lost":0,"error":"network is unreachable"}"#,
            "nothing could be sent to 192.0.2.1: network is unreachable",
        );
        check(
            PingReply::Unresolved("NXDOMAIN".to_owned()),
            "unresolved",
            r#"{"error":"NXDOMAIN"}"#,
            "the name has no address: NXDOMAIN",
        );
    }

    #[test]
    fn a_machine_that_cannot_ask_knows_nothing() {
        let why = "this user may not send echo requests";
        let judged = judge(
            &Ping,
            r#"{"host": "a"}"#,
            Os::Linux,
            Err(Unknown::new(Reason::NoRight, why)),
        );
        assert_eq!(end(&judged), format!("unknown: {why}"));
    }

    #[test]
    fn what_is_looked_at() {
        let check = |json: &str, expected: &str| assert_eq!(looks(&Ping, json), expected);
        check(r#"{"host": "a"}"#, r#"[{"ping":{"host":"a","count":4}}]"#);
        check(
            r#"{"host": "[::1]", "count": "20"}"#,
            r#"[{"ping":{"host":"::1","count":20}}]"#,
        );
        check(r#"{"host": ""}"#, "parameter `host`: is empty");
        check(
            r#"{"host": "a", "count": 0}"#,
            "parameter `count`: `0` is no whole number from 1 to 20",
        );
        check(
            r#"{"host": "a", "count": 21}"#,
            "parameter `count`: `21` is no whole number from 1 to 20",
        );
        check(
            r#"{"host": "-f"}"#,
            "parameter `host`: `-f` is neither a name nor an address",
        );
    }

    #[test]
    fn by_hand() {
        let check =
            |os, json: &str, expected: &str| assert_eq!(commands(&Ping, json, os), expected);
        check(Os::Linux, r#"{"host": "a.example"}"#, "ping -c 4 a.example");
        check(
            Os::Macos,
            r#"{"host": "fe80::1%en0", "count": 2}"#,
            "ping6 -c 2 fe80::1%en0",
        );
        check(
            Os::Windows,
            r#"{"host": "a.example", "count": 10}"#,
            "ping -n 10 a.example",
        );
        check(Os::Linux, r#"{"host": "$(id)"}"#, "");
        check(Os::Linux, r#"{"host": "a", "count": 500}"#, "");
    }
}
