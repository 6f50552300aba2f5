//! The server's time between two of this machine's, in the same form.

use crate::{
    finding::Os,
    host::{
        HttpRequest,
        printed::clocks::{AFTER, BEFORE},
    },
    probe::{
        Manual,
        http::{line, manual},
    },
};

/// What the times say to a person.
const TELLS: &str =
    "`Date` is the server's time, `here` this machine's before and after the request";

pub(super) fn command(request: &HttpRequest, os: Os) -> Option<Manual> {
    let asked = line(request);
    let command = match os {
        Os::Windows => {
            let request = match manual::by_socks(request) {
                true => manual::curl(request, &asked, os)?,
                false => manual::powershell(request, &asked)?,
            };
            let here =
                |label: &str| format!("'{label}' + (Get-Date).ToUniversalTime().ToString('r')");
            format!("{}; {request}; {}", here(BEFORE), here(AFTER))
        }
        Os::Linux | Os::Macos => {
            let request = manual::curl(request, &asked, os)?;
            let here =
                |label: &str| format!("LC_ALL=C date -u '+{label}%a, %d %b %Y %H:%M:%S GMT'");
            format!("{}; {request}; {}", here(BEFORE), here(AFTER))
        }
    };
    Some(Manual::new(command, TELLS).asking(manual::asks_login(request)))
}
