//! What `curl -v` tells of itself: whom it connected to, what it asked, what came back. So the output of a curl that somebody
//! ran in their own words says whose it is. Deliberately absent: requests with a login, a body or a proxy, of which it does
//! not tell what was sent; and answers over TLS where it does not tell that the certificate was verified.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Ended, error};
use crate::host::printed::head::{self, Head};

/// One attempt at one host.
#[derive(Debug, PartialEq)]
pub(super) struct Attempt<'t> {
    pub name: &'t str,
    /// `None` where only the name was looked up.
    pub port: Option<u16>,
    /// Where it is connected to.
    pub address: Option<&'t str>,
    /// TLS was spoken on it.
    pub secure: bool,
    /// Whether the certificate was verified; `None` where no line tells.
    pub verified: Option<bool>,
    pub asked: Vec<Exchange<'t>>,
    pub ended: Option<Ended>,
    /// The words of that.
    why: &'t str,
}

/// A request, and what came back.
#[derive(Debug, PartialEq)]
pub(super) struct Exchange<'t> {
    pub method: &'t str,
    pub target: &'t str,
    pub sent: Vec<(&'t str, &'t str)>,
    /// `None` where it is not there, or not whole.
    pub head: Option<Head>,
    /// What is known of it.
    pub body: String,
}

/// All attempts, in their order, and whether one of them went through a proxy.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Told<'t> {
    pub attempts: Vec<Attempt<'t>>,
    pub by_proxy: bool,
}

/// Which lines are expected next.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Own,
    Head,
    Body,
}

