//! Replies that answer nothing, each with its own words.

use super::{Reply, account, counts, events, issue, record, record_of, reply, roles};
use crate::{
    instance_asked::asked::{NAME, page},
    support::{MID_USER, Says},
};

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
            Says::rows(&format!(r#"[{{"name":"{NAME}"}}]"#)),
            "is not known",
        ),
        status(
            "another MID Server's row",
            Says::rows(&record("Up").replace(NAME, "made-up-elsewhere")),
            "the row that came is of another MID Server, `made-up-elsewhere`",
        ),
        status(
            "a row without its name",
            Says::rows(r#"[{"status":"Up"}]"#),
            "is not known",
        ),
        status(
            "a map for a list",
            Says::Json(200, r#"{"result":{"status":"Up","name":"x"}}"#.to_owned()),
            "something else may have answered",
        ),
        status(
            "a word for a list",
            Says::Json(200, r#"{"result":"no"}"#.to_owned()),
            "something else may have answered",
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
        status(
            "Up, and heard from in an hour",
            Says::rows(&record_of("Up", "true", "x", -60)),
            "lies ahead: two clocks differ",
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
