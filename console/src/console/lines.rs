// SPDX-License-Identifier: EUPL-1.2
//! The lines: one socket for each of the advisor's conversations, with what to do when its ticket is no longer good.

use std::rc::Rc;

use infocig_client::{
    driver::Driver,
    http,
    link::LinkState,
    session::{Event, Pending, Session},
};
use infocig_protocol::{desk::AssignedConversation, id::ConversationId};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Console, growing};
use crate::{host, state::Connection};

/// The socket of one conversation.
pub(super) struct Line {
    driver: Rc<Driver<Session>>,
    ticket: String,
    newest_ticket: String,
    over: bool,
    refusals: u32,
}

impl Console {
    /// Opens the socket of a conversation, or sees that it has the newest ticket.
    pub(super) fn answer(&self, assigned: AssignedConversation) {
        let AssignedConversation { conversation, ticket, .. } = assigned;
        let again = {
            let mut lines = self.lines.borrow_mut();
            match lines.get_mut(&conversation) {
                Some(line) => {
                    let fresh = line.over && line.ticket != ticket;
                    line.newest_ticket = ticket;
                    if !fresh || self.is_closed(&conversation) {
                        return;
                    }
                    true
                }
                None if self.is_closed(&conversation) => return,
                None => {
                    let unsent = host::unsent(&conversation);
                    self.state.sending(&conversation, unsent.clone());
                    drop(lines);
                    self.open(conversation, ticket, unsent, 0);
                    return;
                }
            }
        };
        if again {
            self.open_again(&conversation);
        }
    }

    fn open(&self, conversation: ConversationId, ticket: String, unsent: Vec<Pending>, refusals: u32) {
        let url = http::socket_url(&self.config.edge, &format!("/v1/conversations/{conversation}/socket"));
        let (me, id) = (self.me.clone(), conversation.clone());
        let driver = Driver::start(Session::new(ticket.clone(), unsent), url, move |event| {
            if let Some(console) = me.upgrade() {
                console.hear(&id, event);
            }
        });
        let line = Line { driver, newest_ticket: ticket.clone(), ticket, over: false, refusals };
        let _replaced = self.lines.borrow_mut().insert(conversation, line);
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
        let stored = matches!(&event, Event::Entries(_) | Event::NotSent { .. });
        self.state.apply(conversation, event);
        if stored && let Some(driver) = self.driver(conversation) {
            keep_unsent(conversation, &driver);
        }
        if over {
            self.hear_the_end(conversation);
        }
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
            if let Some(console) = me.upgrade() {
                console.renew(&conversation);
            }
        });
    }

    /// Tries a conversation again with the newest ticket, or asks for a new one.
    fn renew(&self, conversation: &ConversationId) {
        let usable = self.state.conversation(conversation).is_some_and(|on_list| {
            on_list.held.get_untracked() && on_list.connection.get_untracked() != Connection::Outdated
        });
        let newer = match self.lines.borrow().get(conversation) {
            Some(line) if line.over && usable => line.ticket != line.newest_ticket,
            Some(_) | None => return,
        };
        if newer {
            self.open_again(conversation);
        } else {
            // A new seat shows a new picture, and with it new tickets.
            self.sit_down(0);
        }
    }

    fn open_again(&self, conversation: &ConversationId) {
        let line = self.lines.borrow_mut().remove(conversation);
        let Some(line) = line else { return };
        let unsent = unsent(&line.driver);
        self.open(conversation.clone(), line.newest_ticket, unsent, line.refusals);
    }

    pub(super) fn hang_up(&self, conversation: &ConversationId) {
        host::keep_unsent(conversation, [].iter());
        let _ended = self.lines.borrow_mut().remove(conversation);
    }

    fn is_closed(&self, conversation: &ConversationId) -> bool {
        self.state.conversation(conversation).is_some_and(|conversation| untrack(|| conversation.is_closed()))
    }

    pub(super) fn driver(&self, conversation: &ConversationId) -> Option<Rc<Driver<Session>>> {
        let lines = self.lines.borrow();
        lines.get(conversation).map(|line| line.driver.clone())
    }
}

fn unsent(driver: &Driver<Session>) -> Vec<Pending> {
    driver.read(|session| session.outbox().cloned().collect())
}

pub(super) fn keep_unsent(conversation: &ConversationId, driver: &Driver<Session>) {
    driver.read(|session| host::keep_unsent(conversation, session.outbox()));
}
