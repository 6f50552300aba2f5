//! The kind `config`: a key/value file in one of five formats. Reads it whole, judges its syntax and its names; what the
//! values mean, the tree's cases say.

mod encoding;
mod entry;
mod ini;
mod json;
mod judge;
mod known;
mod manual;
mod mask;
mod pasted;
mod place;
mod properties;
#[cfg(test)]
mod sample;
mod tag;
mod xml;
mod xml_error;
mod yaml;

use crate::{
    finding::{Os, Unknown, Value},
    host::{Look, Reply, TextGlob},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        config::{entry::Shape, known::Known},
        params::{Given, senseless},
        pasted::Pasted,
    },
};

/// The largest file that is read.
pub const MAX_BYTES: u64 = 16 << 20;

pub struct Config;

static SPEC: Spec = Spec {
    name: "config",
    looks_at: "a file of keys and values",
    params: &[
        ParamSpec::new(
            "file",
            ParamType::Paths,
            Role::Target,
            true,
            "the file, or the first of a list that is there",
        ),
        ParamSpec::new(
            "format",
            ParamType::Word(FORMATS),
            Role::Judged,
            false,
            "how it is written; by default what the file's name ends in",
        ),
        ParamSpec::new(
            "entry",
            ParamType::Text,
            Role::Judged,
            false,
            "`xml`: the name of the elements that are entries, wherever they stand",
        ),
        ParamSpec::new(
            "key",
            ParamType::Text,
            Role::Judged,
            false,
            "`xml`: the attribute that holds an entry's key",
        ),
        ParamSpec::new(
            "value",
            ParamType::Text,
            Role::Judged,
            false,
            "`xml`: the attribute that holds its value; by default the element's text",
        ),
        ParamSpec::new(
            "known",
            ParamType::SideFile,
            Role::Judged,
            false,
            "a file beside the tree with the known names: a name a line, `name = alias, alias`, `prefix.*`; what an alias \
             holds is also found under its name",
        ),
        ParamSpec::new(
            "secret",
            ParamType::Texts,
            Role::Judged,
            false,
            "globs of keys whose values are never printed",
        ),
    ],
    facts: &[
        FactSpec::new("path", "the file that was read"),
        FactSpec::new(
            "values",
            "key to value, as text; of a key that stands twice the last; with outcome `read` only",
        ),
        FactSpec::new("lines", "key to the line on which it stands last"),
        FactSpec::new(
            "duplicates",
            "keys that stand more than once: a list of `name`, `lines` and `values`",
        ),
        FactSpec::new(
            "misspelt",
            "names that a known one was likely meant by: a list of `name`, `line` and `likely`",
        ),
        FactSpec::new(
            "unlisted",
            "names that are neither known nor like one: a list of `name` and `line`; empty without `known`",
        ),
        FactSpec::new("commented", "names of entries that are commented out"),
        FactSpec::new(
            "malformed",
            "with outcome `malformed`, the first place that breaks the format: `line`, `column`, `kind` (`empty`, `cut-off`, \
             `ampersand`, `quote`, `not-closed`, `encoding`, `other`), `why`; else none",
        ),
    ],
    pattern_facts: &[],
    network: false,
    executes: false,
};

const FORMATS: &[&str] = &["xml", "properties", "ini", "json", "yaml"];

impl Kind for Config {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("read"),
            OutcomeSpec::fixed("malformed"),
            OutcomeSpec::fixed("missing"),
        ]
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        let wanted = Wanted::new(params)?;
        Ok(vec![Look::File {
            paths: wanted.paths,
        }])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        match Wanted::new(params) {
            Ok(wanted) => judge::judge(&wanted, replies),
            Err(unknown) => Judged::unknown(unknown),
        }
    }

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let wanted = Wanted::new(params)?;
        let pasted = Pasted::new(self, params, os, text)?;
        let pasted = pasted.expecting(format!("the text of {}", wanted.paths.join(" or ")));
        pasted::read(&wanted, &pasted)
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        let Ok(wanted) = Wanted::new(params) else {
            return Vec::new();
        };
        let Some(command) = manual::command(&wanted, os) else {
            return Vec::new();
        };
        let tells = match wanted.paths.as_slice() {
            [_] => "the file's text",
            _ => "the text of the first of these files that is there",
        };
        let count = pasted::counting(&wanted, os);
        let count = count.map(|count| {
            let tells = "how many lines it has; with them all, that it ends too early counts";
            Manual::new(count, tells)
        });
        [Manual::new(command, tells)]
            .into_iter()
            .chain(count)
            .collect()
    }
}

/// What the parameters ask for.
struct Wanted {
    paths: Vec<String>,
    format: Format,
    known: Option<Known>,
    secret: Vec<TextGlob>,
    /// The globs as they were written.
    secret_globs: Vec<String>,
}

enum Format {
    Xml(Shape),
    Properties,
    Ini,
    Json,
    Yaml,
}

