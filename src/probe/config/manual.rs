//! The command that a person runs instead: it prints the file, with the values of secret keys masked where it runs.
//!
//! The masking is done with regular expressions, without reading the format: it may hide too much, and what hides a
//! secret is tried on broken lines too. What cannot be masked so (`ini`, `json`, `yaml` with secret keys) has no command.

use crate::{
    finding::Os,
    probe::{
        config::{Format, Wanted, entry::Shape},
        shell,
    },
};

/// What stands in the place of a secret value.
const MASK: &str = "*****";

/// A replacement: a regular expression, and what takes its place (`\1`: what its first group matched).
struct Replace {
    find: String,
    with: String,
}

/// The command, or none where a path has no quoted form or secrets could not be masked.
pub fn command(wanted: &Wanted, os: Os) -> Option<String> {
    let masks = masks(wanted, os)?;
    if os == Os::Windows {
        powershell(wanted, &masks)
    } else {
        sh(wanted, os, &masks)
    }
}

fn sh(wanted: &Wanted, os: Os, masks: &[Replace]) -> Option<String> {
    let words: Option<Vec<String>> = wanted
        .paths
        .iter()
        .map(|path| shell::quote(path, os))
        .collect();
    let words = words?;
    if masks.is_empty() {
        return Some(match words.as_slice() {
            [path] => format!("cat -- {path}"),
            paths => first_of(paths, "cat -- \"$f\""),
        });
    }
    let print = format!("{AS_UTF8} | {}", sed(wanted, os, masks)?);
    Some(match words.as_slice() {
        [path] => format!("f={path}; {print}"),
        paths => first_of(paths, &print),
    })
}

/// Prints the file `$f`, and one of UTF-16 as UTF-8: in that no expression would find a key, and nothing would be masked.
/// A file with NULs that is neither is not printed at all. Two digits are a byte; the first four tell UTF-16 from UTF-32.
const AS_UTF8: &str = "if [ $(LC_ALL=C tr -dc '\\000' < \"$f\" | wc -c) -eq 0 ]; then cat -- \"$f\"; \
     else case $(od -An -tx1 -N4 < \"$f\" | tr -d ' \\n') in \
     fffe0000|0000*|??000000) ;; \
     fffe*|??00??00) iconv -f UTF-16LE -t UTF-8 < \"$f\" ;; \
     feff*|00??00??) iconv -f UTF-16BE -t UTF-8 < \"$f\" ;; \
     esac; fi";

fn first_of(paths: &[String], print: &str) -> String {
    let paths = paths.join(" ");
    format!("for f in {paths}; do if [ -e \"$f\" ]; then {print}; break; fi; done")
}

/// Masks what comes in.
fn sed(wanted: &Wanted, os: Os, masks: &[Replace]) -> Option<String> {
    // In the plain locale every byte is a character: none can end a match early.
    let mut sed = "LC_ALL=C sed -E".to_owned();
    // A line that goes on in the next is taken together with it.
    let unfinished = match &wanted.format {
        Format::Xml(shape) => format!("/<{}[^>]*$/", escaped(&shape.entry)),
        _ => r"/\\$/".to_owned(),
    };
    for part in [":a", &format!("{unfinished}{{"), "$!{", "N", "ba", "}", "}"] {
        sed += &format!(" -e {}", shell::quote(part, os)?);
    }
    for mask in masks {
        if mask.find.contains('~') {
            return None;
        }
        let with = mask.with.replace('&', r"\&");
        let script = format!("s~{}~{with}~gI", mask.find);
        sed += &format!(" -e {}", shell::literal(&script, os)?);
    }
    Some(sed)
}

