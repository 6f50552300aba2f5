//! What is hostile takes time that grows with its length, and no faster.

use std::time::Duration;

use super::took;
use crate::redact::Redactor;

/// Equal letters are the worst case for whoever looks for a secret everywhere.
#[test]
fn long_secrets_take_bounded_time() {
    for secret in [
        "a".repeat(64 << 10),
        "\0".repeat(64 << 10),
        "ab&".repeat(20 << 10),
    ] {
        let took = took(|| {
            let mut redactor = Redactor::default();
            redactor.learn(&secret);
            let text = format!("x {secret} y {}", &secret[..secret.len() - 1]);
            let masked = redactor.text(&text);
            assert!(masked.starts_with("x ‹secret-1"), "{masked:.40}");
        });
        assert!(took < Duration::from_secs(60), "{took:?}");
    }
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
        "convertto-securestring -force ",
        "net use ",
        "net use ‘",
        "&lt;password ",
        "&lt;a b=&quot;c",
        "\\u003cpassword\\u003e",
        "name=password ",
        "value=a name=",
        "password=<",
        "password%3D",
        "pw \u{1b}[1m",
        "community string ",
        "jdbc:oracle:thin:a/",
        "a:b@",
        "<a b=\"\n",
        "<!ENTITY a \"",
        "password is ",
        "password to ",
        "password\t",
        "pass\u{200b}word=",
        "\"a:b @",
        "a:b c@d ",
        ":@",
        ":/@x",
        "password\\u003dx\\u0026",
        "password\\u003d",
        "password=\\\n",
        "password: |\n ",
        "$password = @'\n",
        "bcp sqlcmd openssl ",
        "ldapsearch -w“a ",
        "htpasswd -c x ",
        "redis-cli -a ‘",
        "sqlplus\n",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        let took = took(|| {
            Redactor::default().text(&text);
        });
        // Ten thousand times a hundred thousand steps take minutes; a busy machine does not.
        assert!(took < Duration::from_secs(60), "{piece}: {took:?}");
    }
}
