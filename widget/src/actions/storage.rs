// SPDX-License-Identifier: EUPL-1.2
//! Drafts and unsent messages in the tab's session storage, where a reload finds them.

use std::rc::Rc;

use infocig_client::storage;

use super::{Chat, active_conversation::ActiveConversation};
use crate::{
    drafts::{StoredConversation, StoredRequest},
    effects::after,
    state::{QuestionState, Shared},
};

impl Chat {
    /// Stores the draft and the unsent messages of the conversation.
    pub(crate) fn persist(&self) {
        self.active.persist(self.state);
    }

    /// Stores the keys that wait for the end of their delay, because the page may not be there then.
    pub(crate) fn persist_unsaved(&self) {
        self.active.persist_unsaved(self.state);
    }
}

impl ActiveConversation {
    /// Stores the draft and the unsent messages. An ended conversation without either leaves no record.
    pub(super) fn persist(&self, state: Shared) {
        self.0.storage_delay.take();
        let Some(conversation) = self.0.id.borrow().clone() else { return };
        let record = state.peek(|s| {
            let is_needed = !s.is_closed() || !s.pending.is_empty() || !s.draft.is_empty();
            let stored = StoredConversation {
                conversation,
                unsent: s.pending.clone(),
                draft: s.draft.clone(),
                shown: s.shown,
                skipped: s.question_state == QuestionState::Skipped,
            };
            Some(is_needed.then(|| stored.write()))
        });
        match record {
            Some(Some(record)) => storage::session_set(CONVERSATION_KEY, &record),
            Some(None) => storage::session_remove(CONVERSATION_KEY),
            // The state is disposed: the element has left the page, and everything was stored before.
            None => {}
        }
    }

    pub(super) fn persist_unsaved(&self, state: Shared) {
        if self.0.storage_delay.take() {
            self.persist(state);
        }
    }

    /// Stores the draft after its delay. The time-out holds the connection weakly, so that it does not keep it open.
    pub(super) fn persist_later(&self, state: Shared) {
        if let Some(wait) = self.0.storage_delay.handle_edit() {
            let weak = Rc::downgrade(&self.0);
            after(wait, move || {
                if let Some(active) = weak.upgrade().map(Self) {
                    active.persist_unsaved(state);
                }
            });
        }
    }

    /// Removes the record of the conversation, and cancels the write that is due.
    pub(super) fn forget_stored(&self) {
        self.0.storage_delay.take();
        storage::session_remove(CONVERSATION_KEY);
    }
}

pub(super) fn stored_request() -> Option<StoredRequest> {
    storage::session_get(REQUEST_KEY).and_then(|text| StoredRequest::read(&text))
}

pub(super) fn stored_conversation() -> Option<StoredConversation> {
    storage::session_get(CONVERSATION_KEY).and_then(|text| StoredConversation::read(&text))
}

/// The key of the conversation's record.
const CONVERSATION_KEY: &str = "info-cig";
/// The key of the written request's record.
pub(super) const REQUEST_KEY: &str = "info-cig-request";
