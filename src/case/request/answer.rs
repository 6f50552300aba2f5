//! What a script wrote where it ran, read back. Every byte is a stranger's: bounded, and refused where it has another form.
//!
//! The lines of the form, each with one word first: `waypost answer 1`; `program`, `tree`, `os`, `case`, `time`, `zone`,
//! `machine`, `input`; for each look `look MARK[:INPUT,…] KIND PROBE…`, `command N`, what it printed behind `| `, `cut BYTES`,
//! `status N`; and `end LOOKS`. What was printed cannot pass for one of them, since a bar stands before it. Commands that were run
//! one by one give the same lines in another way: see [`typed`].

mod quoted;
pub(super) mod typed;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};

use crate::{
    engine::ProbeKey,
    finding::{InputName, Os, ProbeName, TreeId},
};

/// The largest answer that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;
/// The most looks, and the most commands of one.
const MAX_LOOKS: usize = 10_000;
const MAX_COMMANDS: usize = 100;
/// The longest line that is none of a program's output, in bytes.
const MAX_LINE: usize = 8 << 10;
/// The most inputs.
const MAX_INPUTS: usize = 1_000;
/// The longest name of a machine, in bytes: what DNS allows, and then some.
const MAX_NAME: usize = 300;
/// The form that is asked for, and that is known.
pub(super) const FORM: u32 = 1;
/// With what every answer begins.
const HEAD: &str = "waypost answer ";

/// An answer that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub tree: TreeId,
    /// The tree's, when the script was written.
    pub hash: String,
    pub os: Os,
    /// The case that asked for it, by its folder's name there.
    pub case: Option<String>,
    /// When it ran, by that machine's clock.
    pub time: Timestamp,
    /// That machine's; `None` where it did not say.
    pub zone: Option<TimeZone>,
    /// What the machine calls itself; `None` where it did not say.
    pub machine: Option<String>,
    pub inputs: BTreeMap<InputName, String>,
    pub looks: Vec<Ran>,
    /// The last line is there, and it names as many looks.
    pub whole: bool,
}

/// One look that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    pub kind: String,
    /// Of the commands, as [`super::marked`] gives it.
    pub mark: String,
    /// The inputs that the script found for it.
    pub needs: BTreeSet<InputName>,
    pub probes: Vec<ProbeKey>,
    /// In the order of the commands.
    pub printed: Vec<Printed>,
}

/// What one command printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    pub text: String,
    /// `None` where it was ended by time, or the answer breaks off here.
    pub status: Option<i32>,
    /// More was printed than the script takes.
    pub cut: bool,
}

/// Why something cannot be read as an answer. A lowercase fragment for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    #[error("it does not begin with `{}`", HEAD.trim_end())]
    Other,
    #[error("it is larger than {} MiB", MAX_BYTES >> 20)]
    TooLong,
    #[error(
        "its form is {form}, and this program knows forms up to {FORM}; a newer program can open it"
    )]
    Newer { form: u32 },
    #[error("line {line} cannot be read: {why}")]
    Line { line: usize, why: String },
    #[error("it does not say {0}")]
    Lacks(&'static str),
}

impl Answer {
    /// Whether the text is an answer, of whatever form.
    pub fn is_one(text: &str) -> bool {
        bare(text).is_some()
    }

    /// Whether the text is part of an answer without its beginning, so that nobody knows what it is of.
    pub fn is_part(text: &str) -> bool {
        !Self::is_one(text) && typed::is_part(text)
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// It is none, it is past a bound, or a line has no form that is known; which one.
    pub fn read(text: &str) -> Result<Self, AnswerError> {
        if text.len() > MAX_BYTES {
            return Err(AnswerError::TooLong);
        }
        let text = bare(text).ok_or(AnswerError::Other)?;
        let mut reader = Reader::default();
        let mut window = typed::is(&text).then(typed::Window::default);
        for (at, line) in text.lines().enumerate() {
            let told = |trouble| match trouble {
                Trouble::Newer(form) => AnswerError::Newer { form },
                Trouble::Why(why) => AnswerError::Line { line: at + 1, why },
            };
            let done = match &mut window {
                None => reader.line(line).map_err(told)?,
                Some(window) => {
                    let lines = window.lines(line).map_err(|why| told(Trouble::Why(why)))?;
                    let mut lines = lines.iter().map(|line| reader.line(line));
                    lines.try_fold(false, |done, line| Ok(done || line.map_err(told)?))?
                }
            };
            if done {
                break;
            }
        }
        reader.answer()
    }
}

/// The answer without marks of quoting; `None`: the text is no answer.
fn bare(text: &str) -> Option<Cow<'_, str>> {
    if is_bare(text) {
        return Some(Cow::Borrowed(text));
    }
    let without = quoted::without(text).filter(|text| is_bare(text));
    without.map(Cow::Owned)
}

