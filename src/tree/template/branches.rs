//! Which parts of a text are not shown, by the conditions of their `{% if %}`. Renders nothing.

use std::ops::Range;

use crate::{
    diag::Span,
    tree::template::{
        Expression, Scope,
        scan::{self, Stretch},
    },
};

/// An `{% if %}` that is open, down to its `{% endif %}`.
#[derive(Default)]
struct Open {
    /// Where the branch begins that is not shown.
    dead: Option<usize>,
    /// A branch that stands above is shown for sure, so no other one is.
    decided: bool,
}

/// The stretches that no reader sees, as ranges of `source`. What a condition cannot tell yet is not among them: a value that
/// is not known, a name that a loop gives.
pub fn dead(source: &str, scope: &Scope) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Vec<Option<Open>> = Vec::new();
    for stretch in scan::stretches(source).unwrap_or_default() {
        let Stretch::Statement(range) = stretch else {
            continue;
        };
        let statement = source[range.clone()].trim();
        let (word, rest) = statement
            .split_once(char::is_whitespace)
            .unwrap_or((statement, ""));
        match word {
            "if" => {
                let mut branch = Open::default();
                branch.begin(Some(rest), range.end, scope);
                open.push(Some(branch));
            }
            "elif" | "else" => {
                // The `else` of a loop is left alone.
                if let Some(Some(branch)) = open.last_mut() {
                    found.extend(branch.dead.take().map(|from| from..range.start));
                    let condition = (word == "elif").then_some(rest);
                    branch.begin(condition, range.start, scope);
                }
            }
            "endif" | "endfor" => {
                if let Some(Some(branch)) = open.pop() {
                    found.extend(branch.dead.map(|from| from..range.start));
                }
            }
            "for" => open.push(None),
            _ => {}
        }
    }
    found
}

impl Open {
    /// A branch that begins at `from`; `else` has no condition.
    fn begin(&mut self, condition: Option<&str>, from: usize, scope: &Scope) {
        if self.decided {
            self.dead = Some(from);
            return;
        }
        let Some(condition) = condition else {
            return;
        };
        let (expression, mistake) = Expression::parse(condition, Span::default());
        match expression.holds(scope) {
            Ok(holds) if mistake.is_none() => {
                self.decided = holds;
                self.dead = (!holds).then_some(from);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        diag::Span,
        finding::{InputName, Os, Value},
        tree::{Scope, Template},
    };

    #[test]
    fn an_input_inside_of_a_branch_that_is_not_shown_is_not_asked_for() {
        let check = |source: &str, expected: &[&str]| {
            let mut scope = Scope::new(Os::Linux);
            scope.inputs.insert("full".into(), Value::from("x"));
            scope.inputs.insert("empty".into(), Value::from(""));
            scope.answers.insert("asked".into(), "no".to_owned());
            let (template, mistake) = Template::parse(source, Span::default());
            assert_eq!(mistake, None, "{source}");
            let shown = template.inputs_shown(&scope);
            let shown: Vec<&str> = shown.iter().map(InputName::as_str).collect();
            assert_eq!(shown, expected, "{source}");
        };
        check("{{ a }} and {{ b }}", &["a", "b"]);
        check("{% if full %}{{ a }}{% endif %}", &["full", "a"]);
        check("{% if empty %}{{ a }}{% endif %}{{ b }}", &["empty", "b"]);
        check(
            "{% if empty %}{{ a }}{% else %}{{ b }}{% endif %}",
            &["empty", "b"],
        );
        check(
            "{% if full %}{{ a }}{% else %}{{ b }}{% endif %}",
            &["full", "a"],
        );
        check("{% if answers['asked'] == 'yes' %}{{ a }}{% endif %}", &[]);
        check(
            "{%- if answers['asked'] == 'no' -%} {{ a }} {%- endif -%}",
            &["a"],
        );
        check(
            "{% if answers['other'] | default('') == 'yes' %}{{ a }}{% endif %}",
            &[],
        );
        // What the condition rests on comes first; whether the rest is shown is then known.
        check("{% if a %}{{ b }}{% endif %}", &["a", "b"]);
        check(
            "{% if answers['other'] == 'yes' %}{{ a }}{% endif %}",
            &["a"],
        );
        check(
            "{% if empty %}{{ a }}{% elif full %}{{ b }}{% else %}{{ c }}{% endif %}",
            &["empty", "full", "b"],
        );
        check(
            "{% if full %}{{ a }}{% elif b %}{{ c }}{% endif %}{{ d }}",
            &["full", "a", "d"],
        );
        check(
            "{% if empty %}{% if full %}{{ a }}{% endif %}{{ b }}{% endif %}{{ c }}",
            &["empty", "c"],
        );
        check(
            "{% for one in full %}{% if one %}{{ a }}{% endif %}{% endfor %}",
            &["full", "a"],
        );
        // It stands outside as well.
        check("{{ a }}{% if empty %}{{ a }}{% endif %}", &["a", "empty"]);
    }
}
