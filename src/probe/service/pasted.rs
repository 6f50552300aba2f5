//! What service managers and process lists printed on another machine. A service that its manager does not run may run
//! without it: where the tree knows its processes, they have to be in the paste too before it counts as stopped.

use crate::{
    finding::{Os, Reason, Unknown},
    host::{
        ProcessList, Reply, ServiceState, Services, glob_fits,
        printed::{processes, systemctl, windows_services},
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
    let by_process = given.text("process")?.is_some();
    let listed = processes::read(&text).filter(|_| by_process);
    let told = match os {
        Os::Windows => {
            let services = windows_services::read(&text);
            (!services.is_empty()).then(|| {
                Ok(systemctl::Told {
                    services,
                    ..Default::default()
                })
            })
        }
        Os::Linux | Os::Macos => systemctl::read(&text),
    };
    let by_manager = told.is_some();
    let mut told = match (told, &listed) {
        (Some(Ok(told)), _) => told,
        (Some(Err(unknown)), _) => return Ok(vec![Err(unknown)]),
        (None, Some(_)) => systemctl::Told::default(),
        (None, None) => return Err(pasted.refused()),
    };
    let fits = |service: &ServiceState| {
        let unit = format!("{}.service", service.name);
        names
            .iter()
            .any(|name| glob_fits(name, &service.name, os) || glob_fits(name, &unit, os))
    };
    let any = !told.services.is_empty();
    told.services.retain(fits);
    if any && told.services.is_empty() && listed.is_none() {
        return Err(pasted.refused());
    }
    let runs = told
        .services
        .iter()
        .any(|service| service.state == "running");
    let processes = listed.as_ref().is_some_and(|listed| !listed.is_empty());
    if !(runs || processes)
        && let Some(missing) = untold(&names, &told, os)
    {
        return Ok(vec![Err(missing)]);
    }
    let seen = by_manager && listed.is_some();
    let pid = if seen || !by_process && given.path("pid_file")?.is_none() {
        Ok(None)
    } else {
        let why = if by_manager {
            "it may run without its manager: what the commands for its process printed was not pasted"
        } else {
            "what the command for its manager printed was not pasted"
        };
        Err(Unknown::new(Reason::NotWhole, why))
    };
    Ok(vec![Ok(Reply::Services(Services {
        services: told.services,
        pid,
        processes: ProcessList {
            processes: listed.unwrap_or_default(),
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
        told.absent.iter().any(|absent| absent == short)
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
