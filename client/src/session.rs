// SPDX-License-Identifier: EUPL-1.2
//! A conversation over a link: the cursor, the outbox, and the promise that what was written arrives once and in order.
//!
//! - A message stays in the outbox until its entry comes back from the server, which is the acknowledgement. After every
//!   `welcome` the whole outbox is sent again; its ids make that harmless.
//! - Entries are taken in order without gaps. One that leaves a gap makes the session connect again from its cursor.

use std::collections::VecDeque;

use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Party, Phase},
    frame::{ClientFrame, ServerFrame},
    id::MessageId,
    limits::PONG,
    person::PersonCard,
    problem::Code,
    version,
};

use crate::{
    link::{Act, Link, LinkState},
    machine::{Command, Jitter, Machine, Millis},
};

/// What the interface is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The link's state changed.
    Link(LinkState),
    /// The server knows us. Entries that we lack follow.
    Welcomed {
        /// Which side we are on.
        party: Party,
        /// Where the conversation stands.
        phase: Phase,
        /// Who the person is, for advisors.
        person: Option<PersonCard>,
    },
    /// New entries, in order.
    Entries(Vec<Entry>),
    /// A message of ours was not accepted and will not be sent again.
    NotSent {
        /// Which.
        id: MessageId,
        /// Why.
        code: Code,
    },
    /// The conversation cannot go on over this ticket.
    Refused(Code),
}

/// A message not yet acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its id.
    pub id: MessageId,
    /// Its text.
    pub text: String,
}

/// One end of a conversation.
#[derive(Clone, Debug)]
pub struct Session {
    link: Link,
    ticket: String,
    party: Option<Party>,
    cursor: u64,
    /// The cursor as the newest `hello` told it.
    told: u64,
    outbox: VecDeque<Pending>,
    /// The conversation is to be ended, and has not been seen to.
    ending: bool,
}

impl Session {
    /// A session that has seen nothing, with what an earlier life of the page left unsent.
    pub fn new(ticket: String, unsent: Vec<Pending>) -> Self {
        Self {
            link: Link::new(),
            ticket,
            party: None,
            cursor: 0,
            told: 0,
            outbox: unsent.into(),
            ending: false,
        }
    }

    /// Messages not yet acknowledged, oldest first.
    pub fn outbox(&self) -> impl Iterator<Item = &Pending> {
        self.outbox.iter()
    }

    /// Say something. It is sent now if the link is live, and until it is acknowledged.
    pub fn post(&mut self, id: MessageId, text: String) -> Vec<Command<Event>> {
        let frame = ClientFrame::Post { id: id.clone(), text: text.clone() };
        self.outbox.push_back(Pending { id, text });
        if self.link.state() == LinkState::Live { vec![send(&frame)] } else { Vec::new() }
    }

    /// End the conversation: now if the link is live, and with every welcome until it is seen to have ended.
    pub fn close(&mut self) -> Vec<Command<Event>> {
        self.ending = true;
        if self.link.state() == LinkState::Live { vec![send(&ClientFrame::Close)] } else { Vec::new() }
    }

    /// Stop for good: the interface goes away.
    pub fn end(&mut self) -> Vec<Command<Event>> {
        self.step(Link::end)
    }

    fn welcomed(
        &mut self,
        party: Party,
        phase: Phase,
        last_seq: u64,
        person: Option<PersonCard>,
        now: Millis,
    ) -> Vec<Command<Event>> {
        self.party = Some(party);
        // A log shorter than what we have is another life of it: begin again.
        if last_seq < self.told {
            self.cursor = 0;
        }
        let mut commands = self.step(|link| link.welcomed(now));
        let ends = self.ending && !phase.is_closed();
        commands.push(Command::Tell(Event::Welcomed { party, phase, person }));
        commands.extend(
            self.outbox.iter().map(|p| send(&ClientFrame::Post { id: p.id.clone(), text: p.text.clone() })),
        );
        if ends {
            commands.push(send(&ClientFrame::Close));
        }
        commands
    }

