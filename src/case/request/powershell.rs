//! A request as a script for Windows PowerShell 5.1.

use super::Request;

pub(super) fn script(_request: &Request) -> String {
    String::new()
}
