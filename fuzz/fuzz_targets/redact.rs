//! A text with secrets in it. What stands before a NUL is a secret that a person typed in.
//!
//! Holds: masking twice changes nothing, for whoever masked it and for anybody else; lines stay; what a person typed in
//! is gone.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use regex::Regex;
use waypost::redact::Redactor;

static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("‹secret(-[0-9]{1,6}( base64)?)?›").expect("a regular expression"));

fuzz_target!(|text: &str| {
    let (secret, text) = match text.split_once('\0') {
        // Line breaks alone are no secret.
        Some((secret, text)) => (
            Some(secret).filter(|secret| !secret.trim_matches(['\r', '\n']).is_empty()),
            text,
        ),
        None => (None, text),
    };
    let mut redactor = Redactor::default();
    if let Some(secret) = secret {
        redactor.learn(secret);
    }
    let once = redactor.text(text);
    assert_eq!(redactor.text(&once), once, "masked twice");
    assert_eq!(
        Redactor::default().text(&once),
        once,
        "masked by another one"
    );
    assert_eq!(
        once.matches('\n').count(),
        text.matches('\n').count(),
        "lines of {once:?}"
    );
    if let Some(secret) = secret {
        // What the tokens themselves are made of does not count.
        let rest = TOKEN.replace_all(&once, "\n");
        assert!(!rest.contains(secret), "{secret:?} stands in {once:?}");
    }
});
