//! The instance itself is asked, with an administrator's login or the MID Server's own: the real program against one on
//! loopback. Each kind of reply is told apart, a login goes out once, and no password is printed.

mod asked;
mod played;
mod replies;

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::Value;
use waypost::{
    finding::ProbeName,
    tree::{Ask, CaseOutcome, NodeKind, Param, ProbeBase},
};

use crate::{
    hosts::{checks, recorded::forest},
    support::{ADMIN, MID_USER, Says},
};
use asked::{Asked, Walk, step};
use replies::{Reply, answers, no_answers};

/// Walks at the same time.
const AT_ONCE: usize = 3;

/// Runs `one` over all replies, a few at a time, and gives what was wrong.
fn each(replies: &[Reply], one: impl Fn(&Reply) -> Vec<String> + Sync) {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(reply) = replies.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = one(reply);
                    let mut wrong = wrong.lock().unwrap_or_else(PoisonError::into_inner);
                    wrong.extend(found.into_iter().map(|why| format!("{reply}: {why}")));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a walk over a reply came to, held against what it should.
fn compare(reply: &Reply, result: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let found = step(result, reply.spot);
    let answer = found.as_ref().and_then(|step| step.answer.as_deref());
    if answer != reply.answer {
        wrong.push(format!("answered {answer:?}\n{}", checks::trace(result)));
    }
    let why = found.map(|step| step.why).unwrap_or_default();
    if !why.contains(reply.why) {
        wrong.push(format!("`{}` is not in `{why}`", reply.why));
    }
    if let Some(end) = reply.end {
        let verdict = result["verdict"].as_str().unwrap_or_default();
        let conclusion = checks::conclusion(result).unwrap_or_default();
        if format!("{verdict} {conclusion}") != end {
            wrong.push(format!("came to {verdict} {conclusion}"));
        }
    }
    wrong
}

/// A login that went twice to one address.
fn sent_twice(sent: &[String]) -> Vec<String> {
    let mut known = BTreeSet::new();
    let twice = sent.iter().filter(|login| !known.insert(*login));
    twice
        .map(|login| format!("{login} was sent twice"))
        .collect()
}

#[test]
fn each_reply_is_told_apart_and_answers_what_it_says() {
    let forest = forest();
    each(&[no_answers(), answers()].concat(), |reply| {
        let (result, sent) = played::diagnose(&forest, reply);
        [compare(reply, &result), sent_twice(&sent)].concat()
    });
}

/// Kinds of reply that come over a real connection.
const KINDS: &[&str] = &[
    "401",
    "403",
    "404",
    "429",
    "a redirect away",
    "a redirect to its own login page",
    "a login page",
    "a page of maintenance",
    "a page of hibernation",
    "an empty list",
    "Draining",
];

/// The same of the real program, for each kind of reply.
#[test]
fn the_program_tells_each_kind_of_reply_apart() {
    let mut replies = [no_answers(), answers()].concat();
    replies.retain(|reply| {
        let kinds = match reply.spot {
            "mid-server/status" => KINDS,
            "mid-credentials/password-accepted" => &["let in", "refused"],
            _ => &[],
        };
        kinds.contains(&reply.about)
    });
    assert_eq!(replies.len(), KINDS.len() + 2);
    each(&replies, |reply| {
        let asked = Asked::new(&reply.says);
        asked.instance.info(reply.info.clone());
        let walk = Walk {
            tree: reply.tree(),
            answers: &reply.given,
            admin: reply.admin.then_some(ADMIN.1),
            own: reply.own,
        };
        let result = asked.result(&walk);
        let sent: Vec<String> = asked
            .logins()
            .into_iter()
            .flat_map(|(login, requests)| {
                requests
                    .into_iter()
                    .map(move |request| format!("{login} {}", request.path))
            })
            .collect();
        [compare(reply, &result), sent_twice(&sent)].concat()
    });
}

/// What the instance can say to a question is what the shipped trees make of it: nothing stays untried.
#[test]
fn every_outcome_of_an_asked_question_is_tried() {
    let forest = forest();
    let mut open = BTreeSet::new();
    for tree in forest.trees() {
        for (id, node) in &tree.nodes {
            let NodeKind::Ask(ask) = &node.kind else {
                continue;
            };
            let logs_in = |name: &ProbeName| {
                let found = forest.probe(&tree.id, name).map(|(_, probe)| {
                    let login = probe.params.get("login");
                    login.is_some_and(|login| matches!(login.value, Param::Map(_)))
                });
                found.unwrap_or(false)
            };
            if bases(ask).into_iter().any(logs_in) {
                open.extend(answered(ask).map(|answer| format!("{}/{id}={answer}", tree.id)));
            }
        }
    }
    assert!(open.len() > 30, "only {open:?}");
    for reply in answers() {
        if let Some(answer) = reply.answer {
            open.remove(&format!("{}={answer}", reply.spot));
        }
    }
    assert!(open.is_empty(), "never taken by evidence: {open:#?}");
}

fn bases(ask: &Ask) -> Vec<&ProbeName> {
    match ask.probe.as_ref().map(|probe| &probe.base) {
        Some(ProbeBase::One(name)) => vec![&name.value],
        Some(ProbeBase::Many(names)) => names.iter().map(|name| &name.value).collect(),
        None => Vec::new(),
    }
}

/// The answers that cases of the question lead to.
fn answered(ask: &Ask) -> impl Iterator<Item = &str> {
    let cases = ask.probe.iter().flat_map(|probe| &probe.cases);
    let outcomes: Vec<_> = cases
        .filter_map(|case| match &case.outcome {
            CaseOutcome::Named(outcome) => Some(outcome),
            CaseOutcome::Unknown => None,
        })
        .collect();
    let pointed = ask.answers.iter().filter(move |answer| {
        let mut when = answer.when.iter();
        when.any(|when| outcomes.contains(&&when.value))
    });
    pointed.map(|answer| answer.id.as_str())
}

#[test]
fn a_refused_login_goes_out_once_in_a_whole_diagnosis() {
    for tree in ["mid-server", "mid-down", "mid-credentials", "mid-upgrade"] {
        let asked = Asked::new(&[]);
        let walk = Walk {
            tree,
            admin: Some("not-the-Password-1"),
            own: Some("not-the-Password-2"),
            ..Walk::default()
        };
        let result = asked.result(&walk);
        let sent = asked.logins();
        assert!(!sent.is_empty(), "{tree}: nothing was asked");
        for (login, requests) in sent {
            assert_eq!(
                requests.len(),
                1,
                "{tree}: {login}\n{}",
                checks::trace(&result)
            );
        }
        assert_ne!(result["verdict"], "healthy", "{tree}");
    }
}

#[test]
fn without_a_login_nobody_is_asked_with_one() {
    let asked = Asked::new(&[]);
    for tree in ["mid-server", "mid-down", "mid-credentials", "mid-upgrade"] {
        let walk = Walk {
            tree,
            ..Walk::default()
        };
        let result = asked.result(&walk);
        assert_eq!(
            result["verdict"],
            "needs-answer",
            "{tree}\n{}",
            checks::trace(&result)
        );
    }
    let tables: Vec<_> = asked.instance.requests();
    let tables = tables.iter().filter(|it| it.path.starts_with("/api/"));
    assert_eq!(tables.count(), 0);
}

#[test]
fn no_password_is_printed() {
    let echo = format!(
        r#"[{{"name":"mid harbour^01","status":"Down {} {} {}","last_refreshed":""}}]"#,
        ADMIN.1, ADMIN.2, MID_USER.1
    );
    let asked = Asked::new(&[("ecc_agent", Says::rows(&echo))]);
    let secrets = [
        ADMIN.1,
        MID_USER.1,
        ADMIN.2.trim_start_matches("Basic "),
        MID_USER.2.trim_start_matches("Basic "),
    ];
    for tree in ["mid-credentials"] {
        for format in ["text", "json", "markdown"] {
            let walk = Walk {
                tree,
                admin: Some(ADMIN.1),
                own: Some(MID_USER.1),
                ..Walk::default()
            };
            let output = asked.diagnose(&walk, format);
            let shown = [output.stdout, output.stderr].concat();
            let shown = String::from_utf8_lossy(&shown);
            assert!(shown.contains("‹secret-"), "it was echoed: {shown}");
            for secret in secrets {
                assert!(!shown.contains(secret), "{tree} {format}: {shown}");
            }
        }
    }
    assert!(asked.logins().len() == 2, "both logins were tried");
}

/// At the keyboard: nothing is sent before a look is asked for, and what was refused is asked for anew.
#[test]
fn a_person_asks_for_each_look() {
    let asked = Asked::new(&[("ecc_agent", Says::rows(&replies::record("Paused")))]);
    let walk = Walk {
        tree: "mid-server",
        admin: Some(""),
        ..Walk::default()
    };
    let typed = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect();
    let typed: String = typed(&["", "r", "wrong", "r", "r", ADMIN.0, ADMIN.1, "r", "", "q"]);
    let shown = asked.walk(&walk, &typed);
    let (before, after) = shown
        .split_once("Not looked yet: r looks.")
        .unwrap_or_else(|| panic!("{shown}"));
    // Nobody has to have a login: the question comes first.
    for login in ["password", "As which user"] {
        assert!(!before.contains(login), "{shown}");
    }
    for expected in [
        "It is sent to https://localhost",
        "the instance refused this login (401)",
        "r asks for it anew.",
        "As which user may the instance be asked, if you have a login there?",
        "Found: paused",
        "CAUSE: Somebody paused or drained the MID Server",
    ] {
        assert!(after.contains(expected), "`{expected}` is not in\n{shown}");
    }
    let sent = asked.logins();
    let counts: Vec<usize> = sent.values().map(Vec::len).collect();
    assert_eq!(counts, [1, 1], "{sent:?}");
    for secret in [ADMIN.1, ADMIN.2] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// One probe on its own sends its login once, too, and tells what is no answer.
#[test]
fn one_probe_on_its_own_sends_its_login_once() {
    for (password, expected) in [
        (ADMIN.1, "outcome: answered"),
        (
            "not-the-Password-1",
            "outcome: unknown: the instance refused this login (401)",
        ),
    ] {
        let asked = Asked::new(&[("ecc_agent", Says::rows(&replies::record("Up")))]);
        let walk = Walk {
            tree: "mid-server",
            admin: Some(password),
            ..Walk::default()
        };
        let output = asked.run(&walk, &["probe", "mid-server", "mid_record"]);
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(shown.contains(expected), "{shown}");
        assert!(!shown.contains(password), "{shown}");
        let sent: Vec<usize> = asked.logins().values().map(Vec::len).collect();
        assert_eq!(sent, [1], "{shown}");
    }
}

/// Whoever reads the report sees what the record said, and who did not see it.
#[test]
fn a_report_tells_what_the_record_said() {
    let row = r#"[{"user_name":"mid.harbour","active":"true","locked_out":"true","password_needs_reset":"false","failed_attempts":"5<b>"}]"#;
    let asked = Asked::new(&[("sys_user", Says::rows(row))]);
    let walk = Walk {
        tree: "mid-credentials",
        admin: Some(ADMIN.1),
        ..Walk::default()
    };
    let output = asked.diagnose(&walk, "markdown");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    for expected in [
        "The user is locked out",
        r"Found: Active: true, locked out: true, password needs reset: false, failed attempts: 5\<b\>.",
        "Could not be seen: a list without rows proves nothing",
        "- `agent_dir`: Where is the MID Server installed?",
    ] {
        assert!(
            report.contains(expected),
            "`{expected}` is not in\n{report}"
        );
    }
    let output = asked.diagnose(
        &Walk {
            admin: None,
            ..walk
        },
        "markdown",
    );
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let secret = "What is the password of";
    assert!(
        !report.contains(secret),
        "nobody was asked for it: {report}"
    );
    for expected in [
        "- `admin_user`: As which user",
        "(`--secret mid_password=@FILE`)",
    ] {
        assert!(
            report.contains(expected),
            "`{expected}` is not in\n{report}"
        );
    }
}
