//! A log of one gigabyte judged by the kind `log`, against `rg -c -i -f PATTERNS --threads 1`: forty patterns, case
//! ignored, the same file in cache. `rg` counts lines; the kind numbers them, reads the stamps, and gives counts, first,
//! last, captures and excerpts of each pattern.
//!
//! Each contestant is a process of its own, timed from its start to its end, in turn. Both must count what was written.
//! *Sparse*: a hit in 1,900 lines; *dense*: one in 7. Beside it, without a mark: two threads each, over two such files of
//! half the size (neither contestant deals one file to two threads).
//!
//! `WAYPOST_BENCH_LOG_MB`: the file's size, 1000 where nothing is said. `WAYPOST_BENCH_RUNS`: runs of each, 3.

#[path = "support/made_up_log.rs"]
mod made_up_log;
#[path = "support/measure.rs"]
mod measure;
#[path = "support/memory.rs"]
mod memory;
#[path = "support/rival.rs"]
mod rival;

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::AtomicBool,
    thread,
    time::{Duration, Instant},
};

use indexmap::IndexMap;
use jiff::{Timestamp, tz::TimeZone};
use made_up_log::{PATTERNS, Shape};
use measure::Times;
use waypost::{
    finding::{Os, Value},
    host::{Opened, Reply},
    probe::{Judging, Params, kind},
};

/// Names the files to judge, each in a thread of its own; a process that finds it set is one of our runs.
const FILES: &str = "WAYPOST_BENCH_LOG_FILES";

fn main() {
    if let Some(files) = env::var_os(FILES) {
        let judges: Vec<_> = env::split_paths(&files)
            .map(|file| thread::spawn(move || judge(&file)))
            .collect();
        let hits = judges.into_iter().map(|judge| judge.join());
        println!(
            "{}",
            hits.map(|hits| hits.expect("a log is judged")).sum::<i64>()
        );
        if let Some(peak) = memory::peak_kib() {
            println!("{peak}");
        }
        return;
    }
    if !measure::asked_for() {
        return;
    }
    made_up_log::prove();
    let bytes = measure::size("WAYPOST_BENCH_LOG_MB", 1000_u64) * 1_000_000;
    let runs = measure::size("WAYPOST_BENCH_RUNS", 3_usize);
    let rg = version_of_rg();
    // `rg` joins the expressions, and then no two groups may have one name.
    let name = regex::Regex::new(r"\?P<\w+>").expect("it is an expression");
    for (variant, hit_in, to_reach) in [("sparse", 1900, 0.4), ("dense", 7, 1.0)] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let patterns = folder.path().join("patterns");
        let lines = PATTERNS.map(|(_, source, _)| format!("{}\n", name.replace_all(source, "")));
        fs::write(&patterns, lines.concat()).expect("a temporary folder can be written to");
        let contest = |files: &[&str], to_reach: Option<f64>| {
            let logs: Vec<PathBuf> = files.iter().map(|file| folder.path().join(file)).collect();
            let shape = Shape {
                bytes: bytes / logs.len() as u64,
                hit_in,
            };
            let mut hits = 0;
            for log in &logs {
                let written = made_up_log::write(log, shape)
                    .expect("there is room for the log in the temporary folder");
                println!("  {variant}: {written:?}");
                hits += written.hits;
            }
            let contest = Contest {
                logs,
                patterns: &patterns,
                hits,
            };
            let threads = contest.logs.len();
            let bench = format!("log_scan, {variant}, {threads} thread(s)");
            contest.run(&bench, runs, rg.as_deref(), to_reach);
        };
        contest(&["relay.log"], Some(to_reach));
        contest(&["relay.1.log", "relay.2.log"], None);
    }
}

/// Who counts the same hits in the same logs, with a thread for each log.
struct Contest<'a> {
    logs: Vec<PathBuf>,
    patterns: &'a Path,
    /// What was written.
    hits: u64,
}

