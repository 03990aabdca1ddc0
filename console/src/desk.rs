// SPDX-License-Identifier: EUPL-1.2
//! The desk's link: the client's session machine, extended by the frames it leaves out: the welcome, the complete picture, the
//! notes.
//!
//! Frames are sent only while the link is live. Nothing is queued: after a new link the controller sends again what the picture
//! does not show.

use infocig_client::{
    desk::{self as client, DeskSession},
    json,
    link::LinkState,
    machine::{Command, Jitter, Machine, Millis},
};
use infocig_protocol::{
    codec,
    desk::{DeskClientFrame, DeskPicture, DeskServerFrame, DeskWelcome, Note, QuickReply},
    id::ConversationId,
    problem::Code,
    supervision::{Panel, SupervisorAct},
};

/// An event of the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskEvent {
    /// The link's state changed.
    Link(LinkState),
    /// The advisor's id, and topics, replies, capacity and the like from the policy.
    Welcome(DeskWelcome),
    /// The complete picture of the desk, after every change.
    Picture(DeskPicture),
    /// Notes of a conversation: all of them, or new ones.
    Notes {
        conversation: ConversationId,
        /// In the order they were written.
        notes: Vec<Note>,
    },
    /// The advisor's own quick replies, whole.
    OwnReplies(Vec<QuickReply>),
    /// The live panel, for supervisors.
    Panel(Box<Panel>),
    /// A supervisor did something about a conversation of this advisor.
    Supervised {
        conversation: ConversationId,
        act: SupervisorAct,
        /// The supervisor's name.
        by: String,
    },
    /// The desk refused a request about a conversation.
    NotDone { conversation: ConversationId, code: Code },
    /// The desk refused the link.
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
    /// A link that has not been opened.
    pub fn new(ticket: String) -> Self {
        Self { session: DeskSession::new(ticket), picture: None, live: false }
    }

    /// The command that sends a frame; none while the link is not live.
    pub fn send(&self, frame: &DeskClientFrame) -> Vec<Command<DeskEvent>> {
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
            Command::Emit(event) => event,
        };
        let event = match event {
            client::DeskEvent::Link(link) => {
                self.live = link == LinkState::Live;
                DeskEvent::Link(link)
            }
            client::DeskEvent::NotTaken { conversation, code } => DeskEvent::NotDone { conversation, code },
            client::DeskEvent::Refused(code) => DeskEvent::Refused(code),
            // The session's event carries a part of the picture only.
            client::DeskEvent::Desk { .. } => DeskEvent::Picture(self.picture.clone()?),
        };
        Some(Command::Emit(event))
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

    fn handle_text(&mut self, text: &str, now: Millis, jitter: Jitter) -> Vec<Command<DeskEvent>> {
        let told = match json::read::<DeskServerFrame>(text) {
            Some(DeskServerFrame::Welcome(welcome)) => Some(DeskEvent::Welcome(welcome)),
            Some(DeskServerFrame::Notes { conversation, notes }) => {
                Some(DeskEvent::Notes { conversation, notes })
            }
            Some(DeskServerFrame::OwnReplies { replies }) => Some(DeskEvent::OwnReplies(replies)),
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
            Some(DeskServerFrame::Panel(panel)) => Some(DeskEvent::Panel(panel)),
            Some(DeskServerFrame::Supervised { conversation, act, by, .. }) => {
                Some(DeskEvent::Supervised { conversation, act, by })
            }
            Some(DeskServerFrame::Refused { .. }) | None => None,
        };
        let commands = self.session.handle_text(text, now, jitter);
        told.map(Command::Emit).into_iter().chain(self.pass_on(commands)).collect()
    }

    fn handle_close(&mut self, code: Option<u16>, now: Millis, jitter: Jitter) -> Vec<Command<DeskEvent>> {
        let commands = self.session.handle_close(code, now, jitter);
        self.pass_on(commands)
    }

    fn handle_timeout(&mut self, now: Millis, jitter: Jitter) -> Vec<Command<DeskEvent>> {
        let commands = self.session.handle_timeout(now, jitter);
        self.pass_on(commands)
    }

    fn handle_resume(&mut self, now: Millis) -> Vec<Command<DeskEvent>> {
        let commands = self.session.handle_resume(now);
        self.pass_on(commands)
    }

    fn handle_probe(&mut self, now: Millis) -> Vec<Command<DeskEvent>> {
        let commands = self.session.handle_probe(now);
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
    fn welcome_snapshot_and_notes_are_passed_on_whole() {
        let mut desk = Desk::new("t".into());
        desk.start(0);
        let told = events(desk.handle_text(WELCOME, 1, NO));
        assert!(matches!(&told[0], DeskEvent::Welcome(welcome) if welcome.capacity == 3));
        assert!(told.contains(&DeskEvent::Link(LinkState::Live)));

        let told = events(desk.handle_text(PICTURE, 2, NO));
        assert!(matches!(&told[..], [DeskEvent::Picture(picture)] if picture.colleagues.len() == 1));
        let told = events(desk.handle_text(r#"{"changed":{"presence":"paused"}}"#, 3, NO));
        assert!(matches!(&told[..], [DeskEvent::Picture(picture)]
            if picture.presence == Presence::Paused && picture.colleagues.len() == 1));

        let told = events(desk.handle_text(NOTES, 4, NO));
        assert!(matches!(&told[..], [DeskEvent::Notes { notes, .. }] if notes.len() == 1));
    }

    #[test]
    fn nothing_is_sent_over_a_link_that_is_not_live() {
        let mut desk = Desk::new("t".into());
        desk.start(0);
        let frame = DeskClientFrame::Presence { presence: Presence::Paused };
        assert_eq!(desk.send(&frame), []);
        desk.handle_text(WELCOME, 1, NO);
        assert_eq!(desk.send(&frame).len(), 1);

        desk.handle_close(None, 2, NO);
        assert_eq!(desk.send(&frame), []);
    }

    fn events(commands: Vec<Command<DeskEvent>>) -> Vec<DeskEvent> {
        let told = |command| if let Command::Emit(event) = command { Some(event) } else { None };
        commands.into_iter().filter_map(told).collect()
    }
}
