//! What follows from what the registry and the manager say, on any system.

use super::*;

const OWN_PROCESS: u32 = 0x10;
const SHARE_PROCESS: u32 = 0x20;
const KERNEL_DRIVER: u32 = 0x1;

fn listed(name: &str, shown: &str, kind: u32) -> Listed {
    Listed {
        name: name.to_owned(),
        shown: (!shown.is_empty()).then(|| shown.to_owned()),
        kind: Some(kind),
    }
}

fn machine() -> Vec<Listed> {
    vec![
        listed("snc_mid", "ServiceNow MID Server_prod", OWN_PROCESS),
        listed("Spooler", "@%SystemRoot%\\spoolsv.exe,-1", OWN_PROCESS),
        listed("Locked", "A locked one", SHARE_PROCESS),
        listed("Hidden", "@hidden.dll,-1", SHARE_PROCESS),
        listed("Gone", "Gone for good", OWN_PROCESS),
        listed("snc_driver", "ServiceNow MID Server driver", KERNEL_DRIVER),
        Listed {
            name: "snc_counters".to_owned(),
            ..Listed::default()
        },
    ]
}

fn manager(name: &str) -> Result<Told, Refused> {
    let refused = |code, words: &str| Refused {
        code: Some(code),
        words: words.to_owned(),
    };
    match name {
        "snc_mid" => Ok(Told {
            state: 4,
            start: 2,
            shown: "ServiceNow MID Server_prod".to_owned(),
            account: Some(r".\svc-mid".to_owned()),
            pid: Some(4321),
        }),
        "Spooler" => Ok(Told {
            state: 1,
            start: 3,
            shown: "Druckwarteschlange".to_owned(),
            account: Some(String::new()),
            pid: Some(0),
        }),
        "Gone" => Err(refused(1060, "it does not exist")),
        "Locked" | "Hidden" => Err(refused(5, "access is denied")),
        other => panic!("{other} is asked for"),
    }
}

#[test]
fn services_fit_by_name_or_shown_name() {
    #[track_caller]
    fn check(name: &str, expected: &[&str]) {
        let found = found(machine(), &[name.to_owned()], manager).unwrap();
        let names: Vec<&str> = found.iter().map(|service| service.name.as_str()).collect();
        assert_eq!(names, expected, "{name}");
    }
    check("SNC_*", &["snc_mid"]);
    check("servicenow mid*", &["snc_mid"]);
    check("spooler", &["Spooler"]);
    // Where the list says only where the name stands, the manager says it.
    check("druck*", &["Spooler"]);
    // What a name leads to is not a name.
    check("@hidden*x", &[]);
    check("no-such", &[]);
    check("Gone", &[]);
    check("snc_driver", &[]);
    check("snc_counters", &[]);
}

#[test]
fn a_service_that_may_not_be_asked_is_not_known() {
    let unknown = found(machine(), &["locked".to_owned()], manager).unwrap_err();
    assert_eq!(unknown.reason, Reason::NoRight);
    assert_eq!(unknown.detail, "Locked: access is denied");
    // By its shown name as well, never silently left out.
    assert!(found(machine(), &["a locked*".to_owned()], manager).is_err());
}

#[test]
fn what_the_manager_says_has_words() {
    let states: Vec<ServiceState> = found(
        machine(),
        &["snc_mid".to_owned(), "Spooler".to_owned()],
        manager,
    )
    .unwrap();
    let [mid, spooler] = states.as_slice() else {
        panic!("{states:?}")
    };
    assert_eq!(mid.state, "running");
    assert_eq!(mid.start_mode.as_deref(), Some("auto"));
    assert_eq!(mid.account.as_deref(), Some(r".\svc-mid"));
    assert_eq!(mid.pid, Some(4321));
    assert_eq!(spooler.state, "stopped");
    assert_eq!(spooler.start_mode.as_deref(), Some("manual"));
    assert_eq!((spooler.account.as_deref(), spooler.pid), (None, None));
}

#[test]
fn each_state_of_winsvc_has_its_word() {
    // The constants of `winsvc.h` and `winnt.h`.
    let states = [
        (1, "stopped"),
        (2, "start-pending"),
        (3, "stop-pending"),
        (4, "running"),
        (5, "continue-pending"),
        (6, "pause-pending"),
        (7, "paused"),
        (0, "unknown"),
        (8, "unknown"),
    ];
    for (state, word) in states {
        assert_eq!(state_word(state), word, "{state}");
    }
    let starts = [
        (0, Some("boot")),
        (1, Some("system")),
        (2, Some("auto")),
        (3, Some("manual")),
        (4, Some("disabled")),
        (5, None),
    ];
    for (start, word) in starts {
        assert_eq!(start_word(start), word, "{start}");
    }
}

#[test]
fn a_refusal_says_what_kind_it_is() {
    #[track_caller]
    fn check(code: Option<u32>, expected: Reason) {
        let refused = Refused {
            code,
            words: "no".to_owned(),
        };
        assert_eq!(refused.unknown("x").reason, expected, "{code:?}");
    }
    check(Some(5), Reason::NoRight);
    check(Some(1722), Reason::NotAvailable);
    check(Some(87), Reason::Other);
    check(None, Reason::Other);
}

#[test]
fn more_services_than_the_bound_are_not_known() {
    let many: Vec<Listed> = (0..=SERVICES)
        .map(|number| listed(&format!("snc_{number}"), "", OWN_PROCESS))
        .collect();
    let asked = [String::from("snc_*")];
    let unknown = found(many.clone(), &asked, |_| Ok(Told::default())).unwrap_err();
    assert_eq!(unknown.reason, Reason::NotWhole);
    let just = many[1..].to_vec();
    assert_eq!(
        found(just, &asked, |_| Ok(Told::default())).unwrap().len(),
        SERVICES
    );
}
