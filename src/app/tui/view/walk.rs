//! The walk: the stage's text, what can be chosen, the path and what can still come.

use ratatui::text::{Line, Span};

use crate::{
    app::tui::{
        model::{Face, Model, Top, Walk, What, os_name},
        theme::{SPINNER, Theme, WARNING},
        view::{
            bars,
            choices::{self, Shown},
            conclusion, field, form, instruction, naming, question,
            sheet::{Cursor, Part, SIDE, Scroll, Sheet, WIDE, ends},
            side,
            wrap::columns,
        },
    },
    engine::{Phase, Place, Stage},
};

/// Windows of fewer rows have none to spare for a blank line under the first.
const LOW: u16 = 20;

pub fn sheet(model: &Model, walk: &Walk, width: u16) -> Sheet {
    let scene = &walk.scene;
    let title = bars::called(walk, &scene.title);
    let mut sheet = bars::sheet(model, &title, &machine(walk), width);
    let theme = sheet.theme;
    let body = Sheet::body_width(width, true);
    let full = usize::from(width);
    if let Some(origin) = &scene.origin {
        let unused = model.unused.map(|why| format!("{WARNING} {why}"));
        sheet.top.push(ends(
            (&format!("tree from {origin}"), theme.quiet()),
            (&unused.unwrap_or_default(), theme.warning()),
            full,
        ));
    }
    match (&walk.face, &scene.stage) {
        (Face::Form(fields), _) => form::fill(&mut sheet, fields, body),
        (Face::Choosing(choosing), stage) => {
            sheet.body = match stage {
                Stage::Question(question) => question::body(scene, question, body, theme),
                Stage::Do(instruction) => instruction::body(scene, instruction, body, theme),
                Stage::Conclusion(conclusion) => conclusion::body(scene, conclusion, body, theme),
                Stage::Inputs(_) => Vec::new(),
            };
            sheet.scroll = Scroll::At(choosing.scroll);
            let rows: Vec<Shown> = scene
                .choices
                .iter()
                .map(|choice| Shown {
                    note: note(stage, choice.found, &choice.note),
                    ..Shown::from(choice)
                })
                .collect();
            (sheet.below, sheet.below_shows) = choices::rows(&rows, choosing.selected, full, theme);
            if let Stage::Conclusion(conclusion) = stage {
                sheet
                    .below
                    .extend(conclusion::at_end(conclusion, full, theme));
            }
        }
    }
    if model.height < LOW && sheet.body.first().is_some_and(|line| line.width() == 0) {
        sheet.body.remove(0);
    }
    let mut named = false;
    if width >= WIDE {
        let rows = usize::from(model.height);
        let below = sheet.below.len().min(rows / 2);
        let height = rows.saturating_sub(below + 5 + sheet.top.len());
        let (lines, cut) = side::lines(scene, usize::from(SIDE) - 3, height, theme);
        sheet.side = lines;
        named = !cut;
    }
    if !named {
        sheet.body.extend(side::causes(scene, body, theme));
    }
    sheet.status = status(model, walk, theme);
    if model.saying.is_none() {
        let outlook = side::outlook(scene);
        let path = side::trail(scene, full.saturating_sub(columns(&outlook) + 4));
        sheet.foot = vec![ends(
            (&path, theme.quiet()),
            (&outlook, theme.quiet()),
            full,
        )];
    }
    match &walk.top {
        Some(Top::Writing(writing)) => write(&mut sheet, &writing.what, &writing.line, full),
        Some(Top::Naming(naming)) => naming::fill(&mut sheet, naming, full),
        _ => {}
    }
    sheet
}

/// A line of text is being written: it takes the rows' place.
pub fn write(sheet: &mut Sheet, what: &What, line: &tui_input::Input, width: usize) {
    let theme = sheet.theme;
    let (label, secret) = match what {
        What::Note(None) => ("Note where the case is now", false),
        What::Note(Some(_)) => ("Note at the chosen step", false),
        What::Input { secret, .. } => ("New value", *secret),
    };
    let (text, column) = if secret {
        (field::hidden(line), 0)
    } else {
        field::line(line, width.saturating_sub(3))
    };
    sheet.below = vec![
        Line::styled(format!(" {label}"), theme.label()),
        Line::from(vec![Span::raw("  "), Span::raw(text)]),
    ];
    sheet.below_shows = 0..2;
    sheet.cursor = Some(Cursor {
        part: Part::Below,
        line: 1,
        column: 2 + column,
    });
}

/// Whose machine the case is about.
fn machine(walk: &Walk) -> String {
    let os = os_name(walk.scene.os);
    let where_it_is = match walk.scene.place {
        Place::Here => format!("this machine ({os})"),
        Place::Elsewhere => format!("somebody else's {os} machine"),
        Place::Bundle => format!("a bundle ({os})"),
    };
    if walk.scene.trusted {
        where_it_is
    } else {
        format!("{where_it_is}, nothing is looked at")
    }
}

/// What stands beside an answer that the evidence points at.
fn note(stage: &Stage, found: bool, own: &str) -> String {
    if !found {
        return own.to_owned();
    }
    match stage {
        Stage::Question(question) => question::note(question),
        _ => own.to_owned(),
    }
}

/// What is going on: a look with its seconds, a wait with what is left of it, evidence that is followed; and, more
/// quietly, how many looks run ahead.
fn status(model: &Model, walk: &Walk, theme: Theme) -> Option<Line<'static>> {
    let scene = &walk.scene;
    let turn = SPINNER[model.ticks % SPINNER.len()];
    let mut said = Vec::new();
    if scene.is_looking() {
        let seconds = walk
            .looking_since()
            .map(|since| model.now.duration_since(since).as_secs().max(0));
        let time = seconds.map_or_else(String::new, |seconds| format!(" {seconds} s"));
        let what = match &scene.stage {
            Stage::Question(question) if question.looks_again() => "looking again",
            _ => "looking",
        };
        said.push(format!("{turn} {what}{time}"));
    }
    if let Some(left) = scene.still_waits(model.now) {
        said.push(format!("{turn} waiting, {} left", clock(left)));
    }
    if walk.following {
        said.push("following the evidence".to_owned());
    }
    let phase = match &scene.stage {
        Stage::Conclusion(conclusion) => Some(conclusion.phase),
        _ => None,
    };
    if matches!(phase, Some(Phase::AskHelped)) {
        said.push("did it help?".to_owned());
    }
    let mut line = Line::from(Span::styled(said.join(" · "), theme.saying()));
    if scene.ahead > 0 {
        let looks = if scene.ahead == 1 { "look" } else { "looks" };
        let ahead = match said.is_empty() {
            true => format!("{} {looks} running for later questions", scene.ahead),
            false => format!(" · {} more running", scene.ahead),
        };
        line.push_span(Span::styled(ahead, theme.quiet()));
    }
    (line.width() > 0).then_some(line)
}

/// Minutes and seconds, rounded up, so that zero means over.
fn clock(left: std::time::Duration) -> String {
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
