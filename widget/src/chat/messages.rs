// SPDX-License-Identifier: EUPL-1.2
//! Writing, reading and ending, in the conversation that is shown.

use infocig_client::{driver::random_id, session::Pending};
use infocig_protocol::{case::Question, id::MessageId};
use leptos::prelude::*;

use super::Chat;
use crate::state::{Asked, Older, Past};

impl Chat {
    /// Says something: now, or as soon as the door is open.
    pub(crate) fn post(&self, text: String) {
        let Ok(id) = MessageId::parse(random_id()) else { return };
        let state = self.state;
        // First: a full outbox gives the text back to the field at once.
        state.change(|s| (s.not_sent, s.draft) = (None, String::new()));
        match self.inside.line().filter(|_| state.peek(|s| !s.is_entering())) {
            Some(line) => line.post(id, text),
            None => state.change(|s| s.pending.push(Pending { id, text })),
        }
        self.inside.show_pending(state);
        self.keep();
    }

    /// What is being written has changed: it is kept, and the advisor may be told.
    pub(crate) fn write(&self, draft: String) {
        let typing = !draft.trim().is_empty();
        self.state.change(|s| s.draft = draft);
        self.keep();
        if let Some(line) = self.inside.line().filter(|_| typing) {
            line.typing();
        }
    }

    /// Everything shown has been on screen, if the page is.
    pub(crate) fn read(&self) {
        let Self { state, .. } = self;
        let looks = self.is_looked_at();
        state.change(|s| s.look(looks));
        if let Some(line) = self.inside.line().filter(|_| looks) {
            line.read(state.peek(|s| s.last_seq()));
        }
    }

    /// Whether the log is on screen.
    pub(super) fn is_looked_at(&self) -> bool {
        let shown = self.state.peek(|s| s.shown && !s.options && s.history == Past::Hidden);
        shown && !document().hidden()
    }

    /// Asks for the entries before those shown.
    pub(crate) fn look_back(&self) {
        if let Some(line) = self.inside.line() {
            self.state.change(|s| s.older = Older::Coming);
            line.older();
        }
    }

    /// Writes in this tab from here on.
    pub(crate) fn write_here(&self) {
        if let Some(line) = self.inside.line() {
            line.write_here();
        }
    }

    /// Is still here, though there was no answer for a while.
    pub(crate) fn stay(&self) {
        if let Some(line) = self.inside.line() {
            line.stay();
        }
    }

    /// Ends the conversation, or leaves the queue.
    pub(crate) fn close(&self) {
        if let Some(line) = self.inside.line() {
            line.close();
        }
    }

    /// Says what the question is about.
    pub(crate) fn question(&self, question: Question) {
        if let Some(line) = self.inside.line() {
            self.state.change(|s| s.asked = Asked::Answered);
            line.question(question);
        }
    }

    /// Would rather not say what the question is about.
    pub(crate) fn skip_question(&self) {
        self.state.change(|s| s.asked = Asked::Skipped);
        self.keep();
    }

    /// Leaves the queue, having found the answer.
    pub(crate) fn self_served(&self) {
        if let Some(line) = self.inside.line() {
            line.self_served();
        }
    }
}
