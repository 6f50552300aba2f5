//! What is written is read; what breaks a rule is refused, and told which.

mod bounds;

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    time::{Duration, Instant},
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use jiff::Timestamp;
use proptest::prelude::*;
use tar::EntryType;

use super::*;
use crate::finding::Os;

/// Far more than any of these takes, and far less than what is refused would.
const SOON: Duration = Duration::from_secs(5);

fn about() -> About {
    About {
        format: About::FORMAT,
        program: "0.1.0".to_owned(),
        tree: "mid-down".into(),
        title: "MID Server is down".to_owned(),
        trees: BTreeMap::from([("mid-down".into(), "abc".to_owned())]),
        at: Timestamp::UNIX_EPOCH,
        os: Os::Linux,
        zone: Some("Europe/Berlin".to_owned()),
        machine: Some("mid01.example.com".to_owned()),
        inputs: BTreeMap::from([(
            "agent_dir".into(),
            Known {
                value: "/opt/mid".to_owned(),
                by: By::Given,
            },
        )]),
        looks: 3,
        failed: vec![Failed {
            probe: "mid-down/config".to_owned(),
            why: "permission denied".to_owned(),
        }],
        replaced: BTreeMap::from([("a token".to_owned(), 2)]),
    }
}

fn bundle(files: &[(&str, &[u8])]) -> Bundle {
    let files = files.iter();
    let written = Written {
        host_yaml: "os: linux\nfiles: true\n".to_owned(),
        files: files
            .map(|(place, content)| ((*place).to_owned(), content.to_vec()))
            .collect(),
    };
    let (bundle, left_out) = Bundle::new(about(), written);
    assert_eq!(left_out, []);
    bundle
}

