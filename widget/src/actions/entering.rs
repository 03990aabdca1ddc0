// SPDX-License-Identifier: EUPL-1.2
//! The way into a conversation: from the launcher, after a reload, after a failure.

use infocig_client::{
    http::{self, Failure},
    session::Pending,
};
use infocig_protocol::{http::ConversationOpened, problem::Code};
use wasm_bindgen_futures::spawn_local;

use super::{
    Chat,
    chunks::ConversationChunk,
    link::WriterRole,
    storage::{stored_conversation, stored_request},
};
use crate::{
    drafts::{Restored, merged},
    state::{
        ConversationAccess, HistoryState, QuestionState, RequestProgress, ServiceError, Stage, TicketState,
    },
};

impl Chat {
    /// Continues after a reload: sends a stored request again that may not have arrived, else reopens the stored conversation.
    pub(crate) fn restore_after_reload(&self) {
        if stored_request().is_none_or(|request| request.id.is_none()) {
            return self.restore_conversation();
        }
        let (chat, state) = (self.clone(), self.state);
        state.change(|s| (s.shown, s.stage) = (true, Stage::Entering));
        spawn_local(async move {
            match chat.deferred.wait().await {
                Some(chunk) => (chunk.resend_request)(&chat),
                None => state.change(|s| s.stage = Stage::Failed(ServiceError::Unreachable)),
            }
        });
    }

    pub(super) fn restore_conversation(&self) {
        if let Some(stored) = stored_conversation() {
            self.state.change(|s| s.shown = stored.shown);
            self.conversation_before_reload.replace(Some(stored.conversation));
            self.enter();
        }
    }

    /// Shows the panel and enters, unless the person is in a conversation or on the way into one.
    pub(crate) fn launch(&self) {
        self.conversation.any().fetch();
        self.state.change(|s| (s.history, s.assistant.shown, s.shown) = (HistoryState::Hidden, false, true));
        match self.state.peek(|s| s.stage.clone()) {
            // After the end, beginning again has a button of its own.
            Stage::Entering | Stage::InConversation => {}
            Stage::Writing if self.state.peek(|s| s.written_request.progress == RequestProgress::Sending) => {
            }
            Stage::Writing | Stage::Idle | Stage::Refused(_) => self.enter(),
            Stage::Failed(_) => self.retry(),
        }
    }

    /// Tries again after a failure: renews the ticket if the one of the conversation has expired, else enters.
    pub(crate) fn retry(&self) {
        match self.state.peek(|s| s.ticket_state()) {
            None | Some(TicketState::Valid | TicketState::Renewed) => self.enter(),
            Some(TicketState::Expired) => {
                self.state.change(|s| s.stage = Stage::Entering);
                // The chunk is there: only an open conversation has a ticket that can expire.
                if let Some(chunk) = self.conversation.get() {
                    (chunk.renew_ticket)(self);
                }
            }
            Some(TicketState::Renewing) => self.state.change(|s| s.stage = Stage::Entering),
        }
    }

    /// Gets a token from the portal and asks the service for a conversation. Messages written meanwhile wait in `pending`.
    pub(crate) fn enter(&self) {
        let chat = self.clone();
        self.state.change(|s| {
            s.set_ticket_state(TicketState::Valid);
            (s.stage, s.previous_pending) = (Stage::Entering, s.pending.len());
        });
        spawn_local(async move {
            let Err(failure) = chat.request_entry().await else {
                return;
            };
            let coming_back = chat.conversation_before_reload.borrow().is_some();
            let stage = match &failure {
                Failure::Refused(problem) if coming_back && problem.code == Code::NotFound => {
                    chat.active.forget_stored();
                    chat.conversation_before_reload.take();
                    Stage::Idle
                }
                Failure::Refused(problem) if problem.admission.is_some() => {
                    problem.admission.clone().map_or(Stage::Idle, Stage::Refused)
                }
                Failure::Unreachable | Failure::SignedOut | Failure::Refused(_) | Failure::Unreadable => {
                    Stage::Failed(chat.service_error(&failure))
                }
            };
            chat.state.change(|s| {
                s.shown &= stage != Stage::Idle;
                s.return_pending_to_draft();
                s.stage = stage;
            });
        });
    }

    async fn request_entry(&self) -> Result<(), Failure> {
        let Self { config, state, .. } = self;
        let token = self.hand_off_token().await?;
        let conversation_before_reload = self.conversation_before_reload.borrow().clone();
        let opened = match &conversation_before_reload {
            Some(shown) => http::resume_conversation(&config.edge, &token, shown).await,
            None => http::open_conversation(&config.edge, &token, self.language()).await,
        };
        // The element may have left the page meanwhile.
        if state.is_gone() {
            return Ok(());
        }
        let opened = opened?;
        self.conversation_before_reload.take();
        self.open_conversation(opened);
        Ok(())
    }

    /// Shows a conversation as soon as its chunk is loaded.
    pub(super) fn open_conversation(&self, opened: ConversationOpened) {
        if let Some(chunk) = self.conversation.get() {
            return (chunk.show_conversation)(self, chunk, opened);
        }
        let chat = self.clone();
        spawn_local(async move {
            match chat.conversation.wait().await {
                Some(chunk) => (chunk.show_conversation)(&chat, chunk, opened),
                None => chat.state.change(|s| {
                    s.return_pending_to_draft();
                    s.stage = Stage::Failed(ServiceError::Unreachable);
                }),
            }
        });
    }

    /// Connects to a conversation and restores what this tab stored of it: unsent messages, the draft, a skipped question.
    pub(crate) fn show_conversation(&self, chunk: ConversationChunk, opened: ConversationOpened) {
        let (state, active) = (self.state, &self.active.0);
        // The record is merged with the field: one that lacks the last keys would bring back deleted characters.
        self.persist_unsaved();
        let restored = stored_conversation().map(|stored| stored.restore_into(&opened.conversation));
        let Restored { mut unsent, draft, skipped } = restored.unwrap_or_default();
        // Messages written while the conversation was being opened come after those stored before.
        let (early, typed) = state.peek(|s| {
            let early = if s.is_entering() { s.next_pending() } else { Vec::new() };
            (early, s.draft.clone())
        });
        for one in early {
            if unsent.iter().all(|other| other.id != one.id) {
                unsent.push(one);
            }
        }
        self.active.stop_timers();
        active.advisor_there.set(false);
        active.id.replace(Some(opened.conversation.clone()));
        self.connect(chunk, opened, unsent, WriterRole::Candidate);
        state.change(|s| {
            s.draft = merged(&draft, &typed);
            if skipped {
                s.question_state = QuestionState::Skipped;
            }
        });
        self.active.sync_pending(state);
        self.persist();
        // The chunk is there if anything was asked.
        if let Some(chunk) = self.deferred.get() {
            (chunk.carry_questions)(self);
        }
    }

    pub(super) fn connect(
        &self,
        chunk: ConversationChunk,
        opened: ConversationOpened,
        unsent: Vec<Pending>,
        role: WriterRole,
    ) {
        let (conversation, ticket) = (opened.conversation.clone(), opened.ticket.clone());
        // The link before is dropped first: it may hold the lock of the writing tab that the next one asks for.
        self.active.0.link.take();
        self.state.change(|s| {
            s.begin_conversation();
            s.access = Some(ConversationAccess { conversation, ticket, ticket_state: TicketState::Valid });
        });
        let link = (chunk.start)(self, opened, unsent, role);
        self.active.0.link.replace(Some(link));
    }
}
