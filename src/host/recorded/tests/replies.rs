//! What is looked up by a key: connections, requests, names, programs, disks.

use super::*;
use crate::finding::Address;
use crate::host::{
    Connection, HttpReply, HttpRequest, Login, NameReply, PingReply, ProgramReply, TlsReply,
    TlsRequest, Trust, Via,
};

#[test]
fn replies_stand_under_their_keys() {
    #[track_caller]
    fn check(asked: Look, expected: Result<&str, &str>) {
        let got = look(&linux(), &asked).map(|reply| format!("{reply:?}"));
        assert_eq!(got.as_deref().map_err(|why| why.detail.as_str()), expected);
    }
    let via = |address: &str| Via {
        address: Address::proxy(address).expect("it is an address"),
        user: String::new(),
        password: None,
    };
    let open = Reply::Connection(Connection::Open {
        address: "192.0.2.1:443".to_owned(),
        took_ms: Some(3),
    });
    let connect = |via| Look::Connect {
        host: "Example.com".to_owned(),
        port: 443,
        via,
    };
    check(connect(None), Ok(&format!("{open:?}")));
    let refused = Connection::Refused {
        address: "example.com:443 via proxy:3128".to_owned(),
    };
    check(
        connect(Some(via("http://proxy:3128/"))),
        Ok(&format!("{:?}", Reply::Connection(refused))),
    );
    check(
        connect(Some(via("other:3128"))),
        Err("`tcp: example.com:443 via other:3128` was not recorded"),
    );

    let tls = |name: &str, trust, via| {
        Look::Tls(TlsRequest {
            host: "Example.com".to_owned(),
            port: 443,
            name: name.to_owned(),
            trust,
            via,
        })
    };
    let ended = |end: &str| {
        let reply = TlsReply::NoWay(Connection::Unreachable(end.to_owned()));
        format!("{:?}", Reply::Tls(reply))
    };
    check(tls("example.COM", Trust::System, None), Ok(&ended("one")));
    check(
        tls(
            "Other.example",
            Trust::Store("/opt/cacerts".to_owned()),
            Some(via("proxy:3128")),
        ),
        Ok(&ended("two")),
    );
    check(
        tls("example.com", Trust::Store("/opt/cacerts".to_owned()), None),
        Err("`tls: example.com:443 by /opt/cacerts` was not recorded"),
    );

    let answered = |status| {
        let (headers, body) = (indexmap::IndexMap::new(), String::new());
        let reply = HttpReply::Answered {
            status,
            headers,
            body,
            cut: false,
            took_ms: None,
            redirected_to: None,
            moment: None,
        };
        format!("{:?}", Reply::Http(reply))
    };
    let request = |login: Option<&str>| {
        Look::Http(HttpRequest {
            url: Address::parse("https://example.com/").expect("it is an address"),
            method: "GET".to_owned(),
            headers: Default::default(),
            body: None,
            login: login.map(|user| Login {
                user: user.to_owned(),
                password: None,
            }),
            via: None,
        })
    };
    check(request(None), Ok(&answered(401)));
    check(request(Some("admin")), Ok(&answered(200)));
    check(
        request(Some("other")),
        Err("`http: GET https://example.com/ as other` was not recorded"),
    );

    let code = |code: &str, addresses: &[&str]| NameReply {
        addresses: texts(addresses),
        server: String::new(),
        code: code.to_owned(),
        took_ms: None,
    };
    let name = |name: &str, server: Option<&str>| Look::Name {
        name: name.to_owned(),
        server: server.map(str::to_owned),
    };
    check(
        name("EXAMPLE.com.", None),
        Ok(&format!(
            "{:?}",
            Reply::Name(code("NOERROR", &["192.0.2.1"]))
        )),
    );
    check(
        name("x", Some("192.0.2.53")),
        Ok(&format!("{:?}", Reply::Name(code("TIMEOUT", &[])))),
    );
    check(name("x", None), Err("`dns: x` was not recorded"));

    let ping = |host: &str, count| Look::Ping {
        host: host.to_owned(),
        count,
    };
    let silent = PingReply::Silent {
        address: "192.0.2.1".to_owned(),
        sent: 4,
        error: None,
    };
    let silent = format!("{:?}", Reply::Ping(silent));
    check(ping("Example.com.", 4), Ok(&silent));
    // However many are asked for now: so many were sent then.
    check(ping("example.com", 20), Ok(&silent));
    let gone = Reply::Ping(PingReply::Unresolved("NXDOMAIN".to_owned()));
    check(ping("gone.example", 4), Ok(&format!("{gone:?}")));
    check(
        ping("other.example", 4),
        Err("`ping: other.example` was not recorded"),
    );

    let exited = ProgramReply::Exited {
        status: 0,
        stdout: String::new(),
        stderr: "v17".to_owned(),
    };
    check(
        Look::Program {
            run: texts(&["java", "-version"]),
        },
        Ok(&format!("{:?}", Reply::Program(exited))),
    );
    let disk = |path: &str| Look::Disk {
        path: path.to_owned(),
    };
    check(
        disk("/opt/mid/agent/logs"),
        Ok("Disk(DiskSpace { free_bytes: 3, total_bytes: 4 })"),
    );
    check(
        disk("/opt/midway"),
        Ok("Disk(DiskSpace { free_bytes: 1, total_bytes: 2 })"),
    );
    check(disk("/tmp"), Err("`/tmp` was not recorded"));
    check(Look::Processes, Err("`processes` was not recorded"));
}
