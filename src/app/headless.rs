//! The headless driver: follows evidence alone, asks nobody. What it does next stands in [`Session::follow`].

use jiff::Timestamp;
use tokio::sync::mpsc::Receiver;

use crate::{
    app::runtime::{Runtime, RuntimeMsg},
    engine::{Effect, Follow, Session},
};

/// Walks until nothing more can be done without a person.
pub async fn walk(
    session: &mut Session,
    first: Vec<Effect>,
    runtime: &Runtime,
    results: &mut Receiver<RuntimeMsg>,
) {
    runtime.carry_out(first);
    loop {
        let applied = match session.follow() {
            Follow::Apply(event) => match session.apply(event, Timestamp::now()) {
                Ok(transition) => transition,
                // The engine takes what it asks for; if it does not, going on would never end.
                Err(_) => return,
            },
            Follow::Wait => match results.recv().await {
                // A result that nobody waits for any more is rejected; that is no trouble.
                Some(msg) => session
                    .apply(msg.into(), Timestamp::now())
                    .unwrap_or_default(),
                None => return,
            },
            Follow::Over => return,
        };
        runtime.carry_out(applied.effects);
    }
}
