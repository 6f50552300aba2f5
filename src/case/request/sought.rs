//! Folders and files that a script looks for where it runs, because nobody has named them yet: in its commands a variable of
//! the shell stands in their place.
//!
//! The commands are made for a path that no machine has, and its every occurrence becomes the variable. The path has blanks,
//! so that every kind has put it into quotes; what a variable may hold is bounded by the script, so that it stays one word
//! even where quotes stand within quotes.

use crate::{
    engine::Session,
    finding::{InputName, Os},
    tree::InputType,
};

/// An input that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sought {
    pub name: InputName,
    /// Where it may be, the likeliest first; as the tree writes them.
    pub globs: Vec<String>,
    pub folder: bool,
}

impl Sought {
    pub fn stands_in(&self, commands: &[String]) -> bool {
        let words = format!("waypost seeks {} here", self.name);
        commands.iter().any(|command| command.contains(&words))
    }

    /// The shell's variable, without a dollar.
    pub fn variable(&self) -> String {
        format!("input_{}", self.name)
    }
}

/// The path that stands for an input while commands are made.
pub(super) fn stand_in(name: &InputName, os: Os) -> String {
    let root = if os == Os::Windows { "Q:\\" } else { "/" };
    format!("{root}waypost seeks {name} here")
}

/// The inputs of the case's trees that nobody has named yet, and whose trees say where to look.
pub(super) fn sought(session: &Session) -> Vec<Sought> {
    let os = session.opening().os;
    let values = session.values();
    let mut found: Vec<Sought> = Vec::new();
    for tree in session.forest().reachable(&session.opening().tree) {
        for (name, input) in &tree.inputs {
            let folder = match input.ty {
                InputType::Directory => true,
                InputType::File => false,
                _ => continue,
            };
            if values.contains_key(name) || found.iter().any(|known| known.name == *name) {
                continue;
            }
            let globs: Vec<String> = input
                .suggest
                .as_ref()
                .and_then(|suggest| suggest.get(os))
                .into_iter()
                .flatten()
                .map(|template| template.source.to_string())
                .filter(|glob| !glob.contains("{{") && !glob.contains("{%"))
                .collect();
            if !globs.is_empty() {
                found.push(Sought {
                    name: name.clone(),
                    globs,
                    folder,
                });
            }
        }
    }
    found
}

/// The command with variables for what is sought; `None` where one stands in it in a form that no variable can take.
pub(super) fn as_variables(command: &str, sought: &[Sought], os: Os) -> Option<String> {
    let mut command = command.to_owned();
    for sought in sought {
        let stand_in = stand_in(&sought.name, os);
        command = match os {
            Os::Windows => in_double_quotes(&command, &stand_in, &sought.variable())?,
            Os::Linux | Os::Macos => {
                command.replace(&stand_in, &format!("'\"${{{}}}\"'", sought.variable()))
            }
        };
    }
    (!command.contains("waypost seeks ")).then_some(command)
}

/// Each text in single quotes that holds `stand_in`, as one in double quotes with the variable. `None` where it stands
/// outside of single quotes.
fn in_double_quotes(command: &str, stand_in: &str, variable: &str) -> Option<String> {
    let mut out = String::with_capacity(command.len());
    let mut rest = command;
    while let Some(open) = rest.find(['\'', '"']) {
        let quote = &rest[open..=open];
        if rest[..open].contains(stand_in) {
            return None;
        }
        out += &rest[..open];
        let length = length_of_text(&rest[open..], quote)?;
        let text = &rest[open..open + length];
        rest = &rest[open + length..];
        if !text.contains(stand_in) {
            out += text;
            continue;
        }
        if quote == "\"" {
            return None;
        }
        out.push('"');
        for (at, part) in text[1..text.len() - 1].split(stand_in).enumerate() {
            if at > 0 {
                out += &format!("${{{variable}}}");
            }
            for letter in part.replace("''", "'").chars() {
                if matches!(letter, '$' | '`' | '"') {
                    out.push('`');
                }
                out.push(letter);
            }
        }
        out.push('"');
    }
    if rest.contains(stand_in) {
        return None;
    }
    Some(out + rest)
}

/// The length of a text with both its quotes; twice a quote means itself, and in double quotes a backtick quotes the next.
fn length_of_text(text: &str, quote: &str) -> Option<usize> {
    let mut at = 1;
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with(&quote.repeat(2)) {
            at += 2;
        } else if rest.starts_with(quote) {
            return Some(at + 1);
        } else if quote == "\"" && rest.starts_with('`') {
            at += 1 + rest[1..].chars().next()?.len_utf8();
        } else {
            at += rest.chars().next()?.len_utf8();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent_dir() -> Sought {
        Sought {
            name: InputName::new("agent_dir"),
            globs: Vec::new(),
            folder: true,
        }
    }

    #[test]
    fn in_sh_a_variable_stands_between_quotes() {
        let check = |command: &str, expected: Option<&str>| {
            let found = as_variables(command, &[agent_dir()], Os::Linux);
            assert_eq!(found.as_deref(), expected, "{command}");
        };
        check("uname -a", Some("uname -a"));
        check(
            "cat -- '/waypost seeks agent_dir here/config.xml'",
            Some("cat -- ''\"${input_agent_dir}\"'/config.xml'"),
        );
        check(
            "grep -e '/waypost\\ seeks\\ agent_dir\\ here/'",
            Some("grep -e '/waypost\\ seeks\\ agent_dir\\ here/'"),
        );
        check("cat '/x/waypost seeks other here'", None);
    }

    #[test]
    fn in_powershell_its_text_gets_double_quotes() {
        let check = |command: &str, expected: Option<&str>| {
            let found = as_variables(command, &[agent_dir()], Os::Windows);
            assert_eq!(found.as_deref(), expected, "{command}");
        };
        check("Get-Date", Some("Get-Date"));
        check(
            r"Get-Content -LiteralPath 'Q:\waypost seeks agent_dir here\config.xml' | Select-String 'it''s'",
            Some(
                r#"Get-Content -LiteralPath "${input_agent_dir}\config.xml" | Select-String 'it''s'"#,
            ),
        );
        check(
            r"Get-Item 'Q:\waypost seeks agent_dir here\a$b`c''d\x'",
            Some(r#"Get-Item "${input_agent_dir}\a`$b``c'd\x""#),
        );
        check(r#"Get-Item "Q:\waypost seeks agent_dir here\x""#, None);
        check(r"Get-Item Q:\waypost seeks agent_dir here", None);
        check("Write-Output 'not closed", None);
    }
}
