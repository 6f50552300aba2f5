//! What PowerShell's `Test-NetConnection -Port` prints. It does not tell a refusal from silence, so that no answer of its
//! is either: without a connection it is unknown.

use super::{
    Read, cut,
    format_list::{blocks, value},
    no_program, same_name,
};
use crate::{
    finding::{Reason, Unknown},
    host::Connection,
};

/// Reads what it printed of `host` and `port`.
pub fn read(text: &str, host: &str, port: u16) -> Read<Connection> {
    if let Some(unknown) = no_program(text, "Test-NetConnection") {
        return Some(Err(unknown));
    }
    let all = blocks(text);
    let block = all
        .iter()
        .find(|block| value(block, "ComputerName").is_some_and(|name| same_name(name, host)))?;
    if text.contains(&format!("Name resolution of {host} failed")) {
        return Some(Ok(Connection::Unresolved(
            "name resolution failed".to_owned(),
        )));
    }
    if value(block, "RemotePort").is_some_and(|said| said.parse() != Ok(port)) {
        return None;
    }
    let address = value(block, "RemoteAddress");
    Some(match (value(block, "TcpTestSucceeded"), address) {
        (Some("True"), Some(address)) => {
            let address = if address.contains(':') {
                format!("[{address}]:{port}")
            } else {
                format!("{address}:{port}")
            };
            Ok(Connection::Open {
                address,
                took_ms: None,
            })
        }
        (Some("False"), _) => Err(Unknown::new(
            Reason::Other,
            "there is no connection, and `Test-NetConnection` does not tell whether it was refused or nobody answered",
        )),
        _ => Err(cut(
            "Test-NetConnection",
            "`TcpTestSucceeded` does not stand there",
        )),
    })
}
