//! The connection as a command: `nc` in sh, `Test-NetConnection` in PowerShell, and curl through a proxy. Holds no password:
//! curl asks for it.

use crate::{
    finding::Os,
    host::Via,
    probe::{
        Manual,
        http::manual::{closing, ending},
        params::Given,
        shell,
    },
};

/// `asked` says the connection in a line.
pub(super) fn commands(given: Given<'_>, asked: &str, os: Os) -> Option<Vec<Manual>> {
    let host = given.host("host").ok()??;
    let port = given.port("port").ok()?;
    if let Some(via) = given.via("via").ok()? {
        return Some(vec![by_proxy(&host, port, &via, asked, os)?]);
    }
    let host = shell::quote(&host, os)?;
    Some(vec![match os {
        Os::Linux => Manual::new(
            format!("nc -vz -w 10 {host} {port}"),
            "`succeeded` or `open`, or why not",
        ),
        Os::Macos => Manual::new(
            format!("nc -vz -G 10 {host} {port}"),
            "`succeeded`, or why not",
        ),
        Os::Windows => Manual::new(
            format!("Test-NetConnection -ComputerName {host} -Port {port}"),
            "`TcpTestSucceeded` says whether it is open",
        ),
    }])
}

/// Over a way that is opened nothing is sent: what talks to whoever types, and nobody types.
fn by_proxy(host: &str, port: u16, via: &Via, asked: &str, os: Os) -> Option<Manual> {
    let bracketed = match host.contains(':') {
        true => format!("[{host}]"),
        false => host.to_owned(),
    };
    let asks_login = !via.user.is_empty();
    let program = match os {
        Os::Windows => "curl.exe",
        Os::Linux | Os::Macos => "curl",
    };
    let mut run = vec![program];
    // What `-v` prints has the proxy's password in it, where there is one.
    match asks_login {
        true => run.extend(["-sS", "-D", "-"]),
        false => run.extend(["-sSv", "--stderr", "-"]),
    }
    run.extend([
        "-m",
        "15",
        "--noproxy",
        "",
        "-p",
        "-x",
        via.address.as_str(),
    ]);
    if asks_login {
        // Without a password curl asks for it.
        run.extend(["-U", &via.user]);
    }
    let (closing, url) = (closing(asked), format!("telnet://{bracketed}:{port}"));
    run.extend(["-w", &closing, &url]);
    let mut run = shell::command(&run, os)?;
    if os != Os::Windows {
        run += " </dev/null";
    }
    let tells = match via.address.scheme() {
        "http" => "the status that follows `CONNECT` is the proxy's; 200 says that it lets through",
        _ => {
            "`SOCKS5 request granted` says that the proxy lets through; otherwise its code stands in brackets"
        }
    };
    Some(Manual::new(ending(&run, os), tells).asking(asks_login))
}
