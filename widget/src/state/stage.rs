// SPDX-License-Identifier: EUPL-1.2
//! The way into a conversation, and the messages written on it.

use infocig_client::session::Pending;
use infocig_protocol::http::Admission;

use super::{ChatState, TicketState};
use crate::drafts::joined;

/// How far the person has come on the way into a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "there is one of it, and in the browser it is half as large")]
pub enum Stage {
    /// Nothing was asked for.
    #[default]
    Idle,
    /// Entry was asked for, or the ticket is being renewed at the wish of the person.
    Entering,
    /// The service refused entry: the reason and other channels.
    Refused(Admission),
    /// The portal or the service failed.
    Failed(ServiceError),
    /// A written request that was stored before a reload is sent again.
    Writing,
    /// A conversation is shown, open or ended.
    InConversation,
}

/// A failure of the portal or the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceError {
    /// The portal's session is over.
    SignedOut,
    /// The portal or the service does not answer.
    Unreachable,
    /// The service does not accept the portal's token.
    NotAccepted,
    /// The service refused for another reason, or its answer could not be read.
    Fault,
}

impl ChatState {
    /// Whether another conversation is being opened, to which messages written meanwhile belong. Renewing the ticket of the one
    /// that is shown opens no other.
    pub fn is_entering(&self) -> bool {
        self.stage == Stage::Entering && self.ticket_state() != Some(TicketState::Renewing)
    }

    /// Messages written while the conversation is being opened.
    pub fn next_pending(&self) -> Vec<Pending> {
        self.pending.get(self.previous_pending..).unwrap_or_default().to_vec()
    }

    /// Moves every pending message into the draft, because the conversation could not be opened.
    pub fn return_pending_to_draft(&mut self) {
        let early = std::mem::take(&mut self.pending);
        let texts = early.into_iter().fold(String::new(), |texts, one| joined(&texts, &one.text));
        self.draft = joined(&texts, &self.draft);
    }
}
