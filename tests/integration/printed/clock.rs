//! The server's `Date` between two times of the machine that asked.

use waypost::finding::Os;

use super::{Samples, refuses_others};

const fn of(os: Os) -> Samples {
    Samples {
        kind: "clock",
        params: r#"{"url": "https://a.example/"}"#,
        os,
    }
}

const LINUX: Samples = of(Os::Linux);
const WINDOWS: Samples = of(Os::Windows);

#[test]
fn times() {
    LINUX.check_cut(
        "clock-linux-in-step.txt",
        r#"in-step {"offset_s":-1,"server_time":"2026-11-20T10:00:01Z","took_ms":250}"#,
    );
    LINUX.check_cut(
        "clock-linux-drifted.txt",
        r#"drifted {"offset_s":600,"server_time":"2026-11-20T09:50:00Z","took_ms":250}"#,
    );
    // What redirects tells the time as well.
    WINDOWS.check_cut(
        "clock-windows-drifted.txt",
        r#"drifted {"offset_s":-1801,"server_time":"2026-11-20T10:30:01Z","took_ms":250}"#,
    );
}

#[test]
fn what_tells_no_time() {
    LINUX.check_cut(
        "clock-linux-cached.txt",
        "unknown: https://a.example/: the reply comes from a cache (its `Age` is `30`), so that its `Date` is not the server's time now",
    );
    LINUX.check_cut(
        "clock-linux-half.txt",
        "unknown: what `date` printed is cut: the times before and after do not both stand there",
    );
    LINUX.check_cut(
        "clock-linux-no-date.txt",
        "unknown: https://a.example/: the reply has no `Date`",
    );
    LINUX.check_cut(
        "clock-linux-unresolved.txt",
        "unknown: https://a.example/: the name has no address: Could not resolve host: a.example",
    );
    LINUX.check_cut(
        "clock-linux-expired.txt",
        "unknown: https://a.example/: no secure connection: SSL certificate problem: certificate has expired; this clock being wrong would look the same: compare it with another one, or ask a server without TLS",
    );
}

#[test]
fn of_something_else() {
    let other = Samples {
        params: r#"{"url": "https://b.example/"}"#,
        ..LINUX
    };
    other.check(
        "clock-linux-in-step.txt",
        "refused: expected what was asked as `HEAD https://b.example/`, got what was asked as `HEAD https://a.example/`",
    );
    refuses_others(&LINUX, &["clock-", "curl-none"]);
    refuses_others(&WINDOWS, &["clock-", "curl-none"]);
}
