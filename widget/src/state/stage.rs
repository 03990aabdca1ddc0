// SPDX-License-Identifier: EUPL-1.2
//! How far the person has come on the way into a conversation.

use infocig_client::session::Pending;
use infocig_protocol::http::Admission;

use super::{ChatState, TicketState};
use crate::drafts::joined;

/// How far the person has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing begun.
    #[default]
    Idle,
    /// Asking to enter.
    Entering,
    /// The server said no, why, and where else to go.
    Refused(Admission),
    /// Something stands in the way.
    Failed(ServiceError),
    /// A request written before the page was loaded anew goes again.
    Writing,
    /// In a conversation.
    InConversation,
}

/// What can stand in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceError {
    /// The portal's session is over.
    SignedOut,
    /// The portal or the service does not answer.
    Unreachable,
    /// The service does not accept the portal's token.
    NotAccepted,
    /// The service failed.
    Fault,
}

impl ChatState {
    /// Whether the door to another conversation is opening: what is written now belongs to that one. Another ticket for the
    /// one that is shown opens no other.
    pub fn is_entering(&self) -> bool {
        self.stage == Stage::Entering && self.ticket_state() != Some(TicketState::Renewing)
    }

    /// What was written while the door is opening.
    pub fn next_pending(&self) -> Vec<Pending> {
        self.pending.get(self.previous_pending..).unwrap_or_default().to_vec()
    }

    /// What was written before the door opened belongs in the field again: it did not.
    pub fn return_pending_to_draft(&mut self) {
        let early = std::mem::take(&mut self.pending);
        let texts = early.into_iter().fold(String::new(), |texts, one| joined(&texts, &one.text));
        self.draft = joined(&texts, &self.draft);
    }
}
