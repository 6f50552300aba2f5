//! What Windows says of its services, through PowerShell, which every Windows has.

use std::time::Duration;

use serde::Deserialize;

use super::{SERVICES, said};
use crate::{
    finding::{Os, Reason, Unknown},
    host::{ServiceState, glob::name_matches},
};

const SCRIPT: &str = "[Console]::OutputEncoding = [Text.Encoding]::UTF8; \
    ConvertTo-Json -Compress @(Get-CimInstance Win32_Service | \
    Select-Object Name, DisplayName, State, StartMode, StartName, ProcessId)";

/// One service as CIM's `Win32_Service` describes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Service {
    name: String,
    display_name: Option<String>,
    state: Option<String>,
    start_mode: Option<String>,
    start_name: Option<String>,
    process_id: Option<u32>,
}

pub(super) async fn services(
    names: &[String],
    limit: Duration,
) -> Result<Option<Vec<ServiceState>>, Unknown> {
    // By its full path: what is called so in another folder is not run.
    let windows = std::env::var("SystemRoot").unwrap_or_else(|_| r"C:\Windows".to_owned());
    let shell = format!(r"{windows}\System32\WindowsPowerShell\v1.0\powershell.exe");
    match said(
        &[&shell, "-NoProfile", "-NonInteractive", "-Command", SCRIPT],
        &[],
        limit,
    )
    .await?
    {
        Some(json) => states(&json, names).map(Some),
        None => Ok(None),
    }
}

fn states(json: &str, names: &[String]) -> Result<Vec<ServiceState>, Unknown> {
    let all: Vec<Service> =
        serde_json::from_str(json.trim_start_matches('\u{feff}')).map_err(|error| {
            Unknown::new(
                Reason::Other,
                format!("the list of services cannot be read: {error}"),
            )
        })?;
    let fits = |service: &Service| {
        let known = [Some(&service.name), service.display_name.as_ref()];
        known.into_iter().flatten().any(|known| {
            names
                .iter()
                .any(|name| name_matches(name, known, Os::Windows))
        })
    };
    let found: Vec<ServiceState> = all.into_iter().filter(fits).map(state).collect();
    if found.len() > SERVICES {
        let why = format!(
            "{}: {} services fit, more than {SERVICES}",
            names.join(", "),
            found.len()
        );
        return Err(Unknown::new(Reason::NotWhole, why));
    }
    Ok(found)
}

fn state(service: Service) -> ServiceState {
    ServiceState {
        manager: "windows".to_owned(),
        name: service.name,
        // `Running`, `Stopped`, `Start Pending`, …
        state: service
            .state
            .unwrap_or_default()
            .to_lowercase()
            .replace(' ', "-"),
        start_mode: service.start_mode.map(|mode| mode.to_lowercase()),
        account: service.start_name,
        pid: service.process_id.filter(|pid| *pid != 0),
        since: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_fit_by_name_or_shown_name() {
        let json = r#"[
            {"Name":"snc_mid","DisplayName":"ServiceNow MID Server","State":"Running","StartMode":"Auto","StartName":"LocalSystem","ProcessId":4321},
            {"Name":"Spooler","DisplayName":"Print Spooler","State":"Start Pending","StartMode":"Manual","StartName":null,"ProcessId":0}
        ]"#;
        let check = |name: &str| {
            let found = states(json, &[name.to_owned()]).unwrap();
            found
                .into_iter()
                .map(|service| (service.name, service.state, service.pid))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            check("SNC_*"),
            [("snc_mid".to_owned(), "running".to_owned(), Some(4321))]
        );
        assert_eq!(
            check("servicenow mid*"),
            [("snc_mid".to_owned(), "running".to_owned(), Some(4321))]
        );
        assert_eq!(
            check("spooler"),
            [("Spooler".to_owned(), "start-pending".to_owned(), None)]
        );
        assert!(states("nothing", &[]).is_err());
    }
}
