//! A template or an expression, compiled once: what stands as it is, and what is to be evaluated.

use std::{fmt, ops::Range};

use minijinja::ErrorKind;

use crate::{
    finding::{InputName, ProbeName},
    tree::{
        Demands, NodeId, StepName,
        template::{
            MAX_TEMPLATE,
            compiled::Compiled,
            environment, limits,
            rewrite::{self, Rewritten},
            scan::{self, Chain, Stretch, Token},
        },
    },
};

/// What is wrong with a template's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub kind: MistakeKind,
    /// A lowercase fragment.
    pub message: String,
    /// Where in the template's own text.
    pub range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MistakeKind {
    /// MiniJinja cannot read it.
    Syntax,
    /// A regular expression in it does not parse.
    Pattern,
    /// It is larger than it may be.
    Bound,
}

/// The compiled form.
pub struct Code {
    pub body: Body,
    chains: Vec<Chain>,
}

pub enum Body {
    /// Raw text and expressions in order.
    Pieces(Vec<Piece>),
    /// A template with statements, its comparisons rewritten; compiled when it is rendered, since MiniJinja's compiled
    /// template borrows its text.
    Statements(String),
    /// One expression.
    Expression(Piece),
    /// It does not parse.
    Broken(String),
}

pub enum Piece {
    Raw(Range<usize>),
    /// A name and constant subscripts alone; looked up without MiniJinja.
    Chain(Chain),
    Compiled(Compiled),
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Code")
            .field("chains", &self.chains)
            .finish_non_exhaustive()
    }
}

/// Names that are there without being inputs.
pub const GLOBALS: &[&str] = &["facts", "answers", "steps", "found", "os"];
/// Functions that an expression may call.
pub const FUNCTIONS: &[&str] = &["range", "dict"];

