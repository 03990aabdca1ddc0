// SPDX-License-Identifier: EUPL-1.2
//! What a reload must not lose, in the tab's session storage.

use infocig_client::storage;

use super::{Chat, active_conversation::Inside};
use crate::{
    drafts::{Kept, Request},
    state::{Asked, Shared},
};

impl Chat {
    /// Keeps what a reload must not lose.
    pub(crate) fn keep(&self) {
        self.inside.keep(self.state);
    }
}

impl Inside {
    /// Keeps what a reload must not lose; after the end, only what was not sent.
    pub(super) fn keep(&self, state: Shared) {
        let Some(conversation) = self.0.id.borrow().clone() else { return };
        let unsent = state.peek(|s| s.pending.clone());
        let (draft, shown) = (state.peek(|s| s.draft.clone()), state.peek(|s| s.shown));
        let skipped = state.peek(|s| s.asked.clone()) == Asked::Skipped;
        if state.peek(|s| s.is_closed()) && unsent.is_empty() && draft.is_empty() {
            storage::session_remove(KEPT);
        } else {
            storage::session_set(KEPT, &Kept { conversation, unsent, draft, shown, skipped }.write());
        }
    }
}

pub(super) fn kept_request() -> Option<Request> {
    storage::session_get(REQUEST).and_then(|text| Request::read(&text))
}

pub(super) fn kept() -> Option<Kept> {
    storage::session_get(KEPT).and_then(|text| Kept::read(&text))
}

/// The name of the record in the tab's session storage.
pub(super) const KEPT: &str = "info-cig";
/// The name of the record of a written request.
pub(super) const REQUEST: &str = "info-cig-request";
