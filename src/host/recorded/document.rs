//! `host.yaml` as it is written, and the mistakes in it. Says nothing of files beside it.

use indexmap::IndexMap;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::bounds;
use crate::{
    finding::{Os, Unknown, visible::brief},
    host::{
        Connection, DiskSpace, HttpReply, LacksStart, NameReply, PingReply, Process, ProgramReply,
        ServiceState, TlsReply,
    },
};

/// The longest `host.yaml`, in bytes.
const LONGEST: usize = 16 << 20;

/// The longest name of a time zone, or its rules, in bytes.
const LONGEST_ZONE: usize = 200;

/// Why a recording cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordedError {
    #[error("host.yaml is longer than {} MiB", LONGEST >> 20)]
    TooLong,
    /// More than is put together.
    #[error("host.yaml: {0}")]
    PastBound(String),
    /// With line and column where the reader knows them. It quotes what it did not expect, however long that is.
    #[error("host.yaml: {}", brief(&.0.to_string()))]
    Yaml(#[from] serde_yaml::Error),
    /// An entry that is YAML but says nothing that this program knows.
    #[error("host.yaml: `{}` under `{section}`: {}", brief(entry), brief(why))]
    Entry {
        section: &'static str,
        entry: String,
        why: String,
    },
    #[error("the recording's files: {0}")]
    Files(String),
}

impl RecordedError {
    pub(super) fn relative(section: &'static str, path: &str) -> Self {
        Self::Entry {
            section,
            entry: path.to_owned(),
            why: "not an absolute path".to_owned(),
        }
    }

    pub(super) fn too_many_paths(most: usize) -> Self {
        let most = most >> 20;
        Self::PastBound(format!(
            "the paths take more than {most} MiB with the folders above them, the bound"
        ))
    }
}

/// The file, section by section. An absent section was not recorded.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub os: Os,
    /// Every key names the whole look, as a program writes it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub exact: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    #[serde(default)]
    pub files: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roots: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub paths: IndexMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<String>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub irregular: IndexMap<String, Irregular>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub meta: IndexMap<String, Meta>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partial: Vec<String>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub parts: IndexMap<String, Part>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub left_out: IndexMap<String, String>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub unread: IndexMap<String, Unknown>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub unseen: IndexMap<String, Vec<Unknown>>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub failed: IndexMap<String, Unknown>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services: Option<Vec<ServiceState>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_names: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_manager: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processes: Option<Processes>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub disks: IndexMap<String, DiskSpace>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub dns: IndexMap<String, NameReply>,
    // The YAML library wants tags for variants with data; read as plain values they are maps, as in JSON.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub tcp: IndexMap<String, Value>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub tls: IndexMap<String, Value>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub http: IndexMap<String, Value>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub ping: IndexMap<String, Value>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub programs: IndexMap<String, Value>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

/// Which part of a file was recorded. What is left out is not known, but for the byte: it is 0 then, the start.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    /// The byte that it begins with, counted from 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub from_byte: u64,
    /// The line that it begins with, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_line: Option<u64>,
    /// The file's end is there.
    #[serde(default, skip_serializing_if = "is_false")]
    pub to_end: bool,
    /// Why reading broke off behind it, where it did, in the words of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broke_off: Option<String>,
}

impl Part {
    /// What stood before it, if anything did.
    pub fn lacks(&self) -> Option<LacksStart> {
        let lines = match self.from_line {
            Some(line) => Some(line.saturating_sub(1)),
            None if self.from_byte == 0 => Some(0),
            None => None,
        };
        let begins = self.from_byte == 0 && lines == Some(0);
        (!begins).then_some(LacksStart {
            bytes: self.from_byte,
            lines,
        })
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// What stands at a path that is no regular file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Irregular {
    Fifo,
    Folder,
    Device,
}

impl Irregular {
    pub fn name(self) -> &'static str {
        match self {
            Irregular::Fifo => "a named pipe",
            Irregular::Folder => "a folder",
            Irregular::Device => "a device",
        }
    }
}

