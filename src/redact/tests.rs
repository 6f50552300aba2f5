//! Each rule by example.

mod bounds;
mod finding;
mod folded;
mod loose;
mod options;
mod properties;
mod remembered;
mod seldom;

use std::time::{Duration, Instant};

use super::*;

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

/// How long something takes.
fn took(run: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    run();
    begun.elapsed()
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
    // What may not stand in XML at all, and what may not stand in a text.
    for sign in ["\0", "\u{1b}", "\u{ffff}"] {
        check(
            &format!("<parameter name=\"a.password\" value=\"hun{sign}ter2\"/>"),
            &format!("<parameter name=\"a.password\" value=\"‹secret-1›{sign}\"/>"),
        );
        check(
            &format!("<password><![CDATA[hun{sign}ter2&]]></password>"),
            &format!("<password><![CDATA[‹secret-1›{sign}]]></password>"),
        );
    }
    for sign in ["&", "]]>", "\u{1}"] {
        check(
            &format!("<password>hun{sign}ter2</password>"),
            &format!("<password>‹secret-1›{sign}</password>"),
        );
    }
    check(
        "<password><![CDATA[hun\n\u{1c}ter2]]></password>",
        "<password><![CDATA[‹secret-1›\n\u{1c}]]></password>",
    );
    check(
        "<password>hun&amp;ter2\"</password>",
        "<password>‹secret-1›</password>",
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
        r#"{"apiKey":"‹secret-1›","accessToken":‹secret-2›}"#,
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
        "Authorization: hunter2 later",
        "Authorization: ‹secret-1› ‹secret-2›",
    );
    check(
        "Authorization: GenieKey hunter2",
        "Authorization: GenieKey ‹secret-1›",
    );
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
        "set-cookie: JSESSIONID=‹secret-1›; Path=/; Expires=Wed, 09 Jun 2027 10:18:14 GMT; HttpOnly",
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
        "https://‹secret-1›@example.com/",
    );
    check(
        "https://Zx9Hush3tQq@example.com/",
        "https://‹secret-1›@example.com/",
    );
    stays("https://example.com/a:b@c");
    stays("https://SvcMid02@example.com/");
}

#[test]
fn arguments() {
    check(
        "sshpass -p hunter2 ssh me@host",
        "sshpass -p ‹secret-1› ssh me@host",
    );
    check("mysql -u me -phunter2 db", "mysql -u me -p‹secret-1› db");
    check(
        "ExecStart=/usr/bin/mysql -u me -phunter2 db",
        "ExecStart=/usr/bin/mysql -u me -p‹secret-1› db",
    );
    check(
        "{\"run\":\"mysql -u me -phunter2 db\"}",
        "{\"run\":\"mysql -u me -p‹secret-1› db\"}",
    );
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
        "keytool -storepass ‹secret-1› -list",
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
