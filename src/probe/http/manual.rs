//! The request as a command: curl in sh, `Invoke-WebRequest` in PowerShell. Holds no password: both ask for it.

use crate::{
    finding::Os,
    host::HttpRequest,
    probe::{Manual, shell},
};

pub(super) fn command(request: &HttpRequest, os: Os) -> Option<Manual> {
    let by_socks = request
        .via
        .as_ref()
        .is_some_and(|via| via.address.scheme() != "http");
    Some(match os {
        // PowerShell 5.1 knows no proxies of SOCKS.
        Os::Windows if !by_socks => {
            let (before, request) = powershell(request)?;
            Manual::new(
                format!("{before}{request}"),
                "`StatusCode` is the status; an error names it too",
            )
        }
        Os::Windows | Os::Linux | Os::Macos => Manual::new(
            curl(request, os)?,
            "the status stands in the first line, the headers below it",
        ),
    })
}

/// The request for curl, which prints the head of the reply too.
pub(in crate::probe) fn curl(request: &HttpRequest, os: Os) -> Option<String> {
    let program = match os {
        // In PowerShell 5.1 the other name is one for `Invoke-WebRequest`.
        Os::Windows => "curl.exe",
        Os::Linux | Os::Macos => "curl",
    };
    let mut run: Vec<String> = [program, "-sS", "-m", "30"].map(str::to_owned).to_vec();
    // With `-X HEAD` curl would wait for a body that never comes.
    run.push(if request.method == "HEAD" { "-I" } else { "-i" }.to_owned());
    let mut add = |option: &str, value: &str| run.extend([option.to_owned(), value.to_owned()]);
    let by_itself = if request.body.is_some() {
        "POST"
    } else {
        "GET"
    };
    if request.method != by_itself && request.method != "HEAD" {
        add("-X", &request.method);
    }
    for (name, value) in &request.headers {
        // A semicolon at the end makes curl send an empty header, which a colon would take out.
        let header = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        add("-H", &header);
    }
    if let Some(body) = &request.body {
        add("--data-raw", body);
        // Left to itself curl calls every body a form.
        if !request
            .headers
            .keys()
            .any(|name| name.eq_ignore_ascii_case("content-type"))
        {
            add("-H", "Content-Type:");
        }
    }
    if let Some(login) = &request.login {
        add("-u", &login.user);
    }
    match &request.via {
        Some(via) => {
            add("-x", via.address.as_str());
            if !via.user.is_empty() {
                add("-U", &via.user);
            }
        }
        // What the environment names as a proxy is not what was asked.
        None => add("--noproxy", "*"),
    }
    run.push(request.url.to_string());
    shell::command(&run, os)
}

/// The request for PowerShell, whose value is the reply, and what has to stand before it.
pub(in crate::probe) fn powershell(request: &HttpRequest) -> Option<(&'static str, String)> {
    let text = |value: &str| shell::literal(value, Os::Windows);
    let before = match request.url.scheme() {
        // PowerShell 5.1 on older systems offers only what servers no longer take.
        "https" => "[Net.ServicePointManager]::SecurityProtocol = 'Tls12'; ",
        _ => "",
    };
    let mut command = "Invoke-WebRequest -UseBasicParsing -TimeoutSec 30".to_owned();
    let mut add = |option: &str, value: &str| {
        command.push_str(&format!(" {option} {value}"));
    };
    if request.method != "GET" {
        add("-Method", &text(&request.method)?);
    }
    let mut headers = Vec::new();
    for (name, value) in &request.headers {
        // These two are parameters of their own; as headers they would be refused or overwritten.
        match name.to_ascii_lowercase().as_str() {
            "user-agent" => add("-UserAgent", &text(value)?),
            "content-type" => add("-ContentType", &text(value)?),
            _ => headers.push(format!("{} = {}", text(name)?, text(value)?)),
        }
    }
    if !headers.is_empty() {
        add("-Headers", &format!("@{{ {} }}", headers.join("; ")));
    }
    if let Some(body) = &request.body {
        add("-Body", &text(body)?);
    }
    if let Some(login) = &request.login {
        add("-Credential", &text(&login.user)?);
    }
    if let Some(via) = &request.via {
        let address = if via.address.as_str().contains("://") {
            via.address.to_string()
        } else {
            format!("http://{}", via.address)
        };
        add("-Proxy", &text(&address)?);
        if !via.user.is_empty() {
            add("-ProxyCredential", &text(&via.user)?);
        }
    }
    add("-Uri", &text(request.url.as_str())?);
    Some((before, command))
}
