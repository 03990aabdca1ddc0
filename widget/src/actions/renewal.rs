// SPDX-License-Identifier: EUPL-1.2
//! Another ticket for the conversation that is shown.

use infocig_client::http::{self, Failure};
use infocig_protocol::{id::ConversationId, problem::Code};
use wasm_bindgen_futures::spawn_local;

use super::Chat;
use crate::{
    config::Config,
    state::{ConversationAccess, ServiceError, Stage, TicketState},
};

impl Chat {
    /// Reconnects the conversation that is shown with another ticket; its log and draft stay.
    pub(crate) fn renew_ticket(&self) {
        let (chat, state) = (self.clone(), self.state);
        let Some(ConversationAccess { conversation, .. }) = state.peek(|s| s.access.clone()) else { return };
        state.change(|s| s.set_ticket_state(TicketState::Renewing));
        spawn_local(async move {
            let found = chat.request_ticket(&conversation).await;
            // Another conversation may be shown by now, or the element have left the page.
            if state.is_gone() || !state.peek(|s| s.is_renewing(&conversation)) {
                return;
            }
            let failure = match found {
                Ok(None) => {
                    chat.active.forget_stored();
                    return chat.active.leave(state, ServiceError::NotAccepted);
                }
                Ok(Some(ticket)) => {
                    let link = chat.active.link();
                    let link =
                        link.filter(|_| state.change(|s| s.accept_ticket(&conversation, ticket.clone())));
                    if let Some(link) = link {
                        link.renew(ticket);
                    }
                    return;
                }
                Err(failure) => failure,
            };
            state.change(|s| s.set_ticket_state(TicketState::Expired));
            let error = chat.service_error(&failure);
            state.change(|s| s.stage = Stage::Failed(error));
            if failure == Failure::SignedOut {
                // After signing in again the same person is brought back to it.
                chat.conversation_before_reload.replace(Some(conversation));
            }
        });
    }

    /// Another ticket of a conversation; `None` if it belongs to somebody else than the person signed in.
    async fn request_ticket(&self, shown: &ConversationId) -> Result<Option<String>, Failure> {
        let Config { edge, .. } = &*self.config;
        let token = self.hand_off_token().await?;
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
        // Only one conversation of a person is open: this one has ended, and its ticket is in the history.
        let past = http::history(edge, &token).await?.conversations;
        let past = past.into_iter().find(|past| past.conversation == *shown);
        past.map(|past| Some(past.ticket)).ok_or(Failure::Unreadable)
    }
}
