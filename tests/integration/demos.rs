//! Every demo, walked headless inside this process: it needs nothing of this machine and ends at its fault.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tokio::runtime::Builder;
use waypost::{
    app::{
        catalog::{Catalog, Places},
        demos::{self, Demo},
        headless,
        looking::Looker,
        runtime::Runtime,
    },
    engine::{Given, Opening, Session, VerdictName},
    finding::{InputName, Os},
    host::Host,
    redact::Redactor,
    tree::Forest,
};

use crate::hosts::{conclusion, started_too_early, trace};

/// Name, system, verdict and conclusion of each.
const DEMOS: &[(&str, Os, VerdictName, &str)] = &[
    ("certificate-check-blocked", Os::Linux, VerdictName::Cause, "mid-down/ocsp-blocked"),
    ("disk-too-full-to-upgrade", Os::Windows, VerdictName::Cause, "mid-upgrade/disk-low"),
    ("download-blocked", Os::Linux, VerdictName::Cause, "mid-upgrade/install-server-blocked"),
    ("encrypted-left-over", Os::Windows, VerdictName::Cause, "mid-credentials/encrypted-left-over"),
    ("half-done-upgrade", Os::Windows, VerdictName::Cause, "mid-down/half-done-upgrade"),
    ("healthy", Os::Linux, VerdictName::Healthy, "mid-down/connected"),
    ("login-refused", Os::Linux, VerdictName::Cause, "mid-credentials/user-refused"),
    ("name-unknown", Os::Linux, VerdictName::Cause, "mid-down/name-unknown"),
    ("out-of-memory", Os::Linux, VerdictName::Cause, "mid-down/more-memory"),
    ("proxy-half-set", Os::Windows, VerdictName::Cause, "mid-down/proxy-half-set"),
];

#[test]
fn every_demo_ends_at_its_fault() {
    let catalog = Catalog::load(&Places::default()).expect("the embedded trees can be read");
    let demos = demos::all().expect("the demos can be read");
    let names: Vec<&str> = demos.iter().map(|demo| demo.name.as_str()).collect();
    let expected: Vec<&str> = DEMOS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, expected);
    let mut wrong = Vec::new();
    for (demo, (name, os, verdict, end)) in demos.iter().zip(DEMOS) {
        let host = Arc::new(demo.host().expect("the recording can be read"));
        assert_eq!(host.os(), *os, "{name}");
        let result = walk(&catalog.forest, demo, host).result(true);
        let json = serde_json::to_value(&result).expect("a result is JSON");
        if result.verdict != *verdict || conclusion(&json).as_deref() != Some(*end) {
            let came = conclusion(&json).unwrap_or_default();
            wrong.push(format!("{name}: came to {:?} {came}\n{}", result.verdict, trace(&json)));
        }
        wrong.extend(started_too_early(&json).map(|why| format!("{name}: {why}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn walk(forest: &Arc<Forest>, demo: &Demo, host: Arc<dyn Host>) -> Session {
    let given = |(name, value): (&String, &String)| (InputName::new(name), Given::Text(value.clone()));
    let opening = Opening {
        inputs: demo.about.inputs.iter().map(given).collect(),
        trusted: true,
        ..Opening::new(demo.about.tree.clone(), host.os(), Timestamp::now())
    };
    let tokio = Builder::new_current_thread().enable_all().build().expect("tokio starts");
    tokio.block_on(async {
        let redactor = Arc::new(Mutex::new(Redactor::default()));
        let (runtime, mut results) = Runtime::new(Looker { host, redactor });
        let (mut session, effects) = Session::start(Arc::clone(forest), opening);
        headless::walk(&mut session, effects, &runtime, &mut results).await;
        session
    })
}
