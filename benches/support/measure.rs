//! Times of repeated runs. Judges nothing: a machine that is busy makes every figure worse.

use std::{
    env,
    fmt::{self, Display},
    str::FromStr,
    time::Duration,
};

/// The times of one contestant, sorted.
pub struct Times(Vec<Duration>);

impl Times {
    /// At least one time.
    pub fn new(mut times: Vec<Duration>) -> Self {
        assert!(!times.is_empty(), "nothing was measured");
        times.sort_unstable();
        Self(times)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn min(&self) -> Duration {
        self.0[0]
    }

    pub fn max(&self) -> Duration {
        self.0[self.0.len() - 1]
    }

    pub fn median(&self) -> Duration {
        self.percentile(50)
    }

    /// The smallest time that at least `percent` of all times do not pass.
    pub fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0[rank - 1]
    }
}

impl Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "median {}, min {}, max {} of {} runs",
            show(self.median()),
            show(self.min()),
            show(self.max()),
            self.count()
        )
    }
}

/// A time with three figures that say something.
pub fn show(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        ..1e3 => format!("{micros:.0} µs"),
        ..1e4 => format!("{:.2} ms", micros / 1e3),
        ..1e6 => format!("{:.1} ms", micros / 1e3),
        _ => format!("{:.2} s", micros / 1e6),
    }
}

/// A size from the environment, else the usual one.
pub fn size<T: FromStr>(variable: &str, usual: T) -> T {
    match env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("`{variable}` is no number: `{text}`")),
        Err(_) => usual,
    }
}

/// True where `cargo bench` started this; any other start (`cargo test --benches`) measures nothing.
pub fn asked_for() -> bool {
    let asked = env::args().any(|argument| argument == "--bench");
    if !asked {
        println!("nothing is measured: run `cargo bench`");
    }
    asked
}
