// SPDX-License-Identifier: EUPL-1.2
//! Written requests to the office.

use infocig_client::{
    driver::random_id,
    http::{self, Failure},
    storage,
};
use infocig_protocol::{id::MessageId, problem::Code, segnalazione::WrittenRequest};
use wasm_bindgen_futures::spawn_local;

use super::{
    Chat,
    storage::{KEPT, REQUEST},
};
use crate::{
    drafts::Request,
    state::{Letter, Sending, Stage, Trouble, Unwritten},
};

impl Chat {
    /// What is written to the office has changed: it is kept, where it is known whose it is.
    pub(crate) fn write_request(&self, text: String) {
        self.state.change(|s| {
            let letter = &mut s.request;
            letter.text = Some(text);
        });
        self.keep_request();
    }

    fn keep_request(&self) {
        let request = self.request_with(None);
        if request.text.is_empty() {
            storage::session_remove(REQUEST);
        } else if request.owner.is_some() {
            storage::session_set(REQUEST, &request.write());
        }
    }

    /// What is written to the office, as it stands in the field.
    fn request_with(&self, fresh: Option<MessageId>) -> Request {
        let (text, question) = self.state.peek(|s| (s.request_text(), s.request_question()));
        Request::after(self.request.borrow().clone(), self.owner.borrow().clone(), text, question, fresh)
    }

    /// Writes to the office.
    pub(crate) fn send_request(&self) {
        let (chat, state) = (self.clone(), self.state);
        let text = state.peek(|s| s.request_text());
        let sending = match (state.peek(|s| s.request.clone()).sending, Unwritten::of(&text)) {
            (Sending::UnderWay, _) => return,
            (_, Some(why)) => Sending::Failed(why),
            (_, None) => Sending::UnderWay,
        };
        state.change(|s| s.request = Letter { text: Some(text), sending });
        if sending != Sending::UnderWay {
            return;
        }
        spawn_local(async move {
            let why = match chat.try_to_write().await {
                Ok(()) => return,
                Err(Failure::Refused(problem)) if problem.code == Code::ConversationOpen => Unwritten::Open,
                Err(Failure::Refused(problem)) if problem.code == Code::RequestsPending => Unwritten::Pending,
                Err(failure) => Unwritten::Stuck(chat.trouble(&failure)),
            };
            if state.is_gone() {
                return;
            }
            // Nobody may be signed in any more: it was laid by.
            if state.peek(|s| {
                let letter = &s.request;
                letter.text.is_none()
            }) {
                return;
            }
            if matches!(why, Unwritten::Pending | Unwritten::Open) {
                // It is known not to have arrived: it does not go again by itself.
                chat.request.borrow_mut().iter_mut().for_each(|request| request.id = None);
                chat.keep_request();
            }
            state.change(|s| {
                let letter = &mut s.request;
                letter.sending = Sending::Failed(why);
            });
        });
    }

    async fn try_to_write(&self) -> Result<(), Failure> {
        let Self { config, state, .. } = self;
        let token = self.token().await?;
        if state.is_gone() {
            return Ok(());
        }
        if state.peek(|s| {
            let letter = &s.request;
            letter.sending != Sending::UnderWay
        }) {
            // It was somebody else's.
            storage::session_remove(KEPT);
            self.inside.leave(*state, Trouble::NotAccepted);
            return Ok(());
        }
        let id = MessageId::parse(random_id()).map_err(|_| Failure::Unreadable)?;
        let request = self.request_with(Some(id.clone()));
        let Request { id: sent, text, question, .. } = request.clone();
        self.request.replace(Some(request));
        self.keep_request();
        let written = WrittenRequest { id: sent.unwrap_or(id), text, question };
        let opened = http::write_request(&config.edge, &token, &written, self.language()).await?;
        self.forget_request();
        if !state.is_gone() {
            state.change(|s| s.request = Letter::default());
            // What was not sent was in the field the request was written in.
            storage::session_remove(KEPT);
            state.change(|s| s.draft = String::new());
            self.go_inside(opened);
        }
        Ok(())
    }

    /// What was written to the office before the page was loaded anew, and is not known to have arrived, goes again.
    pub(crate) fn write_again(&self) {
        let (chat, state) = (self.clone(), self.state);
        spawn_local(async move {
            let token = chat.token().await;
            if state.is_gone() {
                return;
            }
            match token {
                // It was theirs.
                Ok(_) if chat.request.borrow().is_some() => {
                    state.change(|s| s.stage = Stage::Writing);
                    chat.send_request();
                }
                Ok(_) => {
                    state.change(|s| s.shown = false);
                    state.change(|s| s.stage = Stage::Idle);
                    chat.find_again();
                }
                Err(failure) => {
                    let trouble = chat.trouble(&failure);
                    state.change(|s| s.stage = Stage::Stuck(trouble));
                }
            }
        });
    }

    /// Nobody is signed in: what was written to the office is kept for whoever wrote it, where it is known who did.
    pub(super) fn lay_request_by(&self) {
        let state = self.state;
        if state.is_gone() {
            return;
        }
        let written = state.peek(|s| {
            let letter = &s.request;
            letter.text.is_some()
        });
        if self.owner.borrow().is_none() {
            self.request.take();
        } else if written || state.peek(|s| s.may_write()) {
            self.keep_request();
            let request = self.request_with(None);
            self.request.replace((!request.text.is_empty()).then_some(request));
        }
    }

    pub(super) fn forget_request(&self) {
        storage::session_remove(REQUEST);
        self.request.take();
    }
}
