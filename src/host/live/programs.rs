//! Programs of this machine, run without a shell, without input, within bounds, and ended when nobody waits.

use std::{io, path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
    time::timeout,
};

use super::{code_page, out_of_time};
use crate::{
    finding::{Reason, Unknown},
    host::ProgramReply,
};

/// How much of each output is read, in bytes.
const OUTPUT: u64 = 1 << 20;

pub(super) async fn run(run: &[String], limit: Duration) -> Result<ProgramReply, Unknown> {
    run_with(run, &[], limit).await
}

/// Runs a program with additions to its environment.
pub(super) async fn run_with(
    run: &[String],
    environment: &[(&str, &str)],
    limit: Duration,
) -> Result<ProgramReply, Unknown> {
    let Some((program, arguments)) = run.split_first() else {
        return Err(Unknown::new(Reason::Other, "no program to run"));
    };
    let mut command = Command::new(program);
    command.args(arguments).envs(environment.iter().copied());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    let child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A script that is there, whose own program is not, is not missing.
            if program.contains(['/', '\\']) && Path::new(program).exists() {
                return Err(Unknown::new(Reason::Other, format!("{program}: {error}")));
            }
            return Ok(ProgramReply::Missing);
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return Err(Unknown::new(
                Reason::NoRight,
                format!("{program}: permission denied"),
            ));
        }
        Err(error) => return Err(Unknown::new(Reason::Other, format!("{program}: {error}"))),
    };
    match timeout(limit, gather(program, Group { child })).await {
        Ok(reply) => reply,
        Err(_) => Err(out_of_time(program, limit)),
    }
}

async fn gather(program: &str, mut group: Group) -> Result<ProgramReply, Unknown> {
    let (stdout, stderr) = (group.child.stdout.take(), group.child.stderr.take());
    let broken = |error: io::Error| Unknown::new(Reason::Other, format!("{program}: {error}"));
    let (stdout, stderr) = tokio::try_join!(output(stdout), output(stderr)).map_err(broken)?;
    let (Some(stdout), Some(stderr)) = (stdout, stderr) else {
        let why = format!("{program}: it wrote more than {} MiB", OUTPUT >> 20);
        return Err(Unknown::new(Reason::NotWhole, why));
    };
    let status = group.child.wait().await.map_err(broken)?;
    Ok(ProgramReply::Exited {
        status: code(status),
        stdout,
        stderr,
    })
}

/// Reads an output to its end; `None` where it is longer than the bound.
async fn output(pipe: Option<impl AsyncRead + Unpin>) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(OUTPUT + 1).read_to_end(&mut bytes).await?;
    }
    let whole = u64::try_from(bytes.len()).is_ok_and(|length| length <= OUTPUT);
    Ok(whole.then(|| code_page::text(&bytes, code_page::of_programs())))
}

/// The exit status; one that a signal ended has 128 and the signal's number, as shells say.
fn code(status: std::process::ExitStatus) -> i32 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;

        if let Some(signal) = status.signal() {
            return 128 + signal;
        }
    }
    status.code().unwrap_or(-1)
}

/// A child with all that it starts, ended together.
struct Group {
    child: Child,
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        // There is no number any more once it was waited for.
        let pid = self.child.id().and_then(|id| i32::try_from(id).ok());
        if let Some(pid) = pid.and_then(rustix::process::Pid::from_raw) {
            // It may have ended by itself in between: then there is nothing to end.
            let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
        }
    }
}
