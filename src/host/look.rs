//! What can be looked at. Everything in it is a rendered value; secrets are references that `host::live` resolves.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    finding::{Address, InputName},
    host::TlsRequest,
};

/// One thing to look at. What a look can give stands beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// The first of `paths` that is there, opened: [`super::Reply::Files`] with one or none.
    File { paths: Vec<String> },
    /// All files that match a glob, newest first: [`super::Reply::Files`].
    Files { globs: Vec<String> },
    /// What the first of `paths` that is there is, unopened: [`super::Reply::Meta`].
    Meta { paths: Vec<String> },
    /// Paths that match, for suggestions: [`super::Reply::Paths`]. With `folders`, folders only.
    Paths { globs: Vec<String>, folders: bool },
    /// Free space where the path lies: [`super::Reply::Disk`].
    Disk { path: String },
    /// All processes: [`super::Reply::Processes`].
    Processes,
    /// Services whose name matches one of the globs: [`super::Reply::Services`].
    Services {
        names: Vec<String>,
        pid_file: Option<String>,
    },
    /// A name's addresses; `server` is empty for the system's resolver: [`super::Reply::Name`].
    Name {
        name: String,
        server: Option<String>,
    },
    /// A TCP connection, direct or through a proxy: [`super::Reply::Connection`].
    Connect {
        host: String,
        port: u16,
        via: Option<Via>,
    },
    /// A TLS handshake, and nothing over it: [`super::Reply::Tls`].
    Tls(TlsRequest),
    /// An HTTP request: [`super::Reply::Http`].
    Http(HttpRequest),
    /// So many echo requests of ICMP, spread over the time that there is: [`super::Reply::Ping`].
    Ping { host: String, count: u32 },
    /// A program, never through a shell: [`super::Reply::Program`].
    Program { run: Vec<String> },
}

/// A secret by the name of its input. The value is in memory alone and never in a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRef {
    pub secret: InputName,
}

/// A proxy to go through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Via {
    /// `host:port`, with or without `http://`.
    pub address: Address,
    #[serde(default)]
    pub user: String,
    #[serde(default)]
    pub password: Option<SecretRef>,
}

/// A login that is sent to the request's own host only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub user: String,
    #[serde(default)]
    pub password: Option<SecretRef>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HttpRequest {
    pub url: Address,
    /// `GET` where the tree says nothing.
    pub method: String,
    pub headers: BTreeMap<String, String>,
    pub body: Option<String>,
    pub login: Option<Login>,
    pub via: Option<Via>,
}
