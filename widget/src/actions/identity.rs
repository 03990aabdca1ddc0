// SPDX-License-Identifier: EUPL-1.2
//! Whoever is signed in: their token, and what is theirs.

use infocig_client::{
    http::{self, Failure},
    storage,
};
use infocig_protocol::codec::Object;

use super::{
    Chat,
    storage::{CONVERSATION_KEY, stored_request},
};
use crate::{
    drafts::Owner,
    state::{ServiceError, Stage, TicketState, WrittenRequestState},
};

impl Chat {
    pub(super) async fn hand_off_token(&self) -> Result<String, Failure> {
        let asked = Object::new().text("entry", self.config.entry.as_str()).done();
        let token = http::token(&self.token_provider, &asked).await?;
        if !self.state.is_gone() {
            self.set_owner(Owner::of(&token));
        }
        Ok(token)
    }

    /// Somebody is signed in: what they wrote to the office is in its field again, what anybody else did is forgotten.
    fn set_owner(&self, owner: Option<Owner>) {
        let Self { state, active, .. } = self;
        let before = self.owner.replace(owner.clone());
        if before != owner {
            state.change(|s| s.written_request = WrittenRequestState::default());
            let stage = state.peek(|s| s.stage.clone());
            if before.is_some() && stage != Stage::InConversation {
                // So is what they left of a conversation.
                let enters = stage == Stage::Entering
                    && state.peek(|s| s.ticket_state()) != Some(TicketState::Renewing);
                self.conversation_before_reload.take();
                active.leave(*state, ServiceError::NotAccepted);
                if enters {
                    state.change(|s| s.stage = stage);
                }
            }
        }
        let kept = self.unconfirmed_request.borrow().clone().or_else(stored_request);
        match kept {
            Some(kept) if kept.owner == owner => {
                if state.peek(|s| s.written_request.text.is_none()) {
                    state.change(|s| {
                        s.written_request = WrittenRequestState {
                            text: Some(kept.text.clone()),
                            ..WrittenRequestState::default()
                        }
                    });
                }
                self.unconfirmed_request.replace(Some(kept));
            }
            Some(_) => self.discard_request(),
            None => {}
        }
    }

    /// What stands in the way when something failed.
    pub(super) fn service_error(&self, failure: &Failure) -> ServiceError {
        match failure {
            Failure::SignedOut => {
                // Whoever signs in next must not find what somebody else wrote.
                self.set_request_aside();
                storage::session_remove(CONVERSATION_KEY);
                self.active.leave(self.state, ServiceError::SignedOut);
                ServiceError::SignedOut
            }
            Failure::Unreachable => ServiceError::Unreachable,
            Failure::Refused(problem) if problem.status == 401 => ServiceError::NotAccepted,
            Failure::Refused(_) | Failure::Unreadable => ServiceError::Fault,
        }
    }
}
