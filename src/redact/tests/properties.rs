//! What holds for every text: no secret survives, twice is once, and lines stay.

use proptest::prelude::*;

use crate::{
    finding::{Evidence, Facts, Judgement, Outcome},
    redact::{Redactor, tests::finding::finding, token, value},
};

/// A secret with a digit in it, so that it is no word of the language, and none of the signs that end its context.
fn secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9!%*+._~][A-Za-z0-9!%*+._~-]{2,12}[0-9][A-Za-z0-9]{3,12}"
        .prop_filter("a form that stays", |secret| {
            value::secret_part(secret) == Some(0..secret.len())
        })
}

fn context() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "password=@\n",
        "x.token: @\n",
        "{\"secret\": \"@\"}",
        "<parameter name=\"db.password\" value=\"@\"/>",
        "<parameter value='@' name='db.password'/>",
        "<password>@</password>",
        "Authorization: Bearer @\n",
        "Cookie: session=@; a=b\n",
        "https://me:@@host/",
        "value=\"me:@@host\"",
        "credentials=@\n",
        "pass\u{200b}word=@\n",
        "Setting the password to @\n",
        "https:/me:@@host/",
        "prog --password @ --x\n",
        "prog --password=@ --x\n",
        "curl -u me:@ x\n",
        "12:00 log password=@, more\n",
        "?a=b&api_key=@&c=d ",
        "\"{\\\"password\\\":\\\"@\\\"}\"",
    ])
}

fn noise() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\u{e4}\u{2039}\u{203a}\r\n]{0,40}",
        prop::collection::vec(
            prop::sample::select(vec![
                "password",
                "token",
                "=",
                ":",
                "\"",
                "'",
                " ",
                "\n",
                "<",
                ">",
                "/>",
                "value=",
                "name=",
                "-p ",
                "-u ",
                "://",
                "@",
                "‹secret-1›",
                "‹secret-2 base64›",
                "Authorization",
                "Basic ",
                "Cookie",
                "\u{200b}",
                "\t",
                " is ",
                " to ",
                "value=\"",
                "<!ENTITY ",
                ";",
                ",",
                "&",
                "abc123xyz",
                "encrypted:",
                "\\",
                "{",
                "}",
                "[",
                "]",
                "-----BEGIN PRIVATE KEY-----",
                "-----END PRIVATE KEY-----",
                "x",
            ]),
            0..30
        )
        .prop_map(|parts| parts.concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn planted_secrets_never_survive(before in "[a-z \n]{0,20}", context in context(), secret in secret(), after in "[a-z \n]{0,20}") {
        let planted = context.replacen('@', &secret, 1);
        let text = format!("{before}\n{planted}\n{after} {secret} end");
        let masked = Redactor::default().text(&text);
        prop_assert!(!masked.contains(&secret), "{masked}");
    }

    #[test]
    fn learnt_secrets_never_survive(before in noise(), secret in "[!-~]{1,16}", after in noise()) {
        let mut redactor = Redactor::default();
        redactor.learn(&secret);
        let masked = redactor.text(&format!("{before}{secret}{after}"));
        // What the tokens themselves are made of does not count.
        let mut rest = masked.clone();
        for (range, _) in token::all(&masked).into_iter().rev() {
            rest.replace_range(range, "\n");
        }
        prop_assert!(!rest.contains(&secret), "{masked}");
    }

    #[test]
    fn masking_twice_changes_nothing(text in prop::collection::vec(noise(), 0..4)) {
        let text = text.concat();
        let mut redactor = Redactor::default();
        let once = redactor.text(&text);
        prop_assert_eq!(redactor.text(&once), once.clone());
    }

    #[test]
    fn lines_stay(text in prop::collection::vec(noise(), 0..4)) {
        let text = text.concat();
        let masked = Redactor::default().text(&text);
        prop_assert_eq!(masked.matches('\n').count(), text.matches('\n').count(), "{}", masked);
    }

    #[test]
    fn marks_lie_in_the_text(before in noise(), text in noise(), from in 0usize..30, length in 1usize..10) {
        let evidence = Evidence { mark: Some((from, from + length)), before: vec![before], ..Evidence::plain(text) };
        let given = finding(Judgement::Outcome(Outcome::new("x")), Facts::new(), vec![evidence.clone()]);
        let masked = Redactor::default().finding(given).evidence.remove(0);
        if masked.text != evidence.text && let Some((from, to)) = masked.mark {
            prop_assert!(from < to && to <= masked.text.chars().count());
        }
    }
}
