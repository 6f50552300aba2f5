//! The path so far and what can still come: as one line, as a column beside the text, and the causes under it.

use ratatui::text::{Line, Span};

use crate::{
    app::tui::{
        markdown::plain,
        model::Scene,
        theme::{HEALTHY, THEN, Theme, UNKNOWN},
        view::wrap::{Break, Indent, columns, wrap},
    },
    engine::{Stage, Step, StepKind},
};

/// The answers so far, as many of the last ones as fit into so many columns.
pub fn trail(scene: &Scene, room: usize) -> String {
    let all = runs(scene.path.iter().filter_map(answer));
    if all.is_empty() {
        return "the first question".to_owned();
    }
    let between = format!(" {THEN} ");
    for from in 0..all.len() {
        let mut shown = all[from..].join(&between);
        if from > 0 {
            shown = format!("…{between}{shown}");
        }
        if columns(&shown) <= room {
            return shown;
        }
    }
    // Not even the last one fits: whoever draws it cuts it.
    all.last().cloned().unwrap_or_default()
}

/// The answers, with those that follow each other and say the same told once: `2 × not known`.
fn runs(answers: impl Iterator<Item = String>) -> Vec<String> {
    let mut runs: Vec<(String, usize)> = Vec::new();
    for answer in answers {
        match runs.last_mut() {
            Some((same, count)) if *same == answer => *count += 1,
            _ => runs.push((answer, 1)),
        }
    }
    let shown = runs.into_iter().map(|(answer, count)| match count {
        1 => answer,
        count => format!("{count} × {answer}"),
    });
    shown.collect()
}

/// How far it still is.
pub fn outlook(scene: &Scene) -> String {
    if matches!(scene.stage, Stage::Conclusion(_)) {
        return String::new();
    }
    let causes = match scene.outlook.causes.len() {
        0 => "no cause left".to_owned(),
        1 => "1 cause possible".to_owned(),
        count => format!("{count} causes possible"),
    };
    let (fewest, most) = (scene.outlook.fewest, scene.outlook.most);
    let more = if scene.outlook.repeats { "+" } else { "" };
    let questions = match (fewest, most) {
        (_, 0) => "no more questions".to_owned(),
        (_, 1) if more.is_empty() => "1 question left".to_owned(),
        (fewest, most) if fewest == most => format!("{most}{more} questions left"),
        (fewest, most) => format!("{fewest} to {most}{more} questions left"),
    };
    format!("{causes}, {questions}")
}

/// More causes than these are counted only; the transcript lists them all.
const FEW: usize = 8;
/// Causes that are listed at all: nobody reads more, and each is laid out at every draw.
const CAUSES: usize = 100;

/// The causes still possible, under the text, once they are few.
pub fn causes(scene: &Scene, width: usize, theme: Theme) -> Vec<Line<'static>> {
    if scene.causes.len() > FEW {
        return Vec::new();
    }
    all_causes(scene, width, theme)
}

/// Every cause still possible, as far as anybody reads.
pub fn all_causes(scene: &Scene, width: usize, theme: Theme) -> Vec<Line<'static>> {
    if scene.causes.is_empty() || matches!(scene.stage, Stage::Conclusion(_) | Stage::Inputs(_)) {
        return Vec::new();
    }
    let mut lines = vec![
        Line::default(),
        Line::styled(" Still possible", theme.label()),
    ];
    for cause in scene.causes.iter().take(CAUSES) {
        lines.extend(bullet(cause, width.saturating_sub(1), theme));
    }
    if scene.causes.len() > CAUSES {
        let more = format!(" and {} more", scene.causes.len() - CAUSES);
        lines.push(Line::styled(more, theme.quiet()));
    }
    lines
}

/// The whole column, `height` lines at most: the causes, then the last steps. The second value tells whether causes were
/// left out, so that they must be listed elsewhere.
pub fn lines(
    scene: &Scene,
    width: usize,
    height: usize,
    theme: Theme,
) -> (Vec<Line<'static>>, bool) {
    let mut lines = vec![Line::default()];
    let mut named = Vec::new();
    for cause in causes(scene, width + 1, theme).into_iter().skip(1) {
        named.push(unindented(cause));
    }
    let cut = named.len() > height / 2;
    if !named.is_empty() && !cut {
        lines.extend(named);
        lines.push(Line::default());
    }
    lines.push(Line::styled("Path", theme.label()));
    let mut steps: Vec<Vec<Line<'static>>> = Vec::new();
    let mut room = height.saturating_sub(lines.len() + 1);
    let walked = scene.path.iter().filter(|step| answer(step).is_some());
    for step in walked.clone().rev() {
        let drawn = self::step(step, width, theme);
        if drawn.len() > room {
            break;
        }
        room -= drawn.len();
        steps.push(drawn);
    }
    if steps.len() < walked.count() {
        lines.push(Line::styled("…", theme.quiet()));
    }
    if scene.path.is_empty() {
        lines.push(Line::styled("the first question", theme.quiet()));
    }
    lines.extend(steps.into_iter().rev().flatten());
    (lines, cut)
}

fn step(step: &Step, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let sign = if step.is_unknown() { UNKNOWN } else { HEALTHY };
    let text = match step.kind {
        StepKind::Helped(_) => "Did it help?".to_owned(),
        _ => plain(&step.text.markdown),
    };
    let mut lines = wrap(
        &[Span::styled(text, theme.quiet())],
        width,
        &Indent::hanging(Span::styled(format!("{sign} "), theme.quiet())),
        Break::Words,
    );
    lines.extend(wrap(
        &[Span::raw(answer(step).unwrap_or_default())],
        width,
        &Indent::blanks(2),
        Break::Words,
    ));
    lines
}

/// A line that stands at the edge of its own column.
fn unindented(mut line: Line<'static>) -> Line<'static> {
    if let Some(first) = line.spans.first_mut() {
        let text = first.content.strip_prefix(' ').unwrap_or(&first.content);
        first.content = text.to_owned().into();
    }
    line
}

fn bullet(text: &str, width: usize, theme: Theme) -> Vec<Line<'static>> {
    wrap(
        &[Span::raw(text.to_owned())],
        width,
        &Indent::hanging(Span::styled(" • ", theme.quiet())),
        Break::Words,
    )
}

/// What a step came to, in a few words; `None` for the way into a visited tree and out of it.
fn answer(step: &Step) -> Option<String> {
    Some(match &step.kind {
        StepKind::Question { answer: None, .. } => "not known".to_owned(),
        StepKind::Question { answer_text, .. } => plain(&answer_text.markdown),
        StepKind::Do { done: true } => "done".to_owned(),
        StepKind::Do { done: false } => "could not be done".to_owned(),
        StepKind::Fix => "fix applied".to_owned(),
        StepKind::Helped(Some(true)) => "it helped".to_owned(),
        StepKind::Helped(Some(false)) => "it did not help".to_owned(),
        StepKind::Helped(None) => "not known yet".to_owned(),
        StepKind::Enter | StepKind::Leave { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_itself_is_told_once() {
        let check = |answers: &[&str], expected: &[&str]| {
            assert_eq!(runs(answers.iter().map(ToString::to_string)), expected);
        };
        check(&[], &[]);
        check(&["Yes", "No"], &["Yes", "No"]);
        check(
            &["Yes", "not known", "not known", "Yes", "Yes", "No"],
            &["Yes", "2 × not known", "2 × Yes", "No"],
        );
    }
}
