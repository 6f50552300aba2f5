//! Whether a certificate is for a name (RFC 9525): by the names that it holds, of which `*` stands for one whole label at
//! the start. A name in the subject alone counts for nothing.

use core::net::IpAddr;

use crate::host::Certificate;

/// Whether `certificate` is for `name`.
pub(super) fn is_for(certificate: &Certificate, name: &str) -> bool {
    let bare = name.trim_end_matches('.');
    if let Ok(address) = bare.parse::<IpAddr>() {
        let mut names = certificate.names.iter();
        return names.any(|known| known.parse() == Ok(address));
    }
    // Names beyond ASCII stand in certificates in their ASCII form (RFC 5890).
    let ascii = match bare.is_ascii() {
        true => bare.to_ascii_lowercase(),
        false => match url::Host::parse(bare) {
            Ok(host) => host.to_string(),
            Err(_) => return false,
        },
    };
    certificate.names.iter().any(|known| covers(known, &ascii))
}

fn covers(known: &str, name: &str) -> bool {
    let known = known.trim_end_matches('.').to_ascii_lowercase();
    if known.parse::<IpAddr>().is_ok() {
        return false;
    }
    match known.strip_prefix("*.") {
        Some(rest) => name.split_once('.').is_some_and(|(label, domain)| {
            !label.is_empty() && domain == rest && rest.contains('.')
        }),
        None => known == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |known: &str, name: &str, expected: bool| {
            let certificate = Certificate {
                names: vec![known.to_owned()],
                ..certificate()
            };
            assert_eq!(is_for(&certificate, name), expected, "{known} {name}");
        };
        check("a.example", "A.example.", true);
        check("a.example", "b.a.example", false);
        check("*.a.example", "b.a.example", true);
        check("*.a.example", "a.example", false);
        check("*.a.example", "c.b.a.example", false);
        check("*.example", "a.example", false);
        check("b*.a.example", "b1.a.example", false);
        check("192.0.2.1", "192.0.2.1", true);
        check("2001:db8::1", "2001:DB8:0::1", true);
        check("192.0.2.1", "a.192.0.2.1", false);
        check("xn--bcher-kva.example", "bücher.example", true);
    }

    fn certificate() -> Certificate {
        let made = rcgen::generate_simple_self_signed(Vec::new()).expect("it can be made");
        Certificate::read(made.cert.der()).expect("it can be read")
    }
}
