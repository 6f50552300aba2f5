//! Every page at three sizes, as snapshots with styles. A page without a snapshot fails.

mod ends;
mod layers;
mod pages;
mod stages;

use std::{fs, path::Path};

use ratatui::{Terminal, backend::TestBackend, buffer::Buffer, style::Style};

use crate::app::tui::{model::Model, msg::Measured, view};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (60, 15)];

fn draw(model: &Model, width: u16, height: u16) -> (Buffer, Measured) {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a test backend");
    let mut measured = Measured::default();
    terminal
        .draw(|frame| measured = view::draw(model, frame))
        .expect("a test backend never fails");
    (terminal.backend().buffer().clone(), measured)
}

/// The rows as text. A wide character's second cell is left out.
fn rows(buffer: &Buffer) -> Vec<String> {
    (0..buffer.area.height)
        .map(|y| {
            let mut row = String::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                row.push_str(symbol);
                x += u16::try_from(view::wrap::columns(symbol).max(1)).unwrap_or(1);
            }
            row.trim_end().to_owned()
        })
        .collect()
}

/// Runs of cells whose style is not the plain one: row, columns, style.
fn styles(buffer: &Buffer) -> Vec<String> {
    let mut runs = Vec::new();
    for y in 0..buffer.area.height {
        let mut from = 0;
        for x in 1..=buffer.area.width {
            let style = buffer[(from, y)].style();
            if x < buffer.area.width && buffer[(x, y)].style() == style {
                continue;
            }
            if let Some(said) = said(style) {
                runs.push(format!("{y:>2}  {from:>3}..{x:<3}  {said}"));
            }
            from = x;
        }
    }
    runs
}

fn said(style: Style) -> Option<String> {
    let mut words = Vec::new();
    if let Some(colour) = style
        .fg
        .filter(|colour| *colour != ratatui::style::Color::Reset)
    {
        words.push(colour.to_string().to_lowercase());
    }
    if !style.add_modifier.is_empty() {
        words.push(format!("{:?}", style.add_modifier).to_lowercase());
    }
    (!words.is_empty()).then(|| words.join(" "))
}

fn snapshot(name: &str, model: &mut Model) {
    let mut text = String::new();
    for (width, height) in SIZES {
        model.width = width;
        model.height = height;
        let (buffer, _) = draw(model, width, height);
        text.push_str(&format!("── {width}×{height} ──\n"));
        text.push_str(&rows(&buffer).join("\n"));
        text.push('\n');
        if (width, height) == SIZES[0] {
            text.push_str("── styles ──\n");
            text.push_str(&styles(&buffer).join("\n"));
            text.push('\n');
        }
    }
    insta::with_settings!({
        prepend_module_to_snapshot => false,
        snapshot_path => "../snapshots",
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn every_page_looks_like_its_snapshot() {
    for page in pages::all() {
        let mut model = (page.make)();
        snapshot(page.name, &mut model);
    }
}

/// A file that makes a page has at least one page in the list.
#[test]
fn no_page_is_without_a_snapshot() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app/tui/view");
    let pages = pages::all();
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        let Ok(source) = fs::read_to_string(&path) else {
            continue;
        };
        let makes_a_page = [
            "pub fn sheet(model",
            "pub fn body(\n",
            "pub fn body(scene",
            "pub fn fill(",
        ]
        .iter()
        .any(|sign| source.contains(sign));
        let name = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned());
        let Some(name) = name.filter(|name| makes_a_page && name != "bars" && name != "walk")
        else {
            continue;
        };
        assert!(
            pages.iter().any(|page| page.file == name),
            "`view/{name}.rs` makes a page and has no snapshot"
        );
    }
}

/// Whatever does not fit is reached by scrolling, in every size: each line of the longest page is seen once.
#[test]
fn nothing_is_out_of_reach() {
    use crate::app::tui::{
        model::{Face, Screen},
        msg::Msg,
        update::update,
    };
    for (width, height) in [(40, 12), (60, 15), (80, 24)] {
        for page in pages::all() {
            let mut model = (page.make)();
            let now = model.now;
            let whole = draw(&model, width, 400);
            let expected = rows(&whole.0);
            let mut seen = Vec::new();
            for _ in 0..400 {
                let (buffer, measured) = draw(&model, width, height);
                seen.extend(rows(&buffer));
                update(&mut model, Msg::Drawn(measured), now);
                if measured.offset >= measured.furthest {
                    break;
                }
                update(&mut model, Msg::PageDown, now);
            }
            let has_choices = matches!(&model.screen, Screen::Walk(walk)
                if walk.top.is_none() && matches!(walk.face, Face::Choosing(_)));
            if has_choices {
                let count = model.walk().map_or(0, |walk| walk.scene.choices.len());
                for key in [Msg::Up, Msg::Down] {
                    for _ in 0..count {
                        update(&mut model, key.clone(), now);
                        seen.extend(rows(&draw(&model, width, height).0));
                    }
                }
            }
            // Forms and lists begin at what is chosen: what is above it is reached by going up.
            for _ in 0..60 {
                update(&mut model, Msg::PageUp, now);
                let (buffer, measured) = draw(&model, width, height);
                update(&mut model, Msg::Drawn(measured), now);
                seen.extend(rows(&buffer));
                if measured.offset == 0 {
                    break;
                }
            }
            let plain = |row: &str| row.replace(['►', ' '], "");
            let seen: Vec<String> = seen.iter().map(|row| plain(row)).collect();
            for row in expected {
                let row = plain(&row);
                if row.starts_with('─') || row.is_empty() {
                    continue;
                }
                assert!(
                    seen.contains(&row),
                    "`{}` at {width}×{height}: never seen: {row}",
                    page.name
                );
            }
        }
    }
}

#[test]
fn a_window_too_small_says_so_and_recovers() {
    let mut model = (pages::all()[0].make)();
    for (width, height) in [(39, 24), (80, 9), (1, 1), (3, 2)] {
        let (buffer, _) = draw(&model, width, height);
        let text = rows(&buffer).join(" ");
        let start = &"The window is too small"[..usize::from(width.min(20))];
        assert!(text.starts_with(start), "{width}×{height}: {text}");
    }
    model.help = None;
    let (buffer, _) = draw(&model, 40, 10);
    assert!(rows(&buffer)[0].contains("Waypost"));
}

/// Meaning is never told by colour alone: without colours every page says the same words.
#[test]
fn without_colour_every_page_says_the_same() {
    for page in pages::all() {
        let mut model = (page.make)();
        let with = rows(&draw(&model, 80, 24).0);
        model.opening.colour = false;
        let (buffer, _) = draw(&model, 80, 24);
        assert_eq!(with, rows(&buffer), "{}", page.name);
        assert!(
            buffer
                .content
                .iter()
                .all(|cell| cell.fg == ratatui::style::Color::Reset),
            "{} has a colour",
            page.name
        );
    }
}
