// SPDX-License-Identifier: EUPL-1.2
//! An advisor's desk over a link: the newest picture of the queue, and what the advisor takes from it.

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

/// What the console is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskEvent {
    /// The link's state changed.
    Link(LinkState),
    /// The picture of the desk, whole.
    Desk {
        /// Who waits, first come first.
        waiting: Vec<WaitingConversation>,
        /// The advisor's own conversations, oldest first.
        mine: Vec<AssignedConversation>,
    },
    /// A conversation could not be taken.
    NotTaken {
        /// Which.
        conversation: ConversationId,
        /// Why.
        code: Code,
    },
    /// The desk cannot be used with this ticket.
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
    /// A desk that has not been seen.
    pub fn new(ticket: String) -> Self {
        Self { link: Link::new(), ticket, picture: None }
    }

    /// Take a waiting conversation. Lost if the link is not live: the picture shows what came of it.
    pub fn take(&mut self, conversation: ConversationId) -> Vec<Command<DeskEvent>> {
        self.say(&DeskClientFrame::Take { conversation })
    }

    /// Say anything to the desk. Lost if the link is not live: the picture shows what came of it.
    pub fn say(&mut self, frame: &DeskClientFrame) -> Vec<Command<DeskEvent>> {
        if self.link.state() == LinkState::Live { vec![send(frame)] } else { Vec::new() }
    }

    /// Stop for good.
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

    fn received(&mut self, text: &str, now: Millis, _jitter: Jitter) -> Vec<Command<DeskEvent>> {
        if text == PONG {
            return self.step(|link| link.answered(now));
        }
        match json::read::<DeskServerFrame>(text) {
            Some(DeskServerFrame::Welcome(_)) => self.step(|link| link.welcomed(now)),
            Some(DeskServerFrame::Desk(picture)) => {
                let DeskPicture { waiting, mine, .. } = picture.clone();
                self.picture = Some(picture);
                vec![Command::Tell(DeskEvent::Desk { waiting, mine })]
            }
            Some(DeskServerFrame::Changed(changes)) => {
                let Some(picture) = &mut self.picture else { return Vec::new() };
                picture.apply(changes);
                let DeskPicture { waiting, mine, .. } = picture.clone();
                vec![Command::Tell(DeskEvent::Desk { waiting, mine })]
            }
            Some(DeskServerFrame::Refused { code, conversation: Some(conversation), .. }) => {
                vec![Command::Tell(DeskEvent::NotTaken { conversation, code })]
            }
            Some(DeskServerFrame::Refused { code, conversation: None, .. }) => {
                let live = self.link.state() == LinkState::Live;
                let mut commands = if live { Vec::new() } else { self.step(Link::end) };
                commands.push(Command::Tell(DeskEvent::Refused(code)));
                commands
            }
            Some(DeskServerFrame::Notes { .. }) | None => Vec::new(),
        }
    }

    fn lost(&mut self, code: Option<u16>, now: Millis, jitter: Jitter) -> Vec<Command<DeskEvent>> {
        self.step(|link| link.lost(code, now, jitter))
    }

    fn woken(&mut self, now: Millis, jitter: Jitter) -> Vec<Command<DeskEvent>> {
        self.step(|link| link.woken(now, jitter))
    }

    fn nudged(&mut self, now: Millis) -> Vec<Command<DeskEvent>> {
        self.step(|link| link.nudged(now))
    }

    fn probed(&mut self, now: Millis) -> Vec<Command<DeskEvent>> {
        self.step(|link| link.probed(now))
    }
}

fn send(frame: &DeskClientFrame) -> Command<DeskEvent> {
    Command::Send(codec::write(frame))
}
