//! What an instance can reply, and what each question has to make of it.

use std::fmt;

use jiff::{Timestamp, ToSpan};

use super::asked::{NAME, page};
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

/// What stands in the place of an answer, whatever was asked.
fn in_the_way() -> Vec<(&'static str, Says, &'static str)> {
    let error = |status| {
        Says::Json(
            status,
            r#"{"error":{"message":"x"},"status":"failure"}"#.to_owned(),
        )
    };
    vec![
        ("429", error(429), "semaphores"),
        ("500", error(500), "an error of its own (status 500)"),
        (
            "a redirect away",
            Says::Redirect("https://login.example.com/saml?SAMLRequest=abc".to_owned()),
            "sent the request on to https://login.example.com/saml instead",
        ),
        (
            "a redirect to its own login page",
            Says::Redirect("/login.do?next=1".to_owned()),
            "/login.do instead of answering",
        ),
        (
            "a login page",
            Says::Page(200, page("ServiceNow", "User name, Password, Log in")),
            "a login page came instead",
        ),
        (
            "a page of maintenance",
            Says::Page(503, page("Maintenance", "We are back soon.")),
            "a page about maintenance",
        ),
        (
            "a page of hibernation",
            Says::Page(200, page("Hibernating Instance", "Sign in to wake it up.")),
            "asleep (hibernating)",
        ),
    ]
}

