//! What stands out of place, passes a bound or is broken.

use super::*;

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
            b"{\"format\": 2, \"program\": \"7.1\", \"more\": []}",
        )],
        "its form is 2, written by version 7.1, and this program knows forms up to 1; a newer program can open it",
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
        "it is no bundle: size overflow",
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
    check(
        &gzip(b"no archive"),
        "it is no bundle: failed to read entire block",
    );
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
    for length in [10, whole.len() / 2, whole.len() - 1] {
        let error = Bundle::read(&whole[..length]).expect_err("it is cut");
        assert!(
            error.to_string().starts_with("it is no bundle: "),
            "{length}: {error}"
        );
    }
    let cut = with(&[file("files/x", &[b'x'; 5000])]);
    check(
        &gzip(&cut[..cut.len() - 5000]),
        "it is no bundle: it ends in the middle of `files/x`",
    );
    // Its sum is compared.
    let mut changed = whole.clone();
    let sum = changed.len() - 6;
    changed[sum] ^= 1;
    let error = Bundle::read(changed.as_slice()).expect_err("it was changed");
    assert!(
        error.to_string().starts_with("it is no bundle: "),
        "{error}"
    );
}
