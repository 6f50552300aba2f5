//! Echo requests and replies as bytes: RFC 792 and RFC 4443. Sends nothing.

use std::net::IpAddr;

/// What a request carries and its answer brings back: as much as other programs send, since some filters mind.
const CARRIED: usize = 56;
const HEADER: usize = 8;

/// Which ICMP an address speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Four,
    Six,
}

impl Family {
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Family::Four,
            IpAddr::V6(_) => Family::Six,
        }
    }

    fn request(self) -> u8 {
        match self {
            Family::Four => 8,
            Family::Six => 128,
        }
    }

    fn answer(self) -> u8 {
        match self {
            Family::Four => 0,
            Family::Six => 129,
        }
    }
}

/// One look's own requests: a mark that no other program's requests carry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Requests {
    pub family: Family,
    pub mark: u64,
}

impl Requests {
    /// The request of this number. Sockets of ordinary users put their own identifier in its place.
    pub fn packet(self, number: u16) -> Vec<u8> {
        let mark = self.mark.to_be_bytes();
        let mut packet = vec![0; HEADER + CARRIED];
        packet[0] = self.family.request();
        packet[4..6].copy_from_slice(&mark[..2]);
        packet[6..8].copy_from_slice(&number.to_be_bytes());
        packet[8..16].copy_from_slice(&mark);
        if self.family == Family::Four {
            // Of IPv6, whose sum covers addresses, the system sees to it.
            let sum = checksum(&packet);
            packet[2..4].copy_from_slice(&sum.to_be_bytes());
        }
        packet
    }

    /// The number of the request that this answers; `None` for whatever else a socket may see.
    pub fn answered(self, packet: &[u8]) -> Option<u16> {
        let packet = self.without_ip(packet)?;
        self.number(packet, self.family.answer())
    }

    /// The number of the request that an error came back for, which begins with that request.
    pub fn failed(self, packet: &[u8]) -> Option<u16> {
        // How much of it comes back is up to who sent the error; a mark that is there has to be ours.
        let carried = packet.get(HEADER..HEADER + 8);
        if carried.is_some_and(|carried| carried != self.mark.to_be_bytes()) {
            return None;
        }
        let head = packet.get(..HEADER)?;
        (head[0] == self.family.request()).then(|| u16::from_be_bytes([head[6], head[7]]))
    }

    fn number(self, packet: &[u8], kind: u8) -> Option<u16> {
        let head = packet.get(..HEADER)?;
        let carried = packet.get(HEADER..HEADER + 8)?;
        let ours = head[0] == kind && head[1] == 0 && carried == self.mark.to_be_bytes();
        ours.then(|| u16::from_be_bytes([head[6], head[7]]))
    }

    /// Some sockets give the header of IPv4 too. It begins with its version, and no answer of ICMP begins so.
    fn without_ip(self, packet: &[u8]) -> Option<&[u8]> {
        match packet.first()? {
            first if self.family == Family::Four && first >> 4 == 4 => {
                packet.get(usize::from(first & 0xf) * 4..)
            }
            _ => Some(packet),
        }
    }
}

/// RFC 1071.
fn checksum(packet: &[u8]) -> u16 {
    let mut sum: u32 = packet
        .chunks(2)
        .map(|pair| {
            u32::from(u16::from_be_bytes([
                pair[0],
                pair.get(1).copied().unwrap_or(0),
            ]))
        })
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR: Requests = Requests {
        family: Family::Four,
        mark: 0x0102_0304_0506_0708,
    };
    const SIX: Requests = Requests {
        family: Family::Six,
        ..FOUR
    };

    /// What a machine sends back: the same with another type.
    fn answer(requests: Requests, number: u16) -> Vec<u8> {
        let mut packet = requests.packet(number);
        packet[0] = requests.family.answer();
        packet
    }

    #[test]
    fn a_request_is_one_of_the_rfc() {
        let packet = FOUR.packet(0x0a0b);
        assert_eq!(packet.len(), 64);
        assert_eq!(packet[..2], [8, 0]);
        assert_eq!(packet[4..16], [1, 2, 0xa, 0xb, 1, 2, 3, 4, 5, 6, 7, 8]);
        // A packet with its checksum in place sums up to nothing.
        assert_eq!(checksum(&packet), 0);
        assert_eq!(SIX.packet(1)[..4], [128, 0, 0, 0]);
    }

    #[test]
    fn checksums() {
        // The example of RFC 1071, 3.
        assert_eq!(
            checksum(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]),
            !0xddf2
        );
        assert_eq!(checksum(&[0xff]), !0xff00);
        assert_eq!(checksum(&[]), 0xffff);
    }

    #[test]
    fn only_an_answer_to_an_own_request_counts() {
        let check = |packet: &[u8], expected| assert_eq!(FOUR.answered(packet), expected);
        let good = answer(FOUR, 7);
        check(&good, Some(7));
        let mut with_ip = vec![0x45; 20];
        with_ip.extend(&good);
        check(&with_ip, Some(7));
        // Its own request, as loopback shows it.
        check(&FOUR.packet(7), None);
        let other = Requests { mark: 1, ..FOUR };
        check(&answer(other, 7), None);
        check(&answer(SIX, 7), None);
        check(&good[..15], None);
        check(&[], None);
        check(&[0x4f], None);
        assert_eq!(SIX.answered(&answer(SIX, 9)), Some(9));
    }

    #[test]
    fn an_error_names_its_request() {
        let check = |packet: &[u8], expected| assert_eq!(FOUR.failed(packet), expected);
        let request = FOUR.packet(3);
        check(&request, Some(3));
        // RFC 792 sends back eight bytes of it and no more.
        check(&request[..8], Some(3));
        check(&request[..7], None);
        check(&answer(FOUR, 3), None);
        check(&Requests { mark: 1, ..FOUR }.packet(3), None);
        check(&SIX.packet(3), None);
    }
}
