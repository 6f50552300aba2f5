use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::finding::{Evidence, Facts, Judgement, Outcome, Reason, Secret, Source, Unknown, Value};

fn check(text: &str, expected: &str) {
    let mut redactor = Redactor::default();
    let masked = redactor.text(text);
    assert_eq!(masked, expected, "of {text}");
    assert_eq!(redactor.text(&masked), masked, "masked twice");
    assert_eq!(
        Redactor::default().text(&masked),
        masked,
        "masked by another"
    );
}

fn stays(text: &str) {
    check(text, text);
}

#[test]
fn properties_and_ini() {
    check("db.password=hunter2", "db.password=‹secret-1›");
    check(
        "db.password = hun ter, 2 \nnext=1",
        "db.password = ‹secret-1› \nnext=1",
    );
    check("  # old_passwd: hunter2", "  # old_passwd: ‹secret-1›");
    check("DB_PWD='hunter2'", "DB_PWD='‹secret-1›'");
    check(
        "export API_TOKEN=\"hunter2\"",
        "export API_TOKEN=\"‹secret-1›\"",
    );
    check("$password = 'it''s me'", "$password = '‹secret-1›'");
    check(
        "password=encrypted:AqSKti1xfos2IuWzkMQTFg==",
        "password=encrypted:‹secret-1 base64›",
    );
    check("password=a\r\nb=2", "password=‹secret-1›\r\nb=2");
    check("password: {noop}hunter2", "password: {noop}‹secret-1›");
    check(
        "a.user=me\na.password=hunter2\nb.password=hunter3",
        "a.user=me\na.password=‹secret-1›\nb.password=‹secret-2›",
    );
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "",
        "password=",
        "password=\"\"",
        "mid.instance.password=YOUR_INSTANCE_PASSWORD_HERE",
        "password=CHANGEME",
        "password=${DB_PASSWORD}",
        "\"password_needs_reset\": \"false\"",
        "\"password\": null,",
        "\"password\": {\"min\": 8}",
        "mid.password.policy=strict",
        "OCSP communication error 403 Method failed: (/) with code: 403 - Forbidden username/password combo",
        "Login authentication failure for User mid. Check password on MID server.",
        "SyntaxError: Unexpected token: }",
        "Unable to read password: java.io.IOException",
        "user=admin; url=https://admin@example.com/x",
        "PWD=/home/me",
        "Basic authentication is not supported",
        "WWW-Authenticate: Basic realm=\"Service-now\"",
        "mkdir -p some/folder && ps -p 123 && nc -p 8080",
        "ssh -p 2222 me@host",
        "a::password::b",
        "<password>",
        "<parameter name=\"mid.instance.username\" value=\"midserver\"/>",
    ] {
        stays(text);
    }
}

#[test]
fn xml() {
    check(
        r#"<parameter name="mid.instance.password"  value="encrypted:AqSKti1xfos2IuWzkMQTFg==" encrypt="true"/>"#,
        r#"<parameter name="mid.instance.password"  value="encrypted:‹secret-1 base64›" encrypt="true"/>"#,
    );
    check(
        r#"<parameter value='hunter2' secure="true" name='mid.proxy.password'/>"#,
        r#"<parameter value='‹secret-1›' secure="true" name='mid.proxy.password'/>"#,
    );
    check(
        "<parameter\n  name=\"a.password\"\n  value=\"x&amp;y\"\n/>",
        "<parameter\n  name=\"a.password\"\n  value=\"‹secret-1›\"\n/>",
    );
    check(
        "<!-- <parameter name=\"a.secret\" value=\"abc\"/> -->",
        "<!-- <parameter name=\"a.secret\" value=\"‹secret-1›\"/> -->",
    );
    check(
        "<db user=\"me\" password=\"C:\\\"/>",
        "<db user=\"me\" password=\"‹secret-1›\"/>",
    );
    check(
        "<wsse:Password Type=\"x\">hunter2</wsse:Password>",
        "<wsse:Password Type=\"x\">‹secret-1›</wsse:Password>",
    );
    check(
        "<password>\n  hunter2\n</password>",
        "<password>\n  ‹secret-1›\n</password>",
    );
    check(
        "<password><![CDATA[a<b]]></password>",
        "<password><![CDATA[‹secret-1›]]></password>",
    );
    check(
        "<entry key=\"db.password\">hunter2</entry>",
        "<entry key=\"db.password\">‹secret-1›</entry>",
    );
    check(
        "<key>apiToken</key>\n<string>hunter2</string>",
        "<key>apiToken</key>\n<string>‹secret-1›</string>",
    );
    stays("<parameter name=\"a.password\" value=\"YOUR_PASSWORD\"/>");
    stays("<parameter name=\"a.password\" value=\"\"/>");
}

