//! Forms that are seldom seen, by example, and what is near to them and no secret.

use super::{check, stays};
use crate::redact::{Redactor, tokens};

/// What a person typed without knowing what XML forbids: the sign that breaks the file stays, and nothing else.
#[test]
fn what_breaks_a_file_stays_and_nothing_else() {
    for (value, shown) in [
        ("hush&tail7", "‹secret-1›&"),
        ("hush<tail7", "‹secret-1›<"),
        ("hush< tail7", "‹secret-1›<"),
        ("hush\"tail7", "‹secret-1›\""),
        ("hush\" tail7", "‹secret-1›\""),
        ("hush&amp;tail7", "‹secret-1›"),
        ("hu'sh>tail7", "‹secret-1›"),
        ("hush&&t<a\"il7", "‹secret-1›&"),
    ] {
        check(
            &format!("<p name=\"a.password\" value=\"{value}\"/>\n"),
            &format!("<p name=\"a.password\" value=\"{shown}\"/>\n"),
        );
        check(
            &format!("<p value=\"{value}\" name=\"a.password\"/>\n"),
            &format!("<p value=\"{shown}\" name=\"a.password\"/>\n"),
        );
    }
    check(
        "<p value=\"hush\"tail7 name=\"a.password\"/>",
        "<p value=\"‹secret-1›\"\"/>",
    );
    check(
        "<p name=\"a.password\" value=\"hush\"tail7/>",
        "<p name=\"a.password\" value=\"‹secret-1›\"\"/>",
    );
    check(
        "<p name=\"a.password\"value=\"hush\"/>",
        "<p name=\"a.password\"value=\"‹secret-1›\"/>",
    );
    check(
        "<p value=\"hush\"name=\"a.password\"/>",
        "<p value=\"‹secret-1›\"name=\"a.password\"/>",
    );
}

/// A comment that ends within a value, or what is taken for one, ends where it did: else it would hide what follows.
#[test]
fn a_comment_ends_where_it_did() {
    for (value, shown) in [
        ("hush7 -->", "‹secret-1›-->"),
        ("hush7 --> tail", "‹secret-1›-->"),
        ("hush\n--> tail", "‹secret-1›\n-->"),
        ("hush&7 --> tail", "‹secret-1›-->"),
        ("hush7 --> ta&il", "‹secret-1›-->&"),
        ("hu<sh7 --> tail", "‹secret-1›-->"),
        ("hu--sh7", "‹secret-1›--"),
        ("hush7---> tail", "‹secret-1›---->"),
        ("hu\0sh7", "‹secret-1›\0"),
        ("hu\0s--h7 --> tail", "‹secret-1›\0---->"),
    ] {
        check(
            &format!("<!-- a --><!-- <p name=\"a.password\" value=\"{value}\"/>\n<b/>"),
            &format!("<!-- a --><!-- <p name=\"a.password\" value=\"{shown}\"/>\n<b/>"),
        );
    }
    // Elsewhere these are signs like others.
    check(
        "<!-- a --> <p name=\"a.password\" value=\"hu--sh7 --> tail\"/>",
        "<!-- a --> <p name=\"a.password\" value=\"‹secret-1›\"/>",
    );
    // Without the quote.
    check(
        "<!-- <p name=\"a.password\" value=\"encrypted:hush in. -->\n<b c=\"d\"/>",
        "<!-- <p name=\"a.password\" value=\"encrypted:‹secret-1› -->\n<b c=\"d\"/>",
    );
    for name in ["password=", "password: ", "--password ", "<password>"] {
        check(
            &format!("<!-- {name}hush7 -->\n<b/>"),
            &format!("<!-- {name}‹secret-1› -->\n<b/>"),
        );
    }
    for (text, shown) in [
        (
            "<!-- <password>hush7 --> b</password>",
            "<!-- <password>‹secret-1›--></password>",
        ),
        (
            "<!-- <password><![CDATA[hush7 --> b]]></password>",
            "<!-- <password><![CDATA[‹secret-1›-->]]></password>",
        ),
        (
            "<!-- password=\"hush7 --> tail\"\n<c/>",
            "<!-- password=\"‹secret-1›-->\"\n<c/>",
        ),
        (
            "<!-- password=\"hush7 --> <b\" c=\"d\"/>",
            "<!-- password=\"‹secret-1›--><\" c=\"d\"/>",
        ),
        (
            "<!-- <!ENTITY a \"/> -->\n<b c=\"d<\"/>",
            "<!-- <!ENTITY a \"‹secret-1›\n--><\"d<\"/>",
        ),
        (
            "<!-- password=hush7 --> b <c/>",
            "<!-- password=‹secret-1›--> <c/>",
        ),
    ] {
        check(text, shown);
    }
}

