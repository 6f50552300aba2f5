//! `waypost collect TREE -o FILE`: runs every probe of the tree and of those that it leads to, and writes what they saw, masked,
//! into one file to hand over.

use std::{
    io::{self, IsTerminal, Write},
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use indexmap::IndexMap;
use jiff::Timestamp;

use crate::{
    app::{
        catalog::Catalog,
        cli::{Collect, Common},
        collecting::{self, Gathered, Told},
        command::{UsageError, opening, output},
        exit::Exit,
        givens::Givens,
        prose, report_file,
        runtime::Runtime,
        trust::Closure,
    },
    case::bundle::{About, Bundle, By, Failed, Known, LeftOut, MAX_ABOUT},
    engine::{Given, Session},
    finding::{InputName, Judgement, Reason, TreeId},
    host::{Keep, Recorder, Recording, machine_path},
    redact::Redactor,
    tree::Forest,
};

/// What of the machine's files goes into a bundle: of a log its end, at most 16 MiB.
const KEEP: Keep = Keep {
    of_one: 8 << 20,
    of_all: 160 << 20,
    unpacked: 32 << 20,
};
/// Of a reason so much goes into `bundle.json`, in characters.
const REASON: usize = 300;
/// How long the end of the program waits until a file that is half written is gone.
const PATIENCE: Duration = Duration::from_secs(2);
/// The columns of a terminal whose width nobody knows.
const WIDTH: u16 = 80;

pub fn collect(args: &Collect, common: &Common) -> Result<Exit> {
    let usage = |error: anyhow::Error| UsageError(format!("{error:#}"));
    output::may_write(&args.output, args.force)?;
    let catalog = Catalog::load(&opening::places(Some(&args.tree), common))?;
    let tree = opening::find_tree(&catalog, &args.tree)?;
    let closure = Closure::of(&catalog.forest, &tree);
    if !closure.is_embedded() && !common.trust {
        return Err(UsageError(closure.refusal()).into());
    }
    let mut world = opening::World::new(common)?;
    let mut givens = Givens::default();
    if let Some(file) = &args.answers_file {
        givens.add_file(&catalog.forest, file).map_err(usage)?;
    }
    givens
        .add_inputs(&catalog.forest, &common.inputs)
        .map_err(usage)?;
    givens.fit(&catalog.forest, &[world.os]).map_err(usage)?;
    givens
        .add_answers(&catalog.forest, &args.answers)
        .map_err(usage)?;

    let recorder = Recorder::within(Box::new(Arc::clone(&world.looker.host)), KEEP);
    let recording = recorder.recording();
    world.looker.host = Arc::new(recorder);
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let collected = tokio.block_on(async {
        let case = opening::opening(tree, world.os, &givens, true, common.allow_commands);
        let (runtime, mut results) = Runtime::new(world.looker.clone());
        let (mut session, effects) = Session::start(catalog.forest.clone(), case);
        let mut progress = Progress::stderr();
        let mut tell = |told: Told<'_>| progress.tell(told);
        let gathered = tokio::select! {
            gathered = collecting::gather(&mut session, effects, &runtime, &mut results, &mut tell) => gathered,
            _ = tokio::signal::ctrl_c() => return Ok(None),
        };
        progress.end();
        drop(runtime);
        let made = Making {
            session,
            gathered,
            recording,
            world,
        };
        written(made, args).await
    });
    // Whatever still hangs in a system call is left behind: nobody waits for it.
    tokio.shutdown_background();
    let Some(collected) = collected? else {
        return Ok(Exit::Interrupted);
    };
    print(&collected, args)?;
    Ok(Exit::Fine)
}

/// What a bundle is made of.
struct Making {
    session: Session,
    gathered: Vec<Gathered>,
    recording: Arc<Recording>,
    world: opening::World,
}

/// What was written.
struct Collected {
    bundle: Bundle,
    left_out: Vec<LeftOut>,
    probes: usize,
    /// Some probes would have looked, had more been known.
    lacks_inputs: bool,
}

/// Puts the bundle together and writes it; `None` where somebody interrupted that. Then there is no file.
async fn written(made: Making, args: &Collect) -> Result<Option<Collected>> {
    let stop = Arc::new(AtomicBool::new(false));
    let (path, force) = (args.output.clone(), args.force);
    let flag = Arc::clone(&stop);
    let mut writing = tokio::task::spawn_blocking(move || {
        let probes = made.gathered.len();
        let unknown = made
            .gathered
            .iter()
            .filter_map(|probe| probe.failed.as_ref());
        let lacks_inputs = unknown
            .into_iter()
            .any(|why| why.reason == Reason::InputUnknown);
        let (bundle, left_out) = bundle(&made)?;
        if flag.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let whole = report_file::whole_by(&path, force, |file| {
            let to = Stoppable {
                to: io::BufWriter::new(file),
                stop: &flag,
            };
            bundle.write(to)?.flush()
        });
        match whole {
            Err(_) if flag.load(Ordering::Relaxed) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(output::there(&path).into())
            }
            whole => {
                whole.with_context(|| format!("`{}` was not written", path.display()))?;
                Ok(Some(Collected {
                    bundle,
                    left_out,
                    probes,
                    lacks_inputs,
                }))
            }
        }
    });
    tokio::select! {
        written = &mut writing => written?,
        _ = tokio::signal::ctrl_c() => {
            stop.store(true, Ordering::Relaxed);
            // While secrets are masked there is no file yet.
            let _ = tokio::time::timeout(PATIENCE, writing).await;
            Ok(None)
        }
    }
}

