//! Files of which not all was recorded. How the end of a log is judged, the log's own tests tell.

use super::*;

#[test]
fn what_was_read_in_part_does_not_end() {
    let recorder = Recorder::new(Box::new(Recorded::new(MACHINE, FILES).unwrap()));
    let asked = Look::File {
        paths: texts(&["/opt/mid/config.xml"]),
    };
    let limits = Limits {
        timeout: Duration::from_secs(1),
    };
    let Poll::Ready(Ok(Reply::Files(mut files))) = recorder
        .look(&asked, limits)
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("no file");
    };
    files[0]
        .content
        .as_mut()
        .unwrap()
        .read_exact(&mut [0; 4])
        .unwrap();
    let written = recorder
        .recording()
        .written(&mut Redactor::default(), Timestamp::UNIX_EPOCH, None)
        .unwrap();
    assert_eq!(written.files["opt/mid/config.xml"], b"<a>\n");
    let again = Recorded::new(&written.host_yaml, Kept(Mutex::new(written.files))).unwrap();
    assert!(look(&again, &asked).contains("only a part of it was recorded"));
}
