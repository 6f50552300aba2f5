//! What iputils 20221126 and BusyBox 1.35 print, recorded on Debian 12.

use super::*;

fn answered(sent: u32, lost: u32, times: [f64; 3]) -> Result<PingReply, Unknown> {
    let [fastest_ms, average_ms, slowest_ms] = times;
    Ok(PingReply::Answered {
        address: "a".to_owned(),
        sent,
        lost,
        fastest_ms,
        average_ms,
        slowest_ms,
        error: None,
    })
}

fn silent(sent: u32, error: Option<&str>) -> Result<PingReply, Unknown> {
    Ok(PingReply::Silent {
        address: "a".to_owned(),
        sent,
        error: error.map(str::to_owned),
    })
}

fn unknown(reason: Reason, why: &str) -> Result<PingReply, Unknown> {
    Err(Unknown::new(reason, format!("a: {why}")))
}

#[track_caller]
fn check(stdout: &str, stderr: &str, expected: Result<PingReply, Unknown>) {
    let reply = Printed::read(stdout, stderr).reply("a".to_owned());
    assert_eq!(reply, expected, "{stdout}{stderr}");
}

#[test]
fn answers() {
    check(
        "PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.\n\
         64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.215 ms\n\
         64 bytes from 127.0.0.1: icmp_seq=2 ttl=64 time=0.054 ms\n\
         \n\
         --- 127.0.0.1 ping statistics ---\n\
         2 packets transmitted, 2 received, 0% packet loss, time 1028ms\n\
         rtt min/avg/max/mdev = 0.054/0.134/0.215/0.080 ms\n",
        "",
        answered(2, 0, [0.054, 0.134, 0.215]),
    );
    check(
        "PING ::1 (::1): 56 data bytes\n\
         64 bytes from ::1: seq=0 ttl=64 time=0.037 ms\n\
         \n\
         --- ::1 ping statistics ---\n\
         1 packets transmitted, 1 packets received, 0% packet loss\n\
         round-trip min/avg/max = 0.037/0.037/0.037 ms\n",
        "",
        answered(1, 0, [0.037, 0.037, 0.037]),
    );
}

#[test]
fn some_lost() {
    check(
        "PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.\n\
         64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.031 ms\n\
         64 bytes from 127.0.0.1: icmp_seq=3 ttl=64 time=0.043 ms\n\
         \n\
         --- 127.0.0.1 ping statistics ---\n\
         4 packets transmitted, 2 received, 50% packet loss, time 3052ms\n\
         rtt min/avg/max/mdev = 0.031/0.037/0.043/0.006 ms\n",
        "",
        answered(4, 2, [0.031, 0.037, 0.043]),
    );
    check(
        "PING 127.0.0.1 (127.0.0.1): 56 data bytes\n\
         64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.043 ms\n\
         64 bytes from 127.0.0.1: seq=2 ttl=64 time=0.062 ms\n\
         \n\
         --- 127.0.0.1 ping statistics ---\n\
         4 packets transmitted, 2 packets received, 50% packet loss\n\
         round-trip min/avg/max = 0.043/0.052/0.062 ms\n",
        "",
        answered(4, 2, [0.043, 0.052, 0.062]),
    );
    // More answers than requests, as a network that doubles packets gives.
    check(
        "4 packets transmitted, 4 received, +3 duplicates, 0% packet loss, time 3004ms\n\
         rtt min/avg/max/mdev = 1.000/2.000/3.000/0.100 ms\n",
        "",
        answered(4, 0, [1.0, 2.0, 3.0]),
    );
}

#[test]
fn silence() {
    check(
        "PING 10.9.9.2 (10.9.9.2) 56(84) bytes of data.\n\
         From 10.9.9.1 icmp_seq=1 Destination Host Unreachable\n\
         From 10.9.9.1 icmp_seq=2 Destination Host Unreachable\n\
         \n\
         --- 10.9.9.2 ping statistics ---\n\
         2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1017ms\n\
         pipe 2\n",
        "",
        silent(2, Some("Destination Host Unreachable, says 10.9.9.1")),
    );
    check(
        "PING 10.9.9.2 (10.9.9.2): 56 data bytes\n\
         \n\
         --- 10.9.9.2 ping statistics ---\n\
         2 packets transmitted, 0 packets received, 100% packet loss\n",
        "",
        silent(2, None),
    );
    check(
        "",
        "ping: connect: Network is unreachable\n",
        silent(0, Some("connect: Network is unreachable")),
    );
    check(
        "",
        "ping: connect: No route to host\n",
        silent(0, Some("connect: No route to host")),
    );
    let forbidden =
        "Do you want to ping broadcast? Then -b. If not, check your local firewall rules";
    check(
        "",
        &format!("ping: {forbidden}\n"),
        silent(0, Some(forbidden)),
    );
    check(
        "PING 192.0.2.1 (192.0.2.1): 56 data bytes\n",
        "ping: sendto: Network is unreachable\n",
        silent(0, Some("sendto: Network is unreachable")),
    );
    check(
        "PING 127.0.0.1 (127.0.0.1): 56 data bytes\n",
        "ping: sendto: Operation not permitted\n",
        silent(0, Some("sendto: Operation not permitted")),
    );
}

#[test]
fn a_program_that_may_not_ask_is_not_silent() {
    let check = |stdout: &str, stderr: &str, said: &str| {
        let why = format!("this user may not send echo requests: {said}");
        check(stdout, stderr, unknown(Reason::NoRight, &why));
    };
    check(
        "PING 127.0.0.1 (127.0.0.1): 56 data bytes\n",
        "ping: permission denied (are you root?)\n",
        "permission denied (are you root?)",
    );
    check(
        "",
        "ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\n",
        "socket: Operation not permitted",
    );
    check(
        "",
        "ping: icmp open socket: Operation not permitted\n",
        "icmp open socket: Operation not permitted",
    );
    check(
        "",
        "ping: Lacking privilege for raw socket.\n",
        "Lacking privilege for raw socket.",
    );
}

#[test]
fn what_is_not_understood_is_not_silent() {
    let check = |stdout: &str, stderr: &str, said: &str| {
        check(
            stdout,
            stderr,
            unknown(Reason::Other, &format!("`ping`: {said}")),
        );
    };
    check("", "", "what it printed was not understood");
    check("a is alive!\n", "", "what it printed was not understood");
    check("", "ping: invalid option -- 'W'\n", "invalid option -- 'W'");
    check(
        "2 packets transmitted, 2 received, 0% packet loss\n",
        "",
        "it printed no times",
    );
    check(
        "0 packets transmitted, 0 received\n",
        "",
        "what it printed was not understood",
    );
    check(
        "Pakete: Gesendet = 4, Empfangen = 0\n",
        "",
        "what it printed was not understood",
    );
}
