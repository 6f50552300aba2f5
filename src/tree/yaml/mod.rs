//! YAML 1.2 text → own spanned values. The one module, with those below it, that knows the YAML parser.
//!
//! Every value keeps the bytes that it was written with. Nothing is resolved by type here: `yes`, `12` and `null` are
//! scalars whose meaning the place decides that they stand in. Anchors are shared, never copied; what aliases would
//! unfold to is counted and bounded. Never recursive: a hostile file costs memory in proportion to its size.

mod broken;
mod builder;

use std::{borrow::Cow, sync::Arc};

use granit_parser::{Parser, options};

use crate::diag::{Diagnostic, SourceText, Span};
use builder::Builder;

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
    /// Boxed: the way that goes well is the usual one.
    pub diagnostic: Box<Diagnostic>,
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
    let mut builder = Builder::new(
        source,
        diagnostics,
        text.len().saturating_mul(MAX_UNFOLDING),
    );
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
                return Err(broken::broken(text, at, error.kind()));
            }
        }
    }
    Ok(builder.finish())
}
