//! Replies that answer, and the causes that they lead to.

use super::{Reply, account, counts, events, issue, record, record_of, reply, roles};
use crate::{
    instance_asked::asked::page,
    support::{MID_USER, Says},
};

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
    for (status, answer) in [("Up", "up"), ("Down", "down"), ("Paused", "another")] {
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
    // The request without a login: the page of an instance that is away is not the answer of something in between.
    let first = |spot, about, title, given: &[&'static str], proxy| {
        let info = Some(Says::Page(200, page(title, "")));
        let reply = reply(spot, about, "ecc_agent", Says::rows("[]"), Some("away"), "");
        Reply {
            info,
            proxy,
            admin: false,
            ..reply
        }
        .given(given)
        .end("cause mid-down/instance-away")
    };
    replies.extend([
        first(
            "mid-down/instance-answers",
            "asleep",
            "Your instance is hibernating",
            &["proxy-used=direct"],
            "",
        ),
        first(
            "mid-down/instance-answers",
            "maintenance",
            "Scheduled Maintenance",
            &["proxy-used=direct"],
            "",
        ),
        first(
            "mid-down/answers-by-proxy",
            "asleep",
            "Hibernating Instance",
            &["proxy-used=used", "proxy-lets-through=yes"],
            "proxy.example.com:3128",
        ),
    ]);
    replies
}
