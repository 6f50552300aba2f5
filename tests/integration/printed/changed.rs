//! What chat and mail programs make of a text on its way: whatever they did to it, a recorded host's file or log is judged as
//! it was before, or is unknown, and says why.

mod changes;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use jiff::Timestamp;
use serde_json::json;
use waypost::{
    finding::{Facts, Judgement, Os, Value},
    probe::{Judging, Params, kind},
};

use changes::{CHANGES, folded};

const REMEDY: &str = "; send it as a file, or as a code block";

fn params(json: serde_json::Value) -> Params {
    match Value::from(json) {
        Value::Map(map) => map,
        _ => panic!("parameters are a map"),
    }
}

/// The outcome and the facts, or why there are none.
fn judged(kind_name: &str, params: &Params, text: &str) -> Result<(String, Facts), String> {
    let kind = kind(kind_name).expect("the kind is known");
    let replies = kind.read(params, Os::Linux, text);
    let replies = replies.map_err(|refused| format!("refused: {refused}"))?;
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::constant(1_796_083_200, 0),
        zone: None,
        os: Os::Linux,
        stop: &stop,
    };
    let judged = kind.judge(params, replies, &judging);
    match judged.judgement {
        Judgement::Outcome(outcome) => Ok((outcome.to_string(), judged.facts)),
        Judgement::Unknown(unknown) => Err(unknown.detail),
    }
}

/// What the commands of a probe printed, each behind itself.
fn typed(kind_name: &str, params: &Params, printed: &[&str]) -> String {
    let kind = kind(kind_name).expect("the kind is known");
    let manual = kind.manual(params, Os::Linux);
    assert_eq!(manual.len(), printed.len());
    let both = manual.iter().zip(printed);
    both.map(|(manual, printed)| format!("mid@host:~$ {}\n{printed}", manual.command))
        .collect()
}

