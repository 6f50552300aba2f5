//! Waypost: a guided troubleshooting wizard.
//!
//! # Layers
//!
//! A folder is a layer. What may name what (a test in `tests/integration/layers.rs` holds the direction):
//!
//! | layer | may name | what it is |
//! |---|---|---|
//! | [`finding`] | nothing of ours | the words that layers share: outcome, finding, facts, evidence, source |
//! | [`diag`] | nothing of ours | a text and a mistake in it, shown with its place |
//! | [`redact`] | finding | secrets become tokens |
//! | [`host`] | finding, redact | the machine looked at, as a trait; recorded, layered; live stands behind a feature |
//! | [`probe`] | finding, host | the kinds: what is looked at, and what follows from it |
//! | [`tree`] | diag, finding, probe | YAML becomes a checked tree |
//! | [`engine`] | tree, probe, finding | the pure state machine of a walk |
//! | [`case`] | engine, tree, probe, host, finding, redact | what is written down of a case: bytes in, bytes out |
//! | [`report`] | engine, tree, finding, redact | a case as a reader gets it |
//! | `app` | all | everything impure: command line, runtime, terminal |
//!
//! # Invariants
//!
//! - All layers but `app` and `host::live` are pure: no clock, file, process, socket or randomness. Time and the world
//!   come in as arguments, effects go out as data.
//! - Unknown is never no: a look that failed is [`finding::Judgement::Unknown`] and never an outcome.
//! - Nothing unredacted reaches the engine: the runtime masks a finding before it hands it over.
//! - Deliberately absent: anything about MID Servers. Product knowledge stands in `trees/`.
//!
//! # The way of data
//!
//! Load: file → parse → raw tree → lower → [`tree::Tree`] → lint. Key: event → `Msg` → `update` →
//! [`engine::Session::apply`] → effects → one draw. Probe: `StartProbe{run}` → runtime → `ProbeFinished{run}` → `apply`.
//!
//! # Ahead of the person
//!
//! While a person reads a question, the probes of those that may come run already: nearest first, where the evidence
//! points before anything beside it, and [`engine::MOST_AHEAD`] at once at most. The engine decides it and says so in
//! effects; a driver carries them out and knows no difference. What comes back is kept as a finding, for every question
//! that needs it, until the generation ends; what is old by the time its question is reached is looked at again.
//!
//! ```
//! use waypost::{
//!     engine::{Effect, Opening, Session},
//!     finding::Os,
//!     tree::{Forest, Origin, load},
//! };
//!
//! let text = r#"
//! waypost: 1
//! id: way
//! title: The way out
//! symptoms: [Nothing gets out]
//! start: named
//! nodes:
//!   named:
//!     ask: Is the name known?
//!     probe: { dns: { name: hub.example } }
//!     answers:
//!       - { answer: "Yes", id: "yes", when: resolved, goto: open }
//!       - { answer: "No", id: "no", when: unresolved, goto: unknown }
//!   open:
//!     ask: Is the port open?
//!     probe: { tcp: { host: hub.example, port: 443 } }
//!     answers:
//!       - { answer: "Yes", id: "yes", when: open, goto: fine }
//!       - { answer: "No", id: "no", when: [refused, timed-out, unreachable, unresolved], goto: shut }
//!   unknown: { conclude: The name is not known, verdict: escalate, next: Ask who runs the name server. }
//!   shut: { conclude: The port is shut, verdict: escalate, next: Ask who runs the firewall. }
//!   fine: { conclude: The way is open, verdict: healthy }
//! "#;
//! let no_files = |name: &str| Err(format!("there is no `{name}`"));
//! let (tree, _, mistakes) = load("way.yaml", Origin::Embedded, text.as_bytes(), &no_files);
//! assert!(mistakes.is_empty(), "{mistakes:?}");
//! let forest = Forest::new(tree.map(Into::into));
//!
//! // The first question is on the screen, and both looks are to be started.
//! let now = "2026-11-20T10:00:00Z".parse()?;
//! let opening = Opening::new("way".into(), Os::Linux, now);
//! let (session, effects) = Session::start(forest.into(), opening.clone());
//! let kinds: Vec<&str> = effects
//!     .iter()
//!     .filter_map(|effect| match effect {
//!         Effect::StartProbe { request, .. } => Some(request.kind),
//!         _ => None,
//!     })
//!     .collect();
//! assert_eq!(kinds, ["dns", "tcp"]);
//! assert_eq!(session.looks_ahead(), 1);
//!
//! // Trees that were not agreed to look at nothing, not even ahead.
//! let forest = session.forest().clone();
//! let (_, effects) = Session::start(forest, Opening { trusted: false, ..opening });
//! assert!(effects.is_empty());
//! # Ok::<(), jiff::Error>(())
//! ```

pub mod case;
pub mod diag;
pub mod engine;
pub mod finding;
pub mod host;
pub mod probe;
pub mod redact;
pub mod report;
pub mod tree;

#[cfg(feature = "app")]
pub mod app;
