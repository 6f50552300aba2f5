//! A real SOCKS 5 proxy, where Debian's `microsocks` is installed.

use std::{
    net::{Ipv4Addr, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::refused_port;

/// A running proxy on loopback.
pub struct Microsocks {
    pub port: u16,
    child: Child,
}

impl Microsocks {
    /// Starts it, with a login where one is given. `None` where it is not installed.
    pub fn start(login: Option<(&str, &str)>) -> Option<Self> {
        let port = refused_port();
        let mut command = Command::new("microsocks");
        command.args(["-i", "127.0.0.1", "-p", &port.to_string()]);
        if let Some((user, password)) = login {
            command.args(["-u", user, "-P", password]);
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let proxy = Self { port, child };
        let until = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < until, "microsocks does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        Some(proxy)
    }

    /// As `scheme://host:port`.
    pub fn address(&self, scheme: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.port)
    }
}

impl Drop for Microsocks {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
