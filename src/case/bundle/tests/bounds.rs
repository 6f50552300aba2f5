//! What stands out of place, passes a bound or is broken.

use std::{cell::Cell, collections::BTreeSet, io};

use flate2::{Compress, FlushCompress, Status};

use super::*;
use crate::finding::TreeId;

const NO_ARCHIVE: &str = "it is no bundle, or its very beginning is damaged: a bundle is a file that `waypost collect` wrote";

fn damaged(last: &str) -> String {
    format!(
        "it is damaged, or its end is missing: the last that could be read is {last}; let the file that `waypost collect` wrote be sent again"
    )
}

#[test]
fn what_stands_first_stands_first() {
    #[track_caller]
    fn check(entries: &[Vec<u8>], expected: &str) {
        refused(&gzip(&[entries.concat(), vec![0; 1024]].concat()), expected);
    }
    let json = || file("bundle.json", &about().bytes());
    let host = || file("host.yaml", b"os: linux\n");
    check(&[], "it ends before `bundle.json`");
    check(
        &[host()],
        "entry 1, `host.yaml`: its place is taken: `bundle.json` stands there",
    );
    check(&[json()], "it ends before `host.yaml`");
    check(
        &[json(), file("files/x", b"")],
        "entry 2, `files/x`: its place is taken: `host.yaml` stands there",
    );
    check(
        &[json(), file("host.yaml", b"os: \xff\n")],
        "entry 2, `host.yaml`: it is not text",
    );
    check(
        &[file(
            "bundle.json",
            b"{\"format\": 3, \"program\": \"7.1\", \"more\": []}",
        )],
        "its form is 3, written by version 7.1, and this program knows forms up to 2; a newer program can open it",
    );
    check(
        &[file("bundle.json", b"{}")],
        "`bundle.json`: missing field `format` at line 1 column 2",
    );
    check(
        &[file("bundle.json", &b"[".repeat(10_000))],
        "`bundle.json`: invalid type: sequence, expected u64 at line 1 column 1",
    );
    // What is not known is passed over, however deep it goes.
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    let deep = format!("{{\"format\": 1, \"more\": {open}{close}}}");
    check(
        &[file("bundle.json", deep.as_bytes())],
        "`bundle.json`: missing field `program` at line 1 column 20023",
    );
    let inputs = format!("{{\"format\": 1, \"program\": \"\", \"inputs\": {open}{close}}}");
    check(
        &[file("bundle.json", inputs.as_bytes())],
        "`bundle.json`: invalid type: sequence, expected a map at line 1 column 39",
    );
}

