//! Every step so far with its answer, where the answer comes from, what was found, and notes.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use crate::{
    app::tui::{
        markdown::plain,
        model::{Editing, Entry, KnownInput, Model, Transcript, Walk},
        theme::{CHOSEN, THEN, Theme, UNKNOWN, WARNING},
        view::{
            bars,
            choices::{self, Shown},
            sheet::{Scroll, Sheet, ends},
            side,
            walk::write,
            wrap::{Break, Indent, wrap},
        },
    },
    engine::{Given, Step, StepKind},
};

pub fn sheet(model: &Model, walk: &Walk, transcript: &Transcript, width: u16) -> Sheet {
    let title = format!("Transcript: {}", bars::called(walk, &walk.scene.title));
    let mut sheet = bars::sheet(model, &title, "", width);
    let theme = sheet.theme;
    let width = usize::from(width);
    let mut shown = 0..0;
    sheet.body.push(Line::default());
    for (row, entry) in Entry::all(&walk.scene).enumerate() {
        let first = sheet.body.len();
        let chosen = row == transcript.selected;
        let lines = match entry {
            Entry::Input(at) => input(&walk.scene.inputs[at], chosen, width, theme),
            Entry::Step(at) => step(&walk.scene.path[at], chosen, width, theme),
        };
        sheet.body.extend(lines);
        if chosen {
            let mut end = sheet.body.len();
            if let Some(editing) = &transcript.editing {
                let (lines, shows) = alternatives(editing, width, theme);
                shown = end + shows.start..end + shows.end;
                sheet.body.extend(lines);
            } else {
                end = sheet.body.len();
                shown = first..end;
            }
        }
    }
    for note in &walk.scene.notes {
        let label = Indent::hanging(Span::styled("Note here: ", theme.label()));
        sheet.body.extend(wrap(
            &[Span::raw(note.clone())],
            width - 1,
            &Indent::blanks(3).with(label),
            Break::Words,
        ));
    }
    if Entry::all(&walk.scene).next().is_none() {
        sheet
            .body
            .push(Line::styled(" Nothing was answered yet.", theme.quiet()));
    }
    sheet
        .body
        .extend(side::all_causes(&walk.scene, width, theme));
    sheet.scroll = Scroll::Showing(shown, transcript.nudge);
    if model.saying.is_none() {
        let text = match walk.scene.path.len() {
            1 => "1 step".to_owned(),
            count => format!("{count} steps"),
        };
        sheet.foot = vec![ends((&text, theme.quiet()), ("", theme.quiet()), width)];
    }
    if let Some(writing) = &transcript.writing {
        write(&mut sheet, &writing.what, &writing.line, width);
    }
    sheet
}

/// The sign before a row, and the style of its first line.
fn sign(chosen: bool, depth: usize, theme: Theme) -> (Indent, Style) {
    let (sign, style) = if chosen {
        (CHOSEN, theme.chosen())
    } else {
        (" ", Style::new())
    };
    let indent = Indent::hanging(Span::styled(format!(" {sign} "), theme.key()));
    (indent.with(Indent::blanks(depth * 2)), style)
}

fn input(input: &KnownInput, chosen: bool, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let (indent, style) = sign(chosen, 0, theme);
    let given = match &input.given {
        Given::Text(text) => text.clone(),
        Given::Secret => "(secret, not shown)".to_owned(),
        Given::Unknown => format!("{UNKNOWN} not known"),
    };
    wrap(
        &[
            Span::styled(input.ask.clone(), style),
            Span::styled(format!(" {THEN} "), theme.quiet()),
            Span::styled(given, theme.title()),
        ],
        width - 1,
        &indent,
        Break::Words,
    )
}

fn step(step: &Step, chosen: bool, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let (indent, style) = sign(chosen, step.depth, theme);
    let text = plain(&step.text.markdown);
    let arrow = Span::styled(format!(" {THEN} "), theme.quiet());
    let bold = |text: String| Span::styled(text, theme.title());
    let unknown = |text: &str| Span::styled(format!("{UNKNOWN} {text}"), theme.warning());
    let mut spans = vec![Span::styled(text, style)];
    let mut detail = Vec::new();
    match &step.kind {
        StepKind::Question {
            answer,
            answer_text,
            source,
            skipped,
            probes,
            outcome,
            disagrees,
            ..
        } => {
            spans.push(arrow);
            spans.push(match answer {
                Some(_) => bold(plain(&answer_text.markdown)),
                None => unknown("not known"),
            });
            let mut words = vec![source.name().to_owned()];
            if *skipped {
                words.push("nobody was asked".to_owned());
            }
            let names: Vec<&str> = probes.iter().map(|probe| probe.name.as_str()).collect();
            let looked = outcome.as_ref().map(|outcome| match names.as_slice() {
                [] => outcome.to_string(),
                names => format!("{}: {outcome}", names.join(", ")),
            });
            match looked {
                // The outcome is not what was stated, and must not read as if it were.
                Some(looked) if *disagrees => {
                    detail.push(Span::styled(words.join(" · "), theme.quiet()));
                    detail.push(Span::styled(
                        format!("  {WARNING} the evidence says otherwise: {looked}"),
                        theme.warning(),
                    ));
                }
                looked => {
                    words.extend(looked);
                    detail.push(Span::styled(words.join(" · "), theme.quiet()));
                }
            }
        }
        StepKind::Do { done } => {
            spans.push(arrow);
            spans.push(match done {
                true => bold("done".to_owned()),
                false => unknown("could not be done"),
            });
        }
        StepKind::Fix => spans.extend([arrow, bold("fix applied".to_owned())]),
        StepKind::Helped(helped) => {
            spans = vec![Span::styled("Did it help?", style), arrow];
            spans.push(match helped {
                Some(true) => bold("yes".to_owned()),
                Some(false) => bold("no".to_owned()),
                None => unknown("not known yet"),
            });
        }
        StepKind::Enter => {
            spans = vec![Span::styled(format!("Into {}", step.spot), theme.quiet())];
        }
        StepKind::Leave { verdict, .. } => {
            spans = vec![Span::styled(
                format!("Back from {}: {}", step.spot, verdict.name()),
                theme.quiet(),
            )];
        }
    }
    let mut lines = wrap(&spans, width - 1, &indent, Break::Words);
    let inner = Indent::blanks(5 + step.depth * 2);
    if !detail.is_empty() {
        lines.extend(wrap(&detail, width - 1, &inner, Break::Words));
    }
    for note in &step.notes {
        lines.extend(wrap(
            &[Span::raw(note.clone())],
            width - 1,
            &inner.with(Indent::hanging(Span::styled("Note: ", theme.label()))),
            Break::Words,
        ));
    }
    lines
}

/// The answers that the chosen step could have instead.
fn alternatives(
    editing: &Editing,
    width: usize,
    theme: Theme,
) -> (Vec<Line<'static>>, std::ops::Range<usize>) {
    let rows: Vec<Shown> = editing.choices.iter().map(Shown::from).collect();
    choices::rows(&rows, Some(editing.selected), width, theme)
}