impl Wanted {
    fn new(params: &Params) -> Result<Self, Unknown> {
        let given = Given(params);
        let paths = given.paths("file")?;
        let known = match params.get("known") {
            None | Some(Value::Null) => None,
            Some(_) => Some(Known::new(&given.any_texts("known")?)),
        };
        let secret_globs = match params.get("secret") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::List(list)) if list.is_empty() => Vec::new(),
            Some(_) => given.texts("secret")?,
        };
        Ok(Self {
            format: Format::new(given, &paths)?,
            paths,
            known,
            secret: secret_globs
                .iter()
                .map(|glob| TextGlob::new(glob))
                .collect(),
            secret_globs,
        })
    }

    /// The keys whose values are secret: the globs, and known names that are secret by another name of theirs.
    fn secret_keys(&self) -> Vec<String> {
        let mut keys = self.secret_globs.clone();
        let names = self.known.iter().flat_map(Known::names);
        let aliases = names.filter(|name| {
            self.is_secret(name) && !self.secret.iter().any(|glob| glob.matches(name))
        });
        keys.extend(aliases.map(str::to_owned));
        keys.sort();
        keys
    }

    fn is_secret(&self, name: &str) -> bool {
        let main = self.known.as_ref().and_then(|known| known.main_name(name));
        self.secret
            .iter()
            .any(|glob| glob.matches(name) || main.is_some_and(|main| glob.matches(main)))
    }
}

impl Format {
    fn new(given: Given<'_>, paths: &[String]) -> Result<Self, Unknown> {
        let named = given.text("format")?;
        let ending = || {
            paths
                .first()
                .and_then(|path| path.rsplit_once('.'))
                .map(|(_, end)| end.to_lowercase())
        };
        match named.clone().or_else(ending).as_deref() {
            Some("xml") => Ok(Self::Xml(Shape {
                entry: given.required("entry")?,
                key: given.required("key")?,
                value: given.text("value")?,
            })),
            Some("properties" | "conf") => Ok(Self::Properties),
            Some("ini") => Ok(Self::Ini),
            Some("json") => Ok(Self::Json),
            Some("yaml" | "yml") => Ok(Self::Yaml),
            _ => Err(match named {
                Some(named) => senseless(
                    "format",
                    &format!("`{named}` is none of {}", FORMATS.join(", ")),
                ),
                None => senseless("format", "is not given, and the file's name tells none"),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::probe::config::sample::params;

    #[test]
    fn looks() {
        let check = |json, expected: Result<&[&str], &str>| {
            let looks = Config
                .looks(&params(json))
                .map_err(|unknown| unknown.detail);
            let expected = expected.map(|paths| {
                vec![Look::File {
                    paths: paths.iter().map(|path| path.to_string()).collect(),
                }]
            });
            assert_eq!(looks, expected.map_err(str::to_owned));
        };
        check(json!({"file": "/a.properties"}), Ok(&["/a.properties"]));
        check(
            json!({"file": ["/a.ini", "/b.ini"]}),
            Ok(&["/a.ini", "/b.ini"]),
        );
        check(
            json!({"file": "/a"}),
            Err("parameter `format`: is not given, and the file's name tells none"),
        );
        check(
            json!({"file": "/a", "format": "toml"}),
            Err("parameter `format`: `toml` is none of xml, properties, ini, json, yaml"),
        );
        check(
            json!({"file": "/a.xml", "key": "name"}),
            Err("parameter `entry`: is empty"),
        );
        check(json!({"format": "ini"}), Err("parameter `file`: is empty"));
        // An empty side file knows no name; one that cannot be read is not taken for it.
        check(json!({"file": "/a.ini", "known": [""]}), Ok(&["/a.ini"]));
        check(
            json!({"file": "/a.ini", "known": ["a", ["b"]]}),
            Err("parameter `known`: is a list, not a text"),
        );
    }

    #[test]
    fn manual_commands() {
        let check = |files: serde_json::Value, os, expected: &[&str]| {
            let manual = Config.manual(&params(json!({"file": files, "format": "ini"})), os);
            let commands: Vec<_> = manual
                .iter()
                .map(|manual| manual.command.as_str())
                .collect();
            assert_eq!(commands, expected);
        };
        check(
            json!("/opt/my mid/x.ini"),
            Os::Linux,
            &["cat -- '/opt/my mid/x.ini'"],
        );
        check(
            json!(r"C:\my mid\x.ini"),
            Os::Windows,
            &[r"Get-Content -Raw -LiteralPath 'C:\my mid\x.ini'"],
        );
        check(
            json!(["/a b", "/c"]),
            Os::Macos,
            &["for f in '/a b' /c; do if [ -e \"$f\" ]; then cat -- \"$f\"; break; fi; done"],
        );
        check(
            json!([r"C:\a b", r"C:\c"]),
            Os::Windows,
            &[
                r"@('C:\a b', 'C:\c') | Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1 | ForEach-Object { Get-Content -Raw -LiteralPath $_ }",
            ],
        );
        check(json!("/a\nrm -rf /"), Os::Linux, &[]);
        let manual = Config.manual(&params(json!({"file": r"C:\x.json"})), Os::Windows);
        assert_eq!(
            manual[0].command,
            r"Get-Content -Raw -Encoding UTF8 -LiteralPath 'C:\x.json'"
        );
    }
}
