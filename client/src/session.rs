// SPDX-License-Identifier: EUPL-1.2
//! A conversation over a link: the cursor, the outbox, and the promise that what was written arrives once and in order.
//!
//! - A message stays in the outbox until its entry comes back from the server, which is the acknowledgement. One message is
//!   under way at a time, so that one refused for coming too fast is not overtaken; after every `welcome` it is sent again,
//!   and its id makes that harmless.
//! - What is known of the log is a window without gaps, from the first entry to the cursor. Entries beyond a gap are not
//!   taken: the session asks for the page that follows its cursor. Earlier pages come when the interface asks for them.

use std::collections::VecDeque;

use infocig_protocol::{
    case::Question,
    close, codec,
    entry::{Entry, EntryBody, Party, Phase},
    frame::{ClientFrame, EarlierConversation, Page, QueuePlace, ServerFrame},
    id::{ConversationId, MessageId},
    limits::{PONG, TYPING_EVERY_MS},
    person::PersonCard,
    problem::Code,
    segnalazione::SegnalazioneDraft,
    version,
};
use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{
    json,
    link::{Act, Link, LinkState},
    machine::{Command, Jitter, Machine, Millis},
};

/// What the interface is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The link's state changed.
    Link(LinkState),
    /// The server knows us.
    Welcomed {
        /// Which side we are on.
        party: Party,
        /// Where the conversation stands.
        phase: Phase,
        /// Who the person is, for advisors.
        person: Option<PersonCard>,
    },
    /// The log is told anew: forget what was shown.
    Began {
        /// Whether there are entries before those that follow; [`Session::older`] brings them.
        older: bool,
    },
    /// New entries, in order.
    Entries(Vec<Entry>),
    /// Entries before those told so far, in order.
    Older {
        /// The entries.
        entries: Vec<Entry>,
        /// Whether there are still more before them.
        more: bool,
    },
    /// How another side stands.
    Presence {
        /// Which side.
        party: Party,
        /// Whether they are connected.
        connected: bool,
        /// They have had the log on screen up to this entry.
        read_up_to: u64,
    },
    /// Another side is writing.
    Typing(Party),
    /// Where the person stands in the queue.
    Queue(QueuePlace),
    /// What the person came with before, newest first; for advisors.
    Past(Vec<EarlierConversation>),
    /// A page of one of them, in order; empty where there is nothing more.
    PastEntries {
        /// Which.
        conversation: ConversationId,
        /// The entries.
        entries: Vec<Entry>,
    },
    /// A message of ours is stored.
    Stored(MessageId),
    /// A message of ours was not accepted and will not be sent again.
    NotSent {
        /// The message.
        message: Pending,
        /// Why.
        code: Code,
    },
    /// A segnalazione of ours was not accepted and will not be sent again.
    NotForwarded {
        /// Its id.
        id: MessageId,
        /// Why.
        code: Code,
    },
    /// The conversation cannot go on over this ticket.
    Refused(Code),
}

/// A message not yet acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
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
    /// The first entry we have, or would have if we had any.
    first: u64,
    cursor: u64,
    /// The newest entry there is, as far as we know.
    newest: u64,
    /// The cursor as the newest `hello` told it.
    told: u64,
    /// The pages under way.
    asked: Option<Page>,
    asked_older: Option<Page>,
    outbox: VecDeque<Pending>,
    /// The server wants no message before this.
    slowed_until: Option<Millis>,
    /// What the link asked to be woken for.
    link_wake: Option<Millis>,
    read_up_to: u64,
    typed: Option<Millis>,
    /// What was asked beside messages and has not been seen in the log, told with every welcome and every heartbeat.
    asks: Vec<Ask>,
    /// The conversation is to be ended, and has not been seen to.
    ending: Option<ClientFrame>,
}

impl Session {
    /// A session that has seen nothing, with what an earlier life of the page left unsent.
    pub fn new(ticket: String, unsent: Vec<Pending>) -> Self {
        Self {
            link: Link::new(),
            ticket,
            party: None,
            first: 1,
            cursor: 0,
            newest: 0,
            told: 0,
            asked: None,
            asked_older: None,
            outbox: unsent.into(),
            slowed_until: None,
            link_wake: None,
            read_up_to: 0,
            typed: None,
            asks: Vec::new(),
            ending: None,
        }
    }

