//! An instruction for the person.

use ratatui::text::{Line, Span};

use crate::{
    app::tui::{
        model::Scene,
        theme::{Theme, WARNING},
        view::{
            open_questions,
            prose::{prose, prose_in},
            question::{part, sources},
            wrap::Indent,
        },
    },
    engine::DoStage,
};

pub fn body(scene: &Scene, stage: &DoStage, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let room = width.saturating_sub(1);
    let mut lines = vec![Line::default()];
    lines.extend(prose_in(
        &stage.text.markdown,
        room,
        &Indent::blanks(1),
        theme.question(),
        theme,
    ));
    if let Some(caution) = &stage.caution {
        lines.push(Line::default());
        lines.extend(self::caution(&caution.markdown, room, theme));
    }
    if let Some(steps) = &stage.steps {
        let label = match scene.commands.len() {
            0 => "What to do",
            _ => "What to do (c copies)",
        };
        lines.extend(part(label, &steps.markdown, room, theme));
    }
    if let Some(why) = &stage.why {
        lines.extend(part("Why", &why.markdown, room, theme));
    }
    lines.extend(open_questions::lines(
        "Not shown yet, since these are open",
        &stage.withheld,
        room,
        theme,
    ));
    lines.extend(sources(&stage.sources, room, theme));
    lines
}

/// What to beware of, with its sign and word.
pub fn caution(markdown: &str, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let sign = Span::styled(format!("{WARNING} Caution: "), theme.warning());
    prose(
        markdown,
        width,
        &Indent::blanks(1).with(Indent {
            first: vec![sign],
            rest: vec![Span::raw("  ")],
        }),
        theme,
    )
}
