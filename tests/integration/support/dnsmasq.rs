//! A real name server, where Debian's `dnsmasq-base` is installed.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::refused_port;

/// What is always in it; more comes with each test. Names below `example` are its own, and it knows nobody to ask for
/// others.
const ALWAYS: &str = "\
no-resolv
no-hosts
pid-file
cache-size=0
local=/example/
host-record=ready.example,192.0.2.1
";

/// How often another port is tried: somebody else may have taken one that was free a moment ago.
const TRIES: usize = 5;

/// A running name server.
pub struct Dnsmasq {
    address: SocketAddr,
    child: Child,
    _folder: tempfile::TempDir,
}

impl Dnsmasq {
    /// On loopback, with more lines for its settings. `None` where it is not installed.
    pub fn start(lines: &str) -> Option<Self> {
        for _ in 0..TRIES {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, refused_port()));
            match Self::start_at(address, lines) {
                Ok(Some(server)) => return Some(server),
                Ok(None) => {}
                Err(_) => return None,
            }
        }
        panic!("dnsmasq ends as soon as it is started");
    }

    /// At this address. `None` where it ended at once.
    ///
    /// # Errors
    /// It is not installed.
    pub fn start_at(address: SocketAddr, lines: &str) -> io::Result<Option<Self>> {
        let folder = tempfile::tempdir()?;
        let settings = folder.path().join("dnsmasq.conf");
        let (ip, port) = (address.ip(), address.port());
        let listen = format!("port={port}\nlisten-address={ip}\nbind-interfaces\n");
        fs::write(&settings, format!("{ALWAYS}{listen}{lines}\n"))?;
        let child = Command::new("dnsmasq")
            .arg("--keep-in-foreground")
            .arg(format!("--conf-file={}", settings.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut server = Self {
            address,
            child,
            _folder: folder,
        };
        let until = Instant::now() + Duration::from_secs(10);
        while server.ask("ready.example").is_none() {
            if server.child.try_wait()?.is_some() {
                return Ok(None);
            }
            assert!(Instant::now() < until, "dnsmasq does not answer");
            thread::sleep(Duration::from_millis(20));
        }
        Ok(Some(server))
    }

    /// As `ip:port`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// What it says over UDP to one question for an address of IPv4, as it comes (RFC 1035, 4.1).
    pub fn ask(&self, name: &str) -> Option<Vec<u8>> {
        let any: IpAddr = Ipv4Addr::UNSPECIFIED.into();
        let socket = UdpSocket::bind((any, 0)).ok()?;
        socket
            .set_read_timeout(Some(Duration::from_millis(500)))
            .ok()?;
        socket.connect(self.address).ok()?;
        // Number 1, recursion wanted, one question.
        let mut question = vec![0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in name.split('.') {
            question.push(u8::try_from(label.len()).ok()?);
            question.extend_from_slice(label.as_bytes());
        }
        // The end of the name, type A, class IN.
        question.extend_from_slice(&[0, 0, 1, 0, 1]);
        socket.send(&question).ok()?;
        let mut reply = vec![0; 4096];
        let length = socket.recv(&mut reply).ok()?;
        reply.truncate(length);
        Some(reply)
    }
}

impl Drop for Dnsmasq {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
