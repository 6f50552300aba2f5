//! Evidence as a person wants to see it: under the file or request that it is from, what is near each other as one excerpt.

use ratatui::text::{Line, Span};

use crate::{
    app::tui::{
        theme::{CHOSEN, Theme},
        view::{
            excerpt::Excerpt,
            wrap::{Break, Indent, wrap},
        },
    },
    finding::Evidence,
};

/// Every excerpt, under the file or request that it is from.
pub fn lines(list: &[Evidence], width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for of_one_file in list.chunk_by(|one, next| one.file == next.file) {
        if let Some(name) = of_one_file.first().and_then(|first| first.file.as_deref()) {
            lines.extend(wrap(
                &[Span::styled(name.to_owned(), theme.quiet())],
                width,
                &Indent::blanks(3),
                Break::Anywhere,
            ));
        }
        lines.extend(parts(of_one_file, width, theme));
    }
    lines
}

/// What is said of one file: statements as they come, and the places in it, joined where they meet.
fn parts(list: &[Evidence], width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut excerpts: Vec<Excerpt<'_>> = Vec::new();
    for evidence in list {
        match statement(evidence, width, theme) {
            Some(said) => lines.extend(said),
            None => Excerpt::add(&mut excerpts, evidence),
        }
    }
    let wide = excerpts.iter().map(Excerpt::digits).max().unwrap_or(0);
    for (index, excerpt) in excerpts.iter().enumerate() {
        if index > 0 {
            lines.push(Excerpt::gap(wide, theme));
        }
        lines.extend(excerpt.lines(width, wide, theme));
    }
    lines
}

/// Something said that has no place and no neighbours: it is read like a sentence.
fn statement(evidence: &Evidence, width: usize, theme: Theme) -> Option<Vec<Line<'static>>> {
    let alone = evidence.line.is_none()
        && evidence.mark.is_none()
        && evidence.before.is_empty()
        && evidence.after.is_empty();
    let sign = Span::styled(format!("   {CHOSEN} "), theme.mark_sign());
    alone.then(|| {
        wrap(
            &[Span::raw(evidence.text.clone())],
            width,
            &Indent::hanging(sign),
            Break::Words,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(evidence: &[Evidence], width: usize, expected: &[&str]) {
        let lines = lines(evidence, width, Theme::new(true));
        let texts: Vec<String> = lines
            .iter()
            .map(|line| line.to_string().trim_end().to_owned())
            .collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_line_stands_among_its_neighbours_with_its_point_marked() {
        check(
            &[Evidence {
                before: vec!["<a/>".to_owned()],
                after: vec!["<c/>".to_owned()],
                mark: Some((1, 3)),
                ..Evidence::line("config.xml", 9, "<bb/>")
            }],
            40,
            &[
                "   config.xml",
                "      8 │ <a/>",
                "   ►  9 │ <bb/>",
                "           ^^",
                "     10 │ <c/>",
            ],
        );
    }

    #[test]
    fn a_mark_is_found_again_where_the_line_is_wrapped() {
        check(
            &[Evidence {
                mark: Some((2, 6)),
                ..Evidence::line("f", 1, "ab漢字字字cd")
            }],
            17,
            &[
                "   f",
                "   ► 1 │ ab漢字字",
                "           ^^^^^^",
                "       │ 字cd",
                "         ^^",
            ],
        );
    }

    #[test]
    fn control_characters_are_shown() {
        check(
            &[Evidence::plain("status \u{1b}[31m200")],
            40,
            &["   ► status ␛[31m200"],
        );
    }

    #[test]
    fn a_mark_past_the_end_harms_nothing() {
        check(
            &[Evidence {
                mark: Some((90, 99)),
                ..Evidence::plain("ab")
            }],
            40,
            &["   ► │ ab"],
        );
    }

    #[test]
    fn places_of_one_file_that_meet_are_one_excerpt() {
        let place = |line: u64, before: &str, text: &str, after: &str| Evidence {
            before: vec![before.to_owned()],
            after: vec![after.to_owned()],
            mark: Some((0, 1)),
            ..Evidence::line("log", line, text)
        };
        check(
            &[
                place(9, "h", "i", "j"),
                place(10, "i", "j", "k"),
                place(40, "m", "n", "o"),
                place(12, "k", "l", "l2"),
            ],
            40,
            &[
                "   log",
                "      8 │ h",
                "   ►  9 │ i",
                "          ^",
                "   ► 10 │ j",
                "          ^",
                "     11 │ k",
                "   ► 12 │ l",
                "          ^",
                "     13 │ l2",
                "       ⋮",
                "     39 │ m",
                "   ► 40 │ n",
                "          ^",
                "     41 │ o",
            ],
        );
    }

    #[test]
    fn a_place_that_fills_the_gap_joins_both_sides() {
        check(
            &[
                Evidence::line("f", 1, "a"),
                Evidence::line("f", 3, "c"),
                Evidence::line("f", 2, "b"),
            ],
            40,
            &["   f", "   ► 1 │ a", "   ► 2 │ b", "   ► 3 │ c"],
        );
    }

    #[test]
    fn two_points_of_one_line_are_both_marked() {
        let point = |mark| Evidence {
            mark: Some(mark),
            ..Evidence::line("f", 1, "abcdef")
        };
        check(
            &[point((4, 5)), point((0, 2)), point((1, 3))],
            40,
            &["   f", "   ► 1 │ abcdef", "         ^^^ ^"],
        );
    }
}
