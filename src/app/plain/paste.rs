//! Output that somebody sent: taken line by line or from a file, judged like a look. What does not fit is said, and the
//! question stays.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    app::{
        answering::Sent,
        plain::{Plain, Said, show::Screen},
    },
    case::request::MAX_BYTES,
    engine::{LookView, Place, ProbeRequest, Stage},
    host::live::regular,
    probe::{self, decode::decode},
};

/// Where a paste comes from.
pub(super) enum From {
    Lines,
    File(PathBuf),
}

impl Plain<'_> {
    /// `p`, `p N`, each with `< FILE`: which look it is for.
    pub(super) fn pasting(&self, rest: &str, out: &mut dyn Write) -> io::Result<Said> {
        let (number, from) = match rest.split_once('<') {
            Some((number, file)) => (number.trim(), From::File(file.trim().into())),
            None => (rest.trim(), From::Lines),
        };
        let looks = match self.session.stage() {
            Stage::Question(question) => question.looks.as_slice(),
            _ => &[],
        };
        let picked = match (looks, number) {
            ([], _) if self.session.opening().place == Place::Elsewhere => {
                return Ok(Said::Paste(None, from));
            }
            ([], _) => {
                writeln!(out, "  There is nothing here that could be pasted.")?;
                return Ok(Said::Again);
            }
            ([look], "") => Some(look),
            (_, number) => number
                .parse::<usize>()
                .ok()
                .and_then(|number| looks.get(number.checked_sub(1)?)),
        };
        let Some(look) = picked else {
            writeln!(out, "  Write `p N`, N being one of these:")?;
            self.list(looks, out)?;
            return Ok(Said::Again);
        };
        Ok(Said::Paste(Some(Box::new(look.request.clone())), from))
    }

    fn list(&self, looks: &[LookView], out: &mut dyn Write) -> io::Result<()> {
        for (index, look) in looks.iter().enumerate() {
            let request = &look.request;
            let manual =
                probe::kind(request.kind).map(|kind| kind.manual(&request.params, self.os));
            let command = manual.and_then(|manual| Some(manual.first()?.command.clone()));
            let command = command.unwrap_or_else(|| request.key.name.to_string());
            Screen { out, os: self.os }.line(&format!("    {}  {command}", index + 1))?;
        }
        Ok(())
    }

    pub(super) async fn take_paste(
        &mut self,
        request: Option<ProbeRequest>,
        from: From,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let text = match from {
            From::File(path) => file(&path),
            From::Lines => {
                let what = match request {
                    Some(_) => "it, best with the command that stands before it",
                    None => "what came of `ask`, whole",
                };
                writeln!(out, "Paste {what}; a line with a single . ends it.")?;
                out.flush()?;
                self.lines.paste().await
            }
        };
        let refused = match text {
            Err(why) => why,
            Ok(text) => {
                let session = self.session.clone();
                let sent = Sent {
                    session,
                    request,
                    text,
                };
                match self.runtime.paste(sent, self.keeping.case()).await {
                    Ok(pasted) => {
                        for event in pasted.events {
                            self.apply(event, out)?;
                        }
                        if let Some(said) = pasted.said {
                            Screen { out, os: self.os }.wrapped("  ", &format!("{said}."))?;
                        }
                        return Ok(());
                    }
                    Err(unknown) => unknown.to_string(),
                }
            }
        };
        Screen { out, os: self.os }.wrapped("  ", &format!("That cannot be used: {refused}."))
    }
}

/// A file's text, whatever it was written in: Windows' shells write UTF-16.
fn file(path: &Path) -> Result<String, String> {
    let bytes = regular::read(path, MAX_BYTES as u64);
    let bytes = bytes.map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(decode(&bytes).text)
}
