//! A body as data: JSON or XML. What is neither, or broken, has no data; that it was answered stands all the same.

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};

use crate::finding::{Facts, Value};

/// The deepest nesting that is read.
const DEPTH: usize = 64;

/// The body where it is JSON, by its type or by how it begins.
pub(super) fn json(kind: &str, body: &str) -> Option<Value> {
    let body = body.trim_start_matches('\u{feff}').trim();
    if !(kind.contains("json") || body.starts_with(['{', '['])) {
        return None;
    }
    serde_json::from_str(body).ok()
}

/// The body where it is XML. Elements lie under their names without prefix, several of one name are a list; attributes
/// have an `@` before their name; an element of text alone is that text, text beside others lies under `#text`.
pub(super) fn xml(kind: &str, body: &str) -> Option<Value> {
    let body = body.trim_start_matches('\u{feff}').trim_start();
    if !body.starts_with('<') || kind.contains("html") {
        return None;
    }
    let mut reader = Reader::from_str(body);
    let mut open: Vec<(String, Facts)> = vec![(String::new(), Facts::new())];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if open.len() > DEPTH {
                    return None;
                }
                open.push(element(&start)?);
            }
            Event::Empty(start) => {
                let (name, facts) = element(&start)?;
                put(&mut open.last_mut()?.1, name, folded(facts));
            }
            Event::End(_) => {
                let (name, facts) = open.pop()?;
                put(&mut open.last_mut()?.1, name, folded(facts));
            }
            Event::Text(text) => add_text(&mut open.last_mut()?.1, &text),
            Event::CData(text) => add_text(&mut open.last_mut()?.1, &text),
            Event::GeneralRef(name) => add_text(&mut open.last_mut()?.1, &entity(&name)?),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    let (_, mut root) = open.pop()?;
    root.shift_remove(TEXT);
    // Something left open: the end of the document is missing.
    (open.is_empty() && root.len() == 1).then_some(Value::Map(root))
}

const TEXT: &str = "#text";

fn element(start: &BytesStart<'_>) -> Option<(String, Facts)> {
    let name = start.local_name().as_ref().to_owned();
    let mut facts = Facts::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let key = attribute.key.as_ref();
        if key == "xmlns" || key.starts_with("xmlns:") {
            continue;
        }
        let value = quick_xml::escape::unescape(&attribute.value).ok()?;
        facts.insert(format!("@{key}"), Value::from(value.as_ref()));
    }
    Some((name, facts))
}

fn entity(name: &BytesRef<'_>) -> Option<String> {
    if let Some(character) = name.resolve_char_ref().ok()? {
        return Some(character.to_string());
    }
    resolve_predefined_entity(name).map(str::to_owned)
}

fn add_text(facts: &mut Facts, text: &str) {
    match facts.get_mut(TEXT) {
        Some(Value::Text(before)) => before.push_str(text),
        _ => {
            facts.insert(TEXT.to_owned(), Value::from(text));
        }
    }
}

/// An element of text alone becomes that text; blanks between elements are no text.
fn folded(mut facts: Facts) -> Value {
    let text = match facts.shift_remove(TEXT) {
        Some(Value::Text(text)) => text.trim().to_owned(),
        _ => String::new(),
    };
    if facts.is_empty() {
        return Value::Text(text);
    }
    if !text.is_empty() {
        facts.insert(TEXT.to_owned(), Value::Text(text));
    }
    Value::Map(facts)
}

fn put(facts: &mut Facts, name: String, value: Value) {
    match facts.get_mut(&name) {
        Some(Value::List(list)) => list.push(value),
        Some(before) => {
            let first = std::mem::take(before);
            *before = Value::List(vec![first, value]);
        }
        None => {
            facts.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(got: Option<Value>, expected: Option<&str>) {
        let expected = expected
            .map(|json| serde_json::from_str::<Value>(json).expect("valid JSON in this test"));
        assert_eq!(got, expected);
    }

    #[test]
    fn json_bodies() {
        check(
            json("application/json;charset=utf-8", r#"{"result": []}"#),
            Some(r#"{"result": []}"#),
        );
        check(json("", "\u{feff}[1]"), Some("[1]"));
        check(json("text/html", "<html>"), None);
        check(json("application/json", "<html>"), None);
        check(json("application/json", &"[".repeat(100_000)), None);
    }

    #[test]
    fn xml_bodies() {
        let soap = r#"<?xml version="1.0"?>
            <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/">
              <SOAP-ENV:Header/>
              <SOAP-ENV:Body><executeResponse><mid_buildstamp>a&amp;b &#33;</mid_buildstamp><n>1</n><n>2</n></executeResponse></SOAP-ENV:Body>
            </SOAP-ENV:Envelope>"#;
        check(
            xml("text/xml", soap),
            Some(
                r#"{"Envelope": {"Header": "", "Body": {"executeResponse": {"mid_buildstamp": "a&b !", "n": ["1", "2"]}}}}"#,
            ),
        );
        check(
            xml("", r#"<a x="1 &lt; 2">t<b/></a>"#),
            Some(r##"{"a": {"@x": "1 < 2", "b": "", "#text": "t"}}"##),
        );
        check(xml("text/xml", "<a><b></a>"), None);
        check(xml("text/xml", "<a>"), None);
        check(xml("text/xml", "<a>&made_up;</a>"), None);
        check(xml("text/html", "<a/>"), None);
        check(xml("text/xml", "not XML"), None);
        check(xml("text/xml", &"<a>".repeat(100_000)), None);
    }
}
