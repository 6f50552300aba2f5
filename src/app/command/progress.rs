//! How far the looks of `waypost collect` are, on standard error.

use std::io::{self, IsTerminal, Write};

use crate::{
    app::{collecting::Told, prose},
    finding::Judgement,
};

/// The columns of a terminal whose width nobody knows.
const WIDTH: u16 = 80;

/// Tells how far the looks are: in place on a terminal, line by line elsewhere.
pub struct Progress {
    in_place: bool,
}

impl Progress {
    pub fn stderr() -> Self {
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        Self {
            in_place: io::stderr().is_terminal() && !dumb,
        }
    }

    /// A look has ended.
    pub fn tell(&mut self, told: Told<'_>) {
        let how = match told.judgement {
            Judgement::Outcome(outcome) => outcome.to_string(),
            Judgement::Unknown(why) => format!("unknown: {}", why.detail),
        };
        let line = format!("{}/{} {}: {how}", told.done, told.total, told.probe);
        let line = prose::visible(&line.replace(['\n', '\t'], " ")).into_owned();
        let mut err = io::stderr().lock();
        // Who closed standard error wants to see no progress.
        let _ = match self.in_place {
            true => {
                let width = crossterm::terminal::size().map_or(WIDTH, |(width, _)| width);
                let line = cut(&line, usize::from(width).saturating_sub(1));
                write!(err, "\r\x1b[2K{line}").and_then(|()| err.flush())
            }
            false => writeln!(err, "{line}"),
        };
    }

    /// Leaves nothing of the line in place.
    pub fn end(&mut self) {
        if self.in_place {
            let _ = write!(io::stderr().lock(), "\r\x1b[2K");
        }
    }
}

/// What of a line fits into so many columns.
fn cut(line: &str, columns: usize) -> String {
    let mut left = columns;
    let fits = |c: &char| {
        let wide = textwrap::core::display_width(c.encode_utf8(&mut [0; 4]));
        let fits = wide <= left;
        left = left.saturating_sub(wide);
        fits
    };
    line.chars().take_while(fits).collect()
}
