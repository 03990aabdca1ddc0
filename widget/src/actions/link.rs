// SPDX-License-Identifier: EUPL-1.2
//! A conversation under way: a session with its connection, and the tab's place among those that would write.

use std::{rc::Rc, time::Duration};

use infocig_client::{
    clock,
    driver::Driver,
    http::Address,
    leader::Leader,
    session::{Event, Pending, Session},
};
use infocig_protocol::{
    case::Question,
    entry::{Entry, Party, Phase},
    http::ConversationOpened,
    id::MessageId,
    limits::TYPING_LASTS_MS,
};

use super::{Chat, active_conversation::ActiveConversation};
use crate::state::{Shared, Stage, TicketState};

/// What can be asked of a conversation that is under way. It closes its link when it is dropped.
pub(crate) trait ChatLink {
    /// Say something.
    fn post(&self, id: MessageId, text: String);
    /// Somebody is writing.
    fn typing(&self);
    /// Everything up to an entry has been on screen.
    fn read(&self, up_to: u64);
    /// Bring the entries before those there are.
    fn older(&self);
    /// The person is still here.
    fn stay(&self);
    /// End it, or leave the queue.
    fn close(&self);
    /// Leave the queue, having found the answer.
    fn self_served(&self);
    /// Say what the question is about.
    fn question(&self, question: Question);
    /// Go on with another ticket.
    fn renew(&self, ticket: String);
    /// Write in this tab from here on.
    fn take_over_writing(&self);
    /// What the server has not acknowledged, oldest first.
    fn unsent(&self) -> Vec<Pending>;
}

/// Whether a tab stands in the line of those who would write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriterRole {
    /// It would.
    Candidate,
    /// It only reads.
    Reader,
}

/// Begins to talk. What is told is told to the chat, for as long as it is there.
pub(crate) fn start(
    chat: &Chat,
    opened: ConversationOpened,
    unsent: Vec<Pending>,
    role: WriterRole,
) -> Rc<dyn ChatLink> {
    let (state, weak) = (chat.state, Rc::downgrade(&chat.active.0));
    // The line is active: it must not hold what holds it.
    let outside = Chat { active: ActiveConversation::default(), ..chat.clone() };
    let ConversationOpened { conversation, ticket, socket } = opened;
    let address = Address::of(&chat.config.edge, &socket);
    let driver = Driver::start(Session::new(ticket, unsent), address, move |event| {
        if let Some(active) = weak.upgrade().map(ActiveConversation) {
            Chat { active, ..outside.clone() }.handle_event(event);
        }
    });
    let lock = ["info-cig ", conversation.as_str()].concat();
    let join = || Leader::join(lock, move |writes| state.change(|s| s.is_writer = writes));
    Rc::new(Open { driver, writer: (role == WriterRole::Candidate).then(join) })
}

struct Open {
    driver: Rc<Driver<Session>>,
    writer: Option<Leader>,
}

impl ChatLink for Open {
    fn post(&self, id: MessageId, text: String) {
        self.driver.with(|session| session.post(id, text));
    }

    fn typing(&self) {
        self.driver.with(|session| session.typing(clock::now()));
    }

    fn read(&self, up_to: u64) {
        self.driver.with(|session| session.read(up_to));
    }

    fn older(&self) {
        self.driver.with(Session::older);
    }

    fn stay(&self) {
        self.driver.with(Session::stay);
    }

    fn close(&self) {
        self.driver.with(Session::close);
    }

    fn self_served(&self) {
        self.driver.with(Session::self_served);
    }

    fn question(&self, question: Question) {
        self.driver.with(|session| session.question(question));
    }

    fn renew(&self, ticket: String) {
        self.driver.with(|session| session.renew(ticket, clock::now()));
    }

    fn take_over_writing(&self) {
        if let Some(writer) = &self.writer {
            writer.take_over();
        }
    }

    fn unsent(&self) -> Vec<Pending> {
        self.driver.read(|session| session.outbox().cloned().collect())
    }
}

impl Chat {
    fn handle_event(&self, event: Event) {
        let Self { state, active, .. } = self;
        let state = *state;
        if state.is_gone() {
            return;
        }
        match &event {
            Event::Presence { party: Party::Advisor, connected, .. } => {
                active.set_advisor_connected(state, *connected);
            }
            Event::Entries(entries) => {
                if entries.iter().any(assigns_advisor) {
                    state.change(|s| s.advisor_away = false);
                    active.set_advisor_connected(state, active.0.advisor_there.get());
                }
                if !self.is_log_visible() {
                    state.change(|s| s.count_unread(entries));
                }
            }
            Event::Typing(Party::Advisor) => {
                active.0.typing.set(Duration::from_millis(TYPING_LASTS_MS.unsigned_abs()), move || {
                    state.change(|s| s.advisor_typing = false);
                });
            }
            Event::Link(_)
            | Event::Welcomed { .. }
            | Event::Began { .. }
            | Event::Older { .. }
            | Event::Presence { .. }
            | Event::Typing(_)
            | Event::Queue(_)
            | Event::Past(_)
            | Event::PastEntries { .. }
            | Event::Stored(_)
            | Event::NotSent { .. }
            | Event::NotForwarded { .. }
            | Event::Refused(_) => {}
        }
        let is_log = matches!(event, Event::Entries(_) | Event::Stored(_) | Event::NotSent { .. });
        let written = || state.peek(|s| s.written_request.text.is_some());
        let was_written = written();
        state.change(|s| s.apply(event));
        active.sync_pending(state);
        // What was written to the office is in the field of the conversation now.
        let moved = was_written && !written();
        if is_log || moved {
            active.persist(state);
        }
        if moved {
            self.discard_request();
        }
        if state.peek(|s| s.ticket_state()) == Some(TicketState::Expired)
            && state.peek(|s| s.stage.clone()) == Stage::InConversation
        {
            self.renew_ticket();
        }
    }
}

impl ActiveConversation {
    /// An advisor who is not there yet, or for a moment only, is no news.
    fn set_advisor_connected(&self, state: Shared, there: bool) {
        self.0.advisor_there.set(there);
        self.0.away.stop();
        if there {
            state.change(|s| s.advisor_away = false);
        } else {
            self.0.away.set(AWAY_AFTER, move || state.change(|s| s.advisor_away = true));
        }
    }
}

/// Whether an advisor takes the conversation with it: their console needs a moment to be there.
fn assigns_advisor(entry: &Entry) -> bool {
    matches!(entry.phase_after(), Some(Phase::Active { .. }))
}

const AWAY_AFTER: Duration = Duration::from_secs(4);