/// The recorded files of all hosts whose names end so, with their texts.
fn recorded(fits: impl Fn(&str) -> bool) -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the hosts are there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if fits(&entry.file_name().to_string_lossy())
                && let Ok(text) = fs::read_to_string(&path)
            {
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

const CONFIG: &str = "/opt/mid/agent/config.xml";

fn config() -> Params {
    let names = Path::new(env!("CARGO_MANIFEST_DIR")).join("trees/mid-server/mid-parameters.txt");
    let names = fs::read_to_string(names).expect("the names are there");
    let known: Vec<&str> = names.lines().collect();
    params(json!({
        "file": CONFIG, "format": "xml", "entry": "parameter", "key": "name", "value": "value", "known": known,
    }))
}

/// The ways in which a file's text comes: alone, with the number of its lines, and with the commands too.
fn config_texts(text: &str) -> [String; 3] {
    let lines = text.lines().count();
    let file = format!("{}\n", text.trim_end_matches('\n'));
    let count = format!("/dev/null:0\n{CONFIG}:{lines}\n");
    let whole = typed("config", &config(), &[&file, &count]);
    [file.clone(), format!("{file}{count}"), whole]
}

/// What a tree can compare.
fn seen((outcome, facts): &(String, Facts)) -> String {
    let told = ["values", "misspelt", "unlisted", "duplicates"];
    let fault = match facts.get("malformed") {
        Some(Value::Map(place)) => place.get("kind").cloned(),
        _ => None,
    };
    let without_lines = |value: &Value| match value {
        Value::List(list) => list.len().to_string(),
        value => format!("{value:?}"),
    };
    let told: Vec<String> = told
        .iter()
        .filter_map(|name| Some(format!("{name} {}", without_lines(facts.get(*name)?))))
        .collect();
    format!("{outcome} {fault:?} {told:?}")
}

#[test]
fn a_config_that_was_changed_is_what_it_was_or_unknown() {
    let params = config();
    let files = recorded(|name| name == "config.xml");
    assert!(files.len() > 10, "{}", files.len());
    let mut wrong = Vec::new();
    for (path, text) in &files {
        for (way, sent) in config_texts(text).iter().enumerate() {
            let base = judged("config", &params, sent);
            for change in CHANGES {
                let found = judged("config", &params, &(change.make)(sent));
                let Ok(found) = &found else { continue };
                let before = base.as_ref().map(seen);
                if before != Ok(seen(found)) {
                    let path = path.display();
                    let name = change.name;
                    wrong.push(format!(
                        "{path} ({way}), {name}: {before:?}\n -> {}",
                        seen(found)
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nothing recorded is taken for changed.
#[test]
fn a_config_that_was_not_changed_is_none_of_these() {
    for (path, text) in recorded(|name| name == "config.xml") {
        for sent in config_texts(&text) {
            if let Err(why) = judged("config", &config(), &sent) {
                assert!(!why.contains("changed"), "{}: {why}", path.display());
            }
        }
    }
}

/// The reason tells what shows it and what to do.
#[test]
fn what_shows_that_a_config_was_changed() {
    let file = "<?xml version=\"1.0\"?>\n<parameters>\n  <!-- Where it is. -->\n  <parameter name=\"url\" value=\"https://acme.example/\"/>\n  \
                <!-- A comment that is long enough to be cut -->  <parameter name=\"name\" value=\"mid one\"/>\n</parameters>\n";
    let [alone, counted, whole] = config_texts(file);
    let check = |text: &str, shown: &str| {
        let why = judged("config", &config(), text).expect_err(text);
        let expected = format!("the text was changed on the way, as it seems: {shown}{REMEDY}");
        assert_eq!(why, expected, "{text}");
    };
    let place = |sign: &str, of: &str| {
        format!("`{sign}` stands there, which mail and chat programs put in the place of {of}")
    };
    for text in [&alone, &counted, &whole] {
        judged("config", &config(), text).expect("it is sound");
        check(&text.replace("--", "—"), &place("—", "`--`"));
        check(&text.replace("->", "→"), &place("→", "`->`"));
        let links = text.replace("https://acme.example/", "<https://acme.example/>");
        check(&links, &place("<https://", "a bare address"));
        let links = text.replace("https://acme.example/", "[x](https://acme.example/)");
        check(&links, &place("](http", "an address"));
    }
    let broken = alone.replace("mid one", "mid\none");
    check(&broken, "a line breaks off within a value");
    check(
        &folded(&alone, 60),
        "its lines are cut at a width of 60 characters",
    );
    let few = "7 lines stand there, and the file has 6";
    check(&folded(&counted, 60), few);
    let lost = "5 lines stand there, and the file has 6";
    for text in [&counted, &whole] {
        check(&text.replace("  <!-- Where it is. -->\n", ""), lost);
        check(&text.replace("mid one", "mid\none"), few);
    }
    // As many as the file has: its own mistakes.
    let own = file.replace("mid one", "mid\none");
    for text in &config_texts(&own)[1..] {
        judged("config", &config(), text).expect("it is the file's own");
    }
    for ends in ["\n\n\n", ""] {
        let [_, counted, whole] = config_texts(&format!("{}{ends}", file.trim_end()));
        for text in [counted, whole] {
            let text = text.replacen("</parameters>\n", &format!("</parameters>{ends}\n"), 1);
            judged("config", &config(), &text).expect("empty lines are lost or not");
        }
    }
}

/// Those of the tree that look at the agent's log and the wrapper's.
fn logs() -> [(&'static str, Params); 2] {
    [
        (
            "agent0.log.0",
            params(json!({
                "files": ["/opt/mid/agent/logs/agent0.log.?"],
                "start": "Initializing MID Server", "pick": "latest",
                "patterns": {
                    "connected": "Successfully connected to instance:|has all necessary roles",
                    "login_refused": {
                        "match": "Could not authenticate user '(?P<user>[^']+)'", "near": "Status code=401|code: 401", "within": 15,
                    },
                    "role": "missing the following role",
                    "unresolved": "UnknownHostException",
                    "certificate": "SSLHandshakeException|PKIX",
                },
            })),
        ),
        (
            "wrapper.log",
            params(json!({
                "files": ["/opt/mid/agent/logs/wrapper.log", "/opt/mid/agent/logs/wrapper.log.?"],
                "start": "Wrapper Started as",
                "patterns": {
                    "out_of_memory": "The JVM has run out of memory|java\\.lang\\.OutOfMemoryError",
                    "heap_too_big": "Invalid maximum heap size|Could not reserve enough space for",
                    "no_java": "Unable to execute Java command|Unable to start JVM: (No such file|Permission denied)",
                    "host_shutdown": "Machine is shutting down",
                    "stopped": "Wrapper Stopped",
                    "begins": "Initializing\\.\\.\\.",
                },
            })),
        ),
    ]
}

/// The ways in which a log comes: its end alone, and with the commands and the list of the files.
fn log_texts(name: &str, params: &Params, text: &str) -> [String; 2] {
    let Some(Value::List(globs)) = params.get("files") else {
        panic!("there are files")
    };
    let globs: Vec<String> = globs
        .iter()
        .map(|glob| match glob {
            Value::Text(glob) => glob.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    let path = format!("/opt/mid/agent/logs/{name}");
    let lines = text.lines().count();
    let list = format!(
        "{lines} lines, 0 NUL: {path}\n{path}\n2 lines tell of all logs of {}\n",
        globs.join(", ")
    );
    [text.to_owned(), typed("log", params, &["", text, &list])]
}

#[test]
fn a_log_that_was_changed_is_what_it_was_or_unknown() {
    let (mut wrong, mut all) = (Vec::new(), 0);
    for (name, params) in logs() {
        let mut known = BTreeSet::new();
        for (path, text) in recorded(|file| file == name) {
            // Hosts that were made from one another have the same.
            if !known.insert(text.clone()) {
                continue;
            }
            all += 1;
            for (way, sent) in log_texts(name, &params, &text).iter().enumerate() {
                let base = judged("log", &params, sent);
                let base = base.map(|(outcome, _)| outcome);
                // No pattern has an address in it.
                let changes = CHANGES.iter();
                for change in changes.filter(|change| !change.name.starts_with("links")) {
                    let changed = (change.make)(sent);
                    if changed == *sent {
                        continue;
                    }
                    let found = judged("log", &params, &changed);
                    let found = found.map(|(outcome, _)| outcome);
                    if found.is_ok() && found != base {
                        let path = path.display();
                        let name = change.name;
                        wrong.push(format!("{path} ({way}), {name}: {base:?} -> {found:?}"));
                    }
                }
            }
        }
    }
    assert!(all > 20, "{all}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nothing recorded is taken for changed, nor what any other program printed.
#[test]
fn a_log_that_was_not_changed_is_none_of_these() {
    let printed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/printed");
    let printed = fs::read_dir(printed).expect("the samples are there");
    let printed = printed.flatten().filter_map(|entry| {
        let text = fs::read_to_string(entry.path()).ok()?;
        // This one is.
        let wrapped = entry.file_name() == "ps-list-linux-wrapped.txt";
        (!wrapped).then(|| (entry.path(), text))
    });
    let logs = recorded(|name| name.contains(".log"));
    assert!(logs.len() > 40, "{}", logs.len());
    // No line is found, so that every reason not to say so is told.
    let params = params(json!({
        "files": ["/opt/mid/agent/logs/agent0.log.?"], "patterns": { "never": "no line says this" },
    }));
    for (path, text) in logs.into_iter().chain(printed) {
        for sent in log_texts("agent0.log.0", &params, &text) {
            if let Err(why) = judged("log", &params, &sent) {
                assert!(!why.contains("changed"), "{}: {why}", path.display());
            }
        }
    }
}

#[test]
fn what_shows_that_a_log_was_changed() {
    let record = |at: usize, text: &str| {
        format!("2026-11-20T10:00:{at:02}.000+0000 INFO  (MIDServer-main) [Main:214] {text}\n")
    };
    let mut log = record(0, "Initializing MID Server");
    for at in 1..5 {
        let monitors = "abc".repeat(at);
        log += &record(
            at,
            &format!("the monitors {monitors} are started, and all is well"),
        );
    }
    log += &record(5, "at work...");
    let params = params(json!({
        "files": ["/opt/mid/agent/logs/agent0.log.?"], "start": "Initializing MID Server", "pick": "latest",
        "patterns": { "rests": "it rests \\.\\.\\.", "works": "at work\\.\\.\\." },
    }));
    let judged = |text: &str| judged("log", &params, text).map(|(outcome, _)| outcome);
    let check = |text: &str, shown: &str| {
        let why = judged(text).expect_err(text);
        let expected = format!("the text was changed on the way, as it seems: {shown}{REMEDY}");
        assert!(why.starts_with(&expected), "{why}\n{text}");
    };
    let [alone, whole] = log_texts("agent0.log.0", &params, &log);
    for text in [&alone, &whole] {
        assert_eq!(judged(text), Ok("works".to_owned()));
        let none = text.replace("at work...", "done");
        assert_eq!(judged(&none), Ok("none".to_owned()));
        let dots = "`…` stands there, which mail and chat programs put in the place of `...`";
        check(&text.replace("...", "…"), dots);
    }
    let none = alone.replace("at work...", "done");
    check(
        &folded(&none, 80),
        "its lines are cut at a width of 80 characters",
    );
    let none = whole.replace("at work...", "done");
    // A wrap that leaves lines of any width is told by their number.
    let (before, list) = none.rsplit_once("mid@host").expect("the list's command");
    let (command, lines) = before.split_once("Initializing").expect("a record");
    let lines = lines.replace(" all is well", "\nall is well");
    let text = format!("{command}Initializing{lines}mid@host{list}");
    check(&text, "10 lines stand there, and 6 were printed");
}
