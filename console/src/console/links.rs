// SPDX-License-Identifier: EUPL-1.2
//! One link for each of the advisor's conversations, and its renewal when the server no longer accepts its ticket.
//!
//! A picture of the desk carries a ticket of each conversation. A link that ended although its conversation has not waits for
//! a ticket that it has not tried; if the newest picture has none, a new desk session brings a new picture.

use std::{rc::Rc, time::Duration};

use infocig_client::{
    call::scene::CallScene,
    call_driver::CallDriver,
    clock,
    driver::Driver,
    http::Address,
    link::LinkState,
    session::{Event, Session},
};
use infocig_protocol::{desk::AssignedConversation, id::ConversationId};
use leptos::{
    leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle},
    prelude::*,
};
use wasm_bindgen_futures::spawn_local;

use super::{Console, session::backoff};
use crate::{dom, drafts, state::Connection};

/// The link of one conversation.
pub(super) struct ConversationLink {
    driver: Rc<Driver<Session>>,
    /// This device in the calls of the conversation. Without the link it is in none.
    call: Rc<CallDriver>,
    /// The ticket that the link uses.
    ticket: String,
    /// The ticket of the newest picture.
    newest_ticket: String,
    /// The link ended for good.
    over: bool,
    /// How often it ended since it was live.
    refusals: u32,
    /// The timer of the next timeout in the conversation.
    timer: Option<TimeoutHandle>,
}

impl ConversationLink {
    fn new(driver: Rc<Driver<Session>>, call: Rc<CallDriver>, ticket: String) -> Self {
        Self { driver, call, newest_ticket: ticket.clone(), ticket, over: false, refusals: 0, timer: None }
    }

    /// The newest ticket, if the link needs one and has not tried it.
    fn unused_ticket(&mut self) -> Option<String> {
        let unused = self.over && self.ticket != self.newest_ticket;
        unused.then(|| {
            self.ticket.clone_from(&self.newest_ticket);
            self.ticket.clone()
        })
    }
}

impl Drop for ConversationLink {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }
}

impl Console {
    /// Opens the link of an assigned conversation, or gives it the newest ticket.
    pub(super) fn connect(&self, assigned: AssignedConversation) {
        let AssignedConversation { conversation, ticket: Some(ticket), .. } = assigned else {
            // Offered conversations carry no ticket.
            return;
        };
        if self.is_closed(&conversation) {
            return;
        }
        if let Some(link) = self.links.borrow_mut().get_mut(&conversation) {
            link.newest_ticket = ticket;
        } else {
            self.open_link(conversation, ticket);
            return;
        }
        self.renew(&conversation);
    }

    fn open_link(&self, conversation: ConversationId, ticket: String) {
        let unsent = drafts::unsent(&conversation);
        self.restore_note(&conversation);
        self.restore_topic(&conversation);
        self.request_notes(&conversation);
        self.state.restore(&conversation, drafts::draft(&conversation), unsent.clone());
        let address = Address::of(&self.config.edge, &format!("/v1/conversations/{conversation}/socket"));
        let (me, id) = (self.me.clone(), conversation.clone());
        let driver =
            Driver::start(Session::new(ticket.clone(), unsent).with_calls(), address, move |event| {
                if let Some(console) = me.upgrade() {
                    console.on_conversation_event(&id, event);
                }
            });
        let call = self.start_call_driver(&conversation);
        let link = ConversationLink::new(driver, call, ticket);
        let _none_before = self.links.borrow_mut().insert(conversation.clone(), link);
        self.restore_forwarding(&conversation);
    }

    fn on_conversation_event(&self, conversation: &ConversationId, event: Event) {
        let mut over = false;
        if let Event::Link(state) = &event
            && let Some(link) = self.links.borrow_mut().get_mut(conversation)
        {
            over = *state == LinkState::Over;
            link.over = over;
            if *state == LinkState::Live {
                link.refusals = 0;
            }
        }
        let stored = matches!(
            &event,
            Event::Entries(_) | Event::Older { .. } | Event::NotSent { .. } | Event::NotForwarded { .. }
        );
        if let Some(call) = self.call_driver(conversation) {
            call.on_event(&event);
        }
        let news = self.state.apply(conversation, event, dom::device_time());
        self.raise_alert(news);
        self.apply_timeouts(conversation);
        if stored {
            self.persist_unsent(conversation);
            if let Some(conversation) = self.state.conversation(conversation) {
                self.persist_forwarding(&conversation);
            }
        }
        if over {
            self.on_link_over(conversation);
        }
    }

