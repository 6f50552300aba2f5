//! One expression that MiniJinja evaluates. It is known to compile; it is compiled when it is first evaluated.
//!
//! MiniJinja's compiled form takes some ten kilobytes however short the expression is. A large tree has tens of thousands
//! of expressions, and a walk evaluates a handful.

use std::{fmt, ops::Range, sync::OnceLock};

use minijinja::{Error, Value};

use crate::tree::template::environment;

pub struct Compiled {
    /// Where it stands in the template's own text.
    pub range: Range<usize>,
    /// Its text, comparisons rewritten.
    written: Box<str>,
    code: OnceLock<Box<minijinja::Expression<'static, 'static>>>,
}

impl Compiled {
    /// Makes sure that it compiles.
    pub fn new(written: String, range: Range<usize>) -> Result<Self, Error> {
        environment::STRICT.compile_expression(&written)?;
        Ok(Self {
            range,
            written: written.into(),
            code: OnceLock::new(),
        })
    }

    pub fn eval(&self, context: Value) -> Result<Value, Error> {
        let code = match self.code.get() {
            Some(code) => code,
            None => {
                let code =
                    environment::STRICT.compile_expression_owned(self.written.to_string())?;
                self.code.get_or_init(|| Box::new(code))
            }
        };
        code.eval(context)
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Compiled").field(&self.written).finish()
    }
}
