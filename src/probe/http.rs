//! `http`: what a server answers to one request.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
    },
};

/// A request, direct or via a proxy.
pub struct Http;

static SPEC: Spec = Spec {
    name: "http",
    looks_at: "a request, direct or via a proxy",
    params: &[
        ParamSpec {
            name: "url",
            ty: ParamType::Url,
            required: true,
            doc: "where to",
        },
        ParamSpec {
            name: "method",
            ty: ParamType::Text,
            required: false,
            doc: "`GET` if not given",
        },
        ParamSpec {
            name: "headers",
            ty: ParamType::Headers,
            required: false,
            doc: "headers to send",
        },
        ParamSpec {
            name: "body",
            ty: ParamType::Text,
            required: false,
            doc: "what to send",
        },
        ParamSpec {
            name: "login",
            ty: ParamType::Login,
            required: false,
            doc: "user and password, sent to the request's own host only",
        },
        ParamSpec {
            name: "via",
            ty: ParamType::Via,
            required: false,
            doc: "a proxy: address, user, password; an empty address means direct",
        },
        ParamSpec {
            name: "capture",
            ty: ParamType::Captures,
            required: false,
            doc: "name: regular expression over the body; its first group counts, or all of it where there is none; upper and lower case are one",
        },
    ],
    facts: &[
        FactSpec {
            name: "status",
            doc: "the status code",
        },
        FactSpec {
            name: "headers",
            doc: "the headers by name, in lower case",
        },
        FactSpec {
            name: "body",
            doc: "what was answered; not there where it passed the bound",
        },
        FactSpec {
            name: "json",
            doc: "the body as data, where it is JSON",
        },
        FactSpec {
            name: "xml",
            doc: "the body as data, where it is XML: elements by name without prefix, attributes with `@`, text beside them as `#text`",
        },
        FactSpec {
            name: "captures",
            doc: "what each capture found; one that found nothing is not there",
        },
        FactSpec {
            name: "took_ms",
            doc: "how long it took",
        },
        FactSpec {
            name: "redirected_to",
            doc: "where a redirect pointed that was not followed",
        },
        FactSpec {
            name: "proxy_status",
            doc: "the proxy's status where it refused",
        },
        FactSpec {
            name: "schemes",
            doc: "the logins that the proxy offers where it refused",
        },
        FactSpec {
            name: "error",
            doc: "why there is no answer, in the words of the system",
        },
    ],
    pattern_facts: &[],
    network: true,
    executes: false,
};

impl Kind for Http {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], via: bool) -> Vec<OutcomeSpec> {
        let mut outcomes = vec![
            OutcomeSpec::refined("answered"),
            OutcomeSpec::fixed("refused"),
            OutcomeSpec::fixed("timed-out"),
            OutcomeSpec::fixed("unreachable"),
            OutcomeSpec::fixed("unresolved"),
            OutcomeSpec::fixed("tls-failed"),
        ];
        if via {
            outcomes.push(OutcomeSpec::fixed("proxy-refused"));
        }
        outcomes
    }

    fn looks(&self, _params: &Params) -> Result<Vec<Look>, Unknown> {
        Err(Unknown::new(Reason::Other, "not built"))
    }

    fn judge(
        &self,
        _params: &Params,
        _replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        Judged::unknown(Unknown::new(Reason::Other, "not built"))
    }

    fn manual(&self, _params: &Params, _os: Os) -> Vec<Manual> {
        Vec::new()
    }
}