    /// Messages not yet acknowledged, oldest first.
    pub fn outbox(&self) -> impl Iterator<Item = &Pending> {
        self.outbox.iter()
    }

    /// Say something. It is sent as soon as it is its turn, and until it is acknowledged.
    pub fn post(&mut self, id: MessageId, text: String) -> Vec<Command<Event>> {
        self.outbox.push_back(Pending { id, text });
        // The writing that was told of is done.
        self.typed = None;
        if self.outbox.len() == 1 { self.send_next() } else { Vec::new() }
    }

    /// Somebody is writing: the other side is told, now and then.
    pub fn typing(&mut self, now: Millis) -> Vec<Command<Event>> {
        if self.typed.is_some_and(|typed| now < typed + TYPING_EVERY_MS && now >= typed)
            || !self.may_pass_on()
        {
            return Vec::new();
        }
        self.typed = Some(now);
        vec![send(&ClientFrame::Typing {})]
    }

    /// Everything up to an entry has been on screen: the other side is told.
    pub fn read(&mut self, up_to: u64) -> Vec<Command<Event>> {
        if up_to <= self.read_up_to {
            return Vec::new();
        }
        self.read_up_to = up_to;
        if self.may_pass_on() { vec![send(&ClientFrame::Read { up_to })] } else { Vec::new() }
    }

    /// Ask for the entries before those we have. Asking again while they are under way changes nothing.
    pub fn older(&mut self) -> Vec<Command<Event>> {
        let page = Page::Before(self.first);
        if self.first <= 1 || self.asked_older == Some(page) || self.link.state() != LinkState::Live {
            return Vec::new();
        }
        self.asked_older = Some(page);
        vec![send(&ClientFrame::Page(page))]
    }

    /// Ask for a page of an earlier conversation of the person: the newest, or the one before an entry. Lost with the link.
    pub fn past(&mut self, conversation: ConversationId, before: Option<u64>) -> Vec<Command<Event>> {
        let asks = self.may_pass_on();
        asks.then(|| send(&ClientFrame::Earlier { conversation, before })).into_iter().collect()
    }

    /// Say that the person is still here, when the conversation was about to end for want of an answer. It is said again by
    /// whoever reads the warning, should it be lost.
    pub fn stay(&mut self) -> Vec<Command<Event>> {
        if self.may_pass_on() { vec![send(&ClientFrame::Stay {})] } else { Vec::new() }
    }

    /// End the conversation: now if the link is live, and with every welcome until it is seen to have ended.
    pub fn close(&mut self) -> Vec<Command<Event>> {
        self.ending = Some(ClientFrame::Close {});
        self.send_close().into_iter().collect()
    }

    /// Leave the queue, having found the answer in one's cases.
    pub fn self_served(&mut self) -> Vec<Command<Event>> {
        self.ending = Some(ClientFrame::SelfServed {});
        self.send_close().into_iter().collect()
    }

    /// Say what the question is about. It is said until the log has it, or it is refused.
    pub fn question(&mut self, question: Question) -> Vec<Command<Event>> {
        self.ask(Ask::Question(question))
    }

    /// Hand something to an office. It is said until the log has it, or it is refused.
    pub fn forward(&mut self, draft: SegnalazioneDraft) -> Vec<Command<Event>> {
        self.ask(Ask::Forward(Box::new(draft)))
    }

    fn ask(&mut self, ask: Ask) -> Vec<Command<Event>> {
        let commands = if self.may_pass_on() { vec![send(&ask.frame())] } else { Vec::new() };
        self.asks.retain(|other| !other.is_same(&ask));
        self.asks.push(ask);
        commands
    }

    /// What was asked goes again.
    fn send_asks(&self) -> Vec<Command<Event>> {
        if !self.may_pass_on() {
            return Vec::new();
        }
        self.asks.iter().map(|ask| send(&ask.frame())).collect()
    }

