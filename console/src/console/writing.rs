// SPDX-License-Identifier: EUPL-1.2
//! What the advisor writes: into the draft, into the session, and into what is kept over a reload.
//!
//! Something is kept only while somebody sits here, and only of conversations they can write in.

use infocig_client::{clock::now, driver::random_id, session::Pending};
use infocig_protocol::id::{ConversationId, MessageId};
use leptos::prelude::*;

use super::Console;
use crate::{
    kept,
    state::{Conversation, Standing},
};

impl Console {
    /// Takes over what is in the composer and tells the other side that somebody writes.
    pub(crate) fn write(&self, conversation: &Conversation, draft: String) {
        let writes = !draft.trim().is_empty();
        conversation.draft.set(draft);
        self.keep_draft(conversation);
        if let Some(driver) = self.driver(&conversation.id).filter(|_| writes) {
            driver.with(|session| session.typing(now()));
        }
    }

    /// Says what is in the draft.
    pub(crate) fn send(&self, conversation: &Conversation) {
        let (Some(driver), Ok(message)) = (self.driver(&conversation.id), MessageId::parse(random_id()))
        else {
            return;
        };
        let Some(text) = conversation.take_draft() else {
            return;
        };
        let pending = Pending { id: message.clone(), text: text.clone() };
        self.state.sending(&conversation.id, vec![pending]);
        driver.with(|session| session.post(message, text));
        self.keep_unsent(&conversation.id);
        self.keep_draft(conversation);
    }

    /// Keeps again what is written everywhere: somebody sat down.
    pub(super) fn keep_everything(&self) {
        for conversation in self.state.conversations.get_untracked() {
            self.keep_draft(&conversation);
            self.keep_unsent(&conversation.id);
            self.keep_forwarding(&conversation);
        }
    }

    pub(super) fn keep_unsent(&self, conversation: &ConversationId) {
        let held = self.state.conversation(conversation).is_some_and(|one| self.is_kept(&one));
        if let Some(driver) = self.driver(conversation).filter(|_| held) {
            driver.read(|session| kept::keep_unsent(conversation, session.outbox()));
        }
    }

    fn keep_draft(&self, conversation: &Conversation) {
        if self.is_kept(conversation) {
            conversation.draft.with_untracked(|draft| kept::keep_draft(&conversation.id, draft));
        }
    }

    pub(super) fn is_kept(&self, conversation: &Conversation) -> bool {
        self.state.standing.get_untracked() == Standing::Seated && untrack(|| conversation.is_writable())
    }
}