/// Libraries that write JSON fit for HTML write signs as numbers.
#[test]
fn signs_as_numbers() {
    check(
        r#"{"q":"user\u003dx\u0026password\u003dhush7\u0026a\u003d1"}"#,
        r#"{"q":"user\u003dx\u0026password\u003d‹secret-1›\u0026a\u003d1"}"#,
    );
    check(
        r#"{"q":"token\u003Dhush7"}"#,
        r#"{"q":"token\u003D‹secret-1›"}"#,
    );
}

/// What programs are told on their command lines, in further ways.
#[test]
fn further_arguments() {
    check(
        "/opt/mid/agent/bin/ upgrade mysql -u a -phunter2",
        "/opt/mid/agent/bin/ upgrade mysql -u a -p‹secret-1›",
    );
    check("plink -pw hunter2 h", "plink -pw ‹secret-1› h");
    check("net use x hunter2 /user:a", "net use x ‹secret-1› /user:a");
    check(
        r"net use \\srv\share hunter2 /user:mid",
        r"net use \\srv\share ‹secret-1› /user:mid",
    );
    check(
        r"net use Z: \\srv\x /user:mid hunter2",
        r"net use Z: \\srv\x /user:mid ‹secret-1›",
    );
    check(
        "net user me \"hun ter2\" /add",
        "net user me \"‹secret-1›\" /add",
    );
    check(
        "ConvertTo-SecureString hunter2 -AsPlainText",
        "ConvertTo-SecureString ‹secret-1› -AsPlainText",
    );
    check(
        "ConvertTo-SecureString -String hunter2 -AsPlainText -Force",
        "ConvertTo-SecureString -String ‹secret-1› -AsPlainText -Force",
    );
    check(
        "ConvertTo-SecureString -AsPlainText -Force hunter2",
        "ConvertTo-SecureString -AsPlainText -Force ‹secret-1›",
    );
    check(
        "jdbc:oracle:thin:mid/hunter2@db:1521/x",
        "jdbc:oracle:thin:mid/‹secret-1›@db:1521/x",
    );
    stays("ConvertTo-SecureString : The term is not recognized");
    stays("ConvertTo-SecureString $text -AsPlainText -Force");
    stays("net use of memory: 3 MB");
    stays(r"net use Z: \\srv\x /user:mid *");
    stays("jdbc:oracle:thin:@//db:1521/x");
    stays("mkdir -p a mysqlx -pfoo");
}

