// SPDX-License-Identifier: EUPL-1.2
//! What a waiting person says of their question, and their own cases.

use infocig_protocol::{
    case::{Cases, Question},
    entry::EntryBody,
};

use super::ChatState;

/// How far the question about the question has come in this tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It stands.
    Open {
        /// Whether the form is open.
        unfolded: bool,
        /// What is being written.
        question: Question,
    },
    /// The answer is on its way.
    Answered,
    /// The person would not say.
    Skipped,
}

impl Default for Asked {
    fn default() -> Self {
        Self::Open { unfolded: false, question: Question::default() }
    }
}

/// The person's own cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OwnCases {
    /// Nobody looks at them.
    #[default]
    Folded,
    /// On their way.
    Coming,
    /// As the registry has them.
    Known(Cases),
    /// The registry did not answer.
    Failed,
    /// This service has no registry.
    Absent,
}

/// Which part of what a person says of their question needs another look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing was said.
    Nothing,
    /// The first month is none.
    From,
    /// The last month is none.
    To,
    /// The last month comes before the first.
    Order,
    /// The protocol number has not the form of one.
    Protocol,
}

impl Wrong {
    /// The first thing that is wrong with a question.
    pub fn of(question: &Question) -> Option<Self> {
        let Question { from, to, protocol, .. } = question.clone();
        let alone = |one: Question| one.is_well_formed();
        if question.is_empty() {
            Some(Self::Nothing)
        } else if !alone(Question { from, ..Question::default() }) {
            Some(Self::From)
        } else if !alone(Question { to, ..Question::default() }) {
            Some(Self::To)
        } else if !alone(Question { protocol, ..Question::default() }) {
            Some(Self::Protocol)
        } else if question.is_well_formed() {
            None
        } else {
            Some(Self::Order)
        }
    }
}

impl ChatState {
    /// Whether it is worth asking what the question is about: while the person waits, until they say it or would not. What
    /// they are just saying is not taken from them by somebody who answers.
    pub fn asks_question(&self) -> bool {
        let asked = match &self.asked {
            Asked::Open { unfolded, .. } => self.is_waiting() || (*unfolded && self.goes_on()),
            Asked::Answered | Asked::Skipped => false,
        };
        asked && self.question().is_none()
    }

    /// What is being written of the question changes, or whether the form for it is open.
    pub fn write_question(&mut self, change: impl FnOnce(&mut bool, &mut Question)) {
        if let Asked::Open { unfolded, question } = &mut self.asked {
            change(unfolded, question);
        }
    }

    /// Whether the form for the question is open, and what is written in it.
    pub fn written_question(&self) -> (bool, Question) {
        match &self.asked {
            Asked::Open { unfolded, question } => (*unfolded, question.clone()),
            Asked::Answered | Asked::Skipped => Default::default(),
        }
    }

    /// Whether the answer to it is on its way.
    pub fn says_question(&self) -> bool {
        self.goes_on() && self.asked == Asked::Answered && self.question().is_none()
    }

    /// What the person said their question is about.
    pub fn question(&self) -> Option<&Question> {
        self.entries.iter().find_map(|entry| {
            let EntryBody::Question(question) = &entry.body else { return None };
            Some(question)
        })
    }

    /// Whether the person can look at their cases meanwhile.
    pub fn offers_cases(&self) -> bool {
        self.is_waiting() && self.cases != OwnCases::Absent
    }
}
