//! What is remembered between texts: secrets wherever they show up, and their tokens.

use super::*;

#[test]
fn a_secret_is_masked_wherever_it_shows_up() {
    let mut redactor = Redactor::default();
    assert_eq!(redactor.text("tried hunter2"), "tried hunter2");
    assert_eq!(
        redactor.text("tried hunter2 first\npassword=hunter2\n<p password=\"hunter2\"/>"),
        "tried ‹secret-1› first\npassword=‹secret-1›\n<p password=\"‹secret-1›\"/>"
    );
    assert_eq!(redactor.text("xhunter2x"), "x‹secret-1›x");
    // Short ones are masked where they are named alone.
    assert_eq!(
        redactor.text("pin abc; password=abc"),
        "pin abc; password=‹secret-2›"
    );
    redactor.learn("abc");
    assert_eq!(redactor.text("pin abc"), "pin ‹secret-2›");
    assert_eq!(
        redactor.text("‹secret-1› ‹secret-2›"),
        "‹secret-1› ‹secret-2›"
    );
}

#[test]
fn a_password_that_is_a_word_leaves_names_alone() {
    let mut redactor = Redactor::default();
    assert_eq!(
        redactor.text("a.password=instance"),
        "a.password=‹secret-1›"
    );
    assert_eq!(
        redactor.text("mid.instance.url is of an instance"),
        "mid.instance.url is of an ‹secret-1›"
    );
}

#[test]
fn learnt_secrets_are_masked_in_every_spelling() {
    let mut redactor = Redactor::default();
    redactor.learn("a&b c");
    redactor.learn("");
    assert_eq!(
        redactor.text("a&b c a&amp;b c a%26b%20c a%26b+c"),
        "‹secret-1› ‹secret-1› ‹secret-1› ‹secret-1›"
    );
}

/// Lines stay, so that a break cannot be masked: its token would stand before it again and again.
#[test]
fn line_breaks_are_no_secret() {
    for secret in ["\n", "\r\n", "\n\n"] {
        let mut redactor = Redactor::default();
        redactor.learn(secret);
        assert_eq!(redactor.text("a\r\nb\n\nc"), "a\r\nb\n\nc", "{secret:?}");
    }
}

#[test]
fn numbers_that_a_text_bears_are_not_given_again() {
    let mut redactor = Redactor::default();
    assert_eq!(
        redactor.text("a=‹secret-7› password=hunter2"),
        "a=‹secret-7› password=‹secret-8›"
    );
}

#[test]
fn what_was_replaced_is_told_without_it() {
    let mut redactor = Redactor::default();
    redactor.learn("hunter2");
    redactor.text("https://me:geheim@a/");
    let replaced = redactor.replaced();
    assert_eq!(
        replaced,
        [
            ("‹secret-1›".to_owned(), Sort::Given),
            ("‹secret-2›".to_owned(), Sort::Address)
        ]
    );
    assert_eq!(format!("{redactor:?}"), "Redactor { .. }");
}
