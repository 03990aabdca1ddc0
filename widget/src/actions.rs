// SPDX-License-Identifier: EUPL-1.2
//! The controller of the chat: every action a person can take, over HTTP and the link. Each module adds the methods of one
//! subject to [`Chat`].

mod active_conversation;
mod assistant;
mod availability;
pub(crate) mod chunks;
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

use infocig_client::storage as device_storage;
use infocig_protocol::{id::ConversationId, language::Language};
use js_sys::Function;

use self::{
    active_conversation::ActiveConversation,
    chunks::{ConversationChunk, DeferredChunk},
    timers::Timer,
};
use crate::{
    config::{Config, Links},
    drafts::{Owner, StoredRequest},
    lazy_chunk::LazyChunk,
    settings::Settings,
    state::{HistoryState, Shared},
    texts::Texts,
};

/// The chat of one element. Clones are handles on the same chat.
#[derive(Clone)]
pub(crate) struct Chat {
    config: Rc<Config>,
    /// Returns a promise of a hand-off token for the person signed in to the portal.
    token_provider: Function,
    state: Shared,
    active: ActiveConversation,
    /// The conversation the page showed before a reload or a signing out, until it is open again.
    conversation_before_reload: Rc<RefCell<Option<ConversationId>>>,
    /// The written request that the service has not confirmed: as it was sent, or as it was stored before a reload.
    unconfirmed_request: Rc<RefCell<Option<StoredRequest>>>,
    /// The person the newest token names.
    owner: Rc<RefCell<Option<Owner>>>,
    recheck: Timer,
    /// Code that only an open conversation needs is called through this chunk, so that it is not in the first module.
    conversation: LazyChunk<ConversationChunk>,
    /// Code that is needed late, in the same way.
    deferred: LazyChunk<DeferredChunk>,
}

impl Chat {
    pub(crate) fn new(config: Config, token_provider: Function, state: Shared, texts: Texts) -> Self {
        Self {
            config: Rc::new(config),
            token_provider,
            state,
            active: ActiveConversation::default(),
            conversation_before_reload: Rc::default(),
            unconfirmed_request: Rc::default(),
            owner: Rc::default(),
            recheck: Timer::default(),
            conversation: LazyChunk::new(None),
            deferred: LazyChunk::new(Some(texts)),
        }
    }

    pub(crate) const fn conversation(&self) -> LazyChunk<ConversationChunk> {
        self.conversation
    }

    pub(crate) const fn deferred(&self) -> LazyChunk<DeferredChunk> {
        self.deferred
    }

    pub(crate) const fn state(&self) -> Shared {
        self.state
    }

    fn language(&self) -> Language {
        self.state.peek(|s| s.language)
    }

    /// The origin of the service.
    pub(crate) fn edge(&self) -> String {
        self.config.edge.clone()
    }

    /// The links of the page's configuration.
    pub(crate) fn links(&self) -> Links {
        self.config.links.clone()
    }

    /// Changes the person's settings and stores them on the device.
    pub(crate) fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let settings = self.state.change(|s| {
            change(&mut s.settings);
            s.settings
        });
        device_storage::local_set(Settings::NAME, &settings.write());
    }

    /// Stops every timer and closes the connection, because the element has left the page.
    pub(crate) fn shut_down(&self) {
        self.persist_unsaved();
        self.recheck.stop();
        self.active.stop_timers();
        self.active.0.link.take();
    }

    /// Hides the panel. The conversation goes on.
    pub(crate) fn minimise(&self) {
        self.persist_unsaved();
        self.state.change(|s| (s.shown, s.options, s.history) = (false, false, HistoryState::Hidden));
    }
}