impl Contest<'_> {
    fn run(&self, bench: &str, runs: usize, rg: Option<&str>, to_reach: Option<f64>) {
        // Once before the clock, so that the files are in the cache.
        let (_, mut memory) = self.ours();
        let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let (took, peak) = self.ours();
            our_times.push(took);
            memory = memory.max(peak);
            if rg.is_some() {
                their_times.push(self.theirs());
            }
        }
        let our_times = Times::new(our_times);
        println!("  log: {our_times}");
        match rg {
            Some(rg) => {
                let their_times = Times::new(their_times);
                println!("  rg: {their_times}");
                match to_reach {
                    Some(to_reach) => {
                        rival::closing(bench, &our_times, rg, &their_times, to_reach);
                    }
                    None => println!(
                        "{bench}: {} against {} of {rg}: ratio {:.2}, no mark",
                        measure::show(our_times.median()),
                        measure::show(their_times.median()),
                        our_times.median().as_secs_f64() / their_times.median().as_secs_f64(),
                    ),
                }
            }
            None => println!(
                "{bench}: {}; rg is not installed (`apt-get install ripgrep`), so there is no ratio",
                measure::show(our_times.median())
            ),
        }
        match memory {
            Some(kib) => println!(
                "{bench}: {:.1} MiB of memory at most, to reach 32 with one thread",
                kib as f64 / 1024.0
            ),
            None => println!("{bench}: this system does not tell how much memory was in use"),
        }
    }

    /// One run of ours: how long its process took, and its peak of memory in KiB.
    fn ours(&self) -> (Duration, Option<u64>) {
        let own = env::current_exe().expect("this program knows its own file");
        let start = Instant::now();
        let output = Command::new(own)
            .env(
                FILES,
                env::join_paths(&self.logs).expect("no name has a colon"),
            )
            .stderr(Stdio::inherit())
            .output()
            .expect("this program can be started again");
        let took = start.elapsed();
        let text = String::from_utf8_lossy(&output.stdout);
        let mut numbers = text.split_whitespace().map(str::parse);
        let hits = numbers.next().and_then(Result::ok);
        assert_eq!(
            hits,
            Some(self.hits),
            "the kind `log` counts as was written"
        );
        (took, numbers.next().and_then(Result::ok))
    }

    fn theirs(&self) -> Duration {
        let threads = self.logs.len().to_string();
        let start = Instant::now();
        let output = Command::new("rg")
            .args([
                "--no-config",
                "--no-filename",
                "-c",
                "-i",
                "--threads",
                &threads,
                "-f",
            ])
            .arg(self.patterns)
            .args(&self.logs)
            .stderr(Stdio::inherit())
            .output()
            .expect("rg was started before");
        let took = start.elapsed();
        let counts = String::from_utf8_lossy(&output.stdout);
        let counts: Result<Vec<u64>, _> = counts.lines().map(str::parse).collect();
        let hits = counts.ok().map(|counts| counts.iter().sum());
        assert_eq!(hits, Some(self.hits), "rg counts as was written");
        took
    }
}

fn version_of_rg() -> Option<String> {
    let output = Command::new("rg").arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut words = text.split_whitespace();
    Some(format!("rg {}", words.nth(1)?))
}

/// Judges the file as a probe does, and gives the hits of all patterns.
fn judge(file: &Path) -> i64 {
    let log = kind("log").expect("there is a kind `log`");
    let content = File::open(file).expect("the log was written before");
    let size = content.metadata().map_or(0, |meta| meta.len());
    let path = file.to_string_lossy().into_owned();
    let files = vec![Opened {
        path: path.clone(),
        size_bytes: size,
        modified: None,
        content: Ok(Box::new(content)),
    }];
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::now(),
        zone: Some(TimeZone::UTC),
        os: Os::Linux,
        stop: &stop,
    };
    let judged = log.judge(&params(path), vec![Ok(Reply::Files(files))], &judging);
    let count = |name: &str| match judged.facts.get(name)?.get("count")? {
        Value::Int(count) => Some(*count),
        _ => None,
    };
    PATTERNS.iter().filter_map(|(name, _, _)| count(name)).sum()
}

/// As a tree would have them.
fn params(path: String) -> Params {
    let patterns: IndexMap<String, Value> = PATTERNS
        .iter()
        .map(|(name, source, _)| ((*name).to_owned(), Value::from(*source)))
        .collect();
    let stamps = ["%Y-%m-%dT%H:%M:%S%.f%z", "%m/%d/%y %H:%M:%S"].map(Value::from);
    [
        ("files", Value::from(path)),
        ("patterns", Value::Map(patterns)),
        ("stamps", Value::List(stamps.into())),
        ("context", Value::Int(4)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect()
}
