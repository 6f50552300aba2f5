//! What a question's probes say about it: outcome, cases, the answer that it points at.

use jiff::Timestamp;

use crate::{
    engine::{
        ProbeKey, RunId, Spot,
        reading::{InputState, Reading, Status, fills::Pointed, probes::is_refined},
    },
    finding::{Facts, Finding, Outcome, ProbeName, Reason, Source, TreeId, Unknown},
    tree::{Answer, Ask, Case, CaseOutcome, Demands, Forest, NodeProbe, ProbeBase, Scope},
};

#[derive(Debug, Clone)]
pub(in crate::engine) enum Evidence<'a> {
    /// The question has no probe.
    None,
    NotLooked {
        /// An explicit look would start it.
        look: bool,
    },
    Looking(Vec<(RunId, Timestamp)>),
    Found {
        outcome: Outcome,
        answer: Option<&'a Answer>,
        /// The facts of the question's one probe.
        found: Option<Facts>,
        source: Source,
    },
    Unknown(Unknown),
}

impl Evidence<'_> {
    pub fn outcome(&self) -> Option<&Outcome> {
        match self {
            Evidence::Found { outcome, .. } => Some(outcome),
            _ => None,
        }
    }
}

impl NodeProbe {
    /// The names of the question's probes.
    pub(in crate::engine) fn names(&self) -> Vec<&ProbeName> {
        match &self.base {
            ProbeBase::One(name) => vec![&name.value],
            ProbeBase::Many(names) => names.iter().map(|name| &name.value).collect(),
        }
    }
}

impl Ask {
    fn case_demands(&self) -> impl Iterator<Item = &Demands> {
        let cases = self.probe.iter().flat_map(|probe| &probe.cases);
        cases.map(|case| &*case.condition.demands)
    }
}

/// A probe's name as `tree` knows it.
fn probe_key(forest: &Forest, tree: &TreeId, name: &ProbeName) -> Option<ProbeKey> {
    let (tree, probe) = forest.probe(tree, name)?;
    Some(ProbeKey {
        tree: tree.clone(),
        name: probe.name.clone(),
    })
}

impl<'a> Reading<'a> {
    pub fn probe_key(&self, tree: &TreeId, name: &ProbeName) -> Option<ProbeKey> {
        probe_key(self.forest, tree, name)
    }

    /// The question's own probes.
    pub fn bases(&self, at: &Spot, ask: &Ask) -> Vec<ProbeKey> {
        let names = ask.probe.iter().flat_map(NodeProbe::names);
        names
            .filter_map(|name| self.probe_key(&at.tree, name))
            .collect()
    }

