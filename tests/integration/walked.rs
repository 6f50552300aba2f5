//! What the shipped trees have to say where little is known: made-up hosts on which a look gives nothing, and what a person
//! would then expect. Recordings in memory; no socket, no clock.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;
use waypost::{
    engine::{Given, Opening, Session},
    finding::{InputName, TreeId},
    host::{Host, Recorded},
    tree::Forest,
};

use crate::hosts::recorded::{InMemory, forest, walk};

const AGENT: &str = "/opt/mid/agent";
/// A Linux host whose processes and files are all known; no MID Server runs there.
const HOST: &str = "
os: linux
now: 2026-11-18T14:30:00Z
files: true
processes: { list: [ { pid: 1, user: root, command_line: /sbin/init } ] }
disks: { /: { free_bytes: 21474836480, total_bytes: 64424509440 } }
";
const SYSTEMD: &str = "services: []\n";
const NO_MANAGER: &str = "no_manager: true\n";

const CONFIG: &str = r#"<parameters>
  <parameter name="url" value="https://example.service-now.com/"/>
  <parameter name="name" value="mid prod"/>
  <parameter name="mid.instance.username" value="mid.user"/>
  <parameter name="mid.instance.password" value="plain-Words-1"/>
</parameters>
"#;

/// A file's path and what stands in it.
type Content = (&'static str, &'static str);

struct Walked {
    session: Session,
    result: Value,
}

impl Walked {
    fn new(
        forest: &Arc<Forest>,
        tree: &str,
        folder: &str,
        more: &str,
        files: &[(&str, &str)],
    ) -> Self {
        let files = files.iter().map(|(path, content)| {
            let path = path.trim_start_matches('/').to_owned();
            (path, content.as_bytes().to_vec())
        });
        let files: BTreeMap<String, Vec<u8>> = files.collect();
        let host =
            Recorded::new(&format!("{HOST}{more}"), InMemory::new(files)).expect("a recording");
        let now = host.now().expect("it tells its time");
        let mut opening = Opening::new(TreeId::new(tree), host.os(), now);
        let given = Given::Text(folder.to_owned());
        opening.inputs.insert(InputName::new("agent_dir"), given);
        let session = walk(forest, opening, &host);
        let result = serde_json::to_value(session.result(true)).expect("a result is JSON");
        Self { session, result }
    }

    fn end(&self) -> String {
        let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
        let end = &self.result["conclusion"];
        format!(
            "{} {}/{}",
            text(&self.result["verdict"]),
            text(&end["tree"]),
            text(&end["node"])
        )
    }

    /// Every answer that was given to a question, whatever tree asks it.
    fn answers(&self, node: &str) -> Vec<Option<&str>> {
        let steps = self.result["path"].as_array().expect("a result has a path");
        let steps = steps.iter().filter(|step| step["node"] == node);
        steps.map(|step| step["answer"].as_str()).collect()
    }

    fn text(&self) -> String {
        self.result.to_string()
    }
}

/// A folder that was mistyped says nothing about the MID Server: no cause comes of it, nor that an upgrade ended.
#[test]
fn a_wrong_folder_is_no_cause() {
    let forest = forest();
    let config = ("/opt/mid/agent/config.xml", CONFIG);
    let wrapper = ("/opt/mid/agent/conf/wrapper.conf", "wrapper.name=mid\n");
    let cases: &[(&str, &str, &[Content], &str)] = &[
        (
            "nothing there",
            "/opt/mid/agemt",
            &[config, wrapper],
            "There is no such folder",
        ),
        (
            "the file itself",
            "/opt/mid/agent/config.xml",
            &[config, wrapper],
            "That is no",
        ),
        (
            "the folder above",
            "/opt/mid",
            &[config, wrapper],
            "holds nothing of a MID Server",
        ),
        (
            "another folder",
            "/opt/other",
            &[config, wrapper, ("/opt/other/readme", "x")],
            "holds nothing of a MID Server",
        ),
    ];
    for (about, folder, files, said) in cases {
        for manager in [SYSTEMD, NO_MANAGER] {
            let walked = Walked::new(&forest, "mid-down", folder, manager, files);
            assert_eq!(walked.end(), "unresolved mid-down/wrong-folder", "{about}");
            assert!(walked.text().contains(said), "{about}: {}", walked.text());
            for tree in ["mid-down", "mid-upgrade", "mid-credentials", "mid-server"] {
                let walked = Walked::new(&forest, tree, folder, manager, files);
                let half_done = walked.answers("upgrade-half-done");
                assert!(
                    half_done.iter().all(Option::is_none),
                    "{about}, {tree}: {half_done:?}"
                );
                assert_ne!(walked.result["verdict"], "cause", "{about}, {tree}");
                assert_ne!(walked.result["verdict"], "healthy", "{about}, {tree}");
            }
        }
    }
}

/// In the MID Server's own folder a file that is not there is lost, and logs that are not there were never written.
#[test]
fn in_the_right_folder_what_is_missing_is_missing() {
    let forest = forest();
    let wrapper = ("/opt/mid/agent/conf/wrapper.conf", "wrapper.name=mid\n");
    let walked = Walked::new(&forest, "mid-down", AGENT, SYSTEMD, &[wrapper]);
    assert_eq!(walked.end(), "cause mid-down/config-missing");
    assert_eq!(walked.answers("folder-right"), [Some("its-own")]);
    let config = ("/opt/mid/agent/config.xml", CONFIG);
    let walked = Walked::new(&forest, "mid-down", AGENT, SYSTEMD, &[wrapper, config]);
    assert_eq!(
        walked.answers("upgrade-half-done").first(),
        Some(&Some("no"))
    );
}

