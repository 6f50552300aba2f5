//! A request: the commands that somebody else is to run on a machine that this program cannot look at, as a text to send or as
//! a script. What comes back is read by [`Answer`]. Runs nothing, and knows no folder.
//!
//! A script reads only, masks what looks secret before it writes, and writes one file. It says its commands in full: whoever
//! runs it can read it first.

mod answer;
mod mark;
mod masks;
mod powershell;
mod sh;
mod sought;
mod text;

use std::collections::{BTreeMap, BTreeSet};

pub use self::{
    answer::{Answer, AnswerError, MAX_BYTES, Printed, Ran},
    mark::marked,
};
use self::{
    mark::{as_if, mark, typed},
    sought::Sought,
};
use crate::{
    engine::{Given, ProbeKey, ProbeRequest, Session},
    finding::{Finding, InputName, Os, TreeId},
    host::printed::marked_list::ALL,
    tree::Origin,
};

/// What ends a command within a script.
const END: &str = "WAYPOST_END";

/// Control characters have no place in a script.
fn is_odd(c: char) -> bool {
    c.is_control() && c != '\n'
}

/// What somebody is to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub tree: TreeId,
    /// The tree's own, as it stands in its file.
    pub title: String,
    pub hash: String,
    pub os: Os,
    /// The case that asks, by its folder's name.
    pub case: Option<String>,
    /// Inputs that are known already, without secrets. They stand in the answer, so that whoever opens it need not give them.
    pub known: BTreeMap<InputName, String>,
    /// Inputs that the script looks for where it runs.
    sought: Vec<Sought>,
    /// In the order of the trees; probes that look the same stand together.
    pub looks: Vec<Asked>,
    pub left_out: Vec<LeftOut>,
}

/// One look as commands.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub probes: Vec<ProbeKey>,
    pub kind: &'static str,
    /// Of the commands as they are without variables.
    pub mark: String,
    pub commands: Vec<String>,
    /// The inputs that have to be found for it.
    pub needs: BTreeSet<InputName>,
}

impl Asked {
    /// What an answer says of it behind `look`: its mark, with the inputs that had to be found for it, its kind and its probes.
    fn line(&self) -> String {
        let mut line = self.mark.clone();
        for (at, name) in self.needs.iter().enumerate() {
            line.push(if at == 0 { ':' } else { ',' });
            line += name.as_str();
        }
        line = format!("{line} {}", self.kind);
        for probe in &self.probes {
            line = format!("{line} {probe}");
        }
        line
    }
}

/// A look that is not asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub probe: ProbeKey,
    /// A lowercase fragment.
    pub why: String,
}

/// Which looks are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    All,
    /// Those that have no finding yet, or one that tells nothing.
    Open,
}

impl Request {
    /// What is to be run for the looks of a case. `commands` says whether programs that a tree names may be run.
    pub fn of(session: &Session, which: Which, commands: bool) -> Self {
        let opening = session.opening();
        let os = opening.os;
        let forest = session.forest();
        let tree = forest.tree(&opening.tree);
        let sought = sought::sought(session);
        let as_if = as_if(session, sought.iter().map(|sought| &sought.name));
        let mut request = Self {
            tree: opening.tree.clone(),
            title: tree
                .map(|tree| tree.title.source.to_string())
                .unwrap_or_default(),
            hash: tree.map(|tree| tree.hash.clone()).unwrap_or_default(),
            os,
            case: None,
            known: known(session),
            sought,
            looks: Vec::new(),
            left_out: Vec::new(),
        };
        for look in session.requests() {
            let told = |finding: &Finding| finding.outcome().is_some();
            if which == Which::Open && session.found(&look.key).is_some_and(told) {
                continue;
            }
            request.add(&look, &as_if, commands);
        }
        let needed: BTreeSet<&InputName> =
            request.looks.iter().flat_map(|look| &look.needs).collect();
        request
            .sought
            .retain(|sought| needed.contains(&sought.name));
        request
    }

    /// What is open in a case as it stands. Who knows the name of its folder sets it.
    ///
    /// # Errors
    /// Why nothing may or can be asked for, as a fragment.
    pub fn of_case(session: &Session) -> Result<Self, String> {
        let opening = session.opening();
        let trees = session.forest().reachable(&opening.tree);
        let embedded = trees.iter().all(|tree| tree.origin == Origin::Embedded);
        if !embedded && !opening.trusted {
            return Err(
                "these trees were not agreed to, so nobody is asked to run anything".to_owned(),
            );
        }
        let request = Self::of(session, Which::Open, embedded || opening.commands);
        if request.looks.is_empty() {
            return Err("nothing is open that a command could tell".to_owned());
        }
        Ok(request)
    }

