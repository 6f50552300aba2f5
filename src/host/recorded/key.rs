//! Under which key a reply stands in `host.yaml`. The recorder writes by it, the recorded host finds by it.

use crate::host::{HttpRequest, TlsRequest, Trust, Via};

/// `NAME`, or `NAME@SERVER` where the tree names a server. Names know no case and no last dot.
pub(crate) fn name(name: &str, server: Option<&str>) -> String {
    let name = name.trim_end_matches('.').to_lowercase();
    match server {
        Some(server) => format!("{name}@{server}"),
        None => name,
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

/// `HOST:PORT`, and ` via PROXY:PORT` behind it.
pub(crate) fn connection(host: &str, port: u16, through: Option<&Via>) -> String {
    format!("{}:{port}{}", host.to_lowercase(), via(through))
}

/// `HOST:PORT`, ` for NAME` where another name is expected, ` by PATH` where a file says whom to trust, and
/// ` via PROXY:PORT` behind it.
pub(crate) fn tls(request: &TlsRequest) -> String {
    let (host, name) = (request.host.to_lowercase(), request.name.to_lowercase());
    let mut key = format!("{host}:{}", request.port);
    if name != host {
        key += &format!(" for {name}");
    }
    if let Trust::Store(path) = &request.trust {
        key += &format!(" by {path}");
    }
    key + &via(request.via.as_ref())
}

/// `METHOD URL`, ` as USER` with a login, and ` via PROXY:PORT` behind it.
pub(crate) fn http(request: &HttpRequest) -> String {
    let user = request
        .login
        .as_ref()
        .map(|login| format!(" as {}", login.user))
        .unwrap_or_default();
    format!(
        "{} {}{user}{}",
        request.method,
        request.url,
        via(request.via.as_ref())
    )
}

/// The program and its arguments, joined by blanks.
pub(crate) fn program(run: &[String]) -> String {
    run.join(" ")
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
