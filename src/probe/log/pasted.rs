//! Logs as somebody pasted them. What stands there counts. That something does not stand there counts where the list of the
//! files was pasted as well, and all of their lines: otherwise it says nothing, unless the program's last start stands there
//! too. The commands to copy give the end of the log, so the paste's end is taken for it: nothing in a piece tells whether
//! more followed.

use crate::{
    finding::{Reason, Unknown},
    host::{Opened, Reply, printed::content},
    probe::{
        log::{
            listed::{self, Listed},
            manual::TAIL,
            wanted::Wanted,
        },
        pasted::Pasted,
    },
};

/// The place of the command that prints the end of the files, among those to copy.
const END: usize = 1;

pub(super) fn read(
    wanted: &Wanted,
    pasted: &Pasted,
) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
    let text = pasted.text();
    let (piece, list) = listed::split(wanted, &text);
    if let Some(list) = list
        && let Some(files) = whole(&list, piece, pasted)
    {
        let beside = (!wanted.beside.is_empty()).then(|| list.beside.map(Reply::Meta));
        return Ok([Ok(Reply::Files(files))]
            .into_iter()
            .chain(beside)
            .collect());
    }
    if let Some(error) = content::error(piece, &wanted.globs) {
        // Other files may fit.
        let why = error.err().unwrap_or_else(|| {
            Unknown::new(
                Reason::NotWhole,
                "one of the files is not there; of others nothing was pasted",
            )
        });
        return Ok(vec![Err(why)]);
    }
    let path = format!("pasted: {}", wanted.globs.join(", "));
    let mut older = content::opened(path.clone(), String::new());
    older.content = Err(Unknown::new(
        Reason::NotWhole,
        "a piece of the log was pasted, what stands before it was not",
    ));
    let piece = content::opened(path, piece.to_owned());
    Ok(vec![Ok(Reply::Files(vec![piece, older]))])
}

/// The files as they are on the machine, the newest first, where the list says that all of their lines stand there.
fn whole(list: &Listed, piece: &str, pasted: &Pasted) -> Option<Vec<Opened>> {
    if list.files.is_empty() {
        return piece.trim().is_empty().then(Vec::new);
    }
    if !pasted.echoes(END) {
        return None;
    }
    let lines: Vec<&str> = pasted.output(END)?.lines().collect();
    let mut told: usize = 0;
    for (_, count) in &list.files {
        told = told.checked_add(*count)?;
    }
    if told > TAIL || lines.len() != told {
        return None;
    }
    let mut rest = lines.as_slice();
    let mut files = Vec::with_capacity(list.files.len());
    for (path, count) in &list.files {
        let (own, others) = rest.split_at_checked(*count)?;
        rest = others;
        let text: String = own.iter().flat_map(|line| [line, "\n"]).collect();
        files.push(content::opened(path.clone(), text));
    }
    files.reverse();
    Some(files)
}
