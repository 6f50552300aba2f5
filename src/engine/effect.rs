//! What a session asks of the world, as data.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    finding::{InputName, Os, ProbeName, TreeId, Value},
    probe::{self, Manual, Params},
    tree::At,
};

/// Something to be done outside. Every [`Effect::StartProbe`] ends exactly once: by an accepted
/// [`crate::engine::Event::ProbeFinished`] or by [`Effect::CancelProbe`].
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    StartProbe {
        run: RunId,
        request: ProbeRequest,
    },
    /// Nobody waits for it any more; what it still gives is rejected.
    CancelProbe {
        run: RunId,
    },
    /// Find the paths that fit these globs on the machine; `folders`: only folders count, else only files. Where the
    /// input is given meanwhile, nobody waits for it any more and [`crate::engine::Event::Suggested`] is rejected.
    Suggest {
        run: RunId,
        input: InputName,
        globs: Vec<String>,
        folders: bool,
    },
    /// The case came to its end. It can still be taken up again by going back.
    Finish,
}

/// What an accepted event led to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transition {
    /// In the order in which they are to be done.
    pub effects: Vec<Effect>,
}

/// Names one run within one session. Never written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub u64);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "run {}", self.0)
    }
}

/// A probe, named from anywhere: the tree that defines it, and its name there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProbeKey {
    pub tree: TreeId,
    pub name: ProbeName,
}

impl fmt::Display for ProbeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tree, self.name)
    }
}

/// One look, ready to be run or to be made into commands for a person.
#[derive(Debug, Clone, PartialEq)]
pub struct ProbeRequest {
    pub key: ProbeKey,
    /// A name in [`crate::probe::KINDS`].
    pub kind: &'static str,
    /// Rendered. A secret stands as `{"secret": "input_name"}`; what is not known as `‹input_name›` (then
    /// [`ProbeRequest::complete`] is false).
    pub params: Params,
    /// SHA-256 over the parameters, shortened: the same parameters, the same hash, in every run of the program.
    pub hash: String,
    pub timeout: Duration,
    pub at: At,
    /// Which generation of findings the look belongs to.
    pub generation: u32,
    /// The secrets that stand in the parameters.
    pub secrets: Vec<SecretUse>,
    /// Every value is known. One that is not complete is never started; its commands can still be shown.
    pub complete: bool,
}

impl ProbeRequest {
    /// The commands that a person runs instead, for a machine of this system; none where the kind is not known or cannot
    /// put its parameters into a command.
    pub fn manual(&self, os: Os) -> Vec<Manual> {
        probe::kind(self.kind).map_or_else(Vec::new, |kind| kind.manual(&self.params, os))
    }

    /// The inputs that are not known and stand in the parameters, each once.
    pub fn unknown_inputs(&self) -> Vec<String> {
        let mut names = Vec::new();
        for value in self.params.values() {
            unknown_in(value, &mut names);
        }
        names
    }
}

fn unknown_in(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Text(text) => {
            for piece in text.split('‹').skip(1) {
                if let Some((name, _)) = piece.split_once('›')
                    && !names.iter().any(|known| known == name)
                {
                    names.push(name.to_owned());
                }
            }
        }
        Value::List(list) => list.iter().for_each(|value| unknown_in(value, names)),
        Value::Map(map) => map.values().for_each(|value| unknown_in(value, names)),
        _ => {}
    }
}

/// A secret in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretUse {
    pub input: InputName,
    /// The host or address that alone may get it; `None` where the tree names no input for it.
    pub only_for: Option<String>,
}
