// SPDX-License-Identifier: EUPL-1.2
//! The ticket of the conversation that is shown, and its renewal.

use infocig_protocol::id::ConversationId;

use super::{ChatState, Stage};

/// A conversation and what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its ticket.
    pub ticket: String,
    /// Whether that still opens it.
    pub pass: Pass,
}

/// Whether the ticket of a conversation still opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// It does, as far as we know.
    Valid,
    /// It does not: the conversation is gone back to with another one.
    Spent,
    /// Another one is on its way.
    Coming,
    /// Another one came, and has not been tried.
    Fresh,
}

impl ChatState {
    /// Another ticket came for the conversation that is shown, which goes on where it was. `false` if it is not any more.
    pub fn renewed(&mut self, conversation: &ConversationId, ticket: String) -> bool {
        let shown = self.is_renewing(conversation);
        if shown {
            self.door = Some(Door { conversation: conversation.clone(), ticket, pass: Pass::Fresh });
            self.stage = Stage::Inside;
        }
        shown
    }

    /// Whether the conversation that is shown waits for another ticket, and is this one.
    pub fn is_renewing(&self, conversation: &ConversationId) -> bool {
        let waits = |door: &Door| door.pass == Pass::Coming && door.conversation == *conversation;
        self.door.as_ref().is_some_and(waits)
    }

    /// Whether the ticket of the conversation that is shown still opens it.
    pub fn pass(&self) -> Option<Pass> {
        self.door.as_ref().map(|door| door.pass)
    }

    /// The ticket of the conversation that is shown opens it, or does not.
    pub fn set_pass(&mut self, pass: Pass) {
        if let Some(door) = &mut self.door {
            door.pass = pass;
        }
    }
}
