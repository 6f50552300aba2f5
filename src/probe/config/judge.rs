//! Judges one file: facts out of its entries, evidence for what is wrong with it.

use std::io::Read;

use indexmap::IndexMap;

use crate::{
    finding::{Evidence, Facts, Reason, Secret, Unknown, Value},
    host::{Opened, Reply},
    probe::{
        Judged,
        config::{
            Format, MAX_BYTES, Wanted,
            encoding::{binary, not_utf8},
            entry::{Entry, Fault, Malformed, Parsed},
            ini, json,
            mask::{broken_secret, is_secret, secrets_in_sight},
            place::Lines,
            properties, xml, yaml,
        },
        decode::decode,
    },
};

/// Lines of evidence that one file gives at most.
const MAX_EVIDENCE: usize = 20;

pub fn judge(wanted: &Wanted, replies: Vec<Result<Reply, Unknown>>) -> Judged {
    let file = match replies.into_iter().next() {
        Some(Ok(Reply::Files(files))) => files.into_iter().next(),
        Some(Ok(reply)) => return Judged::wrong_reply(&reply),
        Some(Err(unknown)) => return Judged::unknown(unknown),
        None => return Judged::unknown(Unknown::new(Reason::NotAvailable, "nothing was gathered")),
    };
    let Some(file) = file else {
        let paths = wanted
            .paths
            .iter()
            .map(|path| Evidence::plain(format!("there is no `{path}`")));
        return Judged {
            evidence: paths.collect(),
            ..Judged::outcome("missing")
        };
    };
    let path = file.path.clone();
    match read(file) {
        Ok(bytes) => judge_bytes(wanted, &path, &bytes).fact("path", path.as_str()),
        Err(unknown) => Judged::unknown(unknown),
    }
}

/// The whole file, or why it is not whole. Reads one byte beyond the bound at most.
fn read(file: Opened) -> Result<Vec<u8>, Unknown> {
    let content = file.content?;
    let mut bytes = Vec::new();
    content
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Unknown::new(Reason::NotWhole, format!("{}: {error}", file.path)))?;
    if bytes.len() as u64 > MAX_BYTES {
        let bound = MAX_BYTES >> 20;
        return Err(Unknown::new(
            Reason::NotWhole,
            format!(
                "{}: larger than {bound} MiB, the bound of a configuration file",
                file.path
            ),
        ));
    }
    Ok(bytes)
}

pub(super) fn parse(format: &Format, text: &str) -> Parsed {
    match format {
        Format::Xml(shape) => xml::parse(text, shape),
        Format::Properties => properties::parse(text),
        Format::Ini => ini::parse(text),
        Format::Json => json::parse(text),
        Format::Yaml => yaml::parse(text),
    }
}

fn judge_bytes(wanted: &Wanted, path: &str, bytes: &[u8]) -> Judged {
    let decoded = decode(bytes);
    let text = decoded.text.as_str();
    let mut parsed = parse(&wanted.format, text);
    let not_whole = |why: String| Judged::unknown(Unknown::new(Reason::NotWhole, why));
    if let Some(bound) = parsed.bound() {
        return not_whole(format!("{path}: {bound}"));
    }
    let undecodable = matches!(wanted.format, Format::Xml(_))
        .then(|| not_utf8(bytes, &decoded))
        .flatten();
    parsed.malformed = parsed
        .malformed
        .into_iter()
        .chain(undecodable)
        .chain(binary(text))
        .min_by_key(|place| place.at.start);
    let lines = Lines::new(text);
    // Neither a value nor what is missing is known: entities of the file's own are not followed.
    if let Some(reference) = &parsed.unfollowed {
        let (line, column) = lines.place(reference.start);
        return not_whole(format!(
            "{path}:{line}:{column}: an entity that the file declares, which is not followed"
        ));
    }
    match parsed.malformed.take() {
        Some(bound) if bound.fault == Fault::Bound => {
            let (line, column) = lines.place(bound.at.start);
            not_whole(format!("{path}:{line}:{column}: {}", bound.why))
        }
        Some(malformed) => judge_malformed(wanted, path, text, &lines, &parsed, &malformed),
        None => judge_entries(wanted, path, text, &lines, &parsed),
    }
}

