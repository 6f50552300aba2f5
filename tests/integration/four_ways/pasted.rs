//! What the commands to copy printed on the host, pasted at each look that the walk stands at.

use std::sync::{Arc, Mutex};

use waypost::{
    app::{
        answering::{self, Sent},
        looking::Looker,
    },
    engine::{Event, Follow, Given, GivenAnswer, Opening, Place, ProbeRequest, Session, Stage},
    finding::{InputName, Os, Source},
    host::{Host, NoFiles, Recorded},
    redact::Redactor,
};

use super::{Walked, programs::Programs};
use crate::hosts::{case::HostCase, laid_out::LaidOut, recorded};

/// More steps than any walk has.
const MOST_STEPS: usize = 200;

pub fn walk(
    case: &HostCase,
    laid_out: &LaidOut,
    programs: &Programs,
    tree: &str,
    by_hand: &[(&str, &str)],
) -> Result<Walked, String> {
    // The machine itself is out of reach; only its time is known, for it is pasted at once.
    let text = case.machine(laid_out.values());
    let at = Recorded::new(&text, NoFiles)
        .map_err(|error| error.to_string())?
        .now()
        .ok_or("host.yaml has no time")?;
    let nothing = Recorded::new("os: linux\n", NoFiles).map_err(|error| error.to_string())?;
    let looker = Looker {
        host: Arc::new(nothing),
        redactor: Arc::new(Mutex::new(Redactor::default())),
        source: Source::Observed,
    };
    let given = |(name, value): (String, String)| (InputName::new(&name), Given::Text(value));
    let inputs = case.inputs(laid_out.values()).into_iter().map(given);
    let answers = by_hand.iter().filter_map(|(place, answer)| {
        let (tree, node) = place.split_once('/')?;
        Some(GivenAnswer {
            tree: Some(tree.into()),
            node: node.into(),
            answer: (*answer).into(),
        })
    });
    let opening = Opening {
        answers: answers.collect(),
        place: Place::Elsewhere,
        inputs: inputs.collect(),
        ..Opening::new(tree.into(), Os::Linux, at)
    };
    let (mut session, _) = Session::start(recorded::forest(), opening);
    let tokio = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| error.to_string())?;
    for _ in 0..MOST_STEPS {
        for request in open_looks(&session) {
            let text = printed(&request, programs)?;
            let sent = Sent {
                session: session.clone(),
                request: Some(request.clone()),
                text: text.clone(),
            };
            let pasted = tokio
                .block_on(answering::read(sent, None, &looker, at))
                .map_err(|refused| format!("{}: {refused}: {text}", request.key))?;
            for event in pasted.events {
                apply(&mut session, event, at)?;
            }
        }
        let typed = typed(&session, laid_out);
        match typed.map_or_else(|| session.follow(), Follow::Apply) {
            Follow::Apply(event) => apply(&mut session, event, at)?,
            Follow::Over => {
                let result = serde_json::to_value(session.result(true));
                return result
                    .map(|result| Walked::of(&result))
                    .map_err(|error| error.to_string());
            }
            Follow::Wait => return Err("it waits for a look that nobody makes".to_owned()),
        }
    }
    Err("it does not end".to_owned())
}

/// What a person types in where a value is asked for that stands in `config.xml`, which was not pasted yet. No host here that
/// asks for it has a proxy.
fn typed(session: &Session, laid_out: &LaidOut) -> Option<Event> {
    let Stage::Inputs(asks) = session.stage() else {
        return None;
    };
    let ask = asks.first()?;
    let text = match ask.name.as_str() {
        "instance_url" => laid_out.values().instance.clone() + "/",
        "proxy_address" | "proxy_user" => String::new(),
        _ => return None,
    };
    Some(Event::Input {
        name: ask.name.clone(),
        given: Given::Text(text),
    })
}

/// The looks of the question on the screen that nothing was pasted for.
fn open_looks(session: &Session) -> Vec<ProbeRequest> {
    let Stage::Question(question) = session.stage() else {
        return Vec::new();
    };
    let looks = question.looks.iter();
    looks
        .filter(|look| look.finding.is_none() && look.request.complete)
        .filter(|look| look.request.secrets.is_empty())
        .map(|look| look.request.clone())
        .collect()
}

fn apply(session: &mut Session, event: Event, at: jiff::Timestamp) -> Result<(), String> {
    let applied = session.apply(event, at);
    applied.map(drop).map_err(|rejection| rejection.to_string())
}

/// What a person copies out of the terminal: each command, and all that it printed.
fn printed(request: &ProbeRequest, programs: &Programs) -> Result<String, String> {
    let mut text = String::new();
    for manual in request.manual(Os::Linux) {
        let run = format!("{{\n{}\n}} 2>&1", manual.command);
        let output = programs
            .shell()
            .args(["-c", &run])
            .output()
            .map_err(|error| error.to_string())?;
        text += &format!(
            "mid@mid-harbour-01:~$ {}\n{}",
            manual.command,
            String::from_utf8_lossy(&output.stdout)
        );
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    if text.is_empty() {
        return Err(format!("{} has no command to copy", request.key));
    }
    text += "mid@mid-harbour-01:~$\n";
    Ok(text)
}
