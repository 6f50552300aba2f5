//! Asks Windows: the registry for the list, the service manager for each service. Any user may do both.

use windows_registry::LOCAL_MACHINE;
use windows_service::{
    Error,
    service::ServiceAccess,
    service_manager::{ServiceManager, ServiceManagerAccess},
};

use super::{Listed, Refused, Told, found};
use crate::{
    finding::Unknown,
    host::{ServiceState, live::Stop},
};

const LIST: &str = r"SYSTEM\CurrentControlSet\Services";

pub(in super::super) fn services(
    names: &[String],
    stop: &Stop,
) -> Result<Vec<ServiceState>, Unknown> {
    let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT)
        .map_err(|error| refused(error).unknown("the service manager"))?;
    let listed = listed().map_err(|error| {
        // The number of `winerror.h` is the lower half of what the registry's errors carry.
        let code = u32::try_from(error.code().0 & 0xffff).ok();
        let words = error.message();
        Refused { code, words }.unknown("the list of services")
    })?;
    found(listed, names, |name| {
        if stop.is_set() {
            return Err(Refused {
                code: None,
                words: "nobody waits any more".to_owned(),
            });
        }
        ask(&manager, name).map_err(refused)
    })
}

fn listed() -> windows_registry::Result<Vec<Listed>> {
    let list = LOCAL_MACHINE.open(LIST)?;
    let mut all = Vec::new();
    for name in list.keys()? {
        // A key that this user may not open is one that the manager is asked about.
        let listed = match list.open(&name) {
            Ok(key) => Listed {
                shown: key.get_string("DisplayName").ok(),
                kind: key.get_u32("Type").ok(),
                name,
            },
            Err(_) => Listed {
                shown: None,
                kind: Some(u32::MAX),
                name,
            },
        };
        all.push(listed);
    }
    Ok(all)
}

fn ask(manager: &ServiceManager, name: &str) -> windows_service::Result<Told> {
    let access = ServiceAccess::QUERY_STATUS | ServiceAccess::QUERY_CONFIG;
    let service = manager.open_service(name, access)?;
    let status = service.query_status()?;
    let config = service.query_config()?;
    Ok(Told {
        state: status.current_state as u32,
        start: config.start_type.to_raw(),
        shown: config.display_name.to_string_lossy().into_owned(),
        account: config
            .account_name
            .map(|name| name.to_string_lossy().into_owned()),
        pid: status.process_id,
    })
}

fn refused(error: Error) -> Refused {
    match error {
        Error::Winapi(error) => Refused {
            code: error.raw_os_error().and_then(|code| code.try_into().ok()),
            words: error.to_string(),
        },
        other => Refused {
            code: None,
            words: other.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, atomic::AtomicBool};

    use super::*;

    #[test]
    fn the_machine_itself_tells() {
        let stop = Stop {
            all: Arc::new(AtomicBool::new(false)),
            one: Arc::new(AtomicBool::new(false)),
        };
        // Each Windows has it.
        let found = services(&["RPCss".to_owned()], &stop).unwrap();
        let [service] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert!(service.name.eq_ignore_ascii_case("RpcSs"), "{service:?}");
        assert_ne!(service.state, "unknown", "{service:?}");
        assert!(service.start_mode.is_some(), "{service:?}");
        let none = services(&["no-such-service-*".to_owned()], &stop).unwrap();
        assert!(none.is_empty(), "{none:?}");
    }
}