    /// Go on with another ticket after the link has ended; cursor and outbox stay.
    pub fn renew(&mut self, ticket: String, now: Millis) -> Vec<Command<Event>> {
        self.ticket = ticket;
        self.link = Link::new();
        self.step(|link| link.connect(now))
    }

    /// Stop for good: the interface goes away.
    pub fn end(&mut self) -> Vec<Command<Event>> {
        self.step(Link::end)
    }

    fn welcomed(&mut self, welcome: Welcome, now: Millis) -> Vec<Command<Event>> {
        let Welcome { party, phase, last_seq, after, person } = welcome;
        self.party = Some(party);
        // A log shorter than what we have is another life of it.
        let anew = last_seq < self.told || after > self.cursor || after + 1 < self.first || self.newest == 0;
        let mut commands = self.step(|link| link.welcomed(now));
        commands.push(Command::Tell(Event::Welcomed { party, phase: phase.clone(), person }));
        if anew {
            (self.first, self.cursor, self.newest) = (after + 1, after, 0);
            self.read_up_to = self.read_up_to.min(last_seq);
            commands.push(Command::Tell(Event::Began { older: after > 0 }));
        }
        self.newest = self.newest.max(last_seq);
        self.slowed_until = None;
        commands.extend(self.send_next());
        if self.read_up_to > 0 && self.may_pass_on() {
            commands.push(send(&ClientFrame::Read { up_to: self.read_up_to.min(last_seq) }));
        }
        if phase.is_closed() {
            self.ending = None;
        }
        commands.extend(self.send_asks());
        commands.extend(self.send_close());
        commands
    }

    fn entries(&mut self, entries: Vec<Entry>) -> Vec<Command<Event>> {
        let mut fresh = Vec::with_capacity(entries.len());
        let mut older = Vec::new();
        let mut commands = Vec::new();
        let under_way = self.outbox.len();
        for entry in entries {
            self.newest = self.newest.max(entry.seq);
            commands.extend(self.acknowledge(&entry).map(|id| Command::Tell(Event::Stored(id))));
            self.asks.retain(|ask| !ask.is_answered_by(&entry.body));
            if entry.seq == self.cursor + 1 {
                self.cursor = entry.seq;
                fresh.push(entry);
            } else if entry.seq < self.first {
                older.push(entry);
            }
        }
        if !fresh.is_empty() {
            commands.push(Command::Tell(Event::Entries(fresh)));
        }
        commands.extend(self.take_older(older));
        if self.outbox.len() < under_way {
            commands.extend(self.send_next());
            commands.extend(self.send_close());
        }
        commands.extend(self.catch_up());
        commands
    }

    /// A page of earlier entries joins the window if it reaches up to it.
    fn take_older(&mut self, entries: Vec<Entry>) -> Option<Command<Event>> {
        let (first, last) = (entries.first()?.seq, entries.last()?.seq);
        let whole = u64::try_from(entries.len()).is_ok_and(|count| first + count == self.first);
        if last + 1 != self.first || !whole {
            return None;
        }
        self.first = first;
        self.asked_older = None;
        Some(Command::Tell(Event::Older { entries, more: first > 1 }))
    }

    /// Asks for what is missing after the cursor, once.
    fn catch_up(&mut self) -> Vec<Command<Event>> {
        let page = Page::After(self.cursor);
        if self.cursor >= self.newest || self.asked == Some(page) || self.link.state() != LinkState::Live {
            return Vec::new();
        }
        self.asked = Some(page);
        vec![send(&ClientFrame::Page(page))]
    }

    /// Takes the message an entry acknowledges, if it is one of ours, out of the outbox.
    fn acknowledge(&mut self, entry: &Entry) -> Option<MessageId> {
        if let EntryBody::Closed { .. } = entry.body {
            self.ending = None;
        }
        let (id, author, _) = entry.message()?;
        let place = self.outbox.iter().position(|pending| pending.id == *id)?;
        (Some(author.party()) == self.party)
            .then(|| self.outbox.remove(place))
            .flatten()
            .map(|stored| stored.id)
    }

