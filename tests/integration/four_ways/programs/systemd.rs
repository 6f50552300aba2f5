//! `systemctl status`.

use super::{Machine, Process, Programs, Service};

impl Programs {
    pub(super) fn systemctl(&self, machine: &Machine) {
        if machine.no_manager {
            let script = "printf '%s\\n%s\\n' \"System has not been booted with systemd as init system (PID 1). Can't operate.\" \
                          'Failed to connect to bus: Host is down' >&2; exit 1";
            return self.put("systemctl", script);
        }
        let mut units = String::new();
        let mut print = String::new();
        for service in &machine.services {
            let name = format!("{}.service", service.name);
            let ends = if service.state == "running" { 0 } else { 3 };
            // In the plain locale systemd draws with ASCII.
            let fancy = self.print(&format!("{name}.fancy"), &status(service, machine, true));
            let plain = self.print(&format!("{name}.plain"), &status(service, machine, false));
            units += &format!(" {name}");
            print +=
                &format!("{name}) [ \"$LC_ALL\" = C ] && {plain} || {fancy}; code={ends} ;;\n");
        }
        // Globs are looked up behind the names.
        let script = format!(
            r#"[ "$1 $2 $3" = 'status --no-pager --' ] || unforeseen "$@"
shift 3
code=0
first=yes
show() {{
    [ "$first" = yes ] || echo
    first=no
    case $1 in
{print}    esac
}}
for name in "$@"; do
    case $name in *[*?]*) continue ;; *.*) ;; *) name=$name.service ;; esac
    hit=
    for unit in{units}; do [ "$unit" = "$name" ] && hit=yes && show "$unit"; done
    [ -n "$hit" ] || {{ echo "Unit $name could not be found." >&2; code=4; }}
done
for name in "$@"; do
    case $name in *[*?]*) ;; *) continue ;; esac
    for unit in{units}; do case $unit in $name.service) show "$unit" ;; esac; done
done
exit $code"#
        );
        self.put("systemctl", &script);
    }
}

/// What `systemctl status` prints of a unit, in the host's own zone.
fn status(service: &Service, machine: &Machine, fancy: bool) -> String {
    let since = service.since.in_tz(&machine.zone).expect("a zone");
    let since = since.strftime("%a %Y-%m-%d %H:%M:%S %Z");
    let ago = machine.now.duration_since(service.since);
    let (hours, minutes) = (ago.as_hours(), ago.as_mins() % 60);
    let ago = match hours {
        0 => format!("{minutes}min ago"),
        _ => format!("{hours}h {minutes}min ago"),
    };
    let name = &service.name;
    let mark = match (fancy, service.state.as_str()) {
        (false, "failed") => "x",
        (false, _) => "*",
        (true, "running") => "●",
        (true, "failed") => "×",
        (true, _) => "○",
    };
    let mut text = format!(
        "{mark} {name}.service - ServiceNow MID Server\n     \
         Loaded: loaded (/etc/systemd/system/{name}.service; {}; preset: enabled)\n",
        service.start_mode
    );
    match (service.state.as_str(), service.pid) {
        ("running", Some(pid)) => {
            text += &format!(
                "     Active: active (running) since {since}; {ago}\n   Main PID: {pid} (wrapper-linux-x)\n      \
                 Tasks: 80 (limit: 4567)\n     Memory: 801.2M\n        CPU: 3min 2.100s\n     CGroup: /system.slice/{name}.service\n"
            );
            let own: Vec<&Process> = machine
                .processes
                .list
                .iter()
                .filter(|process| process.pid != 1)
                .collect();
            for (at, process) in own.iter().enumerate() {
                let branch = match (fancy, at + 1 == own.len()) {
                    (true, true) => "└─",
                    (true, false) => "├─",
                    (false, true) => "`-",
                    (false, false) => "|-",
                };
                text += &format!(
                    "             {branch}{} {}\n",
                    process.pid, process.command_line
                );
            }
        }
        ("stopped", _) => {
            text += &format!(
                "     Active: inactive (dead) since {since}; {ago}\n   Duration: 3d 1h 2min 4.100s\n    \
                 Process: 1188 ExecStart=/opt/mid/bin/mid.sh start sysd (code=exited, status=0/SUCCESS)\n   \
                 Main PID: 1188 (code=exited, status=0/SUCCESS)\n        CPU: 3min 2.100s\n"
            );
        }
        (other, _) => panic!("no stand-in knows how to print the state `{other}`"),
    }
    text + "\nNov 18 06:12:01 mid-harbour-01 systemd[1]: Started mid.service - ServiceNow MID Server.\n"
}
