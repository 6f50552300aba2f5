//! A host of `tests/hosts/` as it lies there: what is wrong with it, what its machine looks like, its files, and where the
//! walks over it have to end. Starts nothing.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// What `expect.yaml` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The fault, in a sentence.
    pub about: String,
    /// Which `base/*.yaml` is the machine; a `host.yaml` of the host's own goes before it.
    #[serde(default)]
    pub machine: Option<String>,
    pub instance: Instance,
    #[serde(default)]
    pub proxy: Proxy,
    #[serde(default)]
    pub dns: Option<Dns>,
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
    /// What stands where a file should be.
    #[serde(default)]
    pub in_place_of: BTreeMap<String, Odd>,
    pub walks: Vec<Walk>,
}

/// How the instance behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instance {
    /// It answers, and wants the version that is installed.
    Answering,
    /// It answers, and wants a newer version than the installed one.
    Newer,
    /// It answers, with a certificate for another name.
    OtherName,
    Refused,
    Silent,
    /// Its name leads nowhere.
    Unresolved,
}

/// The version that the instance of `support` wants.
pub const WANTED: &str = "made-up-07-01-2026__patch1_07-21-2026_1200";

impl Instance {
    /// Which version is installed on the host.
    pub fn installed(self) -> &'static str {
        match self {
            Instance::Newer => "made-up-07-01-2025__patch4_10-22-2025_1402",
            _ => WANTED,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proxy {
    #[default]
    None,
    Plain,
    /// It wants the login that [`PROXY_LOGIN`] names.
    Basic,
}

/// User and password of the proxy that wants a login.
pub const PROXY_LOGIN: (&str, &str) = ("harbour-mid", "Deck-Lantern-58");

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dns {
    Nxdomain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Odd {
    Fifo,
    Folder,
    /// 1 GB of them.
    Spaces,
}

/// One walk over the host and where it ends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Walk {
    pub tree: String,
    pub verdict: String,
    /// `tree/node`. Left out where only the verdict matters.
    #[serde(default)]
    pub conclusion: Option<String>,
    /// Causes that would be right as well, only less precise, where a file cannot be read.
    #[serde(default)]
    pub also: Vec<String>,
    /// What the conclusion's title has to name.
    #[serde(default)]
    pub names: Option<String>,
    /// What has to be among the evidence of the path's probes.
    #[serde(default)]
    pub evidence: Vec<Place>,
    /// What has to be among the facts of a probe.
    #[serde(default)]
    pub facts: serde_json::Map<String, serde_json::Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The end of its path.
    pub file: String,
    pub line: u64,
}

/// A host.
#[derive(Debug, Clone)]
pub struct HostCase {
    pub name: String,
    pub expect: Expect,
    machine: String,
    /// By path below the agent folder, joined by `/`.
    files: BTreeMap<String, String>,
}

/// What the placeholders stand for.
#[derive(Debug, Clone, Default)]
pub struct Values {
    pub agent_dir: String,
    /// `https://host:port`.
    pub instance: String,
    pub installed: &'static str,
    pub proxy_port: u16,
    /// `address:port`.
    pub dns: String,
}

impl Values {
    fn fill(&self, text: &str) -> String {
        let host = self.instance.trim_start_matches("https://");
        let host = host.split(':').next().unwrap_or(host);
        text.replace("@AGENT@", &self.agent_dir)
            .replace("@INSTANCE@", &self.instance)
            .replace("@HOST@", host)
            .replace("@INSTALLED@", self.installed)
            .replace("@PROXY_PORT@", &self.proxy_port.to_string())
            .replace("@DNS@", &self.dns)
    }
}

impl HostCase {
    /// All hosts, by name. A folder without `expect.yaml` is none.
    pub fn all() -> Vec<Self> {
        let root = root();
        let mut names: Vec<String> = fs::read_dir(&root)
            .expect("the hosts are there")
            .map(|entry| entry.expect("the folder can be listed").path())
            .filter(|path| path.join("expect.yaml").is_file())
            .map(|path| {
                path.file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names.iter().map(|name| Self::read(&root, name)).collect()
    }

    fn read(root: &Path, name: &str) -> Self {
        let folder = root.join(name);
        let text = |path: &Path| {
            fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let expect: Expect = serde_yaml::from_str(&text(&folder.join("expect.yaml")))
            .unwrap_or_else(|error| panic!("{name}/expect.yaml: {error}"));
        let own = folder.join("host.yaml");
        assert!(
            !(own.is_file() && expect.machine.is_some()),
            "{name}: `machine` beside a `host.yaml`"
        );
        let base = expect.machine.as_deref().unwrap_or("linux");
        let machine = match own.is_file() {
            true => text(&own),
            false => text(&root.join("base").join(format!("{base}.yaml"))),
        };
        let mut files = BTreeMap::new();
        for agent in [root.join("base/agent"), folder.join("agent")] {
            if agent.is_dir() {
                collect(&agent, &agent, &mut files);
            }
        }
        for path in expect.in_place_of.keys() {
            files
                .remove(path)
                .unwrap_or_else(|| panic!("{name}: no file `{path}` to take the place of"));
        }
        Self {
            name: name.to_owned(),
            expect,
            machine,
            files,
        }
    }

    pub fn is_windows(&self) -> bool {
        self.machine.lines().any(|line| line == "os: windows")
    }

    /// The text of `host.yaml`.
    pub fn machine(&self, values: &Values) -> String {
        values.fill(&self.machine)
    }

    /// The agent folder's files. Logs of Windows have its line ends.
    pub fn files(&self, values: &Values) -> BTreeMap<String, Vec<u8>> {
        let windows = self.is_windows();
        let fill = |(path, text): (&String, &String)| {
            let mut text = values.fill(text);
            if windows && path.contains(".log") {
                text = text.replace('\n', "\r\n");
            }
            (path.clone(), text.into_bytes())
        };
        self.files.iter().map(fill).collect()
    }

    /// The inputs, the agent folder among them.
    pub fn inputs(&self, values: &Values) -> BTreeMap<String, String> {
        let given = self.expect.inputs.iter();
        let mut inputs: BTreeMap<_, _> = given
            .map(|(name, value)| (name.clone(), values.fill(value)))
            .collect();
        inputs
            .entry("agent_dir".to_owned())
            .or_insert_with(|| values.agent_dir.clone());
        inputs
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts")
}

/// The texts below a folder, by path below `root`, joined by `/`.
fn collect(root: &Path, folder: &Path, into: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            collect(root, &path, into);
        } else {
            let inside = path.strip_prefix(root).expect("it lies below");
            let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
            into.insert(
                parts.join("/"),
                fs::read_to_string(&path).expect("a host's file is text"),
            );
        }
    }
}
