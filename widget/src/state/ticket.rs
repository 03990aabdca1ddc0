// SPDX-License-Identifier: EUPL-1.2
//! The ticket of the conversation that is shown, and its renewal.

use infocig_protocol::id::ConversationId;

use super::{ChatState, Stage};

/// A conversation and what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationAccess {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its ticket.
    pub ticket: String,
    /// Whether that still opens it.
    pub ticket_state: TicketState,
}

/// Whether the ticket of a conversation still opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketState {
    /// It does, as far as we know.
    Valid,
    /// It does not: the conversation is gone back to with another one.
    Expired,
    /// Another one is on its way.
    Renewing,
    /// Another one came, and has not been tried.
    Renewed,
}

impl ChatState {
    /// Another ticket came for the conversation that is shown, which goes on where it was. `false` if it is not any more.
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

    /// Whether the conversation that is shown waits for another ticket, and is this one.
    pub fn is_renewing(&self, conversation: &ConversationId) -> bool {
        let waits = |access: &ConversationAccess| {
            access.ticket_state == TicketState::Renewing && access.conversation == *conversation
        };
        self.access.as_ref().is_some_and(waits)
    }

    /// Whether the ticket of the conversation that is shown still opens it.
    pub fn ticket_state(&self) -> Option<TicketState> {
        self.access.as_ref().map(|access| access.ticket_state)
    }

    /// The ticket of the conversation that is shown opens it, or does not.
    pub fn set_ticket_state(&mut self, ticket_state: TicketState) {
        if let Some(access) = &mut self.access {
            access.ticket_state = ticket_state;
        }
    }
}
