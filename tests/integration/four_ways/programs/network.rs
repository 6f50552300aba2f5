//! What asks names, ports and servers.

use serde_yaml::Value;

use super::{Machine, Programs, quoted, real};
use crate::hosts::{
    case::{HostCase, Instance},
    laid_out::LaidOut,
};

impl Programs {
    pub(super) fn getent(&self, machine: &Machine) {
        let mut script =
            "[ \"$1\" = ahosts ] && [ $# = 2 ] || unforeseen \"$@\"\ncase $2 in\n".to_owned();
        for (name, reply) in &machine.dns {
            let mut text = String::new();
            for (at, address) in reply.addresses.iter().enumerate() {
                let name = if at == 0 { name } else { "" };
                text += &format!(
                    "{address:<15} STREAM {name}\n{address:<15} DGRAM  \n{address:<15} RAW    \n"
                );
            }
            let code = if text.is_empty() { 2 } else { 0 };
            let print = self.print("getent.text", &text);
            // Names know no case.
            script += &format!("{}) {print}; exit {code} ;;\n", any_case(name));
        }
        script += &format!(
            "localhost|127.0.0.1) exec {} \"$@\" ;;\n*.invalid) exit 2 ;;\n*) unforeseen \"$@\" ;;\nesac",
            real("getent")
        );
        self.put("getent", &script);
    }

    /// OpenBSD's, which Debian installs.
    pub(super) fn nc(&self, machine: &Machine, servers: &Servers) {
        let mut script =
            "[ \"$1 $2 $3\" = '-vz -w 10' ] && [ $# = 5 ] || unforeseen \"$@\"\ncase $4:$5 in\n"
                .to_owned();
        let mut all: Vec<(String, Ended)> = machine
            .tcp
            .iter()
            .map(|(at, reply)| (at.clone(), Ended::of(reply)))
            .collect();
        all.push(servers.ended());
        for (at, ended) in all {
            let (host, port) = at.rsplit_once(':').expect("an address has a port");
            let service = if port == "443" { "https" } else { "*" };
            let (text, code) = match ended {
                Ended::Open(address) => (
                    format!(
                        "Connection to {host} ({address}) {port} port [tcp/{service}] succeeded!"
                    ),
                    0,
                ),
                Ended::Refused(address) => (
                    format!(
                        "nc: connect to {host} ({address}) port {port} (tcp) failed: Connection refused"
                    ),
                    1,
                ),
                Ended::Silent(address) => (
                    format!(
                        "nc: connect to {host} ({address}) port {port} (tcp) timed out: Operation now in progress"
                    ),
                    1,
                ),
                Ended::Unresolved => (
                    format!(
                        "nc: getaddrinfo for host \"{host}\" port {port}: Name or service not known"
                    ),
                    1,
                ),
            };
            script += &format!(
                "{}) echo {} >&2; exit {code} ;;\n",
                any_case(&at),
                quoted(&text)
            );
        }
        script += "*) unforeseen \"$@\" ;;\nesac";
        self.put("nc", &script);
    }

