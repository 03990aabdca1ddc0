// SPDX-License-Identifier: EUPL-1.2
//! The written request to the office, offered when no advisor can answer.

use infocig_protocol::{
    case::Question,
    entry::{Author, Entry, EntryBody, Party, Phase},
    http::Verdict,
    limits::MAX_DESCRIPTION_CHARS,
};

use super::{ChatState, ServiceError, Stage};
use crate::{
    drafts::{joined, merged},
    text_check::{self, TextError},
};

/// The form of a written request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenRequestState {
    /// Its text once the person has edited it; before, it is derived from the conversation ([`ChatState::request_text`]).
    pub text: Option<String>,
    pub progress: RequestProgress,
}

/// How far a written request has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestProgress {
    /// It is being written.
    #[default]
    Editing,
    /// Sent, without an answer so far.
    Sending,
    /// Not sent, or not known to have arrived.
    Failed(RequestError),
}

/// Why a written request was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// Nothing visible is in it.
    Empty,
    /// More than [`MAX_DESCRIPTION_CHARS`] characters are in it.
    TooLong,
    /// Too many requests of this person have no answer yet.
    OthersPending,
    /// The person has an open conversation.
    ConversationOpen,
    /// The portal or the service failed.
    Service(ServiceError),
}

impl RequestError {
    /// The errors of a text that are found without the service.
    pub fn of(text: &str) -> Option<Self> {
        text_check::error(text, MAX_DESCRIPTION_CHARS).map(|error| match error {
            TextError::Empty => Self::Empty,
            TextError::TooLong => Self::TooLong,
        })
    }
}

impl ChatState {
    /// Moves the text of a request that is not being sent into the message field, because the conversation is open.
    pub(super) fn move_request_to_draft(&mut self) {
        if self.written_request.progress == RequestProgress::Sending {
            return;
        }
        if let Some(text) = self.written_request.text.take() {
            self.written_request = WrittenRequestState::default();
            self.draft = merged(&self.draft, &text);
        }
    }

    /// Whether a request can be written: the person was refused for the hour, or closing time ended the conversation before an
    /// advisor answered.
    pub fn may_write_request(&self) -> bool {
        match &self.stage {
            Stage::Refused(admission) => {
                matches!(admission.verdict, Verdict::Closed | Verdict::OnlyOngoing)
            }
            Stage::Writing => true,
            Stage::InConversation => self.was_closed_waiting(),
            Stage::Idle | Stage::Entering | Stage::Failed(_) => false,
        }
    }

    /// Whether closing time ended the conversation while the person waited.
    fn was_closed_waiting(&self) -> bool {
        let closed =
            |entry: &Entry| matches!(entry.body, EntryBody::Closed { by: Party::System, outcome: None });
        let before = || self.entries.iter().rev().filter_map(Entry::phase_after).nth(1);
        self.entries.iter().rev().any(closed) && matches!(before(), Some(Phase::Waiting { .. }))
    }

    /// The text of the request: as edited, else the messages of a conversation that ended without an answer, the questions to
    /// the assistant, the unsent messages and the draft.
    pub fn request_text(&self) -> String {
        if let Some(text) = &self.written_request.text {
            return text.clone();
        }
        let mut text = String::new();
        if self.was_closed_waiting() {
            for entry in &self.entries {
                if let EntryBody::Message { author: Author::Citizen, text: said, .. } = &entry.body {
                    text = joined(&text, said);
                }
            }
        }
        for (question, _) in &self.assistant.asked {
            text = joined(&text, &question.text);
        }
        for one in &self.pending {
            text = joined(&text, &one.text);
        }
        joined(&text, &self.draft)
    }

    /// The subject of the request: that of the conversation that ended without an answer.
    pub fn request_question(&self) -> Question {
        self.question().filter(|_| self.was_closed_waiting()).cloned().unwrap_or_default()
    }
}
