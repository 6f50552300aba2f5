//! The request as a command: curl in sh, `Invoke-WebRequest` in PowerShell. Holds no password: both ask for it. What it
//! prints says what was asked and how it ended, so that it can be read as what it is.

use crate::{
    finding::Os,
    host::{
        HttpRequest,
        printed::{asked, curl::STATUS, web_request::FAILED},
    },
    probe::{Manual, shell},
};

/// `asked` says the request in a line.
pub(super) fn command(request: &HttpRequest, asked: &str, os: Os) -> Option<Manual> {
    let command = match os {
        Os::Windows if !by_socks(request) => powershell(request, asked)?,
        Os::Windows | Os::Linux | Os::Macos => curl(request, asked, os)?,
    };
    let tells =
        "the status stands in the first line, the headers below it; without an answer, why not";
    Some(Manual::new(command, tells).asking(asks_login(request)))
}

/// PowerShell 5.1 knows no proxies of SOCKS.
pub(in crate::probe) fn by_socks(request: &HttpRequest) -> bool {
    let via = request.via.as_ref();
    via.is_some_and(|via| via.address.scheme() != "http")
}

pub(in crate::probe) fn asks_login(request: &HttpRequest) -> bool {
    let via = request.via.as_ref();
    request.login.is_some() || via.is_some_and(|via| !via.user.is_empty())
}

/// A format that makes curl print `asked`, and how long it took.
pub(in crate::probe) fn closing(asked: &str) -> String {
    let asked = asked::line(asked).replace('\\', r"\\").replace('%', "%%");
    format!("\\n{asked}%{{time_total}} s\\n")
}

/// The request for curl, which prints the head of the reply too.
pub(in crate::probe) fn curl(request: &HttpRequest, asked: &str, os: Os) -> Option<String> {
    // What it sends stands in what `-v` prints, a password as well; and of several addresses only `-v` tells how each ended.
    let tells_all = os != Os::Windows && !asks_login(request);
    let program = match os {
        // In PowerShell 5.1 the other name is one for `Invoke-WebRequest`.
        Os::Windows => "curl.exe",
        Os::Linux | Os::Macos => "curl",
    };
    let show = if tells_all { "-sSv" } else { "-sS" };
    // With `-X HEAD` curl would wait for a body that never comes.
    let head = if request.method == "HEAD" { "-I" } else { "-i" };
    let mut run: Vec<String> = [program, show, head, "-m", "30"]
        .map(str::to_owned)
        .to_vec();
    if os == Os::Windows {
        // PowerShell makes errors of its own of what is printed as one.
        run.extend(["--stderr", "-"].map(str::to_owned));
    }
    if request.url.as_str().contains(['{', '}', '[', ']']) {
        // Otherwise they would stand for several addresses.
        run.push("-g".to_owned());
    }
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
        // An `@` would name a file; the option that takes it for itself is younger than RHEL 7.
        let option = if body.starts_with('@') {
            "--data-raw"
        } else {
            "--data-binary"
        };
        add(option, body);
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
            // What the environment says of it is not what was asked.
            add("--noproxy", "");
            if !via.user.is_empty() {
                add("-U", &via.user);
            }
        }
        None => add("--noproxy", "*"),
    }
    add("-w", &closing(asked));
    run.push(request.url.to_string());
    let run = shell::command(&run, os)?;
    Some(match tells_all {
        true => format!(
            "{{ {{ {run} 2>&1 >&3; echo \"{STATUS}$?.\"; }} | grep -E '^(curl|\\* connect to)'; }} 3>&1"
        ),
        false => ending(&run, os),
    })
}

/// The command, and behind it how it ended.
pub(in crate::probe) fn ending(run: &str, os: Os) -> String {
    match os {
        Os::Windows => format!("{run}; \"{STATUS}$LASTEXITCODE.\""),
        Os::Linux | Os::Macos => format!("{run}; echo \"{STATUS}$?.\""),
    }
}

/// The request for PowerShell: the reply's head and body, or .NET's own words for what failed, and `asked`.
pub(in crate::probe) fn powershell(request: &HttpRequest, asked: &str) -> Option<String> {
    let text = |value: &str| shell::literal(value, Os::Windows);
    let before = match request.url.scheme() {
        // PowerShell 5.1 on older systems offers only what servers no longer take.
        "https" => "[Net.ServicePointManager]::SecurityProtocol = 'Tls12'; ",
        _ => "",
    };
    // What the system names as a proxy is not what was asked.
    let direct = match request.via {
        Some(_) => "",
        None => "[Net.WebRequest]::DefaultWebProxy = New-Object Net.WebProxy; ",
    };
    let mut command =
        "Invoke-WebRequest -UseBasicParsing -TimeoutSec 30 -MaximumRedirection 0 -ErrorAction SilentlyContinue"
            .to_owned();
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
    let asked = text(&asked::line(asked))?;
    Some(format!(
        "{before}{direct}$t = [Diagnostics.Stopwatch]::StartNew(); try {{ $r = {command}; $r.RawContent }} catch {{ \
         $e = $_.Exception; $r = $e.Response; if ($r) {{ \
         \"HTTP/1.1 $([int]$r.StatusCode) $($r.StatusDescription)\"; $r.Headers.ToString().TrimEnd(); ''; \
         $s = $r.GetResponseStream(); if ($s.CanSeek) {{ $s.Position = 0 }}; (New-Object IO.StreamReader $s).ReadToEnd() \
         }} else {{ \"{FAILED}$($e.Status), $($e.InnerException.SocketErrorCode): $($e.Message)\" }} }}; \
         {asked} + $t.ElapsedMilliseconds + ' ms'"
    ))
}
