//! Whether somebody typed this handshake for `openssl s_client` in their own words: only with options that change nothing of
//! what is asked, and once.

use crate::host::{TlsRequest, Trust};

const PROGRAM: &str = "s_client ";

/// Whether the command sends the name; `None` where it asks for something else, or does not stand there.
pub(super) fn names(text: &str, request: &TlsRequest) -> Option<bool> {
    if request.via.is_some() || request.trust != Trust::System {
        return None;
    }
    let mut typed = text.lines().filter_map(|line| {
        let (before, after) = line.split_once(PROGRAM)?;
        before.contains("openssl").then_some(after)
    });
    let command = typed.next()?;
    if typed.next().is_some() {
        return None;
    }
    let (mut connects, mut named) = (false, false);
    let mut words = command.split_whitespace();
    let bare = |word: &str| word.trim_matches(['"', '\'']).to_ascii_lowercase();
    let host = request.host.to_ascii_lowercase();
    while let Some(word) = words.next() {
        match word {
            "-connect" => {
                let to = bare(words.next()?);
                let (name, port) = to.rsplit_once(':')?;
                let name = name.trim_start_matches('[').trim_end_matches(']');
                connects = name == host && port.parse() == Ok(request.port);
            }
            "-servername" => {
                named = bare(words.next()?) == request.name.to_ascii_lowercase();
                named.then_some(())?;
            }
            "-verify_hostname" | "-verify_ip" => {
                (bare(words.next()?) == request.name.to_ascii_lowercase()).then_some(())?;
            }
            "-showcerts" | "2>&1" | "</dev/null" | "<" | "/dev/null" => {}
            _ => return None,
        }
    }
    // The name that it sends by itself is the host's.
    let same = request.name.eq_ignore_ascii_case(&host);
    (connects && (named || same)).then_some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands() {
        let request = TlsRequest {
            name: "a.example".to_owned(),
            host: "a.example".to_owned(),
            port: 443,
            trust: Trust::System,
            via: None,
        };
        let check = |text: &str, expected: Option<bool>| {
            assert_eq!(names(text, &request), expected, "{text}");
        };
        check("$ openssl s_client -connect a.example:443", Some(false));
        check(
            "x\n[root@h ~]# echo | openssl s_client -showcerts -connect A.example:443 -servername a.example 2>&1\ny",
            Some(true),
        );
        check(
            "$ openssl s_client -connect a.example:443 </dev/null",
            Some(false),
        );
        check("$ openssl s_client -connect b.example:443", None);
        check("$ openssl s_client -connect a.example:8443", None);
        check(
            "$ openssl s_client -connect a.example:443 -servername b.example",
            None,
        );
        // These change what is asked, who is trusted or what is printed.
        check("$ openssl s_client -connect a.example:443 -tls1_1", None);
        check(
            "$ openssl s_client -connect a.example:443 -CAfile x.pem",
            None,
        );
        check(
            "$ openssl s_client -connect a.example:443 -proxy p:3128",
            None,
        );
        check(
            "$ openssl s_client -connect a.example:443 | openssl x509 -text",
            None,
        );
        let twice =
            "$ openssl s_client -connect a.example:443\n$ openssl s_client -connect a.example:443";
        check(twice, None);
        check("CONNECTED(00000003)", None);
    }
}