    fn refused(
        &mut self,
        code: Code,
        message: Option<MessageId>,
        retry_after_ms: Option<Millis>,
        now: Millis,
    ) -> Vec<Command<Event>> {
        match (message, retry_after_ms) {
            (Some(_), Some(wait)) => {
                self.slowed_until = Some(now + wait);
                self.wake()
            }
            (Some(id), None) => {
                let asked = |ask: &Ask| matches!(ask, Ask::Forward(draft) if draft.id == id);
                if self.asks.iter().any(asked) {
                    self.asks.retain(|ask| !asked(ask));
                    return vec![Command::Tell(Event::NotForwarded { id, code })];
                }
                let Some(place) = self.outbox.iter().position(|pending| pending.id == id) else {
                    return Vec::new();
                };
                let refused = self.outbox.remove(place);
                let told = refused.map(|message| Command::Tell(Event::NotSent { message, code }));
                told.into_iter().chain(self.send_next()).chain(self.send_close()).collect()
            }
            (None, _) if code == Code::QuestionInvalid => {
                self.asks.retain(|ask| !matches!(ask, Ask::Question(_)));
                Vec::new()
            }
            // The link ends for it, and the next one greets in time.
            (None, _) if code == Code::HelloExpected => Vec::new(),
            (None, _) => {
                let live = self.link.state() == LinkState::Live;
                let mut commands = if live { Vec::new() } else { self.step(Link::end) };
                commands.push(Command::Tell(Event::Refused(code)));
                commands
            }
        }
    }

    /// The oldest message of the outbox goes (again), unless there is a reason to wait.
    fn send_next(&mut self) -> Vec<Command<Event>> {
        let next = self.outbox.front();
        let next = next.filter(|_| self.link.state() == LinkState::Live && self.slowed_until.is_none());
        next.map(|p| send(&ClientFrame::Post { id: p.id.clone(), text: p.text.clone() }))
            .into_iter()
            .collect()
    }

    /// The conversation is to be ended: what was written before goes first.
    fn send_close(&self) -> Option<Command<Event>> {
        let now = self.outbox.is_empty() && self.link.state() == LinkState::Live;
        self.ending.as_ref().filter(|_| now).map(send)
    }

    /// Whether the server can be told what it only passes on.
    fn may_pass_on(&self) -> bool {
        self.link.state() == LinkState::Live
    }

    /// Lets the link act.
    fn step(&mut self, act: impl FnOnce(&mut Link) -> Vec<Act>) -> Vec<Command<Event>> {
        let Self { link, ticket, cursor, .. } = self;
        let hello = || {
            codec::write(&ClientFrame::Hello {
                version: version::CURRENT,
                ticket: ticket.clone(),
                resume_after: *cursor,
            })
        };
        let mut commands = link.step(act, hello, Event::Link);
        if commands.iter().any(|command| matches!(command, Command::Open(_))) {
            self.told = self.cursor;
            (self.asked, self.asked_older) = (None, None);
        }
        for command in &mut commands {
            if let Command::WakeAt(at) = command {
                self.link_wake = Some(*at);
                *at = self.slowed_until.map_or(*at, |slowed| slowed.min(*at));
            }
        }
        commands
    }

    /// Asks to be woken for whatever comes first.
    fn wake(&self) -> Vec<Command<Event>> {
        let first = [self.link_wake, self.slowed_until].into_iter().flatten().min();
        first.map(Command::WakeAt).into_iter().collect()
    }
}

/// Something asked beside messages.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ask {
    Question(Question),
    Forward(Box<SegnalazioneDraft>),
}

impl Ask {
    fn frame(&self) -> ClientFrame {
        match self {
            Self::Question(question) => ClientFrame::Question(question.clone()),
            Self::Forward(draft) => ClientFrame::Forward(draft.clone()),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Question(_), Self::Question(_)) => true,
            (Self::Forward(one), Self::Forward(other)) => one.id == other.id,
            (Self::Question(_) | Self::Forward(_), _) => false,
        }
    }

    fn is_answered_by(&self, body: &EntryBody) -> bool {
        match (self, body) {
            (Self::Question(_), EntryBody::Question(_)) => true,
            (Self::Forward(draft), EntryBody::Segnalazione { id, .. }) => *id == draft.id,
            (Self::Question(_) | Self::Forward(_), _) => false,
        }
    }
}

