//! Addresses of names, from a chosen server or by the system's settings, with the server's own answer code.
//!
//! Two codes are this program's: `TIMEOUT`, no server answered in time, and `UNREACHABLE`, none could be asked.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use hickory_resolver::{
    Hosts, TokioResolver,
    config::{NameServerConfig, ResolveHosts, ResolverConfig},
    net::{DnsError, NetError, runtime::TokioRuntimeProvider},
    proto::{
        op::{Query, ResponseCode},
        rr::{Name, RecordType},
    },
};
use tokio::time::{Instant, timeout_at};

use super::{connect, ms_since};
use crate::{
    finding::{Reason, Unknown},
    host::NameReply,
};

/// How long the other family's answer is waited for once one has settled the matter: some firewalls swallow questions
/// for IPv6.
const OTHER: Duration = Duration::from_millis(500);

/// What was said to one question: addresses, or a code.
type Answer = Result<Vec<String>, String>;

/// Asks for a name's addresses of both families.
pub(super) async fn look(
    name: &str,
    server: Option<&str>,
    limit: Duration,
) -> Result<NameReply, Unknown> {
    let start = Instant::now();
    let until = start + limit;
    let reply = |addresses: Vec<String>, server: String, code: String| {
        Ok(NameReply {
            addresses,
            server,
            code,
            took_ms: Some(ms_since(start)),
        })
    };
    if let Ok(address) = name.parse::<IpAddr>() {
        return reply(
            vec![address.to_string()],
            String::new(),
            "NOERROR".to_owned(),
        );
    }
    if name.trim_matches('.').is_empty() {
        return Err(Unknown::new(Reason::Other, "the name is empty"));
    }
    let mut asked = Name::from_utf8(name).map_err(|error| {
        Unknown::new(
            Reason::Other,
            format!("`{}` is no name of a host: {error}", name.escape_debug()),
        )
    })?;
    let (resolver, by) = match server {
        // A chosen server is asked for the name as it stands, without the system's search list.
        Some(server) => {
            asked.set_fqdn(true);
            let Some(server) = address_of(server, until).await? else {
                return reply(Vec::new(), server.to_owned(), "UNREACHABLE".to_owned());
            };
            (chosen(server, limit)?, shown(server))
        }
        None => {
            let listed = in_hosts_file(&asked, until, hosts_file).await?;
            if !listed.is_empty() {
                return reply(listed, "hosts file".to_owned(), "NOERROR".to_owned());
            }
            by_system(limit)?
        }
    };
    match ask_both(&resolver, &asked, until).await {
        Ok(addresses) => reply(addresses, by, "NOERROR".to_owned()),
        Err(code) => reply(Vec::new(), by, code),
    }
}

async fn ask_both(resolver: &TokioResolver, name: &Name, until: Instant) -> Answer {
    let four = ask(resolver, name, RecordType::A, until);
    let six = ask(resolver, name, RecordType::AAAA, until);
    tokio::pin!(four, six);
    let (first, other) = tokio::select! {
        four = &mut four => {
            let six = other(six, &four, until).await;
            (four, six)
        }
        six = &mut six => {
            let four = other(four, &six, until).await;
            (six, four)
        }
    };
    match (first, other) {
        (Ok(mut addresses), Ok(more)) => {
            addresses.extend(more);
            addresses.sort_by_key(|address| address.contains(':'));
            addresses.dedup();
            Ok(addresses)
        }
        (Ok(addresses), Err(_)) | (Err(_), Ok(addresses)) => Ok(addresses),
        (Err(first), Err(other)) => Err(more_telling(first, other)),
    }
}

/// The second answer. A first one that settled the matter does not wait long for it; one without addresses says nothing
/// of the other family, whose question may have been lost on the way and is asked again.
async fn other(answer: impl Future<Output = Answer>, first: &Answer, until: Instant) -> Answer {
    let settled = match first {
        Ok(_) => true,
        Err(code) => code == "NXDOMAIN",
    };
    let until = if settled {
        until.min(Instant::now() + OTHER)
    } else {
        until
    };
    timeout_at(until, answer)
        .await
        .unwrap_or_else(|_| Err("TIMEOUT".to_owned()))
}