#[test]
fn broken_xml_stays_as_broken_as_it_was() {
    check(
        "<parameter name=\"a.password\" value=\"hunter2\n<parameter name=\"b\" value=\"c\"/>",
        "<parameter name=\"a.password\" value=\"‹secret-1›\n<parameter name=\"b\" value=\"c\"/>",
    );
    check(
        "<parameter name=\"a.password\" value=\"hunter2/>\nx",
        "<parameter name=\"a.password\" value=\"‹secret-1›/>\nx",
    );
    check(
        "<parameter name=\"a.password\" value=\"hunter2”/>",
        "<parameter name=\"a.password\" value=\"‹secret-1›”/>",
    );
    check(
        "<parameter name=\"a.password\" value=hunter2/>",
        "<parameter name=\"a.password\" value=‹secret-1›/>",
    );
}

#[test]
fn json() {
    check(
        r#"{"user": "me", "password": "a\"b", "x": 1}"#,
        r#"{"user": "me", "password": "‹secret-1›", "x": 1}"#,
    );
    check(
        r#"{"apiKey":"hunter2","accessToken":12345678}"#,
        r#"{"apiKey":"‹secret-1›","accessToken":‹secret-2 base64›}"#,
    );
    check(
        r#""{\"password\":\"hunter2\",\"a\":1}""#,
        r#""{\"password\":\"‹secret-1›\",\"a\":1}""#,
    );
    check(
        r#"{"tokens": 5, "secrets": ["hunter2", "hunter3"]}"#,
        r#"{"tokens": 5, "secrets": ["‹secret-1›", "‹secret-2›"]}"#,
    );
    check(
        r#"{"name": "db.password", "value": "hunter2"}"#,
        r#"{"name": "db.password", "value": "‹secret-1›"}"#,
    );
    check(
        r#"{"value": "hunter2", "name": "db.password"}"#,
        r#"{"value": "‹secret-1›", "name": "db.password"}"#,
    );
    check(
        "{\n  \"password\":\n    \"hunter2\"\n}",
        "{\n  \"password\":\n    \"‹secret-1›\"\n}",
    );
    check(
        "data=\"{&quot;password&quot;:&quot;hunter2&quot;}\"",
        "data=\"{&quot;password&quot;:&quot;‹secret-1›&quot;}\"",
    );
}

#[test]
fn lines_of_logs() {
    check(
        "12:00 login user=me password=hunter2, again",
        "12:00 login user=me password=‹secret-1›, again",
    );
    check(
        "12:00 (password=hun,ter2) done",
        "12:00 (password=‹secret-1›) done",
    );
    check(
        "12:00 GET /x?user=me&token=hunter2&y=1 200",
        "12:00 GET /x?user=me&token=‹secret-1›&y=1 200",
    );
    check(
        "12:00 x;jsessionid=1A2B3C4D5E;y=1",
        "12:00 x;jsessionid=‹secret-1›;y=1",
    );
    check(
        "12:00 Session ID: 1A2B3C4D5E.",
        "12:00 Session ID: ‹secret-1›.",
    );
    check(
        "jdbc:x://db;user=me;password=hunter2;z=1",
        "jdbc:x://db;user=me;password=‹secret-1›;z=1",
    );
}

