//! What OpenSSL says of a chain: an error each on the way, by number (X509_STORE_CTX_get_error(3)), and the last of them once
//! more at the end.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    finding::Unknown,
    host::{
        Distrust, TlsRequest, Trust, Verdict,
        printed::{
            cut,
            handshake::{is_pem, of_other_store},
        },
    },
};

const OK: u32 = 0;
const NOT_YET: u32 = 9;
const EXPIRED: u32 = 10;
const OTHER_HOST: u32 = 62;
const OTHER_ADDRESS: u32 = 64;

#[derive(Debug, PartialEq)]
pub(super) struct Verified {
    pub trust: Verdict,
    pub out_of_date: Option<String>,
    pub wrong_name: Option<String>,
}

/// # Errors
/// The line at the end is missing.
pub(super) fn read(text: &str, request: &TlsRequest) -> Result<Verified, Unknown> {
    let Some(last) = last(text) else {
        let lacks = "`Verify return code` does not stand there";
        return Err(cut("openssl s_client", lacks));
    };
    let on_the_way = errors(text);
    // Only with these lines is it known that nothing else is wrong where the last word is of the time or of the name.
    let told_all = text.lines().any(|line| line.starts_with("depth="));
    let all: Vec<(u32, String)> = on_the_way.into_iter().chain([last]).collect();
    let of = |codes: &[u32]| {
        let found = all.iter().find(|(code, _)| codes.contains(code));
        found.map(|(_, words)| words.clone())
    };
    let untrusted = all
        .iter()
        .find_map(|(code, words)| Some((distrust(*code)?, words)));
    let harmless = [OK, NOT_YET, EXPIRED, OTHER_HOST, OTHER_ADDRESS];
    let other = all.iter().find(|(code, _)| !harmless.contains(code));
    let trust = match (untrusted, other) {
        (Some((why, words)), _) => Verdict::Untrusted {
            why,
            detail: words.clone(),
        },
        (None, Some((code, words))) => {
            Verdict::Undecided(format!("OpenSSL's error {code}: {words}"))
        }
        (None, None) if all.iter().any(|(code, _)| *code != OK) && !told_all => Verdict::Undecided(
            "`openssl` tells the last error alone, and there may be others".to_owned(),
        ),
        (None, None) => Verdict::Trusted,
    };
    Ok(Verified {
        trust: of_store(text, request).unwrap_or(trust),
        out_of_date: of(&[NOT_YET, EXPIRED]),
        wrong_name: of(&[OTHER_HOST, OTHER_ADDRESS]),
    })
}

/// A file that OpenSSL cannot read is not whom it asked; and before 1.1, which prints no `Verification`, the system's
/// authorities counted beside the file's.
fn of_store(text: &str, request: &TlsRequest) -> Option<Verdict> {
    match &request.trust {
        Trust::Store(path) if is_pem(path) && text.contains("\nVerification") => None,
        _ => of_other_store(request, "openssl"),
    }
}

fn distrust(code: u32) -> Option<Distrust> {
    Some(match code {
        2 | 18..=21 => Distrust::UnknownIssuer,
        7 => Distrust::BadSignature,
        23 => Distrust::Revoked,
        24 | 25 | 26 | 79 => Distrust::NotAllowed,
        27 | 28 | 66..=68 => Distrust::Rejected,
        _ => return None,
    })
}

/// `verify error:num=18:self-signed certificate`
fn errors(text: &str) -> Vec<(u32, String)> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?m)^verify error:num=(\d{1,4}):(.*)$").ok());
    let Some(form) = FORM.as_ref() else {
        return Vec::new();
    };
    let found = form.captures_iter(text).map(|found| found.extract());
    found
        .filter_map(|(_, [code, words])| Some((code.parse().ok()?, words.trim().to_owned())))
        .collect()
}

/// `Verify return code: 18 (self-signed certificate)`
fn last(text: &str) -> Option<(u32, String)> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?m)^\s*Verify return code: (\d{1,4}) \((.*)\)\s*$").ok());
    let (_, [code, words]) = FORM.as_ref()?.captures(text)?.extract();
    Some((code.parse().ok()?, words.to_owned()))
}
