//! The XML reader's own errors, in words that say what to do.

use quick_xml::errors::{Error, IllFormedError, SyntaxError};

use crate::probe::config::{
    entry::Malformed,
    tag::{self, Known},
};

/// The reader's own errors: all but one mean that the file ends too soon.
pub fn malformed(text: &str, error: &Error, at: usize, known: Known<'_>) -> Malformed {
    let at = at.min(text.len());
    let end = text[at..]
        .find(['\r', '\n'])
        .map_or(text.len(), |end| at + end);
    let cut = |what: &str| {
        let why = format!("{what} is not closed before the end of the file: it may be cut off");
        Malformed::cut_off(at..end, why)
    };
    let other = |why: &str| Malformed::new(at..end, why);
    match error {
        Error::Syntax(SyntaxError::UnclosedComment) => cut("the comment"),
        Error::Syntax(SyntaxError::UnclosedCData) => cut("the `<![CDATA[`"),
        Error::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => cut("the `<?`"),
        Error::Syntax(SyntaxError::UnclosedDoctype) => cut("the `<!DOCTYPE`"),
        Error::Syntax(SyntaxError::InvalidBangMarkup) => {
            other("a `<!` that begins neither a comment nor a document type")
        }
        Error::Syntax(_) if text[at..].starts_with("</") => cut("the end tag"),
        Error::Syntax(_) => match tag::scan(text, at, known) {
            Err(malformed) => malformed,
            Ok(_) => cut("the tag"),
        },
        Error::IllFormed(IllFormedError::MissingDoctypeName) => {
            other("a document type without a name")
        }
        // What the reader says of others may hold a word of the file.
        _ => other("this is no XML"),
    }
}

#[cfg(test)]
mod tests {
    use crate::probe::config::{entry::Shape, xml::parse};

    #[test]
    fn files_that_end_too_soon() {
        let shape = Shape {
            entry: "parameter".into(),
            key: "name".into(),
            value: Some("value".into()),
        };
        let check = |text: &str, marked: &str, why: &str| {
            let malformed = parse(text, &shape).malformed;
            let found = malformed
                .as_ref()
                .map(|m| (&text[m.at.clone()], m.fault.name(), m.why.as_str()));
            assert_eq!(found, Some((marked, "cut-off", why)), "{text}");
        };
        check(
            "<a><!-- never closed\n</a>",
            "<!-- never closed",
            "the comment is not closed before the end of the file: it may be cut off",
        );
        check(
            "<a>\n<parameter name=\"ur",
            "\"ur",
            "the value of `name` is not closed before the end of the file: it may be cut off",
        );
        check(
            "<a>\n<parameter name=\"x\"",
            "<parameter name=\"x\"",
            "the tag `<parameter` is not closed before the end of the file: it may be cut off",
        );
        check(
            "<a>\n</a",
            "</a",
            "the end tag is not closed before the end of the file: it may be cut off",
        );
    }
}