/// What `welcome` says, without the name of the conversation.
struct Welcome {
    party: Party,
    phase: Phase,
    last_seq: u64,
    after: u64,
    person: Option<PersonCard>,
}

impl Machine for Session {
    type Event = Event;

    fn ticket(&self) -> &str {
        &self.ticket
    }

    fn start(&mut self, now: Millis) -> Vec<Command<Event>> {
        self.step(|link| link.connect(now))
    }

    fn received(&mut self, text: &str, now: Millis, _jitter: Jitter) -> Vec<Command<Event>> {
        if text == PONG {
            let mut commands = self.step(|link| link.answered(now));
            // A page that has not come by now was lost with something.
            self.asked = None;
            commands.extend(self.catch_up());
            commands.extend(self.asked_older.map(|page| send(&ClientFrame::Page(page))));
            // So was a message that is still not acknowledged, and the wish to end.
            if self.slowed_until.is_some_and(|until| until > now + LONGEST_SLOWDOWN_MS) {
                self.slowed_until = None;
            }
            commands.extend(self.send_next());
            commands.extend(self.send_asks());
            commands.extend(self.send_close());
            return commands;
        }
        match json::read::<ServerFrame>(text) {
            Some(ServerFrame::Welcome { party, phase, last_seq, after, person, .. }) => {
                self.welcomed(Welcome { party, phase, last_seq, after, person }, now)
            }
            Some(ServerFrame::Entries { entries }) => self.entries(entries),
            Some(ServerFrame::Presence { party, connected, read_up_to }) => {
                vec![Command::Tell(Event::Presence { party, connected, read_up_to })]
            }
            Some(ServerFrame::Typing { party }) => vec![Command::Tell(Event::Typing(party))],
            Some(ServerFrame::Refused { code, message, retry_after_ms, .. }) => {
                self.refused(code, message, retry_after_ms, now)
            }
            Some(ServerFrame::Queue(place)) => vec![Command::Tell(Event::Queue(place))],
            Some(ServerFrame::Earlier { conversations }) => vec![Command::Tell(Event::Past(conversations))],
            Some(ServerFrame::EarlierEntries { conversation, entries }) => {
                vec![Command::Tell(Event::PastEntries { conversation, entries })]
            }
            None => Vec::new(),
        }
    }

    fn lost(&mut self, code: Option<u16>, now: Millis, jitter: Jitter) -> Vec<Command<Event>> {
        // Where the end was told before all of the log was, there is something to come back for.
        let code = code.filter(|code| *code != close::NORMAL || self.cursor >= self.newest);
        self.step(|link| link.lost(code, now, jitter))
    }

    fn woken(&mut self, now: Millis, jitter: Jitter) -> Vec<Command<Event>> {
        let rested = self.slowed_until.is_some_and(|until| now >= until);
        if rested {
            self.slowed_until = None;
        }
        let mut commands = self.step(|link| link.woken(now, jitter));
        if rested {
            commands.extend(self.send_next());
        }
        commands
    }

    fn nudged(&mut self, now: Millis) -> Vec<Command<Event>> {
        self.step(|link| link.nudged(now))
    }

    fn probed(&mut self, now: Millis) -> Vec<Command<Event>> {
        self.step(|link| link.probed(now))
    }
}

fn send(frame: &ClientFrame) -> Command<Event> {
    Command::Send(codec::write(frame))
}

/// No server slows anybody down for longer: a clock was set back.
const LONGEST_SLOWDOWN_MS: Millis = 60_000;

#[cfg(test)]
mod tests {

    use infocig_protocol::time::Timestamp;

    use super::*;

    const NO: Jitter = Jitter::per_mille(0);

