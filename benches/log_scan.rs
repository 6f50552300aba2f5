//! A log of one gigabyte judged by the kind `log`, against `rg -c -i -f PATTERNS --threads 1`: forty patterns, case
//! ignored, the same file in cache. `rg` counts lines; the kind numbers them, reads the stamps, and gives counts, first,
//! last, captures and excerpts of each pattern.
//!
//! Each contestant is a process of its own, timed from its start to its end, in turn. Both must count what was written.
//! *Sparse*: a hit in 1,900 lines; *dense*: one in 7.
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
    path::Path,
    process::{Command, Stdio},
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use indexmap::IndexMap;
use jiff::{Timestamp, tz::TimeZone};
use made_up_log::{PATTERNS, Shape, Written};
use measure::Times;
use waypost::{
    finding::{Os, Value},
    host::{Opened, Reply},
    probe::{Judging, Params, kind},
};

/// Names the file to judge; a process that finds it set is one of our runs.
const FILE: &str = "WAYPOST_BENCH_LOG_FILE";

fn main() {
    if let Some(file) = env::var_os(FILE) {
        return judge(Path::new(&file));
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
        let log = folder.path().join("relay.log");
        let patterns = folder.path().join("patterns");
        let lines = PATTERNS.map(|(_, source, _)| format!("{}\n", name.replace_all(source, "")));
        fs::write(&patterns, lines.concat()).expect("a temporary folder can be written to");
        let written = made_up_log::write(&log, Shape { bytes, hit_in })
            .expect("there is room for the log in the temporary folder");
        println!("  {variant}: {written:?}");
        // Once before the clock, so that the file is in the cache.
        let (_, mut memory) = ours(&log, written);
        let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let (took, peak) = ours(&log, written);
            our_times.push(took);
            memory = memory.max(peak);
            if rg.is_some() {
                their_times.push(theirs(&log, &patterns, written));
            }
        }
        let our_times = Times::new(our_times);
        println!("  log, {variant}: {our_times}");
        let bench = format!("log_scan, {variant}");
        match &rg {
            Some(rg) => {
                let their_times = Times::new(their_times);
                println!("  rg, {variant}: {their_times}");
                rival::closing(&bench, &our_times, rg, &their_times, to_reach);
            }
            None => println!(
                "{bench}: {}; rg is not installed (`apt-get install ripgrep`), so there is no ratio",
                measure::show(our_times.median())
            ),
        }
        match memory {
            Some(kib) => println!(
                "{bench}: {:.1} MiB of memory at most, to reach 32",
                kib as f64 / 1024.0
            ),
            None => println!("{bench}: this system does not tell how much memory was in use"),
        }
    }
}

/// One run of ours: how long its process took, and its peak of memory in KiB.
fn ours(log: &Path, written: Written) -> (Duration, Option<u64>) {
    let own = env::current_exe().expect("this program knows its own file");
    let start = Instant::now();
    let output = Command::new(own)
        .env(FILE, log)
        .stderr(Stdio::inherit())
        .output()
        .expect("this program can be started again");
    let took = start.elapsed();
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().map(str::parse);
    let hits = numbers.next().and_then(Result::ok);
    assert_eq!(
        hits,
        Some(written.hits),
        "the kind `log` counts as was written"
    );
    (took, numbers.next().and_then(Result::ok))
}

fn theirs(log: &Path, patterns: &Path, written: Written) -> Duration {
    let start = Instant::now();
    let output = Command::new("rg")
        .args(["--no-config", "-c", "-i", "--threads", "1", "-f"])
        .args([patterns, log])
        .stderr(Stdio::inherit())
        .output()
        .expect("rg was started before");
    let took = start.elapsed();
    let hits = String::from_utf8_lossy(&output.stdout).trim().parse().ok();
    assert_eq!(hits, Some(written.hits), "rg counts as was written");
    took
}

fn version_of_rg() -> Option<String> {
    let output = Command::new("rg").arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut words = text.split_whitespace();
    Some(format!("rg {}", words.nth(1)?))
}

/// Judges the file as a probe does, and prints the hits and the peak of memory.
fn judge(file: &Path) {
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
        zone: TimeZone::UTC,
        os: Os::Linux,
        stop: &stop,
    };
    let judged = log.judge(&params(path), vec![Ok(Reply::Files(files))], &judging);
    let hits: i64 = PATTERNS
        .iter()
        .filter_map(
            |(name, _, _)| match judged.facts.get(*name)?.get("count")? {
                Value::Int(count) => Some(*count),
                _ => None,
            },
        )
        .sum();
    println!("{hits}");
    if let Some(peak) = memory::peak_kib() {
        println!("{peak}");
    }
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
