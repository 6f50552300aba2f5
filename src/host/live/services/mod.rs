//! Services of this machine: systemd's, Windows's, and what a pid file and the processes say of others.

mod systemd;
mod windows;

use std::time::Duration;

use super::{Live, pid_file, processes, programs};
use crate::{
    finding::Unknown,
    host::{Limits, ProgramReply, ServiceState, Services},
};

/// How many services that match are asked for.
const SERVICES: usize = 200;

impl Live {
    pub(super) async fn services(
        &self,
        names: &[String],
        pid_file: Option<&str>,
        limits: Limits,
    ) -> Result<Services, Unknown> {
        let pid = async {
            match pid_file.map(str::to_owned) {
                Some(path) => {
                    let what = path.clone();
                    self.blocking(&what, limits, move |stop| Ok(pid_file::read(&path, stop)))
                        .await
                }
                None => Ok(None),
            }
        };
        let listed = self.blocking("processes", limits, |_| processes::list());
        let (services, pid, listed) =
            tokio::try_join!(managed(names, limits.timeout), pid, listed)?;
        let no_manager = services.is_none();
        Ok(Services {
            services: services.unwrap_or_default(),
            pid,
            processes: listed,
            no_manager,
        })
    }
}

/// The services that match; `None` where no manager can be asked.
async fn managed(names: &[String], limit: Duration) -> Result<Option<Vec<ServiceState>>, Unknown> {
    if cfg!(windows) {
        windows::services(names, limit).await
    } else if cfg!(target_os = "linux") {
        systemd::services(names, limit).await
    } else {
        Ok(None)
    }
}

/// What a manager's own program says; `None` where there is no such program or it says that it cannot tell.
async fn said(
    run: &[&str],
    environment: &[(&str, &str)],
    limit: Duration,
) -> Result<Option<String>, Unknown> {
    let run: Vec<String> = run.iter().map(|part| (*part).to_owned()).collect();
    match programs::run_with(&run, environment, limit).await? {
        ProgramReply::Exited {
            status: 0, stdout, ..
        } => Ok(Some(stdout)),
        ProgramReply::Exited { .. } | ProgramReply::Missing => Ok(None),
    }
}