/// What a file's content does not tell. What is left out is not known, but that it is no folder, and that what was
/// recorded with its content can be read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Meta {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub folder: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readable: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writable: Option<bool>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Processes {
    #[serde(default)]
    pub hidden: bool,
    #[serde(default)]
    pub list: Vec<Process>,
}

/// The sections whose entries were read as plain values, as what they mean.
#[derive(Debug, Default)]
pub(crate) struct Replies {
    pub tcp: IndexMap<String, Connection>,
    pub tls: IndexMap<String, TlsReply>,
    pub http: IndexMap<String, HttpReply>,
    pub ping: IndexMap<String, PingReply>,
    pub programs: IndexMap<String, ProgramReply>,
    pub zone: Option<TimeZone>,
}

impl Document {
    /// A recording in which nothing was recorded yet.
    pub fn empty(os: Os) -> Self {
        Self {
            os,
            exact: false,
            now: None,
            zone: None,
            files: false,
            roots: None,
            asked: Vec::new(),
            paths: IndexMap::new(),
            denied: Vec::new(),
            irregular: IndexMap::new(),
            meta: IndexMap::new(),
            partial: Vec::new(),
            parts: IndexMap::new(),
            left_out: IndexMap::new(),
            unread: IndexMap::new(),
            unseen: IndexMap::new(),
            failed: IndexMap::new(),
            services: None,
            service_names: None,
            no_manager: false,
            processes: None,
            disks: IndexMap::new(),
            dns: IndexMap::new(),
            tcp: IndexMap::new(),
            tls: IndexMap::new(),
            http: IndexMap::new(),
            ping: IndexMap::new(),
            programs: IndexMap::new(),
        }
    }

    pub fn read(text: &str) -> Result<(Self, Replies), RecordedError> {
        if text.len() > LONGEST {
            return Err(RecordedError::TooLong);
        }
        // Editors on Windows write one.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        bounds::within(text, bounds::MAX_VALUES).map_err(RecordedError::PastBound)?;
        let document: Self = serde_yaml::from_str(text)?;
        let zone = match &document.zone {
            Some(name) if name.len() > LONGEST_ZONE => {
                return Err(RecordedError::Entry {
                    section: "zone",
                    entry: brief(name),
                    why: format!("longer than {LONGEST_ZONE} bytes, the bound"),
                });
            }
            Some(name) => Some(zone(name).map_err(|error| RecordedError::Entry {
                section: "zone",
                entry: name.clone(),
                why: error.to_string(),
            })?),
            None => None,
        };
        let replies = Replies {
            tcp: entries("tcp", &document.tcp, |key| {
                // The address that refused is seldom known to who writes by hand; the one asked for stands in.
                serde_json::json!({ "refused": { "address": key } })
            })?,
            tls: entries(
                "tls",
                &document.tls,
                |key| serde_json::json!({ "no-way": { "refused": { "address": key } } }),
            )?,
            http: entries(
                "http",
                &document.http,
                |_| serde_json::json!({ "refused": "connection refused" }),
            )?,
            ping: entries("ping", &document.ping, |_| Value::Null)?,
            programs: entries("programs", &document.programs, |_| Value::Null)?,
            zone,
        };
        Ok((document, replies))
    }
}

/// A zone by its name, or by its rules where it has none.
fn zone(name: &str) -> Result<TimeZone, jiff::Error> {
    TimeZone::get(name).or_else(|error| TimeZone::posix(name).map_err(|_| error))
}

