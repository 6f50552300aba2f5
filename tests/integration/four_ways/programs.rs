//! The programs of a host that tell of the machine, as stand-ins that come first in `PATH`. What they print has the form that the
//! real ones have on Debian 12, and says what the host's `host.yaml` says. What reads files is real, and so is what asks the
//! servers on loopback; `nc` and `nslookup`, which few machines have, say how the servers behave.
//!
//! A stand-in that is called otherwise than a command to copy calls it says so, and [`Programs::unforeseen`] tells it.

use std::{
    collections::BTreeMap,
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_yaml::Value;

use crate::hosts::{
    case::{HostCase, Instance},
    laid_out::LaidOut,
};

/// What is read of `host.yaml`.
#[derive(Deserialize)]
struct Machine {
    now: Timestamp,
    zone: String,
    #[serde(default)]
    services: Vec<Service>,
    #[serde(default)]
    no_manager: bool,
    #[serde(default)]
    processes: Processes,
    #[serde(default)]
    disks: BTreeMap<String, Disk>,
    #[serde(default)]
    tcp: BTreeMap<String, Value>,
    #[serde(default)]
    http: BTreeMap<String, Value>,
    #[serde(default)]
    dns: BTreeMap<String, Name>,
}

#[derive(Deserialize)]
struct Service {
    name: String,
    state: String,
    start_mode: String,
    #[serde(default)]
    pid: Option<u32>,
    since: Timestamp,
}

#[derive(Default, Deserialize)]
struct Processes {
    list: Vec<Process>,
}

#[derive(Deserialize)]
struct Process {
    pid: u32,
    user: String,
    command_line: String,
}

#[derive(Deserialize)]
struct Disk {
    free_bytes: u64,
    total_bytes: u64,
}

#[derive(Deserialize)]
struct Name {
    addresses: Vec<String>,
}

/// The stand-ins of one host.
pub struct Programs {
    folder: PathBuf,
    ca: PathBuf,
    zone: String,
}

impl Programs {
    pub fn new(case: &HostCase, laid_out: &LaidOut) -> Self {
        let text = case.machine(laid_out.values());
        let machine: Machine = serde_yaml::from_str(&text)
            .unwrap_or_else(|error| panic!("{}/host.yaml: {error}", case.name));
        let programs = Self {
            folder: laid_out.at("bin"),
            ca: laid_out.at("ca.pem"),
            zone: machine.zone.clone(),
        };
        fs::create_dir(&programs.folder).expect("the folder can be made");
        programs.date(&machine);
        programs.ps(&machine);
        programs.systemctl(&machine);
        programs.df(&machine);
        programs.getent(&machine);
        let servers = Servers {
            instance: case.expect.instance,
            address: laid_out.values().instance.clone(),
        };
        programs.nc(&machine, &servers);
        programs.nslookup(case, laid_out);
        programs.curl(&machine);
        programs
    }

    /// A shell of that host.
    pub fn shell(&self) -> Command {
        let mut command = Command::new("sh");
        let path = env::var("PATH").unwrap_or_default();
        command
            .env("PATH", format!("{}:{path}", self.folder.display()))
            .env("TZ", &self.zone)
            // What the host's system trusts.
            .env("CURL_CA_BUNDLE", &self.ca)
            .env("SSL_CERT_FILE", &self.ca);
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command
    }

    /// The calls that no stand-in knows.
    pub fn unforeseen(&self) -> String {
        fs::read_to_string(self.folder.join("unforeseen")).unwrap_or_default()
    }

    /// What a program prints, to be printed with `cat`.
    fn print(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        fs::write(&path, text).expect("the folder can be written");
        format!("cat {}", quoted(&path.display().to_string()))
    }

    /// Puts a program there. `script` is within a function that knows `unforeseen`.
    fn put(&self, name: &str, script: &str) {
        let text = format!(
            "#!/bin/sh\nunforeseen() {{ printf '%s %s\\n' {name} \"$*\" | tee -a {} >&2; exit 99; }}\n{script}\n",
            quoted(&self.folder.join("unforeseen").display().to_string())
        );
        let path = self.folder.join(name);
        fs::write(&path, text).expect("the folder can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }

    /// The real one, at the host's time.
    fn date(&self, machine: &Machine) {
        let script = format!("exec {} -d {} \"$@\"", real("date"), machine.now);
        self.put("date", &script);
    }

    fn ps(&self, machine: &Machine) {
        const LIST: &str = "-Aww -o pid -o lstart=UTC -o rss -o user:32 -o args=COMMAND";
        let booted = machine.now - SignedDuration::from_hours(500);
        let mut list = format!(
            "{:>7} {:>24} {:>5} {:<32} COMMAND\n",
            "PID", "UTC", "RSS", "USER"
        );
        let mut full = BTreeMap::new();
        let mut line = |pid: u32, started: Timestamp, rss: u32, user: &str, command: &str| {
            let started = started.strftime("%a %b %e %H:%M:%S %Y");
            list += &format!("{pid:>7} {started:>24} {rss:>5} {user:<32} {command}\n");
            full.insert(
                pid,
                format!("{user:<8} {pid:>7}       1  0 Nov18 ?        00:00:12 {command}\n"),
            );
        };
        if machine
            .processes
            .list
            .iter()
            .all(|process| process.pid != 1)
        {
            line(1, booted, 12_876, "root", "/sbin/init");
        }
        line(
            611,
            booted,
            6120,
            "root",
            "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups",
        );
        for process in &machine.processes.list {
            let started = match process.pid {
                1 => booted,
                _ => machine
                    .services
                    .first()
                    .map_or(booted, |service| service.since),
            };
            line(
                process.pid,
                started,
                88_040,
                &process.user,
                &process.command_line,
            );
        }
        line(5102, machine.now, 1680, "mid", "-bash");
        line(5103, machine.now, 4540, "mid", &format!("ps {LIST}"));
        let mut script = format!(
            "case \"$*\" in\n'{LIST}') {} ;;\n",
            self.print("ps.list", &list)
        );
        let heading = "UID          PID    PPID  C STIME TTY          TIME CMD\n";
        script += &format!(
            "'-fp ') {} >&2; exit 1 ;;\n",
            self.print("ps.usage", PS_USAGE)
        );
        for (pid, line) in full {
            let print = self.print(&format!("ps.{pid}"), &format!("{heading}{line}"));
            script += &format!("'-fp {pid}') {print} ;;\n");
        }
        script += &format!(
            "'-fp '[0-9]*) {}; exit 1 ;;\n*) unforeseen \"$@\" ;;\nesac",
            self.print("ps.none", heading)
        );
        self.put("ps", &script);
    }

    fn systemctl(&self, machine: &Machine) {
        if machine.no_manager {
            let script = "printf '%s\\n%s\\n' \"System has not been booted with systemd as init system (PID 1). Can't operate.\" \
                          'Failed to connect to bus: Host is down' >&2; exit 1";
            return self.put("systemctl", script);
        }
        let mut units = String::new();
        let mut print = String::new();
        for service in &machine.services {
            let name = format!("{}.service", service.name);
            let ends = if service.state == "running" { 0 } else { 3 };
            // In the plain locale systemd draws with ASCII.
            let fancy = self.print(&format!("{name}.fancy"), &status(service, machine, true));
            let plain = self.print(&format!("{name}.plain"), &status(service, machine, false));
            units += &format!(" {name}");
            print +=
                &format!("{name}) [ \"$LC_ALL\" = C ] && {plain} || {fancy}; code={ends} ;;\n");
        }
        // Globs are looked up behind the names.
        let script = format!(
            r#"[ "$1 $2 $3" = 'status --no-pager --' ] || unforeseen "$@"
shift 3
code=0
first=yes
show() {{
    [ "$first" = yes ] || echo
    first=no
    case $1 in
{print}    esac
}}
for name in "$@"; do
    case $name in *[*?]*) continue ;; *.*) ;; *) name=$name.service ;; esac
    hit=
    for unit in{units}; do [ "$unit" = "$name" ] && hit=yes && show "$unit"; done
    [ -n "$hit" ] || {{ echo "Unit $name could not be found." >&2; code=4; }}
done
for name in "$@"; do
    case $name in *[*?]*) ;; *) continue ;; esac
    for unit in{units}; do case $unit in $name.service) show "$unit" ;; esac; done
