//! A request as a text to send: what to run, and to send back what it prints.

use super::Request;
use crate::finding::Os;

pub(super) fn text(request: &Request) -> String {
    let shell = match request.os {
        Os::Windows => "in PowerShell",
        Os::Linux | Os::Macos => "in a shell",
    };
    let mut text = format!(
        "Please run these commands {shell} on the machine, and send back each with what it prints. They change nothing.\n\
         Leave out nothing but passwords; a command that fails tells something too.\n"
    );
    for sought in &request.sought {
        text += &format!(
            "First put the path of `{}` into a variable: {}\n",
            sought.name,
            match request.os {
                Os::Windows => format!("$input_{} = 'C:\\the\\folder'", sought.name),
                Os::Linux | Os::Macos => format!("input_{}=/the/folder", sought.name),
            }
        );
    }
    let mut number = 0;
    for look in &request.looks {
        for command in &look.commands {
            number += 1;
            text += &format!("\n{number}.\n\n    {command}\n");
        }
    }
    if request.looks.is_empty() {
        text += "\nNothing is open that a command could tell.\n";
    }
    text
}
