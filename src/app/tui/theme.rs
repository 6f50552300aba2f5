//! Styles by meaning. Nothing here stands alone: a symbol and a word are always beside it.
//!
//! Only the sixteen colours of the terminal's own palette are used, so that what a person set up for their eyes holds;
//! without colour (`NO_COLOR`) every meaning still differs by bold, underline or reverse where it must.
//! Symbols are from the set that the Windows console's fonts have too.

use ratatui::style::{Color, Modifier, Style};

/// Gives each meaning its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    colour: bool,
}

/// Marks the row that Enter takes.
pub const CHOSEN: &str = "►";
/// Marks the answer that the evidence points at.
pub const FOUND: &str = "●";
pub const HEALTHY: &str = "√";
pub const CAUSE: &str = "×";
pub const WARNING: &str = "!";
pub const UNKNOWN: &str = "?";
/// A step back in a path, and what lies between two steps.
pub const THEN: &str = "›";
pub const MORE_ABOVE: &str = "▲";
pub const MORE_BELOW: &str = "▼";

/// One turn of the spinner; a tick shows the next.
pub const SPINNER: [&str; 4] = ["|", "/", "-", "\\"];

impl Theme {
    pub fn new(colour: bool) -> Self {
        Self { colour }
    }

    fn coloured(self, colour: Color, style: Style) -> Style {
        if self.colour { style.fg(colour) } else { style }
    }

    /// The program's name, a page's heading.
    pub fn title(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The question itself: what the eye is to find first.
    pub fn question(self) -> Style {
        self.coloured(Color::Cyan, Style::new().add_modifier(Modifier::BOLD))
    }

    /// What can wait: paths, outlooks, key lines.
    pub fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// A word that names what follows: *Why*, *How to find out*.
    pub fn label(self) -> Style {
        self.coloured(Color::Blue, Style::new().add_modifier(Modifier::BOLD))
    }

    /// A key in the key line and before an answer.
    pub fn key(self) -> Style {
        self.coloured(Color::Yellow, Style::new().add_modifier(Modifier::BOLD))
    }

    /// The row that Enter takes.
    pub fn chosen(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// What the evidence points at.
    pub fn found(self) -> Style {
        self.coloured(Color::Green, Style::new().add_modifier(Modifier::BOLD))
    }

    /// The part of an evidence line that is the point.
    pub fn mark(self) -> Style {
        self.coloured(
            Color::Red,
            Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        )
    }

    /// The sign before a line of evidence that is the point.
    pub fn mark_sign(self) -> Style {
        self.coloured(Color::Red, Style::new().add_modifier(Modifier::BOLD))
    }

    /// It is over, it is well.
    pub fn good(self) -> Style {
        self.coloured(Color::Green, Style::new().add_modifier(Modifier::BOLD))
    }

    /// A cause, a mistake.
    pub fn bad(self) -> Style {
        self.coloured(Color::Red, Style::new().add_modifier(Modifier::BOLD))
    }

    /// A caution, a suspect, what is not known.
    pub fn warning(self) -> Style {
        self.coloured(Color::Yellow, Style::new().add_modifier(Modifier::BOLD))
    }

    /// Commands, paths and names as they are typed.
    pub fn code(self) -> Style {
        self.coloured(Color::Cyan, Style::new())
    }

    pub fn link(self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }

    /// Something the program says about what was just done.
    pub fn saying(self) -> Style {
        self.coloured(Color::Yellow, Style::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_no_style_has_any() {
        let theme = Theme::new(false);
        for style in [
            theme.title(),
            theme.question(),
            theme.quiet(),
            theme.label(),
            theme.key(),
            theme.chosen(),
            theme.found(),
            theme.mark(),
            theme.mark_sign(),
            theme.good(),
            theme.bad(),
            theme.warning(),
            theme.code(),
            theme.link(),
            theme.saying(),
        ] {
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }
}
