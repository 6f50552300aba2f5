//! A host laid out in a folder of its own, with its servers, and the real program run over it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{
    case::{HostCase, Odd, Values},
    servers::{Lacking, Servers},
};

/// No walk may take longer than the probes that it waits for, by far.
const LONGEST: Duration = Duration::from_secs(60);

/// A host laid out in a folder of its own, with its servers.
pub struct LaidOut {
    folder: TempDir,
    values: Values,
    _servers: Servers,
}

impl LaidOut {
    pub fn new(case: &HostCase) -> Result<Self, Lacking> {
        let folder = TempDir::new().expect("a folder of its own");
        let servers = Servers::start(&case.expect)?;
        let at = |part: &str| folder.path().join(part);
        let (agent_dir, files) = if case.is_windows() {
            let inside = "machine/files/C/ServiceNow/mid-harbour-01/agent";
            (r"C:\ServiceNow\mid-harbour-01\agent".to_owned(), at(inside))
        } else {
            (at("agent").display().to_string(), at("agent"))
        };
        let values = servers.values(&case.expect, &agent_dir);
        for (path, content) in case.files(&values) {
            write(&files.join(path), &content);
        }
        for (path, odd) in &case.expect.in_place_of {
            put(&files.join(path), *odd);
        }
        write(&at("machine/host.yaml"), case.machine(&values).as_bytes());
        write(&at("ca.pem"), servers.ca_pem.as_bytes());
        for (name, secret) in &case.expect.secrets {
            write(&at(&format!("secrets/{name}")), secret.as_bytes());
        }
        Ok(Self {
            folder,
            values,
            _servers: servers,
        })
    }

    /// What stands for the placeholders here.
    #[cfg(target_os = "linux")]
    pub fn values(&self) -> &Values {
        &self.values
    }

    pub fn at(&self, part: &str) -> PathBuf {
        self.folder.path().join(part)
    }

    /// What `diagnose` prints, and its exit code.
    pub fn diagnose(
        &self,
        case: &HostCase,
        tree: &str,
        format: &str,
    ) -> Result<(String, i32), String> {
        let mut arguments: Vec<String> = ["diagnose", tree, "--format", format]
            .map(str::to_owned)
            .into();
        arguments.extend(self.machine(case));
        for name in case.expect.secrets.keys() {
            let file = self.at(&format!("secrets/{name}"));
            arguments.push("--secret".to_owned());
            arguments.push(format!("{name}=@{}", file.display()));
        }
        match self.run(&arguments)? {
            (out, _, code @ (0 | 1 | 3)) => Ok((out, code)),
            (_, err, code) => Err(format!("exit code {code}: {err}")),
        }
    }

    /// The arguments that say which machine is looked at, and what is known of it.
    pub fn machine(&self, case: &HostCase) -> Vec<String> {
        let mut arguments = vec![
            "--host".to_owned(),
            self.at("machine").display().to_string(),
            "--ca".to_owned(),
            self.at("ca.pem").display().to_string(),
        ];
        for (name, value) in case.inputs(&self.values) {
            arguments.extend(["--input".to_owned(), format!("{name}={value}")]);
        }
        arguments
    }

    /// Runs the program; gives standard output, standard error and exit code.
    pub fn run(&self, arguments: &[String]) -> Result<(String, String, i32), String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_waypost"));
        command.args(arguments);
        command
            .env_remove("WAYPOST_TREES")
            .env_remove("XDG_DATA_HOME")
            .env("HOME", self.folder.path());
        for proxy in [
            "http_proxy",
            "https_proxy",
            "all_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
        ] {
            command.env_remove(proxy);
        }
        let (out, err) = (self.at("stdout"), self.at("stderr"));
        let file = |path: &Path| fs::File::create(path).expect("the folder can be written");
        command
            .stdin(Stdio::null())
            .stdout(file(&out))
            .stderr(file(&err));
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let begun = Instant::now();
        let status = loop {
            match child.try_wait().map_err(|error| error.to_string())? {
                Some(status) => break status,
                None if begun.elapsed() > LONGEST => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(format!("still at it after {} s", LONGEST.as_secs()));
                }
                None => thread::sleep(Duration::from_millis(10)),
            }
        };
        let read = |path: &Path| fs::read_to_string(path).expect("output is UTF-8");
        match status.code() {
            Some(code) => Ok((read(&out), read(&err), code)),
            None => Err(format!("it was killed: {}", read(&err))),
        }
    }
}

fn write(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().expect("it lies in a folder"))
        .expect("the folder can be made");
    fs::write(path, content).expect("the file can be written");
}

/// Puts what is no regular file, or a huge one, at a path.
fn put(path: &Path, odd: Odd) {
    fs::create_dir_all(path.parent().expect("it lies in a folder"))
        .expect("the folder can be made");
    match odd {
        Odd::Folder => fs::create_dir(path).expect("the folder can be made"),
        Odd::Fifo => {
            let made = Command::new("mkfifo")
                .arg(path)
                .status()
                .expect("`mkfifo` runs");
            assert!(made.success(), "mkfifo {}", path.display());
        }
        Odd::Spaces => {
            let mut file = fs::File::create(path).expect("the file can be made");
            let block = vec![b' '; 1 << 20];
            for _ in 0..1024 {
                file.write_all(&block).expect("1 GB is free");
            }
        }
    }
}
