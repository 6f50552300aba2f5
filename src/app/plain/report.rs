//! The report, and what somebody else is to run, printed or put into a file; what is printed in a form is what a file in that
//! form would hold.

use std::{
    io::{self, Write},
    path::Path,
    sync::PoisonError,
};

use clap::ValueEnum;
use jiff::Timestamp;

use crate::{
    app::{
        cli::Format,
        plain::{Plain, Said, Want, show::Screen},
        report_file::{self, NotWritten},
    },
    case::request::Request,
    report::Letters,
};

/// What is to be done with the report.
pub(super) enum Report {
    Print(Format),
    /// Into a file of this name.
    Save(Format, String),
}

impl Plain<'_> {
    /// `report`, `report FORM`, each with `> FILE`. Without a form a file's ending says it.
    pub(super) fn reporting(&self, rest: &str, out: &mut dyn Write) -> io::Result<Said> {
        let (form, file) = match rest.split_once('>') {
            Some((form, file)) => (form.trim(), Some(file.trim())),
            None => (rest, None),
        };
        let named = match form {
            "" => None,
            form => match Format::from_str(form, true) {
                Ok(format) => Some(format),
                Err(_) => {
                    let forms = Format::value_variants().iter();
                    let forms = forms.filter_map(ValueEnum::to_possible_value);
                    let forms: Vec<String> = forms.map(|form| form.get_name().to_owned()).collect();
                    let said = format!(
                        "Write `report FORM`, FORM being one of {}, or `report > FILE`.",
                        forms.join(", ")
                    );
                    Screen { out, os: self.os }.wrapped("  ", &said)?;
                    return Ok(Said::Again);
                }
            },
        };
        Ok(Said::Report(match file {
            None => Report::Print(named.unwrap_or(Format::Text)),
            Some("") => {
                let format = named.unwrap_or(Format::Markdown);
                let tree = &self.session.opening().tree;
                let name = report_file::name(self.keeping.named(), tree, Timestamp::now(), format);
                Report::Save(format, name)
            }
            Some(file) => {
                let by_ending = report_file::by_ending(Path::new(file));
                let format = named.or(by_ending).unwrap_or(Format::Markdown);
                Report::Save(format, file.to_owned())
            }
        }))
    }

    pub(super) async fn report(&mut self, report: Report, out: &mut dyn Write) -> io::Result<()> {
        let (format, file) = match report {
            Report::Print(format) => (format, None),
            Report::Save(format, name) => (format, Some(name)),
        };
        let letters = match file {
            Some(_) => Letters::All,
            None => report_file::letters(),
        };
        let made = {
            let redactor = self.runtime.redactor();
            let mut redactor = redactor.lock().unwrap_or_else(PoisonError::into_inner);
            report_file::text(
                &self.session,
                self.keeping.named(),
                false,
                format,
                letters,
                &mut redactor,
            )
        };
        let text = match made {
            Ok(text) => text,
            Err(why) => return writeln!(out, "  There is no report: {why}."),
        };
        let Some(name) = file else {
            writeln!(out)?;
            return out.write_all(text.as_bytes());
        };
        self.save(&name, &text, out).await
    }

    /// What is open, as commands; into a file as a script.
    pub(super) async fn request(
        &mut self,
        file: Option<String>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut request = match Request::of_case(&self.session) {
            Ok(request) => request,
            Err(why) => return Screen { out, os: self.os }.wrapped("  ", &format!("{why}.")),
        };
        request.case = self.keeping.case_now(out)?;
        match file {
            None => {
                writeln!(out)?;
                out.write_all(request.text().as_bytes())
            }
            Some(file) => self.save(&file, &request.script(), out).await,
        }
    }

    /// Into a new file; one that is there only where the person says so.
    async fn save(&mut self, name: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let mut written = report_file::write(name, text.as_bytes(), false);
        if let Err(there @ NotWritten::There(_)) = &written {
            let asks = format!("{there}. y replaces it; anything else leaves it.");
            Screen { out, os: self.os }.wrapped("  ", &asks)?;
            self.prompt(out)?;
            let line = self.lines.next(Want::Line).await;
            if !line.is_some_and(|line| line.trim().eq_ignore_ascii_case("y")) {
                return writeln!(out, "  It stays as it was.");
            }
            written = report_file::write(name, text.as_bytes(), true);
        }
        let said = match written {
            Ok(path) => format!("Saved as {}", path.display()),
            Err(why) => format!("{why}."),
        };
        Screen { out, os: self.os }.wrapped("  ", &said)
    }
}