fn bytes(bundle: &Bundle) -> Vec<u8> {
    bundle.write(Vec::new()).expect("memory takes it")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// One entry as it stands in an archive: name and kind as they are given, and a size that may be a lie.
fn entry(kind: EntryType, name: &[u8], size: u64, content: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn file(name: &str, content: &[u8]) -> Vec<u8> {
    let size = content.len() as u64;
    entry(EntryType::Regular, name.as_bytes(), size, content)
}

/// An archive that begins as every bundle does, and goes on with these.
fn with(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut all = file("bundle.json", &about().bytes());
    all.extend(file("host.yaml", b"os: linux\n"));
    all.extend(entries.concat());
    all.extend([0; 1024]);
    all
}

#[track_caller]
fn refused(packed: &[u8], expected: &str) {
    let begun = Instant::now();
    let error = Bundle::read(packed).expect_err("it breaks a rule");
    assert_eq!(error.to_string(), expected);
    let error = Bundle::check(packed).expect_err("it breaks a rule");
    assert_eq!(error.to_string(), expected, "checked alone");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

#[test]
fn what_is_written_is_read() {
    let long = format!("opt/{}x.log", "long/".repeat(60));
    let one = bundle(&[
        ("opt/mid/agent0.log.0", b"one\n"),
        ("opt/mid/2026-01-01T10:00.log", b""),
        (r"opt/a\b", b"\0\xff"),
        (long.as_str(), b"deep"),
    ]);
    let packed = bytes(&one);
    assert_eq!(
        Bundle::read(packed.as_slice()).expect("it was written"),
        one
    );
    Bundle::check(packed.as_slice()).expect("it was written");
    // The same content, the same bytes.
    assert_eq!(bytes(&one), packed);
    let mut archive = Vec::new();
    GzDecoder::new(packed.as_slice())
        .read_to_end(&mut archive)
        .expect("it is packed");
    let mut archive = tar::Archive::new(archive.as_slice());
    let names = archive.entries().expect("it is an archive").map(|entry| {
        let entry = entry.expect("it is an entry");
        entry.path().expect("it has a name").display().to_string()
    });
    assert_eq!(
        names.take(4).collect::<Vec<_>>(),
        [
            "bundle.json",
            "host.yaml",
            r"files/opt/a%5Cb",
            &format!("files/{long}"),
        ]
    );
}

#[test]
fn a_bundle_is_its_machine() {
    use crate::host::{Host, Limits, Look, Reply};

    let host = bundle(&[("opt/mid/a.log", b"one\n")]).host();
    let host = host.expect("it is a recording");
    let asked = Look::File {
        paths: vec!["/opt/mid/a.log".to_owned()],
    };
    let limits = Limits {
        timeout: Duration::from_secs(1),
    };
    let waker = std::task::Waker::noop();
    let mut context = std::task::Context::from_waker(waker);
    let std::task::Poll::Ready(Ok(Reply::Files(mut files))) =
        host.look(&asked, limits).as_mut().poll(&mut context)
    else {
        panic!("no file");
    };
    let mut text = String::new();
    let content = files.remove(0).content.expect("it can be read");
    { content }.read_to_string(&mut text).expect("it is text");
    assert_eq!(text, "one\n");
    let mut other = bundle(&[]);
    other.about.os = Os::Windows;
    let error = other.host().err().expect("it is of another system");
    assert_eq!(
        error.to_string(),
        "`bundle.json` is of another system than `host.yaml`"
    );
}

#[test]
fn only_what_a_bundle_writes_may_be_in_it() {
    #[track_caller]
    fn check(entries: &[Vec<u8>], expected: &str) {
        refused(&gzip(&with(entries)), expected);
    }
    let of = |kind, name: &str| entry(kind, name.as_bytes(), 0, b"");
    for (kind, what) in [
        (EntryType::Link, "a hard link"),
        (EntryType::Symlink, "a link"),
        (EntryType::Char, "a device"),
        (EntryType::Block, "a device"),
        (EntryType::Directory, "a folder"),
        (EntryType::Fifo, "a named pipe"),
        (EntryType::GNUSparse, "a sparse file"),
        (EntryType::GNULongLink, "the target of a link"),
        (EntryType::XHeader, "an extended head"),
        (EntryType::XGlobalHeader, "an extended head"),
        (EntryType::Continuous, "of a kind that is not known"),
        (EntryType::new(b'Z'), "of a kind that is not known"),
    ] {
        let expected =
            format!("entry 3, `files/x`: it is {what}, and only regular files may be in a bundle");
        check(&[of(kind, "files/x")], &expected);
    }
    for (name, why) in [
        ("/etc/x", "its name is absolute"),
        ("files/../x", "its name leads out of its folder (`..`)"),
        ("C:/x", "its name names a drive of Windows"),
        (
            r"files\x",
            "its name has a backslash, which leads elsewhere on Windows",
        ),
        (
            "files/nul",
            "its name has the part `nul`, a device of Windows",
        ),
        ("files/x:y", "its name names a stream beside a file"),
        (
            "files/%61",
            "its name is written otherwise than a bundle writes it",
        ),
        ("other/x", "it lies outside of `files/`"),
        ("bundle.json", "it is there twice"),
        ("host.yaml", "it is there twice"),
        ("files/", "its name has an empty part"),
    ] {
        check(&[file(name, b"")], &format!("entry 3, `{name}`: {why}"));
    }
    // What would mislead is shown as what it is.
    check(
        &[file("files/\u{1b}[2J\u{202e}", b"")],
        "entry 3, `files/␛[2J‹U+202E›`: its name has a control character or one that is not seen",
    );
    let x = || file("files/a/x", b"");
    check(&[x(), x()], "entry 4, `files/a/x`: it is there twice");
    let within = "a file lies below it, or it below a file";
    check(
        &[x(), file("files/a", b"")],
        &format!("entry 4, `files/a`: {within}"),
    );
    check(
        &[x(), file("files/a/x/y", b"")],
        &format!("entry 4, `files/a/x/y`: {within}"),
    );
    // `a-x` stands between `a` and `a/x`.
    let fine = with(&[file("files/a", b""), file("files/a-x", b"")]);
    assert!(Bundle::read(gzip(&fine).as_slice()).is_ok());
}

#[test]
fn on_windows_two_spellings_are_one_name() {
    let windows = About {
        os: Os::Windows,
        ..about()
    };
    let mut all = file("bundle.json", &windows.bytes());
    all.extend(file("host.yaml", b"os: windows\n"));
    all.extend(file("files/C/x", b""));
    all.extend(file("files/C/X", b""));
    refused(&gzip(&all), "entry 4, `files/C/X`: it is there twice");
}

/// Reading ends with the disk's own words where it is the disk.
#[test]
fn a_disk_that_fails_is_no_broken_bundle() {
    struct Fails<'a>(&'a [u8]);
    impl Read for Fails<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(buffer) {
                Ok(0) => Err(std::io::Error::other("the disk is gone")),
                read => read,
            }
        }
    }
    let whole = gzip(&with(&[]));
    let error = Bundle::read(Fails(&whole[..whole.len() / 2])).expect_err("it fails");
    assert_eq!(error.to_string(), "it cannot be read: the disk is gone");
}

