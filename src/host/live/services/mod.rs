//! Services of this machine: systemd's, Windows's, and what a pid file and the processes say of others.

#[cfg(not(windows))]
mod systemd;
#[cfg(any(windows, test))]
mod windows;

#[cfg(not(windows))]
use std::time::Duration;

#[cfg(not(windows))]
use super::programs;
use super::{Live, Stop, files, processes};
#[cfg(not(windows))]
use crate::host::ProgramReply;
use crate::{
    finding::Unknown,
    host::{Limits, ServiceState, Services, pid_file},
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
            let Some(path) = pid_file.map(str::to_owned) else {
                return Ok(None);
            };
            let what = path.clone();
            let read = move |stop: &Stop| pid_file::read(files::open_first(&[path], stop));
            self.blocking(&what, limits, read).await
        };
        let listed = self.blocking("processes", limits, |_| processes::list());
        // A pid file that is not known is a part of the reply: what the others say may be enough.
        let (all, pid) = tokio::join!(
            async { tokio::try_join!(self.managed(names, limits), listed) },
            pid
        );
        let (services, listed) = all?;
        let no_manager = services.is_none();
        Ok(Services {
            services: services.unwrap_or_default(),
            pid,
            processes: listed,
            no_manager,
        })
    }

    /// The services that match; `None` where no manager can be asked.
    #[cfg(windows)]
    async fn managed(
        &self,
        names: &[String],
        limits: Limits,
    ) -> Result<Option<Vec<ServiceState>>, Unknown> {
        let names = names.to_vec();
        self.blocking("services", limits, move |stop| {
            windows::services(&names, stop)
        })
        .await
        .map(Some)
    }

    /// The services that match; `None` where no manager can be asked.
    #[cfg(not(windows))]
    async fn managed(
        &self,
        names: &[String],
        limits: Limits,
    ) -> Result<Option<Vec<ServiceState>>, Unknown> {
        match cfg!(target_os = "linux") {
            true => systemd::services(names, limits.timeout).await,
            false => Ok(None),
        }
    }
}

/// What a manager's own program says; `None` where there is no such program or it says that it cannot tell.
#[cfg(not(windows))]
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
