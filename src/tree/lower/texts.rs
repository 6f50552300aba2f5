//! Scalars, texts, names and targets: the smallest parts of a tree.

use std::time::Duration;

use jiff::civil::Date;

use crate::{
    diag::{Diagnostic, Span},
    finding::TreeId,
    tree::{
        AnswerId, AnswerRef, Expression, Goto, Guard, Mistake, NodeId, PerOs, Spanned, Target,
        Template, Text,
        lint::codes,
        lower::{Lower, fields::Fields},
        template::{self, MistakeKind},
        words,
        yaml::{Entry, Scalar, Yaml},
    },
};

/// The keys of a value that differs by operating system.
pub const SYSTEMS: &[&str] = &["linux", "windows", "macos", "any"];

const STEP_KEYS: &[&str] = &["needs", "else", "linux", "windows", "macos", "any"];

impl<'s> Lower<'s> {
    /// A scalar that is a text: quoted, a block, or plain without being a boolean or nothing.
    pub fn scalar<'y, 'a>(&mut self, value: &'y Yaml<'a>) -> Option<&'y Scalar<'a>> {
        let scalar = value.as_scalar();
        match scalar {
            Some(scalar) if !scalar.plain || !matches!(value.what(), "nothing" | "a boolean") => {
                Some(scalar)
            }
            _ => {
                self.not_a_text(value);
                None
            }
        }
    }

    fn not_a_text(&mut self, value: &Yaml<'_>) {
        if let Some([only]) = value.as_map()
            && value.span.start == only.key_span.start
        {
            self.report(
                Diagnostic::error(
                    codes::TEXT_GONE_WRONG,
                    value.span,
                    "`: ` made a mapping of this text",
                )
                .help("put the text in quotes"),
            );
        } else if value.as_map().is_some() && self.source.slice(value.span).starts_with("{{") {
            self.report(
                Diagnostic::error(
                    codes::TEXT_GONE_WRONG,
                    value.span,
                    "`{{` made a mapping of this text",
                )
                .help("put the text in quotes"),
            );
        } else {
            self.wrong_type(value, "a text");
        }
    }

    pub fn template(&mut self, value: &Yaml<'_>) -> Option<Template> {
        let scalar = self.scalar(value)?;
        let (template, mistake) = Template::parse(&*scalar.text, value.span);
        if let Some(mistake) = mistake {
            self.mistake(&template.source, value.span, mistake);
        }
        Some(template)
    }

    /// An expression; `true` and numbers are ones.
    pub fn expression(&mut self, value: &Yaml<'_>) -> Option<Expression> {
        let scalar = match value.as_scalar() {
            Some(scalar) if !value.is_null() => scalar,
            _ => {
                self.wrong_type(value, "an expression");
                return None;
            }
        };
        let (expression, mistake) = Expression::parse(&*scalar.text, value.span);
        if let Some(mistake) = mistake {
            self.mistake(&expression.source, value.span, mistake);
        }
        Some(expression)
    }

    fn mistake(&mut self, source: &str, span: Span, mistake: Mistake) {
        let place = template::locate(source, span, self.source, mistake.range);
        let code = match mistake.kind {
            MistakeKind::Syntax => codes::BAD_EXPRESSION,
            MistakeKind::Pattern => codes::BAD_PATTERN,
            MistakeKind::Bound => codes::PAST_BOUND,
        };
        self.report(Diagnostic::error(code, place, mistake.message));
    }

    pub fn text(&mut self, value: &Yaml<'_>) -> Option<Text> {
        self.per_os(value, Self::reading)
    }

    /// One text for a reader.
    fn reading(&mut self, value: &Yaml<'_>) -> Option<Template> {
        self.cut_by_comment(value);
        let template = self.template(value)?;
        // An alias that leads nowhere reads as empty, and was told already.
        let alias = self.source.slice(value.span).starts_with('*');
        if template.source.trim().is_empty() && !alias {
            self.report(
                Diagnostic::error(codes::MISSING_KEY, value.span, "this text is empty")
                    .help("write it, or leave its key out where it may be left out"),
            );
        }
        Some(template)
    }

    /// A plain text that ends where ` #` begins a comment, and the comment does not look like one.
    fn cut_by_comment(&mut self, value: &Yaml<'_>) {
        if !value.as_scalar().is_some_and(|scalar| scalar.plain) {
            return;
        }
        let rest = &self.source.text()[value.span.end.min(self.source.text().len())..];
        let line = rest.lines().next().unwrap_or("");
        let comment = line.trim_start_matches(' ');
        if line.starts_with(' ')
            && comment.starts_with('#')
            && comment[1..].starts_with(|c: char| c.is_alphanumeric())
        {
            let start = value.span.end + line.len() - comment.len();
            self.report(
                Diagnostic::warning(
                    codes::TEXT_GONE_WRONG,
                    Span::new(start, start + comment.len()),
                    "` #` ends the text here",
                )
                .label("read as a comment")
                .help("put the text in quotes, or write `# ` if a comment is meant"),
            );
        }
    }

