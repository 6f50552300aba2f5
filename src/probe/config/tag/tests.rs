//! Tags by example, whole and broken.

use super::*;

/// Name, attributes, whether it is empty.
type Read<'a> = (&'a str, &'a [(&'a str, &'a str)], bool);

#[test]
fn tags() {
    let check = |text: &str, expected: Result<Read<'_>, (&str, &str)>| {
        let shape = Shape {
            entry: "p".into(),
            key: "a".into(),
            value: Some("b".into()),
        };
        let known = Known {
            shape: &shape,
            root: "",
            entities: false,
        };
        let found = scan(text, 0, known);
        let found = found.as_ref().map(|tag| {
            let attributes: Vec<_> = tag
                .attributes
                .iter()
                .map(|a| (&text[a.name.clone()], &text[a.value.clone()]))
                .collect();
            (&text[tag.name.clone()], attributes, tag.empty)
        });
        let found =
            found.map_err(|malformed| (&text[malformed.at.clone()], malformed.why.as_str()));
        assert_eq!(
            found,
            expected.map(|(name, attributes, empty)| (name, attributes.to_vec(), empty)),
            "{text}"
        );
    };
    check("<a>", Ok(("a", &[], false)));
    check(
        "<p name=\"x\"\r\n value = 'a\"b>' />",
        Ok(("p", &[("name", "x"), ("value", "a\"b>")], true)),
    );
    check("<p a=\"“quoted”\"/>", Ok(("p", &[("a", "“quoted”")], true)));
    check("< a>", Err(("<", "a `<` that begins no tag: write `&lt;`")));
    check(
        "<p a=\"1\"",
        Err((
            "<p a=\"1\"",
            "the tag `<p` is not closed before the end of the file: it may be cut off",
        )),
    );
    check(
        "<p a=\"1\"\n<q/>",
        Err((
            "<p a=\"1\"",
            "the tag `<p` is not closed: `>` or `/>` is missing",
        )),
    );
    check(
        "<p a=\"1\n<q b=\"2\"/>",
        Err(("\"1", "the value of `a` is not closed: `\"` is missing")),
    );
    check(
        "<p a=\"x<y\"/>",
        Err((
            "<",
            "a `<` inside the value of `a`: write `&lt;`, or close the value with `\"`",
        )),
    );
    check(
        "<p a=\"1",
        Err((
            "\"1",
            "the value of `a` is not closed before the end of the file: it may be cut off",
        )),
    );
    check(
        "<p a=1 b=\"2\"/>",
        Err(("1", "the value of `a` does not stand in quotes")),
    );
    check(
        "<p a b=\"2\"/>",
        Err(("a", "the attribute `a` has no value")),
    );
    check(
        "<p a=\"1\" a=\"2\"/>",
        Err(("a", "the attribute `a` stands twice in one tag")),
    );
    check(
        "<p a=\"1\"b=\"2\"/>",
        Err((
            "b",
            "a blank is missing before the attribute `b`, or a quote stands in the wrong place",
        )),
    );
    check(
        "<p a=\"1\"/\n<q/>",
        Err(("/", "the tag `<p` ends in `/` without `>`")),
    );
    check("<p \"x\"/>", Err(("\"", "`\"` may not stand inside a tag")));
    // What is no name that belongs here may be a password.
    check(
        "<p 7x/>",
        Err(("7", "this sign may not stand inside a tag")),
    );
    check("<p hush/>", Err(("hush", "an attribute has no value")));
    check(
        "<p a=\"1\"hush\"/>",
        Err((
            "hush",
            "a blank is missing before an attribute, or a quote stands in the wrong place",
        )),
    );
    check(
        "<hush\n<q/>",
        Err(("<hush", "the tag is not closed: `>` or `/>` is missing")),
    );
    check(
        "<p a=\"x&y\"/>",
        Err(("&", "an `&` that begins no entity: write `&amp;`")),
    );
    check(
        "<p a=\"x&uuml;y\"/>",
        Err((
            "&uuml;",
            "an entity that XML does not know: where `&` is meant, write `&amp;`",
        )),
    );
    check(
        "<p a=\"x&#0;\"/>",
        Err((
            "&#0;",
            "an entity that XML does not know: where `&` is meant, write `&amp;`",
        )),
    );
    check(
        "<p a=\"false”/>\n<q b=\"2\"/>",
        Err(("”", "the curly quote `”` is none for XML: write `\"`")),
    );
    check(
        "<p a=\"false”/>",
        Err(("”", "the curly quote `”` is none for XML: write `\"`")),
    );
    check(
        "<p a=“x”/>",
        Err(("“", "the curly quote `“` is none for XML: write `\"`")),
    );
    check(
        "<p a=\"x” b=\"y\"/>",
        Err(("”", "the curly quote `”` is none for XML: write `\"`")),
    );
}

#[test]
fn references() {
    let check = |text: &str, entities, expected: Result<&str, &str>| {
        let found = unescape(text, 0..text.len(), entities);
        assert_eq!(
            found
                .as_deref()
                .map_err(|malformed| &text[malformed.at.clone()]),
            expected
        );
    };
    check(
        "a&amp;b&lt;&gt;&quot;&apos;&#65;&#x42;",
        false,
        Ok("a&b<>\"'AB"),
    );
    check("a & b", false, Err("&"));
    check("a&", false, Err("&"));
    check("&lol;", false, Err("&lol;"));
    check("&lol;", true, Ok("&lol;"));
    check("&#xD800;", true, Err("&#xD800;"));
}