#[test]
fn what_may_not_be_in_a_bundle_is_left_out_and_told() {
    let files = [("opt/a\nb", "1"), ("opt/..", "2"), ("opt/x", "3")];
    let written = Written {
        host_yaml: "os: linux\n".to_owned(),
        files: files
            .map(|(place, text)| (place.to_owned(), text.as_bytes().to_vec()))
            .into(),
    };
    let (bundle, left_out) = Bundle::new(about(), written);
    assert_eq!(bundle.files.keys().collect::<Vec<_>>(), ["opt/x"]);
    let told: Vec<_> = left_out.iter().map(|left| left.why.as_str()).collect();
    assert_eq!(
        told,
        [
            "its name leads out of its folder (`..`)",
            "its name has a control character or one that is not seen"
        ]
    );
    assert!(Bundle::read(bytes(&bundle).as_slice()).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a recording has in its files: what is taken in comes out, and the rest is told.
    #[test]
    fn a_round_trip_changes_nothing(
        files in prop::collection::btree_map("[a-cA%.:\\\\ \u{202e}/]{0,12}|nul|opt/[ -~]{1,20}", prop::collection::vec(any::<u8>(), 0..2000), 0..12),
        yaml in "[ -~\n]{0,200}",
        title in "\\PC{0,20}",
        windows in any::<bool>(),
    ) {
        let about = About {
            title,
            os: if windows { Os::Windows } else { Os::Linux },
            ..about()
        };
        let count = files.len();
        let written = Written { host_yaml: yaml, files };
        let (bundle, left_out) = Bundle::new(about, written);
        prop_assert_eq!(bundle.files.len() + left_out.len(), count);
        let again = Bundle::read(bytes(&bundle).as_slice());
        prop_assert_eq!(again.map_err(|error| error.to_string()), Ok(bundle));
    }

    /// Whatever somebody made of a bundle, it is read or refused.
    #[test]
    fn a_changed_bundle_never_panics(at in 0..4000usize, value in any::<u8>()) {
        let mut archive = with(&[file("files/x", b"one\n")]);
        if let Some(byte) = archive.get_mut(at) {
            *byte = value;
        }
        let _ = Bundle::read(gzip(&archive).as_slice());
    }
}

/// One that was made from a case: what was found stands behind the recording, and nowhere else.
#[test]
fn findings_have_one_place() {
    let mut carrying = bundle(&[("opt/x", b"x")]);
    carrying.about.format = About::WITH_FINDINGS;
    carrying.carried = Some(Vec::new());
    let written = carrying.write(Vec::new()).expect("memory takes it");
    assert_eq!(
        Bundle::read(written.as_slice()).expect("it was written here"),
        carrying
    );
    Bundle::check(written.as_slice()).expect("it was written here");
    // Without them it says less than it claims, and with them it claims less than it says.
    let entry = |name: &str, content: &[u8]| (name.to_owned(), content.to_vec());
    let about = |format| {
        let mut about = about();
        about.format = format;
        about.bytes()
    };
    let host = entry(HOST, b"os: linux\n");
    let found = entry(FINDINGS, b"{\"findings\": []}");
    let check = |format, entries: &[&(String, Vec<u8>)], expected: &str| {
        let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::none()));
        let all = [entry(ABOUT, &about(format)), host.clone()];
        for (name, content) in all.iter().chain(entries.iter().copied()) {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_entry_type(EntryType::Regular);
            archive
                .append_data(&mut header, name, content.as_slice())
                .expect("memory takes it");
        }
        let archive = archive.into_inner().expect("memory takes it");
        let archive = archive.finish().expect("memory takes it");
        let refused = Bundle::read(archive.as_slice()).expect_err("it breaks a rule");
        assert!(refused.to_string().contains(expected), "{refused}");
    };
    let new = About::WITH_FINDINGS;
    check(new, &[], "it ends before `findings.json`");
    check(About::FORMAT, &[&found], "it lies outside of `files/`");
    check(new, &[&found, &found], "it is there twice");
    let file = entry("files/opt/x", b"x");
    check(new, &[&file, &found], "its place is taken");
    let broken = entry(FINDINGS, b"{\"findings\": [{}]}");
    check(new, &[&broken], "`findings.json`: missing field `probe`");
    let one = "{\"probe\":{\"tree\":\"t\",\"name\":\"p\"},\"kind\":\"tcp\",\"params\":\"\",\"finding\":{}}";
    let other = entry(FINDINGS, one.as_bytes());
    check(new, &[&other], "`findings.json`: ");
}
