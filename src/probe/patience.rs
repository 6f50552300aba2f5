//! Whether what a program printed says that nobody answers: where it gave up sooner than the look would have, it does not.
//! Every other end of it says what it says.

use core::time::Duration;

use super::{Kind, Manual, Params};
use crate::{
    finding::{Os, Reason, Unknown},
    host::{
        Connection, HttpReply, Reply, TlsReply,
        printed::patience::{Given, given},
    },
};

/// As [`Kind::read`], of a probe whose look waits for `timeout`: a reply that came to nothing in time is unknown where the
/// program was given less than the look, and less than the command to copy gives it.
///
/// # Errors
/// As of [`Kind::read`].
pub fn read(
    kind: &dyn Kind,
    params: &Params,
    os: Os,
    text: &str,
    timeout: Duration,
) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
    let replies = kind.read(params, os, text)?;
    let patient = |reply: Result<Reply, Unknown>| {
        let reply = reply?;
        let unknown = match is_silence(&reply) {
            true => too_short(&reply, kind.manual(params, os), text, timeout),
            false => None,
        };
        unknown.map_or(Ok(reply), Err)
    };
    Ok(replies.into_iter().map(patient).collect())
}

/// Why what was given says nothing of an answer that did not come; `None` where it was enough, or is not told. Of several
/// times in one text nobody knows whose the answer is, so that the shortest counts.
fn too_short(
    reply: &Reply,
    commands: Vec<Manual>,
    text: &str,
    timeout: Duration,
) -> Option<Unknown> {
    let connects = matches!(reply, Reply::Connection(_));
    let shortest = |text: &str| {
        let fits = given(text)
            .into_iter()
            .filter(|given| connects || given.asks());
        fits.min_by_key(|given| given.time)
    };
    let Given {
        program,
        option,
        time,
    } = shortest(text)?;
    let own = commands.iter().find_map(|manual| shortest(&manual.command));
    let (who, needed) = match own.filter(|own| own.time < timeout) {
        Some(own) => ("the command to copy", own.time),
        None => ("the look", timeout),
    };
    // Programs round, and begin to count a moment later.
    if time >= needed - needed / 20 {
        return None;
    }
    let (short, long) = (seconds(time), seconds(needed));
    let enough = needed.as_secs() + u64::from(needed.subsec_nanos() > 0);
    Some(Unknown::new(
        Reason::NotWhole,
        format!(
            "`{program}` was given {short} s, and {who} waits {long} s, so that no answer in time says nothing: \
             run it again with `{option} {enough}`, and paste that alone"
        ),
    ))
}

/// With at most one digit behind the point.
fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 10.0).round() / 10.0
}

/// Nothing came in time, whoever was waited for.
fn is_silence(reply: &Reply) -> bool {
    match reply {
        Reply::Http(HttpReply::TimedOut) => true,
        Reply::Http(HttpReply::Unresolved(why)) => is_silent_server(why),
        Reply::Connection(connection) | Reply::Tls(TlsReply::NoWay(connection)) => match connection
        {
            Connection::TimedOut | Connection::ProxySilent { .. } => true,
            Connection::Unresolved(why) => is_silent_server(why),
            _ => false,
        },
        _ => false,
    }
}

/// curl's words where the name was not found in time.
fn is_silent_server(why: &str) -> bool {
    why.starts_with("Resolving timed out")
}
