//! `waypost collect --case CASE -o FILE`: what was found for a case by now, in one file to hand over. Looks at nothing.

use std::io::{self, ErrorKind, Write};

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;

use crate::{
    app::{
        bundled, carrying,
        cases::{self, Cases},
        catalog::Catalog,
        cli::{Collect, Common},
        command::{opening, output},
        exit::{Exit, UsageError},
        hiding, prose, report_file,
    },
    case::bundle::{About, Bundle, MAX_ABOUT, MAX_CARRIED},
    host::Written,
    redact::Redactor,
};

pub fn collect(name: &str, args: &Collect, common: &Common) -> Result<Exit> {
    output::may_hold_bundle(&args.output, args.force)?;
    // Another program may be writing it: what it has written by now is handed over.
    let journal = Cases::of_user()?.read(name)?;
    let mut redactor = Redactor::default();
    // What a probe was asked with is told by a hash, which a stand-in would not have.
    if let Some(hosts) = hiding::of_journal(&journal, common.redact)? {
        redactor.hide(hosts);
    }
    let mut places = opening::places(None, common);
    places.file = journal.head.file().map(Into::into);
    let catalog = Catalog::load(&places)?;
    let session = cases::take_up(&journal, &catalog.forest, (false, false), Timestamp::now())
        .map_err(UsageError)?
        .session;
    let carried = carrying::of(&session, &mut redactor);
    if carried.is_empty() {
        let why = format!(
            "nothing was found for the case `{name}` yet, so there is nothing to hand over"
        );
        return Err(UsageError(why).into());
    }
    let opening = session.opening();
    let os = serde_yaml::to_string(&opening.os)?;
    let title = session.title().map(|title| title.markdown);
    let count = carried.len();
    let mut about = About {
        format: About::WITH_FINDINGS,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        tree: opening.tree.clone(),
        title: redactor.text(&title.unwrap_or_default()),
        trees: bundled::hashes(session.forest(), &opening.tree),
        // As far as the case goes: a fix that came later is not in it.
        at: journal.last,
        os: opening.os,
        zone: None,
        machine: None,
        inputs: bundled::inputs_of(&session, &mut redactor),
        looks: count,
        failed: Vec::new(),
        replaced: Default::default(),
    };
    for (_, sort) in redactor.replaced() {
        *about.replaced.entry(sort.name().to_owned()).or_default() += 1;
    }
    let written = Written {
        host_yaml: format!("os: {os}"),
        files: Default::default(),
    };
    let (mut bundle, _) = Bundle::new(about, written);
    bundle.carried = Some(carried);
    // What is refused when it is opened is not handed over.
    let length = serde_json::to_vec_pretty(&bundle.about)?.len() as u64;
    ensure!(length <= MAX_ABOUT, "too much is to be told of the bundle");
    let length = serde_json::to_vec_pretty(&bundle.carried)?.len() as u64;
    ensure!(
        length <= MAX_CARRIED / 2,
        "the findings are longer than {} MiB, the bound",
        MAX_CARRIED >> 21
    );
    let path = &args.output;
    let whole = report_file::whole_by(path, args.force, |file| {
        bundle.write(io::BufWriter::new(file))?.flush()
    });
    match whole {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(output::there(path).into());
        }
        whole => whole.with_context(|| format!("`{}` was not written", path.display()))?,
    }
    let file = path.display();
    let findings = if count == 1 { "finding" } else { "findings" };
    let said = format!(
        "`{file}` holds {count} {findings} of the case `{name}`, with excerpts as evidence, secrets masked; notes and answers are not in it.\n\
         Send it to whoever goes on: `waypost open {file}` begins a case with it, `--case NAME` goes on with one."
    );
    let mut out = io::stdout().lock();
    for line in said.lines() {
        writeln!(out, "{}", prose::visible(line))?;
    }
    Ok(Exit::Fine)
}