pub fn is_templated(source: &str) -> bool {
    memchr::memchr_iter(b'{', source.as_bytes())
        .any(|at| matches!(source.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#')))
}

impl Code {
    pub fn template(source: &str) -> (Self, Option<Mistake>) {
        if source.len() > MAX_TEMPLATE {
            return Self::broken(bound(
                0..source.len(),
                format!("a text may have at most {} KiB", MAX_TEMPLATE / 1024),
            ));
        }
        let Some(stretches) = scan::stretches(source) else {
            return Self::broken(unclosed(source));
        };
        if stretches
            .iter()
            .any(|stretch| matches!(stretch, Stretch::Statement(_)))
        {
            return Self::with_statements(source, &stretches);
        }
        let mut chains = Vec::new();
        let mut pieces = Vec::with_capacity(stretches.len());
        for stretch in stretches {
            match stretch {
                Stretch::Raw(range) => pieces.push(Piece::Raw(trimmed(source, range))),
                Stretch::Expression(range) | Stretch::Statement(range) => {
                    let tokens = scan::tokens(source, range.clone());
                    match piece(source, range, &tokens, &mut chains) {
                        Ok(piece) => pieces.push(piece),
                        Err(mistake) => return Self::broken_with(mistake, chains),
                    }
                }
            }
        }
        (
            Self {
                body: Body::Pieces(pieces),
                chains,
            },
            None,
        )
    }

    pub fn expression(source: &str) -> (Self, Option<Mistake>) {
        let mut chains = Vec::new();
        let tokens = scan::tokens(source, 0..source.len());
        match piece(source, 0..source.len(), &tokens, &mut chains) {
            Ok(piece) => (
                Self {
                    body: Body::Expression(piece),
                    chains,
                },
                None,
            ),
            Err(mistake) => Self::broken_with(mistake, chains),
        }
    }

    fn with_statements(source: &str, stretches: &[Stretch]) -> (Self, Option<Mistake>) {
        let mut chains = Vec::new();
        let mut written = String::with_capacity(source.len() + 64);
        let mut done = 0;
        let mut locals = vec!["loop".to_owned()];
        for stretch in stretches {
            let (range, from) = match stretch {
                Stretch::Raw(_) => continue,
                Stretch::Expression(range) => (range.clone(), 0),
                Stretch::Statement(range) => {
                    let tokens = scan::tokens(source, range.clone());
                    match statement(source, range, &tokens, &mut locals) {
                        Ok(from) => (range.clone(), from),
                        Err(mistake) => return Self::broken_with(mistake, chains),
                    }
                }
            };
            let tokens = scan::tokens(source, range.clone());
            let tokens = &tokens[from.min(tokens.len())..];
            if let Some(mistake) = limits::check_tokens(source, &range, tokens) {
                return Self::broken_with(mistake, chains);
            }
            chains.extend(
                scan::chains(source, tokens)
                    .into_iter()
                    .filter(|chain| !locals.iter().any(|l| l == chain.root())),
            );
            match rewrite::comparisons(source, tokens) {
                Rewritten::Same => {}
                Rewritten::To(edits) => {
                    for (at, text) in edits {
                        written.push_str(&source[done..at.start]);
                        written.push_str(&text);
                        done = at.end;
                    }
                }
                Rewritten::Chained(range) => return Self::broken_with(chained(range), chains),
            }
        }
        written.push_str(&source[done..]);
        if let Err(error) = environment::STRICT.template_from_str(&written) {
            // Told from the text as the author wrote it.
            let error = environment::STRICT
                .template_from_str(source)
                .err()
                .unwrap_or(error);
            return Self::broken_with(syntax(&error, 0..source.len()), chains);
        }
        (
            Self {
                body: Body::Statements(written),
                chains,
            },
            None,
        )
    }

    fn broken(mistake: Mistake) -> (Self, Option<Mistake>) {
        Self::broken_with(mistake, Vec::new())
    }

    fn broken_with(mistake: Mistake, chains: Vec<Chain>) -> (Self, Option<Mistake>) {
        (
            Self {
                body: Body::Broken(mistake.message.clone()),
                chains,
            },
            Some(mistake),
        )
    }

    pub fn chains(&self) -> &[Chain] {
        &self.chains
    }

    pub fn demands(&self) -> Demands {
        let mut demands = Demands::default();
        for chain in &self.chains {
            let name = chain.name(1);
            match (chain.root(), name) {
                ("facts", Some(name)) => add(&mut demands.probes, ProbeName::new(name)),
                ("answers", Some(name)) => add(&mut demands.answers, NodeId::new(name)),
                ("steps", Some(name)) => add(&mut demands.steps, StepName::new(name)),
                ("found", _) => demands.found = true,
                (root, _) if GLOBALS.contains(&root) || FUNCTIONS.contains(&root) => {}
                (root, _) => add(&mut demands.inputs, InputName::new(root)),
            }
        }
        demands
    }
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// Leaves out the white space that `{{-` and `-}}` beside it take away.
fn trimmed(source: &str, range: Range<usize>) -> Range<usize> {
    let mut range = range;
    if source[..range.start].ends_with("-}}") || source[..range.start].ends_with("-#}") {
        range.start = range.end - source[range.clone()].trim_start().len();
    }
    if source[range.end..].starts_with("{{-") || source[range.end..].starts_with("{#-") {
        range.end = range.start + source[range.clone()].trim_end().len();
    }
    range
}

fn piece(
    source: &str,
    range: Range<usize>,
    tokens: &[Token],
    chains: &mut Vec<Chain>,
) -> Result<Piece, Mistake> {
    let own = scan::chains(source, tokens);
    if let ([chain], Some(first), Some(last)) = (own.as_slice(), tokens.first(), tokens.last())
        && chain.range == (first.range.start..last.range.end)
    {
        let chain = chain.clone();
        chains.extend(own);
        return Ok(Piece::Chain(chain));
    }
    chains.extend(own);
    if let Some(mistake) = limits::check_tokens(source, &range, tokens) {
        return Err(mistake);
    }
    let text = &source[range.clone()];
    let rewritten = match rewrite::comparisons(source, tokens) {
        Rewritten::Same => text.to_owned(),
        Rewritten::Chained(range) => return Err(chained(range)),
        Rewritten::To(edits) => {
            let mut written = String::with_capacity(text.len() + 32);
            let mut done = range.start;
            for (at, new) in edits {
                written.push_str(&source[done..at.start]);
                written.push_str(&new);
                done = at.end;
            }
            written.push_str(&source[done..range.end]);
            written
        }
    };
    match Compiled::new(rewritten, range.clone()) {
        Ok(compiled) => Ok(Piece::Compiled(compiled)),
        Err(error) => {
            let error = environment::STRICT
                .compile_expression(text)
                .err()
                .unwrap_or(error);
            Err(syntax(&error, range))
        }
    }
}

/// How many tokens stand before a statement's own expression. Only `if` and `for` are statements of a tree's language.
fn statement(
    source: &str,
    range: &Range<usize>,
    tokens: &[Token],
    locals: &mut Vec<String>,
) -> Result<usize, Mistake> {
    let text = |at: usize| {
        tokens
            .get(at)
            .map_or("", |token| &source[token.range.clone()])
    };
    match text(0) {
        "if" | "elif" => Ok(1),
        "for" => {
            let from = (1..tokens.len())
                .find(|at| text(*at) == "in")
                .unwrap_or(tokens.len());
            locals.extend(
                (1..from)
                    .map(|at| text(at).to_owned())
                    .filter(|name| name != ","),
            );
            Ok(from + 1)
        }
        "else" | "endif" | "endfor" => Ok(1),
        other => Err(Mistake {
            kind: MistakeKind::Syntax,
            message: format!("`{other}` is no statement here: there are `if` and `for`"),
            range: range.clone(),
        }),
    }
}

pub fn bound(range: Range<usize>, message: String) -> Mistake {
    Mistake {
        kind: MistakeKind::Bound,
        message,
        range,
    }
}

fn chained(range: Range<usize>) -> Mistake {
    Mistake {
        kind: MistakeKind::Syntax,
        message: "comparisons cannot be chained: join two with `and`".to_owned(),
        range,
    }
}

fn unclosed(source: &str) -> Mistake {
    let at = ["{{", "{%", "{#"]
        .into_iter()
        .filter_map(|open| source.rfind(open))
        .max()
        .unwrap_or(0);
    Mistake {
        kind: MistakeKind::Syntax,
        message: format!("`{}` is never closed", &source[at..at + 2]),
        range: at..at + 2,
    }
}

fn syntax(error: &minijinja::Error, range: Range<usize>) -> Mistake {
    let message = match (error.kind(), error.detail()) {
        (ErrorKind::SyntaxError, Some(detail)) => detail.to_owned(),
        _ => error.to_string(),
    };
    let found = error.range().map_or(range.clone(), |inner| {
        let start = (range.start + inner.start).min(range.end);
        start..(range.start + inner.end).clamp(start, range.end)
    });
    let found = if found.is_empty() { range } else { found };
    Mistake {
        kind: MistakeKind::Syntax,
        message,
        range: found,
    }
}
