//! What service managers and process lists printed on another machine. A service that its manager does not run may run
//! without it: where the tree knows its processes, they have to be in the paste too before it counts as stopped.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{
        Process, ProcessList, Reply, ServiceState, Services, glob_fits,
        printed::{processes, systemctl, windows_services, wrapper_status},
    },
    probe::{params::Given, pasted::Pasted},
};

pub(super) fn read(
    given: Given<'_>,
    os: Os,
    pasted: &Pasted,
) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
    let names = given.texts("name")?;
    let text = pasted.text();
    let needle = given.text("process")?;
    let listed = match needle.as_ref().and_then(|_| processes::read(&text, os)) {
        Some(Ok(listed)) => Some(listed),
        Some(Err(unknown)) => return Ok(vec![Err(unknown)]),
        None => None,
    };
    let mut whole = false;
    let told = match os {
        Os::Windows => {
            let services = windows_services::read(&text);
            whole = match windows_services::is_whole(&text, &services) {
                Some(Err(unknown)) => return Ok(vec![Err(unknown)]),
                Some(Ok(())) => true,
                None => false,
            };
            let absent = windows_services::absent(&text);
            (whole || !services.is_empty() || !absent.is_empty()).then(|| {
                Ok(systemctl::Told {
                    services,
                    absent,
                    ..Default::default()
                })
            })
        }
        Os::Linux | Os::Macos => systemctl::read(&text),
    };
    // Its script knows the wrapper's pid file, so that its word goes for whatever started it.
    let wrapper = wrapper_status::read(&text);
    let by_manager = told.is_some() || !wrapper.is_empty();
    let mut told = match (told, &listed) {
        (Some(Ok(told)), _) => told,
        (Some(Err(unknown)), _) => return Ok(vec![Err(unknown)]),
        (None, None) if wrapper.is_empty() => return Err(pasted.refused()),
        (None, _) => systemctl::Told::default(),
    };
    let fits = |service: &ServiceState| {
        let unit = format!("{}.service", service.name);
        names
            .iter()
            .any(|name| glob_fits(name, &service.name, os) || glob_fits(name, &unit, os))
    };
    let any = !told.services.is_empty();
    told.services.retain(fits);
    if any && told.services.is_empty() && listed.is_none() && wrapper.is_empty() {
        return Err(pasted.refused());
    }
    let by_wrapper = !wrapper.is_empty();
    told.services.extend(wrapper);
    let runs = told
        .services
        .iter()
        .any(|service| service.state == "running");
    let fits = |process: &Process| {
        needle
            .as_ref()
            .is_some_and(|needle| super::holds(&process.command_line, needle, os))
    };
    let processes = listed
        .as_ref()
        .is_some_and(|listed| listed.processes.iter().any(fits));
    if by_manager
        && !(runs || processes || by_wrapper || whole)
        && let Some(missing) = untold(&names, &told, os)
    {
        return Ok(vec![Err(missing)]);
    }
    let lacks = listed.as_ref().and_then(|listed| {
        let misspelt = processes::may_be_misspelt(listed, needle.as_deref().unwrap_or_default());
        let misspelt = misspelt.then(|| "letters may stand there as `?`".to_owned());
        listed.lacks.clone().or(misspelt)
    });
    let seen = by_manager && listed.is_some() && lacks.is_none();
    let pid = if seen || by_wrapper || needle.is_none() && given.path("pid_file")?.is_none() {
        Ok(None)
    } else {
        let why = match (by_manager, lacks) {
            (false, _) => "what the command for its manager printed was not pasted".to_owned(),
            (true, Some(lacks)) => format!(
                "it may run without its manager, and the list of processes does not say that it does not: {lacks}"
            ),
            (true, None) => "it may run without its manager: what the commands for its process printed was not pasted".to_owned(),
        };
        Err(Unknown::new(Reason::NotWhole, why))
    };
    Ok(vec![Ok(Reply::Services(Services {
        services: told.services,
        pid,
        processes: ProcessList {
            processes: listed.unwrap_or_default().processes,
            hidden: !seen,
        },
        no_manager: told.no_manager,
    }))])
}

/// The first name of which nothing is said. Of a pattern nothing has to be said where another name's service is there:
/// what runs is always listed.
fn untold(names: &[String], told: &systemctl::Told, os: Os) -> Option<Unknown> {
    if told.no_manager {
        return None;
    }
    let is_told = |name: &&String| {
        let short = name.strip_suffix(".service").unwrap_or(name);
        if name.contains(['*', '?', '[']) {
            return !told.services.is_empty();
        }
        told.absent.iter().any(|absent| glob_fits(short, absent, os))
            || told.services.iter().any(|service| glob_fits(short, &service.name, os))
            // There only those that are there are listed.
            || os == Os::Windows && !told.services.is_empty()
    };
    let missing = names.iter().find(|name| !is_told(name))?;
    Some(Unknown::new(
        Reason::NotWhole,
        format!("the paste says nothing of `{missing}`"),
    ))
}
