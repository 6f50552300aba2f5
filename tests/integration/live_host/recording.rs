//! What was recorded on this machine answers the same from its folder.

use std::{fs, io::Read, path::Path};

use waypost::{
    finding::Reason,
    host::{
        Connection, Host, Layered, Look, Recorder, Reply,
        live::{self, FolderError},
    },
    redact::Redactor,
};

use super::{PATIENT, live, texts, why};
use crate::support::{Instance, refused_port};

async fn content(host: &dyn Host, path: &str) -> Option<String> {
    let asked = Look::File {
        paths: texts(&[path]),
    };
    let Ok(Reply::Files(mut files)) = host
        .look(&asked, waypost::host::Limits { timeout: PATIENT })
        .await
    else {
        panic!("no reply for {path}");
    };
    let mut text = String::new();
    files
        .pop()?
        .content
        .expect("it was opened")
        .read_to_string(&mut text)
        .expect("it can be read");
    Some(text)
}

#[tokio::test]
async fn a_recording_answers_as_the_machine_did() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (config, none, later) = (at("config.xml"), at("none.xml"), at("later.xml"));
    fs::write(&config, "<parameters/>\n").unwrap();
    let (instance, port) = (Instance::plain(), refused_port());
    let connect = |port| Look::Connect {
        host: "127.0.0.1".to_owned(),
        port,
        via: None,
    };

    let recorder = Recorder::new(Box::new(live(None)));
    assert_eq!(
        content(&recorder, &config).await.as_deref(),
        Some("<parameters/>\n")
    );
    assert_eq!(content(&recorder, &none).await, None);
    for port in [instance.port(), port] {
        recorder
            .look(&connect(port), waypost::host::Limits { timeout: PATIENT })
            .await
            .unwrap();
    }
    let now = "2026-08-23T10:00:00Z".parse().unwrap();
    let written = recorder
        .recording()
        .written(&mut Redactor::default(), now, Some("Europe/Berlin"))
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("host.yaml"), &written.host_yaml).unwrap();
    for (path, bytes) in &written.files {
        let path = dir.path().join("files").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    // The machine has moved on, the recording has not.
    fs::write(&config, "changed").unwrap();
    fs::write(&none, "new").unwrap();
    fs::write(&later, "later").unwrap();
    drop(instance);
    let recorded = live::recorded(dir.path()).unwrap();
    assert_eq!(
        content(&recorded, &config).await.as_deref(),
        Some("<parameters/>\n")
    );
    assert_eq!(content(&recorded, &none).await, None);
    let unasked = Look::File {
        paths: vec![later.clone()],
    };
    let unknown = recorded
        .look(&unasked, waypost::host::Limits { timeout: PATIENT })
        .await;
    assert_eq!(
        why(unknown),
        (Reason::NotRecorded, format!("`{later}` was not recorded"))
    );
    assert_eq!(recorded.now(), Some(now));

    let layered = Layered::new(Box::new(recorded), Box::new(live(None)));
    assert_eq!(
        content(&layered, &config).await.as_deref(),
        Some("<parameters/>\n")
    );
    assert_eq!(content(&layered, &later).await.as_deref(), Some("later"));
    let Ok(Reply::Connection(connection)) = layered
        .look(&connect(port), waypost::host::Limits { timeout: PATIENT })
        .await
    else {
        panic!("no connection");
    };
    assert_eq!(
        connection,
        Connection::Refused {
            address: format!("127.0.0.1:{port}")
        }
    );
}

#[test]
fn a_folder_that_is_no_recording_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let check = |expected: &str| {
        let error = live::recorded(folder.path())
            .err()
            .expect("it is none")
            .to_string();
        assert!(error.contains(expected), "{error}");
    };
    check("host.yaml: No such file or directory (os error 2)");
    fs::write(folder.path().join("host.yaml"), "os: linux\nfile: true").unwrap();
    check("host.yaml: unknown field `file`, expected one of `os`, ");
    assert!(matches!(
        live::recorded(Path::new("/no/such/folder")),
        Err(FolderError::Read { .. })
    ));
}

#[cfg(unix)]
#[test]
fn a_recording_does_not_leave_its_folder() {
    use waypost::host::Files;

    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    fs::write(files.join("a"), "a").unwrap();
    fs::write(folder.path().join("host.yaml"), "os: linux").unwrap();
    let link = files.join("b");
    let files = live::Folder { files };
    assert_eq!(files.list().unwrap(), [("a".to_owned(), 1)]);
    assert!(files.open("../host.yaml").is_err());
    std::os::unix::fs::symlink("/etc/passwd", link).unwrap();
    assert!(files.list().is_err());
}
