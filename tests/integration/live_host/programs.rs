//! Programs of this machine.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use waypost::{
    finding::{Reason, Unknown},
    host::{Look, ProgramReply, Reply},
};

use super::{PATIENT, SHORT, live, look, texts, why};

async fn run(program: &[&str], timeout: Duration) -> Result<ProgramReply, Unknown> {
    match look(
        &live(None),
        Look::Program {
            run: texts(program),
        },
        timeout,
    )
    .await?
    {
        Reply::Program(reply) => Ok(reply),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_program_exits_or_is_missing() {
    let exited = |status, stdout: &str, stderr: &str| ProgramReply::Exited {
        status,
        stdout: stdout.to_owned(),
        stderr: stderr.to_owned(),
    };
    assert_eq!(
        run(&["echo", "a b", "$HOME"], PATIENT).await,
        Ok(exited(0, "a b $HOME\n", ""))
    );
    assert_eq!(
        run(&["sh", "-c", "echo x >&2; exit 3"], PATIENT).await,
        Ok(exited(3, "", "x\n"))
    );
    assert_eq!(
        run(&["sh", "-c", "kill -9 $$"], PATIENT).await,
        Ok(exited(137, "", ""))
    );
    // Nothing waits for input.
    assert_eq!(run(&["cat"], PATIENT).await, Ok(exited(0, "", "")));
    assert_eq!(
        run(&["no-such-program-anywhere"], PATIENT).await,
        Ok(ProgramReply::Missing)
    );
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script");
    std::fs::write(&script, "#!/no/such/shell\n").unwrap();
    assert!(
        Command::new("chmod")
            .arg("+x")
            .arg(&script)
            .status()
            .unwrap()
            .success()
    );
    let headless = run(&[script.to_str().unwrap()], PATIENT).await;
    assert_eq!(why(headless).0, Reason::Other);
    assert_eq!(why(run(&["/etc/passwd"], PATIENT).await).0, Reason::NoRight);
    assert_eq!(why(run(&[], PATIENT).await).0, Reason::Other);
}

#[tokio::test]
async fn a_program_is_bounded_in_time_and_output() {
    let (reason, detail) = why(run(&["yes"], PATIENT).await);
    assert_eq!(
        (reason, detail.as_str()),
        (Reason::NotWhole, "yes: it wrote more than 1 MiB")
    );
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let script = format!("(sleep 2; touch '{}') & sleep 60", mark.display());
    let start = Instant::now();
    assert_eq!(
        why(run(&["sh", "-c", &script], SHORT).await).0,
        Reason::OutOfTime
    );
    assert!(start.elapsed() < Duration::from_secs(5));
    // What it had started is ended too.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(!mark.exists());
}

#[tokio::test]
async fn a_dropped_look_ends_its_program() {
    let folder = tempfile::tempdir().unwrap();
    let (begun, late) = (folder.path().join("begun"), folder.path().join("late"));
    let script = format!(
        "touch '{}'; sleep 2; touch '{}'",
        begun.display(),
        late.display()
    );
    let host = live(None);
    let until = Instant::now() + PATIENT;
    tokio::select! {
        reply = look(&host, Look::Program { run: texts(&["sh", "-c", &script]) }, PATIENT) => panic!("{reply:?}"),
        () = async {
            while !begun.exists() && Instant::now() < until {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        } => {}
    }
    assert!(begun.exists());
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(!late.exists());
}