fn bundle(made: &Making) -> Result<(Bundle, Vec<LeftOut>)> {
    let looker = &made.world.looker;
    let now = looker.host.now().unwrap_or_else(Timestamp::now);
    let zone = zone(looker.host.zone(), now);
    let mut redactor = looker
        .redactor
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let written = made
        .recording
        .written(&mut redactor, now, zone.as_deref())
        .context("the recording")?;
    let opening = made.session.opening();
    let forest = made.session.forest();
    let title = made.session.title().map(|title| title.markdown);
    let mut about = About {
        format: About::FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        tree: opening.tree.clone(),
        title: redactor.text(&title.unwrap_or_default()),
        trees: hashes(forest, &opening.tree),
        at: now,
        os: opening.os,
        zone,
        inputs: inputs(&made.session, &mut redactor),
        looks: made.gathered.iter().filter(|probe| probe.looked).count(),
        failed: failed(&made.gathered, &mut redactor),
        replaced: Default::default(),
    };
    for (_, sort) in redactor.replaced() {
        *about.replaced.entry(sort.name().to_owned()).or_default() += 1;
    }
    let (bundle, left_out) = Bundle::new(about, written);
    // What is refused when it is opened is not handed over.
    let length = serde_json::to_vec_pretty(&bundle.about)?.len() as u64;
    anyhow::ensure!(length <= MAX_ABOUT, "too much is to be told of the bundle");
    Ok((bundle, left_out))
}

/// The trees that can be reached, as they are here.
pub fn hashes(forest: &Forest, tree: &TreeId) -> std::collections::BTreeMap<TreeId, String> {
    let trees = forest.reachable(tree).into_iter();
    trees
        .map(|tree| (tree.id.clone(), tree.hash.clone()))
        .collect()
}

/// The name of a zone as a recording has it: its own, or how far it is from UTC now.
fn zone(zone: Option<jiff::tz::TimeZone>, now: Timestamp) -> Option<String> {
    let zone = zone.unwrap_or_else(jiff::tz::TimeZone::system);
    if let Some(name) = zone.iana_name() {
        return Some(name.to_owned());
    }
    // What is not known is not taken for UTC.
    if zone.is_unknown() {
        return None;
    }
    let seconds = zone.to_offset(now).seconds();
    // POSIX counts the other way round.
    let sign = if seconds < 0 { '+' } else { '-' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    Some(format!("<local>{sign}{hours:02}:{minutes:02}"))
}

/// Inputs without secrets, whether they were typed or look like one.
fn inputs(
    session: &Session,
    redactor: &mut Redactor,
) -> std::collections::BTreeMap<InputName, Known> {
    let given = session.inputs().filter_map(|(name, given)| match given {
        Given::Text(text) => Some((name.clone(), text.clone(), By::Given)),
        Given::Secret | Given::Unknown => None,
    });
    let given: Vec<_> = given.collect();
    let values = session.values();
    let found = values.iter().filter_map(|(name, value)| {
        let value = value.shown();
        let text = match &value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Object(address) => address.get("url")?.as_str()?.to_owned(),
            serde_json::Value::Null => return None,
            other => other.to_string(),
        };
        let is_given = given.iter().any(|(known, ..)| known == name);
        (!is_given && !text.is_empty()).then(|| (name.clone(), text, By::Found))
    });
    let found: Vec<_> = found.collect();
    let all = given.into_iter().chain(found);
    all.filter(|(name, text, _)| !session.is_secret(name) && redactor.text(text) == *text)
        .map(|(name, value, by)| (name, Known { value, by }))
        .collect()
}

