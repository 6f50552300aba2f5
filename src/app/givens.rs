//! What the command line and an answers file give: inputs, secrets and answers, each held against the trees.

use std::{
    collections::BTreeMap,
    fmt,
    fs::File,
    io::{self, Read},
    path::Path,
};

use anyhow::{Context, Result, anyhow, bail};
use secrecy::SecretString;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};

use crate::{
    engine::Session,
    finding::{InputName, Os, TreeId},
    host::{live::regular, yaml_within},
    tree::{AnswerId, Forest, Input, InputType, NodeId, NodeKind},
};

/// What is larger is no secret, and is refused.
const SECRET_BYTES: u64 = 64 * 1024;
const ANSWERS_BYTES: u64 = 1024 * 1024;
/// The most values of an answers file, keys counted.
const ANSWERS_VALUES: usize = 100_000;

/// What was given before the walk.
#[derive(Debug, Default)]
pub struct Givens {
    pub inputs: BTreeMap<InputName, String>,
    pub secrets: BTreeMap<InputName, SecretString>,
    pub answers: BTreeMap<(Option<TreeId>, NodeId), AnswerId>,
}

/// An answers file. The questions are the trees' own, so a renamed one is told, not skipped.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswersFile {
    #[serde(default)]
    inputs: Once,
    #[serde(default)]
    answers: Once,
}

/// Texts by name, each name once: of two values one would be dropped without a word.
#[derive(Debug, Default)]
struct Once(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Once;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of texts")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Once, M::Error> {
                let mut once = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, String>()? {
                    if once.contains_key(&name) {
                        return Err(M::Error::custom(format!("`{name}` is given twice")));
                    }
                    once.insert(name, value);
                }
                Ok(Once(once))
            }

            fn visit_unit<E>(self) -> Result<Once, E> {
                Ok(Once::default())
            }
        }

        deserializer.deserialize_map(Names)
    }
}

impl Givens {
    /// `NAME=VALUE`, each. Refuses secrets: others can read command lines.
    pub fn add_inputs(&mut self, forest: &Forest, inputs: &[String]) -> Result<()> {
        for input in inputs {
            let (name, value) = input
                .split_once('=')
                .ok_or_else(|| anyhow!("--input {input}: it has to be NAME=VALUE"))?;
            self.add_input(forest, name, value)?;
        }
        Ok(())
    }

    fn add_input(&mut self, forest: &Forest, name: &str, value: &str) -> Result<()> {
        let input = find_input(forest, name)?;
        if input.ty == InputType::Secret {
            bail!(
                "input `{name}` is a secret, and command lines and answer files can be read by others; \
                 give it with --secret {name}=@FILE, or --secret {name}=- for standard input"
            );
        }
        self.inputs.insert(input.name.clone(), value.to_owned());
        Ok(())
    }

    /// Each value fits its input's type on one of these systems; else what is expected, as the first of them puts it.
    pub fn fit(&self, forest: &Forest, systems: &[Os]) -> Result<()> {
        for (name, value) in &self.inputs {
            let input = find_input(forest, name.as_str())?;
            let mut refused = None;
            for os in systems {
                match Session::accepts(input, *os, value) {
                    Ok(()) => {
                        refused = None;
                        break;
                    }
                    Err(why) => refused = refused.or(Some(why)),
                }
            }
            if let Some(why) = refused {
                bail!("input `{name}` does not fit: {why}");
            }
        }
        Ok(())
    }

    /// `NAME=@FILE` or `NAME=-`, each. One line break at the end is not part of the secret.
    pub fn add_secrets(&mut self, forest: &Forest, secrets: &[String]) -> Result<()> {
        for secret in secrets {
            let (name, from) = secret.split_once('=').ok_or_else(|| {
                anyhow!("--secret: it has to be NAME=@FILE, or NAME=- for standard input")
            })?;
            let input = find_input(forest, name)?;
            if input.ty != InputType::Secret {
                bail!("input `{name}` is no secret; give it with --input {name}=VALUE");
            }
            let text = match from.strip_prefix('@') {
                // A pipe with a name would be waited for until somebody writes into it.
                Some(file) => named(Path::new(file))
                    .and_then(read_secret)
                    .with_context(|| file.to_owned()),
                None if from == "-" => read_secret(io::stdin()).context("standard input"),
                None => bail!(
                    "--secret {name}: the secret itself does not belong on a command line, which others can read; \
                     write {name}=@FILE, or {name}=- for standard input"
                ),
            };
            self.secrets.insert(
                input.name.clone(),
                text.with_context(|| format!("--secret {name}"))?,
            );
        }
        Ok(())
    }

