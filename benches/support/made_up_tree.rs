//! A made-up tree of any size: all four kinds of node, probes of many kinds, templates and expressions, in the styles of
//! YAML that authors use. The same numbers give the same text. It is meant to pass the checker without a word.
//!
//! Ten nodes make a *stretch*: its configuration, its way, its log, a person, another tree, and the ends that they lead
//! to. Stretches stand in a row within an *area*, and the last of an area leads on to two other areas, so that a large
//! tree is as deep as its areas are long, times the number of areas that halve it. Five stretches share their named
//! probes and their step.

use std::fmt::Write;

/// Nodes in a stretch.
pub const STRETCH: usize = 10;
/// Stretches that share their named probes and their step.
const SHARED: usize = 5;
/// The id of the tree that [`made_up`] makes.
pub const MAIN: &str = "made-up";
/// The id of the small tree that its nodes visit.
pub const PART: &str = "made-up-part";

/// What a tree is to be like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Nodes, rounded up to whole stretches.
    pub nodes: usize,
    /// Stretches in a row before the walk parts in two.
    pub area: usize,
}

impl Shape {
    /// A tree with this many nodes in areas of 25 stretches.
    pub fn new(nodes: usize) -> Self {
        Self { nodes, area: 25 }
    }

    fn stretches(self) -> usize {
        self.nodes.div_ceil(STRETCH).max(1)
    }

    /// Where the walk goes on after a stretch, counted from 1: the next in the area, or the beginning of another area.
    fn next(self, stretch: usize) -> [Option<usize>; 2] {
        let there = |stretch: usize| (stretch <= self.stretches()).then_some(stretch);
        if !stretch.is_multiple_of(self.area) {
            let next = there(stretch + 1);
            return [next, next];
        }
        let area = stretch / self.area;
        [2 * area, 2 * area + 1].map(|area| there((area - 1) * self.area + 1))
    }
}

/// The tree's text.
pub fn made_up(shape: Shape) -> String {
    let mut text = String::with_capacity(shape.nodes * 420 + 4096);
    head(&mut text, shape);
    write_to(&mut text, shape);
    text
}

