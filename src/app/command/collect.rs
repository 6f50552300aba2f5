//! `waypost collect TREE -o FILE`: runs every probe of the tree and of those that it leads to, and writes what they saw, masked,
//! into one file to hand over.

use std::{
    io::{self, Write},
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
        bundled,
        catalog::Catalog,
        cli::{Collect, Common},
        collecting::{self, Gathered, Told},
        command::{
            opening::{self, Ahead},
            output,
            progress::Progress,
        },
        exit::{Exit, UsageError},
        prose, record, report_file,
        runtime::Runtime,
        trust::Closure,
    },
    case::bundle::{About, Bundle, Failed, LeftOut, MAX_ABOUT},
    engine::Session,
    finding::Reason,
    host::{Keep, Recorder, Recording, machine_path},
    redact::Redactor,
};

/// What of the machine's files goes into a bundle: of a log that is longer than 16 MiB its end, 8 to 16 MiB of it.
const KEEP: Keep = Keep {
    of_one: 8 << 20,
    of_all: 160 << 20,
    unpacked: 32 << 20,
};
/// Of a reason so much goes into `bundle.json`, in characters.
const REASON: usize = 300;
/// How long the end of the program waits until a file that is half written is gone.
const PATIENCE: Duration = Duration::from_secs(2);

pub fn collect(args: &Collect, common: &Common) -> Result<Exit> {
    output::may_hold_bundle(&args.output, args.force)?;
    let Some(tree) = &args.tree else {
        return Err(UsageError("no tree is named".to_owned()).into());
    };
    let catalog = Catalog::load(&opening::places(Some(tree), common))?;
    let tree = opening::find_tree(&catalog, tree)?;
    let closure = Closure::of(&catalog.forest, &tree);
    if !closure.is_embedded() && !common.trust {
        return Err(UsageError(closure.refusal()).into());
    }
    let mut world = opening::World::new(common)?
        .redact(common, [catalog.forest.as_ref()])
        .record(common)?;
    let record = world.record.clone();
    let ahead = Ahead {
        file: args.answers_file.as_deref(),
        answers: &args.answers,
        ..Ahead::default()
    };
    let givens = world.hidden(opening::givens_ahead(
        &catalog,
        common,
        &[world.os],
        &ahead,
    )?);

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
        let made = written(made, args).await;
        record::end(record).await?;
        made
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
    /// Whose command lines are in it.
    processes: usize,
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
        let processes = made.recording.processes();
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
                    processes,
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
    let zone = record::zone(looker.host.zone(), now);
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
    let machine = made.world.machine_name();
    let title = made.session.title().map(|title| title.markdown);
    let mut about = About {
        format: About::FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        tree: opening.tree.clone(),
        title: redactor.text(&title.unwrap_or_default()),
        trees: bundled::hashes(forest, &opening.tree),
        at: now,
        os: opening.os,
        zone,
        machine: machine.map(|name| redactor.text(&name)),
        inputs: bundled::inputs_of(&made.session, &mut redactor),
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
        processes,
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
    if *processes > 0 {
        let whose = match processes {
            1 => "the command line of 1 process, with the user that it runs as".to_owned(),
            all => format!("the command lines of {all} processes, with the users that they run as"),
        };
        line(&format!("\nProcesses, in its `host.yaml`: {whose}"))?;
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
