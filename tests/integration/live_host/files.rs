//! Files, folders and rights of this machine.

use std::{
    fs::{self, File},
    io::Read,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

#[cfg(unix)]
use std::process::Command;

use tempfile::TempDir;
use waypost::{
    finding::{Reason, Unknown},
    host::{
        FileMeta, Look, Opened, Reply,
        live::{Live, LiveOptions},
    },
};

use super::{PATIENT, live, look, texts, why};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder can be made")
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
    fs::write(&path, text).expect("the file can be written");
    path.to_str().expect("the path is text").to_owned()
}

fn at(folder: &TempDir, name: &str) -> String {
    folder
        .path()
        .join(name)
        .to_str()
        .expect("the path is text")
        .to_owned()
}

fn age(path: &str, seconds: u64) {
    let time = SystemTime::now() - Duration::from_secs(seconds);
    File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.set_modified(time))
        .expect("the time can be set");
}

async fn open(asked: Look) -> Result<Vec<Opened>, Unknown> {
    match look(&live(None), asked, PATIENT).await? {
        Reply::Files(files) => Ok(files),
        other => panic!("{other:?}"),
    }
}

async fn file(paths: &[String]) -> Result<Option<Opened>, Unknown> {
    Ok(open(Look::File {
        paths: paths.to_vec(),
    })
    .await?
    .pop())
}

async fn meta(path: &str) -> Result<Option<FileMeta>, Unknown> {
    match look(
        &live(None),
        Look::Meta {
            paths: texts(&[path]),
        },
        PATIENT,
    )
    .await?
    {
        Reply::Meta(meta) => Ok(meta),
        other => panic!("{other:?}"),
    }
}

fn content(opened: Opened) -> String {
    let mut text = String::new();
    opened
        .content
        .expect("it was opened")
        .read_to_string(&mut text)
        .expect("it can be read");
    text
}