fn powershell(wanted: &Wanted, masks: &[Replace]) -> Option<String> {
    // In an expression a bare word would be a command.
    let words: Option<Vec<String>> = wanted
        .paths
        .iter()
        .map(|path| shell::literal(path, Os::Windows))
        .collect();
    // PowerShell 5.1 takes a file without a byte-order mark for the system's code page.
    let encoding = match wanted.format {
        Format::Xml(_) | Format::Json | Format::Yaml => " -Encoding UTF8",
        Format::Properties | Format::Ini => "",
    };
    let mut replaces = String::new();
    for mask in masks {
        replaces += &format!(
            " -replace {}, {}",
            shell::literal(&mask.find, Os::Windows)?,
            shell::literal(&mask.with.replace(r"\1", "${1}"), Os::Windows)?
        );
    }
    let read = |path: &str| {
        let read = format!("Get-Content -Raw{encoding} -LiteralPath {path}");
        if replaces.is_empty() {
            read
        } else {
            format!("({read}){replaces}")
        }
    };
    Some(match words?.as_slice() {
        [path] => read(path),
        paths => format!(
            "@({}) | Where-Object {{ Test-Path -LiteralPath $_ }} | Select-Object -First 1 | \
             ForEach-Object {{ {} }}",
            paths.join(", "),
            read("$_")
        ),
    })
}

/// What masks the secrets of the file; empty where it has none, nothing where they could not be masked.
fn masks(wanted: &Wanted, os: Os) -> Option<Vec<Replace>> {
    if wanted.secret.is_empty() {
        return Some(Vec::new());
    }
    let keys = wanted.secret_keys();
    let key = |one: &dyn Fn(&str) -> String| {
        let keys: Vec<String> = keys.iter().map(|key| one(key)).collect();
        format!("({})", keys.join("|"))
    };
    match &wanted.format {
        Format::Xml(shape) => Some(xml(shape, &key(&in_a_tag), os)),
        Format::Properties => {
            let any = if os == Os::Windows {
                r"[^=:\s]"
            } else {
                "[^=:[:space:]]"
            };
            Some(vec![properties(&key(&|key| glob(key, any)), os)])
        }
        Format::Ini | Format::Json | Format::Yaml => None,
    }
}

/// A key with its line, and the lines that it goes on in.
fn properties(key: &str, os: Os) -> Replace {
    // sed has put the lines of an entry together already.
    let (blank, start, rest) = match os {
        Os::Windows => (r"[ \t]", r"(?m)^", r"([^\r\n\\]|\\\r?\n|\\.)+"),
        Os::Linux | Os::Macos => ("[[:blank:]]", "^", ".+"),
    };
    Replace {
        find: format!("{start}({blank}*[#!]*{blank}*{key}{blank}*([=:]|{blank}){blank}*){rest}"),
        with: format!(r"\1{MASK}"),
    }
}

