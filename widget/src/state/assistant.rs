// SPDX-License-Identifier: EUPL-1.2
//! Questions to the automatic assistant: before a conversation, and beside one while the person waits.

use infocig_protocol::{
    assistant::{AssistantQuestion, Passage},
    entry::EntryBody,
    limits::MAX_QUESTION_CHARS,
};

use super::{ChatState, ServiceError, Stage};
use crate::text_check::{self, TextError};

/// The assistant in this tab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssistantState {
    /// Whether it is on screen, or unfolded beside the conversation.
    pub shown: bool,
    /// The text of the field.
    pub text: String,
    pub progress: AskingProgress,
    /// The question whose answer the person has not seen. Asked again it keeps its id, so that it is in the log once.
    pub awaited: Option<AssistantQuestion>,
    /// The questions of this tab that are in no conversation's log, oldest first, with their answers.
    pub asked: Vec<(AssistantQuestion, Vec<Passage>)>,
}

/// How far a question has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AskingProgress {
    /// It is being written.
    #[default]
    Editing,
    /// Sent, without an answer so far.
    Asking,
    /// Not answered.
    Failed(AskingError),
}

/// Why a question was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskingError {
    /// Nothing visible is in it.
    Empty,
    /// More than [`MAX_QUESTION_CHARS`] characters are in it.
    TooLong,
    /// Many questions came in a short time.
    TooFast,
    /// The assistant is switched off.
    Off,
    /// The portal or the service failed.
    Service(ServiceError),
}

impl AskingError {
    /// The errors of a text that are found without the service.
    pub fn of(text: &str) -> Option<Self> {
        text_check::error(text, MAX_QUESTION_CHARS).map(|error| match error {
            TextError::Empty => Self::Empty,
            TextError::TooLong => Self::TooLong,
        })
    }
}

impl ChatState {
    /// Whether the service has an assistant, as far as it last said.
    pub fn has_assistant(&self) -> bool {
        self.admission().is_some_and(|admission| admission.assistant)
    }

    /// Whether it is offered beside the conversation: while the person waits. A question that was begun stays when an advisor
    /// answers, so that nothing typed is lost.
    pub fn offers_assistant(&self) -> bool {
        let begun = self.assistant.shown && !self.assistant.text.is_empty() && self.is_ongoing();
        self.has_assistant() && (self.is_waiting() || begun)
    }

    /// Whether the person waits, and this is their newest question to the assistant.
    pub fn waits_with(&self, question: &str) -> bool {
        let newest = self.entries.iter().rev().find_map(|entry| {
            let EntryBody::Assistant { question, .. } = &entry.body else { return None };
            Some(question.as_str())
        });
        self.is_waiting() && self.is_writer && newest == Some(question)
    }

    /// Forgets what the person asked, because the next person must not find it.
    #[inline(never)]
    pub fn forget_questions(&mut self) {
        self.assistant.asked.clear();
        self.assistant.text.clear();
    }

    /// Whether the panel shows the assistant alone.
    pub fn shows_assistant(&self) -> bool {
        self.assistant.shown && matches!(self.stage, Stage::Idle | Stage::Refused(_) | Stage::Failed(_))
    }
}
