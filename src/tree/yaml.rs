//! YAML 1.2 text → own spanned values. The one module that knows the YAML parser.
//!
//! Every value keeps the bytes that it was written with. Nothing is resolved by type here: `yes`, `12` and `null` are
//! scalars whose meaning the place decides that they stand in. Anchors are shared, never copied; what aliases would
//! unfold to is counted and bounded. Never recursive: a hostile file costs memory in proportion to its size.

use std::{borrow::Cow, collections::HashSet, sync::Arc};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, options};

use crate::{
    diag::{Diagnostic, SourceText, Span},
    tree::lint::codes,
};

/// Levels of nesting, block and flow together.
pub const MAX_DEPTH: usize = 255;
/// What all aliases together may unfold to, as a multiple of the file's size.
pub const MAX_UNFOLDING: usize = 10;

/// A value and the bytes that it was written with.
#[derive(Debug, Clone)]
pub struct Yaml<'a> {
    pub span: Span,
    kind: Kind<'a>,
}

#[derive(Debug, Clone)]
pub enum Kind<'a> {
    Scalar(Scalar<'a>),
    List(Vec<Yaml<'a>>),
    Map(Vec<Entry<'a>>),
    /// Anchored, and perhaps used again by an alias. [`Yaml::kind`] never gives it.
    Shared(Arc<Yaml<'a>>),
}

#[derive(Debug, Clone)]
pub struct Scalar<'a> {
    pub text: Cow<'a, str>,
    /// Written without quotes and not as a block: the only style in which `true` and `12` are not text.
    pub plain: bool,
}

/// One `key: value`. A key is always a scalar.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    pub key: Cow<'a, str>,
    pub key_span: Span,
    pub value: Yaml<'a>,
}

impl<'a> Yaml<'a> {
    pub fn kind(&self) -> &Kind<'a> {
        let mut kind = &self.kind;
        while let Kind::Shared(target) = kind {
            kind = &target.kind;
        }
        kind
    }

    pub fn as_map(&self) -> Option<&[Entry<'a>]> {
        match self.kind() {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Yaml<'a>]> {
        match self.kind() {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_scalar(&self) -> Option<&Scalar<'a>> {
        match self.kind() {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Nothing written, `~` or `null`.
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| {
            scalar.plain && matches!(&*scalar.text, "" | "~" | "null" | "Null" | "NULL")
        })
    }

    /// What it is, for a message: `a list`.
    pub fn what(&self) -> &'static str {
        match self.kind() {
            Kind::List(_) => "a list",
            Kind::Map(_) => "a mapping",
            _ if self.is_null() => "nothing",
            Kind::Scalar(scalar) if scalar.plain => match &*scalar.text {
                "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => "a boolean",
                text if text.parse::<f64>().is_ok() => "a number",
                _ => "a text",
            },
            _ => "a text",
        }
    }
}

/// Where the parser had to stop.
#[derive(Debug)]
pub struct Broken {
    pub diagnostic: Diagnostic,
    /// Whether the rest can be read when the entry with the mistake is left out.
    pub recoverable: bool,
}

/// Reads the one document in `text`, which is `source`'s text or that with broken parts blanked. `None` where there is
/// nothing but comments. Keys that are written twice are reported and the first one kept.
pub fn parse<'a>(
    text: &'a str,
    source: &SourceText,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Yaml<'a>>, Broken> {
    let options = options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut builder = Builder {
        source,
        diagnostics,
        stack: Vec::new(),
        root: None,
        anchors: Vec::new(),
        unfolded: 0,
        budget: text.len().saturating_mul(MAX_UNFOLDING),
    };
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => {
                let span = span
                    .byte_range()
                    .map_or(Span::default(), |range| Span::new(range.start, range.end));
                builder.event(event, span)?;
            }
            Err(error) => {
                let at = error
                    .marker()
                    .byte_offset()
                    .unwrap_or(text.len())
                    .min(text.len());
                return Err(broken(text, at, error.kind()));
            }
        }
    }
    Ok(builder.root)
}

struct Builder<'a, 's> {
    source: &'s SourceText,
    diagnostics: &'s mut Vec<Diagnostic>,
    stack: Vec<Frame<'a>>,
    root: Option<Yaml<'a>>,
    /// By the parser's anchor id: the value and what it unfolds to in bytes. `None` while it is still open.
    anchors: Vec<Option<(Arc<Yaml<'a>>, usize)>>,
    unfolded: usize,
    budget: usize,
}

struct Frame<'a> {
    open: Open<'a>,
    start: usize,
    /// The end of the last thing in it: a block's own end event lies after the white space that follows.
    end: usize,
    anchor: usize,
    /// What the aliases in it unfold to.
    unfolded: usize,
}

