// SPDX-License-Identifier: EUPL-1.2
//! A written request to the office, for when nobody can answer.

use infocig_protocol::{
    blank::is_blank,
    case::Question,
    entry::{Author, Entry, EntryBody, Party, Phase},
    http::Verdict,
    limits::MAX_DESCRIPTION_CHARS,
};

use super::{ChatState, ServiceError, Stage};
use crate::drafts::{joined, merged};

/// What is written to the office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenRequestState {
    /// Its text, once somebody has touched it.
    pub text: Option<String>,
    /// How far it has come.
    pub progress: RequestProgress,
}

/// How far a written request has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestProgress {
    /// It is being written.
    #[default]
    Editing,
    /// On its way.
    Sending,
    /// It did not leave, or is not known to have arrived.
    Failed(RequestError),
}

/// Why a written request has not left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// There is nothing in it.
    Empty,
    /// There is too much in it.
    TooLong,
    /// Others of this person still wait for an answer.
    OthersPending,
    /// The person has a conversation that goes on.
    ConversationOpen,
    /// Something stands in the way.
    Service(ServiceError),
}

impl RequestError {
    /// What can be seen to be wrong before anybody is asked.
    pub fn of(text: &str) -> Option<Self> {
        if is_blank(text) {
            Some(Self::Empty)
        } else if text.chars().count() > MAX_DESCRIPTION_CHARS {
            Some(Self::TooLong)
        } else {
            None
        }
    }
}

impl ChatState {
    /// Somebody can answer now: what was written to the office and did not leave belongs in the field.
    pub(super) fn move_request_to_draft(&mut self) {
        if self.written_request.progress == RequestProgress::Sending {
            return;
        }
        if let Some(text) = self.written_request.text.take() {
            self.written_request = WrittenRequestState::default();
            self.draft = merged(&self.draft, &text);
        }
    }

    /// Whether nobody can answer now, so that writing to the office is what is left: a refusal for the hour, or closing time
    /// let go of whoever waited.
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

    /// The request as it stands in the field: as somebody left it, else what was written in the conversation that ended
    /// without an answer, and what was not sent.
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
        for one in &self.pending {
            text = joined(&text, &one.text);
        }
        joined(&text, &self.draft)
    }

    /// What a request is about: what was said of the question that nobody answered.
    pub fn request_question(&self) -> Question {
        self.question().filter(|_| self.was_closed_waiting()).cloned().unwrap_or_default()
    }
}
