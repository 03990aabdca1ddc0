// SPDX-License-Identifier: EUPL-1.2
//! The person signed in to the portal: their token, and which stored data is theirs.

use infocig_client::http::{self, Failure};
use infocig_protocol::codec::Object;

use super::{Chat, storage::stored_request};
use crate::{
    drafts::Owner,
    state::{ChatState, ServiceError, Stage, TicketState, WrittenRequestState},
};

impl Chat {
    /// A token from the portal. Data of another person is dropped when the token names somebody else.
    pub(super) async fn hand_off_token(&self) -> Result<String, Failure> {
        let parameters = Object::new().text("entry", self.config.entry.as_str()).done();
        let token = http::token(&self.token_provider, &parameters).await?;
        if !self.state.is_gone() {
            self.set_owner(Owner::of(&token));
        }
        Ok(token)
    }

    /// Restores the written request of the person who is signed in, and drops what anybody else left in this tab.
    fn set_owner(&self, owner: Option<Owner>) {
        let Self { state, active, .. } = self;
        let before = self.owner.replace(owner.clone());
        if before != owner {
            state.change(|s| {
                s.written_request = WrittenRequestState::default();
                // Nothing was asked before the first token, and the field has what is being asked now.
                if before.is_some() {
                    s.forget_questions();
                }
            });
            let stage = state.peek(|s| s.stage.clone());
            if before.is_some() && stage != Stage::InConversation {
                // The conversation of the person before is dropped too.
                let enters = stage == Stage::Entering
                    && state.peek(|s| s.ticket_state()) != Some(TicketState::Renewing);
                self.conversation_before_reload.take();
                active.leave(*state, ServiceError::NotAccepted);
                if enters {
                    state.change(|s| s.stage = stage);
                }
            }
        }
        let stored = self.unconfirmed_request.borrow().clone().or_else(stored_request);
        match stored {
            Some(stored) if stored.owner == owner => {
                if state.peek(|s| s.written_request.text.is_none()) {
                    state.change(|s| {
                        s.written_request = WrittenRequestState {
                            text: Some(stored.text.clone()),
                            ..WrittenRequestState::default()
                        }
                    });
                }
                self.unconfirmed_request.replace(Some(stored));
            }
            Some(_) => self.discard_request(),
            None => {}
        }
    }

    /// Names a failure for the person. Signing out also clears what the next person must not find.
    pub(super) fn service_error(&self, failure: &Failure) -> ServiceError {
        match failure {
            Failure::SignedOut => {
                self.set_request_aside();
                self.state.change(ChatState::forget_questions);
                self.active.forget_stored();
                self.active.leave(self.state, ServiceError::SignedOut);
                ServiceError::SignedOut
            }
            Failure::Unreachable => ServiceError::Unreachable,
            Failure::Refused(problem) if problem.status == 401 => ServiceError::NotAccepted,
            Failure::Refused(_) | Failure::Unreadable => ServiceError::Fault,
        }
    }
}