/// The text of the small tree that the other one visits.
pub fn made_up_part() -> String {
    format!(
        "waypost: 1
id: {PART}
title: The relay's licence
summary: What every part of the relay needs and what is looked at again and again.
symptoms: [The relay says that it has no licence]
sources: [MU0000001]
reviewed: 2026-11-20
start: licensed

nodes:
  licensed:
    ask: Is there a licence for this relay?
    why: Without one it runs for an hour and then stops.
    how: Ask whoever bought it, or read the last page of the contract.
    answers:
      - {{ answer: \"Yes\", id: \"yes\", goto: in-order }}
      - {{ answer: \"No\", id: \"no\", goto: no-licence }}
      - {{ answer: It is a relay that needs none, id: free, goto: needs-none }}
  in-order:
    conclude: The licence is in order
    verdict: healthy
  needs-none:
    conclude: This relay needs no licence
    verdict: not-applicable
  no-licence:
    conclude: The relay has no licence
    verdict: cause
    because: Nobody bought one, and it stops without one.
    fix: Buy a licence, and put it beside the relay's settings.
    verify: licensed/yes
"
    )
}

fn head(text: &mut String, shape: Shape) {
    *text += "# Made up by a benchmark. Nothing in it is true.
waypost: 1
id: made-up
title: A relay does not hand on what it gets
summary: |
  A relay has **many** parts. This tree goes through them one by one, and is as long as it was asked to be.
symptoms:
  - Nothing is handed on
";
    for stretch in (1..=shape.stretches()).step_by(shape.area).skip(1).take(12) {
        put(
            text,
            format_args!(
                "  - {{ text: \"Part {stretch} hands nothing on\", start: settings-{stretch} }}\n"
            ),
        );
    }
    *text += r#"sources: [MU0000001, "MU0000002: what a relay is, https://relay.example/guide"]
reviewed: 2026-11-20
start: settings-1
settled: way-1/open

inputs:
  relay_dir:
    ask: Where is the relay installed?
    help: The folder that holds `conf` and `logs`.
    type: directory
    suggest:
      linux: [/opt/relay, "/opt/*/relay"]
      windows: ['C:\Relay', 'C:\Program Files\*\Relay']
  service_url:
    ask: Which address does the relay hand things on to?
    help: For example `https://hub.relay.example/`.
    type: url
  service_name:
    ask: What is the relay's service called?
    type: text
    optional: true
    default: relay
  edition:
    ask: Which edition is it?
    type: choice
    of: { small: For one office, large: For many }
    default: small
  relay_user:
    ask: As which user does it log in?
    type: text
    from: facts.settings_1.values.user

probes:
"#;
}

/// The body: probes, steps, nodes.
fn write_to(text: &mut String, shape: Shape) {
    for stretch in (1..=shape.stretches()).step_by(SHARED) {
        probes(text, stretch);
    }
    *text += "\nsteps:\n";
    for stretch in (1..=shape.stretches()).step_by(SHARED) {
        steps(text, stretch);
    }
    *text += "\nnodes:\n";
    for stretch in 1..=shape.stretches() {
        let next = shape.next(stretch).map(|next| match next {
            Some(next) => format!("settings-{next}"),
            None => "all-is-well".to_owned(),
        });
        nodes(text, stretch, &next);
    }
    *text += "  all-is-well:
    conclude: Every part was looked at and hands on what it gets
    verdict: healthy
";
}

fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string never fails.
    let _ = text.write_fmt(arguments);
}

fn probes(text: &mut String, n: usize) {
    put(
        text,
        format_args!(
            r#"  settings_{n}:
    config:
      file: "{{{{ relay_dir }}}}/conf/part-{n}.xml"
      format: xml
      entry: parameter
      key: name
      value: value
      secret: ["*password*", "*token*"]
  log_{n}:
    log:
      files: ["{{{{ relay_dir }}}}/logs/part-{n}.log", "{{{{ relay_dir }}}}/logs/part-{n}.log.?"]
      stamps: ["%Y-%m-%dT%H:%M:%S%.f%z", "%m/%d/%y %H:%M:%S"]
      start: Part {n} started
      context: 4
      patterns:
        refused: {{ match: "part {n} could not authenticate user '(?P<user>[^']+)'", near: 'Status code=401', within: 15 }}
        no_route: 'part {n}: connect timed out when handing on to (?P<host>\S+)'
        full: 'part {n}: queue of (?P<size>\d+) entries is full'
    timeout: 30s
"#
        ),
    );
}

fn steps(text: &mut String, n: usize) {
    put(
        text,
        format_args!(
            "  restart_{n}:
    needs: person-{n}/steady
    else: beyond-{n}
    linux: Run `{{{{ relay_dir }}}}/bin/relay restart part-{n}` as the user that the relay runs as.
    windows: Restart **Relay part {n}** in **Services**, or run `Restart-Service {{{{ service_name }}}}-{n}`.
    any: Restart part {n} of the relay.
"
        ),
    );
}

/// The question about the way: a probe of another kind in each stretch, with the outcomes that are fine and those that
/// are not.
fn way(n: usize) -> (String, &'static str, &'static str) {
    match n % 6 {
        0 => (
            "tcp: { host: \"{{ service_url.host }}\", port: \"{{ service_url.port }}\" }\n      timeout: 5s"
                .to_owned(),
            "open",
            "[refused, timed-out, unreachable, unresolved]",
        ),
        1 => (
            format!(
                "http:\n        url: \"{{{{ service_url.scheme }}}}://{{{{ service_url.host }}}}/part/{n}/state\"\n        method: GET\n        headers: {{ Accept: application/json }}\n      timeout: 20s"
            ),
            "answered",
            "[refused, timed-out, unreachable, unresolved, tls-failed]",
        ),
        2 => (
            "dns: { name: \"{{ service_url.host }}\" }".to_owned(),
            "resolved",
            "unresolved",
        ),
        3 => (
            format!("service: {{ name: [\"{{{{ service_name }}}}-{n}\", \"relay_*_{n}\"], process: \"{{{{ relay_dir }}}}/part-{n}\" }}"),
            "running",
            "[stopped, failed, absent]",
        ),
        4 => (
            format!("file: {{ path: \"{{{{ relay_dir }}}}/work/part-{n}.lock\" }}"),
            "present",
            "absent",
        ),
        _ => (
            format!("disk: {{ path: \"{{{{ relay_dir }}}}/work/{n}\", need: 500MB }}"),
            "enough",
            "low",
        ),
    }
}

fn nodes(text: &mut String, n: usize, next: &[String; 2]) {
    let [first, second] = next;
    let (probe, fine, not_fine) = way(n);
    let shared = n - (n - 1) % SHARED;
    put(
        text,
        format_args!(
            r#"  # ── part {n} ──
  settings-{n}:
    ask: Are the settings of part {n} filled in for `{{{{ service_url.host }}}}`?
    why: |
      A part whose settings were never filled in starts and hands nothing on. It says so **once**, at its start.
    how:
      linux: Read `{{{{ relay_dir }}}}/conf/part-{n}.xml`.
      any: Open the part's settings.
    probe:
      of: settings_{shared}
      cases:
        - misspelt: found.misspelt
        - placeholder: found.values.url is undefined or 'YOUR_HUB' in found.values.url
        - unknown: found.values.encrypted is defined and edition == 'large'
        - filled-in: true
    answers:
      - answer: "Yes"
        id: "yes"
        when: filled-in
        goto: way-{n}
      - answer: A name is misspelt, or a value was never filled in
        id: wrong
        when: [misspelt, placeholder]
        note: "`{{{{ found.values.url | default('no address') }}}}` stands there, and {{{{ found.misspelt | length }}}} names look misspelt"
        goto: misspelt-{n}
      - answer: The file is broken or is not there
        id: broken
        when: [malformed, missing]
        goto: mend-{n}
    unsure: way-{n}

  misspelt-{n}:
    conclude: A setting of part {n} is misspelt or was never filled in
    verdict: cause
    because: >-
      The settings name `{{{{ facts.settings_{shared}.values.url | default('no address') }}}}`, which is not
      `{{{{ service_url.host }}}}`.
    fix: |
      1. Write `{{{{ service_url.host }}}}` where the address stands, and `{{{{ relay_user }}}}` where the user stands.
      2. {{{{ steps.restart_{shared} }}}}
    verify: settings-{n}/yes
    wait: 2m
    otherwise: way-{n}
    sources: [MU{n:07}]

  mend-{n}:
    do: Put the settings of part {n} back
    steps: Take the file from the last backup, or `{{{{ relay_dir }}}}/conf/part.xml.sample` where there is none.
    goto: settings-{n}
    unable: way-{n}

  way-{n}:
    ask: 'Is the way of part {n} free? (Nothing "stands in it")'
    how: "Look at the part's page under **Relay › Parts › {n}**: field *Way*."
    probe:
      {probe}
    answers:
      - {{ answer: "Yes, it is free", id: open, when: {fine}, goto: log-{n} }}
      - {{ answer: "No, something stands in it", id: shut, when: {not_fine}, goto: shut-{n} }}
    unsure: log-{n}

  shut-{n}:
    conclude: Something stands in the way of part {n}
    verdict: cause
    because: What part {n} needs is refused, full or not there.
    fix: Let whoever runs the host look at `{{{{ service_url.host }}}}:{{{{ service_url.port }}}}` and at `{{{{ relay_dir }}}}/work`.
    verify: way-{n}/open
    otherwise: log-{n}

  log-{n}:
    ask: What does the log of part {n} say?
    how: Search `{{{{ relay_dir }}}}/logs/part-{n}.log` from its end for `part {n}`.
    probe: log_{shared}
    answers:
      - answer: The login was refused
        id: refused
        when: refused
        note: "{{{{ found.refused.count }}}} times"
        goto: login-{n}
      - {{ answer: It could not reach the hub, id: no-route, when: no-route, goto: shut-{n} }}
      - {{ answer: Nothing of this, id: nothing, when: [none, missing, full], goto: person-{n} }}
    unsure: person-{n}

  login-{n}:
    conclude: The hub refuses the login of part {n}
    verdict: cause
    because: The log says so, and `{{{{ relay_user }}}}` is the user that part {n} logs in as.
    fix: Give `{{{{ relay_user }}}}` its role back on the hub.
    verify: log-{n}/nothing

  person-{n}:
    ask: Does part {n} run without a break since yesterday?
    why: |
      A part that starts **again and again** hands things on for a while.
    how: In **Relay › Parts**, look at *Started*.
    answers:
      - {{ answer: "Yes, it is steady", id: steady, goto: {first} }}
      - {{ answer: "No, it starts again and again", id: unsteady, goto: beyond-{n} }}
      - {{ answer: It was never started, id: never, goto: part-{n} }}
    unsure: part-{n}

  part-{n}:
    visit: {PART}
    then: {{ healthy: {second}, unresolved: {second}, not-applicable: {second} }}

  beyond-{n}:
    conclude: Part {n} is ill in a way that is not asked about here
    verdict: escalate
    because: It is restarted by something outside the relay.
    next: Attach `{{{{ relay_dir }}}}/logs/part-{n}.log` and ask the team that runs the host.

"#
        ),
    );
}
