// SPDX-License-Identifier: EUPL-1.2
//! A written request to the office, for when nobody can answer.

use infocig_protocol::{
    blank::is_blank,
    case::Question,
    entry::{Author, Entry, EntryBody, Party, Phase},
    http::Verdict,
    limits::MAX_DESCRIPTION_CHARS,
};

use super::{ChatState, Stage, Trouble};
use crate::drafts::{joined, merged};

/// What is written to the office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Its text, once somebody has touched it.
    pub text: Option<String>,
    /// How far it has come.
    pub sending: Sending,
}

/// How far a written request has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sending {
    /// It is being written.
    #[default]
    No,
    /// On its way.
    UnderWay,
    /// It did not leave, or is not known to have arrived.
    Failed(Unwritten),
}

/// Why a written request has not left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// There is nothing in it.
    Empty,
    /// There is too much in it.
    TooLong,
    /// Others of this person still wait for an answer.
    Pending,
    /// The person has a conversation that goes on.
    Open,
    /// Something stands in the way.
    Stuck(Trouble),
}

impl Unwritten {
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
    pub(super) fn say_what_was_written(&mut self) {
        if self.request.sending == Sending::UnderWay {
            return;
        }
        if let Some(text) = self.request.text.take() {
            self.request = Letter::default();
            self.draft = merged(&self.draft, &text);
        }
    }

    /// Whether nobody can answer now, so that writing to the office is what is left: a refusal for the hour, or closing time
    /// let go of whoever waited.
    pub fn may_write(&self) -> bool {
        match &self.stage {
            Stage::Refused(admission) => {
                matches!(admission.verdict, Verdict::Closed | Verdict::OnlyOngoing)
            }
            Stage::Writing => true,
            Stage::Inside => self.was_let_go(),
            Stage::Idle | Stage::Entering | Stage::Stuck(_) => false,
        }
    }

    /// Whether closing time ended the conversation while the person waited.
    fn was_let_go(&self) -> bool {
        let closed =
            |entry: &Entry| matches!(entry.body, EntryBody::Closed { by: Party::System, outcome: None });
        let before = || self.entries.iter().rev().filter_map(Entry::phase_after).nth(1);
        self.entries.iter().rev().any(closed) && matches!(before(), Some(Phase::Waiting { .. }))
    }

    /// The request as it stands in the field: as somebody left it, else what was written in the conversation that ended
    /// without an answer, and what was not sent.
    pub fn request_text(&self) -> String {
        if let Some(text) = &self.request.text {
            return text.clone();
        }
        let mut text = String::new();
        if self.was_let_go() {
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
        self.question().filter(|_| self.was_let_go()).cloned().unwrap_or_default()
    }
}
