//! A log file as a stream in which ASCII is ASCII: compressed ones inflated, UTF-16 decoded, a byte-order mark left out.
//! Bounds nothing: whoever reads counts what comes out.

use std::io::{self, Cursor, Read};

use encoding_rs::{Decoder, Encoding};
use flate2::read::MultiGzDecoder;

use crate::{host::LacksStart, probe::decode};

/// What is looked at to tell the encoding, in bytes.
const SNIFFED: usize = 1024;
const CHUNK: usize = 64 << 10;

/// A log as text.
pub struct Text {
    pub content: Box<dyn Read + Send>,
    /// What stood before it, where that is missing.
    pub lacks: Option<LacksStart>,
}

/// The content as text. A file is taken for gzip by its first bytes, whatever its name is.
pub fn open(mut content: Box<dyn Read + Send>) -> io::Result<Text> {
    let lacks = match content.read(&mut []) {
        Ok(_) => None,
        // A log without its start is a log.
        Err(error) => Some(LacksStart::told_by(&error).ok_or(error)?),
    };
    let content = text(content)?;
    Ok(Text { content, lacks })
}

fn text(content: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let (start, content) = peek(content, 2)?;
    let content: Box<dyn Read + Send> = if start == [0x1f, 0x8b] {
        Box::new(MultiGzDecoder::new(content))
    } else {
        content
    };
    let (start, mut content) = peek(content, SNIFFED)?;
    let (encoding, mark) = decode::sniff(&start);
    content.read_exact(&mut vec![0; mark])?;
    match encoding {
        Some(encoding) if encoding != encoding_rs::UTF_8 => {
            Ok(Box::new(Decoding::new(content, encoding)))
        }
        _ => Ok(content),
    }
}

/// The first bytes, and the content with them still before it.
fn peek(
    mut content: Box<dyn Read + Send>,
    length: usize,
) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut start = Vec::with_capacity(length);
    match content.by_ref().take(length as u64).read_to_end(&mut start) {
        // What was inflated before the stream broke is still worth reading; the break comes up again at its place.
        Err(error) if start.is_empty() => return Err(error),
        Err(error) => {
            let broken = Cursor::new(start.clone()).chain(Broken(Some(error)));
            return Ok((start, Box::new(broken)));
        }
        Ok(_) => {}
    }
    let whole = Cursor::new(start.clone()).chain(content);
    Ok((start, Box::new(whole)))
}

/// Fails once, where the stream failed.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

struct Decoding {
    content: Box<dyn Read + Send>,
    decoder: Decoder,
    raw: Vec<u8>,
    text: String,
    given: usize,
    at_end: bool,
}

impl Decoding {
    fn new(content: Box<dyn Read + Send>, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self {
            content,
            decoder,
            raw: vec![0; CHUNK],
            text: String::new(),
            given: 0,
            at_end: false,
        }
    }
}

impl Read for Decoding {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.at_end {
            let count = self.content.read(&mut self.raw)?;
            self.at_end = count == 0;
            self.text.clear();
            self.given = 0;
            // Room for the worst case, so that one call takes all.
            self.text.reserve(
                self.decoder
                    .max_utf8_buffer_length(count)
                    .unwrap_or(4 * CHUNK),
            );
            let _ = self
                .decoder
                .decode_to_string(&self.raw[..count], &mut self.text, self.at_end);
        }
        let rest = &self.text.as_bytes()[self.given..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn read(bytes: &[u8]) -> io::Result<String> {
        let mut text = Vec::new();
        open(Box::new(Cursor::new(bytes.to_vec())))?
            .content
            .read_to_end(&mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder
            .write_all(bytes)
            .and_then(|()| encoder.finish())
            .expect("memory takes it")
    }

    #[test]
    fn files() {
        let text = "08/23/21 08:38:29 (563) grün ”x” 😀\r\n".repeat(5000);
        let check = |bytes: &[u8]| assert!(read(bytes).is_ok_and(|read| read == text));
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(text.as_bytes());
        check(&[b"\xef\xbb\xbf", text.as_bytes()].concat());
        check(&little);
        check(&[b"\xff\xfe", little.as_slice()].concat());
        check(&[b"\xfe\xff", big.as_slice()].concat());
        check(&gzip(text.as_bytes()));
        check(&gzip(&little));
        check(
            &[
                gzip(&text.as_bytes()[..1000]),
                gzip(&text.as_bytes()[1000..]),
            ]
            .concat(),
        );
        assert!(read(b"").is_ok_and(|read| read.is_empty()));
        assert!(read(b"x").is_ok_and(|read| read == "x"));
    }

    #[test]
    fn a_broken_archive_gives_what_can_be_read_and_then_fails() {
        let whole = gzip("line\n".repeat(100_000).as_bytes());
        let mut reader = open(Box::new(Cursor::new(whole[..whole.len() / 2].to_vec())))
            .expect("its start is whole")
            .content;
        let mut text = Vec::new();
        assert!(reader.read_to_end(&mut text).is_err());
        assert!(text.starts_with(b"line\nline\n"));
        let short = gzip(b"one line\n");
        let mut reader = open(Box::new(Cursor::new(short[..short.len() - 4].to_vec())))
            .expect("its start is whole")
            .content;
        let mut text = Vec::new();
        assert!(reader.read_to_end(&mut text).is_err());
        assert_eq!(text, b"one line\n");
        assert!(read(b"\x1f\x8bgarbage that is no archive").is_err());
    }
}
