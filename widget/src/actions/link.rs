// SPDX-License-Identifier: EUPL-1.2
//! The link of an open conversation: a session with its connection, and the election of the one tab that writes.

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
use crate::state::{ChatState, Shared, Stage, TicketState};

/// The commands of an open conversation, without the types of its chunk. Dropping it closes the connection.
pub(crate) trait ChatLink {
    /// Posts a message; one that the server has not acknowledged is sent again under the same id.
    fn post(&self, id: MessageId, text: String);
    /// Reports that the person is typing.
    fn typing(&self);
    /// Reports that every entry up to this one has been on screen.
    fn read(&self, up_to: u64);
    /// Asks for the entries before the first one.
    fn older(&self);
    /// Keeps the conversation from closing for inactivity.
    fn stay(&self);
    /// Ends the conversation, or leaves the queue.
    fn close(&self);
    /// Leaves the queue because the person found the answer.
    fn self_served(&self);
    /// Reports that a source of an answer was opened.
    fn source_opened(&self);
    /// Submits what the question is about.
    fn question(&self, question: Question);
    /// Reconnects with another ticket.
    fn renew(&self, ticket: String);
    /// Makes this tab the one that writes.
    fn take_over_writing(&self);
    /// Messages the server has not acknowledged, oldest first.
    fn unsent(&self) -> Vec<Pending>;
}

/// Whether a tab takes part in the election of the one that writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriterRole {
    /// It writes when no other tab does.
    Candidate,
    /// It never writes: a past conversation.
    Reader,
}

/// Connects to a conversation. Its events are applied to the chat for as long as that holds the link.
pub(crate) fn start(
    chat: &Chat,
    opened: ConversationOpened,
    unsent: Vec<Pending>,
    role: WriterRole,
) -> Rc<dyn ChatLink> {
    let (state, weak) = (chat.state, Rc::downgrade(&chat.active.0));
    // The chat holds the link: the callback has a chat without one, and its connection weakly, else neither would be dropped.
    let unlinked = Chat { active: ActiveConversation::default(), ..chat.clone() };
    let ConversationOpened { conversation, ticket, socket } = opened;
    let address = Address::of(&chat.config.edge, &socket);
    let driver = Driver::start(Session::new(ticket, unsent), address, move |event| {
        if let Some(active) = weak.upgrade().map(ActiveConversation) {
            Chat { active, ..unlinked.clone() }.handle_event(event);
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

    fn source_opened(&self) {
        self.driver.with(Session::source_opened);
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
    /// Applies an event of the session to the state, then does what follows from it: timers, storage, another ticket.
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
            | Event::Call(_)
            | Event::Queue(_)
            | Event::History(_)
            | Event::HistoryEntries { .. }
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
        // The text of the written request has moved into the draft, where it is stored from here on.
        let moved = was_written && !written();
        if is_log || moved {
            active.persist(state);
        }
        if moved {
            self.discard_request();
        }
        let is_expired = |s: &ChatState| {
            s.ticket_state() == Some(TicketState::Expired) && s.stage == Stage::InConversation
        };
        if state.peek(is_expired) {
            self.renew_ticket();
        }
    }
}

impl ActiveConversation {
    /// Shows the advisor as away only after [`AWAY_AFTER`]: a short gap, as on a reload of the console, is not worth a line.
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

/// Whether the entry assigns an advisor, whose console connects only some moments later.
fn assigns_advisor(entry: &Entry) -> bool {
    matches!(entry.phase_after(), Some(Phase::Active { .. }))
}

const AWAY_AFTER: Duration = Duration::from_secs(4);
