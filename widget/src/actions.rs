// SPDX-License-Identifier: EUPL-1.2
//! What a person can do: ask whether the service is open, enter, come back, write, end; look at their cases while they wait,
//! write to the office when nobody answers, find their conversations again. Over HTTP and the link.

mod active_conversation;
mod availability;
mod conversation_data;
mod entering;
mod history;
mod identity;
pub(crate) mod link;
mod messages;
mod renewal;
mod requests;
mod storage;
mod timers;

use std::{cell::RefCell, rc::Rc};

use infocig_protocol::{id::ConversationId, language::Language};
use js_sys::Function;

use self::{active_conversation::ActiveConversation, timers::Timer};
use crate::{
    config::{Config, Links},
    drafts::{Owner, StoredRequest},
    lazy_chunk::LazyChunk,
    settings::Settings,
    state::{HistoryState, Shared},
    view::{conversation::ConversationChunk, deferred::DeferredChunk},
};

/// The chat of one element. Cloning it gives another handle on the same chat.
#[derive(Clone)]
pub(crate) struct Chat {
    config: Rc<Config>,
    /// Asks for a token of whoever is signed in.
    token_provider: Function,
    state: Shared,
    active: ActiveConversation,
    /// The conversation the page showed before it was loaded anew, until it is found again.
    conversation_before_reload: Rc<RefCell<Option<ConversationId>>>,
    /// What is written to the office and is not known to have arrived: as it was sent, or as an earlier life left it.
    unconfirmed_request: Rc<RefCell<Option<StoredRequest>>>,
    /// Whom the newest token spoke of.
    owner: Rc<RefCell<Option<Owner>>>,
    recheck: Timer,
    /// The part of the module that talks. What is done only inside a conversation is reached through it, and comes with it.
    conversation: LazyChunk<ConversationChunk>,
    /// The part that comes later, and what is done only there.
    deferred: LazyChunk<DeferredChunk>,
}

impl Chat {
    pub(crate) fn new(config: Config, token_provider: Function, state: Shared) -> Self {
        Self {
            config: Rc::new(config),
            token_provider,
            state,
            active: ActiveConversation::default(),
            conversation_before_reload: Rc::default(),
            unconfirmed_request: Rc::default(),
            owner: Rc::default(),
            recheck: Timer::default(),
            conversation: LazyChunk::new(),
            deferred: LazyChunk::new(),
        }
    }

    /// The part of the module that talks.
    pub(crate) const fn conversation(&self) -> LazyChunk<ConversationChunk> {
        self.conversation
    }

    /// The part of the module that comes later.
    pub(crate) const fn deferred(&self) -> LazyChunk<DeferredChunk> {
        self.deferred
    }

    /// What it knows.
    pub(crate) const fn state(&self) -> Shared {
        self.state
    }

    fn language(&self) -> Language {
        self.state.peek(|s| s.language)
    }

    /// Where else the page leads.
    pub(crate) fn links(&self) -> Links {
        self.config.links.clone()
    }

    /// The person chooses something for themself: it is remembered on the device.
    pub(crate) fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let settings = self.state.change(|s| {
            change(&mut s.settings);
            s.settings
        });
        infocig_client::storage::local_set(Settings::NAME, &settings.write());
    }

    /// The element has left the page: nothing rings, nothing is heard, and the connection is closed.
    pub(crate) fn shut_down(&self) {
        self.recheck.stop();
        self.active.stop_timers();
        self.active.0.link.take();
    }

    /// Puts the panel away. The conversation goes on.
    pub(crate) fn minimise(&self) {
        self.state.change(|s| (s.shown, s.options, s.history) = (false, false, HistoryState::Hidden));
    }
}