impl<'t> Told<'t> {
    pub fn new(text: &'t str) -> Self {
        let mut told = Self::default();
        let mut part = Part::Own;
        // What each address of the host said, and the reply's head so far.
        let (mut tried, mut head) = (Vec::new(), String::new());
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let line = line.trim_end();
            let is_last = lines.peek().is_none();
            if let Some(line) = bare(line, '<') {
                part = match line {
                    // Where nothing stands behind it, the line may be the beginning of another one.
                    "" if is_last => Part::Own,
                    line => told.received(line, &mut head, part),
                };
            } else if let Some(line) = bare(line, '>') {
                told.sent(line);
            } else if line.starts_with("* ") || error(line).is_some() {
                if line.starts_with("* connect to ") {
                    tried.push(line);
                }
                if told.own(line, &tried) {
                    (part, tried) = (Part::Own, Vec::new());
                }
                if closes(line) {
                    part = Part::Own;
                }
            } else if part == Part::Body && !is_count(line) {
                // A body may end without a line break.
                let ends = ["* Connection #", "* Closing connection"];
                let end = ends.iter().filter_map(|own| line.find(own)).min();
                told.body(&line[..end.unwrap_or(line.len())]);
                part = end.map_or(part, |_| Part::Own);
            }
        }
        told
    }

    /// A line of the program's own; whether it tells of another attempt, or of its end.
    fn own(&mut self, line: &'t str, tried: &[&str]) -> bool {
        self.by_proxy |= is_of_proxy(line);
        if let Some(found) = captures(line, &CONNECTED) {
            let (name, port) = (group(&found, 1), group(&found, 3));
            let address = Some(group(&found, 2));
            let begun = self.attempts.pop_if(|last| {
                last.is(name, port) && last.address.is_none() && last.ended.is_none()
            });
            let begun = begun.unwrap_or_else(|| Attempt::at(name, port));
            self.attempts.push(Attempt { address, ..begun });
            return true;
        }
        if let Some(found) = captures(line, &BEGINS) {
            let attempt = Attempt::at(
                of(&found, &["host", "old"]),
                of(&found, &["port", "old_port"]),
            );
            self.attempts.push(attempt);
            return true;
        }
        if let Some((code, why)) = failure(line) {
            return self.failed(code, why, line, tried);
        }
        if let Some(last) = self.attempts.last_mut() {
            last.secure |= SECURE.iter().any(|words| line.starts_with(words));
            let says = |all: &[&str]| all.iter().any(|words| line.contains(words));
            if says(&UNVERIFIED) {
                last.verified = Some(false);
            } else if says(&VERIFIED) {
                last.verified = last.verified.or(Some(true));
            }
        }
        false
    }

    fn failed(&mut self, code: u32, why: &'t str, line: &'t str, tried: &[&str]) -> bool {
        let named = captures(why, &NAMED);
        let last = self.attempts.last_mut();
        let Some(found) = named else {
            // Whose it is, only what stands before it says; and an answer that came is one.
            if let Some(last) = last.filter(|last| last.ended.is_none() && !last.answered()) {
                last.end(code, why, &[line]);
            }
            return false;
        };
        let name = of(&found, &["resolved", "host", "old"]);
        let port = of(&found, &["port", "old_port"]);
        // Each failure is told twice.
        if last.as_ref().is_some_and(|last| last.why == why) {
            return false;
        }
        match last.filter(|last| last.is(name, port) && last.address.is_none()) {
            Some(last) => last.end(code, why, tried),
            None => {
                let mut attempt = Attempt::at(name, port);
                attempt.end(code, why, tried);
                self.attempts.push(attempt);
            }
        }
        true
    }

    fn sent(&mut self, line: &'t str) {
        let Some(last) = self.attempts.last_mut() else {
            return;
        };
        let words: Vec<&str> = line.split(' ').collect();
        match (words.as_slice(), line.split_once(": ")) {
            ([method, target, version], _) if version.starts_with("HTTP/") => {
                self.by_proxy |= *method == "CONNECT" || target.contains("://");
                last.asked.push(Exchange {
                    method,
                    target,
                    sent: Vec::new(),
                    head: None,
                    body: String::new(),
                });
            }
            (_, Some(header)) => {
                if let Some(asked) = last.asked.last_mut().filter(|asked| asked.head.is_none()) {
                    asked.sent.push(header);
                }
            }
            _ => {}
        }
    }

    fn received(&mut self, line: &str, head: &mut String, part: Part) -> Part {
        if head::status(line).is_some() {
            head.clear();
        } else if part != Part::Head {
            return part;
        }
        head.push_str(line);
        head.push('\n');
        if !line.is_empty() {
            return Part::Head;
        }
        let whole = Head::take(head).ok().flatten();
        let asked = self
            .attempts
            .last_mut()
            .and_then(|last| last.asked.last_mut());
        match (asked, whole) {
            (Some(asked), Some((head, _))) if asked.head.is_none() && !head.announces() => {
                asked.head = Some(head);
                Part::Body
            }
            _ => Part::Own,
        }
    }

    fn body(&mut self, line: &str) {
        if let Some(asked) = self
            .attempts
            .last_mut()
            .and_then(|last| last.asked.last_mut())
        {
            asked.body.push_str(line);
            asked.body.push('\n');
        }
    }
}

impl<'t> Attempt<'t> {
    fn at(name: &'t str, port: &str) -> Self {
        Self {
            name,
            port: port.parse().ok(),
            address: None,
            secure: false,
            verified: None,
            asked: Vec::new(),
            ended: None,
            why: "",
        }
    }

    fn is(&self, name: &str, port: &str) -> bool {
        self.name == name && self.port == port.parse().ok()
    }

    fn answered(&self) -> bool {
        self.asked.last().is_some_and(|asked| asked.head.is_some())
    }

    fn end(&mut self, code: u32, why: &'t str, own: &[&str]) {
        self.ended = Some(Ended::new(code, why, own));
        self.why = why;
    }
}

type Form = LazyLock<Option<Regex>>;

