//! What a person runs instead of a probe, run for real in a shell: its output leads the same judge to the same end.

mod network;

use std::{
    fs,
    io::Cursor,
    process::Command,
    sync::atomic::AtomicBool,
    time::{Duration, SystemTime},
};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use waypost::{
    finding::{Judgement, Os, Outcome, Value},
    host::{Opened, Reply},
    probe::{Judging, Params, kind},
};

use crate::support::left_out;

fn params(json: serde_json::Value) -> Params {
    match Value::from(json) {
        Value::Map(map) => map,
        _ => panic!("parameters are a map"),
    }
}

/// Runs the kind's first command and judges what it prints.
fn judged(name: &str, params: &Params) -> Judgement {
    let kind = kind(name).expect("the kind is known");
    let manual = kind.manual(params, Os::Linux);
    let command = &manual.first().expect("there is a command").command;
    let output = Command::new("sh")
        .args(["-c", command])
        .output()
        .expect("there is a shell");
    let pasted = Opened {
        path: "pasted".to_owned(),
        size_bytes: output.stdout.len() as u64,
        modified: None,
        content: Ok(Box::new(Cursor::new(output.stdout))),
    };
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::UNIX_EPOCH,
        zone: Some(TimeZone::UTC),
        os: Os::Linux,
        stop: &stop,
    };
    kind.judge(params, vec![Ok(Reply::Files(vec![pasted]))], &judging)
        .judgement
}

#[test]
fn the_text_of_a_file() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("it's $HOME `x`.ini");
    fs::write(&path, "[a]\nb = 1\n").expect("there is room");
    let check = |files: serde_json::Value| {
        let judgement = judged("config", &params(json!({"file": files, "format": "ini"})));
        assert_eq!(judgement, Judgement::Outcome(Outcome::new("read")));
    };
    check(json!(path.to_str()));
    check(json!(["/no/such file", path.to_str(), "/nor this"]));
}

#[test]
fn the_lines_that_matter_oldest_first() {
    let folder = tempfile::tempdir().expect("there is room");
    let logs = folder.path().join("my mid");
    fs::create_dir(&logs).expect("there is room");
    let write = |name: &str, text: &str, age: u64| {
        let path = logs.join(name);
        fs::write(&path, text).expect("there is room");
        let modified = SystemTime::now() - Duration::from_secs(age);
        fs::File::options()
            .append(true)
            .open(&path)
            .and_then(|file| file.set_modified(modified))
            .expect("it is ours");
    };
    // By name the newest comes first, by time last: an error from before the start must not come after it.
    write(
        "agent0.log.0",
        "noise\nServer started\nnoise\nstatus 401\nx\nuser 'ab' refused\n",
        10,
    );
    write("agent0.log.1", "the JVM is out of memory\nnoise\n", 1000);
    let check = |glob: &str, patterns: serde_json::Value, outcome: &str| {
        let files = logs.join(glob);
        let params = params(
            json!({"files": files.to_str(), "start": "SERVER started", "patterns": patterns}),
        );
        assert_eq!(
            judged("log", &params),
            Judgement::Outcome(Outcome::new(outcome)),
            "{glob} {patterns}"
        );
    };
    for glob in ["agent0.log.?", "agent0.log*"] {
        check(glob, json!({"memory": "out of memory"}), "none");
        check(
            glob,
            json!({"refused": r"user '(?<user>\w+)' refused"}),
            "refused",
        );
        check(
            glob,
            json!({"refused": {"match": "user '.*' refused", "near": r"status\s+40\d", "within": 2}}),
            "refused",
        );
        check(
            glob,
            json!({"refused": {"match": "user '.*' refused", "near": "status 401", "within": 1}}),
            "none",
        );
    }
}

fn config(file: &str) -> serde_json::Value {
    json!({
        "file": file, "format": "xml", "entry": "parameter", "key": "name", "value": "value",
        "known": ["mid.instance.password = old.pw", "name"], "secret": ["*password*"],
    })
}

/// What is masked is judged as what it was: broken stays broken.
#[test]
fn a_masked_file_is_judged_like_the_file() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("config.xml");
    let check = |value: &str, outcome: &str| {
        let text = format!("<parameters><parameter name=\"password\" value={value}/></parameters>");
        fs::write(&path, text).expect("there is room");
        let params = params(config(path.to_str().expect("a plain path")));
        let expected = Judgement::Outcome(Outcome::new(outcome));
        assert_eq!(judged("config", &params), expected, "{value}");
    };
    check("\"hunter2\"", "read");
    check("\"a&amp;b\"", "read");
    check("\"a&b\"", "malformed");
    check("\"hunter2", "malformed");
    check("“hunter2”", "malformed");
}

