//! Configurations that are too large, too deep, or made to be.

use std::fmt::Write;

use super::Bad;

fn check(text: &str, expected: &str) {
    let bad = Bad::new();
    bad.write("config.xml", text);
    bad.check("config", "none", expected);
}

fn parameter(name: &str, value: &str) -> String {
    format!("<parameter name=\"{name}\" value=\"{value}\"/>")
}

#[test]
fn one_of_a_gib_is_not_read() {
    let bad = Bad::new();
    bad.sparse("config.xml", 1 << 30);
    bad.check(
        "config",
        "none",
        "outcome: unknown: DIR/config.xml: larger than 16 MiB, the bound of a configuration file",
    );
}

#[test]
fn no_entity_is_followed() {
    let mut laughs = String::from("<!DOCTYPE p [\n<!ENTITY a0 \"ha\">\n");
    for level in 1..=30 {
        let of = format!("&a{};", level - 1).repeat(10);
        writeln!(laughs, "<!ENTITY a{level} \"{of}\">").expect("a string takes it");
    }
    laughs += &format!("]>\n<p>{}</p>", parameter("url", "&a30;"));
    check(
        &laughs,
        "outcome: unknown: DIR/config.xml:34:33: an entity that the file declares, which is not followed",
    );
    check(
        &format!(
            "<!DOCTYPE p [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>\n<p>{}</p>",
            parameter("url", "&e;")
        ),
        "outcome: unknown: DIR/config.xml:2:33: an entity that the file declares, which is not followed",
    );
    // A document type alone loads nothing and hides nothing.
    check(
        &format!(
            "<!DOCTYPE p SYSTEM \"http://127.0.0.1:9/p.dtd\">\n<p>{}</p>",
            parameter("url", "x")
        ),
        "outcome: read",
    );
    check(
        &format!("<!DOCTYPE p>{}<p/>", "<!DOCTYPE p>".repeat(500_000)),
        "outcome: malformed",
    );
}

#[test]
fn what_is_too_much_of_something_is_unknown() {
    check(
        &format!("<p>{}{}</p>", "<a>".repeat(100_000), "</a>".repeat(100_000)),
        "outcome: unknown: DIR/config.xml:1:3001: nested deeper than 1000 levels",
    );
    let mut attributes = String::from("<p>\n<parameter");
    for number in 0..1_000_000 {
        write!(attributes, " a{number}=\"\"").expect("a string takes it");
    }
    check(
        &(attributes + "/></p>"),
        "outcome: unknown: DIR/config.xml:2:1: more than 256 attributes in one tag",
    );
    check(
        &format!("<p>\n<!--{}--></p>", "<parameter x=\"".repeat(500_000)),
        "outcome: unknown: DIR/config.xml:2:5: more than 200 broken tags in comments",
    );
    check(
        &format!("<p>{}</p>", parameter("url", "x").repeat(100_000)),
        "outcome: unknown: DIR/config.xml: more than 20000 entries",
    );
}
