//! Errors of ICMP that come back for a request: what routers and this machine say instead of an answer. Linux keeps
//! them in a queue beside a socket's packets, for those who ask for it.

use std::{
    io::{self, IoSliceMut},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    os::fd::AsRawFd,
};

use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt,
    sockopt::{Ipv4RecvErr, Ipv6RecvErr},
};
use socket2::Socket;

use super::packet::{Family, Requests};

/// So many are read at once; a flood of them tells nothing new.
const AT_ONCE: usize = 32;
/// What an error says beside the packet, in bytes: a structure and an address, twice over.
const BESIDE: usize = 512;

/// `SO_EE_ORIGIN_ICMP` and `SO_EE_ORIGIN_ICMP6` of Linux: another machine said it, or this one in the same words.
const BY_ICMP: [u8; 2] = [2, 3];

/// Asks for the errors to be kept.
pub(super) fn listen(socket: &Socket, address: SocketAddr) -> io::Result<()> {
    match address {
        SocketAddr::V4(_) => setsockopt(socket, Ipv4RecvErr, &true)?,
        SocketAddr::V6(_) => setsockopt(socket, Ipv6RecvErr, &true)?,
    }
    Ok(())
}

/// The errors that came since, each with the number of its request.
pub(super) fn errors(socket: &impl AsRawFd, requests: Requests) -> Vec<(Option<u16>, String)> {
    let mut errors = Vec::new();
    for _ in 0..AT_ONCE {
        let mut packet = [0; 256];
        let mut parts = [IoSliceMut::new(&mut packet)];
        let mut beside = vec![0; BESIDE];
        let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
        let came =
            recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, Some(&mut beside), flags);
        // An empty queue is an error of its own.
        let Ok(came) = came else { break };
        let told = came
            .cmsgs()
            .ok()
            .and_then(|mut beside| beside.find_map(|part| Told::new(&part)));
        let length = came.bytes.min(packet.len());
        let number = requests.failed(&packet[..length]);
        match told {
            // It belongs to somebody else's request, as sockets of administrators see them.
            Some(told) if number.is_none() && told.by_icmp && length > 0 => {}
            Some(told) => errors.push((number, told.in_words(requests.family))),
            None => errors.push((number, "an error without words".to_owned())),
        }
    }
    errors
}

/// An error as the system hands it over.
struct Told {
    by_icmp: bool,
    kind: u8,
    code: u8,
    /// The system's own number for it.
    errno: u32,
    by: Option<IpAddr>,
}

impl Told {
    fn new(part: &ControlMessageOwned) -> Option<Self> {
        let (error, by) = match part {
            ControlMessageOwned::Ipv4RecvErr(error, by) => {
                let by = by.map(|by| u32::from_be(by.sin_addr.s_addr));
                (error, by.map(|by| IpAddr::V4(Ipv4Addr::from(by))))
            }
            ControlMessageOwned::Ipv6RecvErr(error, by) => {
                let by = by.map(|by| Ipv6Addr::from(by.sin6_addr.s6_addr));
                (error, by.map(IpAddr::V6))
            }
            _ => return None,
        };
        let by_icmp = BY_ICMP.contains(&error.ee_origin);
        Some(Self {
            by_icmp,
            kind: error.ee_type,
            code: error.ee_code,
            errno: error.ee_errno,
            by: by.filter(|by| by_icmp && !by.is_unspecified()),
        })
    }

    fn in_words(&self, family: Family) -> String {
        let words = match (self.by_icmp, named(family, self.kind, self.code)) {
            (true, Some(words)) => words.to_owned(),
            (true, None) => format!("error {} of ICMP, code {}", self.kind, self.code),
            (false, _) => {
                let errno = i32::try_from(self.errno).unwrap_or_default();
                io::Error::from_raw_os_error(errno).to_string()
            }
        };
        match self.by {
            Some(by) => format!("{words}, says {by}"),
            None => words,
        }
    }
}

/// The errors that mean something to a person: RFC 792 and 1812, RFC 4443.
fn named(family: Family, kind: u8, code: u8) -> Option<&'static str> {
    Some(match (family, kind, code) {
        (Family::Four, 3, 0 | 6 | 11) | (Family::Six, 1, 0) => "network unreachable",
        (Family::Four, 3, 1 | 7 | 8 | 12) | (Family::Six, 1, 3) => "host unreachable",
        (Family::Four, 3, 2) => "protocol unreachable",
        (Family::Four, 3, 3) | (Family::Six, 1, 4) => "port unreachable",
        (Family::Four, 3, 4) | (Family::Six, 2, _) => "the packet is too big",
        (Family::Four, 3, 9 | 10 | 13) | (Family::Six, 1, 1 | 5 | 6) => "forbidden by a filter",
        (Family::Four, 11, 0) | (Family::Six, 3, 0) => "too many routers on the way",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_in_words() {
        let check =
            |told: Told, family, expected: &str| assert_eq!(told.in_words(family), expected);
        let told = |kind, code, by: &str| Told {
            by_icmp: true,
            kind,
            code,
            errno: 113,
            by: by.parse().ok(),
        };
        check(
            told(3, 1, "192.0.2.254"),
            Family::Four,
            "host unreachable, says 192.0.2.254",
        );
        check(
            told(3, 13, "192.0.2.254"),
            Family::Four,
            "forbidden by a filter, says 192.0.2.254",
        );
        check(
            told(1, 0, "2001:db8::1"),
            Family::Six,
            "network unreachable, says 2001:db8::1",
        );
        check(told(12, 2, ""), Family::Four, "error 12 of ICMP, code 2");
        // The system's own: 101 is `ENETUNREACH`.
        let own = Told {
            by_icmp: false,
            errno: 101,
            ..told(0, 0, "")
        };
        check(
            own,
            Family::Four,
            &io::Error::from_raw_os_error(101).to_string(),
        );
    }
}
