//! Real parts for tests, on loopback or in a network of their own alone: an instance with TLS, a server for handshakes
//! alone, a name server, a server that keeps everybody waiting, ports that refuse or keep silent, and real proxies and a
//! real name server where they are installed. Each lives until it is dropped.

mod authority;
mod dnsmasq;
mod gate;
mod instance;
mod key_store;
#[cfg(unix)]
mod measured;
mod microsocks;
mod name_server;
#[cfg(target_os = "linux")]
mod network;
#[cfg(unix)]
mod nobody;
#[cfg(unix)]
mod planting;
mod ports;
mod program;
mod required;
mod secrets;
#[cfg(target_os = "linux")]
mod service_wrapper;
mod tables;
mod tinyproxy;
mod tls_server;

pub use authority::{Authority, Certificate, self_signed};
pub use dnsmasq::Dnsmasq;
pub use gate::Gate;
pub use instance::{Instance, LOGIN, Manner, Request};
pub use key_store::{der, jks, pkcs12};
#[cfg(unix)]
pub use measured::{Measured, measured};
pub use microsocks::Microsocks;
pub use name_server::{NameServer, Said};
#[cfg(target_os = "linux")]
pub use network::{Fault, Network, ROUTER, ROUTER_SIX, THERE, THERE_SIX};
#[cfg(unix)]
pub use nobody::ran_as_nobody;
#[cfg(unix)]
pub use planting::{planted, planted_properties, planted_server};
pub use ports::{refused_port, silent_port};
pub use program::{fed, fed_or_over, program, run};
pub use required::left_out;
pub use secrets::{PLACES, secret};
#[cfg(target_os = "linux")]
pub use service_wrapper::{ServiceWrapper, Setup};
pub use tables::{ADMIN, Login, MID_USER, Says, Tables};
pub use tinyproxy::Tinyproxy;
pub use tls_server::{Shaking, TlsServer};