    /// `[TREE/]NODE=ANSWER`, each.
    pub fn add_answers(&mut self, forest: &Forest, answers: &[String]) -> Result<()> {
        for answer in answers {
            let (question, id) = answer
                .split_once('=')
                .ok_or_else(|| anyhow!("--answer {answer}: it has to be [TREE/]NODE=ANSWER"))?;
            self.add_answer(forest, question, id)
                .with_context(|| format!("--answer {answer}"))?;
        }
        Ok(())
    }

    fn add_answer(&mut self, forest: &Forest, question: &str, answer: &str) -> Result<()> {
        let (tree, node) = match question.split_once('/') {
            Some((tree, node)) => (Some(TreeId::new(tree)), NodeId::new(node)),
            None => (None, NodeId::new(question)),
        };
        if let Some(tree) = &tree
            && forest.tree(tree).is_none()
        {
            bail!("there is no tree `{tree}`");
        }
        let mut known = Vec::new();
        for found in forest
            .trees()
            .filter(|found| tree.as_ref().is_none_or(|tree| found.id == *tree))
        {
            if let Some(NodeKind::Ask(ask)) = found.nodes.get(&node).map(|node| &node.kind) {
                for answer in &ask.answers {
                    // Trees that override another have its questions again.
                    if !known.contains(&answer.id) {
                        known.push(answer.id.clone());
                    }
                }
            }
        }
        if known.is_empty() {
            bail!("there is no question `{node}`");
        }
        let Some(id) = known.iter().find(|id| **id == answer) else {
            let list: Vec<String> = known.iter().map(|id| format!("`{id}`")).collect();
            let meant = match answer.to_ascii_lowercase().as_str() {
                "true" => "yes",
                "false" => "no",
                _ => "",
            };
            let quotes = match known.iter().any(|id| *id == meant) {
                true => format!("; write \"{meant}\" in quotes, for YAML may read it as {answer}"),
                false => String::new(),
            };
            bail!(
                "question `{node}` has no answer `{answer}`; it has {}{quotes}",
                list.join(", ")
            );
        };
        self.answers.insert((tree, node), id.clone());
        Ok(())
    }

    /// A YAML file with `inputs:` and `answers:`; what the command line says wins over it.
    pub fn add_file(&mut self, forest: &Forest, path: &Path) -> Result<()> {
        let shown = path.display();
        let bytes = named(path).and_then(|file| regular::bounded(file, ANSWERS_BYTES));
        let bytes = bytes.with_context(|| format!("{shown}"))?;
        let file = read_answers(&bytes).with_context(|| format!("{shown}"))?;
        for (name, value) in &file.inputs.0 {
            self.add_input(forest, name, value)
                .with_context(|| format!("{shown}"))?;
        }
        for (question, answer) in &file.answers.0 {
            self.add_answer(forest, question, answer)
                .with_context(|| format!("{shown}"))?;
        }
        Ok(())
    }
}

/// A file that a person names: a regular one, or a pipe that is open already.
fn named(path: &Path) -> io::Result<File> {
    if is_handed_over(path) {
        File::open(path)
    } else {
        regular::open(path)
    }
}

/// A pipe that is open already, as a shell gives one for `<(…)`: whoever writes into it is there.
fn is_handed_over(path: &Path) -> bool {
    path.starts_with("/dev/fd")
        || path.starts_with("/proc/self/fd")
        || path == Path::new("/dev/stdin")
}

fn read_answers(bytes: &[u8]) -> Result<AnswersFile> {
    let text = std::str::from_utf8(bytes).context("it is no text in UTF-8")?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    yaml_within(text, ANSWERS_VALUES).map_err(|why| anyhow!(why))?;
    Ok(serde_yaml::from_str(text)?)
}

fn read_secret(from: impl Read) -> io::Result<SecretString> {
    let bytes = regular::bounded(from, SECRET_BYTES)?;
    let text =
        std::str::from_utf8(&bytes).map_err(|_| io::Error::other("it is no text in UTF-8"))?;
    Ok(SecretString::from(text.trim_end_matches(['\r', '\n'])))
}

