// SPDX-License-Identifier: EUPL-1.2
//! The desk's link with everything it tells: the client's session, and beside it the welcome, the whole picture and the notes.
//!
//! What is said to the desk while the link is not live is not said: the picture shows what came of everything else.

use infocig_client::{
    desk::{self as client, DeskSession},
    json,
    link::LinkState,
    machine::{Command, Jitter, Machine, Millis},
};
use infocig_protocol::{
    codec,
    desk::{DeskClientFrame, DeskPicture, DeskServerFrame, DeskWelcome, Note},
    id::ConversationId,
    problem::Code,
};

/// What the console is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskEvent {
    /// The link's state changed.
    Link(LinkState),
    /// Who one is, and what the policy gives to work with.
    Welcome(DeskWelcome),
    /// The picture of the desk, whole.
    Picture(DeskPicture),
    /// Notes of a conversation: all of them, or what is new.
    Notes {
        /// Which.
        conversation: ConversationId,
        /// In the order they were written.
        notes: Vec<Note>,
    },
    /// What was asked for a conversation could not be done.
    NotDone {
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
pub struct Desk {
    session: DeskSession,
    picture: Option<DeskPicture>,
    live: bool,
}

impl Desk {
    /// A desk that has not been seen.
    pub fn new(ticket: String) -> Self {
        Self { session: DeskSession::new(ticket), picture: None, live: false }
    }

    /// Tells the desk something, if the link is live.
    pub fn say(&self, frame: &DeskClientFrame) -> Vec<Command<DeskEvent>> {
        if !self.live {
            return Vec::new();
        }
        vec![Command::Send(codec::write(frame))]
    }

    fn pass_on(&mut self, commands: Vec<Command<client::DeskEvent>>) -> Vec<Command<DeskEvent>> {
        commands.into_iter().filter_map(|command| self.translate(command)).collect()
    }

    fn translate(&mut self, command: Command<client::DeskEvent>) -> Option<Command<DeskEvent>> {
        let event = match command {
            Command::Open(transport) => return Some(Command::Open(transport)),
            Command::Probe => return Some(Command::Probe),
            Command::Send(text) => return Some(Command::Send(text)),
            Command::Close => return Some(Command::Close),
            Command::WakeAt(at) => return Some(Command::WakeAt(at)),
            Command::Tell(event) => event,
        };
        let event = match event {
            client::DeskEvent::Link(link) => {
                self.live = link == LinkState::Live;
                DeskEvent::Link(link)
            }
            client::DeskEvent::NotTaken { conversation, code } => DeskEvent::NotDone { conversation, code },
            client::DeskEvent::Refused(code) => DeskEvent::Refused(code),
            // The session leaves out half of it.
            client::DeskEvent::Desk { .. } => DeskEvent::Picture(self.picture.clone()?),
        };
        Some(Command::Tell(event))
    }
}

impl Machine for Desk {
    type Event = DeskEvent;

    fn ticket(&self) -> &str {
        self.session.ticket()
    }

    fn start(&mut self, now: Millis) -> Vec<Command<DeskEvent>> {
        let commands = self.session.start(now);
        self.pass_on(commands)
    }

    fn received(&mut self, text: &str, now: Millis, jitter: Jitter) -> Vec<Command<DeskEvent>> {
        let told = match json::read::<DeskServerFrame>(text) {
            Some(DeskServerFrame::Welcome(welcome)) => Some(DeskEvent::Welcome(welcome)),
            Some(DeskServerFrame::Notes { conversation, notes }) => {
                Some(DeskEvent::Notes { conversation, notes })
            }
            Some(DeskServerFrame::Desk(picture)) => {
                self.picture = Some(picture);
                None
            }
            Some(DeskServerFrame::Changed(changes)) => {
                if let Some(picture) = &mut self.picture {
                    picture.apply(changes);
                }
                None
            }
            Some(DeskServerFrame::Refused { .. }) | None => None,
        };
        let commands = self.session.received(text, now, jitter);
        told.map(Command::Tell).into_iter().chain(self.pass_on(commands)).collect()
    }

    fn lost(&mut self, code: Option<u16>, now: Millis, jitter: Jitter) -> Vec<Command<DeskEvent>> {
        let commands = self.session.lost(code, now, jitter);
        self.pass_on(commands)
    }

    fn woken(&mut self, now: Millis, jitter: Jitter) -> Vec<Command<DeskEvent>> {
        let commands = self.session.woken(now, jitter);
        self.pass_on(commands)
    }

    fn nudged(&mut self, now: Millis) -> Vec<Command<DeskEvent>> {
        let commands = self.session.nudged(now);
        self.pass_on(commands)
    }

    fn probed(&mut self, now: Millis) -> Vec<Command<DeskEvent>> {
        let commands = self.session.probed(now);
        self.pass_on(commands)
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::desk::Presence;

    use super::*;

    const NO: Jitter = Jitter::per_mille(0);
    const WELCOME: &str = include_str!("../../protocol/tests/wire/desk_welcome.json");
    const PICTURE: &str = include_str!("../../protocol/tests/wire/desk.json");
    const NOTES: &str = include_str!("../../protocol/tests/wire/desk_notes_of.json");

    #[test]
    fn the_welcome_the_picture_and_the_notes_are_told_whole() {
        let mut desk = Desk::new("t".into());
        desk.start(0);
        let told = events(desk.received(WELCOME, 1, NO));
        assert!(matches!(&told[0], DeskEvent::Welcome(welcome) if welcome.capacity == 3));
        assert!(told.contains(&DeskEvent::Link(LinkState::Live)));

        let told = events(desk.received(PICTURE, 2, NO));
        assert!(matches!(&told[..], [DeskEvent::Picture(picture)] if picture.colleagues.len() == 1));
        let told = events(desk.received(r#"{"changed":{"presence":"paused"}}"#, 3, NO));
        assert!(matches!(&told[..], [DeskEvent::Picture(picture)]
            if picture.presence == Presence::Paused && picture.colleagues.len() == 1));

        let told = events(desk.received(NOTES, 4, NO));
        assert!(matches!(&told[..], [DeskEvent::Notes { notes, .. }] if notes.len() == 1));
    }

    #[test]
    fn nothing_is_said_over_a_link_that_is_not_live() {
        let mut desk = Desk::new("t".into());
        desk.start(0);
        let frame = DeskClientFrame::Presence { presence: Presence::Paused };
        assert_eq!(desk.say(&frame), []);
        desk.received(WELCOME, 1, NO);
        assert_eq!(desk.say(&frame).len(), 1);

        desk.lost(None, 2, NO);
        assert_eq!(desk.say(&frame), []);
    }

    fn events(commands: Vec<Command<DeskEvent>>) -> Vec<DeskEvent> {
        let told = |command| if let Command::Tell(event) = command { Some(event) } else { None };
        commands.into_iter().filter_map(told).collect()
    }
}
