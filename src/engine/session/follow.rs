//! What a driver that follows evidence does next. Headless does nothing else.

use crate::engine::{
    ConclusionStage, Event, EvidenceView, Follow, Given, InputAsk, QuestionStage, Session, Stage,
};

impl Session {
    /// What a driver that follows evidence does next: answers that were given ahead beat evidence; where both are
    /// silent the question is skipped, if the tree says where that leads. Comes to its end from any stage.
    pub fn follow(&self) -> Follow {
        match &self.stage {
            Stage::Inputs(asks) => follow_inputs(asks),
            Stage::Question(question) => self.follow_question(question),
            Stage::Do(_) => Follow::Over,
            Stage::Conclusion(conclusion) => follow_conclusion(conclusion),
        }
    }

    fn follow_question(&self, question: &QuestionStage) -> Follow {
        if let Some(answer) = &question.stated {
            return Follow::Apply(Event::Answer {
                answer: answer.clone(),
            });
        }
        match &question.evidence {
            EvidenceView::Looking { .. } => Follow::Wait,
            // What was found is old: what it is now decides.
            _ if question.again.is_some() => Follow::Wait,
            EvidenceView::Found {
                answer: Some(answer),
                ..
            } => Follow::Apply(Event::Answer {
                answer: answer.clone(),
            }),
            // A login whose secrets were given. It is looked at once: then there is a finding, or why there is none.
            EvidenceView::NotLooked { look: true } => Follow::Apply(Event::Look),
            _ if question.unsure => Follow::Apply(Event::Unsure { skipped: true }),
            _ => Follow::Over,
        }
    }
}

/// Takes what is offered; what nobody gave is not known.
fn follow_inputs(asks: &[InputAsk]) -> Follow {
    // A look may fill in more than one of them: whoever follows evidence lets it end first.
    if asks.iter().any(|ask| ask.looking.is_some()) {
        return Follow::Wait;
    }
    let Some(ask) = asks.first() else {
        return Follow::Over;
    };
    // What was found goes to nobody before a person has confirmed it.
    if ask.confirm {
        return Follow::Over;
    }
    let given = ask.offer.clone().map_or(Given::Unknown, Given::Text);
    Follow::Apply(Event::Input {
        name: ask.name.clone(),
        given,
    })
}

fn follow_conclusion(conclusion: &ConclusionStage) -> Follow {
    if conclusion.looking.is_empty() {
        Follow::Over
    } else {
        Follow::Wait
    }
}
