//! Pastes with more in them than what was asked for: several commands, another host's or file's, what was typed, the words
//! of a mail. Each verdict is of what belongs to it alone.

use waypost::finding::Os::{Linux, Windows};

use super::{judged, sample};

const HOST: &str = r#"{"host": "a.example"}"#;
const NAME: &str = r#"{"name": "a.example"}"#;
const TCP: &str = r#"{"host": "a.example", "port": 443}"#;
const FILE: &str = r#"{"path": "/opt/mid/agent/config.xml"}"#;
const LOG: &str = r#"{"files": "/x.log", "patterns": {"refused": "status 401"}}"#;
const MID: &str = r#"{"name": "mid"}"#;
const CONFIG: &str = r#"{"file": "/m/config.xml", "format": "xml", "entry": "parameter", "key": "name", "value": "value"}"#;

fn ping(name: &str, answers: u32) -> String {
    format!(
        "PING {name} (192.0.2.1) 56(84) bytes of data.\n\n--- {name} ping statistics ---\n\
         4 packets transmitted, {answers} received, 0% packet loss, time 3004ms\n\
         rtt min/avg/max/mdev = 0.1/0.2/0.3/0.0 ms\n"
    )
}

#[test]
fn echoes_of_several_hosts() {
    let check = |text: &str, expected: &str| {
        let found = judged("ping", HOST, Linux, text);
        assert!(found.starts_with(expected), "{text}: {found}");
    };
    let (own, other) = (ping("a.example", 4), ping("b.example", 0));
    check(&format!("{own}{other}"), "answered {");
    check(&format!("{other}{own}"), "answered {");
    // The last try counts.
    check(&format!("{}{own}", ping("a.example", 0)), "answered {");
    check(&format!("{own}{}", ping("a.example", 0)), "silent {");
    check(
        &format!("PING a.example (192.0.2.1) 56(84) bytes of data.\n{other}"),
        "unknown: what `ping` printed is cut",
    );
    let unknown = "$ ping -c 4 b.example\nping: b.example: Name or service not known\n";
    check(
        &format!("{unknown}$ ping -c 4 a.example\n{own}"),
        "answered {",
    );
    check(&format!("{own}{unknown}"), "answered {");
    check(&format!("{unknown}{other}"), "refused: expected what ");
    let windows = |text: &str, expected: &str| {
        let found = judged("ping", HOST, Windows, text);
        assert!(found.starts_with(expected), "{text}: {found}");
    };
    let own = "Pinging a.example [192.0.2.1] with 32 bytes of data:\nRequest timed out.\n";
    let counted = "Ping statistics for 192.0.2.2:\n    Packets: Sent = 1, Received = 0, Lost = 1 (100% loss),\n";
    let other = format!(
        "Pinging b.example [192.0.2.2] with 32 bytes of data:\nRequest timed out.\n\n{counted}"
    );
    windows(
        &format!("{own}\n{other}"),
        "unknown: what `ping` printed is cut",
    );
    windows(
        &format!(
            "Ping request could not find host b.example. Please check the name and try again.\n{own}\n{counted}"
        ),
        "silent {",
    );
    windows(&other, "refused: expected what ");
}

