// SPDX-License-Identifier: EUPL-1.2
//! The person's earlier conversations.

use std::{cell::RefCell, rc::Rc};

use infocig_client::http;
use infocig_protocol::{http::ConversationOpened, segnalazione::PastConversation};
use wasm_bindgen_futures::spawn_local;

use super::{Chat, active_conversation::Inside, link::Writes, timers::Timer};
use crate::{
    state::{Past, Shared, Stage},
    view::conversation::ConversationChunk,
};

impl Chat {
    /// Shows the person's conversations, once they are found.
    pub(crate) fn look_for_history(&self) {
        self.state.change(|s| (s.shown, s.history) = (true, Past::Coming));
    }

    /// Finds the person's conversations.
    pub(crate) fn find_history(&self) {
        let (chat, state) = (self.clone(), self.state);
        spawn_local(async move {
            let found = async { http::history(&chat.config.edge, &chat.token().await?).await }.await;
            if !state.peek(|s| s.history == Past::Coming) {
                return;
            }
            match found {
                Ok(history) => state.change(|s| s.history = Past::Known(history.conversations)),
                Err(failure) => {
                    let trouble = chat.trouble(&failure);
                    state.change(|s| s.history = Past::Failed(trouble));
                }
            }
        });
    }

    /// Goes on with a conversation that is still open.
    pub(crate) fn go_on(&self, past: PastConversation) {
        let state = self.state;
        let PastConversation { conversation, ticket, socket, .. } = past;
        state.change(|s| s.history = Past::Hidden);
        let shown = state.peek(|s| {
            let door = &s.door;
            door.as_ref().is_some_and(|door| door.conversation == conversation)
        });
        if !shown || state.peek(|s| s.stage.clone()) != Stage::Inside {
            self.go_inside(ConversationOpened { conversation, ticket, socket });
        }
    }

    /// Reads a past conversation beside whatever else goes on; what is shown of it is in `state`.
    pub(crate) fn look_at(&self, chunk: ConversationChunk, past: &PastConversation, state: Shared) -> Self {
        let chat = Self {
            config: Rc::clone(&self.config),
            ask: self.ask.clone(),
            state,
            inside: Inside::default(),
            shown_before: Rc::default(),
            request: Rc::default(),
            owner: Rc::new(RefCell::clone(&self.owner)),
            recheck: Timer::default(),
            conversation: self.conversation,
            deferred: self.deferred,
        };
        let PastConversation { conversation, ticket, socket, .. } = past.clone();
        chat.talk_with(chunk, ConversationOpened { conversation, ticket, socket }, Vec::new(), Writes::Never);
        chat
    }
}
