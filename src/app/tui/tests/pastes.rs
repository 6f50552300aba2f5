//! What a customer sent, pasted on the full screen.

use std::time::Duration;

use crossterm::event::Event as Terminal;

use crate::{
    app::{
        answering::Pasted,
        tui::{
            input,
            msg::{Msg, Task},
            port::{CaseId, RuntimeMsg},
            tests::desk::Desk,
        },
    },
    engine::{Event, ProbeRequest},
    finding::{Finding, Judgement, Os, Outcome, Reason, Source, TreeId, Unknown},
    host::printed::MOST_BYTES,
};

const LAMP: &str = r#"
waypost: 1
id: own
title: The lamp is dark
symptoms: [The lamp does not shine]
start: space
nodes:
  space:
    ask: Is there space?
    why: To know.
    probe: { disk: { path: /, need: 1MB } }
    answers:
      - { answer: Enough of it, id: enough, when: enough, goto: well }
      - { answer: Too little, id: little, when: low, goto: dark }
  well: { conclude: The lamp is well, verdict: healthy }
  dark: { conclude: The lamp is dark, verdict: escalate, next: Ask around. }
"#;

/// Somebody else's Linux machine, at its first question.
fn desk() -> Desk {
    let mut desk = Desk::with(LAMP, |opening| opening.tree = Some(TreeId::new("own")));
    desk.press("3");
    desk.sees("Is there space?");
    desk
}

/// The text that is to be judged, and for what.
fn judged(desk: &Desk) -> Option<(&ProbeRequest, Os, &str)> {
    desk.tasks.iter().rev().find_map(|task| match task {
        Task::Paste(_, sent) => {
            let os = sent.session.opening().os;
            Some((sent.request.as_ref()?, os, sent.text.as_str()))
        }
        _ => None,
    })
}

fn answer(desk: &mut Desk, result: Result<&str, &str>) {
    let (request, ..) = judged(desk).expect("something is judged");
    let request = request.clone();
    let judged = match result {
        Ok(outcome) => {
            let event = Event::Pasted {
                probe: request.key,
                params: request.hash,
                finding: Finding {
                    judgement: Judgement::Outcome(Outcome::new(outcome)),
                    facts: Default::default(),
                    evidence: Vec::new(),
                    source: Source::Pasted,
                    at: desk.at,
                    took: Default::default(),
                    machine: None,
                },
            };
            Ok(Pasted {
                events: vec![event],
                said: None,
            })
        }
        Err(why) => Err(Unknown::new(Reason::Other, why)),
    };
    desk.tell(Msg::Runtime(RuntimeMsg::Pasted {
        case: CaseId(1),
        judged: Box::new(judged),
    }));
}

#[test]
fn what_is_pasted_is_taken_whole_and_judged() {
    let mut desk = desk();
    desk.press("p");
    desk.sees("What this command printed");
    desk.sees("df -Pk -- /");
    // Far more than a line of text takes, with the line ends that terminals send.
    let text = (0..9000).map(|n| format!("line {n}\r")).collect::<String>();
    desk.type_in(&text);
    desk.sees("9000 lines pasted");
    desk.sees("line 8999");
    desk.press("Enter");
    desk.sees("reading it");
    let (request, os, sent) = judged(&desk).expect("it is judged");
    assert_eq!((request.kind, os), ("disk", Os::Linux));
    assert_eq!(sent, text.replace('\r', "\n"));
    answer(&mut desk, Ok("enough"));
    desk.sees("► 1 ● Enough of it");
    desk.press("Enter t");
    desk.sees("pasted");
}

#[test]
fn what_does_not_fit_stays_on_the_page() {
    let mut desk = desk();
    desk.press("p Enter");
    desk.sees("nothing was pasted yet");
    assert!(judged(&desk).is_none());
    desk.type_in("PING a");
    desk.press("Enter");
    answer(&mut desk, Err("expected what `df` prints"));
    desk.sees("expected what `df` prints");
    desk.press("Esc");
    desk.sees("Is there space?");
    desk.sees_not("expected what");
    desk.press("p");
    desk.type_in(&"a".repeat(MOST_BYTES + 1));
    desk.sees("more than 16 MiB, the bound");
    desk.sees("Pasting again adds");
}

#[test]
fn a_page_that_was_left_takes_nothing() {
    let mut desk = desk();
    desk.press("p");
    desk.type_in("x");
    desk.press("Enter Esc");
    answer(&mut desk, Ok("enough"));
    desk.sees_not("► 1 ● Enough of it");
}

#[test]
fn pasting_on_the_question_itself_does_nothing() {
    let desk = desk();
    let paste = Terminal::Paste("1".to_owned());
    assert!(matches!(
        input::read(&paste, &desk.model),
        Some(Msg::Nothing)
    ));
}

/// The answer of a script may come at any time, also while a question is for a person alone.
#[test]
fn an_answer_of_a_script_is_taken_at_a_question_without_a_probe() {
    let own = LAMP.replace("    probe: { disk: { path: /, need: 1MB } }\n", "");
    let own = own.replace(", when: enough", "").replace(", when: low", "");
    let mut desk = Desk::with(&own, |opening| opening.tree = Some(TreeId::new("own")));
    desk.press("3");
    desk.sees("Is there space?");
    desk.press("p");
    desk.sees("What came of what `m` asks for");
    desk.press("Tab");
    desk.type_in("waypost answer 1\n");
    desk.press("Enter");
    desk.sees("reading it");
    let sent = desk.tasks.iter().rev().find_map(|task| match task {
        Task::Paste(_, sent) => Some((sent.request.is_none(), sent.text.as_str())),
        _ => None,
    });
    assert_eq!(sent, Some((true, "waypost answer 1\n")));
    // Of the machine that one sits at, nobody sends anything.
    let mut desk = Desk::with(&own, |opening| opening.tree = Some(TreeId::new("own")));
    desk.press("1");
    desk.sees("Is there space?");
    desk.press("p");
    desk.sees("Is there space?");
}

/// Without the marks of a paste a terminal hands it on as keys: Windows' console does.
#[test]
fn a_paste_that_comes_as_keys_is_taken_whole() {
    let mut desk = desk();
    desk.press("p a q ? Enter p a s s w o r d = h u n t e r 2 x y Enter");
    desk.sees("2 lines pasted");
    desk.sees_not("hunter2");
    // A slow connection pauses in it.
    desk.pass(Duration::from_millis(100));
    desk.press("Enter z");
    assert!(judged(&desk).is_none());
    desk.pass(Duration::from_secs(1));
    desk.press("Enter");
    let (.., sent) = judged(&desk).expect("it is judged");
    assert_eq!(sent, "aq?\npassword=hunter2xy\n\nz");
}

/// What is judged then is not all that was sent.
#[test]
fn what_comes_while_it_is_judged_makes_it_count_for_nothing() {
    let mut desk = desk();
    desk.press("p a");
    desk.pass(Duration::from_secs(1));
    desk.press("Enter");
    desk.sees("reading it");
    desk.press("b");
    answer(&mut desk, Ok("enough"));
    desk.sees("more of it came while it was read");
    desk.sees("Pasting again adds");
    desk.press("Esc");
    desk.sees_not("► 1 ● Enough of it");
}

#[test]
fn a_path_can_be_typed() {
    let mut desk = desk();
    desk.press("p / a . t x t Backspace Backspace b");
    desk.sees("1 line pasted");
    desk.sees("/a.tb");
    desk.pass(Duration::from_millis(200));
    desk.press("Enter");
    let (.., sent) = judged(&desk).expect("it is judged");
    assert_eq!(sent, "/a.tb");
}
