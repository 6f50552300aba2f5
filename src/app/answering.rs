//! What somebody sent is taken into a case: what the commands of one look printed, or all that a script wrote on another
//! machine. Of a script, each look's output is read and judged like a paste, and stands in the case as *bundled*.
//!
//! What was asked with other parameters than the case has now is passed over, and told: it says nothing about this case.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use jiff::Timestamp;

use crate::{
    app::looking::{Looker, Machine},
    case::request::{Answer, MAX_BYTES, Ran},
    engine::{Event, Given, ProbeKey, ProbeRequest, Session},
    finding::{InputName, Judgement, Reason, Source, Unknown, Value},
    host::live::regular,
    probe::{self, decode::decode},
};

/// The longest text that is taken for a path, in bytes.
const LONGEST_PATH: usize = 4096;

/// What a person sent on, for a look of a case as it stands.
#[derive(Debug)]
pub struct Sent {
    pub session: Session,
    pub request: ProbeRequest,
    /// What the look's commands printed, a script's whole answer, or the path of a file with either.
    pub text: String,
}

/// What is to be applied of it, in this order.
#[derive(Debug, Clone, PartialEq)]
pub struct Pasted {
    pub events: Vec<Event>,
    /// What there is to tell: how much of an answer was read.
    pub said: Option<String>,
}

/// Reads and judges what was sent.
///
/// # Errors
/// It is of something else, or a file that cannot be read; why, masked.
pub async fn read(sent: Sent, looker: &Looker, at: Timestamp) -> Result<Pasted, Unknown> {
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
    let machine = Machine {
        now: at,
        // Nobody knows the zone over there.
        zone: None,
        os: session.opening().os,
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

/// What came of an answer.
#[derive(Debug, Default)]
pub struct Taken {
    /// To be applied in their order.
    pub events: Vec<Event>,
    /// So many looks are among them.
    pub read: usize,
    /// What was of no use, and why: a lowercase fragment. A probe may stand here that was read for another tree.
    pub passed_over: Vec<(ProbeKey, String)>,
}

impl Taken {
    /// Gives inputs that the case does not know yet. One that does not fit is left: the case asks for it.
    fn fill_in(
        &mut self,
        session: &mut Session,
        inputs: impl IntoIterator<Item = (InputName, Given)>,
        at: Timestamp,
    ) {
        for (name, given) in inputs {
            let known = session.inputs().any(|(known, _)| *known == name);
            if known || session.values().contains_key(&name) {
                continue;
            }
            let event = Event::Input { name, given };
            if session.apply(event.clone(), at).is_ok() {
                self.events.push(event);
            }
        }
    }

    /// One line for a person.
    pub fn in_short(&self) -> String {
        let (read, over) = (self.read, self.passed_over.len());
        let looks = if read == 1 { "look" } else { "looks" };
        match self.passed_over.first() {
            Some((probe, why)) => {
                format!("{read} {looks} of the answer read, {over} not, such as {probe}: {why}")
            }
            None => format!("{read} {looks} of the answer read"),
        }
    }
}

/// Looks at what a bundle holds of the machine, for all that a case has not been told yet. Logins are not tried: no bundle
/// has what came of one.
pub async fn look(
    mut session: Session,
    inputs: BTreeMap<InputName, Given>,
    looker: &Looker,
) -> Taken {
    let mut taken = Taken::default();
    let os = session.opening().os;
    if looker.host.os() != os {
        let why = format!(
            "the bundle is of {}, and the case is about {}",
            looker.host.os().name(),
            os.name()
        );
        let requests = session.requests();
        let keys = requests.iter().map(|request| request.key.clone());
        taken.passed_over = keys.map(|key| (key, why.clone())).collect();
        return taken;
    }
    let at = looker.host.now().unwrap_or_else(Timestamp::now);
    taken.fill_in(&mut session, inputs, at);
    let mut looked: BTreeSet<(ProbeKey, String)> = BTreeSet::new();
    loop {
        let told: BTreeSet<ProbeKey> = session
            .findings()
            .filter(|view| view.finding.outcome().is_some())
            .map(|view| view.probe.clone())
            .collect();
        let open = session.requests().into_iter().find(|request| {
            request.complete
                && request.secrets.is_empty()
                && !told.contains(&request.key)
                && !looked.contains(&(request.key.clone(), request.hash.clone()))
        });
        let Some(request) = open else {
            return taken;
        };
        looked.insert((request.key.clone(), request.hash.clone()));
        let Some(kind) = probe::kind(request.kind) else {
            continue;
        };
        let finding = looker.look(kind, &request).await;
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
        if session.apply(event.clone(), at).is_ok() {
            taken.events.push(event);
            taken.read += 1;
        }
    }
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
    // What the script was told or found.
    let inputs = answer.inputs.clone().into_iter();
    let inputs = inputs.map(|(name, text)| (name, Given::Text(text)));
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
                    match session.apply(event.clone(), answer.time) {
                        Ok(_) => {
                            taken.events.push(event);
                            taken.read += 1;
                        }
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
