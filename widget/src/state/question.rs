// SPDX-License-Identifier: EUPL-1.2
//! What a waiting person says of their question, and their own cases.

use infocig_protocol::{
    case::{Cases, Question},
    entry::EntryBody,
};

use super::ChatState;

/// How far the question about the question has come in this tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuestionState {
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

impl Default for QuestionState {
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
    Loading,
    /// As the registry has them.
    Loaded(Cases),
    /// The registry did not answer.
    Failed,
    /// This service has no registry.
    Absent,
}

/// Which part of what a person says of their question needs another look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionError {
    /// Nothing was said.
    Empty,
    /// The first month is none.
    From,
    /// The last month is none.
    To,
    /// The last month comes before the first.
    Order,
    /// The protocol number has not the form of one.
    Protocol,
}

impl QuestionError {
    /// The first thing that is wrong with a question.
    pub fn of(question: &Question) -> Option<Self> {
        let Question { from, to, protocol, .. } = question.clone();
        let alone = |one: Question| one.is_well_formed();
        if question.is_empty() {
            Some(Self::Empty)
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
    pub fn offers_question(&self) -> bool {
        let asked = match &self.question_state {
            QuestionState::Open { unfolded, .. } => self.is_waiting() || (*unfolded && self.is_ongoing()),
            QuestionState::Answered | QuestionState::Skipped => false,
        };
        asked && self.question().is_none()
    }

    /// What is being written of the question changes, or whether the form for it is open.
    pub fn edit_question_draft(&mut self, change: impl FnOnce(&mut bool, &mut Question)) {
        if let QuestionState::Open { unfolded, question } = &mut self.question_state {
            change(unfolded, question);
        }
    }

    /// Whether the form for the question is open, and what is written in it.
    pub fn question_draft(&self) -> (bool, Question) {
        match &self.question_state {
            QuestionState::Open { unfolded, question } => (*unfolded, question.clone()),
            QuestionState::Answered | QuestionState::Skipped => Default::default(),
        }
    }

    /// Whether the answer to it is on its way.
    pub fn is_question_sending(&self) -> bool {
        self.is_ongoing() && self.question_state == QuestionState::Answered && self.question().is_none()
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
