//! What came of something that was sent: what is to be applied, and what was of no use and why. Applies it to nothing but copies.

use jiff::Timestamp;

use crate::{
    engine::{Event, Given, ProbeKey, Rejection, Session},
    finding::{InputName, Os},
};

/// What came of an answer.
#[derive(Debug, Default)]
pub struct Taken {
    /// To be applied in their order.
    pub events: Vec<Event>,
    /// So many looks are among them.
    pub read: usize,
    /// What was of no use, and why: a lowercase fragment. A probe may stand here that was read for another tree.
    pub passed_over: Vec<(ProbeKey, String)>,
    /// So many of these were looked at before the last thing that was done in the case.
    pub before: usize,
    /// So many of these the case knows by a later look.
    pub older: usize,
}

impl Taken {
    /// Passes all over where the machine is of another system than the case: then no look says anything about the case. `from`
    /// tells how the system is known: a lowercase fragment before its name.
    pub fn of_another_system(
        session: &Session,
        from: &str,
        os: Os,
        probes: impl IntoIterator<Item = ProbeKey>,
    ) -> Option<Self> {
        let own = session.opening().os;
        if os == own {
            return None;
        }
        let why = format!("{from} {}, and the case is about {}", os.name(), own.name());
        let probes = probes.into_iter();
        Some(Self {
            passed_over: probes.map(|probe| (probe, why.clone())).collect(),
            ..Self::default()
        })
    }

    /// Gives inputs that the case does not know yet. One that does not fit is left: the case asks for it.
    pub fn fill_in(
        &mut self,
        session: &mut Session,
        inputs: impl IntoIterator<Item = (InputName, Given)>,
        at: Timestamp,
    ) {
        for (name, given) in inputs {
            let known = session.inputs().any(|(known, _)| *known == name);
            if known || session.values().contains_key(&name) {
                continue;
            }
            let event = Event::Input { name, given };
            if session.apply(event.clone(), at).is_ok() {
                self.events.push(event);
            }
        }
    }

    /// Keeps what a copy of the session took, or why it did not.
    pub fn keep(&mut self, probe: &ProbeKey, event: Event, applied: Result<(), Rejection>) {
        match applied {
            Ok(()) => {
                // What it could not tell with other values, it told with these.
                self.passed_over.retain(|(over, _)| over != probe);
                self.events.push(event);
                self.read += 1;
            }
            Err(why) => {
                match &why {
                    Rejection::GatheredBefore(_) => self.before += 1,
                    Rejection::OlderThanKnown(_) => self.older += 1,
                    _ => {}
                }
                self.passed_over.push((probe.clone(), why.to_string()));
            }
        }
    }

    /// Why nothing of it was taken, where one reason is all there is to tell: a lowercase fragment.
    pub fn nothing(&self) -> Option<&'static str> {
        let all = self.passed_over.len();
        if all == 0 {
            None
        } else if self.before == all {
            Some(
                "it was collected before what was done last in the case, and tells nothing of what came of that; collect once more",
            )
        } else if self.older == all {
            Some("it is older than what the case knows from there already")
        } else {
            None
        }
    }

    /// One line for a person.
    pub fn in_short(&self) -> String {
        let (read, over) = (self.read, self.passed_over.len());
        let looks = if read == 1 { "look" } else { "looks" };
        match self.passed_over.first() {
            Some((probe, why)) => {
                format!("{read} {looks} of the answer read, {over} not, such as {probe}: {why}")
            }
            None => format!("{read} {looks} of the answer read"),
        }
    }
}
