//! The report as one HTML file: no scripts, nothing that is loaded, every text escaped. It reads without colours, and
//! prints.
//!
//! Its content-security policy allows its own style, named by its hash, and nothing else: what ever slipped through the
//! escaping would still not run.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use crate::report::{
    Report,
    block::{Block, Piece},
    page::page,
};

/// Shades only; what they say stands in words as well.
const STYLE: &str = "
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid; }
li { margin: .25rem 0; }
p { margin: .5rem 0; }
code, pre { font: .9em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; border: 1px solid; padding: .5rem; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10pt; }
  h2, li > p:first-child { break-after: avoid; }
  pre { break-inside: avoid; }
}
";

/// The whole file.
pub fn html(report: &Report) -> String {
    let page = page(report);
    let title: String = page
        .iter()
        .find_map(|block| match block {
            Block::Title(line) => Some(line.iter().map(Piece::text).collect()),
            _ => None,
        })
        .unwrap_or_default();
    let hash = BASE64.encode(&Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    );
    let mut out = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
    // Before all else: it holds for what comes behind it.
    out.push_str("<meta charset=\"utf-8\">\n");
    out.push_str(&format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n"
    ));
    out.push_str("<meta name=\"referrer\" content=\"no-referrer\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<title>");
    escape(&title, &mut out);
    out.push_str(&format!(
        "</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
    ));
    blocks(&page, &mut out);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Title(text) => line("h1", text, out),
            Block::Heading(text) => line("h2", text, out),
            Block::Paragraph(text) => line("p", text, out),
            Block::Code(text) => {
                // A line feed at once behind the tag would be lost.
                out.push_str("<pre dir=\"ltr\">\n");
                escape(text, out);
                out.push_str("</pre>\n");
            }
            Block::List { first, items } => {
                let (begin, end) = match first {
                    Some(first) => (format!("<ol start=\"{first}\">\n"), "</ol>\n"),
                    None => ("<ul>\n".to_owned(), "</ul>\n"),
                };
                out.push_str(&begin);
                for item in items {
                    out.push_str("<li>");
                    self::blocks(item, out);
                    out.push_str("</li>\n");
                }
                out.push_str(end);
            }
        }
    }
}

fn line(tag: &str, line: &[Piece], out: &mut String) {
    out.push_str(&format!("<{tag}>"));
    for piece in line {
        match piece {
            Piece::Plain(text) => escape(text, out),
            Piece::Strong(text) => {
                out.push_str("<strong>");
                escape(text, out);
                out.push_str("</strong>");
            }
            Piece::Code(text) => {
                out.push_str("<code dir=\"ltr\">");
                escape(text, out);
                out.push_str("</code>");
            }
            Piece::Break => out.push_str("<br>"),
        }
    }
    out.push_str(&format!("</{tag}>\n"));
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{block::plain, prose};

    #[test]
    fn blocks_become_html() {
        let check = |page: &[Block], expected: &str| {
            let mut out = String::new();
            blocks(page, &mut out);
            assert_eq!(out, expected);
        };
        check(
            &[Block::Paragraph(plain("a <b onclick='x'> & \"c\"\nd"))],
            "<p>a &lt;b onclick=&#39;x&#39;&gt; &amp; &quot;c&quot;<br>d</p>\n",
        );
        check(
            &[Block::code("\n</pre><script>")],
            "<pre dir=\"ltr\">\n\n&lt;/pre&gt;&lt;script&gt;</pre>\n",
        );
        check(
            &prose::blocks("3. **a** `b`\n4. [c](javascript:d)"),
            "<ol start=\"3\">\n<li><p><strong>a</strong> <code dir=\"ltr\">b</code></p>\n</li>\n\
             <li><p>c (javascript:d)</p>\n</li>\n</ol>\n",
        );
    }

    #[test]
    fn the_style_breaks_nothing_off() {
        assert!(!STYLE.contains(['<', '&']));
    }
}
