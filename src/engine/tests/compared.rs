//! Several probes of one question, and why what they found may not be enough.

use crate::{
    engine::{
        Event,
        sketch::read,
        tests::{Drive, evidence::with, finding, opening},
    },
    finding::{Evidence, Finding},
};

#[test]
fn several_probes_are_compared_by_cases_alone() {
    let trees = read(&["
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
probes:
  one: { file: { path: /one } }
  two: { file: { path: /two } }
nodes:
  a:
    ask: Same?
    why: W
    probe:
      of: [one, two]
      cases:
        - same: facts.one.size_bytes == facts.two.size_bytes
        - differ: true
    answers: [{ answer: Same, when: same, goto: fine }, { answer: Differ, when: differ, goto: fine }]
  fine: { conclude: Fine, verdict: healthy }
"]);
    let check = |one: Finding, two: Finding, expected: &str| {
        let mut drive = Drive::new(&trees, opening("t"));
        assert_eq!(drive.stage(), "walk t/a #0 [looking]");
        for (name, finding) in [("one", one), ("two", two)] {
            let run = drive.run(name);
            drive
                .apply(Event::ProbeFinished { run, finding })
                .expect("it runs");
        }
        assert_eq!(drive.stage(), format!("walk t/a #0 [{expected}]"));
    };
    let size = |size: i64| with("present", &[("size_bytes", size.into())]);
    check(size(1), size(1), "same -> same");
    check(size(1), size(2), "differ -> differ");
    check(
        size(1),
        finding("absent"),
        "unknown: `two` came to `absent`, and so there is nothing to compare",
    );
    let mut gone = finding("absent");
    gone.evidence.push(Evidence {
        file: Some("/two".to_owned()),
        text: "no such file".to_owned(),
        ..Evidence::default()
    });
    check(
        size(1),
        gone,
        "unknown: `two` came to `absent`, and so there is nothing to compare: /two: no such file",
    );
    let mut half = finding("present");
    half.evidence = vec![
        Evidence::line("/two", 3, "a line is no reason"),
        Evidence::plain("its size could not be read"),
    ];
    check(
        size(1),
        half,
        "unknown: what was found does not tell enough: its size could not be read \
         (`facts.two.size_bytes` is not known)",
    );
    check(
        finding("unknown"),
        size(1),
        "unknown: `one`: permission denied",
    );
}
