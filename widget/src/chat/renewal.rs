// SPDX-License-Identifier: EUPL-1.2
//! Another ticket for the conversation that is shown.

use infocig_client::{
    http::{self, Failure},
    storage,
};
use infocig_protocol::{id::ConversationId, problem::Code};
use wasm_bindgen_futures::spawn_local;

use super::{Chat, storage::KEPT};
use crate::{
    config::Config,
    state::{Door, Pass, Stage, Trouble},
};

impl Chat {
    /// Goes back to the conversation that is shown with another ticket; everything of it stays.
    pub(crate) fn renew(&self) {
        let (chat, state) = (self.clone(), self.state);
        let Some(Door { conversation, .. }) = state.peek(|s| s.door.clone()) else { return };
        state.change(|s| s.set_pass(Pass::Coming));
        spawn_local(async move {
            let found = chat.another_ticket(&conversation).await;
            // Another one may be shown by now, or the element have left the page.
            if state.is_gone() || !state.peek(|s| s.is_renewing(&conversation)) {
                return;
            }
            let failure = match found {
                Ok(None) => {
                    storage::session_remove(KEPT);
                    return chat.inside.leave(state, Trouble::NotAccepted);
                }
                Ok(Some(ticket)) => {
                    let line = chat.inside.line();
                    let line = line.filter(|_| state.change(|s| s.renewed(&conversation, ticket.clone())));
                    if let Some(line) = line {
                        line.renew(ticket);
                    }
                    return;
                }
                Err(failure) => failure,
            };
            state.change(|s| s.set_pass(Pass::Spent));
            let trouble = chat.trouble(&failure);
            state.change(|s| s.stage = Stage::Stuck(trouble));
            if failure == Failure::SignedOut {
                // Whoever signs in again finds it, if it is theirs.
                chat.shown_before.replace(Some(conversation));
            }
        });
    }

    /// Another ticket of a conversation; `None` if it is not of whoever is signed in now.
    async fn another_ticket(&self, shown: &ConversationId) -> Result<Option<String>, Failure> {
        let Config { edge, .. } = &*self.config;
        let token = self.token().await?;
        let opened = match http::resume_conversation(edge, &token, shown).await {
            Err(Failure::Refused(problem)) if problem.code == Code::NotFound => return Ok(None),
            opened => opened?,
        };
        if opened.conversation == *shown {
            return Ok(Some(opened.ticket));
        }
        if opened.conversation.object() != shown.object() {
            return Ok(None);
        }
        // The person has another one open: this one is in the past.
        let past = http::history(edge, &token).await?.conversations;
        let past = past.into_iter().find(|past| past.conversation == *shown);
        past.map(|past| Some(past.ticket)).ok_or(Failure::Unreadable)
    }
}