    /// Applies the timeouts that are due in a conversation, and sets the timer of the next one.
    fn apply_timeouts(&self, conversation: &ConversationId) {
        let now = dom::device_time();
        let next = self.state.apply_timeouts(conversation, now);
        let mut links = self.links.borrow_mut();
        let Some(link) = links.get_mut(conversation) else { return };
        if let Some(earlier) = link.timer.take() {
            earlier.clear();
        }
        let Some(next) = next else { return };
        let wait = u64::try_from(next.as_millis() - now.as_millis()).unwrap_or_default();
        let (me, id) = (self.me.clone(), conversation.clone());
        let apply = move || {
            if let Some(console) = me.upgrade() {
                console.apply_timeouts(&id);
            }
        };
        link.timer = set_timeout_with_handle(apply, Duration::from_millis(wait)).ok();
    }

    /// A link ended for good: its conversation is over, or its ticket is no longer accepted.
    fn on_link_over(&self, conversation: &ConversationId) {
        if self.is_closed(conversation) {
            self.close_link(conversation);
            return;
        }
        let refusals = self.links.borrow_mut().get_mut(conversation).map_or(0, |link| {
            link.refusals += 1;
            link.refusals
        });
        let (me, conversation) = (self.me.clone(), conversation.clone());
        spawn_local(async move {
            dom::pause(backoff(refusals)).await;
            if let Some(console) = me.upgrade()
                && console.needs_new_ticket(&conversation)
                && !console.renew(&conversation)
            {
                // A new desk session brings a new picture, and with it new tickets.
                console.open_session(0);
            }
        });
    }

    /// Whether a conversation of this advisor has no link, and another ticket would give it one.
    fn needs_new_ticket(&self, conversation: &ConversationId) -> bool {
        let over = self.links.borrow().get(conversation).is_some_and(|link| link.over);
        over && self.state.conversation(conversation).is_some_and(|on_list| {
            on_list.held.get_untracked() && on_list.connection.get_untracked() != Connection::Outdated
        })
    }

    /// Restarts the link with the newest ticket. `false` if it needs none or has tried it.
    fn renew(&self, conversation: &ConversationId) -> bool {
        let unused = self.links.borrow_mut().get_mut(conversation).and_then(ConversationLink::unused_ticket);
        let renewal = unused.zip(self.driver(conversation));
        let renews = renewal.is_some();
        if let Some((ticket, driver)) = renewal {
            driver.with(|session| session.renew(ticket, clock::now()));
        }
        renews
    }

    pub(super) fn close_link(&self, conversation: &ConversationId) {
        drafts::forget_closed(conversation);
        let ended = self.links.borrow_mut().remove(conversation);
        drop(ended);
        if let Some(conversation) = self.state.conversation(conversation) {
            conversation.call.set(CallScene::default());
        }
    }

    fn is_closed(&self, conversation: &ConversationId) -> bool {
        self.state.conversation(conversation).is_some_and(|conversation| untrack(|| conversation.is_closed()))
    }

    /// The ticket for requests over HTTP about a conversation, while it has a link.
    pub(super) fn ticket(&self, conversation: &ConversationId) -> Option<String> {
        self.links.borrow().get(conversation).map(|link| link.newest_ticket.clone())
    }

    pub(super) fn call_driver(&self, conversation: &ConversationId) -> Option<Rc<CallDriver>> {
        let links = self.links.borrow();
        links.get(conversation).map(|link| link.call.clone())
    }

    pub(super) fn driver(&self, conversation: &ConversationId) -> Option<Rc<Driver<Session>>> {
        let links = self.links.borrow();
        links.get(conversation).map(|link| link.driver.clone())
    }
}