fn judge_malformed(
    wanted: &Wanted,
    path: &str,
    text: &str,
    lines: &Lines<'_>,
    parsed: &Parsed,
    malformed: &Malformed,
) -> Judged {
    let (line, column) = lines.place(malformed.at.start);
    let place = Facts::from_iter([
        ("line".to_owned(), line.into()),
        ("column".to_owned(), column.into()),
        ("kind".to_owned(), malformed.fault.name().into()),
        ("why".to_owned(), malformed.why.as_str().into()),
    ]);
    let mut hidden = secrets_in_sight(wanted, parsed, text);
    let line_bytes = lines.bounds(malformed.at.start);
    hidden.extend(broken_secret(wanted, text, line_bytes, malformed.at.start));
    hidden.sort_by_key(|range| (range.start, range.end));
    let shown = lines.evidence(path, malformed.at.clone(), &hidden);
    Judged::outcome("malformed")
        .fact("malformed", place)
        .evidence(shown)
}

fn judge_entries(
    wanted: &Wanted,
    path: &str,
    text: &str,
    lines: &Lines<'_>,
    parsed: &Parsed,
) -> Judged {
    let mut by_name: IndexMap<&str, Vec<&Entry>> = IndexMap::new();
    for entry in &parsed.entries {
        by_name.entry(&entry.name).or_default().push(entry);
    }
    let (mut values, mut places) = (Facts::new(), Facts::new());
    let (mut duplicates, mut misspelt, mut unlisted) = (Vec::new(), Vec::new(), Vec::new());
    let mut worth_seeing: Vec<&Entry> = Vec::new();
    for (name, entries) in &by_name {
        let Some(last) = entries.last() else { continue };
        let line = lines.line(last.name_at.start);
        values.insert((*name).to_owned(), value(wanted, last));
        places.insert((*name).to_owned(), line.into());
        if entries.len() > 1 {
            worth_seeing.extend(entries);
            duplicates.push(map([
                ("name", (*name).into()),
                (
                    "lines",
                    entries
                        .iter()
                        .map(|entry| lines.line(entry.name_at.start).into())
                        .collect::<Vec<Value>>()
                        .into(),
                ),
                (
                    "values",
                    entries
                        .iter()
                        .map(|entry| value(wanted, entry))
                        .collect::<Vec<_>>()
                        .into(),
                ),
            ]));
        }
        if let Some(known) = wanted.known.as_ref().filter(|known| !known.contains(name)) {
            match known.likely(name) {
                Some(likely) => {
                    worth_seeing.push(last);
                    misspelt.push(map([
                        ("name", (*name).into()),
                        ("line", line.into()),
                        ("likely", likely.into()),
                    ]));
                }
                None => unlisted.push(map([("name", (*name).into()), ("line", line.into())])),
            }
        }
    }
    for (name, entries) in &by_name {
        let main = wanted
            .known
            .as_ref()
            .and_then(|known| known.main_name(name));
        if let (Some(main), Some(last)) = (
            main.filter(|main| !by_name.contains_key(main)),
            entries.last(),
        ) {
            values.insert(main.to_owned(), value(wanted, last));
            places.insert(main.to_owned(), lines.line(last.name_at.start).into());
        }
    }
    worth_seeing.sort_by_key(|entry| entry.name_at.start);
    worth_seeing.dedup_by_key(|entry| entry.name_at.start);
    let hidden = secrets_in_sight(wanted, parsed, text);
    let evidence = worth_seeing
        .iter()
        .take(MAX_EVIDENCE)
        .map(|entry| lines.evidence(path, entry.name_at.clone(), &hidden));
    let commented: Vec<Value> = parsed
        .commented
        .iter()
        .map(|name| name.as_str().into())
        .collect();
    Judged {
        evidence: evidence.collect(),
        ..Judged::outcome("read")
    }
    .fact("values", values)
    .fact("lines", places)
    .fact("duplicates", duplicates)
    .fact("misspelt", misspelt)
    .fact("unlisted", unlisted)
    .fact("commented", commented)
    .fact("malformed", Value::Null)
}

fn value(wanted: &Wanted, entry: &Entry) -> Value {
    if entry.secret || is_secret(wanted, &entry.name) {
        Secret::new(entry.value.as_str()).into()
    } else {
        entry.value.as_str().into()
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Facts::from_iter(entries.map(|(name, value)| (name.to_owned(), value))).into()
}

#[cfg(test)]
mod tests;