/// Where no service manager could be asked, nobody knows whether a service is installed.
#[test]
fn whether_a_service_is_installed_is_known_only_from_its_manager() {
    let forest = forest();
    let files = [
        ("/opt/mid/agent/conf/wrapper.conf", "wrapper.name=mid\n"),
        ("/opt/mid/agent/config.xml", CONFIG),
    ];
    let check = |manager: &str, expected: Option<&str>| {
        let walked = Walked::new(&forest, "mid-down", AGENT, manager, &files);
        assert_eq!(walked.answers("service-installed"), [expected], "{manager}");
        walked
    };
    let walked = check(NO_MANAGER, None);
    assert_eq!(walked.answers("service-state"), [Some("stopped")]);
    assert!(
        walked
            .text()
            .contains("no service manager could be asked, so whether one is installed")
    );
    check(
        "services: [ { manager: systemd, name: mid, state: stopped } ]\n",
        Some("one"),
    );
    check(
        "services: [ { manager: systemd, name: mid, state: failed } ]\n",
        Some("one"),
    );
    check(SYSTEMD, Some("none"));
}

/// What was found stands beside the answer: a bare *Yes* says nothing.
#[test]
fn a_file_that_is_in_order_shows_what_it_holds() {
    let forest = forest();
    let files = [
        ("/opt/mid/agent/conf/wrapper.conf", "wrapper.name=mid\n"),
        ("/opt/mid/agent/config.xml", CONFIG),
    ];
    let check = |tree: &str, node: &str, shown: &[&str]| {
        let walked = Walked::new(&forest, tree, AGENT, SYSTEMD, &files);
        let mut steps = walked.session.path().iter();
        let step = steps
            .find(|step| step.spot.node.as_str() == node)
            .unwrap_or_else(|| panic!("{node} is asked"));
        let evidence = format!("{:?}", walked.session.evidence(step));
        for text in shown {
            assert!(evidence.contains(text), "{node}: {evidence}");
        }
    };
    check(
        "mid-down",
        "config-filled-in",
        &["url = https://example.service-now.com/", "name = mid prod"],
    );
    check(
        "mid-credentials",
        "how-it-logs-in",
        &["mid.instance.username = mid.user"],
    );
    check(
        "mid-credentials",
        "entries-once",
        &["mid.instance.username = mid.user"],
    );
}

/// From this question of mid-down on, where the first request gives that reply.
fn replied(forest: &Arc<Forest>, node: &str, proxy: &str, reply: &str) -> Walked {
    let config = CONFIG.replace("</parameters>", &format!("{proxy}</parameters>"));
    let files = [("opt/mid/agent/config.xml".to_owned(), config.into_bytes())];
    let via = match proxy {
        "" => "",
        _ => " via proxy.example:3128",
    };
    let more = format!(
        "http: {{ 'POST https://example.service-now.com:443/InstanceInfo.do?SOAP{via}': {reply} }}\n"
    );
    let files = InMemory::new(BTreeMap::from(files));
    let host = Recorded::new(&format!("{HOST}{SYSTEMD}{more}"), files).expect("a recording");
    let now = host.now().expect("it tells its time");
    let mut opening = Opening::new(TreeId::new("mid-down"), host.os(), now);
    opening.node = Some(node.into());
    let given = Given::Text(AGENT.to_owned());
    opening.inputs.insert(InputName::new("agent_dir"), given);
    let session = walk(forest, opening, &host);
    let result = serde_json::to_value(session.result(true)).expect("a result is JSON");
    Walked { session, result }
}

/// A page for people comes from the instance or from a device on the way; nobody is blamed for it unread.
#[test]
fn a_page_that_refuses_is_for_a_person_to_read() {
    let forest = forest();
    let check = |status: u16, body: &str, expected: Option<&str>| {
        let reply = format!("{{ answered: {{ status: {status}, body: '{body}' }} }}");
        let walked = replied(&forest, "instance-answers", "", &reply);
        assert_eq!(
            walked.answers("instance-answers").first(),
            Some(&expected),
            "{status} {body}"
        );
    };
    for status in [401, 403, 404] {
        check(
            status,
            "<html><body>Access denied by corporate firewall</body></html>",
            None,
        );
        check(status, "<!DOCTYPE html><title>No</title>", None);
        check(status, "", Some("page-off"));
        check(status, "{\"error\": \"no\"}", Some("page-off"));
    }
    check(200, "<mid_buildstamp>x</mid_buildstamp>", Some("yes"));
}

/// A proxy that has taken the login and then refuses the way does not refuse the login.
#[test]
fn a_proxy_that_refuses_the_way_does_not_refuse_the_login() {
    let forest = forest();
    let proxy = r#"<parameter name="mid.proxy.use_proxy" value="true"/>
<parameter name="mid.proxy.host" value="proxy.example"/>
<parameter name="mid.proxy.port" value="3128"/>
"#;
    for (status, answer, end) in [
        (407, "login", "cause mid-down/proxy-login-refused"),
        // So says tinyproxy of a wrong password.
        (401, "login", "cause mid-down/proxy-login-refused"),
        (403, "way", "cause mid-down/proxy-forbids"),
        (502, "way", "cause mid-down/proxy-forbids"),
        (503, "way", "cause mid-down/proxy-forbids"),
    ] {
        let reply = format!("{{ proxy-refused: {{ status: {status}, schemes: [] }} }}");
        let walked = replied(&forest, "answers-by-proxy", proxy, &reply);
        assert_eq!(walked.answers("proxy-says"), [Some(answer)], "{status}");
        assert_eq!(walked.end(), end, "{status}");
    }
}
