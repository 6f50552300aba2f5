//! The programs of a host that tell of the machine, as stand-ins that come first in `PATH`. What they print has the form that the
//! real ones have on Debian 12, and says what the host's `host.yaml` says. What reads files is real, and so is what asks the
//! servers on loopback; `nc` and `nslookup`, which few machines have, say how the servers behave.
//!
//! A stand-in that is called otherwise than a command to copy calls it says so, and [`Programs::unforeseen`] tells it.

mod network;
mod systemd;

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

use self::network::Servers;
use crate::hosts::{case::HostCase, laid_out::LaidOut};

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
