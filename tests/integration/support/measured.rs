//! The program run to its end, with the time that it took and the most memory that it had in use.

use std::{
    fs,
    io::Read,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// What a run came to.
pub struct Measured {
    /// Standard output, then standard error.
    pub text: String,
    pub took: Duration,
    /// The most memory in use at one time, in KiB; 0 where the system does not tell.
    pub peak_kib: u64,
}

/// Runs a program, and ends it where it takes longer than `longest`.
pub fn measured(mut command: Command, longest: Duration) -> Measured {
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let read = |from: Option<Box<dyn Read + Send>>| {
        let mut from = from.expect("it is a pipe");
        thread::spawn(move || {
            let mut bytes = Vec::new();
            from.read_to_end(&mut bytes).expect("a pipe can be read");
            bytes
        })
    };
    let out = read(child.stdout.take().map(|pipe| Box::new(pipe) as _));
    let err = read(child.stderr.take().map(|pipe| Box::new(pipe) as _));
    let mut peak_kib = 0;
    loop {
        // The system's own mark only ever rises, so that nothing between two looks is missed but the very last.
        peak_kib = peak_kib.max(mark_kib(child.id()).unwrap_or(0));
        if child.try_wait().expect("it is our child").is_some() {
            break;
        }
        if begun.elapsed() > longest {
            child.kill().expect("it is our child");
            child.wait().expect("it is our child");
            panic!("not done within {longest:?}: {command:?}");
        }
        thread::sleep(Duration::from_millis(2));
    }
    let took = begun.elapsed();
    let bytes = [out, err].map(|reader| reader.join().expect("it reads"));
    Measured {
        text: String::from_utf8_lossy(&bytes.concat()).into_owned(),
        took,
        peak_kib,
    }
}

fn mark_kib(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