/// Names in further forms, as they stand in logs.
#[test]
fn further_names_in_logs() {
    for (text, expected) in [
        ("12:00 pw=@ x", "12:00 pw=‹1› x"),
        ("12:00 pw: @", "12:00 pw: ‹1›"),
        (
            "12:00 PASSWORD\u{a0}=\u{a0}@",
            "12:00 PASSWORD\u{a0}=\u{a0}‹1›",
        ),
        (
            "12:00 the password \"@\" was refused",
            "12:00 the password \"‹1›\" was refused",
        ),
        (
            "12:00 Password '@' for user mid",
            "12:00 Password '‹1›' for user mid",
        ),
        (
            "12:00 curl -umid:@ https://x",
            "12:00 curl -umid:‹1› https://x",
        ),
        ("$pw = \"@\"", "$pw = \"‹1›\""),
        ("12:00 newpass=@", "12:00 newpass=‹1›"),
        ("12:00 userpass=@", "12:00 userpass=‹1›"),
        ("12:00 pass1=@", "12:00 pass1=‹1›"),
        (
            "12:00 name=password, value=@",
            "12:00 name=password, value=‹1›",
        ),
        (
            "12:00 key=a.password value: '@'",
            "12:00 key=a.password value: '‹1›'",
        ),
        (
            "12:00 value=@, name=a.password",
            "12:00 value=‹1›, name=a.password",
        ),
        ("12:00 password=<@>", "12:00 password=<‹1›>"),
        ("12:00 password=a\"@ x", "12:00 password=‹1› x"),
        ("12:00 community=@", "12:00 community=‹1›"),
        ("12:00 snmp.community: @", "12:00 snmp.community: ‹1›"),
        ("12:00 community string: @", "12:00 community string: ‹1›"),
        ("12:00 glide_user_session=@", "12:00 glide_user_session=‹1›"),
        ("12:00 password%3D@%26x%3D1", "12:00 password%3D‹1›%26x%3D1"),
        ("12:00 password%3d@&x", "12:00 password%3d‹1›&x"),
        (
            "\u{1b}[1mpassword\u{1b}[0m: @",
            "\u{1b}[1mpassword\u{1b}[0m: ‹1›",
        ),
        ("\u{1b}[0;1mpw\u{1b}[0m=@", "\u{1b}[0;1mpw\u{1b}[0m=‹1›"),
        (
            "password=\u{1b}[31m@\u{1b}[0m x",
            "password=\u{1b}[31m‹1›\u{1b}[0m x",
        ),
        (
            "&lt;password&gt;@&lt;/password&gt;",
            "&lt;password&gt;‹1›&lt;/password&gt;",
        ),
        (
            "&lt;parameter name=\"mid.instance.password\" value=\"@\"/&gt;",
            "&lt;parameter name=\"mid.instance.password\" value=\"‹1›\"/&gt;",
        ),
        (
            "&lt;parameter name=&quot;a.password&quot; value=&quot;@&quot;/&gt;",
            "&lt;parameter name=&quot;a.password&quot; value=&quot;‹1›&quot;/&gt;",
        ),
        (
            r#""\u003cpassword\u003e@\u003c/password\u003e""#,
            r#""\u003cpassword\u003e‹1›\u003c/password\u003e""#,
        ),
        (
            "<parameter name=\"own.thing\" secure=\"true\" value=\"@\"/>",
            "<parameter name=\"own.thing\" secure=\"true\" value=\"‹1›\"/>",
        ),
        (
            "<parameter value=\"@\" encrypt=\"true\" name=\"own.thing\"/>",
            "<parameter value=\"‹1›\" encrypt=\"true\" name=\"own.thing\"/>",
        ),
        (
            "<parameter name=\"mid.snmp.community\" value=\"@\"/>",
            "<parameter name=\"mid.snmp.community\" value=\"‹1›\"/>",
        ),
    ] {
        check(
            &text.replace('@', "hunter2"),
            &expected.replace("‹1›", "‹secret-1›"),
        );
    }
}

/// Near to the forms above, and no secrets.
#[test]
fn ordinary_lines_stay() {
    for text in [
        "12:00 all tests passed: 12",
        "12:00 The password must be changed at the next login",
        "12:00 Password expired for user mid",
        "12:00 parameter \"password\" 'is required'",
        "12:00 the token \"expired\"",
        "12:00 curl -fsS https://x:8080/",
        "12:00 bypass=true compass: north",
        "12:00 spawning pwsh: done, pwc=3",
        "12:00 See the community: https://community.example.com/x",
        "12:00 Our community string theory",
        "12:00 userSessions=12 active",
        "12:00 name=url, value=https://a.example/",
        "12:00 value=12, name=threads.max",
        "12:00 password=<none>",
        "12:00 password=<password>",
        "12:00 if a < b && b > c",
        "12:00 secure=\"true\" was read",
        "<parameter name=\"own.thing\" secure=\"false\" value=\"abc1234\"/>",
        "<parameter name=\"threads.max\" value=\"30\"/>",
        "&lt;parameter name=\"threads.max\" value=\"30\"/&gt;",
        "\u{1b}[31mERROR\u{1b}[0m: the passing of time",
        "12:00 path%3D/opt%26x",
    ] {
        stays(text);
    }
}

/// What one knows, another learns: each secret in every way in which it is looked for.
#[test]
fn what_one_learnt_another_masks() {
    let mut one = Redactor::default();
    one.learn("a&lt;b-typed");
    one.text("<password>Harbour-77-read</password> password=x");
    let mut other = Redactor::default();
    other.text("<password>Own-secret-1</password>");
    other.learn_from(&one);
    let masked = other.text("x a&lt;b-typed y a<b-typed z Harbour-77-read, Own-secret-1");
    for secret in ["typed", "Harbour", "Own-secret"] {
        assert!(!masked.contains(secret), "{masked}");
    }
    // The same secret, the same token; another one, another.
    let tokens = tokens(&masked);
    let tokens: Vec<&str> = tokens.collect();
    assert_eq!(tokens.len(), 4, "{masked}");
    assert_eq!(tokens[0], tokens[1]);
    assert!(tokens[0] != tokens[2] && tokens[2] != tokens[3] && tokens[0] != tokens[3]);
    // To learn it all once more changes nothing.
    other.learn_from(&one);
    assert_eq!(other.text("Harbour-77-read"), tokens[2]);
}