/// Replies that answer nothing, each with its own words.
pub fn no_answers() -> Vec<Reply> {
    let error = |status| {
        Says::Json(
            status,
            r#"{"error":{"message":"x"},"status":"failure"}"#.to_owned(),
        )
    };
    let mut replies = Vec::new();
    for (about, says, why) in in_the_way() {
        replies.push(reply(
            "mid-server/status",
            about,
            "ecc_agent",
            says.clone(),
            None,
            why,
        ));
        // The same of the MID Server user's own login.
        replies.push(Reply {
            admin: false,
            own: Some(MID_USER.1),
            ..reply(
                "mid-credentials/password-accepted",
                about,
                "sys_user",
                says,
                None,
                why,
            )
        });
    }
    let status = |about, says, why| reply("mid-server/status", about, "ecc_agent", says, None, why);
    replies.extend([
        status("401", error(401), "refused this login (401)"),
        status("403", error(403), "may not read that table (403)"),
        status("404", error(404), "no such table, or hides it"),
        status(
            "an empty list",
            Says::rows("[]"),
            "a list without rows proves nothing",
        ),
        status(
            "two rows",
            Says::rows(r#"[{"status":"Up"},{"status":"Down"}]"#),
            "more than one row",
        ),
        status(
            "some other page",
            Says::Page(200, page("Router", "Welcome")),
            "something else may have answered",
        ),
        status(
            "another form",
            Says::Json(200, "[]".to_owned()),
            "something else may have answered",
        ),
        status(
            "a hidden field",
            Says::rows(r#"[{"name":"x"}]"#),
            "is not known",
        ),
        status(
            "a status that is not known",
            Says::rows(&record("Sleeping")),
            "`Sleeping`",
        ),
        status(
            "Up, and not heard from",
            Says::rows(&record_of("Up", "true", "x", 60)),
            "says Up, but also that nothing came in",
        ),
    ]);
    let more = |spot, about, table, says, why| reply(spot, about, table, says, None, why);
    replies.extend([
        more(
            "mid-server/validated",
            "a word that is not known",
            "ecc_agent",
            Says::rows(&record_of("Up", "perhaps", "x", 1)),
            "`perhaps` under *validated*",
        ),
        more(
            "mid-server/right-version",
            "no version",
            "ecc_agent",
            Says::rows(&record_of("Up", "true", "", 1)),
            "names no version",
        ),
        Reply {
            info: Some(Says::Page(200, page("Maintenance", ""))),
            ..more(
                "mid-server/right-version",
                "no wanted version",
                "ecc_agent",
                Says::rows(&record("Up")),
                "did not tell which version it wants",
            )
        },
        more("mid-server/work-waits", "an empty list", "ecc_queue", Says::rows("[]"), "proves nothing"),
        more(
            "mid-server/work-waits",
            "counts of another form",
            "ecc_queue",
            Says::rows(r#"[{"stats":{"count":"0"},"groupby_fields":[{"field":"state","value":"ready"},{"field":"queue","value":"input"}]}]"#),
            "not in the form",
        ),
        more("mid-server/work-waits", "one count", "ecc_queue", Says::rows(r#"{"stats":{"count":"0"}}"#), ""),
        more(
            "mid-server/work-waits",
            "few",
            "ecc_queue",
            counts(&[("output", "ready", 19, 60), ("input", "ready", 2, 1)]),
            "look again in some minutes",
        ),
        more(
            "mid-server/work-waits",
            "many, but only just now",
            "ecc_queue",
            counts(&[("output", "ready", 500, 5)]),
            "look again in some minutes",
        ),
        more(
            "mid-down/record-says",
            "an issue of another sort",
            "ecc_agent_issue",
            issue("MIDUserConnectivity", "User x is associated with 1 down MID Server. No login attempts within reporting period."),
            "No login attempts within reporting period",
        ),
        more("mid-down/record-says", "no issue", "ecc_agent_issue", Says::rows("[]"), "proves nothing"),
        more("mid-down/jobs-late", "room", "ecc_agent", Says::rows("[]"), "there is room for requests"),
        more("mid-down/status-up", "429", "ecc_agent", error(429), "semaphores"),
        more("mid-upgrade/status-up", "Upgrading", "ecc_agent", Says::rows(&record("Upgrading")), "whether it stays so"),
        more("mid-upgrade/status-up", "an empty list", "ecc_agent", Says::rows("[]"), "proves nothing"),
        more("mid-credentials/status-up", "an empty list", "ecc_agent", Says::rows("[]"), "proves nothing"),
        more("mid-credentials/login-errors", "no event", "sysevent", Says::rows("[]"), "proves nothing"),
        more(
            "mid-credentials/login-errors",
            "an old failure",
            "sysevent",
            events(&[("login", 5, ""), ("login.failed", 90, "")]),
            "more than an hour ago",
        ),
        more(
            "mid-credentials/login-errors",
            "more logins than are read",
            "sysevent",
            events(&[("login", 5, ""); 100]),
            "older ones were not read",
        ),
        more("mid-credentials/user-state", "no such row", "sys_user", Says::rows("[]"), "proves nothing"),
        more("mid-credentials/user-state", "a hidden field", "sys_user", account("true", "", "false", ""), "does not tell all of"),
        more("mid-credentials/has-role", "no row", "sys_user_has_role", Says::rows("[]"), "proves nothing"),
        more("mid-credentials/has-role", "admin alone", "sys_user_has_role", roles(&["admin", "itil"]), "the role admin"),
        more("mid-credentials/has-role", "too many", "sys_user_has_role", roles(&["itil"; 500]), "more roles than were read"),
        more("mid-credentials/cloned", "no such issue", "ecc_agent_issue", issue("UpdatePublicKey", "x"), "proves nothing"),
        more("mid-credentials/from-directory", "no source", "sys_user", account("true", "false", "false", ""), "names no directory"),
    ]);
    let own = |about, says, info, why| Reply {
        admin: false,
        own: Some(MID_USER.1),
        info,
        ..reply(
            "mid-credentials/password-accepted",
            about,
            "sys_user",
            says,
            None,
            why,
        )
    };
    replies.extend([
        own(
            "404",
            error(404),
            None,
            "neither accepts the user nor refuses it",
        ),
        own(
            "a 401 that is no answer of the instance",
            Says::Page(401, page("Gateway", "Who are you?")),
            None,
            "neither accepts",
        ),
        own(
            "another form",
            Says::Json(401, "{}".to_owned()),
            None,
            "no answer of the instance",
        ),
        // The way is not free, so that a refusal would prove nothing of the user.
        own(
            "401 behind something else",
            error(401),
            Some(Says::Page(200, page("Proxy", "Blocked"))),
            "a refusal would prove nothing",
        ),
    ]);
    replies
}

/// Replies that answer, and the causes that they lead to.
pub fn answers() -> Vec<Reply> {
    let says = |spot, about, table, says, answer| reply(spot, about, table, says, Some(answer), "");
    let mut replies = Vec::new();
    for (status, answer) in [
        ("Down", "down"),
        ("Upgrade Failed", "upgrade-failed"),
        ("Upgrading", "upgrading"),
        ("Paused", "paused"),
        ("Drain_Failed", "paused"),
        ("Up", "up"),
    ] {
        replies.push(says(
            "mid-server/status",
            status,
            "ecc_agent",
            Says::rows(&record(status)),
            answer,
        ));
    }
    replies.push(
        says(
            "mid-server/status",
            "Draining",
            "ecc_agent",
            Says::rows(&record("Draining")),
            "paused",
        )
        .end("cause mid-server/paused"),
    );
    for (status, answer) in [("Up", "up"), ("Down", "down"), ("Upgrading", "another")] {
        replies.push(says(
            "mid-down/status-up",
            status,
            "ecc_agent",
            Says::rows(&record(status)),
            answer,
        ));
    }
    for (status, answer) in [("Up", "up"), ("Down", "down"), ("Paused", "other")] {
        replies.push(says(
            "mid-credentials/status-up",
            status,
            "ecc_agent",
            Says::rows(&record(status)),
            answer,
        ));
    }
    for (status, answer) in [
        ("Up", "up"),
        ("Upgrade Failed", "upgrade-failed"),
        ("Down", "down"),
        ("Paused", "paused"),
    ] {
        replies.push(says(
            "mid-upgrade/status-up",
            status,
            "ecc_agent",
            Says::rows(&record(status)),
            answer,
        ));
    }
    replies.push(
        says(
            "mid-upgrade/status-up",
            "Drained",
            "ecc_agent",
            Says::rows(&record("Drained")),
            "paused",
        )
        .end("cause mid-upgrade/not-working-on-purpose"),
    );
    let validated = |word: &str| Says::rows(&record_of("Up", word, "x", 1));
    let version = |version: &str| Says::rows(&record_of("Up", "true", version, 1));
    replies.extend([
        says("mid-server/validated", "true", "ecc_agent", validated("true"), "yes"),
        says("mid-server/validated", "false", "ecc_agent", validated("false"), "no")
            .end("cause mid-server/not-validated"),
        says("mid-server/validated", "validating", "ecc_agent", validated("validating"), "validating")
            .end("cause mid-server/not-validated"),
        says("mid-server/right-version", "the wanted one", "ecc_agent", Says::rows(&record("Up")), "yes"),
        says(
            "mid-server/right-version",
            "another one",
            "ecc_agent",
            version("made-up-07-01-2025__patch4_10-22-2025_1402"),
            "no",
        ),
        says(
            "mid-server/work-waits",
            "outputs",
            "ecc_queue",
            counts(&[("output", "processed", 900, 9000), ("output", "ready", 20, 16), ("input", "ready", 1, 1)]),
            "outputs",
        )
        .end("cause mid-server/starved"),
        says(
            "mid-server/work-waits",
            "inputs",
            "ecc_queue",
            counts(&[("input", "error", 9, 90), ("input", "ready", 44, 61), ("output", "ready", 3, 70)]),
            "inputs",
        )
        .end("cause mid-server/inputs-stuck"),
        says(
            "mid-server/work-waits",
            "nothing",
            "ecc_queue",
            counts(&[("input", "processed", 12, 90), ("output", "processing", 2, 1)]),
            "no",
        ),
        says(
            "mid-down/record-says",
            "the user",
            "ecc_agent_issue",
            issue("MIDUserConnectivity", "Login authentication failure for User x associated with 1 down MID Server. Check password on MID server."),
            "user",
        ),
        says(
            "mid-down/jobs-late",
            "429",
            "ecc_agent",
            Says::Json(429, r#"{"error":{"message":"x"}}"#.to_owned()),
            "too-many",
        )
        .end("cause mid-down/instance-busy"),
        says("mid-credentials/login-errors", "failed", "sysevent", events(&[("login", 1, ""), ("login.failed", 9, "")]), "failed"),
        says(
            "mid-credentials/login-errors",
            "not authorized",
            "sysevent",
            events(&[("login.authorization.failed", 3, "soap_script"), ("login.failed", 9, "")]),
            "not-authorized",
        )
        .end("cause mid-credentials/role-missing"),
        says("mid-credentials/login-errors", "only good ones", "sysevent", events(&[("login", 1, ""); 9]), "nothing"),
        says("mid-credentials/user-state", "usable", "sys_user", account("true", "false", "false", ""), "usable"),
        says("mid-credentials/user-state", "locked", "sys_user", account("true", "true", "true", ""), "locked")
            .end("cause mid-credentials/user-locked"),
        says("mid-credentials/user-state", "inactive", "sys_user", account("false", "true", "false", ""), "inactive")
            .end("cause mid-credentials/user-inactive"),
        says("mid-credentials/user-state", "reset", "sys_user", account("true", "false", "true", ""), "reset-wanted")
            .end("cause mid-credentials/password-reset-wanted"),
        says("mid-credentials/has-role", "there", "sys_user_has_role", roles(&["soap", "mid_server"]), "yes"),
        says("mid-credentials/has-role", "others", "sys_user_has_role", roles(&["soap", "itil"]), "no")
            .end("cause mid-credentials/role-missing"),
        says("mid-credentials/has-role", "both", "sys_user_has_role", roles(&["mid_server", "security_admin"]), "security-admin")
            .end("cause mid-credentials/role-clash"),
        says(
            "mid-credentials/cloned",
            "cloned",
            "ecc_agent_issue",
            issue("InstanceClone", "MID Server not operational (status: Down), possibly due to recent clone."),
            "yes",
        )
        .end("cause mid-credentials/clone-replaced-user"),
        says("mid-credentials/from-directory", "ldap", "sys_user", account("true", "false", "false", "ldap:cn=x"), "yes")
            .end("cause mid-credentials/directory-user"),
    ]);
    let own = |about, password, says: Option<Says>, answer| Reply {
        admin: false,
        own: Some(password),
        says: says.map(|says| ("sys_user", says)).into_iter().collect(),
        ..reply(
            "mid-credentials/password-accepted",
            about,
            "sys_user",
            Says::rows("[]"),
            Some(answer),
            "",
        )
    };
    replies.extend([
        own("let in", MID_USER.1, None, "yes"),
        own(
            "let in, and may read nothing",
            MID_USER.1,
            Some(Says::Json(403, r#"{"error":{"message":"x"}}"#.to_owned())),
            "yes",
        ),
        own("refused", "Tide-Anchor-32", None, "no")
            .given(&["from-directory=no"])
            .end("cause mid-credentials/password-refused"),
    ]);
    replies
}