/// Whether the text is an answer that nobody quoted.
fn is_bare(text: &str) -> bool {
    text.trim_start_matches(['\u{feff}', '\r', '\n', ' ', '\t'])
        .starts_with(HEAD)
        || typed::is(text)
}

enum Trouble {
    Newer(u32),
    Why(String),
}

impl From<&str> for Trouble {
    fn from(why: &str) -> Self {
        Self::Why(why.to_owned())
    }
}

#[derive(Default)]
struct Reader {
    begun: bool,
    tree: Option<(TreeId, String)>,
    os: Option<Os>,
    case: Option<String>,
    time: Option<Timestamp>,
    zone: Option<TimeZone>,
    machine: Option<String>,
    inputs: BTreeMap<InputName, String>,
    looks: Vec<Ran>,
    /// Those of all looks.
    probes: BTreeSet<ProbeKey>,
    whole: bool,
}

impl Reader {
    /// True at the last line.
    fn line(&mut self, line: &str) -> Result<bool, Trouble> {
        if !self.begun {
            let line = line.trim_start_matches('\u{feff}').trim();
            if line.is_empty() {
                return Ok(false);
            }
            let form = line.strip_prefix(HEAD).unwrap_or_default();
            self.begun = true;
            return match form.parse() {
                Ok(FORM) => Ok(false),
                Ok(form) => Err(Trouble::Newer(form)),
                Err(_) => Err("a number is expected behind `waypost answer`".into()),
            };
        }
        if let Some(printed) = line.strip_prefix('|') {
            let text = &mut self.printing()?.text;
            text.push_str(printed.strip_prefix(' ').unwrap_or(printed));
            text.push('\n');
            return Ok(false);
        }
        let line = line.trim();
        if line.is_empty() {
            return Ok(false);
        }
        if line.len() > MAX_LINE {
            return Err(Trouble::Why(format!(
                "it is longer than {} KiB",
                MAX_LINE >> 10
            )));
        }
        if line.contains(char::is_control) {
            return Err("control characters stand in it".into());
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "program" => {}
            "tree" => {
                let (id, hash) = rest.split_once(' ').unwrap_or((rest, ""));
                let tree = (TreeId::new(name(id)?), hash.to_owned());
                self.same(self.tree.as_ref(), &tree)?;
                self.tree = Some(tree);
            }
            "os" => {
                let known = [Os::Linux, Os::Windows, Os::Macos];
                let os = known.into_iter().find(|os| os.name() == rest);
                let os = os.ok_or("there is no such system")?;
                self.same(self.os.as_ref(), &os)?;
                self.os = Some(os);
            }
            "case" => {
                self.same(self.case.as_deref(), rest)?;
                self.case = Some(rest.to_owned());
            }
            "time" => {
                let time = rest.parse().map_err(|_| "it is no time of UTC")?;
                // Looks that stand there are not younger than what was said before them.
                let known = self.time.filter(|_| !self.looks.is_empty());
                self.time = Some(known.map_or(time, |known| known.min(time)));
            }
            "zone" => self.zone = zone(rest),
            "machine" => {
                if rest.len() > MAX_NAME {
                    return Err(Trouble::Why(format!(
                        "the machine's name is longer than {MAX_NAME} bytes"
                    )));
                }
                // One that has no name says nothing.
                if !rest.is_empty() {
                    self.same(self.machine.as_deref(), rest)?;
                    self.machine = Some(rest.to_owned());
                }
            }
            "input" => {
                let (input, value) = rest.split_once('=').ok_or("`NAME=VALUE` is expected")?;
                if self.inputs.len() >= MAX_INPUTS {
                    return Err(Trouble::Why(format!(
                        "there are more than {MAX_INPUTS} inputs"
                    )));
                }
                let input = InputName::new(name(input)?);
                self.same(self.inputs.get(&input).map(String::as_str), value)?;
                self.inputs.insert(input, value.to_owned());
            }
            "look" => self.look(rest)?,
            "command" => {
                let look = self.looks.last_mut().ok_or("no look stands before it")?;
                if rest.parse() != Ok(look.printed.len() + 1) {
                    return Err("commands do not come in their order".into());
                }
                if look.printed.len() >= MAX_COMMANDS {
                    return Err(Trouble::Why(format!(
                        "there are more than {MAX_COMMANDS} commands"
                    )));
                }
                look.printed.push(Printed {
                    text: String::new(),
                    status: None,
                    cut: false,
                });
            }
            "cut" => self.printing()?.cut = true,
            "status" => {
                let status: i32 = rest.parse().map_err(|_| "it is no number")?;
                // What ended it by time says so with these.
                self.printing()?.status = (!matches!(status, 124 | 137)).then_some(status);
            }
            "end" => {
                self.whole = rest.parse() == Ok(self.looks.len());
                return Ok(true);
            }
            _ => return Err("no line of an answer begins so".into()),
        }
        Ok(false)
    }