done
exit $code"#
        );
        self.put("systemctl", &script);
    }

    fn df(&self, machine: &Machine) {
        let mut script = "[ \"$1 $2\" = '-Pk --' ] && [ $# = 3 ] || unforeseen \"$@\"\n\
                          [ -e \"$3\" ] || { echo \"df: $3: No such file or directory\" >&2; exit 1; }\ncase $3 in\n"
            .to_owned();
        for (path, disk) in &machine.disks {
            let (total, free) = (disk.total_bytes / 1024, disk.free_bytes / 1024);
            let used = total - free;
            let percent = (used * 100).div_ceil(total);
            let text = format!(
                "Filesystem     1024-blocks     Used Available Capacity Mounted on\n\
                 {:<14} {total:>11} {used:>8} {free:>9} {percent:>7}% /\n",
                "/dev/sda2"
            );
            script += &format!(
                "{0}|{0}/*) {1} ;;\n",
                quoted(path),
                self.print("df.text", &text)
            );
        }
        script += "*) unforeseen \"$@\" ;;\nesac";
        self.put("df", &script);
    }

    fn getent(&self, machine: &Machine) {
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
    fn nc(&self, machine: &Machine, servers: &Servers) {
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
    fn nslookup(&self, case: &HostCase, laid_out: &LaidOut) {
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
    fn curl(&self, machine: &Machine) {
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
struct Servers {
    instance: Instance,
    address: String,
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

/// What `systemctl status` prints of a unit, in the host's own zone.
fn status(service: &Service, machine: &Machine, fancy: bool) -> String {
    let since = service.since.in_tz(&machine.zone).expect("a zone");
    let since = since.strftime("%a %Y-%m-%d %H:%M:%S %Z");
    let ago = machine.now.duration_since(service.since);
    let (hours, minutes) = (ago.as_hours(), ago.as_mins() % 60);
    let ago = match hours {
        0 => format!("{minutes}min ago"),
        _ => format!("{hours}h {minutes}min ago"),
    };
    let name = &service.name;
    let mark = match (fancy, service.state.as_str()) {
        (false, "failed") => "x",
        (false, _) => "*",
        (true, "running") => "●",
        (true, "failed") => "×",
        (true, _) => "○",
    };
    let mut text = format!(
        "{mark} {name}.service - ServiceNow MID Server\n     \
         Loaded: loaded (/etc/systemd/system/{name}.service; {}; preset: enabled)\n",
        service.start_mode
    );
    match (service.state.as_str(), service.pid) {
        ("running", Some(pid)) => {
            text += &format!(
                "     Active: active (running) since {since}; {ago}\n   Main PID: {pid} (wrapper-linux-x)\n      \
                 Tasks: 80 (limit: 4567)\n     Memory: 801.2M\n        CPU: 3min 2.100s\n     CGroup: /system.slice/{name}.service\n"
            );
            let own: Vec<&Process> = machine
                .processes
                .list
                .iter()
                .filter(|process| process.pid != 1)
                .collect();
            for (at, process) in own.iter().enumerate() {
                let branch = match (fancy, at + 1 == own.len()) {
                    (true, true) => "└─",
                    (true, false) => "├─",
                    (false, true) => "`-",
                    (false, false) => "|-",
                };
                text += &format!(
                    "             {branch}{} {}\n",
                    process.pid, process.command_line
                );
            }
        }
        ("stopped", _) => {
            text += &format!(
                "     Active: inactive (dead) since {since}; {ago}\n   Duration: 3d 1h 2min 4.100s\n    \
                 Process: 1188 ExecStart=/opt/mid/bin/mid.sh start sysd (code=exited, status=0/SUCCESS)\n   \
                 Main PID: 1188 (code=exited, status=0/SUCCESS)\n        CPU: 3min 2.100s\n"
            );
        }
        (other, _) => panic!("no stand-in knows how to print the state `{other}`"),
    }
    text + "\nNov 18 06:12:01 mid-harbour-01 systemd[1]: Started mid.service - ServiceNow MID Server.\n"
}

const PS_USAGE: &str = "error: list of process IDs must follow -p\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  \
                        or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n";

/// Where the real program lies.
fn real(name: &str) -> String {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    found.map_or_else(|| "false".to_owned(), |path| path.display().to_string())
}

/// Whether this machine has the programs that ask the servers on loopback.
pub fn lacking() -> Option<&'static str> {
    let lacks = |name: &&str| !Path::new(&real(name)).is_absolute();
    ["curl", "openssl", "getent", "date"]
        .into_iter()
        .find(|name| lacks(name))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
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