#[tokio::test]
async fn a_file_is_there_or_absent() {
    let folder = folder();
    let config = write(folder.path(), "config.xml", "<parameters/>");
    let none = at(&folder, "none.xml");
    let below_a_file = format!("{config}/x");

    let opened = file(&[none.clone(), below_a_file.clone(), config.clone()])
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (opened.path.as_str(), opened.size_bytes),
        (config.as_str(), 13)
    );
    assert!(opened.modified.is_some());
    assert_eq!(content(opened), "<parameters/>");
    assert!(file(&[none, below_a_file]).await.unwrap().is_none());
    let (reason, detail) = why(file(&texts(&["config.xml"])).await);
    assert_eq!(
        (reason, detail.as_str()),
        (Reason::Other, "`config.xml` is not an absolute path")
    );
    assert_eq!(why(file(&texts(&["/a\0b"])).await).0, Reason::Other);
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_regular_file_is_never_waited_for() {
    let folder = folder();
    let pipe = at(&folder, "pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .expect("mkfifo runs")
            .success()
    );
    let socket = at(&folder, "socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket can be made");
    let link = at(&folder, "link");
    std::os::unix::fs::symlink(&pipe, &link).expect("a link can be made");
    for (path, kind) in [
        (pipe.as_str(), "a named pipe"),
        (&link, "a named pipe"),
        (&socket, "a socket"),
        (folder.path().to_str().unwrap(), "a folder"),
        ("/dev/zero", "a device"),
    ] {
        let opened = file(&texts(&[path])).await.unwrap().unwrap();
        let why = opened.content.err().expect("it is not opened");
        assert_eq!(
            (why.reason, why.detail),
            (
                Reason::NotRegular,
                format!("{path}: {kind}, not a regular file")
            )
        );
    }
    let globs = texts(&[at(&folder, "pip*")]);
    let opened = open(Look::Files { globs }).await.unwrap();
    assert_eq!(
        opened[0].content.as_ref().err().map(|why| why.reason),
        Some(Reason::NotRegular)
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_leads_to_its_file() {
    let folder = folder();
    let config = write(folder.path(), "real.xml", "real");
    let link = at(&folder, "config.xml");
    std::os::unix::fs::symlink(&config, &link).expect("a link can be made");
    assert_eq!(content(file(&[link]).await.unwrap().unwrap()), "real");
    let dangling = at(&folder, "dangling");
    std::os::unix::fs::symlink(at(&folder, "none"), &dangling).expect("a link can be made");
    assert!(file(&[dangling]).await.unwrap().is_none());
    let circle = at(&folder, "circle");
    std::os::unix::fs::symlink(&circle, &circle).expect("a link can be made");
    assert_eq!(why(file(&[circle]).await).0, Reason::Other);
}

#[tokio::test]
async fn globs_give_the_newest_first() {
    let folder = folder();
    for (name, seconds) in [
        ("a.log.0", 300),
        ("a.log.1", 100),
        ("a.log.2", 200),
        ("a.log.0.lck", 0),
        ("b.txt", 0),
    ] {
        age(
            &write(folder.path(), &format!("mid[1]/logs/{name}"), name),
            seconds,
        );
    }
    write(folder.path(), "mid1/logs/a.log.9", "another installation");
    let names = |files: Vec<Opened>| -> Vec<String> {
        files
            .into_iter()
            .map(|file| file.path.rsplit('/').next().unwrap_or_default().to_owned())
            .collect()
    };
    let globs = texts(&[at(&folder, "mid[1]/logs/a.log.?")]);
    assert_eq!(
        names(open(Look::Files { globs }).await.unwrap()),
        ["a.log.1", "a.log.2", "a.log.0"]
    );
    let globs = texts(&[at(&folder, "**/b.txt"), at(&folder, "none/*.log")]);
    assert_eq!(names(open(Look::Files { globs }).await.unwrap()), ["b.txt"]);
    let globs = texts(&[at(&folder, "none/*.log")]);
    assert!(open(Look::Files { globs }).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_very_many_files_the_newest_are_given_and_the_rest_is_named() {
    let folder = folder();
    for at in 0..1_005 {
        let path = write(folder.path(), &format!("a.log.{at}"), &at.to_string());
        age(&path, at);
    }
    let mut files = open(Look::Files {
        globs: texts(&[at(&folder, "a.log.*")]),
    })
    .await
    .unwrap();
    assert_eq!(files.len(), 1_001);
    let note = files.pop().unwrap().content.err().unwrap();
    assert_eq!(note.reason, Reason::NotWhole);
    assert!(
        note.detail
            .ends_with("1005 files fit, all but the newest 1000 were left out"),
        "{}",
        note.detail
    );
    // The last ones were not opened from the start, and still are what they were.
    assert_eq!(content(files.pop().unwrap()), "999");
    let replaced = files.pop().unwrap();
    write(folder.path(), "another", "x");
    fs::rename(at(&folder, "another"), &replaced.path).unwrap();
    let mut text = String::new();
    let error = replaced
        .content
        .unwrap()
        .read_to_string(&mut text)
        .unwrap_err();
    assert_eq!(error.to_string(), "another file has taken its place");
}

#[tokio::test]
async fn paths_are_suggested() {
    let folder = folder();
    write(folder.path(), "one/agent/config.xml", "");
    write(folder.path(), "two/agent/config.xml", "");
    write(folder.path(), "three/agent", "a file");
    let suggested = |folders| {
        let globs = texts(&[at(&folder, "*/agent")]);
        async move { look(&live(None), Look::Paths { globs, folders }, PATIENT).await }
    };
    let Reply::Paths(folders) = suggested(true).await.unwrap() else {
        panic!("no paths")
    };
    assert_eq!(
        folders,
        [at(&folder, "one/agent"), at(&folder, "two/agent")]
    );
    let Reply::Paths(all) = suggested(false).await.unwrap() else {
        panic!("no paths")
    };
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn meta_tells_what_is_there() {
    let folder = folder();
    let config = write(folder.path(), "config.xml", "12345");
    let found = meta(&config).await.unwrap().unwrap();
    assert_eq!(
        (
            found.size_bytes,
            found.folder,
            found.readable,
            found.writable
        ),
        (Some(5), Some(false), Some(true), Some(true))
    );
    assert!(found.owner.is_some_and(|owner| !owner.is_empty()) || cfg!(windows));
    let above = meta(folder.path().to_str().unwrap()).await.unwrap();
    assert_eq!(above.unwrap().folder, Some(true));
    assert_eq!(meta(&at(&folder, "none")).await.unwrap(), None);
}

#[tokio::test]
async fn reading_ends_when_nobody_waits() {
    let folder = folder();
    let path = write(folder.path(), "a.log", "text");
    let stop = Arc::new(AtomicBool::new(false));
    let host = Live::new(LiveOptions {
        stop: Arc::clone(&stop),
        ..LiveOptions::default()
    })
    .unwrap();
    let Reply::Files(mut files) = look(&host, Look::File { paths: vec![path] }, PATIENT)
        .await
        .unwrap()
    else {
        panic!("no file");
    };
    stop.store(true, Ordering::Relaxed);
    let mut text = String::new();
    let error = files
        .pop()
        .unwrap()
        .content
        .unwrap()
        .read_to_string(&mut text)
        .unwrap_err();
    assert_eq!(error.to_string(), "stopped");
}

#[cfg(unix)]
#[tokio::test]
async fn a_look_that_takes_too_long_is_unknown() {
    let globs = texts(&["/**/no-such-file-anywhere"]);
    let got = look(&live(None), Look::Files { globs }, Duration::from_nanos(1)).await;
    assert_eq!(why(got).0, Reason::OutOfTime);
}

/// What a user without rights may not see is unknown and never absent. Root may see everything, so that for root this
/// runs again as nobody.
#[cfg(unix)]
#[tokio::test]
async fn what_may_not_be_read_is_unknown() {
    use std::os::unix::fs::PermissionsExt;

    use crate::support::ran_as_nobody;

    let folder = folder();
    if ran_as_nobody("live_host::files::what_may_not_be_read_is_unknown") {
        return;
    }
    let secret = write(folder.path(), "secret.xml", "x");
    let below = write(folder.path(), "keys/a.jks", "x");
    let listed = write(folder.path(), "logs/a.log", "x");
    let keys = at(&folder, "keys");
    let close = |path: &str, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights can be set")
    };
    close(&secret, 0o000);
    close(&keys, 0o000);
    let denied = |path: &str| (Reason::NoRight, format!("{path}: permission denied"));

    let opened = file(std::slice::from_ref(&secret)).await.unwrap().unwrap();
    let refused = opened.content.err().expect("it is not opened");
    assert_eq!((refused.reason, refused.detail), denied(&secret));
    let there = meta(&secret).await.unwrap().unwrap();
    assert_eq!((there.readable, there.writable), (Some(false), Some(false)));

    assert_eq!(
        why(file(std::slice::from_ref(&below)).await),
        denied(&below)
    );
    assert_eq!(why(meta(&below).await), denied(&below));
    let globs = texts(&[format!("{keys}/*.jks")]);
    assert_eq!(
        why(open(Look::Files {
            globs: globs.clone()
        })
        .await),
        denied(&keys)
    );
    assert_eq!(
        why(look(
            &live(None),
            Look::Paths {
                globs: globs.clone(),
                folders: false
            },
            PATIENT
        )
        .await),
        denied(&keys)
    );
    // What was found stays, and what could not be seen stands beside it.
    let both = [globs, texts(&[at(&folder, "logs/*.log")])].concat();
    let files = open(Look::Files { globs: both }).await.unwrap();
    assert_eq!(
        files
            .iter()
            .map(|file| file.path.as_str())
            .collect::<Vec<_>>(),
        [listed.as_str(), &keys]
    );
    assert_eq!(
        files[1].content.as_ref().err().map(|why| why.reason),
        Some(Reason::NoRight)
    );
    close(&keys, 0o700);
}