    /// One value, or a mapping of one for each operating system.
    pub fn per_os<T>(
        &mut self,
        value: &Yaml<'_>,
        mut one: impl FnMut(&mut Self, &Yaml<'_>) -> Option<T>,
    ) -> Option<PerOs<T>> {
        if !is_per_os(value) {
            return one(self, value).map(PerOs::One);
        }
        let mut fields = Fields::of(self, value, "a value by operating system", SYSTEMS)?;
        let [linux, windows, macos, any] = ["linux", "windows", "macos", "any"]
            .map(|os| fields.take(os).and_then(|value| one(self, value)));
        if linux.is_none() && windows.is_none() && macos.is_none() && any.is_none() {
            return None;
        }
        Some(PerOs::By {
            linux,
            windows,
            macos,
            any,
        })
    }

    pub fn check_kebab(&mut self, name: &str, span: Span, what: &str) {
        if !words::is_kebab(name) {
            let likely = words::slug(name);
            let diagnostic = Diagnostic::error(
                codes::BAD_NAME,
                span,
                format!("{what} is kebab-case: lower-case words, digits and single hyphens"),
            );
            self.report(if likely.is_empty() {
                diagnostic
            } else {
                diagnostic.replacement(likely)
            });
        }
    }

    pub fn snake(&mut self, entry: &Entry<'_>, what: &str) {
        if !words::is_snake(&entry.key) {
            let likely = words::slug(&entry.key).replace('-', "_");
            let diagnostic = Diagnostic::error(
                codes::BAD_NAME,
                entry.key_span,
                format!("{what} is snake_case: lower-case words, digits and single underscores"),
            );
            self.report(if words::is_snake(&likely) {
                diagnostic.replacement(likely)
            } else {
                diagnostic
            });
        }
    }

    /// A name in kebab-case. One that is not is reported and used all the same, so that what names it finds it.
    pub fn kebab<'y>(&mut self, value: &'y Yaml<'_>, what: &str) -> Option<Spanned<&'y str>> {
        let name = &*self.scalar(value)?.text;
        self.check_kebab(name, value.span, what);
        Some(Spanned {
            value: name,
            span: value.span,
        })
    }

    /// A name or a list of names.
    pub fn names<'y>(
        &mut self,
        value: Option<&'y Yaml<'_>>,
        what: &str,
    ) -> impl Iterator<Item = Spanned<&'y str>> + use<'y> {
        let items = self.items(value).unwrap_or_default();
        let names: Vec<_> = items
            .iter()
            .filter_map(|item| self.kebab(item, what))
            .collect();
        names.into_iter()
    }

    pub fn strings(&mut self, value: Option<&Yaml<'_>>) -> Vec<Spanned<String>> {
        let items = self.items(value).unwrap_or_default();
        items
            .iter()
            .filter_map(|item| {
                Some(Spanned {
                    value: self.scalar(item)?.text.to_string(),
                    span: item.span,
                })
            })
            .collect()
    }

    pub fn bool(&mut self, value: &Yaml<'_>) -> Option<bool> {
        match value.as_scalar() {
            Some(scalar) if scalar.plain && matches!(&*scalar.text, "true" | "True" | "TRUE") => {
                Some(true)
            }
            Some(scalar)
                if scalar.plain && matches!(&*scalar.text, "false" | "False" | "FALSE") =>
            {
                Some(false)
            }
            _ => {
                let mut diagnostic = Diagnostic::error(
                    codes::WRONG_TYPE,
                    value.span,
                    format!(
                        "`true` or `false` is wanted here, and this is {}",
                        value.what()
                    ),
                );
                let written = value.as_scalar().map(|scalar| scalar.text.to_lowercase());
                if let Some(likely) = match written.as_deref() {
                    Some("yes" | "on") => Some("true"),
                    Some("no" | "off") => Some("false"),
                    _ => None,
                } {
                    diagnostic = diagnostic.help(format!(
                        "`{}` is a text in YAML 1.2",
                        written.unwrap_or_default()
                    ));
                    diagnostic = diagnostic.replacement(likely);
                }
                self.report(diagnostic);
                None
            }
        }
    }