#[test]
fn names_of_several_hosts() {
    let resolved = |text: &str, os, expected: &str| {
        let found = judged("dns", NAME, os, text);
        assert!(found.starts_with(expected), "{text}: {found}");
    };
    let found = |name: &str, address: &str| {
        format!(
            "Server:\t\t192.0.2.53\nAddress:\t192.0.2.53#53\n\nName:\t{name}\nAddress: {address}\n\n"
        )
    };
    let none = |name: &str| {
        format!(
            "Server:\t\t192.0.2.53\nAddress:\t192.0.2.53#53\n\n** server can't find {name}: NXDOMAIN\n\n"
        )
    };
    let own = r#"resolved {"addresses":["192.0.2.1"],"#;
    let (mine, other) = (
        found("a.example", "192.0.2.1"),
        found("b.example", "192.0.2.2"),
    );
    resolved(&format!("{mine}{other}"), Linux, own);
    resolved(&format!("{other}{mine}"), Linux, own);
    resolved(&format!("{}{mine}", none("b.example")), Linux, own);
    resolved(
        &format!("{}{other}", none("a.example")),
        Linux,
        r#"unresolved {"addresses":[],"code":"NXDOMAIN""#,
    );
    let cut = mine.replace("Address: 192.0.2.1", "");
    resolved(
        &format!("{cut}{}", none("b.example")),
        Linux,
        "unknown: what `nslookup` printed is cut",
    );
    resolved(
        "192.0.2.2       b.example\n192.0.2.1       a.example\n",
        Linux,
        own,
    );
    resolved(
        "192.0.2.2       STREAM b.example\n192.0.2.2       DGRAM\n192.0.2.1       STREAM a.example\n192.0.2.1       DGRAM\n",
        Linux,
        own,
    );
    let head = "Name                        Type   TTL   Section    IPAddress\n----                        ----   ---   -------    ---------\n";
    resolved(
        &format!(
            "{head}b.example  A  300  Answer  192.0.2.2\na.example  A  300  Answer  192.0.2.1\n"
        ),
        Windows,
        own,
    );
    // What the name stands for is of it.
    resolved(
        &format!(
            "{head}a.example  CNAME  300  Answer  c.example\nb.example  A  300  Answer  192.0.2.2\nc.example  A  300  Answer  192.0.2.1\n"
        ),
        Windows,
        own,
    );
}

#[test]
fn connections_of_several_hosts() {
    let check = |text: &str, expected: &str| {
        let found = judged("tcp", TCP, Linux, text);
        assert!(found.starts_with(expected), "{text}: {found}");
    };
    let own = "$ telnet a.example 443\nTrying 192.0.2.1...\n";
    let refused = "$ telnet b.example 443\nTrying 192.0.2.2...\ntelnet: Unable to connect to remote host: Connection refused\n";
    let open = "$ telnet b.example 443\nTrying 192.0.2.2...\nConnected to b.example.\n";
    check(
        &format!("{refused}{own}Connected to a.example.\n"),
        "open {",
    );
    check(&format!("{own}^C\n{refused}"), "refused: expected what ");
    check(&format!("{own}^C\n{open}"), "refused: expected what ");
}

/// A file of a longer name is another one.
#[test]
fn files_of_longer_names() {
    for text in [
        "ls: cannot access '/opt/mid/agent/config.xml.bak': No such file or directory\n",
        "ls: /opt/mid/agent/config.xml~: No such file or directory\n",
        "stat: cannot statx '/opt/mid/agent/config.xml.bak': No such file or directory\n",
    ] {
        let found = judged("file", FILE, Linux, text);
        assert!(
            found.starts_with("refused: expected what "),
            "{text}: {found}"
        );
    }
    for text in [
        "ls: cannot access /opt/mid/agent/config.xml: No such file or directory\n",
        "ls: cannot access ‘/opt/mid/agent/config.xml’: No such file or directory\n",
        "ls: /opt/mid/agent/config.xml: No such file or directory\n",
        "ls: cannot access '/opt/mid/agent/config.xml.bak': No such file or directory\nls: cannot access '/opt/mid/agent/config.xml': No such file or directory\n",
    ] {
        assert_eq!(judged("file", FILE, Linux, text), "absent {}", "{text}");
    }
    let other = "cat: /m/config.xml.bak: No such file or directory\n";
    let found = judged("config", CONFIG, Linux, other);
    assert!(found.starts_with("refused: expected "), "{found}");
}

