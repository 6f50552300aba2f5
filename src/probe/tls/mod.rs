//! `tls`: whose certificates a server shows, and what they are worth. Sends nothing once the handshake is made.

mod issue;
mod judge;
mod manual;
mod typed;

use crate::{
    finding::{Os, Reason, Unknown},
    host::{Connection, Look, Reply, TlsReply, TlsRequest, Trust, printed},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        judging::only,
        params::{Given, senseless},
        pasted::Pasted,
        proxied,
    },
};

/// A handshake, direct or via a proxy.
pub struct Tls;

static SPEC: Spec = Spec {
    name: "tls",
    looks_at: "a TLS handshake: whose certificates the server shows, and whether they are trusted",
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
            required: false,
            doc: "the port, 443 if not given",
        },
        ParamSpec {
            name: "name",
            ty: ParamType::Host,
            role: Role::Target,
            required: false,
            doc: "the name that the certificate is to be for, `host` if not given",
        },
        ParamSpec {
            name: "trust",
            ty: ParamType::Path,
            role: Role::Sent,
            required: false,
            doc: "who is trusted: `system`, the default, or the path of a file in PEM, PKCS#12 or Java's form (password `changeit` or none)",
        },
        proxied::VIA,
    ],
    facts: &[
        FactSpec {
            name: "chain",
            doc: "the certificates as they were sent, the server's own first: subject, issuer, not_before, not_after, names, serial, sha256, authority, self_issued",
        },
        FactSpec {
            name: "version",
            doc: "the version of TLS",
        },
        FactSpec {
            name: "issue",
            doc: "what is wrong, in a word: `self-signed`, `missing-intermediate`, `unknown-issuer`, `bad-signature`, `not-allowed`, `revoked`, `malformed`, `rejected`, `expired`, `not-yet-valid`, `wrong-name`; of a handshake that failed `not-tls`, `hung-up`, `nothing-in-common`, `certificate-wanted`, `name-not-served`, `refused`, `not-proven`, `silent`, `faulty`",
        },
        FactSpec {
            name: "issues",
            doc: "everything that is wrong, in such words, the worst first",
        },
        FactSpec {
            name: "why",
            doc: "what is wrong, in a sentence",
        },
        FactSpec {
            name: "detail",
            doc: "what is wrong, in the words of the TLS library",
        },
        FactSpec {
            name: "public_issuer",
            doc: "whether a public authority issued the certificate, whoever is trusted; not there where that cannot be told",
        },
        FactSpec {
            name: "revocation",
            doc: "where the certificates say that revocation is asked for: url, kind (`ocsp`, `crl`), answers, status, error; asked directly, only of a chain that is trusted, on this machine or its own link only for a server there; `answers` is true for status 200, and not there where nobody asked or another status came",
        },
        FactSpec {
            name: "asks_for_certificate",
            doc: "whether the server asks for a certificate of the client's",
        },
        FactSpec {
            name: "address",
            doc: "the address that took the connection, the proxy's where there is one",
        },
        FactSpec {
            name: "took_ms",
            doc: "how long it took until the handshake was over",
        },
        proxied::STATUS,
        proxied::SCHEMES,
        FactSpec {
            name: "error",
            doc: "why the server could not be reached, in the words of the system",
        },
    ],
    pattern_facts: &[],
    network: true,
    executes: false,
};

impl Kind for Tls {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], via: bool) -> Vec<OutcomeSpec> {
        let mut outcomes = vec![
            OutcomeSpec::refined("trusted"),
            OutcomeSpec::refined("untrusted"),
            OutcomeSpec::fixed("expired"),
            OutcomeSpec::fixed("name-mismatch"),
            OutcomeSpec::fixed("failed"),
            OutcomeSpec::fixed("unreachable"),
        ];
        if via {
            outcomes.push(OutcomeSpec::fixed("proxy-refused"));
        }
        outcomes
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        Ok(vec![Look::Tls(request(params)?)])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        judging: &Judging<'_>,
    ) -> Judged {
        let request = match request(params) {
            Ok(request) => request,
            Err(unknown) => return Judged::unknown(unknown),
        };
        match only(replies) {
            Ok(Reply::Tls(reply)) => judge::judge(&request, reply, judging.now),
            Ok(other) => Judged::wrong_reply(&other),
            Err(unknown) => Judged::unknown(unknown),
        }
    }

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let request = request(params)?;
        let asked = judge::request_line(&request);
        let pasted = Pasted::new(self, params, os, text)?.asking(&asked);
        let (output, echoed) = (pasted.text(), pasted.echoes(0));
        let by_curl = output.contains(printed::curl::STATUS);
        let read = match (&request.via, os) {
            (Some(via), _) if by_curl => {
                printed::curl::way(&output, via, &asked, echoed).map(|read| read.and_then(no_way))
            }
            (_, Os::Windows) => printed::ssl_stream::read(&output, &request, &asked, echoed),
            (_, Os::Linux | Os::Macos) => {
                printed::s_client::read(&output, &request, &asked, echoed).or_else(|| {
                    let named = typed::names(text, &request)?;
                    printed::s_client::typed(&output, &request, named)
                })
            }
        };
        pasted.only(read.map(|read| read.map(Reply::Tls)))
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        request(params)
            .map(|request| manual::commands(&request, &judge::request_line(&request), os))
            .unwrap_or_default()
    }

    fn also_contacts(&self) -> Option<&'static str> {
        Some("the hosts that the certificates name for OCSP and revocation lists")
    }
}

/// What curl tells of the way alone: it shows no certificates.
fn no_way(connection: Connection) -> Result<TlsReply, Unknown> {
    match connection {
        Connection::Open { .. } => {
            let why = "the proxy opens a way, and `curl` does not show the certificates";
            Err(Unknown::new(Reason::Other, why))
        }
        ended => Ok(TlsReply::NoWay(ended)),
    }
}

/// The handshake that these parameters stand for.
fn request(params: &Params) -> Result<TlsRequest, Unknown> {
    let given = Given(params);
    let host = given
        .host("host")?
        .ok_or_else(|| senseless("host", "is empty"))?;
    let port = match given.text("port")? {
        Some(_) => given.port("port")?,
        None => 443,
    };
    let trust = match given.path("trust")? {
        Some(path) if path.trim() != "system" => Trust::Store(path),
        _ => Trust::System,
    };
    Ok(TlsRequest {
        name: given.host("name")?.unwrap_or_else(|| host.clone()),
        host,
        port,
        trust,
        via: given.via("via")?,
    })
}

#[cfg(test)]
mod tests;
