// SPDX-License-Identifier: EUPL-1.2
//! Written requests to the office.

use infocig_client::{
    driver::random_id,
    http::{self, Failure},
    storage,
};
use infocig_protocol::{id::MessageId, problem::Code, segnalazione::WrittenRequest};
use wasm_bindgen_futures::spawn_local;

use super::{Chat, storage::REQUEST_KEY};
use crate::{
    drafts::StoredRequest,
    state::{RequestError, RequestProgress, ServiceError, Stage, WrittenRequestState},
};

impl Chat {
    /// Takes over the text of the request and stores it, if the token names its owner.
    pub(crate) fn edit_request(&self, text: String) {
        self.state.change(|s| {
            s.written_request.text = Some(text);
        });
        self.persist_request();
    }

    fn persist_request(&self) {
        let request = self.current_request(None);
        if request.text.is_empty() {
            storage::session_remove(REQUEST_KEY);
        } else if request.owner.is_some() {
            storage::session_set(REQUEST_KEY, &request.write());
        }
    }

    /// The request as it stands in the field; `fresh` is its id if it cannot keep an earlier one.
    fn current_request(&self, fresh: Option<MessageId>) -> StoredRequest {
        let (text, question) = self.state.peek(|s| (s.request_text(), s.request_question()));
        StoredRequest::after(
            self.unconfirmed_request.borrow().clone(),
            self.owner.borrow().clone(),
            text,
            question,
            fresh,
        )
    }

    /// Sends the request, unless one is on its way or the text is empty or too long.
    pub(crate) fn send_request(&self) {
        let (chat, state) = (self.clone(), self.state);
        let text = state.peek(|s| s.request_text());
        let progress = match (state.peek(|s| s.written_request.clone()).progress, RequestError::of(&text)) {
            (RequestProgress::Sending, _) => return,
            (_, Some(why)) => RequestProgress::Failed(why),
            (_, None) => RequestProgress::Sending,
        };
        state.change(|s| s.written_request = WrittenRequestState { text: Some(text), progress });
        if progress != RequestProgress::Sending {
            return;
        }
        spawn_local(async move {
            let why = match chat.submit_request().await {
                Ok(()) => return,
                Err(Failure::Refused(problem)) if problem.code == Code::ConversationOpen => {
                    RequestError::ConversationOpen
                }
                Err(Failure::Refused(problem)) if problem.code == Code::RequestsPending => {
                    RequestError::OthersPending
                }
                Err(failure) => RequestError::Service(chat.service_error(&failure)),
            };
            if state.is_gone() {
                return;
            }
            // Signing out has set the request aside meanwhile.
            if state.peek(|s| s.written_request.text.is_none()) {
                return;
            }
            if matches!(why, RequestError::OthersPending | RequestError::ConversationOpen) {
                // A refused request is known not to have arrived: without an id a reload does not send it again.
                chat.unconfirmed_request.borrow_mut().iter_mut().for_each(|request| request.id = None);
                chat.persist_request();
            }
            state.change(|s| {
                s.written_request.progress = RequestProgress::Failed(why);
            });
        });
    }

    async fn submit_request(&self) -> Result<(), Failure> {
        let Self { config, state, .. } = self;
        let token = self.hand_off_token().await?;
        if state.is_gone() {
            return Ok(());
        }
        if state.peek(|s| s.written_request.progress != RequestProgress::Sending) {
            // The token names another person, so that the request was dropped.
            self.active.forget_stored();
            self.active.leave(*state, ServiceError::NotAccepted);
            return Ok(());
        }
        let id = MessageId::parse(random_id()).map_err(|_| Failure::Unreadable)?;
        let request = self.current_request(Some(id.clone()));
        let StoredRequest { id: sent, text, question, .. } = request.clone();
        self.unconfirmed_request.replace(Some(request));
        self.persist_request();
        let written = WrittenRequest { id: sent.unwrap_or(id), text, question };
        let opened = http::write_request(&config.edge, &token, &written, self.language()).await?;
        self.discard_request();
        if !state.is_gone() {
            // Unsent messages and the draft were part of the text of the request.
            self.active.forget_stored();
            state.change(|s| (s.written_request, s.draft) = (WrittenRequestState::default(), String::new()));
            self.open_conversation(opened);
        }
        Ok(())
    }

    /// Sends a stored request again that is not known to have arrived, if the same person is signed in.
    pub(crate) fn resend_request(&self) {
        let (chat, state) = (self.clone(), self.state);
        spawn_local(async move {
            let token = chat.hand_off_token().await;
            if state.is_gone() {
                return;
            }
            match token {
                // It is theirs: a request of somebody else was discarded.
                Ok(_) if chat.unconfirmed_request.borrow().is_some() => {
                    state.change(|s| s.stage = Stage::Writing);
                    chat.send_request();
                }
                Ok(_) => {
                    state.change(|s| (s.shown, s.stage) = (false, Stage::Idle));
                    chat.restore_conversation();
                }
                Err(failure) => {
                    let error = chat.service_error(&failure);
                    state.change(|s| s.stage = Stage::Failed(error));
                }
            }
        });
    }

    /// Stores the request for its owner, because nobody is signed in any more. Without a known owner it is dropped.
    pub(super) fn set_request_aside(&self) {
        let state = self.state;
        if state.is_gone() {
            return;
        }
        let written = state.peek(|s| s.written_request.text.is_some());
        if self.owner.borrow().is_none() {
            self.unconfirmed_request.take();
        } else if written || state.peek(|s| s.may_write_request()) {
            self.persist_request();
            let request = self.current_request(None);
            self.unconfirmed_request.replace((!request.text.is_empty()).then_some(request));
        }
    }

    pub(super) fn discard_request(&self) {
        storage::session_remove(REQUEST_KEY);
        self.unconfirmed_request.take();
    }
}
