//! The parser's events → values, without recursion.

use std::{borrow::Cow, collections::HashSet, sync::Arc};

use granit_parser::{Event, ScalarStyle};

use crate::{
    diag::{Diagnostic, SourceText, Span},
    tree::{
        lint::codes,
        yaml::{Broken, Entry, Kind, MAX_DEPTH, MAX_UNFOLDING, Scalar, Yaml, broken::past_depth},
    },
};

/// Puts events together; everything that a file could do to its reader is bounded here.
pub struct Builder<'a, 's> {
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

impl<'a, 's> Builder<'a, 's> {
    /// `budget` is what all aliases together may unfold to, in bytes.
    pub fn new(
        source: &'s SourceText,
        diagnostics: &'s mut Vec<Diagnostic>,
        budget: usize,
    ) -> Self {
        Self {
            source,
            diagnostics,
            stack: Vec::new(),
            root: None,
            anchors: Vec::new(),
            unfolded: 0,
            budget,
        }
    }

    pub fn finish(self) -> Option<Yaml<'a>> {
        self.root
    }

    pub fn event(&mut self, event: Event<'a>, span: Span) -> Result<(), Broken> {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => Err(Broken {
                diagnostic: Box::new(Diagnostic::error(
                    codes::BAD_YAML,
                    span,
                    "a file holds one tree, and here begins another document",
                )),
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
                diagnostic: Box::new(Diagnostic::error(
                    codes::PAST_BOUND,
                    span,
                    format!("the aliases unfold to more than {MAX_UNFOLDING} times the file"),
                )),
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
                    if is_new(entries, seen, key.clone()) {
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

fn is_new<'a>(entries: &[Entry<'a>], seen: &mut HashSet<Cow<'a, str>>, key: Cow<'a, str>) -> bool {
    if entries.len() < SMALL_MAP {
        return entries.iter().all(|entry| entry.key != key);
    }
    if seen.is_empty() {
        seen.extend(entries.iter().map(|entry| entry.key.clone()));
    }
    seen.insert(key)
}
