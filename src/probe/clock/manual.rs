//! The server's time and this machine's, one below the other in the same form.

use crate::{
    finding::Os,
    host::HttpRequest,
    probe::{Manual, http::manual},
};

/// What both times say to a person.
const TELLS: &str = "the first time is the server's, the second this machine's";

pub(super) fn command(request: &HttpRequest, os: Os) -> Option<Manual> {
    let command = match os {
        Os::Windows => {
            let (before, request) = manual::powershell(request)?;
            format!("{before}({request}).Headers.Date; (Get-Date).ToUniversalTime().ToString('r')")
        }
        Os::Linux | Os::Macos => {
            let request = manual::curl(request, os)?;
            format!(
                "{request} | grep -i '^date:'; LC_ALL=C date -u '+here: %a, %d %b %Y %H:%M:%S GMT'"
            )
        }
    };
    Some(Manual::new(command, TELLS))
}