    /// The one of BIND 9.18. A server's port goes into an option; behind its address it is no address.
    pub(super) fn nslookup(&self, case: &HostCase, laid_out: &LaidOut) {
        let dns = &laid_out.values().dns;
        let (server, port) = dns.rsplit_once(':').unwrap_or(("none", "0"));
        assert!(
            case.expect.dns.is_some() || dns.is_empty(),
            "there is one name server"
        );
        let script = format!(
            r#"port=53
case $1 in -port=*) port=${{1#-port=}}; shift ;; esac
[ $# = 2 ] || unforeseen "$@"
case $2 in *:*) echo "nslookup: couldn't get address for '$2': not found" >&2; exit 1 ;; esac
[ "$2:$port" = '{server}:{port}' ] || unforeseen "$@"
printf 'Server:\t\t%s\nAddress:\t%s#%s\n\n** server can'\''t find %s: NXDOMAIN\n\n' "$2" "$2" "$port" "$1"
exit 1"#
        );
        self.put("nslookup", &script);
    }

    /// Debian 12's, 7.88. To what is recorded it gives the recorded answer; `-w`, last but for the address, closes it.
    pub(super) fn curl(&self, machine: &Machine) {
        let mut script = "for url; do :; done\nclosing=\nbefore=\nfor word; do [ \"$before\" = -w ] && closing=$word; before=$word; done\n\
                          close() { printf \"$(printf '%s' \"$closing\" | sed \"s/%{time_total}/$1/\")\"; }\ncase $url in\n"
            .to_owned();
        for (asked, reply) in &machine.http {
            let url = asked.split(' ').nth(1).expect("a request has an address");
            let host = url
                .trim_start_matches("https://")
                .split(['/', ':'])
                .next()
                .unwrap_or_default();
            let answer = match Ended::of(reply) {
                Ended::Refused(address) => format!(
                    "close 0.024113; printf '%s\\n' '*   Trying {address}:443...' '* connect to {address} port 443 failed: Connection refused' \
                     '* Failed to connect to {host} port 443 after 24 ms: Couldn'\\''t connect to server' '* Closing connection 0' \
                     'curl: (7) Failed to connect to {host} port 443 after 24 ms: Couldn'\\''t connect to server' >&2; exit 7"
                ),
                Ended::Silent(address) => format!(
                    "close 30.001200; printf '%s\\n' '*   Trying {address}:443...' '* Connection timed out after 30001 milliseconds' \
                     '* Closing connection 0' 'curl: (28) Connection timed out after 30001 milliseconds' >&2; exit 28"
                ),
                Ended::Unresolved => format!(
                    "close 0.011020; printf '%s\\n' '* Could not resolve host: {host}' '* Closing connection 0' \
                     'curl: (6) Could not resolve host: {host}' >&2; exit 6"
                ),
                Ended::Open(_) => {
                    let status = reply["answered"]["status"]
                        .as_u64()
                        .expect("it was answered");
                    let body = reply["answered"]["body"].as_str().unwrap_or_default();
                    let text = format!(
                        "HTTP/1.1 {status} Told\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    let print = self.print(&format!("curl.{host}"), &text);
                    format!("{print}; close 0.081777; exit 0")
                }
            };
            script += &format!("{}) {answer} ;;\n", any_case(url));
        }
        script += &format!(
            "https://localhost:*|https://*.invalid*|http://localhost:*|telnet://localhost:*) exec {} \"$@\" ;;\n*) unforeseen \"$@\" ;;\nesac",
            real("curl")
        );
        self.put("curl", &script);
    }
}

/// The servers that were started for the host.
pub(super) struct Servers {
    pub instance: Instance,
    pub address: String,
}

impl Servers {
    fn ended(&self) -> (String, Ended) {
        let at = self.address.trim_start_matches("https://");
        let at = match at.contains(':') {
            true => at.to_owned(),
            false => format!("{at}:443"),
        };
        let here = || "127.0.0.1".to_owned();
        let ended = match self.instance {
            Instance::Answering | Instance::Newer | Instance::OtherName => Ended::Open(here()),
            Instance::Refused => Ended::Refused(here()),
            Instance::Silent => Ended::Silent(here()),
            Instance::Unresolved => Ended::Unresolved,
        };
        (at, ended)
    }
}

/// How a connection ended, and where it led.
enum Ended {
    Open(String),
    Refused(String),
    Silent(String),
    Unresolved,
}

impl Ended {
    fn of(recorded: &Value) -> Self {
        let somewhere = "192.0.2.40".to_owned();
        match recorded {
            Value::String(word) if word == "refused" => Self::Refused(somewhere),
            Value::String(word) if word == "timed-out" => Self::Silent(somewhere),
            Value::Mapping(map) if map.contains_key("unresolved") => Self::Unresolved,
            Value::Mapping(map) if map.contains_key("answered") => Self::Open(somewhere),
            Value::Mapping(map) if map.contains_key("open") => {
                let address = recorded["open"]["address"].as_str().unwrap_or_default();
                let (address, _) = address.rsplit_once(':').unwrap_or((&somewhere, ""));
                Self::Open(address.to_owned())
            }
            other => panic!("no stand-in knows how to print {other:?}"),
        }
    }
}

/// A pattern of the shell for a text, whatever its case.
fn any_case(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_ascii_alphabetic() => {
                format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase())
            }
            c => quoted(&c.to_string()),
        })
        .collect()
}
