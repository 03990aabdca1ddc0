// SPDX-License-Identifier: EUPL-1.2
//! The way into a conversation: from the launcher, after a reload, after a failure.

use infocig_client::{
    http::{self, Failure},
    session::Pending,
    storage,
};
use infocig_protocol::{http::ConversationOpened, problem::Code};
use wasm_bindgen_futures::spawn_local;

use super::{
    Chat,
    link::Writes,
    storage::{KEPT, kept, kept_request},
};
use crate::{
    drafts::{Carried, merged},
    state::{Asked, Door, Pass, Past, Sending, Stage, Trouble},
    view::conversation::ConversationChunk,
};

impl Chat {
    /// After a page was loaded anew: goes on where the one before left off, if it left anything.
    pub(crate) fn come_back(&self) {
        if kept_request().is_none_or(|request| request.id.is_none()) {
            return self.find_again();
        }
        let (chat, state) = (self.clone(), self.state);
        state.change(|s| (s.shown, s.stage) = (true, Stage::Entering));
        spawn_local(async move {
            match chat.deferred.wait().await {
                Some(chunk) => (chunk.write_again)(&chat),
                None => state.change(|s| s.stage = Stage::Stuck(Trouble::Unreachable)),
            }
        });
    }

    pub(super) fn find_again(&self) {
        if let Some(kept) = kept() {
            self.state.change(|s| s.shown = kept.shown);
            self.shown_before.replace(Some(kept.conversation));
            self.enter();
        }
    }

    /// The button: enter, or come back to where one was.
    pub(crate) fn launch(&self) {
        self.conversation.fetch();
        self.state.change(|s| (s.history, s.shown) = (Past::Hidden, true));
        match self.state.peek(|s| s.stage.clone()) {
            // Beginning again has a button of its own.
            Stage::Entering | Stage::Inside => {}
            Stage::Writing
                if self.state.peek(|s| {
                    let letter = &s.request;
                    letter.sending == Sending::UnderWay
                }) => {}
            Stage::Writing | Stage::Idle | Stage::Refused(_) => self.enter(),
            Stage::Stuck(_) => self.retry(),
        }
    }

    /// Tries again what something stood in the way of: to go back to the conversation whose ticket has ended, or to enter.
    pub(crate) fn retry(&self) {
        match self.state.peek(|s| s.pass()) {
            None | Some(Pass::Valid | Pass::Fresh) => self.enter(),
            Some(Pass::Spent) => {
                self.state.change(|s| s.stage = Stage::Entering);
                // A ticket that ended was had inside.
                if let Some(chunk) = self.conversation.get() {
                    (chunk.renew)(self);
                }
            }
            Some(Pass::Coming) => self.state.change(|s| s.stage = Stage::Entering),
        }
    }

    /// Asks to enter: a token from the portal, then the server's word.
    pub(crate) fn enter(&self) {
        let chat = self.clone();
        self.state.change(|s| s.set_pass(Pass::Valid));
        self.state.change(|s| (s.stage, s.left_over) = (Stage::Entering, s.pending.len()));
        spawn_local(async move {
            let Err(failure) = chat.try_to_enter().await else {
                return;
            };
            let coming_back = chat.shown_before.borrow().is_some();
            let stage = match &failure {
                Failure::Refused(problem) if coming_back && problem.code == Code::NotFound => {
                    storage::session_remove(KEPT);
                    chat.shown_before.take();
                    Stage::Idle
                }
                Failure::Refused(problem) if problem.admission.is_some() => {
                    problem.admission.clone().map_or(Stage::Idle, Stage::Refused)
                }
                Failure::Unreachable | Failure::SignedOut | Failure::Refused(_) | Failure::Unreadable => {
                    Stage::Stuck(chat.trouble(&failure))
                }
            };
            if stage == Stage::Idle {
                chat.state.change(|s| s.shown = false);
            }
            chat.state.change(|s| {
                s.take_back();
                s.stage = stage;
            });
        });
    }

    async fn try_to_enter(&self) -> Result<(), Failure> {
        let Self { config, state, .. } = self;
        let token = self.token().await?;
        let shown_before = self.shown_before.borrow().clone();
        let opened = match &shown_before {
            Some(shown) => http::resume_conversation(&config.edge, &token, shown).await,
            None => http::open_conversation(&config.edge, &token, self.language()).await,
        };
        // The element may have left the page while we asked.
        if state.is_gone() {
            return Ok(());
        }
        let opened = opened?;
        self.shown_before.take();
        self.go_inside(opened);
        Ok(())
    }

    /// A conversation is shown as soon as the part that talks is here, and goes on with what was left of it in this tab.
    pub(super) fn go_inside(&self, opened: ConversationOpened) {
        if let Some(chunk) = self.conversation.get() {
            return (chunk.go_on)(self, chunk, opened);
        }
        let chat = self.clone();
        spawn_local(async move {
            match chat.conversation.wait().await {
                Some(chunk) => (chunk.go_on)(&chat, chunk, opened),
                None => chat.state.change(|s| {
                    s.take_back();
                    s.stage = Stage::Stuck(Trouble::Unreachable);
                }),
            }
        });
    }

    pub(crate) fn go_on_talking(&self, chunk: ConversationChunk, opened: ConversationOpened) {
        let (state, inside) = (self.state, &self.inside.0);
        let kept = kept().map(|kept| kept.carry_into(&opened.conversation));
        let Carried { mut unsent, draft, skipped } = kept.unwrap_or_default();
        // What was written while the door was opening comes after what was written before.
        let (early, typed) = state.peek(|s| {
            let early = if s.is_entering() { s.early() } else { Vec::new() };
            (early, s.draft.clone())
        });
        for one in early {
            if unsent.iter().all(|other| other.id != one.id) {
                unsent.push(one);
            }
        }
        self.inside.stop_timers();
        inside.advisor_there.set(false);
        inside.id.replace(Some(opened.conversation.clone()));
        self.talk_with(chunk, opened, unsent, Writes::InTurn);
        state.change(|s| s.draft = merged(&draft, &typed));
        if skipped {
            state.change(|s| s.asked = Asked::Skipped);
        }
        self.inside.show_pending(state);
        self.keep();
    }

    pub(super) fn talk_with(
        &self,
        chunk: ConversationChunk,
        opened: ConversationOpened,
        unsent: Vec<Pending>,
        writes: Writes,
    ) {
        let (conversation, ticket) = (opened.conversation.clone(), opened.ticket.clone());
        // The line before ends first: two would hold one lock.
        self.inside.0.line.take();
        self.state.change(|s| {
            s.begin();
            s.door = Some(Door { conversation, ticket, pass: Pass::Valid });
        });
        let line = (chunk.start)(self, opened, unsent, writes);
        self.inside.0.line.replace(Some(line));
    }
}
