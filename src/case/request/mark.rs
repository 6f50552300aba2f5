//! What tells by itself which look a script ran: a short digest of its kind and of its commands, as they were made for the
//! case that asked. The same parameters, the same system and the same program make the same commands, and nothing else does.
//!
//! A digest of the parameters would not do: looks with the same commands stand in a script once, whatever their judges make
//! of what is printed, and a folder that only the script finds has no parameters yet.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::sought;
use crate::{
    engine::{Given, Place, ProbeKey, ProbeRequest, Session},
    finding::{InputName, Os, Value},
};

/// The mark of a look with these commands.
pub(super) fn mark(kind: &str, commands: &[String]) -> String {
    let mut digest = Sha256::new();
    digest.update(kind);
    for command in commands {
        // No command has this character.
        digest.update([0]);
        digest.update(command);
    }
    let digest = digest.finalize();
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The commands of a look, without what is said about them.
pub(super) fn typed(request: &ProbeRequest, os: Os) -> Vec<String> {
    let manual = request.manual(os);
    manual.into_iter().map(|manual| manual.command).collect()
}

/// The mark of the look that a probe makes in the case as it is now; `needs` are the inputs that a script had to find for it.
/// `None` where no tree has the probe, or not all that it looks at is known.
pub fn marked(session: &Session, probe: &ProbeKey, needs: &BTreeSet<InputName>) -> Option<String> {
    let request = if needs.is_empty() {
        session.request(probe)
    } else {
        as_if(session, needs.iter()).request(probe)
    }?;
    let os = session.opening().os;
    request
        .complete
        .then(|| mark(request.kind, &typed(&request, os)))
}

/// The same case, as if what is sought had been found already: at a place that no machine has.
pub(super) fn as_if<'n>(session: &Session, sought: impl Iterator<Item = &'n InputName>) -> Session {
    let mut opening = session.opening().clone();
    opening.place = Place::Elsewhere;
    opening.trusted = false;
    let given = session.inputs();
    opening
        .inputs
        .extend(given.map(|(name, given)| (name.clone(), given.clone())));
    opening.inputs.extend(values(session));
    let os = opening.os;
    opening
        .inputs
        .extend(sought.map(|name| (name.clone(), Given::Text(sought::stand_in(name, os)))));
    Session::start(session.forest().clone(), opening).0
}

/// Inputs that have a value, whoever gave it.
fn values(session: &Session) -> impl Iterator<Item = (InputName, Given)> {
    session
        .values()
        .into_iter()
        .filter_map(|(name, value)| match value {
            Value::Text(text) => Some((name, Given::Text(text))),
            _ => None,
        })
}
