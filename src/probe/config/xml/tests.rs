//! Files by example, whole and broken.

use super::*;

fn shape() -> Shape {
    Shape {
        entry: "parameter".into(),
        key: "name".into(),
        value: Some("value".into()),
    }
}

#[test]
fn entries() {
    let check = |text: &str, entries: &[(&str, &str)], commented: &[&str]| {
        let parsed = parse(text, &shape());
        assert_eq!(parsed.malformed, None, "{text}");
        let found: Vec<_> = parsed
            .entries
            .iter()
            .map(|e| (e.name.as_str(), e.value.as_str()))
            .collect();
        assert_eq!(found, entries, "{text}");
        assert_eq!(parsed.commented, commented, "{text}");
    };
    check("<parameters/>", &[], &[]);
    check(
        "<?xml version=\"1.0\"?>\r\n<parameters>\r\n  <parameter name=\"url\" value=\"https://x.example/\"/>\r\n\
         <parameter value='a &amp; b' encrypt=\"true\" name='user'></parameter>\n</parameters>\n",
        &[("url", "https://x.example/"), ("user", "a & b")],
        &[],
    );
    check(
        "<a><b><parameter name=\"deep\" value=\"1\"/></b><!-- <parameter name=\"off\" value=\"0\"/>\n text\n\
         <parameter name=\"off2\" value=\"x & y\"/> <parameter broken --></a>",
        &[("deep", "1")],
        &["off", "off2"],
    );
    check(
        "<a><parameter name=\"novalue\"/><parameter value=\"noname\"/><other name=\"x\" value=\"y\"/></a>",
        &[],
        &[],
    );
    check(
        "<a><![CDATA[<parameter name=\"x\" value=\"y\"/>]]></a>",
        &[],
        &[],
    );
    check("<!DOCTYPE a SYSTEM \"x.dtd\"><a>&known;</a>", &[], &[]);
}

#[test]
fn the_value_may_be_the_text() {
    let shape = Shape {
        entry: "entry".into(),
        key: "key".into(),
        value: None,
    };
    let parsed = parse(
        "<properties><entry key=\"a\">x &amp; <![CDATA[<y>]]></entry><entry key=\"b\"/></properties>",
        &shape,
    );
    let found: Vec<_> = parsed
        .entries
        .iter()
        .map(|e| (e.name.as_str(), e.value.as_str()))
        .collect();
    assert_eq!(
        (found, parsed.malformed),
        (vec![("a", "x & <y>"), ("b", "")], None)
    );
}

#[test]
fn broken_files() {
    let check = |text: &str, marked: &str, why: &str| {
        let malformed = parse(text, &shape()).malformed;
        let found = malformed
            .as_ref()
            .map(|malformed| (&text[malformed.at.clone()], malformed.why.as_str()));
        assert_eq!(found, Some((marked, why)), "{text}");
    };
    check("", "", "the file is empty");
    check(" \r\n", "", "the file is empty");
    check("<!-- only -->", "", "the file holds no element");
    check("plain text", "plain text", "text before the top element");
    check("<a/>\nrest\n", "rest", "text after the top element");
    check(
        "<a/>\n<b/>\n",
        "<b/>",
        "a second top element: the first one is closed already",
    );
    check(
        "<a>\n<p>\n",
        "<p>",
        "an element of line 2 is not closed before the end of the file on line 2: it may be cut off",
    );
    check(
        "<a>\n<p n=\"1\">\n<q/>\n</a>",
        "<p n=\"1\">",
        "an element is not closed: `</a>` on line 4 comes first, `/>` or an end tag is missing",
    );
    check(
        "<a>\n</b>\n</a>",
        "</b>",
        "an end tag closes nothing: `<a>` of line 1 is open here",
    );
    check("<a/></a>", "</a>", "`</a>` closes nothing");
    check(
        "<a>x & y</a>",
        "&",
        "an `&` that begins no entity: write `&amp;`",
    );
    check(
        "<a>x &nbsp; y</a>",
        "&nbsp;",
        "an entity that XML does not know: where `&` is meant, write `&amp;`",
    );
    check(
        "<a><!-- a -- b --></a>",
        "--",
        "`--` may not stand inside a comment",
    );
    check(
        "<a>\u{1}</a>",
        "\u{1}",
        "the control character U+0001 may not stand in XML",
    );
    check(
        "\n<?xml version=\"1.0\"?><a/>",
        "<?xml version=\"1.0\"?>",
        "the XML declaration must stand at the very beginning of the file",
    );
    check(
        "<a>a < b</a>",
        "<",
        "a `<` that begins no tag: write `&lt;`",
    );
}

#[test]
fn entities_are_never_expanded() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"&c;&c;\"><!ENTITY c \"xxxxxxxx\">]>\n\
                <a><parameter name=\"n\" value=\"&b;\"/></a>";
    let parsed = parse(bomb, &shape());
    assert_eq!(parsed.malformed, None);
    assert_eq!(parsed.entries[0].value, "&b;");
}