/// The tag of an entry with a secret key, wherever in it the key stands: quotes may be lost or curly.
fn xml(shape: &Shape, key: &str, os: Os) -> Vec<Replace> {
    let entry = escaped(&shape.entry);
    let replace = |find: String, with: &str| Replace {
        find,
        with: with.to_owned(),
    };
    let Some(value) = shape.value.as_deref().map(escaped) else {
        return vec![replace(
            format!("(<{entry}[^>]*{key}[^>]*>)[^<]+"),
            r"\1*****",
        )];
    };
    // What makes the file unreadable stays, masked: whoever reads it has to see that. Nobody knows where a value ends
    // that has lost its quotes.
    if os == Os::Windows {
        let before = format!(r"(<{entry}(?=[^>]*{key})[^>]*?\s{value}\s*=\s*)");
        let bare = r"(?:<|&(?![\w#]+;))";
        return vec![
            replace(
                format!(r#"{before}(?:"[^"\r\n]*{bare}[^"\r\n]*"|'[^'\r\n]*{bare}[^'\r\n]*')"#),
                r#"\1"***** & *****""#,
            ),
            replace(
                format!(r#"{before}(?!""|''|"\*{{5}} & )(?:"[^"\r\n]*"|'[^'\r\n]*'|[^\r\n]+)"#),
                r#"\1"*****""#,
            ),
        ];
    }
    let value = format!("[[:space:]]{value} *= *");
    let before = format!("(<{entry}[^>]*{key}[^>]*{value})");
    let early = format!("(<{entry}[^>]*{value})");
    let late = format!("([^>]*{key})");
    let sound = "(\"([^\"&<]|&[a-z0-9#]+;)+\"|'([^'&<]|&[a-z0-9#]+;)+')";
    let unsound = "(\"[^\"]*(<[^\"]*|&[a-z0-9#]*([^a-z0-9#;\"][^\"]*)?)\"\
                   |'[^']*(<[^']*|&[a-z0-9#]*([^a-z0-9#;'][^']*)?)')";
    vec![
        replace(format!("{before}{sound}"), r#"\1"*****""#),
        replace(format!("{before}{unsound}"), r#"\1"***** & *****""#),
        replace(format!("{early}{sound}{late}"), r#"\1"*****"\5"#),
        replace(format!("{early}{unsound}{late}"), r#"\1"***** & *****"\7"#),
        // A quote that is not closed stays so: the file may end there.
        replace(format!("{before}\"[^\"]+$"), r#"\1"*****"#),
        replace(format!("{before}'[^']+$"), r"\1'*****"),
        replace(format!("{before}[^\"'[:space:]].*"), r"\1*****"),
    ]
}

/// The keys of a glob somewhere in a tag: whole ones, unless the glob leaves an end open.
fn in_a_tag(key: &str) -> String {
    const EDGE: &str = "[^a-zA-Z0-9._-]";
    let inner = key.trim_matches('*');
    let edge = |open: bool| if open { "" } else { EDGE };
    let inside = glob(inner, "[^\"'<>]");
    format!(
        "{}{inside}{}",
        edge(key.starts_with('*')),
        edge(key.ends_with('*'))
    )
}

/// The keys of a glob, as a regular expression. A misspelt name of a secret is one too: of a long word either half will
/// do.
fn glob(glob: &str, any: &str) -> String {
    let mut expression = String::new();
    let mut rest = glob;
    while let Some(wild) = rest.find(['*', '?']) {
        expression += &literal(&rest[..wild]);
        expression += any;
        expression.push(if rest[wild..].starts_with('*') {
            '*'
        } else {
            '?'
        });
        rest = &rest[wild + 1..];
    }
    expression + &literal(rest)
}

fn literal(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() < 8 || !letters.iter().all(|letter| letter.is_ascii_alphanumeric()) {
        return escaped(text);
    }
    let (first, second) = letters.split_at(letters.len() / 2);
    format!(
        "({}|{})",
        first.iter().collect::<String>(),
        second.iter().collect::<String>()
    )
}

/// The text as a regular expression that means it and nothing else.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if r".+*?()[]{}|^$\".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        finding::Os,
        probe::{
            Kind,
            config::{Config, sample::params},
        },
    };

    fn command(json: serde_json::Value, os: Os) -> Option<String> {
        let manual = Config.manual(&params(json), os);
        manual.first().map(|manual| manual.command.clone())
    }

    fn xml(file: &str) -> serde_json::Value {
        json!({
            "file": file, "format": "xml", "entry": "parameter", "key": "name", "value": "value",
            "known": ["mid.instance.password = old.pw", "name"], "secret": ["*password*"],
        })
    }

    #[test]
    fn a_windows_command_masks_what_is_secret() {
        let command = command(xml(r"C:\my mid\config.xml"), Os::Windows).expect("it has paths");
        let read = r"(Get-Content -Raw -Encoding UTF8 -LiteralPath 'C:\my mid\config.xml') -replace '(<parameter(?=[^>]*(";
        assert!(command.starts_with(read), "{command}");
        for part in ["(pass|word)", r"old\.pw", "'${1}\"*****\"'"] {
            assert!(command.contains(part), "{part}: {command}");
        }
        assert!(
            !command.contains("[:") && !command.contains("\\1"),
            "{command}"
        );
    }

    #[test]
    fn what_cannot_be_masked_has_no_command() {
        let check = |format: &str, secret: serde_json::Value, expected: bool| {
            let json = json!({"file": "/x", "format": format, "secret": secret});
            for os in [Os::Linux, Os::Windows, Os::Macos] {
                assert_eq!(command(json.clone(), os).is_some(), expected, "{format}");
            }
        };
        for format in ["ini", "json", "yaml"] {
            check(format, json!([]), true);
            check(format, json!(["*password*"]), false);
        }
        check("properties", json!(["*password*"]), true);
    }
}
