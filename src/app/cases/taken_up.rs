//! A case that is taken up again: its journal becomes a session on the trees as they are now.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    app::cases::Unkept,
    case::Journal,
    engine::{Effect, Opening, Session},
    tree::Forest,
};

/// A session that goes on.
pub struct TakenUp {
    pub session: Session,
    /// To be done at once.
    pub effects: Vec<Effect>,
    /// What of it the journal does not have; where the trees are others now, that may be all of it.
    pub unkept: Unkept,
    /// What there is to tell about it: one line.
    pub said: Option<String>,
}

/// A case as it was left, to be told of: nothing is looked at, and nothing asked for again. `trusted` and `commands` as in
/// [`take_up`].
///
/// # Errors
/// That the case's tree is not there, as a fragment.
pub fn as_left(
    journal: &Journal,
    forest: &Arc<Forest>,
    (trusted, commands): (bool, bool),
) -> Result<TakenUp, String> {
    let opening = &journal.head.opening;
    if forest.tree(&opening.tree).is_none() {
        return Err(format!(
            "its tree `{}` is not here: `waypost resume NAME` looks where it was, `--trees DIR` elsewhere",
            opening.tree
        ));
    }
    let opening = Opening {
        trusted,
        commands,
        ..opening.clone()
    };
    let replayed = Session::replay(forest.clone(), opening, &journal.entries);
    let unkept = Unkept::of(&journal.entries, replayed.session.transcript());
    let said = match (replayed.stopped, &journal.torn) {
        (Some(stopped), _) => Some(format!(
            "the tree was changed since: the case fits it up to `{}`: {}",
            stopped.spot, stopped.why
        )),
        (None, Some(torn)) => Some(match &torn.broken {
            Some(why) => format!(
                "its journal cannot be read from line {} on ({why}): all before that is here; the rest is kept beside the journal",
                torn.line
            ),
            None => {
                "what was done last was not written to its end; all before it is here".to_owned()
            }
        }),
        (None, None) => None,
    };
    Ok(TakenUp {
        session: replayed.session,
        effects: replayed.effects,
        unkept,
        said,
    })
}

/// Goes on with a case. `trusted` and `commands` are what is agreed to now: a journal brings no consent along.
///
/// # Errors
/// That the case's tree is not there, as a fragment.
pub fn take_up(
    journal: &Journal,
    forest: &Arc<Forest>,
    agreed: (bool, bool),
    now: Timestamp,
) -> Result<TakenUp, String> {
    let mut taken_up = as_left(journal, forest, agreed)?;
    taken_up.effects.extend(taken_up.session.resume(now));
    Ok(taken_up)
}
