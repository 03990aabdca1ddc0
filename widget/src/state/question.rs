// SPDX-License-Identifier: EUPL-1.2
//! The form about the subject of the question, and the person's own cases: both offered while the person waits.

use infocig_protocol::{
    case::{Cases, Question},
    entry::EntryBody,
};

use super::ChatState;

/// The form about the subject of the question, in this tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuestionState {
    /// Not answered.
    Open {
        /// Whether the form is unfolded.
        unfolded: bool,
        /// The answer as it stands in the form.
        question: Question,
    },
    /// Submitted; the entry with the answer may not have arrived.
    Answered,
    /// The person declined.
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
    /// Not shown.
    #[default]
    Folded,
    /// Being fetched.
    Loading,
    /// The answer of the registry.
    Loaded(Cases),
    /// The registry did not answer.
    Failed,
    /// This service has no registry.
    Absent,
}

/// The part of an answer that is not well formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionError {
    /// The whole answer is empty.
    Empty,
    /// The first month is not a month.
    From,
    /// The last month is not a month.
    To,
    /// The last month comes before the first.
    Order,
    /// The protocol number has a character it cannot have, or too many.
    Protocol,
}

impl QuestionError {
    /// The first error of an answer, in the order of the form.
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
    /// Whether the form is shown: while the person waits, until it is answered or skipped. An unfolded form stays when an advisor
    /// answers, so that nothing typed is lost.
    pub fn offers_question(&self) -> bool {
        let asked = match &self.question_state {
            QuestionState::Open { unfolded, .. } => self.is_waiting() || (*unfolded && self.is_ongoing()),
            QuestionState::Answered | QuestionState::Skipped => false,
        };
        asked && self.question().is_none()
    }

    /// Changes whether the form is unfolded, and the answer in it; without effect once it is answered or skipped.
    pub fn edit_question_draft(&mut self, change: impl FnOnce(&mut bool, &mut Question)) {
        if let QuestionState::Open { unfolded, question } = &mut self.question_state {
            change(unfolded, question);
        }
    }

    /// Whether the form is unfolded, and the answer in it.
    pub fn question_draft(&self) -> (bool, Question) {
        match &self.question_state {
            QuestionState::Open { unfolded, question } => (*unfolded, question.clone()),
            QuestionState::Answered | QuestionState::Skipped => Default::default(),
        }
    }

    /// Whether the answer was submitted and is not in the log yet.
    pub fn is_question_sending(&self) -> bool {
        self.is_ongoing() && self.question_state == QuestionState::Answered && self.question().is_none()
    }

    /// The answer in the log.
    pub fn question(&self) -> Option<&Question> {
        self.entries.iter().find_map(|entry| {
            let EntryBody::Question(question) = &entry.body else { return None };
            Some(question)
        })
    }

    /// Whether the person can look at their own cases while they wait.
    pub fn offers_cases(&self) -> bool {
        self.is_waiting() && self.cases != OwnCases::Absent
    }
}