/// Reads every entry of a section. A bare `refused` means what `refused` makes of its key.
fn entries<T: DeserializeOwned>(
    section: &'static str,
    values: &IndexMap<String, Value>,
    refused: impl Fn(&str) -> Value,
) -> Result<IndexMap<String, T>, RecordedError> {
    let read = |(key, value): (&String, &Value)| {
        let value = if value == "refused" {
            refused(key)
        } else {
            value.clone()
        };
        match serde_json::from_value(value) {
            Ok(reply) => Ok((key.clone(), reply)),
            Err(error) => Err(RecordedError::Entry {
                section,
                entry: key.clone(),
                why: error.to_string(),
            }),
        }
    };
    values.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_names_its_place() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(Document::read(text).unwrap_err().to_string(), expected);
        }
        check("{}", "host.yaml: missing field `os`");
        check(
            "os: beos",
            "host.yaml: os: unknown variant `beos`, expected one of `linux`, `windows`, `macos` at line 1 column 5",
        );
        check(
            "os: linux\nprocesses:\n  list: [{pid: 1, command: x}]",
            "host.yaml: processes.list[0]: unknown field `command`, expected one of `pid`, `command_line`, `started`, \
             `memory_bytes`, `user` at line 3 column 19",
        );
        check(
            "os: linux\nzone: Europe/Atlantis",
            "host.yaml: `Europe/Atlantis` under `zone`: failed to find time zone `Europe/Atlantis` in time zone database",
        );
        check(
            "os: linux\ntcp: {\"x:1\": gone}",
            "host.yaml: `x:1` under `tcp`: unknown variant `gone`, expected one of `open`, `refused`, `timed-out`, \
             `unreachable`, `unresolved`, `proxy-silent`, `proxy-refused`",
        );
        check(
            "os: linux\ntls: {\"x:1\": timed-out}",
            "host.yaml: `x:1` under `tls`: unknown variant `timed-out`, expected one of `shown`, `failed`, `no-way`, \
             `silent`",
        );
        check(
            "os: linux\nhttp: {\"GET https://x/\": {answered: {status: 200, boody: x}}}",
            "host.yaml: `GET https://x/` under `http`: unknown field `boody`, expected one of `status`, `headers`, \
             `body`, `cut`, `took_ms`, `redirected_to`, `moment`",
        );
        check(
            "os: linux\nping: {x: silent}",
            "host.yaml: `x` under `ping`: invalid type: unit variant, expected struct variant",
        );
        check(
            &" ".repeat((16 << 20) + 1),
            "host.yaml is longer than 16 MiB",
        );
        check(
            &format!("os: linux\nhttp: {{x: {}", "[".repeat(100_000)),
            "host.yaml: nested deeper than 255 levels, the bound",
        );
        check(
            &format!("os: linux\npaths:\n{}", "  /a: [x]\n".repeat(200_000)),
            "host.yaml: more than 500000 values, the bound",
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_document() {
        let (document, _) = Document::read("\u{feff}os: linux\nfiles: true\n").unwrap();
        assert_eq!((document.os, document.files), (Os::Linux, true));
    }

    #[test]
    fn a_zone_without_a_name_is_known_by_its_rules() {
        let (_, replies) = Document::read("os: linux\nzone: <local>-05:30\n").unwrap();
        let offset = replies.zone.unwrap().to_offset(Timestamp::UNIX_EPOCH);
        assert_eq!(offset.seconds(), 5 * 3600 + 30 * 60);
    }

    #[test]
    fn short_forms_are_read() {
        let (_, replies) = Document::read(
            "os: linux\ntcp: {\"x:1\": refused, \"x:2\": timed-out}\ntls: {\"x:1\": refused, \"x:2\": {no-way: timed-out}}\nhttp: {GET http://x/: refused}\nprograms: {java: missing}",
        )
        .unwrap();
        assert_eq!(
            replies.tcp["x:1"],
            Connection::Refused {
                address: "x:1".to_owned()
            }
        );
        assert_eq!(replies.tcp["x:2"], Connection::TimedOut);
        let refused = replies.tcp["x:1"].clone();
        assert_eq!(replies.tls["x:1"], TlsReply::NoWay(refused));
        assert_eq!(replies.tls["x:2"], TlsReply::NoWay(Connection::TimedOut));
        assert_eq!(
            replies.http["GET http://x/"],
            HttpReply::Refused("connection refused".to_owned())
        );
        assert_eq!(replies.programs["java"], ProgramReply::Missing);
    }
}