    /// The question's probes, and those that its cases wait for.
    pub fn question_probes(&self, at: &Spot, ask: &Ask) -> Vec<ProbeKey> {
        let mut keys = self.bases(at, ask);
        for demands in ask.case_demands() {
            for key in self.probes_demanded(&at.tree, demands) {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }

    /// The looks that the question's evidence was read from, with the hash of their parameters.
    pub fn looks_behind(&self, at: &Spot, ask: &Ask) -> Vec<(ProbeKey, String)> {
        let keys = self.question_probes(at, ask).into_iter();
        keys.filter_map(|key| {
            let state = self.probe(&key);
            let request = state.request.as_ref()?;
            matches!(state.status, Status::Found(_)).then(|| (key, request.hash.clone()))
        })
        .collect()
    }

    /// Whether the probe looks for something else now than with these parameters.
    pub fn is_another_look(&self, probe: &ProbeKey, params: &str) -> bool {
        let state = self.probe(probe);
        let request = state.request.as_ref();
        request.is_some_and(|request| request.complete && request.hash != params)
    }

    /// The probes whose facts a template or an expression names, and those that its inputs are waiting for.
    pub fn probes_demanded(&self, tree: &TreeId, demands: &Demands) -> Vec<ProbeKey> {
        let named = demands.probes.iter();
        let mut keys: Vec<ProbeKey> = named
            .filter_map(|name| self.probe_key(tree, name))
            .collect();
        for name in &demands.inputs {
            if let InputState::Waiting { on, .. } = self.input_state(tree, name) {
                keys.extend(on);
            }
        }
        keys
    }

    /// The answer that the evidence points at; `None` where there is none yet, and where it points nowhere. Good for
    /// guessing what comes next: where a probe's parameters changed with another's facts, it may be what it was before.
    pub fn pointed(&self, at: &Spot, ask: &'a Ask) -> Option<&'a Answer> {
        // What rests on more than findings of its own is read each time.
        let is_own = |demands: &Demands| {
            demands.answers.is_empty() && self.all_given(&at.tree, &demands.inputs)
        };
        let keep = ask.case_demands().all(is_own);
        let probes = ask.case_demands().flat_map(|demands| &demands.probes);
        let probes = probes.filter_map(|name| self.probe_key(&at.tree, name));
        let findings: Vec<Option<u64>> = self
            .bases(at, ask)
            .into_iter()
            .chain(probes)
            .map(|key| self.ledger.newest(&key))
            .collect();
        if keep
            && let Some(known) = self.known.pointed(at)
            && known.findings == findings
        {
            let known = known.answer.as_ref()?;
            return ask.answers.iter().find(|answer| answer.id == *known);
        }
        let answer = match self.evidence(at, ask) {
            Evidence::Found { answer, .. } => answer,
            _ => None,
        };
        if keep {
            let pointed = Pointed {
                findings,
                answer: answer.map(|answer| answer.id.clone()),
            };
            self.news.borrow_mut().pointed.insert(at.clone(), pointed);
        }
        answer
    }

    pub fn evidence(&self, at: &Spot, ask: &'a Ask) -> Evidence<'a> {
        let Some(probe) = &ask.probe else {
            return Evidence::None;
        };
        let bases = self.bases(at, ask);
        if bases.len() < probe.names().len() {
            return unknown(Reason::Other, "no tree has the question's probe");
        }
        if let Some(early) = self.not_yet(&bases) {
            return early;
        }
        // From here on every base is found.
        let found: Vec<_> = bases
            .iter()
            .filter_map(|key| match &self.probe(key).status {
                Status::Found(finding) => Some((key.clone(), finding.clone())),
                _ => None,
            })
            .collect();
        let Some(source) = found.iter().map(|(_, finding)| finding.source).max() else {
            return unknown(Reason::Other, "nothing was found");
        };
        let many = matches!(probe.base, ProbeBase::Many(_));
        for (key, finding) in &found {
            let why = match &finding.judgement {
                crate::finding::Judgement::Unknown(why) if many => {
                    Unknown::new(why.reason, format!("`{}`: {why}", key.name))
                }
                crate::finding::Judgement::Unknown(why) => why.clone(),
                crate::finding::Judgement::Outcome(outcome) => {
                    let refined = self.is_refined(key, outcome);
                    if !many && (!refined || probe.cases.is_empty()) {
                        return self.found(
                            ask,
                            outcome.clone(),
                            Some(finding.facts.clone()),
                            source,
                        );
                    }
                    if refined {
                        continue;
                    }
                    let came = format!(
                        "`{}` came to `{outcome}`, and so there is nothing to compare",
                        key.name
                    );
                    Unknown::new(Reason::Other, because(came, &said(finding)))
                }
            };
            return Evidence::Unknown(why);
        }
        let named: Vec<ProbeKey> = self
            .question_probes(at, ask)
            .into_iter()
            .filter(|key| !bases.contains(key))
            .collect();
        if let Some(looking @ Evidence::Looking(_)) = self.not_yet(&named) {
            return looking;
        }
        let facts = found
            .first()
            .filter(|_| !many)
            .map(|(_, finding)| finding.facts.clone());
        let when = found
            .iter()
            .map(|(_, finding)| finding.at)
            .max()
            .unwrap_or(self.now);
        match self.first_case(at, &probe.cases, facts.as_ref(), when) {
            Ok(outcome) => self.found(ask, outcome, facts, source),
            // An author's name for a fact tells a person nothing; what the look said of itself may.
            Err(why) if why.reason == Reason::Expression && names_facts(&why.detail) => {
                let said: Vec<String> = found.iter().flat_map(|(_, found)| said(found)).collect();
                let detail = because("what was found does not tell enough".to_owned(), &said);
                let detail = format!("{detail} ({})", why.detail);
                Evidence::Unknown(Unknown::new(why.reason, detail))
            }
            Err(why) => Evidence::Unknown(why),
        }
    }

    pub(super) fn is_refined(&self, key: &ProbeKey, outcome: &Outcome) -> bool {
        self.forest
            .probe(&key.tree, &key.name)
            .is_some_and(|(_, probe)| is_refined(probe, outcome))
    }

    fn found(
        &self,
        ask: &'a Ask,
        outcome: Outcome,
        found: Option<Facts>,
        source: Source,
    ) -> Evidence<'a> {
        let answer = ask
            .answers
            .iter()
            .find(|answer| answer.when.iter().any(|when| when.value == outcome));
        Evidence::Found {
            outcome,
            answer,
            found,
            source,
        }
    }

    /// What stands in the way of a probe that has no finding.
    fn not_yet(&self, keys: &[ProbeKey]) -> Option<Evidence<'a>> {
        let mut runs = Vec::new();
        keys.iter().for_each(|key| self.runs_before(key, &mut runs));
        if !runs.is_empty() {
            return Some(Evidence::Looking(runs));
        }
        keys.iter().find_map(|key| match &self.probe(key).status {
            Status::Found(_) => None,
            Status::Unknown(why) | Status::Refused(why) => Some(Evidence::Unknown(why.clone())),
            Status::Ready | Status::NeedsLook | Status::NeedsLogin(_) => {
                Some(Evidence::NotLooked { look: true })
            }
            Status::Running(..) | Status::Waiting(_) | Status::NeedsInputs(_) | Status::NotHere => {
                Some(Evidence::NotLooked { look: false })
            }
        })
    }

    /// The outcome of the first case that holds. A case that fails to be evaluated ends it: what stands below might
    /// hold only because something is missing.
    fn first_case(
        &self,
        at: &Spot,
        cases: &[Case],
        found: Option<&Facts>,
        when: Timestamp,
    ) -> Result<Outcome, Unknown> {
        for case in cases {
            if let Some(why) = self.rests_on_unknown(&at.tree, &case.condition) {
                return Err(why);
            }
            let scope = |demands: &Demands| self.scope(&at.tree, demands, found);
            if let Some(decided) = decide(case, when, scope) {
                return decided;
            }
        }
        Err(Unknown::new(Reason::Expression, "no case holds"))
    }
}

/// What a case comes to, where it holds or cannot be evaluated. What was old when it was found stays so, whenever the case
/// is evaluated again.
pub(super) fn decide(
    case: &Case,
    when: Timestamp,
    scope: impl Fn(&Demands) -> Scope,
) -> Option<Result<Outcome, Unknown>> {
    let scope = |demands: &Demands| Scope {
        now: Some(when),
        ..scope(demands)
    };
    match case.condition.holds(&scope(&case.condition.demands)) {
        Err(error) => Some(Err(Unknown::new(Reason::Expression, error.message))),
        Ok(false) => None,
        Ok(true) => Some(match &case.outcome {
            CaseOutcome::Named(outcome) => Ok(outcome.clone()),
            CaseOutcome::Unknown => {
                let because = case.because.as_ref();
                let said = because.and_then(|because| because.value(&scope(&because.demands)).ok());
                let detail = said.map_or_else(
                    || LEFT_TO_PERSON.to_owned(),
                    // What a reply holds may stand in it.
                    |said| {
                        let one_line = |c: char| if c.is_control() { ' ' } else { c };
                        said.trim()
                            .chars()
                            .take(LONGEST_WHY)
                            .map(one_line)
                            .collect()
                    },
                );
                Err(Unknown::new(Reason::LeftToPerson, detail))
            }
        }),
    }
}

/// Whether what an expression misses are facts, and not an input: an input is asked for.
fn names_facts(missing: &str) -> bool {
    missing.ends_with("is not known")
        && ["`found", "`facts"]
            .iter()
            .any(|root| missing.starts_with(root))
}

/// What a finding says of itself without quoting a line, such as what it could not see.
fn said(finding: &Finding) -> Vec<String> {
    let statements = finding.evidence.iter().filter(|said| said.line.is_none());
    let text = |said: &crate::finding::Evidence| match &said.file {
        Some(file) => format!("{file}: {}", said.text),
        None => said.text.clone(),
    };
    statements.map(text).take(MOST_SAID).collect()
}

fn because(what: String, said: &[String]) -> String {
    match said {
        [] => what,
        said => format!("{what}: {}", said.join("; ")),
    }
}

/// Statements of one finding that stand in a reason.
const MOST_SAID: usize = 3;
const LEFT_TO_PERSON: &str = "the tree leaves what was found here to a person's judgement";
/// Characters that a tree's own words for *unknown* may have, with what is filled in.
const LONGEST_WHY: usize = 600;

fn unknown<'a>(reason: Reason, detail: &str) -> Evidence<'a> {
    Evidence::Unknown(Unknown::new(reason, detail))
}
