//! A look that is dropped leaves nothing behind.

use std::{
    collections::BTreeMap,
    io::Read,
    net::{Ipv4Addr, TcpListener, TcpStream},
    time::Duration,
};

use waypost::{
    finding::Address,
    host::{HttpRequest, Look, Via},
};

use super::{PATIENT, live, look};

/// Takes one connection, drops the look once something came, and waits for the connection's end.
async fn check(asked: impl FnOnce(u16) -> Look) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let asked = asked(listener.local_addr().unwrap().port());
    let taken = tokio::task::spawn_blocking(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let length = stream.read(&mut [0; 4096]).unwrap();
        assert!(length > 0, "it hung up at once");
        stream
    });
    let host = live(None);
    let mut stream: TcpStream = tokio::select! {
        reply = look(&host, asked, PATIENT) => panic!("nobody answered, but: {reply:?}"),
        taken = taken => taken.unwrap(),
    };
    let end = tokio::task::spawn_blocking(move || {
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        std::io::copy(&mut stream, &mut std::io::sink())
    });
    // Ended by the other side or reset, not by the time limit.
    if let Err(error) = end.await.unwrap() {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    }
}

#[tokio::test]
async fn a_dropped_look_hangs_up() {
    let via = |port| Via {
        address: Address::proxy(&format!("127.0.0.1:{port}")).unwrap(),
        user: String::new(),
        password: None,
    };
    let request = |url: String, via| {
        let method = "GET".to_owned();
        Look::Http(HttpRequest {
            url: Address::parse(&url).unwrap(),
            method,
            headers: BTreeMap::new(),
            body: None,
            login: None,
            via,
        })
    };
    check(|port| request(format!("http://127.0.0.1:{port}/"), None)).await;
    check(|port| request(format!("https://127.0.0.1:{port}/"), None)).await;
    check(|port| request("https://mid.example/".to_owned(), Some(via(port)))).await;
    check(|port| Look::Connect {
        host: "mid.example".to_owned(),
        port: 443,
        via: Some(via(port)),
    })
    .await;
}
