//! A made-up log of any size and forty patterns to search it for. The same numbers give the same bytes. Every hit is of
//! one pattern alone, and the lines between them share words with the patterns, as lines of a real log do.

use std::{
    fmt::Write as _,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

/// Name, regular expression, and a text that it matches and no other one does.
pub const PATTERNS: [(&str, &str, &str); 40] = [
    (
        "login_refused",
        r"Could not authenticate user '(?P<user>[^']+)'",
        "Could not authenticate user 'relay.north'",
    ),
    (
        "role_missing",
        r"may be missing the '(?P<role>\w+)' role|missing (the )?(required |necessary )?roles\b",
        "the user may be missing the 'courier' role",
    ),
    (
        "unauthorised",
        r"Status code=401|code: 401\b",
        "the hub answered, Status code=401",
    ),
    (
        "proxy_login",
        r"with code: 407|Proxy Authentication Required",
        "CONNECT failed: Proxy Authentication Required",
    ),
    (
        "too_many",
        r"with code: 429|429 Too Many Requests",
        "refused with code: 429",
    ),
    (
        "unavailable",
        r"SOAP Response: Status code=503",
        "SOAP Response: Status code=503",
    ),
    (
        "bad_gateway",
        r"502 Bad Gateway",
        "proxy said 502 Bad Gateway",
    ),
    (
        "name_unknown",
        r"UnknownHostException:?\s*(?P<host>\S*)",
        "java.net.UnknownHostException: hub.relay.example",
    ),
    (
        "connection_refused",
        r"ConnectException: Connection refused",
        "java.net.ConnectException: Connection refused (Connection refused)",
    ),
    (
        "connection_silent",
        r"connect timed out when posting to|ConnectException: Connection timed out",
        "connect timed out when posting to hub",
    ),
    (
        "reset",
        r"SocketException: Connection reset( by peer)?",
        "java.net.SocketException: Connection reset by peer",
    ),
    (
        "no_route",
        r"NoRouteToHostException",
        "java.net.NoRouteToHostException: No route",
    ),
    (
        "handshake",
        r"SSLHandshakeException: (?P<why>.+)$",
        "javax.net.ssl.SSLHandshakeException: closed",
    ),
    (
        "untrusted",
        r"PKIX path building failed|unable to find valid certification path",
        "PKIX path building failed: no anchor",
    ),
    (
        "expired",
        r"certificate (has )?expired( on (?P<day>[-\d]+))?|NotAfter: ",
        "the peer's certificate has expired on 2026-01-31",
    ),
    (
        "wrong_name",
        r"No subject alternative (DNS )?names? matching",
        "No subject alternative DNS name matching hub found",
    ),
    (
        "revoked",
        r"OCSP (revoke check|communication error)|CertificateRevokedException",
        "OCSP communication error: no answer",
    ),
    (
        "out_of_memory",
        r"OutOfMemoryError|Out of memory error",
        "java.lang.OutOfMemoryError: Java heap space",
    ),
    (
        "too_many_files",
        r"Too many open files",
        "open failed: Too many open files",
    ),
    (
        "disk_full",
        r"No space left on device",
        "write failed: No space left on device",
    ),
    (
        "no_rights",
        r"Permission denied|AccessDeniedException: (?P<path>\S+)",
        "java.nio.file.AccessDeniedException: /opt/relay/work",
    ),
    (
        "read_only",
        r"Read-only file system",
        "unlink failed: Read-only file system",
    ),
    (
        "deadlock",
        r"Found \d+ Java-level deadlocks?",
        "Found 1 Java-level deadlock:",
    ),
    (
        "stuck",
        r"Worker (?P<worker>\w+) has been busy for \d{4,} s",
        "Worker north7 has been busy for 86400 s",
    ),
    (
        "queue_full",
        r"queue of (?P<size>\d+) entries is full",
        "the queue of 65536 entries is full",
    ),
    (
        "dropped",
        r"dropped (?P<count>\d+) parcels?",
        "dropped 17 parcels of the hub",
    ),
    (
        "bad_address",
        r"Illegal character in (scheme name|authority|path|opaque part)",
        "Illegal character in authority at index 8",
    ),
    (
        "bad_settings",
        r"relay\.xml:(?P<line>\d+): .*not (well-formed|valid)",
        "conf/relay.xml:41: the element is not well-formed",
    ),
    (
        "no_setting",
        r"Required setting '(?P<name>[^']+)' is not set",
        "Required setting 'hub.address' is not set",
    ),
    (
        "wrong_version",
        r"UnsupportedClassVersionError|requires Java (?P<version>\d+)",
        "this release requires Java 21",
    ),
    (
        "keystore",
        r"Unable to load keystore: (?P<why>\S+)|Keystore was tampered with",
        "Keystore was tampered with, or the password is wrong",
    ),
    (
        "no_key",
        r"No key pair found for \w+",
        "No key pair found for DefaultHandle",
    ),
    (
        "clock",
        r"clock (is|differs by) (?P<drift>-?\d+) s",
        "this host's clock differs by 412 s",
    ),
    (
        "duplicate",
        r"Another relay with the name '(?P<name>[^']+)' is running",
        "Another relay with the name 'north' is running",
    ),
    (
        "locked",
        r"account (is )?locked( out)?",
        "the hub says: account is locked out",
    ),
    (
        "licence",
        r"licen[cs]e (is )?(expired|exceeded)",
        "the licence is exceeded by 3 parts",
    ),
    (
        "upgrade_failed",
        r"Upgrade to (?P<version>[\d.]+) failed|rolled back to",
        "Upgrade to 4.2.0 failed: checksum",
    ),
    (
        "checksum",
        r"checksum mismatch in (?P<file>\S+\.jar)",
        "checksum mismatch in lib/courier.jar",
    ),
    (
        "shutting_down",
        r"Stopping relay\.?\s*$|Setting state to Down",
        "Setting state to Down",
    ),
    (
        "crashed",
        r"fatal error has been detected by|hs_err_pid(?P<pid>\d+)",
        "wrote /opt/relay/hs_err_pid4711.log",
    ),
];

/// How the lines of a hit are written, and how often there is one.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The size to reach, in bytes.
    pub bytes: u64,
    /// One hit in so many lines, on average.
    pub hit_in: u64,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    pub bytes: u64,
    pub lines: u64,
    pub hits: u64,
}

