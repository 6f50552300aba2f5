//! From the start of the program to its first full screen, against `nnn`, in one pseudo-terminal harness.
//!
//! *Full* is the moment at which the screen holds every row of the program's settled first screen, its last line among
//! them; what that screen is was learned from the program itself in two starts before. Both programs take turns.
//!
//! `WAYPOST_BENCH_RUNS`: starts of each program, 40 where nothing is said.

#[path = "support/measure.rs"]
mod measure;
#[path = "support/rival.rs"]
mod rival;
#[path = "support/terminal.rs"]
mod terminal;

use std::{fs, path::Path, process::Command};

use measure::Times;
use portable_pty::CommandBuilder;
use terminal::FirstScreen;

/// What the ratio is to reach.
const TO_REACH: f64 = 2.0;

fn main() {
    if !measure::asked_for() {
        return;
    }
    let runs = measure::size("WAYPOST_BENCH_RUNS", 40_usize);
    let home = tempfile::tempdir().expect("a temporary folder can be made");
    for number in 1..=20 {
        let file = home.path().join(format!("file-{number:02}.txt"));
        fs::write(file, "a line\n").expect("a temporary folder can be written to");
    }
    let ours = command(env!("CARGO_BIN_EXE_waypost"), home.path());
    let our_screen = FirstScreen::learn(&ours);
    describe("waypost", &our_screen);
    let Some(version) = version_of_nnn() else {
        let times = Times::new((0..runs).map(|_| our_screen.time(&ours)).collect());
        println!("  waypost: {times}");
        println!(
            "first_frame: {}; nnn is not installed (`apt-get install nnn`), so there is no ratio",
            measure::show(times.median())
        );
        return;
    };
    let theirs = command("nnn", home.path());
    let their_screen = FirstScreen::learn(&theirs);
    describe("nnn", &their_screen);
    let (our_times, their_times) = (0..runs)
        .map(|_| (our_screen.time(&ours), their_screen.time(&theirs)))
        .unzip();
    let (our_times, their_times) = (Times::new(our_times), Times::new(their_times));
    println!("  waypost: {our_times}");
    println!("  nnn: {their_times}");
    rival::closing(
        "first_frame",
        &our_times,
        &format!("nnn {version}"),
        &their_times,
        TO_REACH,
    );
}

/// The program as a person starts it, with nothing of this person's own settings.
fn command(program: &str, home: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.env_clear();
    command.env("HOME", home);
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command.cwd(home);
    command
}

fn describe(program: &str, screen: &FirstScreen) {
    let (last, rows) = screen.last();
    println!("  {program}: {rows} rows are waited for, the last is `{last}`");
}

fn version_of_nnn() -> Option<String> {
    let output = Command::new("nnn").arg("-V").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    Some(version.trim().to_owned())
}