    #[test]
    fn what_is_asked_is_said_again_until_the_log_has_it() {
        let mut session = started();
        session.received(&welcome(0), 1, NO);
        let question = Question { protocol: Some("1".into()), ..Question::default() };
        let asked = ClientFrame::Question(question.clone());
        assert_eq!(sent(&session.question(question.clone())), std::slice::from_ref(&asked));

        session.lost(None, 2, NO);
        session.woken(10_000, NO);
        assert_eq!(sent(&session.received(&welcome(0), 10_001, NO)), std::slice::from_ref(&asked));
        assert_eq!(sent(&session.received(PONG, 10_002, NO)), [asked]);
        session.received(
            &entries(&[Entry { seq: 1, at: Timestamp::from_millis(0), body: EntryBody::Question(question) }]),
            10_003,
            NO,
        );

        assert_eq!(sent(&session.received(PONG, 10_004, NO)), []);
    }

    #[test]
    fn what_is_asked_and_refused_is_not_said_again() {
        let mut session = started();
        session.received(&welcome(0), 1, NO);
        let id = MessageId::parse("s1").unwrap();
        let draft = SegnalazioneDraft {
            id: id.clone(),
            office: "063".into(),
            topic: ["a", "b", "c"].map(String::from),
            description: "x".into(),
            kind: None,
            case: None,
            protocol: None,
            ticket: None,
            attached: Vec::new(),
        };
        session.forward(draft);
        session.question(Question::default());
        let refused = |code, message| {
            let detail = String::new();
            let frame = ServerFrame::Refused { code, detail, message, retry_after_ms: None };
            serde_json::to_string(&frame).unwrap()
        };

        let told = session.received(&refused(Code::SegnalazioneInvalid, Some(id.clone())), 2, NO);
        assert_eq!(told, [Command::Tell(Event::NotForwarded { id, code: Code::SegnalazioneInvalid })]);
        assert_eq!(session.received(&refused(Code::QuestionInvalid, None), 3, NO), []);

        assert_eq!(sent(&session.received(PONG, 4, NO)), []);
    }

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
    fn a_gap_makes_the_session_ask_for_what_follows_its_cursor_once() {
        let mut session = started();
        session.received(&welcome(3), 1, NO);

        let commands = session.received(&entries(&[message(1, "a"), message(3, "c")]), 2, NO);

        assert_eq!(commands[0], Command::Tell(Event::Entries(vec![message(1, "a")])));
        assert_eq!(sent(&commands), [ClientFrame::Page(Page::After(1))]);
        assert_eq!(session.received(&entries(&[message(4, "d")]), 3, NO), []);
        let rest = [message(2, "b"), message(3, "c"), message(4, "d")];
        assert_eq!(session.received(&entries(&rest), 4, NO), [Command::Tell(Event::Entries(rest.to_vec()))]);
    }

    #[test]
    fn a_page_that_never_came_is_asked_for_again_with_the_next_heartbeat() {
        let mut session = started();
        session.received(&welcome(9), 1, NO);
        session.received(&entries(&[message(1, "a")]), 2, NO);

        let commands = session.received(PONG, 8_000, NO);

        assert_eq!(sent(&commands), [ClientFrame::Page(Page::After(1))]);

        session.received(&welcome_after(9, 5), 8_001, NO);
        session.received(
            &entries(&[message(6, "f"), message(7, "g"), message(8, "h"), message(9, "i")]),
            8_002,
            NO,
        );
        session.older();
        assert_eq!(sent(&session.received(PONG, 16_000, NO)), [ClientFrame::Page(Page::Before(6))]);
    }

    #[test]
    fn a_long_log_begins_with_its_newest_page_and_earlier_ones_come_when_asked_for() {
        let mut session = started();
        let commands = session.received(&welcome_after(4, 2), 1, NO);
        assert!(commands.contains(&Command::Tell(Event::Began { older: true })));
        session.received(&entries(&[message(3, "c"), message(4, "d")]), 2, NO);

        assert_eq!(sent(&session.older()), [ClientFrame::Page(Page::Before(3))]);
        assert_eq!(session.older(), []);
        let page = vec![message(1, "a"), message(2, "b")];
        let commands = session.received(&entries(&page), 3, NO);

        assert_eq!(commands, [Command::Tell(Event::Older { entries: page, more: false })]);
        assert_eq!(session.older(), []);
    }

