// SPDX-License-Identifier: EUPL-1.2
//! The connection and the timers of the conversation that is shown.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use infocig_protocol::id::ConversationId;

use super::{link::ChatLink, timers::Timer};
use crate::{
    drafts::StorageDelay,
    state::{ServiceError, Shared, Stage, WrittenRequestState},
};

/// A handle on the connection, which is empty until a conversation is open. The link holds it weakly, because it holds the
/// link.
#[derive(Clone, Default)]
pub(super) struct ActiveConversation(pub(super) Rc<Connection>);

#[derive(Default)]
pub(super) struct Connection {
    pub(super) id: RefCell<Option<ConversationId>>,
    pub(super) link: RefCell<Option<Rc<dyn ChatLink>>>,
    pub(super) away: Timer,
    pub(super) advisor_there: Cell<bool>,
    pub(super) typing: Timer,
    pub(super) storage_delay: StorageDelay,
}

impl ActiveConversation {
    pub(super) fn link(&self) -> Option<Rc<dyn ChatLink>> {
        self.0.link.borrow().clone()
    }

    /// Closes the link and empties the state, because the person no longer has access to the conversation.
    pub(super) fn leave(&self, state: Shared, error: ServiceError) {
        self.stop_timers();
        self.0.id.take();
        self.0.link.take();
        state.change(|s| {
            s.begin_conversation();
            s.draft = String::new();
            s.written_request = WrittenRequestState::default();
            s.stage = Stage::Failed(error);
        });
    }

    pub(super) fn stop_timers(&self) {
        self.0.away.stop();
        self.0.typing.stop();
    }

    /// Copies the outbox of the session into the state. While another conversation is being opened the state is ahead of the
    /// outbox, which belongs to the one before.
    pub(super) fn sync_pending(&self, state: Shared) {
        let Some(link) = self.link().filter(|_| state.peek(|s| !s.is_entering())) else { return };
        let pending = link.unsent();
        if state.peek(|s| s.pending != pending) {
            state.change(|s| s.pending = pending);
        }
    }
}