    /// What is said again behind looks has to be what was said before them: it is what they were made with.
    fn same<T: PartialEq + ?Sized>(&self, known: Option<&T>, said: &T) -> Result<(), Trouble> {
        let made = !self.looks.is_empty();
        if made && known != Some(said) {
            return Err("it says otherwise than before: two answers stand there".into());
        }
        Ok(())
    }

    fn look(&mut self, rest: &str) -> Result<(), Trouble> {
        if self.looks.len() >= MAX_LOOKS {
            return Err(Trouble::Why(format!(
                "there are more than {MAX_LOOKS} looks"
            )));
        }
        let mut words = rest.split(' ').filter(|word| !word.is_empty());
        let marked = words.next().ok_or("its mark is missing")?;
        let (mark, needs) = marked.split_once(':').unwrap_or((marked, ""));
        let needs = needs.split(',').filter(|need| !need.is_empty());
        let needs = needs.map(|need| Ok(InputName::new(name(need)?)));
        let needs = needs.collect::<Result<BTreeSet<_>, Trouble>>()?;
        let kind = words.next().ok_or("its kind is missing")?;
        let probe = |word: &str| -> Result<ProbeKey, Trouble> {
            let (tree, probe) = word.split_once('/').ok_or("`TREE/PROBE` is expected")?;
            Ok(ProbeKey {
                tree: TreeId::new(name(tree)?),
                name: ProbeName::new(name(probe)?),
            })
        };
        let probes = words.map(probe).collect::<Result<Vec<_>, _>>()?;
        if probes.is_empty() {
            return Err("it names no probe".into());
        }
        for probe in &probes {
            if !self.probes.insert(probe.clone()) {
                return Err(Trouble::Why(format!("`{probe}` was looked at before")));
            }
        }
        self.looks.push(Ran {
            kind: name(kind)?.to_owned(),
            mark: name(mark)?.to_owned(),
            needs,
            probes,
            printed: Vec::new(),
        });
        Ok(())
    }

    fn printing(&mut self) -> Result<&mut Printed, Trouble> {
        let last = self
            .looks
            .last_mut()
            .and_then(|look| look.printed.last_mut());
        last.ok_or_else(|| "no command stands before it".into())
    }

    fn answer(self) -> Result<Answer, AnswerError> {
        let (tree, hash) = self.tree.ok_or(AnswerError::Lacks("which tree asked"))?;
        Ok(Answer {
            tree,
            hash,
            os: self
                .os
                .ok_or(AnswerError::Lacks("which system it ran on"))?,
            case: self.case,
            time: self.time.ok_or(AnswerError::Lacks("when it ran"))?,
            zone: self.zone,
            machine: self.machine,
            inputs: self.inputs,
            looks: self.looks,
            whole: self.whole,
        })
    }
}

/// A name of a tree, a probe, an input or a kind.
fn name(text: &str) -> Result<&str, Trouble> {
    let fits = !text.is_empty()
        && text.len() <= 128
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '@'));
    if fits {
        Ok(text)
    } else {
        Err(Trouble::Why(format!(
            "`{}` is no name",
            text.escape_debug()
        )))
    }
}

/// `+0100`, `-0330`.
fn zone(text: &str) -> Option<TimeZone> {
    let sign = match text.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let digits = text[1..].replace(':', "");
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = digits[..2].parse::<i32>().ok()? * 3600 + digits[2..].parse::<i32>().ok()? * 60;
    let offset = Offset::from_seconds(sign * seconds).ok()?;
    (seconds <= 14 * 3600).then(|| TimeZone::fixed(offset))
}

#[cfg(test)]
mod tests;
