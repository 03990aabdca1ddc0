// SPDX-License-Identifier: EUPL-1.2
//! The person's earlier conversations.

use std::{cell::RefCell, rc::Rc};

use infocig_client::http;
use infocig_protocol::{http::ConversationOpened, segnalazione::PastConversation};
use wasm_bindgen_futures::spawn_local;

use super::{
    Chat, active_conversation::ActiveConversation, chunks::ConversationChunk, link::WriterRole, timers::Timer,
};
use crate::state::{HistoryState, Shared, Stage};

impl Chat {
    /// Opens the panel on the person's earlier conversations; the view then loads them.
    pub(crate) fn open_history(&self) {
        self.state.change(|s| (s.shown, s.history) = (true, HistoryState::Loading));
    }

    /// Loads the person's earlier conversations.
    pub(crate) fn load_history(&self) {
        let (chat, state) = (self.clone(), self.state);
        spawn_local(async move {
            let found = async { http::history(&chat.config.edge, &chat.hand_off_token().await?).await }.await;
            if !state.peek(|s| s.history == HistoryState::Loading) {
                return;
            }
            match found {
                Ok(history) => state.change(|s| s.history = HistoryState::Loaded(history.conversations)),
                Err(failure) => {
                    let error = chat.service_error(&failure);
                    state.change(|s| s.history = HistoryState::Failed(error));
                }
            }
        });
    }

    /// Continues a conversation of the history that is still open.
    pub(crate) fn resume(&self, past: PastConversation) {
        let state = self.state;
        let PastConversation { conversation, ticket, socket, .. } = past;
        state.change(|s| s.history = HistoryState::Hidden);
        let shown =
            state.peek(|s| s.access.as_ref().is_some_and(|access| access.conversation == conversation));
        if !shown || state.peek(|s| s.stage.clone()) != Stage::InConversation {
            self.open_conversation(ConversationOpened { conversation, ticket, socket });
        }
    }

    /// Opens a past conversation for reading, beside the one that goes on: another chat, whose state is `state`.
    pub(crate) fn open_past_conversation(
        &self,
        chunk: ConversationChunk,
        past: &PastConversation,
        state: Shared,
    ) -> Self {
        let chat = Self {
            config: Rc::clone(&self.config),
            token_provider: self.token_provider.clone(),
            state,
            active: ActiveConversation::default(),
            conversation_before_reload: Rc::default(),
            unconfirmed_request: Rc::default(),
            owner: Rc::new(RefCell::clone(&self.owner)),
            recheck: Timer::default(),
            conversation: self.conversation,
            deferred: self.deferred,
        };
        let PastConversation { conversation, ticket, socket, .. } = past.clone();
        chat.connect(
            chunk,
            ConversationOpened { conversation, ticket, socket },
            Vec::new(),
            WriterRole::Reader,
        );
        chat
    }
}
