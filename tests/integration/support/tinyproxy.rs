//! A real proxy, where Debian's `tinyproxy` is installed.

use std::{
    fs,
    net::{Ipv4Addr, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::refused_port;

/// A running proxy on loopback.
pub struct Tinyproxy {
    pub port: u16,
    child: Child,
    _folder: tempfile::TempDir,
}

impl Tinyproxy {
    /// Starts it, with a login where one is given; more lines for its settings. `None` where it is not installed.
    pub fn start(login: Option<(&str, &str)>, more: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let port = refused_port();
        let login = login
            .map(|(user, password)| format!("BasicAuth {user} {password}\n"))
            .unwrap_or_default();
        let settings = format!(
            "Port {port}\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 30\nLogLevel Critical\n{login}{more}\n"
        );
        let path = folder.path().join("tinyproxy.conf");
        fs::write(&path, settings).expect("its settings can be written");
        let child = Command::new("tinyproxy")
            .arg("-d")
            .arg("-c")
            .arg(&path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let proxy = Self {
            port,
            child,
            _folder: folder,
        };
        let until = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < until, "tinyproxy does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        Some(proxy)
    }

    /// As `host:port`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

impl Drop for Tinyproxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