fn failed(gathered: &[Gathered], redactor: &mut Redactor) -> Vec<Failed> {
    let failed = gathered.iter().filter_map(|probe| {
        let why = redactor.text(&probe.failed.as_ref()?.detail);
        let mut short: String = why.chars().take(REASON).collect();
        if short.len() < why.len() {
            short.push('…');
        }
        Some(Failed {
            probe: probe.probe.to_string(),
            why: short,
        })
    });
    failed.collect()
}

/// Says what is in the file, what is not, and what to do with it.
fn print(collected: &Collected, args: &Collect) -> Result<()> {
    let Collected {
        bundle,
        left_out,
        probes,
        lacks_inputs,
    } = collected;
    let about = &bundle.about;
    let mut out = io::stdout().lock();
    let mut line = |text: &str| writeln!(out, "{}", prose::visible(text));
    let file = args.output.display();
    line(&format!(
        "`{file}` holds what {} of {} of the tree `{}` saw.",
        about.looks,
        counted(*probes, "probe"),
        about.tree
    ))?;
    line(&format!("\n{}:", counted(bundle.files.len(), "file")))?;
    for (place, content) in &bundle.files {
        let path = machine_path(place, about.os);
        line(&format!("  {:>10}  {path}", size(content.len())))?;
    }
    for LeftOut { place, why } in left_out {
        let path = machine_path(place, about.os);
        line(&format!("  left out    {path}: {why}"))?;
    }
    let masked: usize = about.replaced.values().sum();
    line(&format!("\nMasked: {}", counted(masked, "secret")))?;
    for (sort, count) in &about.replaced {
        line(&format!("  {count:>10}  {sort}"))?;
    }
    if !about.failed.is_empty() {
        line(&format!(
            "\n{} gave nothing:",
            counted(about.failed.len(), "probe")
        ))?;
        let mut by_reason: IndexMap<&str, Vec<&str>> = IndexMap::new();
        for Failed { probe, why } in &about.failed {
            by_reason.entry(why).or_default().push(probe);
        }
        for (why, probes) in by_reason {
            line(&format!("  {}: {why}", probes.join(", ")))?;
        }
    }
    if *lacks_inputs {
        line("What is not known can be given with --input NAME=VALUE, and collected again.")?;
    }
    line(&format!(
        "\nLook through the list, and send `{file}` to whoever helps you: `waypost open {file}` shows there what was seen here."
    ))?;
    Ok(out.flush()?)
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        bytes if bytes < 10 << 10 => format!("{bytes} B"),
        bytes if bytes < 10 << 20 => format!("{} KiB", bytes >> 10),
        bytes => format!("{} MiB", bytes >> 20),
    }
}

/// Tells how far the looks are: in place on a terminal, line by line elsewhere.
struct Progress {
    in_place: bool,
}

impl Progress {
    fn stderr() -> Self {
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        Self {
            in_place: io::stderr().is_terminal() && !dumb,
        }
    }

    fn tell(&mut self, told: Told<'_>) {
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

    fn end(&mut self) {
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

/// Writes until somebody says stop.
struct Stoppable<'a, W> {
    to: W,
    stop: &'a AtomicBool,
}

impl<W: Write> Write for Stoppable<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.stop.load(Ordering::Relaxed) {
            true => Err(io::Error::other("it was interrupted")),
            false => self.to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
