//! The model, drawn. Reads the model and nothing else; changes nothing.
//!
//! A screen is one file that makes a [`sheet::Sheet`]: lines and where they belong. The sheet alone knows of rows.

mod agree;
mod bars;
mod choices;
mod conclusion;
mod evidence;
mod excerpt;
mod field;
mod form;
mod help;
mod instruction;
mod naming;
mod open_questions;
mod paste;
mod place;
mod prose;
mod question;
mod report;
mod sheet;
mod side;
mod small;
mod start;
mod transcript;
mod walk;
mod wrap;

use ratatui::Frame;

use crate::app::tui::{
    model::{Model, Screen, Top},
    msg::Measured,
};

/// Draws the model once, and tells how far the page can be scrolled.
pub fn draw(model: &Model, frame: &mut Frame<'_>) -> Measured {
    let area = frame.area();
    if small::is_too_small(area) {
        small::draw(area, frame);
        return Measured::default();
    }
    let sheet = if let Some(scroll) = model.help {
        help::sheet(model, scroll, area.width)
    } else {
        match &model.screen {
            Screen::Start(start) => start::sheet(model, start, area.width),
            Screen::Where(place) => place::sheet(model, place, area.width),
            Screen::Agree(agree) => agree::sheet(model, agree, area.width),
            Screen::Walk(walk) => match &walk.top {
                Some(Top::Transcript(transcript)) => {
                    transcript::sheet(model, walk, transcript, area.width)
                }
                Some(Top::Pasting(pasting)) => paste::sheet(model, walk, pasting, area.width),
                Some(Top::Report(preview)) => report::sheet(model, walk, preview, area.width),
                Some(Top::Writing(_) | Top::Naming(_)) | None => {
                    walk::sheet(model, walk, area.width)
                }
            },
        }
    };
    sheet.draw(area, frame)
}

#[cfg(test)]
mod tests;