#[test]
fn a_file_is_printed_without_its_secrets() {
    let check = |json: &dyn Fn(&str) -> serde_json::Value, text: &str, expected: &str| {
        let folder = tempfile::tempdir().expect("there is room");
        let path = folder.path().join("my config");
        fs::write(&path, text).expect("there is room");
        let json = json(path.to_str().expect("a plain path"));
        let manual = kind("config")
            .expect("it is known")
            .manual(&params(json), Os::Linux);
        let command = &manual.first().expect("there is a command").command;
        let output = Command::new("sh")
            .args(["-c", command])
            .output()
            .expect("there is a shell");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{text}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{text}");
    };
    let entry =
        |key: &str, value: &str| format!("<parameter name=\"{key}\" value=\"{value}\"/>\r\n");
    let masks = |text: &str, expected: &str| check(&config, text, expected);
    let kept = format!(
        "<parameters>\r\n{}<!-- a password -->\r\n",
        entry("url", "https://a&amp;b/")
    );
    masks(&kept, &kept);
    for value in [
        "hunter2",
        "encrypted:aGk=",
        "it's",
        "a&amp;b &lt;c",
        "*x*",
        "a > b",
        "ü€",
    ] {
        masks(
            &entry("mid.proxy.Password", value),
            &entry("mid.proxy.Password", "*****"),
        );
    }
    masks(&entry("x.password", ""), &entry("x.password", ""));
    masks(&entry("old.pw", "hunter2"), &entry("old.pw", "*****"));
    masks(
        &entry("mid.instance.pasword", "hunter2"),
        &entry("mid.instance.pasword", "*****"),
    );
    // Still as broken as it was.
    for value in ["a&b", "a&", "a<b", "a&amp;b & c"] {
        masks(
            &entry("password", value),
            &entry("password", "***** & *****"),
        );
    }
    masks(
        "<parameter value='hunter2' secure=\"true\" name='password' />\n<parameter\n  value = \"hunter2\"\n  name=\"password\"/>",
        "<parameter value=\"*****\" secure=\"true\" name='password' />\n<parameter\n  value = \"*****\"\n  name=\"password\"/>",
    );
    masks(
        &(entry("password", "hunter2").trim_end().to_owned() + &entry("url", "x")),
        &(entry("password", "*****").trim_end().to_owned() + &entry("url", "x")),
    );
    // Lost and curly quotes: nothing of the line is shown.
    for line in [
        "<parameter name=\"password\" value=\"hunter2/>",
        "<parameter name=\"password\" value=\"it's hunter2/>",
        "<parameter name=\"password\" value=hunter2\"/>",
        "<parameter name=\"password\" value=“hunter2”/>",
        "<parameter name=“password” value=“hunter2”/>",
    ] {
        let (shown, value) = line.split_once("value=").expect("it has a value");
        let quote = if value.starts_with('"') { "\"" } else { "" };
        masks(
            &format!("{line}\n"),
            &format!("{shown}value={quote}*****\n"),
        );
    }
    masks(
        "<parameter name=\"password value=\"hunter2\"/>\n<parameter name=password\" value=\"hunter2\"/>\n",
        "<parameter name=\"password value=\"*****\"/>\n<parameter name=password\" value=\"*****\"/>\n",
    );
    let text = |file: &str| json!({"file": file, "format": "xml", "entry": "p", "key": "name", "secret": ["*password*"]});
    check(
        &text,
        "<p name='password'>hunter2</p><p name='b'>c</p>",
        "<p name='password'>*****</p><p name='b'>c</p>",
    );
    let properties =
        |file: &str| json!({"file": file, "format": "properties", "secret": ["*password*"]});
    check(
        &properties,
        "a=1\n my.password = hun\\\n  ter2\n#password: hunter2\nb=password\n",
        "a=1\n my.password = *****\n#password: *****\nb=password\n",
    );
}

/// No expression would find a key in UTF-16: nothing may be printed but what was made UTF-8 before.
#[test]
fn a_file_of_utf16_is_printed_without_its_secrets() {
    let entry = |value: &str| {
        format!(
            "<p>\r\n<parameter name=\"password\" value=\"{value}\"/>\r\n<a b=\"gr\u{fc}n\"/></p>"
        )
    };
    let little =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let big = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("my config.xml");
    let path = path.to_str().expect("a plain path");
    // The bytes of the last sign are a quote and a `<` as well.
    let (secret, masked) = (entry("hunter2\u{223c}"), entry("*****"));
    let mark = "\u{feff}";
    let wide = |text: &str| -> Vec<u8> {
        text.chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect()
    };
    for (bytes, expected) in [
        (little(&secret), masked.clone()),
        (big(&secret), masked.clone()),
        (
            little(&(mark.to_owned() + &secret)),
            mark.to_owned() + &masked,
        ),
        (big(&(mark.to_owned() + &secret)), mark.to_owned() + &masked),
        // Neither is this, and it is not shown.
        (wide(&(mark.to_owned() + &secret)), String::new()),
        (wide(&secret), String::new()),
        (format!("\0{secret}").into_bytes(), String::new()),
        (format!("{secret}\0").into_bytes(), String::new()),
    ] {
        fs::write(path, &bytes).expect("there is room");
        for files in [json!(path), json!(["/no/such file", path])] {
            let mut config = config(path);
            config["file"] = files;
            let manual = kind("config")
                .expect("it is known")
                .manual(&params(config), Os::Linux);
            let command = &manual.first().expect("there is a command").command;
            let output = Command::new("sh")
                .args(["-c", command])
                .output()
                .expect("there is a shell");
            assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
        }
    }
}

