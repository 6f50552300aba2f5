//! `service`: whether a service runs, by its manager, its pid file or its process. Never starts or stops one.

mod manual;
mod pasted;

use crate::{
    finding::{Evidence, Judgement, Os, Reason, Unknown},
    host::{Look, Process, Reply, ServiceState, Services},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        excerpt::{LINE, cut},
        judging::{known, only},
        params::{Given, senseless},
        pasted::Pasted,
    },
};

/// A service: systemd, Windows services, a wrapper's pid file.
pub struct Service;

static SPEC: Spec = Spec {
    name: "service",
    looks_at: "a service: systemd, Windows services, a wrapper's pid file",
    params: &[
        ParamSpec {
            name: "name",
            ty: ParamType::Texts,
            role: Role::Target,
            required: true,
            doc: "the name, a glob, or a list of them",
        },
        ParamSpec {
            name: "process",
            ty: ParamType::Text,
            role: Role::Target,
            required: false,
            doc: "part of the command line that it has where no manager started it",
        },
        ParamSpec {
            name: "pid_file",
            ty: ParamType::Path,
            role: Role::Target,
            required: false,
            doc: "the file that holds its process id",
        },
    ],
    facts: &[
        FactSpec {
            name: "manager",
            doc: "who says so: `systemd`, `windows`, `wrapper` (a pid file) or `process` (a command line)",
        },
        FactSpec {
            name: "name",
            doc: "the service",
        },
        FactSpec {
            name: "state",
            doc: "the manager's word",
        },
        FactSpec {
            name: "start_mode",
            doc: "how it is started",
        },
        FactSpec {
            name: "account",
            doc: "whom it runs as",
        },
        FactSpec {
            name: "pid",
            doc: "its process",
        },
        FactSpec {
            name: "since",
            doc: "since when it is in this state, as a timestamp",
        },
    ],
    pattern_facts: &[],
    network: false,
    executes: false,
};

impl Kind for Service {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("running"),
            OutcomeSpec::refined("stopped"),
            OutcomeSpec::refined("failed"),
            OutcomeSpec::fixed("absent"),
        ]
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        let given = Given(params);
        needle(params)?;
        Ok(vec![Look::Services {
            names: given.texts("name")?,
            pid_file: given.path("pid_file")?,
        }])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        judging: &Judging<'_>,
    ) -> Judged {
        let needle = match needle(params) {
            Ok(needle) => needle,
            Err(unknown) => return Judged::unknown(unknown),
        };
        let services = match only(replies) {
            Ok(Reply::Services(services)) => services,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        if let Some(running) = services.services.iter().find(|service| is_running(service)) {
            return stated("running", running, &services);
        }
        if let Some(process) = by_pid_file(&services, needle.as_deref(), judging.os) {
            return by_process(process, "wrapper", &services);
        }
        if let Some(process) = by_command_line(&services, needle.as_deref(), judging.os) {
            return by_process(process, "process", &services);
        }
        let all = &services.services;
        let seen = needle.is_some() && !services.processes.hidden;
        // Where every command line was seen, and none fits, the process that the pid file names fits neither.
        if let (Err(unknown), false) = (&services.pid, seen) {
            return Judged {
                evidence: listed(&services),
                ..Judged::unknown(unknown.clone())
            };
        }
        if let Some(service) = all
            .iter()
            .find(|service| without_process(service, seen).is_none())
        {
            let why = format!(
                "{} says that `{}` is {}",
                service.manager, service.name, service.state
            );
            let judged = stated("running", service, &services);
            return Judged {
                judgement: Judgement::Unknown(Unknown::new(Reason::Other, why)),
                ..judged
            };
        }
        for outcome in ["failed", "stopped"] {
            if let Some(service) = all
                .iter()
                .find(|service| without_process(service, seen) == Some(outcome))
            {
                return stated(outcome, service, &services);
            }
        }
        absent(params, &services, needle.as_deref(), judging.os)
    }

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        needle(params)?;
        let pasted = Pasted::new(self, params, os, text)?;
        pasted::read(Given(params), os, &pasted)
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        manual::commands(Given(params), os).unwrap_or_default()
    }
}

/// How many services and processes are shown.
const SHOWN: usize = 10;

/// The part of a command line to look for. One of separators alone would match every process.
fn needle(params: &Params) -> Result<Option<String>, Unknown> {
    let needle = Given(params).text("process")?;
    match needle {
        Some(needle) if !needle.contains(char::is_alphanumeric) => Err(senseless(
            "process",
            &format!("`{needle}` matches every process"),
        )),
        needle => Ok(needle),
    }
}

fn is_running(service: &ServiceState) -> bool {
    matches!(service.state.as_str(), "running" | "reloading")
}

/// What a service is that does not run, where no process of it was found. What is on its way up or down is neither: a
/// person waits and looks again. A unit whose start script ended counts for systemd as active; it is stopped only where
/// all processes were `seen`.
fn without_process(service: &ServiceState, seen: bool) -> Option<&'static str> {
    match service.state.as_str() {
        "failed" => Some("failed"),
        "stopped" => Some("stopped"),
        "exited" if seen => Some("stopped"),
        _ => None,
    }
}

/// The process that the pid file names. Pids are given out again, so where a command line is known it has to fit.
fn by_pid_file<'a>(services: &'a Services, needle: Option<&str>, os: Os) -> Option<&'a Process> {
    let process = services
        .processes
        .processes
        .iter()
        .find(|process| services.pid == Ok(Some(process.pid)))?;
    let fits = needle.is_none_or(|needle| holds(&process.command_line, needle, os));
    fits.then_some(process)
}

