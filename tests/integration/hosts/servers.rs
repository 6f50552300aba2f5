//! The loopback servers that a host needs: its instance, its proxy, its name server. All end with the test.

use super::case::{Dns, Expect, Instance as Behaviour, PROXY_LOGIN, Proxy, Values};
use crate::support::{
    Authority, Certificate, Instance, NameServer, Tinyproxy, refused_port, silent_port,
};

/// What is running for one host.
pub struct Servers {
    /// `https://host:port`.
    instance: String,
    /// The authority that signed the instance's certificate.
    pub ca_pem: String,
    proxy: Option<Tinyproxy>,
    dns: Option<NameServer>,
    _kept: Vec<Box<dyn Send>>,
}

/// What this machine lacks for a host.
pub struct Lacking(pub &'static str);

impl Servers {
    pub fn start(expect: &Expect) -> Result<Self, Lacking> {
        let authority = Authority::new();
        let mut kept: Vec<Box<dyn Send>> = Vec::new();
        let instance = match expect.instance {
            Behaviour::Answering | Behaviour::Newer | Behaviour::OtherName => {
                let certificate = match expect.instance {
                    Behaviour::OtherName => Certificate::OtherName,
                    _ => Certificate::Good,
                };
                let instance = Instance::tls(&authority, certificate);
                let url = instance.url("");
                kept.push(Box::new(instance));
                url
            }
            Behaviour::Refused => format!("https://localhost:{}", refused_port()),
            Behaviour::Silent => {
                let (port, full) = silent_port().ok_or(Lacking("a port that keeps silent"))?;
                kept.push(Box::new(full));
                format!("https://localhost:{port}")
            }
            Behaviour::Unresolved => "https://mid-test.invalid".to_owned(),
        };
        let proxy = match expect.proxy {
            Proxy::None => None,
            Proxy::Plain => Some(Tinyproxy::start(None, "").ok_or(Lacking("tinyproxy"))?),
            Proxy::Basic => {
                Some(Tinyproxy::start(Some(PROXY_LOGIN), "").ok_or(Lacking("tinyproxy"))?)
            }
        };
        let dns = expect.dns.map(|Dns::Nxdomain| NameServer::start(&[]));
        Ok(Self {
            instance,
            ca_pem: authority.pem(),
            proxy,
            dns,
            _kept: kept,
        })
    }

    pub fn values(&self, expect: &Expect, agent_dir: &str) -> Values {
        Values {
            agent_dir: agent_dir.to_owned(),
            instance: self.instance.clone(),
            installed: expect.instance.installed(),
            proxy_port: self.proxy.as_ref().map_or(0, |proxy| proxy.port),
            dns: self
                .dns
                .as_ref()
                .map(NameServer::address)
                .unwrap_or_default(),
        }
    }
}
