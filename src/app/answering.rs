//! What somebody sent is taken into a case: what the commands of one look printed, or all that a script wrote on another
//! machine. Of a script, each look's output is read and judged like a paste, and stands in the case as *bundled*.
//!
//! What was asked with other parameters than the case has now is passed over, and told: it says nothing about this case.

mod taken;

pub use taken::Taken;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use jiff::Timestamp;

use crate::{
    app::{
        cases::Cases,
        looking::{Looker, Machine},
    },
    case::request::{Answer, MAX_BYTES, Ran, marked},
    engine::{Event, Given, ProbeKey, ProbeRequest, Session},
    finding::{
        InputName, Judgement, Reason, Source, Unknown, Value,
        visible::{Room, visible},
    },
    host::live::regular,
    probe::{self, decode::decode},
};

/// The longest text that is taken for a path, in bytes.
const LONGEST_PATH: usize = 4096;

/// What a person sent on, for a look of a case as it stands.
#[derive(Debug)]
pub struct Sent {
    pub session: Session,
    /// `None` where the case asks for no look just now: then only an answer can be taken.
    pub request: Option<ProbeRequest>,
    /// What the look's commands printed, a script's whole answer, or the path of a file with either.
    pub text: String,
}

/// The case of the person's own that asked for an answer. Somebody else's case may have asked for it as well.
pub fn asking<'a>(answer: &'a Answer, cases: &Cases) -> Option<&'a str> {
    let asking = answer.case.as_deref()?;
    cases.read(asking).is_ok().then_some(asking)
}

/// Why an answer that `asking` asked for is not for another case.
pub fn of_another(asking: &str) -> String {
    let asking = visible(asking, Room::Line);
    format!("the case `{asking}` asked for this answer, and this one may be of another machine")
}

/// Why what a machine of this name said may not be for a case: what the case was sent before came from another one. `None` where
/// nobody can tell. A lowercase fragment.
pub fn of_other_machine(session: &Session, machine: Option<&str>) -> Option<String> {
    let machine = machine?;
    let known = session.machines();
    if known.iter().any(|known| is_same_machine(known, machine)) {
        return None;
    }
    let before = *known.first()?;
    let [before, machine] = [before, machine].map(|name| visible(name, Room::Line));
    Some(format!(
        "it comes from the machine `{machine}`, and what the case was sent before from `{before}`"
    ))
}

/// Whether two names may be of one machine: some say it without its domain.
fn is_same_machine(one: &str, other: &str) -> bool {
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_lowercase();
    let short = !one.contains('.') || !other.contains('.');
    one.eq_ignore_ascii_case(other) || short && first(one) == first(other)
}

/// What is to be applied of it, in this order.
#[derive(Debug, Clone, PartialEq)]
pub struct Pasted {
    pub events: Vec<Event>,
    /// What there is to tell: how much of an answer was read.
    pub said: Option<String>,
}

/// Reads and judges what was sent to the case of this name.
///
/// # Errors
/// It is of something else, or a file that cannot be read; why, masked.
pub async fn read(
    sent: Sent,
    case: Option<&str>,
    looker: &Looker,
    at: Timestamp,
) -> Result<Pasted, Unknown> {
    let Sent {
        session,
        request,
        mut text,
    } = sent;
    if let Some(path) = named(&text) {
        let bytes = tokio::task::spawn_blocking(move || {
            let read = regular::read(&path, MAX_BYTES as u64);
            read.map_err(|error| format!("{}: {error}", path.display()))
        });
        let bytes = bytes.await.unwrap_or_else(|error| Err(error.to_string()));
        text = decode(&bytes.map_err(|why| Unknown::new(Reason::NotAvailable, why))?).text;
    }
    if Answer::is_one(&text) {
        let answer = Answer::read(&text);
        let answer = answer.map_err(|why| Unknown::new(Reason::NotAvailable, why.to_string()))?;
        // Where there are no cases, none of them asked.
        let cases = Cases::of_user().ok();
        let asking = cases.and_then(|cases| asking(&answer, &cases));
        if let Some(asking) = asking.filter(|asking| case != Some(asking)) {
            let why = format!(
                "{}: `waypost open` takes it into the one that asked",
                of_another(asking)
            );
            return Err(Unknown::new(Reason::NotAvailable, why));
        }
        if let Some(why) = of_other_machine(&session, answer.machine.as_deref()) {
            let why = format!(
                "{why}: `waypost open` makes a case of its own of it, or takes it into this one all the same (`--case`)"
            );
            return Err(Unknown::new(Reason::NotAvailable, why));
        }
        let taken = take(session, answer, looker).await;
        if taken.read == 0 {
            let why = taken.passed_over.first();
            let why = why.map_or_else(String::new, |(probe, why)| format!(": {probe}: {why}"));
            let why = format!("nothing of that answer could be read for this case{why}");
            return Err(Unknown::new(Reason::NotAvailable, why));
        }
        let said = Some(taken.in_short());
        let events = taken.events;
        return Ok(Pasted { events, said });
    }
    if Answer::is_part(&text) {
        let why = "the beginning is missing, which says what was asked and when: send all that the window showed";
        return Err(Unknown::new(Reason::NotWhole, why));
    }
    let Some(request) = request else {
        let why = "it is no answer to what `ask` or `m` asks for, and no command is asked for here";
        return Err(Unknown::new(Reason::NotAvailable, why));
    };
    let machine = Machine {
        now: at,
        // Nobody knows the zone over there.
        zone: None,
        os: session.opening().os,
        name: None,
    };
    let (probe, params) = (request.key.clone(), request.hash.clone());
    let finding = looker.read(&request, text, Source::Pasted, machine).await?;
    let event = Event::Pasted {
        probe,
        params,
        finding,
    };
    Ok(Pasted {
        events: vec![event],
        said: None,
    })
}

