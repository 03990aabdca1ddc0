// SPDX-License-Identifier: EUPL-1.2
//! The connection and the timers of the conversation that is shown.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use infocig_protocol::id::ConversationId;

use super::{link::Line, timers::Timer};
use crate::state::{Letter, Shared, Stage, Trouble};

/// What there is while somebody is inside.
#[derive(Clone, Default)]
pub(super) struct Inside(pub(super) Rc<Conversation>);

#[derive(Default)]
pub(super) struct Conversation {
    pub(super) id: RefCell<Option<ConversationId>>,
    pub(super) line: RefCell<Option<Rc<dyn Line>>>,
    pub(super) away: Timer,
    pub(super) advisor_there: Cell<bool>,
    pub(super) typing: Timer,
}

impl Inside {
    pub(super) fn line(&self) -> Option<Rc<dyn Line>> {
        self.0.line.borrow().clone()
    }

    /// Nobody is inside any more: nothing of it is shown, kept or heard.
    pub(super) fn leave(&self, state: Shared, trouble: Trouble) {
        self.stop_timers();
        self.0.id.take();
        self.0.line.take();
        if !state.is_gone() {
            state.change(|s| s.begin());
            state.change(|s| s.draft = String::new());
            state.change(|s| s.request = Letter::default());
            state.change(|s| s.stage = Stage::Stuck(trouble));
        }
    }

    pub(super) fn stop_timers(&self) {
        self.0.away.stop();
        self.0.typing.stop();
    }

    pub(super) fn show_pending(&self, state: Shared) {
        let Some(line) = self.line().filter(|_| state.peek(|s| !s.is_entering())) else { return };
        let pending = line.unsent();
        if state.peek(|s| s.pending != pending) {
            state.change(|s| s.pending = pending);
        }
    }
}