enum Open<'a> {
    List(Vec<Yaml<'a>>),
    Map {
        entries: Vec<Entry<'a>>,
        key: Option<(Option<Cow<'a, str>>, Span)>,
        seen: HashSet<Cow<'a, str>>,
    },
}

/// From this many entries on, keys are looked up in a set.
const SMALL_MAP: usize = 12;

impl<'a> Builder<'a, '_> {
    fn event(&mut self, event: Event<'a>, span: Span) -> Result<(), Broken> {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => Err(Broken {
                diagnostic: Diagnostic::error(
                    codes::BAD_YAML,
                    span,
                    "a file holds one tree, and here begins another document",
                ),
                recoverable: false,
            }),
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain
                    && !tag
                        .as_ref()
                        .is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                if let Some(tag) = tag {
                    self.tag(&tag, span);
                }
                self.value(Kind::Scalar(Scalar { text, plain }), span, anchor, 0)
            }
            Event::SequenceStart(_, anchor, tag) => {
                if let Some(tag) = tag {
                    self.tag(&tag, span);
                }
                self.open(Open::List(Vec::new()), span, anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                if let Some(tag) = tag {
                    self.tag(&tag, span);
                }
                self.open(
                    Open::Map {
                        entries: Vec::new(),
                        key: None,
                        seen: HashSet::new(),
                    },
                    span,
                    anchor,
                )
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::BAD_YAML,
                        span,
                        format!("no anchor `&{name}` stands before this alias"),
                    )
                    .help("a text that begins with `*` wants quotes"),
                );
                self.value(
                    Kind::Scalar(Scalar {
                        text: Cow::Borrowed(""),
                        plain: false,
                    }),
                    span,
                    0,
                    0,
                )
            }
            _ => Ok(()),
        }
    }

    fn tag(&mut self, tag: &granit_parser::Tag, span: Span) {
        if tag.core_suffix().is_none() {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::BAD_YAML,
                    span,
                    format!("the tag `{}` means nothing in a tree", tag.original()),
                )
                .help("a text that begins with `!` wants quotes"),
            );
        }
    }

    fn open(&mut self, open: Open<'a>, span: Span, anchor: usize) -> Result<(), Broken> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(past_depth(span));
        }
        self.reserve(anchor);
        self.stack.push(Frame {
            open,
            start: span.start,
            end: span.end,
            anchor,
            unfolded: 0,
        });
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), Broken> {
        let Some(frame) = self.stack.pop() else {
            return Ok(());
        };
        // A flow collection's end is its bracket; a block's end lies where the next thing begins.
        let end = if span.end > span.start {
            span.end
        } else {
            frame.end
        };
        let kind = match frame.open {
            Open::List(items) => Kind::List(items),
            Open::Map { entries, .. } => Kind::Map(entries),
        };
        self.value(
            kind,
            Span::new(frame.start, end),
            frame.anchor,
            frame.unfolded,
        )
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Broken> {
        let Some(Some((target, size))) = self.anchors.get(anchor) else {
            self.diagnostics.push(Diagnostic::error(
                codes::BAD_YAML,
                span,
                "this alias stands inside what it names",
            ));
            return self.value(
                Kind::Scalar(Scalar {
                    text: Cow::Borrowed(""),
                    plain: false,
                }),
                span,
                0,
                0,
            );
        };
        let (target, size) = (target.clone(), *size);
        self.unfolded = self.unfolded.saturating_add(size);
        if self.unfolded > self.budget {
            return Err(Broken {
                diagnostic: Diagnostic::error(
                    codes::PAST_BOUND,
                    span,
                    format!("the aliases unfold to more than {MAX_UNFOLDING} times the file"),
                ),
                recoverable: false,
            });
        }
        self.value(Kind::Shared(target), span, 0, size)
    }

    /// Makes room for an anchor that is not closed yet, so that an alias to it is seen.
    fn reserve(&mut self, anchor: usize) {
        if anchor > 0 {
            if self.anchors.len() <= anchor {
                self.anchors.resize(anchor + 1, None);
            }
            self.anchors[anchor] = None;
        }
    }

    fn value(
        &mut self,
        kind: Kind<'a>,
        span: Span,
        anchor: usize,
        unfolded: usize,
    ) -> Result<(), Broken> {
        let mut value = Yaml { span, kind };
        if anchor > 0 {
            self.reserve(anchor);
            let shared = Arc::new(value);
            self.anchors[anchor] = Some((
                shared.clone(),
                (span.end - span.start).saturating_add(unfolded).max(1),
            ));
            value = Yaml {
                span,
                kind: Kind::Shared(shared),
            };
        }
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(value);
            return Ok(());
        };
        frame.end = frame.end.max(span.end);
        frame.unfolded = frame.unfolded.saturating_add(unfolded);
        match &mut frame.open {
            Open::List(items) => items.push(value),
            Open::Map { entries, key, seen } => match key.take() {
                None => match value.kind() {
                    Kind::Scalar(scalar) => *key = Some((Some(scalar.text.clone()), span)),
                    _ => {
                        self.diagnostics.push(
                            Diagnostic::error(
                                codes::BAD_YAML,
                                span,
                                format!("a key is a name, and this is {}", value.what()),
                            )
                            .help("a text that begins with `{` or `[` wants quotes"),
                        );
                        *key = Some((None, span));
                    }
                },
                // A key that was refused is reported already.
                Some((None, _)) => {}
                Some((Some(key), key_span)) => {
                    if is_new(entries, seen, &key) {
                        entries.push(Entry {
                            key,
                            key_span,
                            value,
                        });
                    } else {
                        let first = entries
                            .iter()
                            .find(|entry| entry.key == key)
                            .map_or(0, |entry| entry.key_span.start);
                        let line = self.source.position(first).line;
                        self.diagnostics.push(
                            Diagnostic::error(
                                codes::DUPLICATE_NAME,
                                key_span,
                                format!("`{key}` stands here twice"),
                            )
                            .label(format!("first on line {line}"))
                            .help("keep one of them"),
                        );
                    }
                }
            },
        }
        Ok(())
    }
}

