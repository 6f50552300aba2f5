//! A paste of the request: what the command to copy printed, or what somebody typed for PowerShell in their own words.

use super::{Http, line};
use crate::{
    finding::{Os, Unknown},
    host::{HttpReply, HttpRequest, Reply, printed},
    probe::{Params, pasted::Pasted},
};

pub(super) fn read(
    kind: &Http,
    params: &Params,
    request: &HttpRequest,
    os: Os,
    text: &str,
) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
    let asked = line(request);
    let pasted = Pasted::new(kind, params, os, text)?.asking(&asked);
    let output = pasted.text();
    let mut read = printed_reply(&output, request, &asked, os, pasted.echoes(0));
    if read.is_none() && os == Os::Windows && typed(text, request) {
        read = printed::web_request::plain(&output, request, stays(text));
    }
    if read.is_none() {
        read = printed::curl::in_own_words(&output, request, verifies(text));
    }
    if read.is_none()
        && let Some(other) = printed::curl::in_own_words_asked(&output)
    {
        return Err(pasted.refused_for(&other));
    }
    let read = read.map(|read| read.and_then(|reply| printed::reply::last(request, reply)));
    pasted.only(read.map(|read| read.map(Reply::Http)))
}

/// What the command to copy printed of the request.
pub(in crate::probe) fn printed_reply(
    output: &str,
    request: &HttpRequest,
    asked: &str,
    os: Os,
    echoed: bool,
) -> printed::Read<HttpReply> {
    let by_curl = printed::curl::answer(output, request, asked, echoed);
    match (by_curl, os) {
        // Both print the line that says what was asked; curl's own stands behind it.
        (None | Some(Err(_)), Os::Windows) if !output.contains(printed::curl::STATUS) => {
            printed::web_request::read(output, request, asked)
        }
        (by_curl, _) => by_curl,
    }
}

/// Whether somebody typed a command for curl, and every such command leaves the verifying of certificates as it is.
fn verifies(text: &str) -> bool {
    let mut typed = text
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            words.find(|word| word.ends_with("curl") || word.ends_with("curl.exe"))?;
            Some(words.collect::<Vec<_>>())
        })
        .filter(|words| words.iter().any(|word| word.contains("://")))
        .peekable();
    let leaves = |words: Vec<&str>| {
        !words.iter().any(|word| {
            // Short options stand together.
            *word == "--insecure"
                || word.starts_with('-') && !word.starts_with("--") && word.contains('k')
        })
    };
    typed.peek().is_some() && typed.all(leaves)
}

/// Whether somebody typed that no redirect is followed, and at every such command.
fn stays(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_command = |line: &&str| line.contains("invoke-webrequest ") || line.contains("iwr ");
    // An error says the command once more behind a plus sign, and its own words behind a colon.
    let is_said = |line: &&str| line.trim_start().starts_with('+');
    let all: Vec<&str> = lower
        .lines()
        .filter(|line| is_command(line) && !line.contains("invoke-webrequest : "))
        .collect();
    let typed: Vec<&str> = all.iter().copied().filter(|line| !is_said(line)).collect();
    let commands = if typed.is_empty() { all } else { typed };
    let told = |line: &&str| {
        let squeezed: String = line.split_whitespace().collect();
        squeezed.contains("-maximumredirection0")
    };
    !commands.is_empty() && commands.iter().all(told)
}

/// Whether somebody typed this request for PowerShell in their own words, as far as it can be told apart from another one.
fn typed(text: &str, request: &HttpRequest) -> bool {
    let lower = text.to_ascii_lowercase();
    let squeezed: String = lower.split_whitespace().collect();
    let holds = |word: &str| squeezed.contains(word);
    let url = request.url.as_str().trim_end_matches('/');
    let ends = |rest: &str| {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        rest.starts_with(|c: char| c.is_whitespace() || "'\";)|".contains(c))
    };
    let names_it = text
        .match_indices(url)
        .any(|(at, _)| ends(&text[at + url.len()..]));
    let method = request.method.to_ascii_lowercase();
    let sends_so = match method.as_str() {
        "get" => !holds("-method"),
        method => holds(&format!("-method{method}")) || holds(&format!("-method'{method}'")),
    };
    (holds("invoke-webrequest") || holds("iwr"))
        && names_it
        && sends_so
        && request.via.is_some() == holds("-proxy")
        && request.login.is_some() == holds("-credential")
}