    fn entries(&mut self, entries: Vec<Entry>, now: Millis) -> Vec<Command<Event>> {
        let mut fresh = Vec::with_capacity(entries.len());
        for entry in entries {
            if entry.seq > self.cursor + 1 {
                let mut commands = tell_entries(fresh);
                commands.push(Command::Close);
                commands.extend(self.step(|link| link.connect(now)));
                return commands;
            }
            self.acknowledge(&entry);
            if entry.seq == self.cursor + 1 {
                self.cursor = entry.seq;
                fresh.push(entry);
            }
        }
        tell_entries(fresh)
    }

    fn acknowledge(&mut self, entry: &Entry) {
        let EntryBody::Message { id, author, .. } = &entry.body else {
            return;
        };
        let by = match author {
            Author::Citizen => Party::Citizen,
            Author::Advisor { .. } => Party::Advisor,
        };
        if Some(by) == self.party {
            self.outbox.retain(|pending| pending.id != *id);
        }
    }

    /// Lets the link act.
    fn step(&mut self, act: impl FnOnce(&mut Link) -> Vec<Act>) -> Vec<Command<Event>> {
        let Self { link, ticket, cursor, told, .. } = self;
        let hello = || {
            text(&ClientFrame::Hello {
                version: version::CURRENT,
                ticket: ticket.clone(),
                resume_after: *cursor,
            })
        };
        let commands = link.step(act, hello, Event::Link);
        if commands.contains(&Command::Open) {
            *told = *cursor;
        }
        commands
    }
}

impl Machine for Session {
    type Event = Event;

    fn start(&mut self, now: Millis) -> Vec<Command<Event>> {
        self.step(|link| link.connect(now))
    }

    fn received(&mut self, text: &str, now: Millis, _jitter: Jitter) -> Vec<Command<Event>> {
        if text == PONG {
            return self.step(|link| link.answered(now));
        }
        // What cannot be read is of a newer version, or none: the numbering of entries shows if something is missing.
        match serde_json::from_str(text).unwrap_or(ServerFrame::Unknown) {
            ServerFrame::Welcome { party, phase, last_seq, person, .. } => {
                self.welcomed(party, phase, last_seq, person, now)
            }
            ServerFrame::Entries { entries } => self.entries(entries, now),
            ServerFrame::Refused { code, message: Some(id), .. } => {
                self.outbox.retain(|pending| pending.id != id);
                vec![Command::Tell(Event::NotSent { id, code })]
            }
            ServerFrame::Refused { code, message: None, .. } if self.link.state() == LinkState::Live => {
                vec![Command::Tell(Event::Refused(code))]
            }
            ServerFrame::Refused { code, message: None, .. } => {
                let mut commands = self.step(Link::end);
                commands.push(Command::Tell(Event::Refused(code)));
                commands
            }
            ServerFrame::Unknown => Vec::new(),
        }
    }

    fn lost(&mut self, code: Option<u16>, now: Millis, jitter: Jitter) -> Vec<Command<Event>> {
        self.step(|link| link.lost(code, now, jitter))
    }

    fn woken(&mut self, now: Millis, jitter: Jitter) -> Vec<Command<Event>> {
        self.step(|link| link.woken(now, jitter))
    }

    fn nudged(&mut self, now: Millis, jitter: Jitter) -> Vec<Command<Event>> {
        self.step(|link| link.nudged(now, jitter))
    }
}

fn tell_entries(entries: Vec<Entry>) -> Vec<Command<Event>> {
    if entries.is_empty() { Vec::new() } else { vec![Command::Tell(Event::Entries(entries))] }
}

fn send(frame: &ClientFrame) -> Command<Event> {
    Command::Send(text(frame))
}

fn text(frame: &ClientFrame) -> String {
    // Frames are plain data: writing them cannot fail.
    serde_json::to_string(frame).unwrap_or_default()
}

#[cfg(test)]
mod tests {

    use infocig_protocol::{id::ConversationId, time::Timestamp};

    use super::*;

    const NO: Jitter = Jitter::per_mille(0);

    #[test]
    fn a_message_written_before_the_welcome_leaves_with_it() {
        let mut session = started();
        assert_eq!(session.post(id("m1"), "ciao".to_string()), []);

        let sent = sent(&session.received(&welcome(0), 1, NO));

        assert_eq!(sent, [ClientFrame::Post { id: id("m1"), text: "ciao".to_string() }]);
    }

