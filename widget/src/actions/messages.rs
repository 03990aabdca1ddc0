// SPDX-License-Identifier: EUPL-1.2
//! Writing, reading and ending, in the conversation that is shown.

use infocig_client::{driver::random_id, session::Pending};
use infocig_protocol::{case::Question, id::MessageId};
use leptos::prelude::*;

use super::Chat;
use crate::state::{HistoryState, OlderEntriesState, QuestionState};

impl Chat {
    /// Posts a message: at once, or when the conversation that is being opened is.
    pub(crate) fn post_message(&self, text: String) {
        let Ok(id) = MessageId::parse(random_id()) else { return };
        let state = self.state;
        // Before the post: a full outbox returns the text to the draft synchronously.
        state.change(|s| (s.not_sent, s.draft) = (None, String::new()));
        match self.active.link().filter(|_| state.peek(|s| !s.is_entering())) {
            Some(link) => link.post(id, text),
            None => state.change(|s| s.pending.push(Pending { id, text })),
        }
        self.active.sync_pending(state);
        self.persist();
    }

    /// Takes over the text of the field: stores it for a reload after a delay, and reports typing if it is not blank.
    pub(crate) fn edit_draft(&self, draft: String) {
        let typing = !draft.trim().is_empty();
        self.state.edit_draft(draft);
        self.active.persist_later(self.state);
        if let Some(link) = self.active.link().filter(|_| typing) {
            link.typing();
        }
    }

    /// Reports everything in the log as read, if it is visible.
    pub(crate) fn mark_read(&self) {
        let Self { state, .. } = self;
        let visible = self.is_log_visible();
        state.change(|s| s.set_log_visible(visible));
        if let Some(link) = self.active.link().filter(|_| visible) {
            link.read(state.peek(|s| s.last_seq()));
        }
    }

    /// Whether the log is in front: the panel open, nothing over it, the page visible.
    pub(super) fn is_log_visible(&self) -> bool {
        let shown = self.state.peek(|s| s.shown && !s.options && s.history == HistoryState::Hidden);
        shown && !document().hidden()
    }

    /// Asks for the entries before those shown.
    pub(crate) fn load_older_entries(&self) {
        if let Some(link) = self.active.link() {
            self.state.change(|s| s.older_entries = OlderEntriesState::Loading);
            link.older();
        }
    }

    /// Makes this tab the one that writes.
    pub(crate) fn take_over_writing(&self) {
        if let Some(link) = self.active.link() {
            link.take_over_writing();
        }
    }

    /// Keeps the conversation from closing for inactivity.
    pub(crate) fn stay(&self) {
        if let Some(link) = self.active.link() {
            link.stay();
        }
    }

    /// Ends the conversation, or leaves the queue.
    pub(crate) fn close(&self) {
        if let Some(link) = self.active.link() {
            link.close();
        }
    }

    /// Submits what the question is about.
    pub(crate) fn submit_question(&self, question: Question) {
        if let Some(link) = self.active.link() {
            self.state.change(|s| s.question_state = QuestionState::Answered);
            link.question(question);
        }
    }

    /// Declines to say what the question is about; remembered through a reload.
    pub(crate) fn skip_question(&self) {
        self.state.change(|s| s.question_state = QuestionState::Skipped);
        self.persist();
    }

    /// Leaves the queue because the person found the answer.
    pub(crate) fn self_served(&self) {
        if let Some(link) = self.active.link() {
            link.self_served();
        }
    }

    /// Reports that a source of an answer was opened.
    pub(crate) fn source_opened(&self) {
        if let Some(link) = self.active.link() {
            link.source_opened();
        }
    }
}
