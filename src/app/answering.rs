//! What a script wrote on another machine is taken into a case: each look's output is read and judged like a paste, and
//! stands in the case as *bundled*.
//!
//! What was asked with other parameters than the case has now is passed over, and told: it says nothing about this case.

use crate::{
    app::looking::{Looker, Machine},
    case::request::{Answer, Ran},
    engine::{Event, ProbeKey, ProbeRequest, Session},
    finding::{Source, Value},
};

/// What came of an answer.
#[derive(Debug, Default)]
pub struct Taken {
    /// To be applied in their order.
    pub events: Vec<Event>,
    /// What was of no use, and why: a lowercase fragment. A probe may stand here that was read for another tree.
    pub passed_over: Vec<(ProbeKey, String)>,
}

/// Reads an answer for a case. The session given is a copy that is worked with: evidence fills in inputs, and they let more
/// of the answer be read.
pub async fn take(mut session: Session, answer: Answer, looker: &Looker) -> Taken {
    let mut taken = Taken::default();
    if answer.os != session.opening().os {
        let why = format!(
            "the script ran on {}, and the case is about {}",
            answer.os.name(),
            session.opening().os.name()
        );
        let probes = answer.looks.iter().flat_map(|look| &look.probes);
        taken.passed_over = probes.map(|probe| (probe.clone(), why.clone())).collect();
        return taken;
    }
    let machine = Machine {
        now: answer.time,
        zone: answer.zone.clone(),
        os: answer.os,
    };
    let mut open: Vec<(&ProbeKey, &Ran)> = answer
        .looks
        .iter()
        .flat_map(|look| look.probes.iter().map(move |probe| (probe, look)))
        .collect();
    loop {
        let before = open.len();
        let mut waiting = Vec::new();
        for (probe, look) in open {
            match fit(&session, probe, look, &answer) {
                Fit::Not(why) => taken.passed_over.push((probe.clone(), why)),
                Fit::NotYet => waiting.push((probe, look)),
                Fit::Ready(request) => {
                    let text = match printed(look, &request, &answer) {
                        Ok(text) => text,
                        Err(why) => {
                            taken.passed_over.push((probe.clone(), why));
                            continue;
                        }
                    };
                    let read = looker
                        .read(&request, text, Source::Bundled, machine.clone())
                        .await;
                    let finding = match read {
                        Ok(finding) => finding,
                        Err(refused) => {
                            taken.passed_over.push((probe.clone(), refused.detail));
                            continue;
                        }
                    };
                    let event = Event::Pasted {
                        probe: request.key.clone(),
                        params: request.hash.clone(),
                        finding,
                    };
                    match session.apply(event.clone(), answer.time) {
                        Ok(_) => taken.events.push(event),
                        Err(why) => taken.passed_over.push((probe.clone(), why.to_string())),
                    }
                }
            }
        }
        open = waiting;
        if open.is_empty() || open.len() == before {
            break;
        }
    }
    for (probe, _) in open {
        let why = "what it was to look at is not known to the case";
        taken.passed_over.push((probe.clone(), why.to_owned()));
    }
    taken
}

/// Whether a look of an answer is what the case would ask for.
enum Fit {
    Ready(Box<ProbeRequest>),
    /// What it looks at is not known yet.
    NotYet,
    Not(String),
}

fn fit(session: &Session, probe: &ProbeKey, look: &Ran, answer: &Answer) -> Fit {
    let Some(request) = session.request(probe) else {
        return Fit::Not("no tree here has this probe".to_owned());
    };
    if request.kind != look.kind {
        return Fit::Not(format!("it is a probe of the kind `{}` here", request.kind));
    }
    if !request.complete {
        return Fit::NotYet;
    }
    let others = "it was run with other values than the case has now";
    match &look.hash {
        Some(hash) if *hash == request.hash => {}
        Some(_) => return Fit::Not(others.to_owned()),
        None => {
            let values = session.values();
            let same = answer
                .inputs
                .iter()
                .all(|(name, text)| values.get(name).is_none_or(|value| is_same(value, text)));
            if !same {
                return Fit::Not(others.to_owned());
            }
        }
    }
    Fit::Ready(Box::new((*request).clone()))
}

/// A value as it was typed in. One of another type than text was not found by a script.
fn is_same(value: &Value, text: &str) -> bool {
    match value {
        Value::Text(known) => known == text,
        _ => true,
    }
}

/// The output as if each command had been typed before it.
fn printed(look: &Ran, request: &ProbeRequest, answer: &Answer) -> Result<String, String> {
    let commands = request.manual(answer.os);
    if commands.len() != look.printed.len() {
        return Err("the answer breaks off here, or another version asked".to_owned());
    }
    let mut text = String::new();
    for (command, printed) in commands.iter().zip(&look.printed) {
        if printed.cut {
            return Err("more was printed than a script takes along".to_owned());
        }
        if printed.status.is_none() {
            return Err("a command was ended there because it took too long".to_owned());
        }
        text += &format!("$ {}\n{}\n", command.command, printed.text);
    }
    Ok(text)
}
