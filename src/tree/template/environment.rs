//! MiniJinja set up for trees: strict, with fuel, without what could grow without bound or change anything.

use std::sync::LazyLock;

use minijinja::{Environment, UndefinedBehavior, Value};
use regex::{Regex, RegexBuilder};

use crate::tree::template::{MAX_FUEL, checks, statements, version};

/// Where a missing value is an error.
pub static STRICT: LazyLock<Environment<'static>> =
    LazyLock::new(|| environment(UndefinedBehavior::Strict));

/// For readers, once the strict one failed: a missing value shows as its name.
pub static LENIENT: LazyLock<Environment<'static>> =
    LazyLock::new(|| environment(UndefinedBehavior::Chainable));

/// The filters that there are: MiniJinja's without those that pad, format or mark as safe, and `version`.
pub const FILTERS: &[&str] = &[
    "abs",
    "attr",
    "bool",
    "capitalize",
    "count",
    "d",
    "default",
    "dictsort",
    "first",
    "float",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "select",
    "selectattr",
    "sort",
    "split",
    "string",
    "sum",
    "title",
    "trim",
    "unique",
    "upper",
    "urlencode",
    "version",
];

/// The tests that there are: MiniJinja's, and `matches`, `older_than`, `base64`.
pub const TESTS: &[&str] = &[
    "base64",
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "even",
    "false",
    "float",
    "ge",
    "gt",
    "in",
    "int",
    "integer",
    "iterable",
    "le",
    "lower",
    "lt",
    "mapping",
    "matches",
    "ne",
    "none",
    "number",
    "odd",
    "older_than",
    "sequence",
    "startingwith",
    "string",
    "true",
    "undefined",
    "upper",
];

/// What a compiled regular expression may take, in bytes.
const MAX_PATTERN: usize = 1024 * 1024;

fn environment(undefined: UndefinedBehavior) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(undefined);
    env.set_debug(false);
    env.set_fuel(Some(MAX_FUEL));
    env.set_recursion_limit(100);
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    for name in [
        "safe", "escape", "e", "indent", "format", "pprint", "batch", "slice", "chain", "zip",
        "groupby", "tojson",
    ] {
        env.remove_filter(name);
    }
    for name in ["debug", "namespace"] {
        env.remove_global(name);
    }
    env.add_filter("join", checks::join);
    env.add_filter("replace", checks::replace);
    env.add_filter("urlencode", checks::urlencode);
    env.add_filter("version", version::filter);
    env.add_filter(OR_UNKNOWN, |value: &Value, name: &str| {
        if value.is_undefined() {
            statements::unknown(name)
        } else {
            value.clone()
        }
    });
    for (name, test) in [
        (
            "eq",
            checks::eq as fn(&Value, &Value) -> Result<bool, minijinja::Error>,
        ),
        ("equalto", checks::eq),
        ("==", checks::eq),
        ("ne", checks::ne),
        ("!=", checks::ne),
        ("lt", checks::lt),
        ("lessthan", checks::lt),
        ("<", checks::lt),
        ("le", checks::le),
        ("<=", checks::le),
        ("gt", checks::gt),
        ("greaterthan", checks::gt),
        (">", checks::gt),
        ("ge", checks::ge),
        (">=", checks::ge),
        ("in", checks::is_in),
        ("startingwith", checks::starting_with),
        ("endingwith", checks::ending_with),
        ("matches", checks::matches),
    ] {
        env.add_test(name, test);
    }
    env.add_test("none", |value: &Value| {
        value.is_undefined() || value.is_none()
    });
    env.add_test("string", checks::is_string);
    env.add_test("base64", checks::base64);
    env.add_test("older_than", checks::older_than);
    env.set_formatter(statements::format);
    env
}

/// The filter that stands at the end of each expression where a missing value shows as its name.
pub const OR_UNKNOWN: &str = "or_unknown";

/// A regular expression within its bound; the error is a fragment.
pub fn pattern(source: &str) -> Result<Regex, String> {
    RegexBuilder::new(source)
        .size_limit(MAX_PATTERN)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => format!(
                "the regular expression takes more than {} KiB",
                MAX_PATTERN / 1024
            ),
            error => {
                let text = error.to_string();
                let last = text
                    .lines()
                    .last()
                    .unwrap_or("")
                    .trim_start_matches("error: ");
                format!("the regular expression does not parse: {last}")
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_name_what_is_there() {
        let env = &*STRICT;
        for filter in FILTERS {
            let source = format!("1 | {filter}");
            let error = env
                .compile_expression(&source)
                .and_then(|e| e.eval(()))
                .err();
            assert!(
                error.is_none_or(|error| error.kind() != minijinja::ErrorKind::UnknownFilter),
                "there is no filter {filter}"
            );
        }
        for test in TESTS {
            let source = format!("1 is {test}");
            let error = env
                .compile_expression(&source)
                .and_then(|e| e.eval(()))
                .err();
            assert!(
                error.is_none_or(|error| error.kind() != minijinja::ErrorKind::UnknownTest),
                "there is no test {test}"
            );
        }
    }
}
