//! Tables whose columns a line of dashes or equals signs marks, as PowerShell's `Format-Table` and `tasklist` print them.
//! Numbers stand to the right below their mark and may reach out to the left, texts to the left.

use std::ops::Range;

/// A row: the cells in the order of the columns; an empty one where nothing stands there.
pub(super) type Row = Vec<String>;

/// The tables: their headings, and their rows up to an empty line.
pub(super) fn tables(text: &str, mark: char) -> Vec<(Row, Vec<Row>)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut tables = Vec::new();
    for (at, pair) in lines.windows(2).enumerate() {
        let columns = columns(pair[1], mark);
        if columns.is_empty() || columns_of(pair[0], mark) {
            continue;
        }
        let heading = cells(pair[0], &columns);
        let rows = lines[at + 2..]
            .iter()
            .take_while(|line| !line.trim().is_empty())
            .map(|line| cells(line, &columns))
            .collect();
        tables.push((heading, rows));
    }
    tables
}

fn columns_of(line: &str, mark: char) -> bool {
    !columns(line, mark).is_empty()
}

/// The places of the marks, in characters; none where anything else stands there.
fn columns(line: &str, mark: char) -> Vec<Range<usize>> {
    let mut columns: Vec<Range<usize>> = Vec::new();
    for (at, c) in line.chars().enumerate() {
        if c == ' ' {
            continue;
        }
        if c != mark {
            return Vec::new();
        }
        match columns.last_mut().filter(|column| column.end == at) {
            Some(column) => column.end = at + 1,
            None => columns.push(at..at + 1),
        }
    }
    columns
}

fn cells(line: &str, columns: &[Range<usize>]) -> Row {
    let mut row = vec![String::new(); columns.len()];
    let mut words: Vec<(Range<usize>, String)> = Vec::new();
    for (at, c) in line.chars().enumerate() {
        if c.is_whitespace() {
            continue;
        }
        match words.last_mut().filter(|(place, _)| place.end == at) {
            Some((place, word)) => {
                place.end = at + 1;
                word.push(c);
            }
            None => words.push((at..at + 1, c.to_string())),
        }
    }
    for (place, word) in words {
        let below = columns
            .iter()
            .position(|column| column.start < place.end && place.start < column.end);
        // Behind a mark's end a text goes on.
        let before = columns
            .iter()
            .rposition(|column| column.start <= place.start);
        let Some(cell) = below.or(before).and_then(|at| row.get_mut(at)) else {
            continue;
        };
        if !cell.is_empty() {
            cell.push(' ');
        }
        cell.push_str(&word);
    }
    row
}

/// The cell below this name.
pub(super) fn cell<'r>(heading: &Row, row: &'r Row, name: &str) -> Option<&'r str> {
    let at = heading
        .iter()
        .position(|known| known.eq_ignore_ascii_case(name))?;
    let cell = row.get(at)?.as_str();
    (!cell.is_empty()).then_some(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_reach_to_the_left_and_texts_to_the_right() {
        let text = "\nName      Used (GB)  Root  Note\n----      ---------  ----  ----\nC     1234567890.12  C:\\x  a b c d e\nD                         no\n\nelse\n";
        let tables = tables(text, '-');
        assert_eq!(tables.len(), 1);
        let (heading, rows) = &tables[0];
        assert_eq!(heading, &["Name", "Used (GB)", "Root", "Note"]);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0], ["C", "1234567890.12", "C:\\x", "a b c d e"]);
        assert_eq!(rows[1], ["D", "", "", "no"]);
        assert_eq!(cell(heading, &rows[0], "root"), Some("C:\\x"));
        assert_eq!(cell(heading, &rows[1], "root"), None);
    }
}
