//! `ping`, of Linux and of Windows.

use waypost::finding::Os;

use super::{Samples, refuses_others};

const fn linux(params: &'static str) -> Samples {
    Samples {
        kind: "ping",
        params,
        os: Os::Linux,
    }
}

const fn windows(params: &'static str) -> Samples {
    Samples {
        kind: "ping",
        params,
        os: Os::Windows,
    }
}

const EXAMPLE: &str = r#"{"host": "a.example", "count": 4}"#;
const TWICE: &str = r#"{"host": "a.example", "count": 2}"#;

#[test]
fn of_linux() {
    linux(r#"{"host": "localhost"}"#).check(
        "ping-linux-answered.txt",
        r#"answered {"address":"127.0.0.1","sent":2,"lost":0,"round_trip_ms":0.032,"fastest_ms":0.027,"slowest_ms":0.038}"#,
    );
    linux(r#"{"host": "127.0.0.1"}"#).check(
        "ping-linux-answered.txt",
        r#"answered {"address":"127.0.0.1","sent":2,"lost":0,"round_trip_ms":0.032,"fastest_ms":0.027,"slowest_ms":0.038}"#,
    );
    // The program tells the host's true name; whose it is says the command.
    linux(TWICE).check(
        "ping-linux-silent.txt",
        r#"silent {"address":"192.0.2.1","sent":2,"lost":2,"error":"Destination Host Unreachable, says 198.51.100.1"}"#,
    );
    linux(r#"{"host": "nowhere.invalid"}"#).check(
        "ping-linux-unresolved.txt",
        r#"unresolved {"error":"Name or service not known"}"#,
    );
}

#[test]
fn of_windows() {
    windows(EXAMPLE).check(
        "ping-windows-answered.txt",
        r#"answered {"address":"192.0.2.1","sent":4,"lost":1,"round_trip_ms":7.0,"fastest_ms":0.0,"slowest_ms":12.0}"#,
    );
    windows(EXAMPLE).check(
        "ping-windows-ipv6.txt",
        r#"answered {"address":"2001:db8::1","sent":2,"lost":0,"round_trip_ms":3.0,"fastest_ms":3.0,"slowest_ms":4.0}"#,
    );
    // It counts a router's refusal as received.
    windows(r#"{"host": "192.0.2.1"}"#).check(
        "ping-windows-unreachable.txt",
        r#"silent {"address":"192.0.2.1","sent":4,"lost":4,"error":"Destination host unreachable, says 198.51.100.1"}"#,
    );
    windows(EXAMPLE).check(
        "ping-windows-unresolved.txt",
        r#"unresolved {"error":"could not find host"}"#,
    );
    windows(r#"{"host": "192.0.2.1"}"#).check(
        "ping-windows-unsent.txt",
        r#"silent {"address":"192.0.2.1","sent":0,"lost":0,"error":"General failure"}"#,
    );
}

#[test]
fn what_is_cut_or_in_another_language_says_nothing() {
    let cut = "unknown: what `ping` printed is cut: the line that counts the packets is missing";
    linux(EXAMPLE).check("ping-linux-cut.txt", cut);
    linux(EXAMPLE).check("ping-linux-german.txt", cut);
    windows(EXAMPLE).check("ping-windows-cut.txt", cut);
    windows(EXAMPLE).check(
        "ping-windows-german.txt",
        "refused: expected what `ping -n 4 a.example` prints, got what begins with `Ping wird ausgeführt für a.example [192.0.2.1] mit 32 Bytes Daten:`",
    );
}

#[test]
fn of_another_machine_or_program() {
    linux(EXAMPLE).check(
        "ping-linux-answered.txt",
        "refused: expected what `ping -c 4 a.example` prints, got what begins with `PING localhost (127.0.0.1) 56(84) bytes of data.`",
    );
    // Another name than was asked for, and no command that says that it is the same.
    windows(r#"{"host": "b.example"}"#).check(
        "ping-windows-answered.txt",
        "refused: expected what `ping -n 4 b.example` prints, got what begins with `Pinging edge.a.example [192.0.2.1] with 32 bytes of data:`",
    );
    refuses_others(&linux(EXAMPLE), &["ping-linux"]);
    refuses_others(&windows(EXAMPLE), &["ping-windows"]);
}
