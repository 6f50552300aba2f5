//! The path so far and what can still come: as one line, as a column beside the text, and the causes under it.

use ratatui::text::{Line, Span};

use crate::{
    app::tui::{
        markdown::plain,
        model::Scene,
        theme::{HEALTHY, THEN, Theme, UNKNOWN},
        view::wrap::{Break, Indent, wrap},
    },
    engine::{Step, StepKind},
};

/// The answers so far, the last ones last; it is cut on its left by who draws it.
pub fn trail(scene: &Scene) -> String {
    let answered: Vec<String> = scene.path.iter().rev().filter_map(answer).take(3).collect();
    let older = scene.path.iter().filter_map(answer).count() > answered.len();
    let mut trail: Vec<String> = answered.into_iter().rev().collect();
    if older {
        trail.insert(0, "…".to_owned());
    }
    if trail.is_empty() {
        "the first question".to_owned()
    } else {
        trail.join(&format!(" {THEN} "))
    }
}

/// How far it still is.
pub fn outlook(scene: &Scene) -> String {
    if scene.is_over() || matches!(scene.stage, crate::engine::Stage::Conclusion(_)) {
        return String::new();
    }
    let causes = match scene.outlook.causes.len() {
        0 => "no cause left".to_owned(),
        1 => "1 cause possible".to_owned(),
        count => format!("{count} causes possible"),
    };
    let more = if scene.outlook.repeats { "+" } else { "" };
    let most = scene.outlook.most;
    let questions = match most {
        0 => "no more questions".to_owned(),
        1 if more.is_empty() => "1 question at most".to_owned(),
        _ => format!("{most}{more} questions at most"),
    };
    format!("{causes}, {questions}")
}

/// The causes still possible, under the text.
pub fn causes(scene: &Scene, width: usize, theme: Theme) -> Vec<Line<'static>> {
    if scene.causes.is_empty() || matches!(scene.stage, crate::engine::Stage::Conclusion(_)) {
        return Vec::new();
    }
    let mut lines = vec![
        Line::default(),
        Line::styled(" Still possible", theme.label()),
    ];
    for cause in &scene.causes {
        lines.extend(bullet(cause, width.saturating_sub(1), theme));
    }
    lines
}

/// The whole column: every step, then the causes.
pub fn lines(scene: &Scene, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default(), Line::styled("Path", theme.label())];
    for step in &scene.path {
        let Some(answer) = answer(step) else {
            continue;
        };
        let sign = if step.is_unknown() { UNKNOWN } else { HEALTHY };
        lines.extend(wrap(
            &[Span::styled(plain(&step.text.markdown), theme.quiet())],
            width,
            &Indent::hanging(Span::styled(format!("{sign} "), theme.quiet())),
            Break::Words,
        ));
        lines.extend(wrap(
            &[Span::raw(answer)],
            width,
            &Indent::blanks(2),
            Break::Words,
        ));
    }
    if scene.path.is_empty() {
        lines.push(Line::styled("the first question", theme.quiet()));
    }
    lines.extend(causes(scene, width + 1, theme).into_iter().map(|mut line| {
        // Here it stands at the edge of its own column.
        if let Some(first) = line.spans.first_mut() {
            let text = first.content.strip_prefix(' ').unwrap_or(&first.content);
            first.content = text.to_owned().into();
        }
        line
    }));
    lines
}

fn bullet(text: &str, width: usize, theme: Theme) -> Vec<Line<'static>> {
    wrap(
        &[Span::raw(text.to_owned())],
        width,
        &Indent::hanging(Span::styled(" • ", theme.quiet())),
        Break::Words,
    )
}

/// What a step came to, in a few words; `None` for the way into a visited tree.
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
        StepKind::Enter => return None,
        StepKind::Leave { verdict, .. } => verdict.name().to_owned(),
    })
}