#[test]
fn headers() {
    check(
        "Authorization: Basic bWU6aHVudGVyMg==",
        "Authorization: Basic ‹secret-1 base64›",
    );
    check(
        "proxy-authorization: Bearer abc.def-1",
        "proxy-authorization: Bearer ‹secret-1›",
    );
    check(
        "Authorization: Digest username=\"me\", nonce=\"1\", response=\"2\"",
        "Authorization: Digest ‹secret-1›",
    );
    check(
        "-H 'Authorization: Bearer hunter2' -H 'A: b'",
        "-H 'Authorization: Bearer ‹secret-1›' -H 'A: b'",
    );
    check(
        r#"{"Authorization": "Basic bWU6aHVudGVyMg==", "A": "b"}"#,
        r#"{"Authorization": "Basic ‹secret-1 base64›", "A": "b"}"#,
    );
    check("Authorization: hunter2", "Authorization: ‹secret-1›");
    check(
        "sent Basic bWU6aHVudGVyMg== to it",
        "sent Basic ‹secret-1 base64› to it",
    );
    check(
        "got Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.c2ln and",
        "got Bearer ‹secret-1› and",
    );
    check(
        "Cookie: a=1; glide_user=\"x1\"; b=",
        "Cookie: a=‹secret-1›; glide_user=\"‹secret-2›\"; b=",
    );
    check(
        "set-cookie: JSESSIONID=1A2B; Path=/; Expires=Wed, 09 Jun 2027 10:18:14 GMT; HttpOnly",
        "set-cookie: JSESSIONID=‹secret-1 base64›; Path=/; Expires=Wed, 09 Jun 2027 10:18:14 GMT; HttpOnly",
    );
    check("X-UserToken: hunter2", "X-UserToken: ‹secret-1›");
}

#[test]
fn addresses() {
    check(
        "see https://me:hunter2@example.com:8443/x",
        "see https://me:‹secret-1›@example.com:8443/x",
    );
    check(
        "proxy http://me:p@ss:w@p:3128",
        "proxy http://me:‹secret-1›@p:3128",
    );
    check(
        "https://ghx0123456789abcdefghij@example.com/",
        "https://‹secret-1›@example.com/"
            .replace("‹secret-1›", "‹secret-1›")
            .as_str(),
    );
    stays("https://example.com/a:b@c");
}

#[test]
fn arguments() {
    check(
        "sshpass -p hunter2 ssh me@host",
        "sshpass -p ‹secret-1› ssh me@host",
    );
    check("mysql -u me -phunter2 db", "mysql -u me -p‹secret-1› db");
    check(
        "x --password=hunter2 --user me",
        "x --password=‹secret-1› --user me",
    );
    check(
        "x --password hunter2 --user me",
        "x --password ‹secret-1› --user me",
    );
    check(
        "keytool -storepass changeit -list",
        "keytool -storepass ‹secret-1 base64› -list",
    );
    check(
        "java -Djavax.net.ssl.keyStorePassword=hunter2 -jar x",
        "java -Djavax.net.ssl.keyStorePassword=‹secret-1› -jar x",
    );
    check(
        "curl -u me:hunter2 https://a/",
        "curl -u me:‹secret-1› https://a/",
    );
    check(
        "curl -u 'me:hun ter2' https://a/",
        "curl -u 'me:‹secret-1›' https://a/",
    );
    check("x /password:hunter2 /q", "x /password:‹secret-1› /q");
    check(
        "ConvertTo-SecureString 'hunter2' -AsPlainText",
        "ConvertTo-SecureString '‹secret-1›' -AsPlainText",
    );
    stays("x --password --user me");
    stays("docker run -u 1000:1000 -p 8080:80 x");
}

