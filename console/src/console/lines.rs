// SPDX-License-Identifier: EUPL-1.2
//! The lines: one session for each of the advisor's conversations, with what to do when its ticket is no longer good.

use std::{rc::Rc, time::Duration};

use infocig_client::{
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

use super::{Console, growing};
use crate::{host, kept, state::Connection};

/// The session of one conversation.
pub(super) struct Line {
    driver: Rc<Driver<Session>>,
    ticket: String,
    newest_ticket: String,
    over: bool,
    refusals: u32,
    settling: Option<TimeoutHandle>,
}

impl Line {
    fn new(driver: Rc<Driver<Session>>, ticket: String) -> Self {
        Self { driver, newest_ticket: ticket.clone(), ticket, over: false, refusals: 0, settling: None }
    }

    /// A ticket that has not been tried, if one is needed.
    fn untried(&mut self) -> Option<String> {
        let untried = self.over && self.ticket != self.newest_ticket;
        untried.then(|| {
            self.ticket.clone_from(&self.newest_ticket);
            self.ticket.clone()
        })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(settling) = self.settling.take() {
            settling.clear();
        }
    }
}

impl Console {
    /// Begins the session of a conversation, or sees that it has the newest ticket.
    pub(super) fn answer(&self, assigned: AssignedConversation) {
        let AssignedConversation { conversation, ticket: Some(ticket), .. } = assigned else {
            // It is only offered.
            return;
        };
        if self.is_closed(&conversation) {
            return;
        }
        if let Some(line) = self.lines.borrow_mut().get_mut(&conversation) {
            line.newest_ticket = ticket;
        } else {
            self.open(conversation, ticket);
            return;
        }
        self.renew(&conversation);
    }

    fn open(&self, conversation: ConversationId, ticket: String) {
        let unsent = kept::unsent(&conversation);
        self.restore_note(&conversation);
        self.ask_for_notes(&conversation);
        self.state.restore(&conversation, kept::draft(&conversation), unsent.clone());
        let address = Address::of(&self.config.edge, &format!("/v1/conversations/{conversation}/socket"));
        let (me, id) = (self.me.clone(), conversation.clone());
        let driver = Driver::start(Session::new(ticket.clone(), unsent), address, move |event| {
            if let Some(console) = me.upgrade() {
                console.hear(&id, event);
            }
        });
        let _none_before = self.lines.borrow_mut().insert(conversation.clone(), Line::new(driver, ticket));
        self.restore_forwarding(&conversation);
    }

    fn hear(&self, conversation: &ConversationId, event: Event) {
        let mut over = false;
        if let Event::Link(link) = &event
            && let Some(line) = self.lines.borrow_mut().get_mut(conversation)
        {
            over = *link == LinkState::Over;
            line.over = over;
            if *link == LinkState::Live {
                line.refusals = 0;
            }
        }
        let stored = matches!(
            &event,
            Event::Entries(_) | Event::Older { .. } | Event::NotSent { .. } | Event::NotForwarded { .. }
        );
        let news = self.state.apply(conversation, event, host::device_time());
        self.hear_news(news);
        self.settle(conversation);
        if stored {
            self.keep_unsent(conversation);
            if let Some(conversation) = self.state.conversation(conversation) {
                self.keep_forwarding(&conversation);
            }
        }
        if over {
            self.hear_the_end(conversation);
        }
    }

    /// Lets what changes by itself change, now and when its time comes.
    fn settle(&self, conversation: &ConversationId) {
        let now = host::device_time();
        let next = self.state.settle(conversation, now);
        let mut lines = self.lines.borrow_mut();
        let Some(line) = lines.get_mut(conversation) else { return };
        if let Some(earlier) = line.settling.take() {
            earlier.clear();
        }
        let Some(next) = next else { return };
        let wait = u64::try_from(next.as_millis() - now.as_millis()).unwrap_or_default();
        let (me, id) = (self.me.clone(), conversation.clone());
        let settle = move || {
            if let Some(console) = me.upgrade() {
                console.settle(&id);
            }
        };
        line.settling = set_timeout_with_handle(settle, Duration::from_millis(wait)).ok();
    }

    /// A conversation's link ended: because it is over, or because its ticket is.
    fn hear_the_end(&self, conversation: &ConversationId) {
        if self.is_closed(conversation) {
            self.hang_up(conversation);
            return;
        }
        let refusals = self.lines.borrow_mut().get_mut(conversation).map_or(0, |line| {
            line.refusals += 1;
            line.refusals
        });
        let (me, conversation) = (self.me.clone(), conversation.clone());
        spawn_local(async move {
            host::pause(growing(refusals)).await;
            if let Some(console) = me.upgrade()
                && console.is_stranded(&conversation)
                && !console.renew(&conversation)
            {
                // A new seat shows a new picture, and with it new tickets.
                console.sit_down(0);
            }
        });
    }

    /// Whether a conversation of this advisor has no link, and another ticket could help.
    fn is_stranded(&self, conversation: &ConversationId) -> bool {
        let over = self.lines.borrow().get(conversation).is_some_and(|line| line.over);
        over && self.state.conversation(conversation).is_some_and(|on_list| {
            on_list.held.get_untracked() && on_list.connection.get_untracked() != Connection::Outdated
        })
    }

    /// Goes on with the newest ticket, if it is needed and has not been tried.
    fn renew(&self, conversation: &ConversationId) -> bool {
        let untried = self.lines.borrow_mut().get_mut(conversation).and_then(Line::untried);
        let renewal = untried.zip(self.driver(conversation));
        let renews = renewal.is_some();
        if let Some((ticket, driver)) = renewal {
            driver.with(|session| session.renew(ticket, clock::now()));
        }
        renews
    }

    pub(super) fn hang_up(&self, conversation: &ConversationId) {
        kept::forget(conversation);
        let _ended = self.lines.borrow_mut().remove(conversation);
    }

    fn is_closed(&self, conversation: &ConversationId) -> bool {
        self.state.conversation(conversation).is_some_and(|conversation| untrack(|| conversation.is_closed()))
    }

    /// What opens a conversation over HTTP, while there is a line to it.
    pub(super) fn ticket(&self, conversation: &ConversationId) -> Option<String> {
        self.lines.borrow().get(conversation).map(|line| line.newest_ticket.clone())
    }

    pub(super) fn driver(&self, conversation: &ConversationId) -> Option<Rc<Driver<Session>>> {
        let lines = self.lines.borrow();
        lines.get(conversation).map(|line| line.driver.clone())
    }
}
