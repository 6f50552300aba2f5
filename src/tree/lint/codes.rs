//! The codes of all mistakes, as they stand in messages. What each means is told in [`super::RULES`].

pub const BAD_ENCODING: &str = "bad-encoding";
pub const BAD_EXPRESSION: &str = "bad-expression";
pub const BAD_NAME: &str = "bad-name";
pub const BAD_PATTERN: &str = "bad-pattern";
pub const BAD_SIDE_FILE: &str = "bad-side-file";
pub const BAD_VALUE: &str = "bad-value";
pub const BAD_YAML: &str = "bad-yaml";
pub const CAUSE_WITHOUT_FIX: &str = "cause-without-fix";
pub const DUPLICATE_NAME: &str = "duplicate-name";
pub const DUPLICATE_TREE: &str = "duplicate-tree";
pub const MISSING_KEY: &str = "missing-key";
pub const NOT_A_TREE: &str = "not-a-tree";
pub const PAST_BOUND: &str = "past-bound";
pub const TEXT_GONE_WRONG: &str = "text-gone-wrong";
pub const UNKNOWN_KEY: &str = "unknown-key";
pub const WRONG_TYPE: &str = "wrong-type";