    #[test]
    fn a_message_whose_entry_lies_outside_what_is_shown_is_told_to_be_stored() {
        let mut session = started();
        session.received(&welcome_after(900, 700), 1, NO);
        session.post(id("m1"), "ciao".into());

        let commands = session.received(&entries(&[message(12, "m1")]), 2, NO);

        assert!(commands.contains(&Command::Tell(Event::Stored(id("m1")))));
        assert_eq!(session.outbox().count(), 0);
    }

    #[test]
    fn messages_leave_one_after_the_other() {
        let mut session = started();
        session.received(&welcome(0), 1, NO);
        assert_eq!(sent(&session.post(id("m1"), "uno".into())).len(), 1);
        assert_eq!(session.post(id("m2"), "due".into()), []);

        let commands = session.received(&entries(&[message(1, "m1")]), 2, NO);

        assert_eq!(sent(&commands), [ClientFrame::Post { id: id("m2"), text: "due".into() }]);
    }

    #[test]
    fn a_message_that_came_too_fast_is_sent_again_when_the_server_will_have_it() {
        let mut session = started();
        session.received(&welcome(0), 1, NO);
        session.post(id("m1"), "uno".into());

        let commands = session.received(&refused("m1", Code::TooFast, Some(1_500)), 2, NO);

        assert_eq!(commands, [Command::WakeAt(1_502)]);
        assert_eq!(session.post(id("m2"), "due".into()), []);
        assert_eq!(sent(&session.woken(1_502, NO)), [ClientFrame::Post { id: id("m1"), text: "uno".into() }]);
    }

    #[test]
    fn writing_is_told_now_and_then_and_reading_once() {
        let mut session = started();
        assert_eq!(session.typing(0), []);
        session.received(&welcome(5), 1, NO);

        assert_eq!(sent(&session.typing(10)), [ClientFrame::Typing {}]);
        assert_eq!(session.typing(20), []);
        assert_eq!(sent(&session.typing(10 + TYPING_EVERY_MS)).len(), 1);
        assert_eq!(sent(&session.read(5)), [ClientFrame::Read { up_to: 5 }]);
        assert_eq!(session.read(4), []);

        session.lost(None, 30, NO);
        session.woken(40_000, NO);
        assert!(sent(&session.received(&welcome(5), 40_001, NO)).contains(&ClientFrame::Read { up_to: 5 }));
    }

    #[test]
    fn an_earlier_conversation_is_asked_for_over_a_living_link_and_is_no_part_of_this_one() {
        let mut session = started();
        let earlier = || ConversationId::of(&"0e".repeat(32), 1).unwrap();
        assert_eq!(session.past(earlier(), None), []);
        session.received(&welcome(1), 1, NO);
        session.received(&entries(&[message(1, "a")]), 2, NO);

        let asked = ClientFrame::Earlier { conversation: earlier(), before: Some(9) };
        assert_eq!(sent(&session.past(earlier(), Some(9))), [asked]);
        let (conversation, page) = (earlier(), vec![message(8, "h")]);
        let frame = ServerFrame::EarlierEntries { conversation: conversation.clone(), entries: page.clone() };
        let commands = session.received(&serde_json::to_string(&frame).unwrap(), 3, NO);

        assert_eq!(commands, [Command::Tell(Event::PastEntries { conversation, entries: page })]);
        assert_eq!(sent(&session.received(PONG, 8_000, NO)), [], "nothing is missing");
    }

    #[test]
    fn a_log_shorter_than_what_was_seen_is_told_anew() {
        let mut session = started();
        session.received(&welcome(2), 1, NO);
        session.received(&entries(&[message(1, "a"), message(2, "b")]), 2, NO);
        session.lost(None, 3, NO);
        session.woken(10_000, NO);

        let commands = session.received(&welcome(1), 10_001, NO);
        assert!(commands.contains(&Command::Tell(Event::Began { older: false })));
        let first = vec![message(1, "z")];
        assert_eq!(session.received(&entries(&first), 10_002, NO), [Command::Tell(Event::Entries(first))]);
    }

