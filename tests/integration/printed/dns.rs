//! `getent`, `nslookup`, `Resolve-DnsName`.

use waypost::finding::Os;

use super::{Samples, refuses_others};

const EXAMPLE: &str = r#"{"name": "a.example"}"#;
const LINUX: Samples = Samples {
    kind: "dns",
    params: EXAMPLE,
    os: Os::Linux,
};
const WINDOWS: Samples = Samples {
    kind: "dns",
    params: EXAMPLE,
    os: Os::Windows,
};

const fn linux(params: &'static str) -> Samples {
    Samples {
        kind: "dns",
        params,
        os: Os::Linux,
    }
}

#[test]
fn of_getent() {
    let localhost = linux(r#"{"name": "localhost"}"#);
    let found = r#"resolved {"addresses":["127.0.0.1"],"code":"NOERROR"}"#;
    localhost.check("getent-linux-echoed.txt", found);
    localhost.check("getent-linux-hosts.txt", found);
    linux(r#"{"name": "nowhere.invalid"}"#).check(
        "getent-linux-none.txt",
        r#"unresolved {"addresses":[],"code":"status 2"}"#,
    );
    // Of another name; and the program that answers for the system's resolver answers for no server.
    LINUX.check(
        "getent-linux-hosts.txt",
        "refused: expected what `getent ahosts a.example || echo \"status $?:\" a.example` prints, got what begins with `127.0.0.1       localhost`",
    );
    linux(r#"{"name": "localhost", "server": "192.0.2.53"}"#).check(
        "getent-linux-hosts.txt",
        "refused: expected what `nslookup localhost 192.0.2.53` prints, got what begins with `127.0.0.1       localhost`",
    );
}

#[test]
fn of_nslookup() {
    let both = r#"resolved {"addresses":["192.0.2.1","2001:db8::1"],"code":"NOERROR","server":"192.0.2.53"}"#;
    LINUX.check("nslookup-linux-answered.txt", both);
    LINUX.check(
        "nslookup-busybox-answered.txt",
        r#"resolved {"addresses":["192.0.2.1"],"code":"NOERROR","server":"192.0.2.53"}"#,
    );
    LINUX.check(
        "nslookup-linux-nxdomain.txt",
        r#"unresolved {"addresses":[],"code":"NXDOMAIN","server":"192.0.2.53"}"#,
    );
    LINUX.check(
        "nslookup-linux-no-answer.txt",
        r#"unresolved {"addresses":[],"code":"NOERROR","server":"192.0.2.53"}"#,
    );
    linux(r#"{"name": "a.example", "server": "192.0.2.53"}"#).check(
        "nslookup-linux-timeout.txt",
        r#"unresolved {"addresses":[],"code":"TIMEOUT"}"#,
    );
    WINDOWS.check(
        "nslookup-windows-answered.txt",
        r#"resolved {"addresses":["2001:db8::1","192.0.2.1"],"code":"NOERROR","server":"192.0.2.53"}"#,
    );
    WINDOWS.check(
        "nslookup-windows-nxdomain.txt",
        r#"unresolved {"addresses":[],"code":"NXDOMAIN","server":"192.0.2.53"}"#,
    );
}

#[test]
fn what_is_cut_says_nothing() {
    LINUX.check(
        "nslookup-linux-cut.txt",
        "unknown: what `nslookup` printed is cut: the answer is missing",
    );
    let nobody = "unknown: `nslookup` got no answer, and does not tell for which name: paste it with the command before it";
    LINUX.check("nslookup-linux-timeout-alone.txt", nobody);
    WINDOWS.check("nslookup-windows-timeout.txt", nobody);
}

#[test]
fn of_resolve_dns_name() {
    let both = r#"resolved {"addresses":["2001:db8::1","192.0.2.1"],"code":"NOERROR"}"#;
    WINDOWS.check("resolve-windows-answered.txt", both);
    WINDOWS.check("resolve-windows-table.txt", both);
    let none = r#"unresolved {"addresses":[],"code":"NXDOMAIN"}"#;
    WINDOWS.check("resolve-windows-nxdomain.txt", none);
    WINDOWS.check("resolve-windows-german.txt", none);
    WINDOWS.check(
        "resolve-windows-seven.txt",
        r#"unresolved {"addresses":[],"code":"SERVFAIL"}"#,
    );
    WINDOWS.check(
        "resolve-windows-soa.txt",
        r#"unresolved {"addresses":[],"code":"NOERROR"}"#,
    );
}

#[test]
fn of_another_program() {
    refuses_others(&LINUX, &["getent-linux", "nslookup-"]);
    refuses_others(&WINDOWS, &["resolve-windows", "nslookup-"]);
}
