// SPDX-License-Identifier: EUPL-1.2
//! The controller: one link for the desk, one for each conversation, and HTTP. It turns intents into frames and requests, and
//! events into calls of [`DeskState`].
//!
//! - `session`: opens the desk session, and opens it again with a new token after pauses that grow to a minute.
//! - `links`: a conversation keeps its link until the server has sent its end. A ticket that the server no longer accepts is
//!   replaced by the one in the desk's newest picture.
//! - `desk_commands`: the end of a conversation is sent again after every new link until the desk shows it; a note likewise.
//! - `supervision`: the acts of a supervisor.
//! - `calls`: the driver of a conversation's calls.
//! - `messages`, `cases`, `suggestions`, `forward`, `reports`, `preferences`: the other intents.
//! - `rules`: the acts of an administrator.
//! - `page`: the clock, the title, the page's visibility.
//!
//! When a sign-in ends, or another advisor signs in, everything stored in the browser's tab is removed.

mod calls;
mod cases;
mod data_protection;
mod desk_commands;
mod forward;
mod links;
mod messages;
mod page;
mod preferences;
mod reports;
mod rules;
mod session;
mod suggestions;
mod supervision;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::{Rc, Weak},
};

use infocig_client::{dom::Listener, driver::Driver, http::Failure, link::LinkState};
use infocig_protocol::id::ConversationId;
use js_sys::Function;
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};

use self::links::ConversationLink;
use crate::{
    alerts::{self, Alerts},
    config::Config,
    desk::{Desk, DeskEvent},
    dom, drafts,
    i18n::I18n,
    state::{DeskState, alerts::News, cases::RequestError},
};

/// The controller of one element.
pub(crate) struct Console {
    config: Config,
    /// Promises the portal's token of the signed-in advisor.
    request_token: Function,
    /// Promises the texts of a language, by its code.
    load_texts: Function,
    state: DeskState,
    i18n: I18n,
    alerts: Alerts,
    desk: RefCell<Option<Rc<Driver<Desk>>>>,
    /// The ticket of the desk session, for requests over HTTP.
    desk_ticket: RefCell<Option<String>>,
    /// Whether the service says that the advisor is a supervisor.
    supervises: Cell<bool>,
    links: RefCell<BTreeMap<ConversationId, ConversationLink>>,
    opening_session: Cell<bool>,
    /// The desk's link is new: frames on the one before may not have arrived.
    reconnected: Cell<bool>,
    /// Attempts to open a session since the last live link.
    attempts: Cell<u32>,
    ticks: Cell<u32>,
    clock: Cell<Option<IntervalHandle>>,
    listeners: RefCell<Vec<Listener>>,
    me: Weak<Self>,
}

impl Console {
    /// Begins to open a desk session.
    pub(crate) fn start(
        config: Config,
        request_token: Function,
        state: &DeskState,
        i18n: I18n,
        load_texts: Function,
    ) -> Rc<Self> {
        let console = Rc::new_cyclic(|me| Self {
            config,
            request_token,
            load_texts,
            state: *state,
            i18n,
            alerts: Alerts::new(state.preferences.sound_blocked),
            desk: RefCell::new(None),
            desk_ticket: RefCell::new(None),
            supervises: Cell::new(false),
            links: RefCell::new(BTreeMap::new()),
            opening_session: Cell::new(false),
            reconnected: Cell::new(false),
            attempts: Cell::new(0),
            ticks: Cell::new(0),
            clock: Cell::new(None),
            listeners: RefCell::new(Vec::new()),
            me: me.clone(),
        });
        state.panel.wallboard.set(dom::view_of_address().as_deref() == Some("wallboard"));
        state.clock.tick(dom::device_time());
        state.preferences.chosen.set(drafts::preferences());
        state.preferences.permission.set(alerts::permission());
        console.start_clock();
        console.watch_title();
        console.watch_language();
        console.watch_page();
        console.report_read_entries();
        console.watch_rules();
        console.open_session(0);
        console
    }

    fn on_desk_event(&self, event: DeskEvent) {
        let (mut mine, mut welcomed) = (None, false);
        match &event {
            DeskEvent::Picture(picture) => mine = Some(picture.mine.clone()),
            DeskEvent::Welcome(_) => welcomed = true,
            DeskEvent::Link(LinkState::Live) => self.attempts.set(0),
            DeskEvent::Link(LinkState::Over) => self.reopen_session(),
            DeskEvent::Link(LinkState::Connecting | LinkState::Lost)
            | DeskEvent::Notes { .. }
            | DeskEvent::OwnReplies(_)
            | DeskEvent::NotDone { .. }
            | DeskEvent::Panel(_)
            | DeskEvent::Supervised { .. }
            | DeskEvent::Refused(_) => {}
        }
        if welcomed {
            self.reconnected.set(true);
        }
        let offered_before = self.state.offered_by_colleagues();
        let news = self.state.apply_desk(event, dom::device_time());
        self.raise_alert(news);
        if let Some(mine) = mine {
            drafts::retain(|id| mine.iter().any(|one| one.conversation.as_str() == id));
            for assigned in mine {
                self.connect(assigned);
            }
            if !self.resend_after_reconnect() {
                self.request_notes_of_offers(&offered_before);
            }
        }
    }

    fn raise_alert(&self, news: Option<News>) {
        if let Some(news) = news {
            self.alerts.raise(news, self.state.alert_context(), &self.i18n.words());
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        if let Some(clock) = self.clock.take() {
            clock.clear();
        }
        alerts::title("");
    }
}

fn request_error(failure: Failure) -> RequestError {
    match failure {
        Failure::Refused(problem) => RequestError::Refused(problem.code),
        Failure::Unreachable | Failure::SignedOut | Failure::Unreadable => RequestError::Unanswered,
    }
}