fn is_new<'a>(entries: &[Entry<'a>], seen: &mut HashSet<Cow<'a, str>>, key: &Cow<'a, str>) -> bool {
    if entries.len() < SMALL_MAP {
        return entries.iter().all(|entry| entry.key != *key);
    }
    if seen.is_empty() {
        seen.extend(entries.iter().map(|entry| entry.key.clone()));
    }
    seen.insert(key.clone())
}

fn past_depth(span: Span) -> Broken {
    Broken {
        diagnostic: Diagnostic::error(
            codes::PAST_BOUND,
            span,
            format!("nested deeper than {MAX_DEPTH} levels"),
        ),
        recoverable: false,
    }
}

/// The parser's error in the words of an author, with what most likely went wrong on that line.
fn broken(text: &str, at: usize, kind: &ErrorKind) -> Broken {
    let mut start = at;
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let end = text[start..]
        .chars()
        .next()
        .filter(|c| *c != '\n')
        .map_or(start, |c| start + c.len_utf8());
    let span = Span::new(start, end);
    if matches!(kind, ErrorKind::RecursionLimitExceeded) {
        return past_depth(span);
    }
    let message = kind.to_string();
    let message = message.trim_end_matches('.');
    let mut letters = message.chars();
    let message: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(letters)
        .collect();
    let mut diagnostic = Diagnostic::error(codes::BAD_YAML, span, message.as_str());
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or("").trim_end();
    let value = line
        .split_once(": ")
        .map_or(line, |(_, value)| value)
        .trim_start()
        .trim_start_matches("- ");
    let tab = message.contains("tab")
        || line
            .chars()
            .take_while(|c| c.is_whitespace())
            .any(|c| c == '\t');
    diagnostic.help = if tab {
        Some("YAML is indented with spaces, never with tabs".to_owned())
    } else if value.starts_with("{{") || value.starts_with("{%") {
        Some("a text that begins with `{` wants quotes around it".to_owned())
    } else if value.starts_with(['`', '@', '%', '*', '&', '!']) {
        Some(format!(
            "a text that begins with `{}` wants quotes around it",
            value.chars().take(1).collect::<String>()
        ))
    } else if !value.starts_with(['"', '\'']) && value.contains(": ") {
        Some("a text with `: ` in it wants quotes around it".to_owned())
    } else if value.starts_with('"') && value.contains('\\') {
        Some(
            "in double quotes `\\` begins an escape: write `\\\\`, or use single quotes".to_owned(),
        )
    } else {
        None
    };
    Broken {
        diagnostic,
        recoverable: true,
    }
}
