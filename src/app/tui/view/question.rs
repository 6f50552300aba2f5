//! A question: what was found first, then why it is asked and how a person finds out.

use ratatui::text::{Line, Span};

use crate::{
    app::tui::{
        markdown::{Block, parse, plain},
        model::Scene,
        theme::{THEN, Theme, UNKNOWN},
        view::{
            evidence, open_questions,
            prose::{code_lines, prose, prose_in},
            wrap::{Break, Indent, wrap},
        },
    },
    engine::{EvidenceView, Place, Purpose, QuestionStage},
    finding::Judgement,
    probe,
};

pub fn body(
    scene: &Scene,
    question: &QuestionStage,
    width: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    let room = width.saturating_sub(1);
    let indent = Indent::blanks(1);
    if let Some(purpose) = purpose(question) {
        lines.extend(wrap(
            &[Span::styled(purpose, theme.label())],
            room,
            &indent,
            Break::Words,
        ));
    }
    lines.extend(prose_in(
        &question.ask.markdown,
        room,
        &indent,
        theme.question(),
        theme,
    ));
    lines.extend(found(question, room, theme));
    if let Some(why) = &question.why {
        lines.extend(part("Why", &why.markdown, room, theme));
    }
    if let Some(how) = &question.how {
        lines.extend(part("How to find out", &how.markdown, room, theme));
    }
    lines.extend(by_hand(scene, room, theme));
    lines.extend(open_questions::lines(
        "Not shown yet, since these are open",
        &question.withheld,
        room,
        theme,
    ));
    lines.extend(sources(&question.sources, room, theme));
    lines
}

/// What stands beside the answer that the evidence points at.
pub fn note(question: &QuestionStage) -> String {
    match &question.evidence {
        EvidenceView::Found {
            note: Some(note), ..
        } => note.markdown.clone(),
        EvidenceView::Found { outcome, .. } => format!("`{outcome}`"),
        _ => String::new(),
    }
}

/// What it is asked for; after a fix also which answer says that all is well, which its own words do not always tell.
fn purpose(question: &QuestionStage) -> Option<String> {
    let wanted = question
        .wanted_text()
        .map(|text| format!(" “{}” says so.", plain(&text.markdown)))
        .unwrap_or_default();
    match question.purpose {
        Purpose::Walk => None,
        Purpose::Guard => Some("Before you are told what to do, this has to be certain".to_owned()),
        Purpose::Verify => Some(format!("After the fix: did it work?{wanted}")),
        Purpose::Settled => Some(format!("After the fix: is the whole thing over?{wanted}")),
    }
}

/// What the looks gave.
fn found(question: &QuestionStage, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let indent = Indent::blanks(1);
    let say = |lines: &mut Vec<Line<'static>>, sign: &str, text: &str| {
        lines.push(Line::default());
        lines.extend(wrap(
            &[Span::raw(text.to_owned())],
            width,
            &indent.with(Indent::hanging(Span::styled(
                format!("{sign} "),
                theme.warning(),
            ))),
            Break::Words,
        ));
    };
    match &question.evidence {
        EvidenceView::None | EvidenceView::Looking { .. } => {}
        EvidenceView::NotLooked { look: true } => say(
            &mut lines,
            UNKNOWN,
            "Not looked yet, since it logs in, and a wrong login too often locks a user: r looks once.",
        ),
        EvidenceView::NotLooked { look: false } => {}
        EvidenceView::Found {
            answer: None,
            outcome,
            ..
        } => say(
            &mut lines,
            UNKNOWN,
            &format!(
                "What was found (`{outcome}`) does not say which answer is right: that is for you."
            ),
        ),
        EvidenceView::Found { .. } => {}
        EvidenceView::Unknown(why) if question.asks_anew() => say(
            &mut lines,
            UNKNOWN,
            &format!("Not known: {why} (r asks for it anew)"),
        ),
        EvidenceView::Unknown(why) => say(&mut lines, UNKNOWN, &format!("Not known: {why}")),
    }
    for look in &question.looks {
        let Some(finding) = &look.finding else {
            continue;
        };
        if finding.evidence.is_empty() {
            continue;
        }
        // An outcome is the kind's word; where an answer follows from it, that answer says what it means.
        let said = match &finding.judgement {
            Judgement::Outcome(_) if question.pointed().is_some() => String::new(),
            Judgement::Outcome(outcome) => format!(" {THEN} {outcome}"),
            Judgement::Unknown(_) => format!(" {THEN} not known"),
        };
        lines.push(Line::default());
        lines.push(Line::from(vec![
            Span::styled(" What was found", theme.label()),
            Span::styled(
                format!("  {}{said}, {}", look.request.kind, finding.source.name()),
                theme.quiet(),
            ),
        ]));
        lines.extend(evidence::lines(&finding.evidence, width, theme));
    }
    lines
}

/// The commands that give the same as the looks.
fn by_hand(scene: &Scene, width: usize, theme: Theme) -> Vec<Line<'static>> {
    if scene.manual.is_empty() {
        return Vec::new();
    }
    let title = match scene.place {
        Place::Elsewhere => "Commands to run there (c copies; m: all that is open)",
        Place::Here | Place::Bundle => "The same by hand (c copies)",
    };
    let mut lines = vec![
        Line::default(),
        Line::styled(format!(" {title}"), theme.label()),
    ];
    for probe::Manual { command, tells, .. } in &scene.manual {
        let code: Vec<String> = command.lines().map(str::to_owned).collect();
        lines.extend(code_lines(&code, width, &Indent::blanks(1), theme));
        if !tells.is_empty() {
            lines.extend(wrap(
                &[Span::styled(tells.clone(), theme.quiet())],
                width,
                &Indent::blanks(5),
                Break::Words,
            ));
        }
    }
    lines
}

/// A label and the text that belongs to it: before its first words, or above it where it begins with a list or code.
pub fn part(label: &str, markdown: &str, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    if matches!(parse(markdown).first(), Some(Block::Paragraph(_))) {
        let indent = Indent {
            first: vec![Span::styled(format!(" {label}: "), theme.label())],
            rest: vec![Span::raw(" ")],
        };
        lines.extend(prose(markdown, width, &indent, theme));
    } else {
        lines.push(Line::styled(format!(" {label}"), theme.label()));
        lines.extend(prose(markdown, width, &Indent::blanks(1), theme));
    }
    lines
}

pub fn sources(sources: &[String], width: usize, theme: Theme) -> Vec<Line<'static>> {
    if sources.is_empty() {
        return Vec::new();
    }
    let text = format!("Sources: {}", sources.join(", "));
    let mut lines = vec![Line::default()];
    lines.extend(wrap(
        &[Span::styled(plain(&text), theme.quiet())],
        width,
        &Indent::blanks(1),
        Break::Words,
    ));
    lines
}
