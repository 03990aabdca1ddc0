// SPDX-License-Identifier: EUPL-1.2
//! The connection and the timers of the conversation that is shown.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use infocig_protocol::id::ConversationId;

use super::{link::ChatLink, timers::Timer};
use crate::state::{ServiceError, Shared, Stage, WrittenRequestState};

/// What there is while somebody is active.
#[derive(Clone, Default)]
pub(super) struct ActiveConversation(pub(super) Rc<Connection>);

#[derive(Default)]
pub(super) struct Connection {
    pub(super) id: RefCell<Option<ConversationId>>,
    pub(super) link: RefCell<Option<Rc<dyn ChatLink>>>,
    pub(super) away: Timer,
    pub(super) advisor_there: Cell<bool>,
    pub(super) typing: Timer,
}

impl ActiveConversation {
    pub(super) fn link(&self) -> Option<Rc<dyn ChatLink>> {
        self.0.link.borrow().clone()
    }

    /// Nobody is inside any more: nothing of it is shown, kept or heard.
    pub(super) fn leave(&self, state: Shared, error: ServiceError) {
        self.stop_timers();
        self.0.id.take();
        self.0.link.take();
        if !state.is_gone() {
            state.change(|s| s.begin_conversation());
            state.change(|s| s.draft = String::new());
            state.change(|s| s.written_request = WrittenRequestState::default());
            state.change(|s| s.stage = Stage::Failed(error));
        }
    }

    pub(super) fn stop_timers(&self) {
        self.0.away.stop();
        self.0.typing.stop();
    }

    pub(super) fn sync_pending(&self, state: Shared) {
        let Some(link) = self.link().filter(|_| state.peek(|s| !s.is_entering())) else { return };
        let pending = link.unsent();
        if state.peek(|s| s.pending != pending) {
            state.change(|s| s.pending = pending);
        }
    }
}