    #[test]
    fn a_message_is_sent_again_until_its_entry_comes_back() {
        let mut session = started();
        session.received(&welcome(0), 1, NO);
        session.post(id("m1"), "ciao".to_string());
        session.lost(Some(1006), 2, NO);
        session.woken(10_000, NO);

        assert_eq!(sent(&session.received(&welcome(0), 10_001, NO)).len(), 1);
        session.received(&entries(&[message(1, "m1")]), 10_002, NO);
        assert_eq!(session.outbox().count(), 0);
    }

    #[test]
    fn an_entry_seen_twice_is_told_once() {
        let mut session = started();
        session.received(&welcome(1), 1, NO);

        let first = session.received(&entries(&[message(1, "x")]), 2, NO);
        let again = session.received(&entries(&[message(1, "x")]), 3, NO);

        assert_eq!(first, [Command::Tell(Event::Entries(vec![message(1, "x")]))]);
        assert_eq!(again, []);
    }

    #[test]
    fn a_gap_makes_the_session_ask_again_from_its_cursor() {
        let mut session = started();
        session.received(&welcome(3), 1, NO);

        let commands = session.received(&entries(&[message(1, "a"), message(3, "c")]), 2, NO);

        assert_eq!(commands[0], Command::Tell(Event::Entries(vec![message(1, "a")])));
        assert!(matches!(&sent(&commands)[..], [ClientFrame::Hello { resume_after: 1, .. }]));
    }

    #[test]
    fn a_refused_message_leaves_the_outbox_and_is_said() {
        let mut session = started();
        session.received(&welcome(0), 1, NO);
        session.post(id("m1"), String::new());

        let refused =
            ServerFrame::Refused { code: Code::MessageEmpty, detail: String::new(), message: Some(id("m1")) };
        let commands = session.received(&serde_json::to_string(&refused).unwrap(), 2, NO);

        assert_eq!(commands, [Command::Tell(Event::NotSent { id: id("m1"), code: Code::MessageEmpty })]);
        assert_eq!(session.outbox().count(), 0);
    }

    #[test]
    fn a_wish_to_end_survives_a_lost_link() {
        let mut session = started();
        assert_eq!(session.close(), []);

        assert_eq!(sent(&session.received(&welcome(0), 1, NO)), [ClientFrame::Close]);
    }

    #[test]
    fn frames_of_tomorrow_are_ignored() {
        let mut session = started();
        session.received(&welcome(0), 1, NO);
        assert_eq!(session.received(r#"{"type":"hologram","x":1}"#, 2, NO), []);
        assert_eq!(session.received("not json", 3, NO), []);
    }

    fn started() -> Session {
        let mut session = Session::new("ticket".to_string(), Vec::new());
        session.start(0);
        session
    }

    fn welcome(last_seq: u64) -> String {
        let frame = ServerFrame::Welcome {
            version: 1,
            conversation: ConversationId::of(&"0e".repeat(32), 1).unwrap(),
            party: Party::Citizen,
            phase: Phase::Waiting { since: Timestamp::from_millis(0) },
            last_seq,
            person: None,
        };
        serde_json::to_string(&frame).unwrap()
    }

    fn entries(entries: &[Entry]) -> String {
        serde_json::to_string(&ServerFrame::Entries { entries: entries.to_vec() }).unwrap()
    }

    fn message(seq: u64, name: &str) -> Entry {
        let body = EntryBody::Message { id: id(name), author: Author::Citizen, text: "ciao".to_string() };
        Entry { seq, at: Timestamp::from_millis(0), body }
    }

    fn id(text: &str) -> MessageId {
        MessageId::parse(text).unwrap()
    }

    fn sent(commands: &[Command<Event>]) -> Vec<ClientFrame> {
        commands
            .iter()
            .filter_map(|command| match command {
                Command::Send(text) => serde_json::from_str(text).ok(),
                Command::Open | Command::Close | Command::WakeAt(_) | Command::Tell(_) => None,
            })
            .collect()
    }
}
