//! Tests of the whole from outside: one fast binary.

mod agreement;
mod asked;
#[cfg(unix)]
mod bad_hosts;
mod bundles;
mod cases;
mod commands;
mod coverage;
mod demos;
mod engine;
#[cfg(target_os = "linux")]
mod four_ways;
mod hosts;
mod hosts_denied;
mod hosts_masked;
mod instance_asked;
mod layers;
mod lint;
mod live_host;
mod look_ahead;
#[cfg(unix)]
mod manual_commands;
mod masked;
#[cfg(target_os = "linux")]
mod network_faults;
mod not_known;
mod parity;
mod pasted;
mod plain;
#[cfg(unix)]
mod planted;
mod printed;
mod probe_command;
mod readme;
#[cfg(unix)]
mod recorded_run;
#[cfg(unix)]
mod redacted_run;
mod report_files;
mod report_schema;
#[cfg(target_os = "linux")]
mod service_wrapper;
mod stated;
mod support;
mod walked;
