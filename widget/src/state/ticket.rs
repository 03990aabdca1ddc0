// SPDX-License-Identifier: EUPL-1.2
//! The ticket of the conversation that is shown, and its renewal.

use infocig_protocol::id::ConversationId;

use super::{ChatState, Stage};

/// A conversation and the ticket that opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationAccess {
    pub conversation: ConversationId,
    pub ticket: String,
    pub ticket_state: TicketState,
}

/// Whether the ticket of a conversation is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketState {
    /// Accepted, as far as is known.
    Valid,
    /// Refused: another one is needed.
    Expired,
    /// Another one was asked for.
    Renewing,
    /// Another one arrived, and the server has not answered to it.
    Renewed,
}

impl ChatState {
    /// Takes over another ticket for the conversation that is shown. `false` if none is being renewed for it.
    pub fn accept_ticket(&mut self, conversation: &ConversationId, ticket: String) -> bool {
        let shown = self.is_renewing(conversation);
        if shown {
            self.access = Some(ConversationAccess {
                conversation: conversation.clone(),
                ticket,
                ticket_state: TicketState::Renewed,
            });
            self.stage = Stage::InConversation;
        }
        shown
    }

    /// Whether this conversation is shown and its ticket is being renewed.
    pub fn is_renewing(&self, conversation: &ConversationId) -> bool {
        let waits = |access: &ConversationAccess| {
            access.ticket_state == TicketState::Renewing && access.conversation == *conversation
        };
        self.access.as_ref().is_some_and(waits)
    }

    /// State of the ticket of the conversation that is shown.
    pub fn ticket_state(&self) -> Option<TicketState> {
        self.access.as_ref().map(|access| access.ticket_state)
    }

    /// Sets the state of the ticket; without effect if no conversation is shown.
    pub fn set_ticket_state(&mut self, ticket_state: TicketState) {
        if let Some(access) = &mut self.access {
            access.ticket_state = ticket_state;
        }
    }
}
