//! What an instance can reply, and what each question has to make of it.

mod answers;
mod none;

use std::fmt;

use jiff::{Timestamp, ToSpan};

pub use answers::answers;
pub use none::no_answers;

use super::asked::NAME;
use crate::support::{MID_USER, Says};

/// One reply, and the question that it is a reply to.
#[derive(Debug, Clone)]
pub struct Reply {
    /// What is replied, in a word.
    pub about: &'static str,
    /// `tree/node`: the question. The walk begins at the tree's start.
    pub spot: &'static str,
    /// Answers that are given ahead, so that the walk comes to the question.
    pub given: Vec<&'static str>,
    pub says: Vec<(&'static str, Says)>,
    /// What comes in the place of the version, where that is not as it should be.
    pub info: Option<Says>,
    /// The proxy that the MID Server goes through.
    pub proxy: &'static str,
    pub admin: bool,
    pub own: Option<&'static str>,
    /// The answer, or none where it has to stay unknown.
    pub answer: Option<&'static str>,
    /// What has to be among the words for why.
    pub why: &'static str,
    /// `verdict tree/node`.
    pub end: Option<&'static str>,
}

impl Reply {
    pub fn tree(&self) -> &'static str {
        self.spot
            .split_once('/')
            .map_or(self.spot, |(tree, _)| tree)
    }

    fn end(mut self, end: &'static str) -> Self {
        self.end = Some(end);
        self
    }

    fn given(mut self, more: &[&'static str]) -> Self {
        self.given.extend(more);
        self
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.spot, self.about)
    }
}

/// How a walk comes to a question.
const WAYS: &[(&str, &[&str])] = &[
    ("mid-server/status", &[]),
    ("mid-server/validated", &["status=up"]),
    ("mid-server/right-version", &["status=up", "validated=yes"]),
    (
        "mid-server/work-waits",
        &["status=up", "validated=yes", "right-version=yes"],
    ),
    ("mid-down/status-up", &["let-in=unstable"]),
    (
        "mid-down/record-says",
        &["let-in=unstable", "status-up=down"],
    ),
    (
        "mid-down/jobs-late",
        &["let-in=unstable", "status-up=down", "record-says=nothing"],
    ),
    ("mid-credentials/from-directory", &["password-accepted=no"]),
    ("mid-credentials/password-accepted", &["way-free=free"]),
];

/// A reply of one table.
fn reply(
    spot: &'static str,
    about: &'static str,
    table: &'static str,
    says: Says,
    answer: Option<&'static str>,
    why: &'static str,
) -> Reply {
    let way = WAYS.iter().find(|(known, _)| *known == spot);
    Reply {
        about,
        spot,
        given: way.map(|(_, given)| given.to_vec()).unwrap_or_default(),
        says: vec![(table, says)],
        info: None,
        proxy: "",
        admin: true,
        own: None,
        answer,
        why,
        end: None,
    }
}

/// A time of the instance, so many minutes ago.
fn ago(minutes: i64) -> String {
    let then = Timestamp::now()
        .checked_sub(minutes.minutes())
        .expect("a time of this year");
    then.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The MID Server's record, heard from just now.
pub fn record(status: &str) -> String {
    record_of(
        status,
        "true",
        "made-up-07-01-2026__patch1_07-21-2026_1200",
        1,
    )
}

fn record_of(status: &str, validated: &str, version: &str, heard: i64) -> String {
    let heard = ago(heard);
    format!(
        r#"[{{"name":"{NAME}","status":"{status}","validated":"{validated}","version":"{version}","last_refreshed":"{heard}","user_name":"{}","host_name":"h","home_dir":"/opt"}}]"#,
        MID_USER.0
    )
}

fn account(active: &str, locked: &str, reset: &str, source: &str) -> Says {
    Says::rows(&format!(
        r#"[{{"user_name":"{}","active":"{active}","locked_out":"{locked}","password_needs_reset":"{reset}","failed_attempts":"3","web_service_access_only":"true","last_login_time":"","source":"{source}"}}]"#,
        MID_USER.0
    ))
}

fn roles(names: &[&str]) -> Says {
    let rows: Vec<String> = names
        .iter()
        .map(|name| format!(r#"{{"role":"{name}"}}"#))
        .collect();
    Says::rows(&format!("[{}]", rows.join(",")))
}

fn issue(source: &str, message: &str) -> Says {
    let at = ago(20);
    Says::rows(&format!(
        r#"[{{"source":"{source}","message":"{message}","state":"new","last_detected":"{at}"}}]"#
    ))
}

fn events(events: &[(&str, i64, &str)]) -> Says {
    let row = |(name, minutes, roles): &(&str, i64, &str)| {
        let (user, at) = (MID_USER.0, ago(*minutes));
        format!(r#"{{"name":"{name}","parm1":"{user}","parm2":"{roles}","sys_created_on":"{at}"}}"#)
    };
    let rows: Vec<String> = events.iter().map(row).collect();
    Says::rows(&format!("[{}]", rows.join(",")))
}

/// Counts by queue and state: how many, and since how many minutes the oldest.
fn counts(groups: &[(&str, &str, u32, i64)]) -> Says {
    let group = |(queue, state, count, minutes): &(&str, &str, u32, i64)| {
        let oldest = ago(*minutes);
        format!(
            r#"{{"stats":{{"count":"{count}","min":{{"sys_created_on":"{oldest}"}}}},"groupby_fields":[{{"field":"queue","value":"{queue}"}},{{"field":"state","value":"{state}"}}]}}"#
        )
    };
    let groups: Vec<String> = groups.iter().map(group).collect();
    Says::rows(&format!("[{}]", groups.join(",")))
}
