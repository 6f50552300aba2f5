//! What holds for looks after every event.

use std::collections::HashSet;

use crate::engine::{
    Place, ProbeRequest, Stage,
    tests::{Drive, properties::made_up::SAYS_DIR},
};

/// Looks without anybody who waits for them, on the network and at the machine.
const AHEAD: (usize, usize) = (16, 2);

/// What the stage waits for runs, what nobody waits for runs in bounded number, and nothing runs twice.
pub fn looks_are_in_order(drive: &Drive) {
    let running: Vec<&ProbeRequest> = drive
        .runs
        .iter()
        .filter_map(|(run, _)| drive.requests.get(run))
        .collect();
    let name = |request: &ProbeRequest| {
        (
            request.key.clone(),
            request.hash.clone(),
            request.generation,
        )
    };
    let different: HashSet<_> = running.iter().map(|request| name(request)).collect();
    assert_eq!(
        different.len(),
        running.len(),
        "a look is made twice at once"
    );
    assert!(running.iter().all(|request| request.complete));
    assert_eq!(
        drive.session.stage_for_test(),
        *drive.session.stage(),
        "what was kept does not hold"
    );
    let looks = match drive.session.stage() {
        Stage::Question(question) => &question.looks[..],
        Stage::Do(_) | Stage::Conclusion(_) => &[],
        // The question behind them is not on the screen.
        Stage::Inputs(_) => return,
    };
    if drive.session.opening().place == Place::Elsewhere {
        assert!(running.is_empty(), "nothing can be looked at from here");
        return;
    }
    if drive.session.opening().place == Place::Bundle && drive.session.generation() > 0 {
        assert!(
            running.iter().all(|request| request.generation == 0),
            "a bundle was collected before that"
        );
        return;
    }
    for look in looks.iter().filter(|look| look.request.complete) {
        let runs = running
            .iter()
            .any(|request| name(request) == name(&look.request));
        assert!(
            runs || look.finding.is_some(),
            "{} is waited for and does not run: {}",
            look.request.key,
            drive.stage()
        );
    }
    let mut others = (0, 0);
    for request in running {
        // The stage may wait for what tells an input.
        let asked = looks.iter().any(|look| look.request.key == request.key);
        if asked || request.key.name == SAYS_DIR {
            continue;
        }
        match request.kind {
            "tcp" => others.0 += 1,
            _ => others.1 += 1,
        }
    }
    assert!(
        others.0 <= AHEAD.0 && others.1 <= AHEAD.1,
        "{others:?} run ahead"
    );
    assert!(drive.session.looks_ahead() <= others.0 + others.1 + 2);
}
