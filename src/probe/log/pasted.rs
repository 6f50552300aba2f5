//! A piece of a log as somebody pasted it. What stands there counts; that something does not stand there says nothing,
//! unless the program's last start stands there too. The commands to copy give the end of the log, so the paste's end is
//! taken for it: nothing in a piece tells whether more followed.

use crate::{
    finding::{Reason, Unknown},
    host::{Reply, printed::content},
    probe::{log::wanted::Wanted, pasted::Pasted},
};

pub(super) fn read(
    wanted: &Wanted,
    pasted: &Pasted,
) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
    let text = pasted.text();
    if let Some(error) = content::error(&text, &wanted.globs) {
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
    let piece = content::opened(path, text.into_owned());
    Ok(vec![Ok(Reply::Files(vec![piece, older]))])
}
