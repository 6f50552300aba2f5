//! Kinds for which nothing is read say so.

use waypost::finding::Os;

use super::judged;

#[test]
fn what_is_not_read_yet_says_so() {
    let check = |kind: &str, params: &str| {
        let found = judged(kind, params, Os::Linux, "anything");
        assert_eq!(
            found,
            format!("refused: pastes for `{kind}` are not read yet")
        );
    };
    check("process", r#"{"match": "java"}"#);
    check("tls", r#"{"host": "a.example", "port": 443}"#);
    check("http", r#"{"url": "https://a.example/"}"#);
    check("clock", r#"{"url": "https://a.example/", "allow": "5m"}"#);
    check("command", r#"{"run": ["id"]}"#);
}