fn by_command_line<'a>(
    services: &'a Services,
    needle: Option<&str>,
    os: Os,
) -> Option<&'a Process> {
    let needle = needle?;
    services
        .processes
        .processes
        .iter()
        .find(|process| holds(&process.command_line, needle, os))
}

/// Whether this is the service's own process. A path has to be where the command line begins: who reads a log in that
/// folder, or looks for it by name, has the same path in its arguments.
fn holds(command_line: &str, needle: &str, os: Os) -> bool {
    let (line, needle) = (fold(command_line, os), fold(needle, os));
    if is_path(&needle) {
        line.trim_start_matches('"').starts_with(&needle)
    } else {
        line.contains(&needle)
    }
}

/// Whether the command line has it somewhere.
fn mentions(command_line: &str, needle: &str, os: Os) -> bool {
    fold(command_line, os).contains(&fold(needle, os))
}

fn is_path(folded: &str) -> bool {
    folded.starts_with('/') || folded.get(1..3).is_some_and(|drive| drive == ":/")
}

/// Paths are written in more than one way: separators may be doubled, and on Windows both slashes and both cases are one.
fn fold(text: &str, os: Os) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if os == Os::Windows && c == '\\' {
            '/'
        } else {
            c
        };
        if c == '/' && folded.ends_with('/') {
            continue;
        }
        if os == Os::Windows {
            folded.extend(c.to_lowercase())
        } else {
            folded.push(c)
        }
    }
    folded
}

/// The outcome by a manager's word, with every service that matches as evidence.
fn stated(outcome: &str, service: &ServiceState, services: &Services) -> Judged {
    let mut judged = Judged::outcome(outcome)
        .fact("manager", service.manager.as_str())
        .fact("name", service.name.as_str())
        .fact("state", service.state.as_str());
    judged = known(judged, "start_mode", service.start_mode.as_deref());
    judged = known(judged, "account", service.account.as_deref());
    judged = known(judged, "pid", service.pid);
    judged = known(
        judged,
        "since",
        service.since.map(|since| since.to_string()),
    );
    judged.evidence = listed(services);
    judged
}

fn by_process(process: &Process, manager: &str, services: &Services) -> Judged {
    let mut judged = Judged::outcome("running")
        .fact("manager", manager)
        .fact("state", "running")
        .fact("pid", process.pid);
    judged = known(judged, "account", process.user.as_deref());
    judged = known(
        judged,
        "since",
        process.started.map(|started| started.to_string()),
    );
    let shown = Evidence {
        file: Some(format!("process {}", process.pid)),
        text: cut(&process.command_line, LINE),
        ..Evidence::default()
    };
    judged.evidence = std::iter::once(shown).chain(listed(services)).collect();
    judged
}

fn listed(services: &Services) -> Vec<Evidence> {
    let shown = services
        .services
        .iter()
        .take(SHOWN)
        .map(|service| Evidence::plain(describe(service)));
    let more = services.services.len().saturating_sub(SHOWN);
    shown
        .chain((more > 0).then(|| Evidence::plain(format!("and {more} more"))))
        .collect()
}

fn describe(service: &ServiceState) -> String {
    let mut words = vec![format!(
        "{}: {} is {}",
        service.manager, service.name, service.state
    )];
    words.extend(service.since.map(|since| format!("since {since}")));
    words.extend(
        service
            .start_mode
            .as_ref()
            .map(|mode| format!("start mode {mode}")),
    );
    words.extend(
        service
            .account
            .as_ref()
            .map(|account| format!("account {account}")),
    );
    words.join(", ")
}

/// Nothing matches. That is *absent* only where everything was seen that could have shown it.
fn absent(params: &Params, services: &Services, needle: Option<&str>, os: Os) -> Judged {
    let by_process = needle.is_some();
    let names = Given(params).texts("name").unwrap_or_default().join(", ");
    let nothing = format!("no service matches `{names}`");
    let pid = services.pid.as_ref().ok().copied().flatten();
    if (by_process || pid.is_some()) && services.processes.hidden {
        let why = format!("{nothing}, and some command lines are hidden from this user");
        return Judged::unknown(Unknown::new(Reason::NotWhole, why));
    }
    if services.no_manager && !by_process {
        let why = format!("{nothing}, but there is no service manager that could be asked");
        return Judged::unknown(Unknown::new(Reason::NotAvailable, why));
    }
    let processes = &services.processes.processes;
    let mentioned = needle.and_then(|needle| {
        processes
            .iter()
            .find(|process| mentions(&process.command_line, needle, os))
    });
    if let Some(process) = mentioned {
        let why = format!(
            "{nothing}, and process {} has the path in its arguments, but does not run from there",
            process.pid
        );
        let shown = Evidence {
            file: Some(format!("process {}", process.pid)),
            text: cut(&process.command_line, LINE),
            ..Evidence::default()
        };
        return Judged::unknown(Unknown::new(Reason::Other, why)).evidence(shown);
    }
    // Nothing runs; whether it is installed is what only a manager could say.
    let mut judged = if services.no_manager {
        Judged::outcome("stopped").evidence(Evidence::plain(
            "no service manager could be asked, and no process was found",
        ))
    } else {
        Judged::outcome("absent").evidence(Evidence::plain(nothing))
    };
    if by_process {
        let text = format!(
            "none of {} command lines holds the part looked for",
            services.processes.processes.len()
        );
        judged = judged.evidence(Evidence::plain(text));
    }
    if let Some(pid) = pid {
        judged = judged.evidence(Evidence::plain(format!(
            "the pid file names {pid}, which is not the service"
        )));
    }
    judged
}

#[cfg(test)]
mod tests;
