//! The codes of mistakes that are found while a file is read.

use super::{
    codes,
    rule::{Check, Rule, fixture},
};

macro_rules! reading {
    ($($name:ident $code:literal: $means:literal, $why:literal;)*) => {$(
        pub static $name: Rule = Rule {
            code: codes::$name,
            means: $means,
            why: $why,
            bad: fixture!($code, "bad"),
            good: fixture!($code, "good"),
            check: Check::Reading,
        };
    )*};
}

reading! {
    BAD_ENCODING "bad-encoding":
        "the file is no UTF-8",
        "Umlauts and quotes would show as something else on other machines. Editors call it *encoding*.";
    BAD_YAML "bad-yaml":
        "the file is no YAML here",
        "What stands after such a place cannot be told apart. The entry around it is left out, and the rest is checked all the same.";
    PAST_BOUND "past-bound":
        "something is larger, deeper or more than it may be",
        "Trees come from anywhere. A bound keeps one from eating the memory or the time of whoever opens it.";
    NOT_A_TREE "not-a-tree":
        "the file holds something else than a tree, or nothing",
        "A tree is a mapping that begins with `waypost: 1`.";
    UNKNOWN_KEY "unknown-key":
        "a key stands where it means nothing",
        "What stands under it would be silently ignored. Most often the key is misspelt, or indented one step too far.";
    MISSING_KEY "missing-key":
        "a key that must be there is not, or has no value",
        "Without it the walk would lack a question, a way on or an end.";
    WRONG_TYPE "wrong-type":
        "a text, a list or a mapping is wanted, and something else stands there",
        "In YAML `true`, `12` and nothing are no texts, and a list is no mapping: it would be read as something that was not meant.";
    BAD_VALUE "bad-value":
        "a value is none of those that are possible here",
        "A date, a duration, a type or a verdict has a form of its own; anything else has no meaning.";
    BAD_NAME "bad-name":
        "a name is not written as names of its sort are",
        "Nodes, answers and outcomes are kebab-case; inputs, probes, patterns and steps are snake_case, because expressions name them.";
    DUPLICATE_NAME "duplicate-name":
        "a key or an answer's id stands twice in one place",
        "Only one of them can be meant, and YAML does not say which.";
    TEXT_GONE_WRONG "text-gone-wrong":
        "YAML made something else of a text: `: ` a mapping, ` #` a comment",
        "The reader would see half of the sentence, or nothing.";
    BAD_EXPRESSION "bad-expression":
        "a template or an expression does not parse",
        "It would have no value: a case would always be unknown, a text could not be shown.";
    BAD_PATTERN "bad-pattern":
        "a regular expression does not parse",
        "The probe could not look for it.";
    BAD_SIDE_FILE "bad-side-file":
        "a file beside the tree is not there or cannot be used",
        "The probe would miss what it is to compare with. Such a file lies in the tree's folder and nowhere else.";
    CAUSE_WITHOUT_FIX "cause-without-fix":
        "a cause has no `fix`",
        "The reader would know what is wrong and not what to do. Where nobody here can mend it, the verdict is `escalate`, with whom to ask.";
}
