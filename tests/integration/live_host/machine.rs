//! Disks, processes, services and programs of this machine.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use waypost::{
    finding::Reason,
    host::{Look, ProgramReply, Reply},
};

use super::{PATIENT, SHORT, live, look, texts, why};

#[tokio::test]
async fn a_disk_has_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap().to_owned();
    let Reply::Disk(space) = look(&live(None), Look::Disk { path: path.clone() }, PATIENT)
        .await
        .unwrap()
    else {
        panic!("no disk");
    };
    assert!(
        space.free_bytes > 0 && space.free_bytes <= space.total_bytes,
        "{space:?}"
    );
    if let Ok(output) = Command::new("df")
        .args(["-B1", "--output=size", &path])
        .output()
    {
        let said = String::from_utf8_lossy(&output.stdout)
            .lines()
            .nth(1)
            .and_then(|line| line.trim().parse().ok());
        assert_eq!(Some(space.total_bytes), said);
    }
    let none = Look::Disk {
        path: format!("{path}/none"),
    };
    assert_eq!(why(look(&live(None), none, PATIENT).await).0, Reason::Other);
}

/// A process that is no child of this one, and ends with the value.
#[cfg(unix)]
struct Stranger(String);

#[cfg(unix)]
impl Stranger {
    fn start(seconds: &str) -> Self {
        let script = format!("sleep {seconds} >/dev/null 2>&1 </dev/null & echo $!");
        let output = Command::new("sh")
            .args(["-c", &script])
            .output()
            .expect("sh runs");
        Self(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

#[cfg(unix)]
impl Drop for Stranger {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(&self.0).status();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn processes_are_listed_without_this_one() {
    let stranger = Stranger::start("7654");
    let Reply::Processes(list) = look(&live(None), Look::Processes, PATIENT).await.unwrap() else {
        panic!("no list")
    };
    let found = list
        .processes
        .iter()
        .find(|process| process.pid.to_string() == stranger.0)
        .expect("it is listed");
    assert_eq!(found.command_line, "sleep 7654");
    assert!(
        found.memory_bytes > 0 && found.started.is_some() && found.user.is_some(),
        "{found:?}"
    );
    assert!(
        list.processes
            .iter()
            .all(|process| process.pid != std::process::id())
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn services_are_known_where_a_manager_runs() {
    let folder = tempfile::tempdir().unwrap();
    let pid_file = folder.path().join("mid.pid");
    std::fs::write(&pid_file, "4321\n").unwrap();
    let pid_file = Some(pid_file.to_str().unwrap().to_owned());
    let asked = Look::Services {
        names: texts(&["systemd-journald", "no-such-service"]),
        pid_file,
    };
    let Reply::Services(services) = look(&live(None), asked, PATIENT).await.unwrap() else {
        panic!("no services")
    };
    assert_eq!(services.pid, Some(4321));
    assert!(!services.processes.processes.is_empty());
    assert_eq!(
        services.no_manager,
        !std::path::Path::new("/run/systemd/system").is_dir()
    );
    if !services.no_manager {
        assert_eq!(
            services
                .services
                .iter()
                .map(|service| service.name.as_str())
                .collect::<Vec<_>>(),
            ["systemd-journald"]
        );
        assert_eq!(services.services[0].state, "running");
    }
}

async fn run(
    program: &[&str],
    timeout: Duration,
) -> Result<ProgramReply, waypost::finding::Unknown> {
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

#[cfg(unix)]
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

#[cfg(unix)]
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