/// Of two codes the one that says more: that a name does not exist is true for both families.
fn more_telling(a: String, b: String) -> String {
    let rank = |code: &str| match code {
        "NXDOMAIN" => 0,
        "TIMEOUT" => 3,
        "UNREACHABLE" => 2,
        "NOERROR" => 4,
        _ => 1,
    };
    if rank(&a) <= rank(&b) { a } else { b }
}

async fn ask(resolver: &TokioResolver, name: &Name, kind: RecordType, until: Instant) -> Answer {
    let found = match timeout_at(until, resolver.lookup(name.clone(), kind)).await {
        Err(_) => return Err("TIMEOUT".to_owned()),
        Ok(Err(error)) => return Err(code(&error)),
        Ok(Ok(found)) => found,
    };
    let addresses = found
        .answers()
        .iter()
        .filter_map(|record| record.data.ip_addr());
    let addresses: Vec<String> = addresses.map(|address| address.to_string()).collect();
    if addresses.is_empty() {
        Err("NOERROR".to_owned())
    } else {
        Ok(addresses)
    }
}

fn code(error: &NetError) -> String {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => named(none.response_code),
        NetError::Dns(DnsError::ResponseCode(code)) => named(*code),
        NetError::Timeout => "TIMEOUT".to_owned(),
        NetError::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => "TIMEOUT".to_owned(),
        NetError::Io(_) | NetError::NoConnections => "UNREACHABLE".to_owned(),
        // An answer that cannot be read is a server's failure.
        _ => "SERVFAIL".to_owned(),
    }
}

/// The names of RFC 1035 and later ones, as tools print them.
fn named(code: ResponseCode) -> String {
    match code {
        ResponseCode::NoError => "NOERROR".to_owned(),
        ResponseCode::FormErr => "FORMERR".to_owned(),
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::NXDomain => "NXDOMAIN".to_owned(),
        ResponseCode::NotImp => "NOTIMP".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        other => format!("RCODE{}", u16::from(other)),
    }
}

/// A server's address, from `ip`, `ip:port`, `[ip]:port`, or a name that the system knows.
async fn address_of(server: &str, until: Instant) -> Result<Option<SocketAddr>, Unknown> {
    if let Ok(address) = server.parse::<SocketAddr>() {
        return Ok(Some(address));
    }
    let senseless = || {
        Unknown::new(
            Reason::Other,
            format!("`{server}` is no address of a server"),
        )
    };
    let (host, port) = match server.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => (host, port.parse().map_err(|_| senseless())?),
        _ => (server, 53),
    };
    Ok(connect::resolve(host, port, until)
        .await
        .ok()
        .and_then(|addresses| addresses.first().copied()))
}

/// A server as people write it: the port only where it is not the usual one.
fn shown(server: SocketAddr) -> String {
    match server.port() {
        53 => server.ip().to_string(),
        _ => server.to_string(),
    }
}

fn chosen(server: SocketAddr, limit: Duration) -> Result<TokioResolver, Unknown> {
    let mut config = NameServerConfig::udp_and_tcp(server.ip());
    for connection in &mut config.connections {
        connection.port = server.port();
    }
    let config = ResolverConfig::from_name_servers(vec![config]);
    build(
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()),
        limit,
    )
}

/// The resolver of the system's settings, and who answers where it is a single server.
fn by_system(limit: Duration) -> Result<(TokioResolver, String), Unknown> {
    let (config, options) =
        hickory_resolver::system_conf::read_system_conf().map_err(|error| unset(&error))?;
    let by = match config.name_servers() {
        [] => {
            return Err(Unknown::new(
                Reason::NotAvailable,
                "the system names no name server",
            ));
        }
        [one] => one.ip.to_string(),
        _ => String::new(),
    };
    let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        .with_options(options);
    Ok((build(builder, limit)?, by))
}

