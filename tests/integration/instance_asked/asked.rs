//! An instance on loopback, and the real program that asks it. What comes of it is told; nothing is compared here.

use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{
    ADMIN, Authority, Certificate, Instance, Login, MID_USER, Request, Says, Tables, fed, program,
};

/// What stands in every walk: no program of an upgrade runs on this machine, and nothing else is known of it.
const MACHINE: &str = "os: linux\nprocesses: { list: [] }\n";

pub const NAME: &str = "mid harbour^01";

/// A page that is no answer.
pub fn page(title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    )
}

/// An instance with tables, and a folder for what the program is given.
pub struct Asked {
    pub instance: Instance,
    folder: TempDir,
}

/// What somebody types who has the program ask the instance.
#[derive(Debug, Clone, Default)]
pub struct Walk<'w> {
    pub tree: &'w str,
    /// `NODE=ANSWER`, given ahead.
    pub answers: &'w [&'w str],
    /// An administrator's login, as the tree's inputs, with this password.
    pub admin: Option<&'w str>,
    /// The password that the MID Server's user should have.
    pub own: Option<&'w str>,
}

impl Asked {
    /// Lets the administrator and the MID Server's user in, and answers with these tables.
    pub fn new(says: &[(&str, Says)]) -> Self {
        Self::letting_in(&[ADMIN, MID_USER], says)
    }

    pub fn letting_in(logins: &[Login], says: &[(&str, Says)]) -> Self {
        let authority = Authority::new();
        let instance = Instance::tls(&authority, Certificate::Good);
        let says = says.iter();
        instance.tables(Tables {
            logins: logins.to_vec(),
            says: says
                .map(|(table, says)| ((*table).to_owned(), says.clone()))
                .collect(),
        });
        let folder = TempDir::new().expect("a folder of its own");
        fs::create_dir(folder.path().join("machine")).expect("the folder can be made");
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("the file can be written");
        };
        write("machine/host.yaml", MACHINE);
        write("ca.pem", &authority.pem());
        Self { instance, folder }
    }

    fn command(&self, walk: &Walk<'_>, arguments: &[&str]) -> Command {
        let mut command = program(self.folder.path(), arguments);
        command.args(["--host", "machine", "--ca", "ca.pem"]);
        let mut inputs = vec![
            format!("instance_url={}", self.instance.url("/")),
            format!("mid_name={NAME}"),
            format!("mid_user={}", MID_USER.0),
            "proxy_address=".to_owned(),
        ];
        inputs.extend(walk.admin.map(|_| format!("admin_user={}", ADMIN.0)));
        for input in inputs {
            command.args(["--input", &input]);
        }
        command
    }

    /// Runs `diagnose`; the passwords are handed over as files.
    pub fn diagnose(&self, walk: &Walk<'_>, format: &str) -> Output {
        self.run(walk, &["diagnose", walk.tree, "--format", format])
    }

    /// Runs a command that takes secrets as files.
    pub fn run(&self, walk: &Walk<'_>, arguments: &[&str]) -> Output {
        let mut command = self.command(walk, arguments);
        for answer in walk.answers {
            command.args(["--answer", answer]);
        }
        let secrets = [("admin_password", walk.admin), ("mid_password", walk.own)];
        for (name, secret) in secrets {
            let Some(secret) = secret else { continue };
            fs::write(self.folder.path().join(name), secret).expect("the file can be written");
            command.args(["--secret", &format!("{name}=@{name}")]);
        }
        command
            .stdin(Stdio::null())
            .output()
            .expect("the program starts")
    }

    /// The same as data.
    pub fn result(&self, walk: &Walk<'_>) -> Value {
        let output = self.diagnose(walk, "json");
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// Walks as plain lines, with these lines typed; gives what was printed.
    pub fn walk(&self, walk: &Walk<'_>, typed: &str) -> String {
        let mut program = self.command(walk, &[walk.tree, "--plain"]);
        let output = fed(&mut program, typed);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// How often each login went out, by its header.
    pub fn logins(&self) -> BTreeMap<String, Vec<Request>> {
        let mut logins: BTreeMap<String, Vec<Request>> = BTreeMap::new();
        for request in self.instance.requests() {
            if let Some(login) = request.header("authorization") {
                logins.entry(login.to_owned()).or_default().push(request);
            }
        }
        logins
    }
}

/// What a walk made of one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub answer: Option<String>,
    pub why: String,
}

/// The step of the path at `tree/node`, the last one where there are several, or the question that the walk stands at.
pub fn step(result: &Value, spot: &str) -> Option<Step> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let is_here = |step: &&Value| {
        let (tree, node) = (&step["tree"], &step["node"]);
        format!(
            "{}/{}",
            tree.as_str().unwrap_or(""),
            node.as_str().unwrap_or("")
        ) == spot
    };
    let mut path = result["path"].as_array().into_iter().flatten();
    let open = result["questions"]
        .as_array()
        .into_iter()
        .flatten()
        .find(is_here);
    let found = path.rfind(is_here).or(open)?;
    Some(Step {
        answer: text(&found["answer"]),
        why: text(&found["why"]).unwrap_or_default(),
    })
}
