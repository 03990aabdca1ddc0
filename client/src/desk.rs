// SPDX-License-Identifier: EUPL-1.2
//! An advisor's desk over a link: the current picture of the queue, kept up to date by its changes.

use infocig_protocol::{
    codec,
    desk::{AssignedConversation, DeskClientFrame, DeskPicture, DeskServerFrame, WaitingConversation},
    id::ConversationId,
    limits::PONG,
    problem::Code,
    version,
};

use crate::{
    json,
    link::{Act, Link, LinkState},
    machine::{Command, Jitter, Machine, Millis},
};

/// An event for the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskEvent {
    /// The link's state changed.
    Link(LinkState),
    /// The picture of the desk changed.
    Desk {
        /// Waiting conversations, in the order of answering.
        waiting: Vec<WaitingConversation>,
        /// The advisor's own conversations, oldest first.
        mine: Vec<AssignedConversation>,
    },
    /// A request about a conversation was refused.
    NotTaken {
        /// The conversation.
        conversation: ConversationId,
        /// The reason.
        code: Code,
    },
    /// The desk refused the ticket.
    Refused(Code),
}

/// One advisor's end of a desk.
#[derive(Clone, Debug)]
pub struct DeskSession {
    link: Link,
    ticket: String,
    picture: Option<DeskPicture>,
}

impl DeskSession {
    /// A desk without a picture yet.
    pub fn new(ticket: String) -> Self {
        Self { link: Link::new(), ticket, picture: None }
    }

    /// Takes a waiting conversation. Dropped while the link is not live: the picture shows the result.
    pub fn take(&mut self, conversation: ConversationId) -> Vec<Command<DeskEvent>> {
        self.send(&DeskClientFrame::Take { conversation })
    }

    /// Sends a frame to the desk. Dropped while the link is not live: the picture shows the result.
    pub fn send(&mut self, frame: &DeskClientFrame) -> Vec<Command<DeskEvent>> {
        if self.link.state() == LinkState::Live { vec![send(frame)] } else { Vec::new() }
    }

    /// Stops for good.
    pub fn end(&mut self) -> Vec<Command<DeskEvent>> {
        self.step(Link::end)
    }

    fn step(&mut self, act: impl FnOnce(&mut Link) -> Vec<Act>) -> Vec<Command<DeskEvent>> {
        let Self { link, ticket, .. } = self;
        let hello =
            || codec::write(&DeskClientFrame::Hello { version: version::CURRENT, ticket: ticket.clone() });
        link.step(act, hello, DeskEvent::Link)
    }
}

impl Machine for DeskSession {
    type Event = DeskEvent;

    fn ticket(&self) -> &str {
        &self.ticket
    }

    fn start(&mut self, now: Millis) -> Vec<Command<DeskEvent>> {
        self.step(|link| link.connect(now))
    }

    fn handle_text(&mut self, text: &str, now: Millis, _jitter: Jitter) -> Vec<Command<DeskEvent>> {
        if text == PONG {
            return self.step(|link| link.handle_pong(now));
        }
        match json::read::<DeskServerFrame>(text) {
            Some(DeskServerFrame::Welcome(_)) => self.step(|link| link.handle_welcome(now)),
            Some(DeskServerFrame::Desk(picture)) => {
                let DeskPicture { waiting, mine, .. } = picture.clone();
                self.picture = Some(picture);
                vec![Command::Emit(DeskEvent::Desk { waiting, mine })]
            }
            Some(DeskServerFrame::Changed(changes)) => {
                let Some(picture) = &mut self.picture else { return Vec::new() };
                picture.apply(changes);
                let DeskPicture { waiting, mine, .. } = picture.clone();
                vec![Command::Emit(DeskEvent::Desk { waiting, mine })]
            }
            Some(DeskServerFrame::Refused { code, conversation: Some(conversation), .. }) => {
                vec![Command::Emit(DeskEvent::NotTaken { conversation, code })]
            }
            Some(DeskServerFrame::Refused { code, conversation: None, .. }) => {
                let live = self.link.state() == LinkState::Live;
                let mut commands = if live { Vec::new() } else { self.step(Link::end) };
                commands.push(Command::Emit(DeskEvent::Refused(code)));
                commands
            }
            Some(
                DeskServerFrame::Notes { .. }
                | DeskServerFrame::OwnReplies { .. }
                | DeskServerFrame::Panel(_)
                | DeskServerFrame::Supervised { .. },
            )
            | None => Vec::new(),
        }
    }

    fn handle_close(&mut self, code: Option<u16>, now: Millis, jitter: Jitter) -> Vec<Command<DeskEvent>> {
        self.step(|link| link.handle_close(code, now, jitter))
    }

    fn handle_timeout(&mut self, now: Millis, jitter: Jitter) -> Vec<Command<DeskEvent>> {
        self.step(|link| link.handle_timeout(now, jitter))
    }

    fn handle_resume(&mut self, now: Millis) -> Vec<Command<DeskEvent>> {
        self.step(|link| link.handle_resume(now))
    }

    fn handle_probe(&mut self, now: Millis) -> Vec<Command<DeskEvent>> {
        self.step(|link| link.handle_probe(now))
    }
}

fn send(frame: &DeskClientFrame) -> Command<DeskEvent> {
    Command::Send(codec::write(frame))
}