fn build(
    mut builder: hickory_resolver::ResolverBuilder<TokioRuntimeProvider>,
    limit: Duration,
) -> Result<TokioResolver, Unknown> {
    let options = builder.options_mut();
    // A lost packet is asked again once within the limit.
    options.timeout = limit / 2;
    options.attempts = 1;
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Never;
    builder.build().map_err(|error| unset(&error))
}

/// The error's type differs between systems.
fn unset(error: &dyn std::fmt::Display) -> Unknown {
    Unknown::new(
        Reason::NotAvailable,
        format!("the system's name servers: {error}"),
    )
}

/// What the system's own list of names says, which comes before any server. Without it nobody knows what the system
/// would take a name for.
async fn in_hosts_file(
    name: &Name,
    until: Instant,
    read: impl FnOnce() -> io::Result<Hosts> + Send + 'static,
) -> Result<Vec<String>, Unknown> {
    match timeout_at(until, tokio::task::spawn_blocking(read)).await {
        Ok(Ok(Ok(hosts))) => Ok(listed(&hosts, name)),
        Ok(Ok(Err(error))) => {
            let reason = match error.kind() {
                io::ErrorKind::PermissionDenied => Reason::NoRight,
                _ => Reason::Other,
            };
            Err(Unknown::new(reason, format!("the hosts file: {error}")))
        }
        Ok(Err(_)) => Err(Unknown::new(
            Reason::Other,
            "the hosts file: the look broke off",
        )),
        Err(_) => Err(Unknown::new(
            Reason::OutOfTime,
            "the hosts file was not read in time",
        )),
    }
}

/// The system's list; an empty one where there is none.
fn hosts_file() -> io::Result<Hosts> {
    match Hosts::from_system() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Hosts::default()),
        read => read,
    }
}

fn listed(hosts: &Hosts, name: &Name) -> Vec<String> {
    [RecordType::A, RecordType::AAAA]
        .into_iter()
        .filter_map(|kind| hosts.lookup_static_host(&Query::query(name.clone(), kind)))
        .flat_map(|found| {
            found
                .answers()
                .iter()
                .filter_map(|record| record.data.ip_addr())
                .collect::<Vec<_>>()
        })
        .map(|address| address.to_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[tokio::test]
    async fn a_hosts_file_that_cannot_be_read_is_no_empty_one() {
        async fn check(
            read: impl FnOnce() -> io::Result<Hosts> + Send + 'static,
            expected: Result<&[&str], (Reason, &str)>,
        ) {
            let name = Name::from_utf8("mid.example").unwrap();
            let until = Instant::now() + Duration::from_millis(300);
            let got = in_hosts_file(&name, until, read).await;
            match (got, expected) {
                (Ok(got), Ok(expected)) => assert_eq!(got, expected),
                (Err(why), Err((reason, detail))) => {
                    assert_eq!((why.reason, why.detail.as_str()), (reason, detail));
                }
                other => panic!("{other:?}"),
            }
        }
        let hosts = |text: &str| {
            let mut hosts = Hosts::default();
            hosts.read_hosts_conf(text.as_bytes()).unwrap();
            hosts
        };
        let other = hosts("192.0.2.2 other.example\n");
        check(move || Ok(other), Ok(&[])).await;
        let known = hosts("192.0.2.1 mid.example\n");
        check(move || Ok(known), Ok(&["192.0.2.1"])).await;
        check(
            || Err(io::ErrorKind::PermissionDenied.into()),
            Err((Reason::NoRight, "the hosts file: permission denied")),
        )
        .await;
        check(
            || {
                thread::sleep(Duration::from_secs(1));
                Ok(Hosts::default())
            },
            Err((Reason::OutOfTime, "the hosts file was not read in time")),
        )
        .await;
    }
}