/// `* Connected to a.example (192.0.2.1) port 443 (#0)`, and since 8.16 in other words.
static CONNECTED: Form = LazyLock::new(|| {
    Regex::new(r"^\* (?:Connected|Established connection) to (\S+) \((\S+?)\)? port (\d{1,5})\b")
        .ok()
});
/// What some versions print before they connect.
static BEGINS: Form = LazyLock::new(|| {
    Regex::new(concat!(
        r"^\* (?:Host (?<host>\S+):(?<port>\d{1,5}) was resolved\.",
        r"|About to connect\(\) to (?<old>\S+) port (?<old_port>\d{1,5}) )",
    ))
    .ok()
});
/// Failures that name the host.
static NAMED: Form = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:(?:Could not|Couldn't) resolve host:? '?(?<resolved>[^\s;']+)'?(?:$|;)",
        r"|Failed to connect to (?<host>\S+) port (?<port>\d{1,5})(?::| after )",
        r"|Failed connect to (?<old>\S+):(?<old_port>\d{1,5});)",
    ))
    .ok()
});

const SECURE: [&str; 7] = [
    "* ALPN",
    "* TLSv1",
    "* SSL connection using",
    "* SSL/TLS ",
    "* Server certificate:",
    "* schannel:",
    "* Initializing NSS",
];
const VERIFIED: [&str; 3] = [
    "SSL certificate verify ok",
    "SSL certificate verified",
    "server certificate verification OK",
];
const UNVERIFIED: [&str; 4] = [
    "continuing anyway",
    "skipping SSL peer certificate verification",
    "server certificate verification SKIPPED",
    "server certificate verification FAILED",
];

fn captures<'l>(line: &'l str, form: &'static Form) -> Option<Captures<'l>> {
    form.as_ref()?.captures(line)
}

/// The group that is there.
fn of<'l>(found: &Captures<'l>, groups: &[&str]) -> &'l str {
    let group = groups.iter().find_map(|group| found.name(group));
    group.map_or("", |group| group.as_str())
}

fn group<'l>(found: &Captures<'l>, group: usize) -> &'l str {
    found.get(group).map_or("", |found| found.as_str())
}

/// A line of what was sent or received, without the sign before it.
fn bare(line: &str, sign: char) -> Option<&str> {
    let rest = line.strip_prefix(sign)?;
    match rest.is_empty() {
        true => Some(rest),
        false => rest.strip_prefix(' '),
    }
}

/// How many bytes went over the wire, and the lines of the meter.
fn is_count(line: &str) -> bool {
    line.starts_with("{ [") || line.starts_with("} [")
}

/// Behind it nothing of the body comes for sure.
fn closes(line: &str) -> bool {
    [
        "* Connection #",
        "* Closing connection",
        "* Issue another request",
        "* shutting down",
    ]
    .iter()
    .any(|words| line.starts_with(words))
}

fn is_of_proxy(line: &str) -> bool {
    let by_variable = line
        .strip_prefix("* Uses proxy env variable ")
        .is_some_and(|rest| !rest.to_ascii_lowercase().starts_with("no_proxy"));
    by_variable
        || [
            "() to proxy ",
            "proxy tunnel",
            "CONNECT tunnel",
            "SOCKS",
            "resolve proxy",
        ]
        .iter()
        .any(|words| line.contains(words))
}

/// The code of a failure, which `-s` leaves out, and its words.
fn failure(line: &str) -> Option<(u32, &str)> {
    if let Some(error) = error(line) {
        return Some(error);
    }
    let why = line.strip_prefix("* ")?;
    let begins = |all: &[&str]| all.iter().any(|words| why.starts_with(words));
    let code = if begins(&["Could not resolve host: ", "Couldn't resolve host "]) {
        6
    } else if begins(&["Failed to connect to ", "Failed connect to "]) {
        7
    } else if begins(&["Connection timed out after ", "Operation timed out after "]) {
        28
    } else if begins(&["Empty reply from server"]) {
        52
    } else if begins(&[
        "SSL certificate problem: ",
        "SSL: no alternative certificate subject name",
    ]) {
        60
    } else {
        return None;
    };
    Some((code, why))
}