/// Shells to run commands in: those of the machine that there are.
#[cfg(unix)]
fn shells() -> Vec<Vec<&'static str>> {
    let mut shells = vec![
        vec!["sh"],
        vec!["dash"],
        vec!["bash"],
        vec!["busybox", "sh"],
    ];
    shells.retain(|shell| {
        let tried = Command::new(shell[0])
            .args(&shell[1..])
            .args(["-c", ":"])
            .output();
        tried.is_ok_and(|tried| tried.status.success())
    });
    shells
}

/// What a kind's commands print in that shell, as a person would paste it, with errors between.
#[cfg(unix)]
fn printed(shell: &[&str], name: &str, params: &Params) -> String {
    let manual = kind(name)
        .expect("the kind is known")
        .manual(params, Os::Linux);
    let mut text = String::new();
    for manual in manual {
        let output = Command::new(shell[0])
            .args(&shell[1..])
            .args(["-c", &format!("{{ {}\n}} 2>&1", manual.command)])
            .output()
            .expect("there is a shell");
        text += &format!("$ {}\n", manual.command);
        text += &String::from_utf8_lossy(&output.stdout);
    }
    text
}

/// What the judge makes of what the commands print.
#[cfg(unix)]
fn read(shell: &[&str], name: &str, params: &Params) -> waypost::probe::Judged {
    let text = printed(shell, name, params);
    let kind = kind(name).expect("the kind is known");
    let replies = kind
        .read(params, Os::Linux, &text)
        .unwrap_or_else(|refused| panic!("{refused}:\n{text}"));
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::UNIX_EPOCH,
        zone: Some(TimeZone::UTC),
        os: Os::Linux,
        stop: &stop,
    };
    kind.judge(params, replies, &judging)
}

#[cfg(target_os = "linux")]
#[test]
fn the_processes_of_this_machine() {
    use std::os::unix::process::CommandExt;

    let before = Timestamp::now();
    let mut child = Command::new("sleep")
        .arg0("/opt/it is/a marked one")
        .arg("60")
        .spawn()
        .expect("there is such a program");
    for shell in shells() {
        let running = read(
            &shell,
            "process",
            &params(json!({"match": "is/a marked one 60$"})),
        );
        assert_eq!(
            running.judgement,
            Judgement::Outcome(Outcome::new("running")),
            "{shell:?}: {running:?}"
        );
        assert_eq!(
            running.facts.get("pids"),
            Some(&Value::List(vec![Value::from(child.id())])),
            "{shell:?}"
        );
        // In UTC, whatever the zone here is.
        if let Some(Value::Text(started)) = running.facts.get("started") {
            let started: Timestamp = started.parse().expect("it is a time");
            assert!(
                before.duration_since(started).as_secs().abs() < 30,
                "{started}"
            );
        }
        let absent = read(
            &shell,
            "process",
            &params(json!({"match": "no[b]ody-has-this"})),
        );
        let expected = Judgement::Outcome(Outcome::new("absent"));
        match absent.judgement {
            Judgement::Unknown(unknown) if unknown.detail.contains("process 1, ") => {
                left_out("other users' processes are hidden here");
            }
            judgement => assert_eq!(judgement, expected, "{shell:?}"),
        }
    }
    child.kill().expect("it is ours");
    child.wait().expect("it is ours");
}

#[cfg(unix)]
#[test]
fn a_program_and_how_it_ended() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = |name: &str| folder.path().join(name).to_str().expect("plain").to_owned();
    fs::write(path("no program"), "x").expect("there is room");
    for shell in shells() {
        let check = |run: &[&str], expected: &str| {
            let judged = read(&shell, "command", &params(json!({ "run": run })));
            let found = match judged.judgement {
                Judgement::Outcome(outcome) => {
                    format!("{outcome} {}", waypost::finding::shown(&judged.facts))
                }
                Judgement::Unknown(unknown) => format!("unknown {:?}", unknown.reason),
            };
            assert_eq!(found, expected, "{shell:?} {run:?}");
        };
        check(
            &[
                "sh",
                "-c",
                "echo out; echo it\\'s >&2; printf 'no end'; exit 3",
            ],
            r#"exited {"status":3,"captures":{},"stdout":"out\nno end","stderr":"it's\n"}"#,
        );
        check(
            &["cat"],
            r#"exited {"status":0,"captures":{},"stdout":"","stderr":""}"#,
        );
        check(
            &["sh", "-c", "exit 127"],
            r#"exited {"status":127,"captures":{},"stdout":"","stderr":""}"#,
        );
        check(&[&path("there is none"), "a b"], "missing {}");
        check(&[&path("no program"), "a b"], "unknown NoRight");
    }
}