/// Every bound, each with what is just beyond it. Nothing of it is read in vain.
#[test]
fn what_passes_a_bound_is_refused_at_once() {
    let ten_gigabytes = 10 << 30;
    let json = || file("bundle.json", &about().bytes());
    let regular = EntryType::Regular;
    let lie = |name: &str, size| entry(regular, name.as_bytes(), size, b"");
    refused(
        &gzip(&lie("bundle.json", MAX_ABOUT + 1)),
        "entry 1, `bundle.json`: it is longer than 1048576 bytes, the bound",
    );
    refused(
        &gzip(&[json(), lie("host.yaml", MAX_HOST + 1)].concat()),
        "entry 2, `host.yaml`: it is longer than 16777216 bytes, the bound",
    );
    refused(
        &gzip(&with(&[lie("files/x", ten_gigabytes)])),
        "entry 3, `files/x`: it is longer than 67108864 bytes, the bound",
    );
    refused(
        &gzip(&with(&[lie("files/x", u64::MAX / 2)])),
        "entry 3, `files/x`: it is longer than 67108864 bytes, the bound",
    );
    refused(
        &gzip(&with(&[lie("files/x", u64::MAX)])),
        &damaged("entry 2, `host.yaml`"),
    );
    // Names that are long.
    let long = |size: u64, name: &[u8]| entry(EntryType::GNULongName, b"././@LongLink", size, name);
    refused(
        &gzip(&with(&[long(ten_gigabytes, b"")])),
        "entry 3, `././@LongLink`: it is longer than 4097 bytes, the bound",
    );
    let name = "files/".to_owned() + &"a".repeat(4092);
    let name_shown: String = name.chars().take(200).collect();
    let entries = [long(4097, &name.as_bytes()[..4097]), file("files/x", b"")];
    refused(
        &gzip(&with(&entries)),
        &format!("entry 4, `{name_shown}…`: its name is longer than 4096 bytes, the bound"),
    );
    let deep = format!("files/{}x", "a/".repeat(200));
    let entries = [
        long(deep.len() as u64, deep.as_bytes()),
        file("files/x", b""),
    ];
    let deep_shown: String = deep.chars().take(200).collect();
    refused(
        &gzip(&with(&entries)),
        &format!("entry 4, `{deep_shown}…`: it lies more than 128 folders deep, the bound"),
    );
    let entries = [long(8, b"files/y\0"), long(8, b"files/z\0")];
    refused(
        &gzip(&with(&entries)),
        "entry 4, `files/y`: its long name is given twice",
    );
    refused(
        &gzip(&with(&entries[..1])),
        "it is no bundle: a long name without a file",
    );
    // Many of them.
    let mut many = with(&[]);
    many.truncate(many.len() - 1024);
    for number in 0..MAX_ENTRIES {
        many.extend(file(&format!("files/{number}"), b""));
    }
    refused(
        &gzip(&many),
        "it has more than 20000 entries, the bound of a bundle",
    );
    // Long names of them.
    let mut long_names = with(&[]);
    long_names.truncate(long_names.len() - 1024);
    for number in 0..2_200 {
        let name = format!("files/{number}/{}", "y".repeat(4_000));
        long_names.extend(long(name.len() as u64, name.as_bytes()));
        long_names.extend(file("files/x", b""));
    }
    let error = Bundle::check(gzip(&long_names).as_slice()).expect_err("it breaks a bound");
    let error = error.to_string();
    assert!(
        error.ends_with("the files' names take more than 8 MiB together, the bound"),
        "{error}"
    );
    // What it unpacks to: more than is claimed, behind the end.
    let behind = [with(&[]), vec![0; 100 << 10]].concat();
    refused(&gzip(&behind), "something follows its end");
}

#[test]
fn what_is_broken_is_no_bundle() {
    let whole = gzip(&with(&[file("files/x", &[b'x'; 5000])]));
    let check = |bytes: &[u8], expected: &str| refused(bytes, expected);
    check(b"", "it is no bundle: it is not packed as one");
    check(b"PK\x03\x04", "it is no bundle: it is not packed as one");
    check(&gzip(b"no archive"), NO_ARCHIVE);
    // What is no archive is not quoted, whatever a terminal would make of it.
    check(
        &gzip(&b"\x1b]0;title\x07 \x1b[2J\n".repeat(100)),
        NO_ARCHIVE,
    );
    check(b"\x1f\x8b and no more of it", NO_ARCHIVE);
    let mut broken = file("files/x", b"");
    broken[124..][..8].copy_from_slice(b"\x1b[2J\x07 9z");
    check(&gzip(&with(&[broken])), &damaged("entry 2, `host.yaml`"));
    check(
        &[whole.as_slice(), b"x"].concat(),
        "something follows its end",
    );
    check(
        &[whole.as_slice(), whole.as_slice()].concat(),
        "something follows its end",
    );
    check(
        &gzip(&[with(&[]), b"x".to_vec()].concat()),
        "something follows its end",
    );
    check(&whole[..10], NO_ARCHIVE);
    check(&whole[..whole.len() - 1], &damaged("entry 3, `files/x`"));
    let mut said = BTreeSet::new();
    for length in 2..whole.len() {
        let error = Bundle::read(&whole[..length]).expect_err("it is cut");
        said.insert(error.to_string());
    }
    let expected = [
        NO_ARCHIVE.to_owned(),
        damaged("entry 1, `bundle.json`"),
        damaged("entry 2, `host.yaml`"),
        damaged("entry 3, `files/x`"),
    ];
    assert!(said.iter().all(|said| expected.contains(said)), "{said:?}");
    let cut = with(&[file("files/x", &[b'x'; 5000])]);
    check(
        &gzip(&cut[..cut.len() - 5000]),
        &damaged("entry 2, `host.yaml`"),
    );
    // Its sum is compared.
    let mut changed = whole.clone();
    let sum = changed.len() - 6;
    changed[sum] ^= 1;
    check(&changed, &damaged("entry 3, `files/x`"));
}