    fn add(&mut self, look: &ProbeRequest, as_if: &Session, commands: bool) {
        match self.asked(look, as_if, commands) {
            Ok(asked) => {
                let same = |known: &&mut Asked| {
                    known.mark == asked.mark && known.commands == asked.commands
                };
                match self.looks.iter_mut().find(same) {
                    Some(known) => known.probes.extend(asked.probes),
                    None => self.looks.push(asked),
                }
            }
            Err(why) => self.left_out.push(LeftOut {
                probe: look.key.clone(),
                why,
            }),
        }
    }

    fn asked(&self, look: &ProbeRequest, as_if: &Session, commands: bool) -> Result<Asked, String> {
        if !look.secrets.is_empty() {
            return Err("needs a login, which no script may have".to_owned());
        }
        if look.kind == "command" && !commands {
            return Err("runs a program of the machine, which was not agreed to".to_owned());
        }
        let found = as_if.request(&look.key).filter(|found| found.complete);
        let complete = match (&found, look.complete) {
            (_, true) => look,
            (Some(found), false) => found,
            (None, false) => return Err(lacking(look)),
        };
        if complete
            .manual(self.os)
            .iter()
            .any(|manual| manual.asks_login)
        {
            return Err("asks for a login, and nobody sits at a script".to_owned());
        }
        let commands = typed(complete, self.os);
        if commands.is_empty() {
            return Err("has no command to copy".to_owned());
        }
        let needs: BTreeSet<InputName> = self
            .sought
            .iter()
            .filter(|sought| !look.complete && sought.stands_in(&commands))
            .map(|sought| sought.name.clone())
            .collect();
        if !look.complete && needs.is_empty() {
            return Err(lacking(look));
        }
        let mark = mark(look.kind, &commands);
        let mut written = Vec::with_capacity(commands.len());
        for command in commands {
            let ends = |line: &str| line == END || line.trim_start().starts_with("'@");
            if command.lines().any(ends) || command.contains(is_odd) {
                return Err("its commands cannot stand in a script".to_owned());
            }
            let command = sought::as_variables(&command, &self.sought, self.os)
                .ok_or("its commands cannot take a folder that is found only later")?;
            written.push(command);
        }
        Ok(Asked {
            probes: vec![look.key.clone()],
            kind: look.kind,
            mark,
            commands: written,
            needs,
        })
    }

    /// As a text to send.
    pub fn text(&self) -> String {
        text::text(self)
    }

    /// As a script: `sh`, or PowerShell 5.1 for Windows.
    pub fn script(&self) -> String {
        match self.os {
            Os::Windows => powershell::script(self),
            Os::Linux | Os::Macos => sh::script(self),
        }
    }

    /// What whoever runs a script might not expect in what it writes, as lines of a comment.
    fn told(&self) -> &'static str {
        let lists = |look: &Asked| look.commands.iter().any(|command| command.contains(ALL));
        match (self.looks.iter().any(lists), self.os) {
            (false, _) => "",
            (true, Os::Windows) => "#\n# The command lines of all processes go into it, too.\n",
            (true, Os::Linux | Os::Macos) => {
                "#\n# The command lines of all processes go into it, too, with the users that they run as.\n"
            }
        }
    }

    /// The inputs that the script looks for.
    pub fn sought(&self) -> impl Iterator<Item = &InputName> {
        self.sought.iter().map(|sought| &sought.name)
    }
}

/// Inputs that were given, as they were typed in. What evidence filled in comes with the evidence.
fn known(session: &Session) -> BTreeMap<InputName, String> {
    let given = session.inputs().filter_map(|(name, given)| match given {
        Given::Text(text) if !session.is_secret(name) => Some((name.clone(), text.clone())),
        _ => None,
    });
    given
        .filter(|(_, text)| !text.is_empty() && !text.contains(char::is_control))
        .collect()
}

/// The frame of a script with its parts, each behind its name in `@`. What stands in a part is not read again.
fn filled(frame: &str, parts: &[(&str, String)]) -> String {
    let mut script = String::with_capacity(frame.len());
    let mut rest = frame;
    while let Some(at) = rest.find('@') {
        script += &rest[..at];
        rest = &rest[at..];
        match parts.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, text)) => {
                script += text;
                rest = &rest[name.len()..];
            }
            None => {
                script.push('@');
                rest = &rest[1..];
            }
        }
    }
    script + rest
}

/// What has to be known first.
fn lacking(look: &ProbeRequest) -> String {
    let names = look.unknown_inputs();
    match names.as_slice() {
        [] => "what it looks at is not known yet".to_owned(),
        names => format!("needs {}", names.join(", ")),
    }
}