/// Lines of everyday work, with `#` where a number comes.
const EVERYDAY: [&str; 16] = [
    "parcel # of hub.relay.example was handed on after # ms, # entries are left in the queue",
    "Connection # to hub.relay.example:443 was opened through proxy.relay.example:3128 in # ms",
    "connect to hub.relay.example took # ms, posting of # parcels begins, none timed out",
    "user relay.north was authenticated by the hub, its roles are courier and reader, session #",
    "Response: Status code=200, # bytes of body, # headers, the connection is kept for # s",
    "Worker # is done with its # entries and waits for more; it was busy for # s",
    "the certificate of hub.relay.example is valid for # more days; path of # certificates",
    "memory: # MB used of # MB, the collector took # ms since the last line like this one",
    "file work/part-#.tmp was written and renamed, # files are open, # MB left on the device",
    "reading relay.xml again: # settings, all of them are set, none changed since # s",
    "heartbeat # was answered after # ms by hub.relay.example; the clock is in step with it",
    "probe #: looked at # hosts in range 10.#.0.0/16 and found # devices that it knows",
    "queue: # entries in, # entries out, the oldest has waited for # ms and is not late",
    "state is Up; version 4.1.#, upgrade was looked for # s ago and there is none",
    "rolled logs/relay.log after # MB; # older files are kept, # were removed",
    "key pair # was renewed and stored; the keystore holds # entries and was loaded in # ms",
];

/// Lines without a stamp, as a stack trace has them.
const TRACE: [&str; 4] = [
    "    at com.relay.work.Courier.hand(Courier.java:#)",
    "    at com.relay.net.HubConnection.post(HubConnection.java:#)",
    "    at java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:#)",
    "    ... # more",
];

/// Writes the log to a new file.
pub fn write(path: &Path, shape: Shape) -> std::io::Result<Written> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut random = Random(0x5eed);
    let mut line = String::with_capacity(256);
    let mut written = Written {
        bytes: 0,
        lines: 0,
        hits: 0,
    };
    while written.bytes < shape.bytes {
        line.clear();
        let trace = written.lines % 64 >= 60;
        if !trace {
            stamp(&mut line, written.lines);
        }
        if !trace && random.below(shape.hit_in) == 0 {
            let (_, _, text) = PATTERNS[random.below(PATTERNS.len() as u64) as usize];
            line += text;
            written.hits += 1;
        } else {
            let list: &[&str] = if trace { &TRACE } else { &EVERYDAY };
            fill(
                &mut line,
                list[random.below(list.len() as u64) as usize],
                &mut random,
            );
        }
        line.push('\n');
        file.write_all(line.as_bytes())?;
        written.bytes += line.len() as u64;
        written.lines += 1;
    }
    file.flush()?;
    Ok(written)
}

/// One line in ten milliseconds, from the first of June on.
fn stamp(line: &mut String, number: u64) {
    let (seconds, millis) = (number / 100, number % 100 * 10);
    let (day, hour) = (1 + seconds / 86_400 % 30, seconds / 3600 % 24);
    let (minute, second) = (seconds / 60 % 60, seconds % 60);
    let level = if number.is_multiple_of(50) {
        "WARN "
    } else {
        "INFO "
    };
    // Writing to a string never fails.
    let _ = write!(
        line,
        "2026-06-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}-0400 {level} (Worker-{}) [Courier:{}] ",
        number % 23,
        100 + number % 311,
    );
}

fn fill(line: &mut String, text: &str, random: &mut Random) {
    for (index, part) in text.split('#').enumerate() {
        if index > 0 {
            let _ = write!(line, "{}", random.below(4000));
        }
        line.push_str(part);
    }
}

/// The same numbers in the same order on every machine (a multiplier and an increment of Knuth's MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // The lower bits of such a sequence repeat soon.
        (self.0 >> 33) % bound
    }
}

/// Proves what the counts rest on: a hit's text matches its own pattern alone, and no other line matches any.
pub fn prove() {
    let patterns: Vec<_> = PATTERNS
        .iter()
        .map(|(name, source, _)| {
            let pattern = regex::RegexBuilder::new(source)
                .case_insensitive(true)
                .build();
            (name, pattern.expect("the patterns of this file compile"))
        })
        .collect();
    let matching = |line: &str| -> Vec<&str> {
        let matching = patterns
            .iter()
            .filter(|(_, pattern)| pattern.is_match(line));
        matching.map(|(name, _)| **name).collect()
    };
    let mut line = String::new();
    stamp(&mut line, 0);
    let stamp = line;
    for (name, _, text) in PATTERNS {
        assert_eq!(matching(&format!("{stamp}{text}")), [name], "{text}");
    }
    let mut random = Random(1);
    for text in EVERYDAY.iter().chain(&TRACE) {
        let mut line = stamp.clone();
        fill(&mut line, text, &mut random);
        assert!(matching(&line).is_empty(), "{line}");
    }
}