fn find_input<'a>(forest: &'a Forest, name: &str) -> Result<&'a Input> {
    let all = || forest.trees().flat_map(|tree| tree.inputs.values());
    if let Some(input) = all().find(|input| input.name == *name) {
        return Ok(input);
    }
    let nearest = all()
        .map(|input| {
            (
                strsim::damerau_levenshtein(name, input.name.as_str()),
                input,
            )
        })
        .filter(|(distance, _)| *distance <= 3)
        .min_by_key(|(distance, _)| *distance);
    match nearest {
        Some((_, input)) => bail!("there is no input `{name}`; did you mean `{}`?", input.name),
        None => {
            let mut names: Vec<&str> = all().map(|input| input.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            bail!(
                "there is no input `{name}`; the trees have {}",
                names.join(", ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_secret_is_taken_whole_or_refused() {
        let check = |bytes: &[u8], expected: Result<&str, &str>| {
            let read = read_secret(bytes);
            let read = read.as_ref().map(|secret| secret.expose_secret());
            let read = read.map_err(|error| error.to_string());
            assert_eq!(read, expected.map_err(str::to_owned));
        };
        check(b"geheim\n", Ok("geheim"));
        check(b" ge heim \r\n", Ok(" ge heim "));
        check(b"", Ok(""));
        check(b"\xff", Err("it is no text in UTF-8"));
        let longest = "a".repeat(64 * 1024);
        check(longest.as_bytes(), Ok(&longest));
        check(
            format!("{longest}a").as_bytes(),
            Err("larger than 64 KiB, the bound"),
        );
    }

    #[test]
    fn what_a_shell_hands_over_is_known() {
        let check = |path: &str, expected| assert_eq!(is_handed_over(Path::new(path)), expected);
        check("/dev/fd/63", true);
        check("/proc/self/fd/9", true);
        check("/tmp/pipe", false);
        check("/dev/stdin", true);
        check("dev/fd/63", false);
    }

    #[test]
    fn an_answers_file_is_bounded_and_names_each_thing_once() {
        let check = |text: &str, expected: Result<&[&str], &str>| {
            let read = read_answers(text.as_bytes());
            let read = read
                .as_ref()
                .map(|file| file.inputs.0.keys().collect::<Vec<_>>());
            let read = read.map_err(|error| format!("{error:#}"));
            let expected = expected.map(|names| {
                names
                    .iter()
                    .map(|name| (*name).to_owned())
                    .collect::<Vec<_>>()
            });
            assert_eq!(
                read.map(|names| names.into_iter().cloned().collect::<Vec<_>>()),
                expected.map_err(str::to_owned),
                "{text:.40}"
            );
        };
        check("inputs: {a: b, c: d}", Ok(&["a", "c"]));
        check("\u{feff}inputs: {a: b}", Ok(&["a"]));
        check("inputs:\nanswers: {}\n", Ok(&[]));
        check(
            "inputs: {a: b, a: c}",
            Err("inputs: `a` is given twice at line 1 column 9"),
        );
        check(
            &format!("inputs: {}", "[".repeat(200_000)),
            Err("nested deeper than 255 levels, the bound"),
        );
        assert_eq!(crate::host::MAX_YAML_DEPTH, crate::tree::yaml::MAX_DEPTH);
    }

    #[test]
    fn what_yaml_reads_as_a_truth_is_told_with_its_quotes() {
        let text = "waypost: 1\nid: t\ntitle: T\nstart: a\nnodes:\n  a:\n    ask: '?'\n    answers: [{ answer: 'Yes', goto: b }, { answer: 'No', goto: b }]\n  b: { conclude: B, verdict: healthy }\n";
        let origin = crate::tree::Origin::File("t.yaml".to_owned());
        let (tree, _, found) = crate::tree::load("t.yaml", origin, text.as_bytes(), &|_| {
            Err("none".to_owned())
        });
        let tree = tree.unwrap_or_else(|| panic!("{found:?}"));
        let forest = Forest::new([std::sync::Arc::new(tree)]);
        let check = |answer: &str, expected: &str| {
            let refused = Givens::default().add_answer(&forest, "a", answer);
            assert_eq!(refused.unwrap_err().to_string(), expected);
        };
        check(
            "true",
            "question `a` has no answer `true`; it has `yes`, `no`; write \"yes\" in quotes, for YAML may read it as true",
        );
        check(
            "maybe",
            "question `a` has no answer `maybe`; it has `yes`, `no`",
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_with_a_name_is_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.is_ok_and(|status| status.success()));
        let error = named(&pipe).expect_err("it is no file");
        assert_eq!(error.to_string(), "a named pipe, not a regular file");
    }
}
