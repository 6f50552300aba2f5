//! What follows no format: addresses that are none, values over several lines, sentences.

use super::{check, stays};

#[test]
fn addresses_that_are_none() {
    check("pu:hunter2@proxy", "pu:‹secret-1›@proxy");
    check(
        "mid.proxy.host=pu:hunter2@proxy:3128",
        "mid.proxy.host=pu:‹secret-1›@proxy:3128",
    );
    check(
        "curl -x pu:hunter2@proxy:80 https://a/",
        "curl -x pu:‹secret-1›@proxy:80 https://a/",
    );
    check(
        "<parameter name=\"url\" value=\"u1:hun@ter2@x.example.com\"/>",
        "<parameter name=\"url\" value=\"u1:‹secret-1›@x.example.com\"/>",
    );
    check(
        "<parameter name=\"url\" value=\"https://u1:hun ter2@x.example.com/\"/>",
        "<parameter name=\"url\" value=\"https://u1:‹secret-1›@x.example.com/\"/>",
    );
    check(
        "https://u1:hun ter2@x.example.com/",
        "https://u1:‹secret-1›@x.example.com/",
    );
    check(
        "curl -x 'pu:hun ter2@proxy:80' https://a/",
        "curl -x 'pu:‹secret-1›@proxy:80' https://a/",
    );
    check(
        "see https://u1:hun/ter2@x.example.com/y@z",
        "see https://u1:‹secret-1›@x.example.com/y@z",
    );
    for slashes in ["/", "\\\\", "\\", "///"] {
        check(
            &format!("url = https:{slashes}u1:hunter2@x.example.com/"),
            &format!("url = https:{slashes}u1:‹secret-1›@x.example.com/"),
        );
    }
    check(r"DOM\u1:hunter2@proxy", r"DOM\u1:‹secret-1›@proxy");
    check("user:hunter2@proxy", "user:‹secret-1›@proxy");
    for text in [
        "https://example.com:8443/a@b",
        "https://example.com:8443 or me@example.com",
        "mailto:joe@example.com",
        "User:joe.doe@example.com",
        "\"Owner: Joe Doe, joe@example.com\"",
        "12:00:05 joe@example.com",
        "2026-11-20T12:00:05 me@host",
        "lock:java.lang.Object@6d06d69c",
        "image:latest@sha256:abcdef",
        "scp me@host:/some/x@y .",
        "pkg:name@1.2.3",
        "user@host",
        "https://[::1]:443/a@b",
    ] {
        stays(text);
    }
}

/// A value may have line breaks in it, and a file may declare what stands elsewhere.
#[test]
fn xml_over_several_lines() {
    check(
        "<parameter name=\"a.password\" value=\"l1\nhunter2\nl3\"/>",
        "<parameter name=\"a.password\" value=\"‹secret-1›\n\n\"/>",
    );
    check(
        "<parameter name='a.password'\n\n value='&\nhunter2\n'/>\nx",
        "<parameter name='a.password'\n\n value='‹secret-1›\n&\n'/>\nx",
    );
    check(
        "<parameter value=\"l1\nhunter2\"\n name=\"a.password\"/>",
        "<parameter value=\"‹secret-1›\n\"\n name=\"a.password\"/>",
    );
    // The quote is missing, and the next line has an attribute of its own.
    check(
        "<parameter name=\"a.password\" value=\"hunter2\n secure=\"true\"/>",
        "<parameter name=\"a.password\" value=\"‹secret-1›\n secure=\"true\"/>",
    );
    check(
        "<!DOCTYPE p [<!ENTITY s \"hunter2\"><!ENTITY x SYSTEM \"file:///etc/hosts\"><!ENTITY n '&#160;'>]>",
        "<!DOCTYPE p [<!ENTITY s \"‹secret-1›\"><!ENTITY x SYSTEM \"file:///etc/hosts\"><!ENTITY n '&#160;'>]>",
    );
}

#[test]
fn sentences() {
    check(
        "It asks for the password. `200` or `403`: accepted.",
        "It asks for the password. `200` or `403`: accepted.",
    );
    check("the password `hush7` is", "the password `‹secret-1›` is");
    check("passwd hush7xy", "passwd ‹secret-1›");
    check(
        "das Passwort lautet hush7xy",
        "das Passwort lautet ‹secret-1›",
    );
    check(
        "12:00 Setting mid.instance.password to hunter",
        "12:00 Setting mid.instance.password to ‹secret-1›",
    );
    check(
        "12:00 Changed password from hunter2 to Hunter3.",
        "12:00 Changed password from ‹secret-1› to ‹secret-2›.",
    );
    check(
        "12:00 Changed password from hunter to hunted",
        "12:00 Changed password from ‹secret-1› to ‹secret-2›",
    );
    check("the password is hunter2", "the password is ‹secret-1›");
    check(
        "password was set to \"hunter\"",
        "password was set to \"‹secret-1›\"",
    );
    check("password to hunter2", "password to ‹secret-1›");
    check(
        "Password\thunter\nUser\tme",
        "Password\t‹secret-1›\nUser\tme",
    );
    check("me\tpassword\thunter2\tx", "me\tpassword\t‹secret-1›\tx");
    check("Cookie: Zx9Secr3tQq", "Cookie: ‹secret-1›");
    check(
        "Cookie: Zx9Secr3tQq; a=b1",
        "Cookie: ‹secret-1›; a=‹secret-2›",
    );
    check("12:00 credentials=hunter2", "12:00 credentials=‹secret-1›");
    check(
        "12:00 Credentials: hunter2",
        "12:00 Credentials: ‹secret-1›",
    );
    check(
        "12:00 pass\u{200b}word=hunter2",
        "12:00 pass\u{200b}word=‹secret-1›",
    );
    check(
        "p\u{ad}ass\u{200b}word = \u{feff}hun\u{200b}ter2\u{200d}\nx",
        "p\u{ad}ass\u{200b}word = ‹secret-1›\nx",
    );
    check("mid.instance.pswd=hunter2", "mid.instance.pswd=‹secret-1›");
    for text in [
        "the password is incorrect",
        "password is 8 characters long",
        "password is hashed with sha256",
        "password is set",
        "the password was changed to meet the policy",
        "reset the password to continue",
        "sent the password to db1.example.com:1521",
        "read the password from config2.xml",
        "token to server",
        "User\tPassword\tHost",
        "Invalid credentials: user mid",
        "Cookie: a cookie was refused",
        "\u{feff}a=b\u{200b}",
    ] {
        stays(text);
    }
}
