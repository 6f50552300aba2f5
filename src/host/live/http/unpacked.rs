//! A body as it is unpacked while it comes, never further than its bound.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

/// How much of a body is taken, in bytes, after it was unpacked.
const BODY: usize = 1 << 20;

/// What takes a body.
pub(super) enum Unpacked {
    Plain(Taken),
    Gzip {
        decoder: Box<MultiGzDecoder<Taken>>,
        /// A reply without a body has nothing that could be unpacked.
        empty: bool,
    },
}

/// The first bytes of what was written.
#[derive(Default)]
pub(super) struct Taken {
    bytes: Vec<u8>,
    cut: bool,
}

impl Write for Taken {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = BODY - self.bytes.len();
        if bytes.len() > room {
            self.bytes.extend_from_slice(&bytes[..room]);
            self.cut = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Unpacked {
    pub fn new(gzip: bool) -> Self {
        if gzip {
            Self::Gzip {
                decoder: Box::new(MultiGzDecoder::new(Taken::default())),
                empty: true,
            }
        } else {
            Self::Plain(Taken::default())
        }
    }

    /// Takes a piece. `false` where the bound is reached.
    ///
    /// # Errors
    /// What came is not packed as it says.
    pub fn take(&mut self, piece: &[u8]) -> io::Result<bool> {
        let taken = match self {
            Self::Plain(taken) => taken.write_all(piece),
            Self::Gzip { decoder, empty } => {
                *empty &= piece.is_empty();
                decoder.write_all(piece)
            }
        };
        self.within(taken)
    }

    /// What was taken, and whether it was cut. With `whole`, the body has come to its end.
    ///
    /// # Errors
    /// What is packed does not end where the body does.
    pub fn end(mut self, whole: bool) -> io::Result<(Vec<u8>, bool)> {
        if !self.taken().cut
            && let Self::Gzip { decoder, empty } = &mut self
            && !*empty
        {
            // Without the end, what was unpacked and still waits inside is brought out.
            let ended = if whole {
                decoder.try_finish()
            } else {
                decoder.flush()
            };
            self.within(ended)?;
        }
        let taken = match &mut self {
            Self::Plain(taken) => taken,
            Self::Gzip { decoder, .. } => decoder.get_mut(),
        };
        Ok((std::mem::take(&mut taken.bytes), taken.cut || !whole))
    }

    fn within(&self, taken: io::Result<()>) -> io::Result<bool> {
        match taken {
            Ok(()) => Ok(true),
            Err(_) if self.taken().cut => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn taken(&self) -> &Taken {
        match self {
            Self::Plain(taken) => taken,
            Self::Gzip { decoder, .. } => decoder.get_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    /// Length, and whether it was cut; `None` where it is broken.
    fn check(gzip: bool, body: &[u8], whole: bool, expected: Option<(usize, bool)>) {
        let mut unpacked = Unpacked::new(gzip);
        let came = body
            .chunks(1000)
            .try_for_each(|piece| unpacked.take(piece).map(|_| ()))
            .and_then(|()| unpacked.end(whole));
        let came = came.ok().map(|(bytes, cut)| (bytes.len(), cut));
        assert_eq!(came, expected, "{gzip} {} {whole}", body.len());
    }

    #[test]
    fn a_body_is_taken_up_to_its_bound() {
        let small = packed(b"hello");
        check(false, b"hello", true, Some((5, false)));
        check(false, b"hello", false, Some((5, true)));
        check(false, &vec![0; BODY], true, Some((BODY, false)));
        check(false, &vec![0; BODY + 1], true, Some((BODY, true)));
        check(true, &small, true, Some((5, false)));
        check(
            true,
            &[&small[..], &small].concat(),
            true,
            Some((10, false)),
        );
        check(true, &packed(&vec![0; BODY]), true, Some((BODY, false)));
        check(true, &packed(&vec![0; BODY + 1]), true, Some((BODY, true)));
        check(true, &packed(&vec![0; BODY * 20]), true, Some((BODY, true)));
        // No body at all, as a reply to `HEAD` has none.
        check(true, b"", true, Some((0, false)));
        check(true, b"not packed at all", true, None);
        check(true, &small[..small.len() - 9], true, None);
    }
}