/// The file that a text names: one line that is a whole path, and a file of this machine.
fn named(text: &str) -> Option<PathBuf> {
    let line = text.trim().trim_matches(['"', '\'']);
    if line.is_empty() || line.len() > LONGEST_PATH || line.contains(char::is_control) {
        return None;
    }
    let path = PathBuf::from(line);
    (path.is_absolute() && path.is_file()).then_some(path)
}

/// Looks at what a bundle holds of the machine, which is called that, for all that a case does not know by a later look.
/// Logins are not tried: no bundle has what came of one.
pub async fn look(
    mut session: Session,
    inputs: BTreeMap<InputName, Given>,
    machine: Option<&str>,
    looker: &Looker,
) -> Taken {
    let requests = session.requests().into_iter();
    let probes = requests.map(|request| request.key.clone());
    let (from, os) = ("the bundle is of", looker.host.os());
    if let Some(taken) = Taken::of_another_system(&session, from, os, probes) {
        return taken;
    }
    let mut taken = Taken::default();
    let at = looker.host.now().unwrap_or_else(Timestamp::now);
    let inputs = inputs.into_iter();
    let inputs = inputs.map(|(name, given)| (name.clone(), looker.hidden_given(&name, given)));
    taken.fill_in(&mut session, inputs, at);
    let mut looked: BTreeSet<(ProbeKey, String)> = BTreeSet::new();
    loop {
        let open = session.requests().into_iter().find(|request| {
            request.complete
                && request.secrets.is_empty()
                && session
                    .found(&request.key)
                    .is_none_or(|found| found.outcome().is_none() || found.at < at)
                && !looked.contains(&(request.key.clone(), request.hash.clone()))
        });
        let Some(request) = open else {
            return taken;
        };
        looked.insert((request.key.clone(), request.hash.clone()));
        let Some(kind) = probe::kind(request.kind) else {
            continue;
        };
        let mut finding = looker.look(kind, &request).await;
        finding.machine = machine.map(str::to_owned);
        if let Judgement::Unknown(unknown) = &finding.judgement {
            taken
                .passed_over
                .push((request.key.clone(), unknown.detail.clone()));
            continue;
        }
        let event = Event::Pasted {
            probe: request.key.clone(),
            params: request.hash.clone(),
            finding,
        };
        let applied = session.apply(event.clone(), at).map(drop);
        taken.keep(&request.key, event, applied);
    }
}

/// Reads an answer for a case. The session given is a copy that is worked with: evidence fills in inputs, and they let more
/// of the answer be read.
pub async fn take(mut session: Session, answer: Answer, looker: &Looker) -> Taken {
    let probes = answer.looks.iter().flat_map(|look| look.probes.clone());
    let (from, os) = ("the script ran on", answer.os);
    if let Some(taken) = Taken::of_another_system(&session, from, os, probes) {
        return taken;
    }
    let mut taken = Taken::default();
    let machine = Machine {
        now: answer.time,
        zone: answer.zone.clone(),
        os: answer.os,
        name: answer.machine.clone(),
    };
    // What the script was told or found.
    let inputs = answer.inputs.clone().into_iter();
    let inputs = inputs.map(|(name, text)| (name, Given::Text(text)));
    let inputs = inputs.map(|(name, given)| (name.clone(), looker.hidden_given(&name, given)));
    taken.fill_in(&mut session, inputs, answer.time);
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
                    let applied = session.apply(event.clone(), answer.time).map(drop);
                    taken.keep(probe, event, applied);
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
    let values = session.values();
    let same_place = look.needs.iter().all(|name| {
        let (here, there) = (values.get(name), answer.inputs.get(name));
        matches!((here, there), (Some(Value::Text(here)), Some(there)) if is_same(here, there))
    });
    if !same_place || marked(session, probe, &look.needs).as_ref() != Some(&look.mark) {
        let why = "it was run with other values than the case has now, which this answer itself may have told, or another version asked";
        return Fit::Not(why.to_owned());
    }
    Fit::Ready(Box::new((*request).clone()))
}

/// Whether two paths are the same: a case keeps none with a slash at its end.
fn is_same(one: &str, other: &str) -> bool {
    let cut = |path| str::trim_end_matches(path, ['/', '\\']);
    cut(one) == cut(other)
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
            return Err("a command was broken off there, or took too long".to_owned());
        }
        // Every line of it has an end: an empty one more would be the program's.
        text += &format!("$ {}\n{}", command.command, printed.text);
    }
    Ok(text)
}
