// SPDX-License-Identifier: EUPL-1.2
//! Intents over a conversation's link: drafts, messages, earlier entries, the person's history.
//!
//! Drafts are stored only while the advisor is signed in, and only of conversations they may write in.

use infocig_client::{
    clock::now,
    driver::random_id,
    session::{Pending, Session},
};
use infocig_protocol::id::{ConversationId, MessageId};
use leptos::prelude::*;

use super::Console;
use crate::{
    drafts,
    intents::ConversationIntents,
    state::{Conversation, SignInState, history::HistoryQuery},
};

impl ConversationIntents for Console {
    fn write(&self, conversation: &Conversation, draft: String) {
        let writes = !draft.trim().is_empty();
        conversation.draft.set(draft);
        self.persist_draft(conversation);
        if let Some(driver) = self.driver(&conversation.id).filter(|_| writes) {
            driver.with(|session| session.typing(now()));
        }
    }

    fn send(&self, conversation: &Conversation) {
        if let Some(text) = self.driver(&conversation.id).and_then(|_| conversation.take_draft()) {
            self.say(conversation, text);
            self.persist_draft(conversation);
        }
    }

    fn say(&self, conversation: &Conversation, text: String) {
        let (Some(driver), Ok(message)) = (self.driver(&conversation.id), MessageId::parse(random_id()))
        else {
            return;
        };
        let pending = Pending { id: message.clone(), text: text.clone() };
        self.state.queue_messages(&conversation.id, vec![pending]);
        driver.with(|session| session.post(message, text));
        self.persist_unsent(&conversation.id);
    }

    fn request_older_entries(&self, conversation: &Conversation) {
        if let Some(driver) = self.driver(&conversation.id)
            && conversation.request_older_entries()
        {
            driver.with(Session::older);
        }
    }

    fn toggle_history(&self, conversation: &Conversation, id: &ConversationId) {
        self.request_history(&conversation.id, conversation.toggle_history(id));
    }

    fn more_history(&self, conversation: &Conversation) {
        self.request_history(&conversation.id, conversation.more_history());
    }

    fn dismiss(&self, conversation: &ConversationId) {
        if self.state.dismiss(conversation) {
            self.close_link(conversation);
        }
    }
}

impl Console {
    fn request_history(&self, id: &ConversationId, query: Option<HistoryQuery>) {
        if let Some((HistoryQuery { conversation, before }, driver)) = query.zip(self.driver(id)) {
            driver.with(|session| session.history(conversation, before));
        }
    }

    /// Stores the drafts of all conversations: a sign-in that ended had removed them.
    pub(super) fn persist_all(&self) {
        for conversation in self.state.conversations.get_untracked() {
            self.persist_draft(&conversation);
            self.persist_unsent(&conversation.id);
            self.persist_forwarding(&conversation);
        }
        if self.state.rules.restored.get_untracked() {
            drafts::persist_rules(&untrack(|| self.state.rules.draft()));
        }
    }

    pub(super) fn persist_unsent(&self, conversation: &ConversationId) {
        let may_persist = self.state.conversation(conversation).is_some_and(|one| self.may_persist(&one));
        if let Some(driver) = self.driver(conversation).filter(|_| may_persist) {
            driver.read(|session| drafts::persist_unsent(conversation, session.outbox()));
        }
    }

    fn persist_draft(&self, conversation: &Conversation) {
        if self.may_persist(conversation) {
            conversation.draft.with_untracked(|draft| drafts::persist_draft(&conversation.id, draft));
        }
    }

    pub(super) fn may_persist(&self, conversation: &Conversation) -> bool {
        self.is_signed_in() && untrack(|| conversation.is_writable())
    }

    pub(super) fn is_signed_in(&self) -> bool {
        self.state.session.sign_in.get_untracked() == SignInState::SignedIn
    }
}