    pub fn date(&mut self, value: &Yaml<'_>) -> Option<Spanned<Date>> {
        let text = self.scalar(value)?.text.trim().to_owned();
        match text.parse() {
            Ok(date) => Some(Spanned {
                value: date,
                span: value.span,
            }),
            Err(_) => {
                let message = format!("`{text}` is no date such as `2026-11-20`");
                self.report(Diagnostic::error(codes::BAD_VALUE, value.span, message));
                None
            }
        }
    }

    pub fn duration(&mut self, value: &Yaml<'_>) -> Option<Duration> {
        let text = &self.scalar(value)?.text;
        let duration = words::duration(text);
        if duration.is_none() {
            let message = format!("`{text}` is no duration such as `10s`, `2m` or `7d`");
            self.report(Diagnostic::error(codes::BAD_VALUE, value.span, message));
        }
        duration
    }

    pub fn node_id(&mut self, value: &Yaml<'_>) -> Option<Spanned<NodeId>> {
        let name = self.kebab(value, "a node's id")?;
        Some(Spanned {
            value: NodeId::new(name.value),
            span: name.span,
        })
    }

    /// `node/answer`.
    pub fn answer_ref(&mut self, value: &Yaml<'_>) -> Option<Spanned<AnswerRef>> {
        let text = self.scalar(value)?.text.clone();
        match text.split_once('/') {
            Some((node, answer))
                if !node.is_empty() && !answer.is_empty() && !answer.contains('/') =>
            {
                Some(Spanned {
                    value: AnswerRef {
                        node: NodeId::new(node),
                        answer: AnswerId::new(answer),
                    },
                    span: value.span,
                })
            }
            _ => {
                let message = format!("`{text}` does not name an answer");
                self.report(
                    Diagnostic::error(codes::BAD_VALUE, value.span, message)
                        .help("write `node/answer`"),
                );
                None
            }
        }
    }

    pub fn goto(&mut self, value: &Yaml<'_>) -> Option<Goto> {
        self.per_os(value, Self::target)
    }

    /// `node`, `tree/` or `tree/node`.
    fn target(&mut self, value: &Yaml<'_>) -> Option<Spanned<Target>> {
        let text = self.scalar(value)?.text.clone();
        let target = match text.split_once('/') {
            None if !text.is_empty() => Target::Here(NodeId::new(&text)),
            Some((tree, "")) if !tree.is_empty() => Target::There(TreeId::new(tree), None),
            Some((tree, node)) if !tree.is_empty() && !node.contains('/') => {
                Target::There(TreeId::new(tree), Some(NodeId::new(node)))
            }
            _ => {
                let message = format!("`{text}` is no target");
                self.report(
                    Diagnostic::error(codes::BAD_VALUE, value.span, message)
                        .help("write `node`, `tree/` or `tree/node`"),
                );
                return None;
            }
        };
        Some(Spanned {
            value: target,
            span: value.span,
        })
    }
}

/// Whether a value is a mapping by operating system: all of its keys are systems, or one is.
pub fn is_per_os(value: &Yaml<'_>) -> bool {
    value
        .as_map()
        .is_some_and(|map| map.iter().any(|entry| SYSTEMS.contains(&&*entry.key)))
}

/// A step: a text, or texts by operating system, and perhaps a guard.
pub fn step(lower: &mut Lower<'_>, entry: &Entry<'_>) -> Option<(Text, Option<Guard>)> {
    let value = &entry.value;
    if value.as_scalar().is_some() {
        return lower.text(value).map(|text| (text, None));
    }
    let mut fields = Fields::of(lower, value, "a step", STEP_KEYS)?;
    let [linux, windows, macos, any] = ["linux", "windows", "macos", "any"]
        .map(|os| fields.take(os).and_then(|value| lower.reading(value)));
    let guard = match (fields.entry("needs"), fields.entry("else")) {
        (None, None) => None,
        (needs, _) => {
            let at = needs.map_or(entry.key_span, |entry| entry.key_span);
            let needs = fields
                .required(lower, "needs", entry.key_span)
                .and_then(|value| lower.answer_ref(value));
            let otherwise = fields
                .required(lower, "else", at)
                .and_then(|value| lower.node_id(value));
            needs
                .zip(otherwise)
                .map(|(needs, otherwise)| Guard { needs, otherwise })
        }
    };
    if linux.is_none() && windows.is_none() && macos.is_none() && any.is_none() {
        lower.report(
            Diagnostic::error(
                codes::MISSING_KEY,
                entry.key_span,
                format!("the step `{}` has no text", entry.key),
            )
            .help("give one under `any`, or one for each of `linux`, `windows`, `macos`"),
        );
        return None;
    }
    Some((
        PerOs::By {
            linux,
            windows,
            macos,
            any,
        },
        guard,
    ))
}