    #[test]
    fn a_refused_message_leaves_the_outbox_and_is_said() {
        let mut session = started();
        session.received(&welcome(0), 1, NO);
        session.post(id("m1"), String::new());

        let refused = refused("m1", Code::MessageEmpty, None);
        let commands = session.received(&refused, 2, NO);

        let message = Pending { id: id("m1"), text: String::new() };
        assert_eq!(commands, [Command::Tell(Event::NotSent { message, code: Code::MessageEmpty })]);
        assert_eq!(session.outbox().count(), 0);
    }

    #[test]
    fn what_was_written_before_the_wish_to_end_goes_first() {
        let mut session = started();
        session.post(id("m1"), "un'ultima cosa".into());
        session.close();
        assert_eq!(sent(&session.received(&welcome(0), 1, NO)).len(), 1);

        let commands = session.received(&entries(&[message(1, "m1")]), 2, NO);

        assert_eq!(sent(&commands), [ClientFrame::Close {}]);
    }

    #[test]
    fn a_message_that_was_lost_on_a_living_link_is_sent_again_with_the_next_heartbeat() {
        let mut session = started();
        session.received(&welcome(0), 1, NO);
        session.post(id("m1"), "ciao".into());

        let commands = session.received(PONG, 8_000, NO);

        assert_eq!(sent(&commands), [ClientFrame::Post { id: id("m1"), text: "ciao".into() }]);
    }

    #[test]
    fn an_end_that_comes_before_the_whole_log_is_come_back_for() {
        let mut session = started();
        session.received(&welcome(9), 1, NO);
        session.received(&entries(&[message(1, "a")]), 2, NO);
        session.lost(Some(close::NORMAL), 3, NO);
        assert_eq!(session.link.state(), LinkState::Lost);

        let mut whole = started();
        whole.received(&welcome(1), 1, NO);
        whole.received(&entries(&[message(1, "a")]), 2, NO);
        whole.lost(Some(close::NORMAL), 3, NO);
        assert_eq!(whole.link.state(), LinkState::Over);
    }

    #[test]
    fn a_wish_to_end_survives_a_lost_link() {
        let mut session = started();
        assert_eq!(session.close(), []);

        assert_eq!(sent(&session.received(&welcome(0), 1, NO)), [ClientFrame::Close {}]);
    }

    #[test]
    fn a_new_ticket_goes_on_where_the_old_one_ended() {
        let mut session = started();
        session.received(&welcome(1), 1, NO);
        session.received(&entries(&[message(1, "a")]), 2, NO);
        session.post(id("m1"), "ciao".into());
        session.lost(Some(close::REFUSED), 3, NO);
        assert_eq!(session.link.state(), LinkState::Over);

        let hello = sent(&session.renew("another".into(), 4));
        assert!(
            matches!(&hello[..], [ClientFrame::Hello { resume_after: 1, ticket, .. }] if ticket == "another")
        );
        assert_eq!(sent(&session.received(&welcome(1), 5, NO)).len(), 1);
    }

    #[test]
    fn frames_of_tomorrow_are_ignored() {
        let mut session = started();
        session.received(&welcome(0), 1, NO);
        assert_eq!(session.received(r#"{"hologram":{"x":1}}"#, 2, NO), []);
        assert_eq!(session.received("not json", 3, NO), []);
    }

    fn started() -> Session {
        let mut session = Session::new("ticket".to_string(), Vec::new());
        session.start(0);
        session
    }

    fn welcome(last_seq: u64) -> String {
        welcome_after(last_seq, 0)
    }

    fn refused(name: &str, code: Code, retry_after_ms: Option<i64>) -> String {
        let message = Some(id(name));
        let frame = ServerFrame::Refused { code, detail: String::new(), message, retry_after_ms };
        serde_json::to_string(&frame).unwrap()
    }

    fn welcome_after(last_seq: u64, after: u64) -> String {
        let frame = ServerFrame::Welcome {
            version: version::CURRENT,
            conversation: ConversationId::of(&"0e".repeat(32), 1).unwrap(),
            party: Party::Citizen,
            phase: Phase::Waiting { since: Timestamp::from_millis(0) },
            last_seq,
            after,
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
                Command::Open(_)
                | Command::Probe
                | Command::Close
                | Command::WakeAt(_)
                | Command::Tell(_) => None,
            })
            .collect()
    }
}
