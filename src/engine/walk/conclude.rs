//! Ends, and the way from a fix to *fixed*.

use crate::{
    engine::{
        Ended, Phase, Purpose, Spot,
        ledger::{Role, Way},
        walk::{Asked, Front, Next, TrodKind, Walker, question},
    },
    tree::{AnswerRef, Conclude, Verdict},
};

/// What a check after a fix came to.
enum Checked {
    Wanted,
    NotWanted,
    Unknown,
}

impl Walker<'_> {
    pub(super) fn conclude(&mut self, at: &Spot, conclude: &Conclude) -> Next {
        let not_known = self
            .frames
            .last()
            .is_some_and(|frame| !frame.unknown.is_empty());
        match conclude.verdict {
            Verdict::Cause => self.cause(at, conclude),
            Verdict::Escalate => self.concluded(at, Verdict::Escalate, false, Phase::End),
            Verdict::Healthy => {
                let verdict = if not_known {
                    Verdict::Unresolved
                } else {
                    Verdict::Healthy
                };
                self.give_back(verdict, not_known).unwrap_or_else(|| {
                    let any = self.frames.iter().any(|frame| !frame.unknown.is_empty());
                    let verdict = if any {
                        Verdict::Unresolved
                    } else {
                        Verdict::Healthy
                    };
                    self.concluded(at, verdict, false, Phase::End)
                })
            }
            verdict @ (Verdict::NotApplicable | Verdict::Unresolved) => self
                .give_back(verdict, not_known)
                .unwrap_or_else(|| self.concluded(at, verdict, false, Phase::End)),
        }
    }

    fn concluded(&self, at: &Spot, verdict: Verdict, suspect: bool, phase: Phase) -> Next {
        Next::Stop(Front::Conclusion {
            spot: at.clone(),
            ended: Ended::Concluded,
            verdict,
            suspect,
            phase,
        })
    }

    /// A cause stands only if the last question before it was answered. One that does not is a suspect: a visiting tree
    /// goes on looking, and where there is none the person may still try the fix.
    fn cause(&mut self, at: &Spot, conclude: &Conclude) -> Next {
        let suspect = !self.last_known;
        if suspect {
            let known = self.suspects.len();
            self.suspects.push(at.clone());
            if let Some(next) = self.give_back(Verdict::Unresolved, true) {
                return next;
            }
            self.suspects.truncate(known);
        }
        let verdict = if suspect {
            Verdict::Unresolved
        } else {
            Verdict::Cause
        };
        if conclude.fix.is_none() {
            return self.concluded(at, verdict, suspect, Phase::End);
        }
        let key = self.key(at, Role::Fix);
        let applied = match self.ledger.marks.get(&key).filter(|_| !self.hold(&key)) {
            None => return self.concluded(at, verdict, suspect, Phase::Fix),
            Some(mark) if mark.way == Way::Unable => {
                return self.concluded(at, verdict, suspect, Phase::End);
            }
            Some(mark) => mark.at,
        };
        self.step(key, TrodKind::Fix { at: applied });
        self.generation += 1;
        self.verified = None;
        if let Some(time) = conclude.wait {
            let waited = self.ledger.marks.contains_key(&self.key(at, Role::Wait));
            if !waited {
                return self.concluded(
                    at,
                    verdict,
                    suspect,
                    Phase::Wait {
                        since: applied,
                        time,
                    },
                );
            }
        }
        match self.check_fix(at, conclude, verdict, suspect) {
            Err(front) => Next::Stop(front),
            Ok(Checked::Wanted) => {
                self.verified = Some(true);
                self.concluded(at, verdict, suspect, Phase::Fixed)
            }
            Ok(Checked::Unknown) => self.concluded(at, verdict, suspect, Phase::NotVerified),
            Ok(Checked::NotWanted) => {
                self.last_known = true;
                if conclude.otherwise.is_some() {
                    return self.go(at, conclude.otherwise.as_ref());
                }
                if let Some(next) = self.give_back(Verdict::Unresolved, false) {
                    return next;
                }
                self.verified = Some(false);
                Next::Stop(Front::Conclusion {
                    spot: at.clone(),
                    ended: Ended::DidNotHelp,
                    verdict: Verdict::Unresolved,
                    suspect,
                    phase: Phase::End,
                })
            }
        }
    }

    /// `verify`, then the tree's `settled`; with neither the person is asked.
    fn check_fix(
        &mut self,
        at: &Spot,
        conclude: &Conclude,
        verdict: Verdict,
        suspect: bool,
    ) -> Result<Checked, Front> {
        let verify = conclude
            .verify
            .as_ref()
            .map(|verify| (&verify.value, Purpose::Verify));
        let forest = self.forest;
        let settled = forest.tree(&at.tree).and_then(|tree| tree.settled.as_ref());
        let settled = settled.map(|settled| (&settled.value, Purpose::Settled));
        let checks: Vec<(&AnswerRef, Purpose)> = [verify, settled]
            .into_iter()
            .flatten()
            .filter(|(wanted, _)| {
                self.is_question(&Spot::new(at.tree.clone(), wanted.node.clone()))
            })
            .collect();
        if checks.is_empty() {
            return self.ask_helped(at, verdict, suspect);
        }
        let mut checked = Checked::Wanted;
        for (wanted, purpose) in checks {
            let spot = Spot::new(at.tree.clone(), wanted.node.clone());
            let Asked::Known(answered) = self.question(&spot, purpose) else {
                return Err(question(&spot, purpose, at));
            };
            // The last check has the last word, but one that was answered otherwise ends it.
            checked = match answered.answer {
                Some(answer) if answer == wanted.answer => Checked::Wanted,
                Some(_) => return Ok(Checked::NotWanted),
                None => Checked::Unknown,
            };
        }
        Ok(checked)
    }

    fn ask_helped(&mut self, at: &Spot, verdict: Verdict, suspect: bool) -> Result<Checked, Front> {
        let key = self.key(at, Role::Helped);
        let mark = self
            .ledger
            .marks
            .get(&key)
            .filter(|_| !self.hold(&key))
            .copied();
        let Some((Way::Helped(helped), when)) = mark.map(|mark| (mark.way, mark.at)) else {
            let spot = at.clone();
            let phase = Phase::AskHelped;
            return Err(Front::Conclusion {
                spot,
                ended: Ended::Concluded,
                verdict,
                suspect,
                phase,
            });
        };
        self.step(key, TrodKind::Helped { helped, at: when });
        Ok(match helped {
            Some(true) => Checked::Wanted,
            Some(false) => Checked::NotWanted,
            None => Checked::Unknown,
        })
    }
}