/// Zeros without an end behind a beginning that is in order: no more is taken in than the bound says, and nothing is kept.
#[test]
fn reading_stops_at_the_bound() {
    /// Counts what is taken of it.
    struct Counted<'a>(&'a [u8], &'a Cell<usize>);
    impl Read for Counted<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.0.read(buffer)?;
            self.1.set(self.1.get() + read);
            Ok(read)
        }
    }

    // Each file is as long as it may be, and twice as many as may be unpacked stand there.
    // A piece that nothing refers to from behind is packed once, and stands there as often as it is wanted.
    let piece = |bytes: &[u8]| {
        let mut packer = Compress::new(Compression::fast(), false);
        let mut packed = Vec::with_capacity(bytes.len() + 1024);
        let status = packer.compress_vec(bytes, &mut packed, FlushCompress::Full);
        assert_eq!(status.expect("memory takes it"), Status::Ok);
        packed
    };
    let beginning = with(&[]);
    let zeros = piece(&[0; 1 << 20]).repeat((MAX_FILE >> 20) as usize);
    let mut packed = gzip(b"")[..10].to_vec();
    packed.extend(piece(&beginning[..beginning.len() - 1024]));
    for number in 0..2 * MAX_UNPACKED / MAX_FILE {
        let name = format!("files/{number}");
        let head = entry(EntryType::Regular, name.as_bytes(), MAX_FILE, b"");
        packed.extend([piece(&head), zeros.clone()].concat());
    }
    let taken = Cell::new(0);
    let error = Bundle::check(Counted(&packed, &taken)).expect_err("it is a trap");
    assert_eq!(
        error.to_string(),
        "it unpacks to more than 256 MiB, the bound of a bundle"
    );
    // Half of it, and what was read ahead.
    let most = packed.len() / 2 + (64 << 10);
    assert!(taken.get() <= most, "{} of {most}", taken.get());
}

/// What is quoted of a bundle is brief, and nothing in it is obeyed.
#[test]
fn a_long_word_is_quoted_briefly() {
    let check = |json: &str, before: &str, after: &str| {
        let error = Bundle::read(gzip(&file("bundle.json", json.as_bytes())).as_slice());
        let error = error.expect_err("it breaks a rule").to_string();
        assert!(
            error.starts_with(before) && error.ends_with(after),
            "{error}"
        );
        assert!(error.len() < 400, "{} bytes", error.len());
        assert!(!crate::finding::visible::misleads(&error), "{error}");
    };
    let long = "x".repeat(500_000);
    check(
        &format!("{{\"format\": 3, \"program\": \"\\u001b{long}\"}}"),
        "its form is 3, written by version ␛xxx",
        ", and this program knows forms up to 2; a newer program can open it",
    );
    check(
        &format!("{{\"format\": \"{long}\"}}"),
        "`bundle.json`: invalid type: string \"xxx",
        "… at line 1 column 500013",
    );
    let mut about = about();
    about.tree = TreeId::new(&long);
    let json = String::from_utf8(about.bytes()).expect("JSON is text");
    check(
        &json,
        "`bundle.json`: a tree's name is longer than 200 bytes",
        ", the bound",
    );
}
