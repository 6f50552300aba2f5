//! An end: the verdict with its sign and word, the cause, what to do, and how it is known.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use crate::{
    app::tui::{
        markdown::plain,
        model::Scene,
        theme::{CAUSE, HEALTHY, THEN, Theme, UNKNOWN, WARNING},
        view::{
            evidence, open_questions,
            prose::prose_in,
            question::{part, sources},
            wrap::{Break, Indent, wrap},
        },
    },
    engine::{ConclusionStage, Phase},
    tree::Verdict,
};

pub fn body(
    scene: &Scene,
    stage: &ConclusionStage,
    width: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let room = width.saturating_sub(1);
    let (sign, word, style) = verdict(stage, theme);
    let mut lines = vec![
        Line::default(),
        Line::styled(format!(" {sign} {word}"), style),
    ];
    lines.extend(prose_in(
        &stage.title.markdown,
        room,
        &Indent::blanks(1),
        theme.question(),
        theme,
    ));
    if let Some(said) = stage.why_here() {
        lines.push(Line::default());
        lines.extend(wrap(
            &[Span::raw(said.to_owned())],
            room,
            &Indent::blanks(1),
            Break::Words,
        ));
    }
    if let Some(because) = &stage.because {
        lines.extend(part("Because", &because.markdown, room, theme));
    }
    let copies = if scene.commands.is_empty() {
        ""
    } else {
        " (c copies)"
    };
    if let Some(fix) = &stage.fix {
        lines.extend(part(
            &format!("What to do{copies}"),
            &fix.markdown,
            room,
            theme,
        ));
    }
    if let Some(next) = &stage.next {
        lines.extend(part("Next", &next.markdown, room, theme));
    }
    lines.extend(open_questions::lines(
        if stage.fix.is_none() && stage.phase == Phase::Fix {
            "What to do is shown only when this is known (t: answer it there)"
        } else {
            "Not shown yet, since these are open"
        },
        &stage.withheld,
        room,
        theme,
    ));
    lines.extend(open_questions::lines(
        "Still open",
        &stage.open,
        room,
        theme,
    ));
    lines.extend(proof(scene, room, theme));
    lines.extend(sources(&stage.sources, room, theme));
    lines
}

/// What can be done at an end, where nothing is left to choose.
pub fn at_end(stage: &ConclusionStage, width: usize, theme: Theme) -> Vec<Line<'static>> {
    if !stage.phase.is_last() {
        return Vec::new();
    }
    let end = if stage.is_declined() {
        "The fix is left for later: b goes back to it, w is the report, s leaves."
    } else {
        "This is the end: b goes back, t changes a step, w is the report, s leaves."
    };
    wrap(
        &[Span::styled(end, theme.quiet())],
        width.saturating_sub(1),
        &Indent::blanks(1),
        Break::Words,
    )
}

/// Sign, word and style of what stands.
fn verdict(stage: &ConclusionStage, theme: Theme) -> (&'static str, &'static str, Style) {
    match (stage.phase, stage.verdict) {
        (Phase::Fixed, _) => (HEALTHY, "Fixed", theme.good()),
        (Phase::NotVerified, _) => (
            UNKNOWN,
            "Not verified: whether the fix helped is not known",
            theme.warning(),
        ),
        (_, Verdict::Cause) => (CAUSE, "Cause found", theme.bad()),
        (_, Verdict::Healthy) => (HEALTHY, "Healthy", theme.good()),
        (_, Verdict::Escalate) => (WARNING, "To hand on", theme.warning()),
        (_, Verdict::Unresolved) if stage.suspect => {
            (UNKNOWN, "Suspected, not proven", theme.warning())
        }
        (_, Verdict::Unresolved) => (UNKNOWN, "Unresolved", theme.warning()),
        (_, Verdict::NotApplicable) => ("-", "Does not apply here", theme.quiet()),
    }
}

/// The questions that led here, each with its answer and what was found.
fn proof(scene: &Scene, width: usize, theme: Theme) -> Vec<Line<'static>> {
    if scene.proof.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![
        Line::default(),
        Line::styled(" How this is known", theme.label()),
    ];
    let indent = Indent::blanks(1).with(Indent::hanging(Span::styled("• ", theme.quiet())));
    for step in &scene.proof {
        let answer = step.answer.as_deref().map_or_else(
            || Span::styled(format!("{UNKNOWN} not known"), theme.warning()),
            |answer| Span::styled(plain(answer), theme.title()),
        );
        let source = format!(" ({})", step.source.name());
        let mut spans = vec![
            Span::raw(plain(&step.question)),
            Span::styled(format!(" {THEN} "), theme.quiet()),
            answer,
            Span::styled(source, theme.quiet()),
        ];
        if step.disagrees {
            spans.push(Span::styled(
                format!(" {WARNING} the evidence says otherwise"),
                theme.warning(),
            ));
        }
        lines.extend(wrap(&spans, width, &indent, Break::Words));
        lines.extend(evidence::lines(&step.evidence, width, theme));
    }
    lines
}
