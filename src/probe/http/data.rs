//! A body as data: JSON or XML. What is neither, or broken, has no data; that it was answered stands all the same.

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};

use crate::finding::{Facts, Reason, Unknown, Value};

/// The deepest nesting that is read.
const DEPTH: usize = 64;
/// How many values a body may hold: each takes many times as much memory as it has bytes.
const VALUES: usize = 20_000;

/// A body as data, as far as it is any.
#[derive(Debug, Default)]
pub(super) struct Data {
    pub json: Option<Value>,
    pub xml: Option<Value>,
}

/// # Errors
/// More values than are taken, whether or not they make sense.
pub(super) fn of(kind: &str, body: &str) -> Result<Data, Unknown> {
    let too_many = |of: &str| {
        let why = format!("the reply's {of} has more than {VALUES} values");
        Unknown::new(Reason::NotWhole, why)
    };
    if is_json(kind, body) && at_most(body) > VALUES {
        return Err(too_many("JSON"));
    }
    let mut values = 0;
    let xml = xml(kind, body, &mut values);
    if values > VALUES {
        return Err(too_many("XML"));
    }
    Ok(Data {
        json: json(kind, body),
        xml,
    })
}

/// How many values a text of JSON can hold: each stands at its start, behind a bracket, or behind a comma. Broken JSON may
/// hold fewer.
fn at_most(body: &str) -> usize {
    let (mut values, mut quoted, mut escaped, mut opened) = (1, false, false, false);
    for byte in body.bytes() {
        // A bracket that is closed at once has nothing in it.
        if opened && !byte.is_ascii_whitespace() {
            opened = false;
            values += usize::from(!b"]}".contains(&byte));
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => opened = true,
            b',' if !quoted => values += 1,
            _ => {}
        }
    }
    values
}

fn is_json(kind: &str, body: &str) -> bool {
    let start = body.trim_start_matches('\u{feff}').trim_start();
    kind.contains("json") || start.starts_with(['{', '['])
}

fn is_xml(kind: &str, body: &str) -> bool {
    let start = body.trim_start_matches('\u{feff}').trim_start();
    start.starts_with('<') && !kind.contains("html")
}

/// The body where it is JSON, by its type or by how it begins.
fn json(kind: &str, body: &str) -> Option<Value> {
    if !is_json(kind, body) {
        return None;
    }
    let body = body.trim_start_matches('\u{feff}').trim();
    serde_json::from_str(body).ok()
}

/// The body where it is XML. Elements lie under their names without prefix, several of one name are a list; attributes
/// have an `@` before their name; an element of text alone is that text, text beside others lies under `#text`. Counts
/// elements and attributes, and stops where there are too many.
fn xml(kind: &str, body: &str, values: &mut usize) -> Option<Value> {
    if !is_xml(kind, body) {
        return None;
    }
    let body = body.trim_start_matches('\u{feff}').trim_start();
    let mut reader = Reader::from_str(body);
    let mut open: Vec<(String, Facts)> = vec![(String::new(), Facts::new())];
    loop {
        if *values > VALUES {
            return None;
        }
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if open.len() > DEPTH {
                    return None;
                }
                let (name, facts) = element(&start)?;
                *values += 1 + facts.len();
                open.push((name, facts));
            }
            Event::Empty(start) => {
                let (name, facts) = element(&start)?;
                *values += 1 + facts.len();
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

    fn xml_of(kind: &str, body: &str) -> Option<Value> {
        xml(kind, body, &mut 0)
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
    fn values_are_bounded() {
        #[track_caller]
        fn check(body: &str, expected: Option<&str>) {
            let came = of("", body).err().map(|unknown| unknown.detail);
            assert_eq!(came.as_deref(), expected, "{:.40}", body);
        }
        let json = "the reply's JSON has more than 20000 values";
        let xml = "the reply's XML has more than 20000 values";
        // With the list itself.
        check(&format!("[{}0]", "0,".repeat(19_998)), None);
        check(&format!("[{}0]", "0,".repeat(19_999)), Some(json));
        check(&format!("[{}0]", "{\"\":0},".repeat(10_000)), Some(json));
        check(&format!("[{}0]", "[ ],".repeat(19_998)), None);
        check(&"[".repeat(1 << 20), Some(json));
        // What stands in a text is no value of its own.
        check(&format!("[\"{}\"]", ",\\\"[".repeat(100_000)), None);
        check(&format!("<a>{}</a>", "<b/>".repeat(19_999)), None);
        check(&format!("<a>{}</a>", "<b/>".repeat(20_000)), Some(xml));
        check(&format!("<a>{}</a>", "<b/>".repeat(100_000)), Some(xml));
        let attributes: String = (0..20_000).map(|at| format!(" b{at}=''")).collect();
        check(&format!("<a{attributes}/>"), Some(xml));
        // A long text that is neither.
        check(&"a,[<=".repeat(100_000), None);
    }

    #[test]
    fn xml_bodies() {
        let soap = r#"<?xml version="1.0"?>
            <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/">
              <SOAP-ENV:Header/>
              <SOAP-ENV:Body><executeResponse><mid_buildstamp>a&amp;b &#33;</mid_buildstamp><n>1</n><n>2</n></executeResponse></SOAP-ENV:Body>
            </SOAP-ENV:Envelope>"#;
        check(
            xml_of("text/xml", soap),
            Some(
                r#"{"Envelope": {"Header": "", "Body": {"executeResponse": {"mid_buildstamp": "a&b !", "n": ["1", "2"]}}}}"#,
            ),
        );
        check(
            xml_of("", r#"<a x="1 &lt; 2">t<b/></a>"#),
            Some(r##"{"a": {"@x": "1 < 2", "b": "", "#text": "t"}}"##),
        );
        check(xml_of("text/xml", "<a><b></a>"), None);
        check(xml_of("text/xml", "<a>"), None);
        check(xml_of("text/xml", "<a>&made_up;</a>"), None);
        check(xml_of("text/html", "<a/>"), None);
        check(xml_of("text/xml", "not XML"), None);
        check(xml_of("text/xml", &"<a>".repeat(100_000)), None);
    }
}
