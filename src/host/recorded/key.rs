//! Under which key a reply stands in `host.yaml`. The recorder writes by it, the recorded host finds by it.
//!
//! A key has two forms. The whole one names all of the look, and what was recorded by a program stands under it. The short one
//! leaves out what a person who writes a recording by hand has no wish to work out; it answers in such a recording alone, for in
//! a recording that is [`exact`](super::document::Document::exact) it would be the reply to another look.

use sha2::{Digest, Sha256};

use crate::{
    host::{HttpRequest, Look, TlsRequest, Trust, Via},
    redact::Redactor,
};

/// How many bytes of a digest stand in a key.
const DIGEST: usize = 6;

/// A key in both forms, which often are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub whole: String,
    pub short: String,
}

/// `NAME`, or `NAME@SERVER` where the tree names a server. Names know no case and no last dot.
pub(crate) fn name(name: &str, server: Option<&str>) -> String {
    let name = name.trim_end_matches('.').to_lowercase();
    match server {
        Some(server) => format!("{name}@{server}"),
        None => name,
    }
}

/// `NAME times COUNT`; in short without the count.
pub(crate) fn ping(host: &str, count: u32) -> Key {
    let short = name(host, None);
    Key {
        whole: format!("{short} times {count}"),
        short,
    }
}

/// The globs joined by ` | `; for folders alone ` folders` behind them.
pub(crate) fn paths(globs: &[String], folders: bool) -> String {
    format!(
        "{}{}",
        globs.join(" | "),
        if folders { " folders" } else { "" }
    )
}

/// `HOST:PORT`, and ` via PROXY:PORT as USER` behind it; in short without the proxy's user.
pub(crate) fn connection(host: &str, port: u16, through: Option<&Via>) -> Key {
    let to = format!("{}:{port}", host.to_lowercase());
    Key {
        whole: to.clone() + &via(through) + &proxy_user(through),
        short: to + &via(through),
    }
}

/// `HOST:PORT`, ` for NAME` where another name is expected, ` by PATH` where a file says whom to trust, and
/// ` via PROXY:PORT as USER` behind it; in short without the proxy's user.
pub(crate) fn tls(request: &TlsRequest) -> Key {
    let (host, name) = (request.host.to_lowercase(), request.name.to_lowercase());
    let mut key = format!("{host}:{}", request.port);
    if name != host {
        key += &format!(" for {name}");
    }
    if let Trust::Store(path) = &request.trust {
        key += &format!(" by {path}");
    }
    let through = request.via.as_ref();
    Key {
        whole: key.clone() + &via(through) + &proxy_user(through),
        short: key + &via(through),
    }
}

/// `METHOD URL`, ` as USER` with a login, ` with DIGEST` where there are headers or a body, and ` via PROXY:PORT as USER` behind
/// it; in short without the digest and the proxy's user.
pub(crate) fn http(request: &HttpRequest) -> Key {
    let user = request
        .login
        .as_ref()
        .map(|login| format!(" as {}", login.user))
        .unwrap_or_default();
    let asked = format!("{} {}{user}", request.method, request.url);
    let through = request.via.as_ref();
    Key {
        whole: asked.clone() + &sent(request) + &via(through) + &proxy_user(through),
        short: asked + &via(through),
    }
}

/// The program and its arguments, joined by blanks, an argument that could be taken for several of them in quotes; in short
/// without quotes.
pub(crate) fn program(run: &[String]) -> Key {
    let quoted = run.iter().map(|part| {
        let is_plain = !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '"');
        match is_plain {
            true => part.clone(),
            false => format!("{part:?}"),
        }
    });
    Key {
        whole: quoted.collect::<Vec<_>>().join(" "),
        short: run.join(" "),
    }
}

/// A look of any sort: what it is, and the whole key of its sort. Under it stands why it failed.
pub(crate) fn look(look: &Look) -> String {
    let all = |kind: &str, names: &[String]| format!("{kind} {}", names.join(" | "));
    match look {
        Look::File { paths } => all("file", paths),
        Look::Files { globs } => all("files", globs),
        Look::Meta { paths: of } => all("meta", of),
        Look::Paths { globs, folders } => format!("paths {}", paths(globs, *folders)),
        Look::Disk { path } => format!("disk {path}"),
        Look::Processes => "processes".to_owned(),
        Look::Services { names, pid_file } => {
            let pid = pid_file
                .as_ref()
                .map(|path| format!(" with {}", self::pid_file(path)));
            all("services", names) + &pid.unwrap_or_default()
        }
        Look::Name { name: of, server } => format!("dns {}", name(of, server.as_deref())),
        Look::Connect { host, port, via } => {
            format!("tcp {}", connection(host, *port, via.as_ref()).whole)
        }
        Look::Tls(request) => format!("tls {}", tls(request).whole),
        Look::Http(request) => format!("http {}", http(request).whole),
        Look::Ping { host, count } => format!("ping {}", ping(host, *count).whole),
        Look::Program { run } => format!("program {}", program(run).whole),
    }
}

/// A pid file, which is looked at with services: it may fail alone.
pub(crate) fn pid_file(path: &str) -> String {
    format!("pid file {path}")
}

fn via(via: Option<&Via>) -> String {
    via.map(|via| {
        format!(
            " via {}",
            via.address
                .as_str()
                .trim_start_matches("http://")
                .trim_end_matches('/')
        )
    })
    .unwrap_or_default()
}

fn proxy_user(via: Option<&Via>) -> String {
    match via.map(|via| via.user.as_str()) {
        None | Some("") => String::new(),
        Some(user) => format!(" as {user}"),
    }
}

/// ` with ` and a digest of what is sent besides the first line. A secret in it is masked before: two requests that differ in
/// nothing else stand under one key, and from the digest nobody can try what it was.
fn sent(request: &HttpRequest) -> String {
    if request.headers.is_empty() && request.body.is_none() {
        return String::new();
    }
    let headers = request.headers.iter();
    let mut headers: Vec<String> = headers
        .map(|(name, value)| format!("{}: {value}\n", name.to_lowercase()))
        .collect();
    headers.sort();
    let text = format!(
        "{}\n{}",
        headers.concat(),
        request.body.as_deref().unwrap_or_default()
    );
    let digest = Sha256::digest(Redactor::default().text(&text));
    let digest = data_encoding::HEXLOWER.encode(&digest[..DIGEST]);
    format!(" with {digest}")
}
