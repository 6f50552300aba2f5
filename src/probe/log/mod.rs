//! The kind `log`: patterns over text files, rolled and compressed ones too, since the last start. What the lines mean,
//! the tree's patterns say; nothing here knows a product's format.
//!
//! The way of a file: [`source`] makes text of it, [`window`] gives it in turns of whole lines, [`candidates`] names the
//! lines worth a look, [`scan`] judges those and keeps the few that are shown
//! ([`scanner`] does it for a file), [`total`] and [`judge`] put the files together.

mod candidates;
mod evidence;
mod gap;
mod hit;
mod judge;
mod listed;
mod literals;
mod manual;
mod neighbours;
#[cfg(test)]
mod part;
mod pasted;
mod patterns;
mod required;
#[cfg(test)]
mod sample;
mod scan;
mod scanner;
mod source;
mod stamps;
mod total;
mod wanted;
mod window;

use crate::{
    finding::{Os, Unknown},
    host::{Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec, log::wanted::Wanted,
    },
};

pub struct Log;

static SPEC: Spec = Spec {
    name: "log",
    looks_at: "text files, newest first, rolled and compressed ones too",
    params: &[
        ParamSpec::new(
            "files",
            ParamType::Paths,
            Role::Target,
            true,
            "globs of the files; nothing else is read",
        ),
        ParamSpec::new(
            "beside",
            ParamType::Paths,
            Role::Target,
            false,
            "a path, or a list of them, that is there wherever the logs would be: where none of them is, a log that is missing \
             says nothing, since the folder may be the wrong one",
        ),
        ParamSpec::new(
            "patterns",
            ParamType::Patterns,
            Role::Judged,
            true,
            "name to regular expression, or to `match` with `near` (must match, too), `within` (lines before or after, 5 by \
             default) and `in` (a glob of files)",
        ),
        ParamSpec::new(
            "stamps",
            ParamType::Texts,
            Role::Judged,
            false,
            "formats (strptime) of the time that a line begins with, tried in order",
        ),
        ParamSpec::new(
            "start",
            ParamType::Pattern,
            Role::Judged,
            false,
            "only lines after the last one that matches count",
        ),
        ParamSpec::new(
            "since",
            ParamType::Duration,
            Role::Judged,
            false,
            "only lines as young as this count; needs `stamps`",
        ),
        ParamSpec::new(
            "pick",
            ParamType::Word(&["first", "latest"]),
            Role::Judged,
            false,
            "which of several matching patterns names the outcome: the first listed (default), or the latest in time; unknown \
             where what was not read may hold another",
        ),
        ParamSpec::new(
            "case",
            ParamType::Bool,
            Role::Judged,
            false,
            "`true` to mind upper and lower case",
        ),
        ParamSpec::new(
            "context",
            ParamType::Int,
            Role::Judged,
            false,
            "lines shown before and after a hit; 2 by default",
        ),
        ParamSpec::new(
            "limit",
            ParamType::Int,
            Role::Judged,
            false,
            "excerpts kept of each pattern; 3 by default",
        ),
    ],
    facts: &[
        FactSpec::new(
            "started",
            "the last line that matches `start`: `file`, `line`, `column`, `time`, `text`; none without `start`, and where all \
             that is there was read and no line matches",
        ),
        FactSpec::new(
            "gaps",
            "what could not be read or was cut, as sentences; empty where the material is whole",
        ),
    ],
    pattern_facts: &[
        FactSpec::new(
            "count",
            "lines that match; with gaps, at least so many, and a pattern without a hit has no facts at all",
        ),
        FactSpec::new(
            "first",
            "the oldest hit: `file`, `line`, `column`, `time` (RFC 3339, or none), `text`",
        ),
        FactSpec::new("last", "the newest hit, likewise"),
        FactSpec::new(
            "captures",
            "named groups of the newest hit, and of the line that `near` found",
        ),
        FactSpec::new(
            "excerpts",
            "the newest hits, newest first, with the lines `before` and `after`",
        ),
    ],
    network: false,
    executes: false,
};

impl Kind for Log {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        let patterns = patterns
            .iter()
            .map(|name| OutcomeSpec::refined(name.replace('_', "-")));
        patterns
            .chain([OutcomeSpec::refined("none"), OutcomeSpec::fixed("missing")])
            .collect()
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        let wanted = Wanted::new(params)?;
        let beside = (!wanted.beside.is_empty()).then_some(Look::Meta {
            paths: wanted.beside,
        });
        let files = Look::Files {
            globs: wanted.globs,
        };
        Ok([files].into_iter().chain(beside).collect())
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        judging: &Judging<'_>,
    ) -> Judged {
        match Wanted::new(params) {
            Ok(wanted) => judge::judge(&wanted, replies, judging),
            Err(unknown) => Judged::unknown(unknown),
        }
    }

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let wanted = Wanted::new(params)?;
        let text = crate::probe::pasted::Pasted::new(self, params, os, text)?;
        pasted::read(&wanted, &text)
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        Wanted::new(params)
            .ok()
            .and_then(|wanted| manual::commands(&wanted, os))
            .unwrap_or_default()
    }
}