/// Who looks for a message types it.
#[test]
fn what_was_typed_is_no_line_of_a_log() {
    for (os, text) in [
        (
            Linux,
            "[root@host ~]# tail /x.log\na\n[root@host ~]# grep 'status 401' /x.log\n[root@host ~]# ",
        ),
        (
            Linux,
            "host:~ # tail /x.log\nhost:~ # grep 'status 401' /x.log\nhost:~ # ",
        ),
        (Linux, "a\nbash-4.2$ grep 'status 401' /x.log\nbash-4.2$ "),
        (Linux, "a\n$ sudo grep 'status 401' /x.log\n$ "),
        (Linux, "grep 'status 401' /x.log\na\n"),
        (
            Windows,
            "PS C:\\mid> gc x.log -tail 2\na\nPS C:\\mid> sls 'status 401' x.log\nPS C:\\mid> ",
        ),
        (
            Windows,
            "a\nC:\\mid>findstr /c:\"status 401\" x.log\nC:\\mid>",
        ),
    ] {
        assert_eq!(
            judged("log", LOG, os, text),
            "unknown: a piece of the log was pasted, what stands before it was not",
            "{text}"
        );
        let hit = text.replacen("a\n", "a\nstatus 401 came\n", 1);
        if hit != text {
            let found = judged("log", LOG, os, &hit);
            assert!(
                found.starts_with("refused {") && found.contains(r#""count":1"#),
                "{found}"
            );
        }
    }
}

#[test]
fn units_that_older_versions_tell_of() {
    let check = |text: &str, expected: &str| {
        let found = judged("service", MID, Linux, text);
        assert!(found.starts_with(expected), "{text}: {found}");
    };
    let gone = "   Loaded: not-found (Reason: No such file or directory)\n";
    check(
        &format!("mid.service\n{gone}   Active: inactive (dead)\n"),
        "absent {",
    );
    check(
        &format!("● mid.service\n{gone}   Active: inactive (dead)\n"),
        "absent {",
    );
    // It runs, and its file is gone.
    check(
        &format!(
            "● mid.service\n{gone}   Active: active (running) since Fri 2026-11-20 10:00:00 UTC; 1h ago\n"
        ),
        "running {",
    );
    check(
        &format!("● mid.service\n{gone}"),
        "unknown: what `systemctl status` printed is cut",
    );
    let runs = "mid.service - MID\n     Loaded: loaded (/x; enabled)\n     Active: active (running) since Fri 2026-11-20 10:00:00 UTC; 1h ago\n";
    for mark in ["", "• ", "* ", "●\u{a0}"] {
        check(&format!("{mark}{runs}"), "running {");
    }
    // Programs for chat put other blanks there.
    check(&runs.replace("     ", "\u{a0} \u{a0} \u{a0}"), "running {");
    check(&runs.replace('\n', "\r\n"), "running {");
}

#[test]
fn mails_with_words_of_their_own() {
    let quoted: String = sample("systemctl-status-running.txt")
        .lines()
        .map(|line| format!("> {line}\n"))
        .collect();
    let found = judged(
        "service",
        MID,
        Linux,
        &format!("Hi,\nthat is it:\n\n{quoted}\nBest regards\n"),
    );
    assert!(found.starts_with("running {"), "{found}");
    // The same sign before what curl sent is its own.
    let curl = sample("curl-v-https.txt");
    let found = judged("http", r#"{"url": "https://a.example/x"}"#, Linux, &curl);
    assert!(found.starts_with("answered {"), "{found}");
}

/// What mail and chat programs and browsers make of a file cannot be told from a mistake in it.
#[test]
fn files_that_were_rewritten_on_the_way() {
    let check = |text: &str, expected: &str| {
        let found = judged("config", CONFIG, Linux, text);
        assert!(found.starts_with(expected), "{text}: {found}");
    };
    let file =
        "<parameters>\n  <parameter name=\"url\" value=\"https://a.example/\"/>\n</parameters>\n";
    check(file, "read {");
    check(&file.replace("  <", "\u{a0} <"), "read {");
    let curly = "unknown: the text was changed on the way, as it seems: curly quotes stand there";
    check(&file.replace('"', "”"), curly);
    check(&file.replace("name=\"", "name=“"), curly);
    check(
        &file.replace("  <parameter ", "- <parameter "),
        "unknown: it was copied from a browser",
    );
    // In a value they are the file's own.
    check(&file.replace("https://a.example/", "the “mid”"), "read {");
}

/// A command that was typed in other words says itself what it asks.
#[test]
fn handshakes_that_were_typed() {
    const TLS: &str = r#"{"host": "a.example"}"#;
    let output = |name: &str| -> String {
        let text = sample(name);
        let own = text.lines().filter(|line| !line.starts_with("-- asked "));
        own.flat_map(|line| [line, "\n"]).collect()
    };
    let check = |command: &str, name: &str, expected: &str| {
        let text = format!("[root@host ~]# {command}\n{}[root@host ~]# ", output(name));
        let found = judged("tls", TLS, Linux, &text);
        assert!(found.starts_with(expected), "{command}, {name}: {found}");
    };
    let plain = "openssl s_client -connect a.example:443";
    let named = "echo | openssl s_client -connect a.example:443 -servername a.example 2>&1";
    for command in [plain, named] {
        check(command, "openssl-3-trusted.txt", "trusted {");
        check(command, "openssl-3-expired.txt", "expired {");
        check(command, "openssl-3-self.txt", "untrusted {");
        check(command, "openssl-3-refused.txt", "unreachable {");
    }
    check(named, "openssl-1.0-trusted.txt", "trusted {");
    check(named, "openssl-1.1-alert.txt", "failed {");
    check(
        plain,
        "openssl-1.0-trusted.txt",
        "unknown: `openssl s_client` may not have sent the name",
    );
    for other in [
        "openssl s_client -connect b.example:443",
        "openssl s_client -connect a.example:8443",
        "openssl s_client -connect a.example:443 -servername b.example",
        "openssl s_client -connect a.example:443 -CAfile own.pem",
        "openssl s_client -connect a.example:443 -tls1_1",
    ] {
        check(other, "openssl-3-trusted.txt", "refused: expected what ");
    }
    assert!(
        judged("tls", TLS, Linux, &output("openssl-3-trusted.txt"))
            .starts_with("refused: expected what "),
        "nothing says whose it is"
    );
    // Whatever of it is lost, it is not worse than it was.
    let text = format!("$ {named}\n{}", output("openssl-3-trusted.txt"));
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for at in 1..lines.len() {
        for piece in [
            lines[..at].concat(),
            [&lines[..1], &lines[at..]].concat().concat(),
        ] {
            let found = judged("tls", TLS, Linux, &piece);
            let fits = ["trusted {", "unknown: ", "refused: expected "];
            assert!(
                fits.iter().any(|fit| found.starts_with(fit)),
                "{found}, of\n{piece}"
            );
        }
    }
}

#[test]
fn services_that_were_not_found() {
    let error = |name: &str| {
        format!(
            "Get-Service : Es kann kein Dienst mit dem Dienstnamen \"{name}\" gefunden werden.\nIn Zeile:1 Zeichen:1\n+ Get-Service {name}\n+ ~~~~\n    \
             + CategoryInfo          : ObjectNotFound: ({name}:String) [Get-Service], ServiceCommandException\n    \
             + FullyQualifiedErrorId : NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand\n"
        )
    };
    let check = |params: &str, text: &str, expected: &str| {
        let found = judged("service", params, Windows, text);
        assert!(found.starts_with(expected), "{text}: {found}");
    };
    let both = r#"{"name": ["snc_mid", "mid"]}"#;
    check(MID, &error("mid"), "absent {");
    check(
        MID,
        &error("other"),
        "unknown: the paste says nothing of `mid`",
    );
    check(
        both,
        &error("mid"),
        "unknown: the paste says nothing of `snc_mid`",
    );
    check(
        both,
        &format!("{}{}", error("snc_mid"), error("mid")),
        "absent {",
    );
    check(
        r#"{"name": "snc_*"}"#,
        &error("snc_mid"),
        "unknown: the paste says nothing of `snc_*`",
    );
    // By itself it says neither for which name it is nor of what else was asked.
    check(
        r#"{"name": "snc_mid"}"#,
        "[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\n\nThe specified service does not exist as an installed service.\n",
        "refused: expected what ",
    );
}