#[test]
fn private_keys_keep_their_lines() {
    check(
        "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nowIB\n-----END RSA PRIVATE KEY-----\nb",
        "a\n-----BEGIN RSA PRIVATE KEY-----\n‹secret-1›\n\n-----END RSA PRIVATE KEY-----\nb",
    );
    check(
        "-----BEGIN PRIVATE KEY-----\nMIIE\nowIB\nnot: a key",
        "-----BEGIN PRIVATE KEY-----\n‹secret-1›\n\nnot: a key",
    );
    check(
        "it is:\nMIIE\nowIB\n-----END PRIVATE KEY-----",
        "it is:\n‹secret-1›\n\n-----END PRIVATE KEY-----",
    );
    stays("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----");
}

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
        "a.password=‹secret-1 base64›"
    );
    assert_eq!(
        redactor.text("mid.instance.url is of an instance"),
        "mid.instance.url is of an ‹secret-1 base64›"
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

fn finding(judgement: Judgement, facts: Facts, evidence: Vec<Evidence>) -> Finding {
    Finding {
        judgement,
        facts,
        evidence,
        source: Source::Observed,
        at: Timestamp::UNIX_EPOCH,
        took: Duration::ZERO,
    }
}

#[test]
fn facts_of_a_finding() {
    let facts: Facts = [
        ("note", Value::from("was hunter2 and geheim77")),
        ("values", Value::from(Facts::from_iter([("p".to_owned(), Value::from(Secret::new("encrypted:hunter2")))]))),
        ("empty", Value::from(Secret::new(""))),
        ("unset", Value::from(Secret::new("YOUR_PASSWORD_HERE"))),
        ("json", serde_json::json!({"api_token": "geheim77", "locked": "true", "n": 1}).into()),
        ("headers", serde_json::json!({"set-cookie": "a=keks; Path=/", "date": "today"}).into()),
        ("list", serde_json::json!([{"name": "db.password", "value": "abc"}, {"name": "x", "value": "abc"}]).into()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    let masked = Redactor::default().finding(finding(
        Judgement::Outcome(Outcome::new("read")),
        facts,
        Vec::new(),
    ));
    assert_eq!(
        serde_json::to_string(&masked.facts).expect("facts are JSON"),
        concat!(
            r#"{"note":"was ‹secret-1› and ‹secret-2 base64›","values":{"p":"encrypted:‹secret-1›"},"empty":"","#,
            r#""unset":"YOUR_PASSWORD_HERE","json":{"api_token":"‹secret-2 base64›","locked":"true","n":1},"#,
            r#""headers":{"set-cookie":"a=‹secret-4 base64›; Path=/","date":"today"},"#,
            r#""list":[{"name":"db.password","value":"‹secret-3›"},{"name":"x","value":"abc"}]}"#
        )
    );
    let kept = masked
        .facts
        .get("values")
        .and_then(|values| values.get("p"));
    assert!(matches!(kept, Some(Value::Secret(secret)) if secret.expose() == "encrypted:hunter2"));
}

#[test]
fn evidence_of_a_finding() {
    let evidence = Evidence {
        file: Some("GET https://me:hunter2@a/".to_owned()),
        line: Some(12),
        column: Some(31),
        before: vec!["-----BEGIN PRIVATE KEY-----".to_owned(), "MIIE".to_owned()],
        text: "AAAA password=hunter2 url is broken".to_owned(),
        after: vec!["tail hunter2".to_owned()],
        mark: Some((29, 35)),
    };
    let unknown = Unknown::new(Reason::Other, "cannot log in with hunter2");
    let masked = Redactor::default().finding(finding(
        Judgement::Unknown(unknown),
        Facts::new(),
        vec![evidence],
    ));
    assert_eq!(
        masked.evidence,
        [Evidence {
            file: Some("GET https://me:‹secret-2›@a/".to_owned()),
            line: Some(12),
            column: Some(34),
            before: vec![
                "-----BEGIN PRIVATE KEY-----".to_owned(),
                "‹secret-1 base64›".to_owned()
            ],
            text: "AAAA password=‹secret-2› url is broken".to_owned(),
            after: vec!["tail ‹secret-2›".to_owned()],
            mark: Some((32, 38)),
        }]
    );
}

#[test]
fn a_mark_on_a_secret_covers_its_token() {
    let marked = |mark| {
        let evidence = Evidence {
            mark,
            ..Evidence::plain("ü password=hunter2 x")
        };
        let given = finding(
            Judgement::Outcome(Outcome::new("x")),
            Facts::new(),
            vec![evidence],
        );
        let masked = Redactor::default().finding(given).evidence.remove(0);
        let (from, to) = masked.mark.expect("the mark is kept");
        masked
            .text
            .chars()
            .skip(from)
            .take(to - from)
            .collect::<String>()
    };
    assert_eq!(marked(Some((11, 18))), "‹secret-1›");
    assert_eq!(marked(Some((13, 15))), "‹secret-1›");
    assert_eq!(marked(Some((2, 18))), "password=‹secret-1›");
    assert_eq!(marked(Some((0, 1))), "ü");
    assert_eq!(marked(Some((19, 20))), "x");
}

/// Long lines made of what begins something and never ends it.
#[test]
fn huge_lines_take_bounded_time() {
    for piece in [
        "password=\"",
        "password: ‘",
        "\"password\":\"x\",",
        "authorization: ",
        "‘cookie: a=b ",
        "<password ",
        "<password><![CDATA[",
        "<a b=\"c",
        "-p ‘",
        "-u a:‘",
        "://a:b",
        "‹secret-1",
        "\\\\\\\\\"password\\\\\\\\\":",
        "\"name\":\"password\",\"value\":\"",
        "\"value\":\"",
        "-----BEGIN PRIVATE KEY-----",
        "tokentoken",
        "Basic AAAA",
        "convertto-securestring ‘",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        let begun = std::time::Instant::now();
        Redactor::default().text(&text);
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(5), "{piece}: {took:?}");
    }
}

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
