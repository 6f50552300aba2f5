//! What a look gave, before anybody judges it.

use std::{fmt, io::Read};

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    finding::{Os, Unknown},
    host::TlsReply,
};

/// What a look gave. Which variant belongs to which look stands at [`super::Look`].
#[derive(Debug)]
pub enum Reply {
    Files(Vec<Opened>),
    /// `None`: none of the paths is there.
    Meta(Option<FileMeta>),
    Paths(Vec<String>),
    Disk(DiskSpace),
    Processes(ProcessList),
    Services(Services),
    Name(NameReply),
    Connection(Connection),
    Tls(TlsReply),
    Http(HttpReply),
    Ping(PingReply),
    Program(ProgramReply),
}

/// A file that was opened for reading, or the reason why it could not be. Always a regular file.
pub struct Opened {
    pub path: String,
    /// At the time of opening.
    pub size_bytes: u64,
    pub modified: Option<Timestamp>,
    pub content: Result<Box<dyn Read + Send>, Unknown>,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("path", &self.path)
            .field("size_bytes", &self.size_bytes)
            .field(
                "content",
                &self
                    .content
                    .as_ref()
                    .map(|_| "…")
                    .map_err(ToString::to_string),
            )
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileMeta {
    pub path: String,
    /// `None`, here and below, where it is not known.
    #[serde(default)]
    pub size_bytes: Option<u64>,
    pub modified: Option<Timestamp>,
    pub owner: Option<String>,
    #[serde(default)]
    pub folder: Option<bool>,
    /// By the user whom this program runs as; `None` where the system could not be asked.
    pub readable: Option<bool>,
    pub writable: Option<bool>,
    /// Who has which rights, each as the system writes it. Empty where that was not asked; nothing is concluded from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<String>,
}

impl FileMeta {
    /// That a path is there, and nothing else.
    pub fn there(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            size_bytes: None,
            modified: None,
            owner: None,
            folder: None,
            readable: None,
            writable: None,
            access: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiskSpace {
    /// Free to ordinary users.
    pub free_bytes: u64,
    pub total_bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProcessList {
    pub processes: Vec<Process>,
    /// Some processes' command lines are hidden from this user, so that *absent* cannot be said.
    pub hidden: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    pub pid: u32,
    /// The arguments joined by blanks.
    pub command_line: String,
    #[serde(default)]
    pub started: Option<Timestamp>,
    /// What it holds in memory; `None` where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    #[serde(default)]
    pub user: Option<String>,
}

/// The services that match, and the processes, for programs that run without a service manager.
#[derive(Debug, Clone, PartialEq)]
pub struct Services {
    pub services: Vec<ServiceState>,
    /// The pid that the pid file names; none where the look asked for no pid file, or there is none. An error where there
    /// may be one that was not seen.
    pub pid: Result<Option<u32>, Unknown>,
    pub processes: ProcessList,
    /// No service manager could be asked; then *absent* cannot be said from `services` being empty.
    pub no_manager: bool,
}

impl Default for Services {
    fn default() -> Self {
        Self {
            services: Vec::new(),
            pid: Ok(None),
            processes: ProcessList::default(),
            no_manager: false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceState {
    /// `systemd`, `windows` or `wrapper`.
    pub manager: String,
    pub name: String,
    /// `running`, `stopped`, `failed`, or what the manager says beyond these.
    pub state: String,
    #[serde(default)]
    pub start_mode: Option<String>,
    #[serde(default)]
    pub account: Option<String>,
    #[serde(default)]
    pub pid: Option<u32>,
    #[serde(default)]
    pub since: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameReply {
    pub addresses: Vec<String>,
    /// Who answered; empty where it is not known.
    #[serde(default)]
    pub server: String,
    /// `NOERROR`, `NXDOMAIN`, `SERVFAIL`, …
    pub code: String,
    /// `None` where nobody measured it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u64>,
}

/// The end of an attempt to connect. A firewall's silence is `TimedOut`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Connection {
    Open {
        address: String,
        /// `None` where nobody measured it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        took_ms: Option<u64>,
    },
    Refused {
        address: String,
    },
    TimedOut,
    /// No route, with the system's words.
    Unreachable(String),
    /// The name has no address, with the resolver's words.
    Unresolved(String),
    /// The proxy took the connection, and did not say in time whether it opens a way.
    ProxySilent {
        /// The proxy's own.
        address: String,
    },
    /// The proxy said no: its status, the login schemes that it offers, and what a code of SOCKS means.
    ProxyRefused {
        /// Of HTTP, or the code of SOCKS.
        status: u16,
        schemes: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum HttpReply {
    Answered {
        status: u16,
        #[serde(default)]
        headers: IndexMap<String, String>,
        /// Cut at the bound; `cut` says so.
        #[serde(default)]
        body: String,
        #[serde(default)]
        cut: bool,
        /// `None` where nobody measured it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        took_ms: Option<u64>,
        /// Where a redirect pointed that was not followed.
        #[serde(default)]
        redirected_to: Option<String>,
        /// `None` where it was not recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        moment: Option<Moment>,
    },
    /// It answered with this status, and nobody knows what else it said: some programs print no more of an answer.
    StatusAlone(u16),
    Refused(String),
    TimedOut,
    Unreachable(String),
    Unresolved(String),
    /// The raw reason of the TLS library.
    TlsFailed(String),
    /// As [`Connection::ProxyRefused`].
    ProxyRefused {
        status: u16,
        schemes: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
}

/// When the head of a reply had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// By the clock of the machine that asked.
    pub at: Timestamp,
    /// How long before that the request was begun that got this reply; where redirects were followed, the last one.
    pub wait_ms: u64,
}

/// What came of echo requests. Times are round trips.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum PingReply {
    /// At least one was answered.
    Answered {
        address: String,
        sent: u32,
        #[serde(default)]
        lost: u32,
        fastest_ms: f64,
        average_ms: f64,
        slowest_ms: f64,
        /// What was said instead of an answer to one that was lost.
        #[serde(default)]
        error: Option<String>,
    },
    /// None was answered.
    Silent {
        address: String,
        /// None could be sent where this is 0.
        sent: u32,
        /// What was said instead, by this machine or by one on the way.
        #[serde(default)]
        error: Option<String>,
    },
    /// The name has no address, with the resolver's words.
    Unresolved(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ProgramReply {
    Exited {
        status: i32,
        stdout: String,
        stderr: String,
    },
    /// There is no such program.
    Missing,
}

impl Reply {
    /// Which look this answers, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Reply::Files(_) => "files",
            Reply::Meta(_) => "meta",
            Reply::Paths(_) => "paths",
            Reply::Disk(_) => "disk",
            Reply::Processes(_) => "processes",
            Reply::Services(_) => "services",
            Reply::Name(_) => "name",
            Reply::Connection(_) => "connection",
            Reply::Tls(_) => "tls",
            Reply::Http(_) => "http",
            Reply::Ping(_) => "ping",
            Reply::Program(_) => "program",
        }
    }
}

/// The system that this program was built for.
pub const fn built_for() -> Os {
    if cfg!(windows) {
        Os::Windows
    } else if cfg!(target_os = "macos") {
        Os::Macos
    } else {
        Os::Linux
    }
}
