//! What was found for a case and is handed over without the machine's material: put into a bundle, and taken from one.
//!
//! Whoever opens one takes nothing on trust: a finding has to be of a probe that is here, of its kind and its parameters, with
//! an outcome that the kind has, and not be dated behind the bundle itself. Where evidence fills in what others are asked with,
//! those are taken after it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    app::answering::Taken,
    case::bundle::{Bundle, Carried, MAX_FINDINGS},
    engine::{Event, Given, Session},
    finding::{Finding, InputName, Judgement, Source},
    probe,
    redact::Redactor,
    tree::lint::outcomes,
};

/// What a case has found by now, masked: of each probe the last, as far as it holds for the values that the case has.
pub fn of(session: &Session, redactor: &mut Redactor) -> Vec<Carried> {
    let requests = session.requests().into_iter();
    let carried = requests.filter_map(|request| {
        let finding = session.found(&request.key)?;
        finding.outcome()?;
        Some(Carried {
            probe: request.key.clone(),
            kind: request.kind.to_owned(),
            params: request.hash.clone(),
            finding: redactor.finding(finding.clone()),
        })
    });
    carried.take(MAX_FINDINGS).collect()
}

/// Takes what a bundle carries into a case. The session given is a copy that is worked with.
pub fn take(
    mut session: Session,
    bundle: &Bundle,
    inputs: BTreeMap<InputName, Given>,
    at: Timestamp,
) -> Taken {
    let mut open: Vec<&Carried> = bundle.carried.iter().flatten().collect();
    let probes = open.iter().map(|carried| carried.probe.clone());
    let (from, os) = ("the bundle is of", bundle.about.os);
    if let Some(taken) = Taken::of_another_system(&session, from, os, probes) {
        return taken;
    }
    let mut taken = Taken::default();
    taken.fill_in(&mut session, inputs, at);
    loop {
        let before = open.len();
        let mut waiting = Vec::new();
        for carried in open {
            match event(&session, bundle.about.at, carried) {
                Fit::Ready(event) => {
                    let applied = session.apply((*event).clone(), at).map(drop);
                    taken.keep(&carried.probe, *event, applied);
                }
                Fit::NotYet => waiting.push(carried),
                Fit::Not(why) => taken.passed_over.push((carried.probe.clone(), why)),
            }
        }
        open = waiting;
        if open.is_empty() || open.len() == before {
            break;
        }
    }
    for carried in open {
        let why = "it was found with other values than the case has";
        taken
            .passed_over
            .push((carried.probe.clone(), why.to_owned()));
    }
    taken
}

enum Fit {
    Ready(Box<Event>),
    /// What it was asked with is not known here, or is not the same yet.
    NotYet,
    Not(String),
}

fn event(session: &Session, collected: Timestamp, carried: &Carried) -> Fit {
    let key = &carried.probe;
    let (Some((_, own)), Some(request)) = (
        session.forest().probe(&key.tree, &key.name),
        session.request(key),
    ) else {
        return Fit::Not("no tree here has this probe".to_owned());
    };
    if request.kind != carried.kind || probe::kind(request.kind).is_none() {
        return Fit::Not(format!("it is a probe of the kind `{}` here", request.kind));
    }
    let Judgement::Outcome(outcome) = &carried.finding.judgement else {
        return Fit::Not("it found nothing".to_owned());
    };
    let known = outcomes(own).unwrap_or_default();
    if !known.iter().any(|spec| spec.name == outcome.as_str()) {
        return Fit::Not(format!("the kind `{}` has no such outcome", request.kind));
    }
    if carried.finding.at > collected {
        return Fit::Not("it is dated behind the bundle that carries it".to_owned());
    }
    if !request.complete || request.hash != carried.params {
        return Fit::NotYet;
    }
    Fit::Ready(Box::new(Event::Pasted {
        probe: key.clone(),
        params: request.hash.clone(),
        finding: Finding {
            source: Source::Bundled,
            ..carried.finding.clone()
        },
    }))
}
