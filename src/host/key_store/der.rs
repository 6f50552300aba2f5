//! DER, as much as PKCS#12 needs: tag, length, content. Never copies, never goes deeper by itself.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
/// `[0]`, with something inside.
pub(super) const INSIDE_0: u8 = 0xa0;
/// `[0]` in the place of the tag that its content would have.
pub(super) const IN_PLACE_0: u8 = 0x80;

/// What stands in a row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a>(pub &'a [u8]);

/// One value.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub tag: u8,
    pub content: &'a [u8],
}

/// What is wrong with it, as a fragment.
pub(super) type Broken = &'static str;

impl<'a> Row<'a> {
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Takes the next value.
    pub fn next(&mut self) -> Result<Item<'a>, Broken> {
        let [tag, length, rest @ ..] = self.0 else {
            return Err("it breaks off");
        };
        if tag & 0x1f == 0x1f {
            return Err("it has a tag of many bytes");
        }
        let (length, rest) = match length {
            0..=0x7f => (usize::from(*length), rest),
            0x80 => return Err("it is written in BER, not in DER"),
            0x81..=0x84 => {
                let (length, rest) = rest
                    .split_at_checked(usize::from(length & 0x7f))
                    .ok_or("it breaks off")?;
                let length = length
                    .iter()
                    .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
                (length, rest)
            }
            _ => return Err("it has a length of more than 4 GiB"),
        };
        let (content, rest) = rest.split_at_checked(length).ok_or("it breaks off")?;
        self.0 = rest;
        Ok(Item { tag: *tag, content })
    }

    /// Takes the next value, which has to have this tag.
    pub fn take(&mut self, tag: u8) -> Result<&'a [u8], Broken> {
        match self.next()? {
            item if item.tag == tag => Ok(item.content),
            _ => Err("it is not laid out as it should be"),
        }
    }

    /// Takes the next value, a row of its own.
    pub fn row(&mut self, tag: u8) -> Result<Row<'a>, Broken> {
        self.take(tag).map(Row)
    }

    /// Takes the next value if there is one of this tag.
    pub fn take_if(&mut self, tag: u8) -> Result<Option<&'a [u8]>, Broken> {
        match self.0.first() {
            Some(first) if *first == tag => self.take(tag).map(Some),
            _ => Ok(None),
        }
    }

    /// Takes a whole number that is not negative.
    pub fn number(&mut self) -> Result<u32, Broken> {
        let bytes = self.take(INTEGER)?;
        let (negative, short) = (
            bytes.first().is_none_or(|first| first & 0x80 != 0),
            bytes.len() <= 5,
        );
        if negative || !short {
            return Err("a number in it is out of bounds");
        }
        let number = bytes
            .iter()
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        u32::try_from(number).map_err(|_| "a number in it is out of bounds")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        #[track_caller]
        fn check(bytes: &[u8], expected: Result<(u8, &[u8], &[u8]), Broken>) {
            let mut row = Row(bytes);
            let got = row.next().map(|item| (item.tag, item.content, row.0));
            assert_eq!(got, expected);
        }
        check(&[4, 1, 7, 9], Ok((4, &[7], &[9])));
        check(&[4, 0x81, 1, 7], Ok((4, &[7], &[])));
        check(&[4, 0x82, 0, 2, 7, 8], Ok((4, &[7, 8], &[])));
        check(&[5, 0], Ok((5, &[], &[])));
        check(&[4], Err("it breaks off"));
        check(&[4, 2, 7], Err("it breaks off"));
        check(&[4, 0x82, 1], Err("it breaks off"));
        check(&[4, 0x84, 0xff, 0xff, 0xff, 0xff, 0], Err("it breaks off"));
        check(
            &[4, 0x85, 0, 0, 0, 0, 1, 7],
            Err("it has a length of more than 4 GiB"),
        );
        check(&[0x24, 0x80, 0, 0], Err("it is written in BER, not in DER"));
        check(&[0x1f, 0x81, 1, 0], Err("it has a tag of many bytes"));
    }

    #[test]
    fn numbers() {
        let check = |bytes: &[u8], expected| assert_eq!(Row(bytes).number(), expected);
        check(&[2, 1, 0], Ok(0));
        check(&[2, 2, 0x27, 0x10], Ok(10_000));
        check(&[2, 5, 0, 0xff, 0xff, 0xff, 0xff], Ok(u32::MAX));
        for bad in [
            &[2, 0][..],
            &[2, 1, 0x80],
            &[2, 5, 1, 0, 0, 0, 0],
            &[2, 6, 0, 0, 0, 0, 0, 1],
        ] {
            check(bad, Err("a number in it is out of bounds"));
        }
        check(&[4, 1, 1], Err("it is not laid out as it should be"));
    }
}
