//! Disks, processes and services of this machine.

use std::process::Command;

use waypost::{
    finding::Reason,
    host::{Look, Reply},
};

#[cfg(target_os = "linux")]
use super::texts;
use super::{PATIENT, live, look, why};

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
        found.memory_bytes.is_some_and(|bytes| bytes > 0)
            && found.started.is_some()
            && found.user.is_some(),
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
    assert_eq!(services.pid, Ok(Some(4321)));
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
