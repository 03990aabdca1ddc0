// SPDX-License-Identifier: EUPL-1.2
//! A conversation over a link: every message of this client is stored once and in order, and no entry is missed.
//!
//! - A message stays in the outbox until its entry comes back from the server, which is the acknowledgement. One
//!   message is under way at a time, so that one refused for coming too fast is not overtaken; after every `welcome` it is
//!   sent again, and its id makes that harmless.
//! - The client has a window of the log. Entries beyond a gap are not taken: the session asks for the page that
//!   follows its cursor. Earlier pages come when the interface asks for them.
//! - The wish to end, a question and a segnalazione are repeated with every `welcome` and every heartbeat until
//!   the log answers them.

mod event;
mod outbox;
mod repeated;
mod window;

use infocig_protocol::{
    call::CallAct,
    case::Question,
    close, codec,
    entry::{Entry, EntryBody, Party, Phase},
    frame::{ClientFrame, ServerFrame},
    id::{ConversationId, MessageId},
    limits::{PONG, TYPING_EVERY_MS},
    person::PersonCard,
    problem::Code,
    segnalazione::SegnalazioneDraft,
    version,
};

pub use self::{event::Event, outbox::Pending};
use self::{
    outbox::Outbox,
    repeated::Repeated,
    window::{Extension, Window},
};
use crate::{
    json,
    link::{Act, Link, LinkState},
    machine::{Command, Jitter, Machine, Millis},
};

/// One end of a conversation.
#[derive(Clone, Debug)]
pub struct Session {
    link: Link,
    ticket: String,
    party: Option<Party>,
    window: Window,
    outbox: Outbox,
    /// The time the link asked to be woken at.
    link_wake: Option<Millis>,
    read_up_to: u64,
    /// When `typing` was sent last.
    typed: Option<Millis>,
    repeated: Vec<Repeated>,
    /// How a frame is read.
    read_frame: fn(&str) -> Option<ServerFrame>,
    /// The frame that ends the conversation, until it is seen to have ended.
    ending: Option<ClientFrame>,
}

impl Session {
    /// A session that has seen nothing, with messages that were not sent before the page was loaded anew.
    pub fn new(ticket: String, unsent: Vec<Pending>) -> Self {
        Self {
            link: Link::new(),
            ticket,
            party: None,
            window: Window::new(),
            outbox: Outbox::new(unsent),
            link_wake: None,
            read_up_to: 0,
            typed: None,
            repeated: Vec::new(),
            read_frame: json::read,
            ending: None,
        }
    }

    /// The same session, which reads calls too.
    #[must_use]
    pub fn with_calls(self) -> Self {
        Self { read_frame: json::read_whole, ..self }
    }

    /// Messages not yet acknowledged, oldest first.
    pub fn outbox(&self) -> impl Iterator<Item = &Pending> {
        self.outbox.iter()
    }

    /// Sends a message after those before it, and repeats it until it is acknowledged. Where the outbox is full, the message
    /// comes back as [`Event::NotSent`].
    pub fn post(&mut self, id: MessageId, text: String) -> Vec<Command<Event>> {
        if let Err(message) = self.outbox.push(Pending { id, text }) {
            return vec![Command::Emit(Event::NotSent { message, code: Code::TooFast })];
        }
        // A message ends the writing that was announced.
        self.typed = None;
        if self.outbox.len() == 1 { self.send_next().into_iter().collect() } else { Vec::new() }
    }

    /// Announces that somebody is writing, at most every [`TYPING_EVERY_MS`].
    pub fn typing(&mut self, now: Millis) -> Vec<Command<Event>> {
        if self.typed.is_some_and(|typed| now < typed + TYPING_EVERY_MS && now >= typed) || !self.is_live() {
            return Vec::new();
        }
        self.typed = Some(now);
        vec![send(&ClientFrame::Typing {})]
    }

    /// Reports that every entry up to this one has been on screen.
    pub fn read(&mut self, up_to: u64) -> Vec<Command<Event>> {
        if up_to <= self.read_up_to {
            return Vec::new();
        }
        self.read_up_to = up_to;
        self.send_if_live(&ClientFrame::Read { up_to })
    }

    /// Asks for the entries before the window. Asking again while they are under way changes nothing.
    pub fn older(&mut self) -> Vec<Command<Event>> {
        let page = if self.is_live() { self.window.ask_older() } else { None };
        page.map(|page| send(&ClientFrame::Page(page))).into_iter().collect()
    }

    /// Asks for a page of an earlier conversation of the person: the newest, or the one before an entry. Lost with the link.
    pub fn history(&mut self, conversation: ConversationId, before: Option<u64>) -> Vec<Command<Event>> {
        self.send_if_live(&ClientFrame::History { conversation, before })
    }

    /// Says that the person is still here, when the conversation was about to end for want of an answer. It is not repeated:
    /// the warning stays on screen, should it be lost.
    pub fn stay(&mut self) -> Vec<Command<Event>> {
        self.send_if_live(&ClientFrame::Stay {})
    }

    /// Acts on a call. It is not repeated: the machine of the call knows what still matters.
    pub fn call(&mut self, act: CallAct) -> Vec<Command<Event>> {
        let frame = self.is_live().then(|| Command::Send(codec::write_late(&ClientFrame::Call(act))));
        frame.into_iter().collect()
    }

    /// Ends the conversation: now if the link is live, and with every welcome until it is seen to have ended.
    pub fn close(&mut self) -> Vec<Command<Event>> {
        self.ending = Some(ClientFrame::Close {});
        self.send_close().into_iter().collect()
    }

    /// Leaves the queue, because the person found the answer in their cases.
    pub fn self_served(&mut self) -> Vec<Command<Event>> {
        self.ending = Some(ClientFrame::SelfServed {});
        self.send_close().into_iter().collect()
    }

    /// Says that an address in an answer of the assistant was opened. It is not repeated: a figure is no reason to.
    pub fn source_opened(&mut self) -> Vec<Command<Event>> {
        let frame = self.is_live().then(|| Command::Send(codec::write_late(&ClientFrame::SourceOpened {})));
        frame.into_iter().collect()
    }

    /// Sends what the question is about, until the log has it or it is refused.
    pub fn question(&mut self, question: Question) -> Vec<Command<Event>> {
        self.repeat(Repeated::Question(question))
    }

    /// Sends a segnalazione, until the log has it or it is refused.
    pub fn forward(&mut self, draft: SegnalazioneDraft) -> Vec<Command<Event>> {
        self.repeat(Repeated::Forward(Box::new(draft)))
    }

    /// Goes on with another ticket after the link has ended; window and outbox stay.
    pub fn renew(&mut self, ticket: String, now: Millis) -> Vec<Command<Event>> {
        self.ticket = ticket;
        self.link = Link::new();
        self.step(|link| link.connect(now))
    }

    /// Stops for good: the interface goes away.
    pub fn end(&mut self) -> Vec<Command<Event>> {
        self.step(Link::end)
    }

    fn repeat(&mut self, frame: Repeated) -> Vec<Command<Event>> {
        let commands = self.send_if_live(&frame.frame());
        self.repeated.retain(|other| !frame.replaces(other));
        self.repeated.push(frame);
        commands
    }

    fn handle_welcome(&mut self, welcome: Welcome, now: Millis) -> Vec<Command<Event>> {
        let Welcome { party, phase, last_seq, after, person, calls } = welcome;
        self.party = Some(party);
        let restarts = self.window.welcome(last_seq, after);
        let mut commands = self.step(|link| link.handle_welcome(now));
        commands.push(Command::Emit(Event::Welcomed {
            party,
            phase: phase.clone(),
            last_seq,
            person,
            calls,
        }));
        if restarts {
            self.read_up_to = self.read_up_to.min(last_seq);
            commands.push(Command::Emit(Event::Began { older: after > 0 }));
        }
        self.outbox.resume();
        commands.extend(self.send_next());
        if self.read_up_to > 0 && self.is_live() {
            commands.push(send(&ClientFrame::Read { up_to: self.read_up_to.min(last_seq) }));
        }
        if phase.is_closed() {
            self.ending = None;
        }
        commands.extend(self.send_repeated());
        commands.extend(self.send_close());
        commands
    }

    fn handle_entries(&mut self, entries: Vec<Entry>) -> Vec<Command<Event>> {
        let mut commands = Vec::new();
        let waiting = self.outbox.len();
        for entry in &entries {
            commands.extend(self.acknowledge(entry).map(|id| Command::Emit(Event::Stored(id))));
            self.repeated.retain(|frame| !frame.is_answered_by(&entry.body));
        }
        let Extension { newer, older } = self.window.take(entries);
        if !newer.is_empty() {
            commands.push(Command::Emit(Event::Entries(newer)));
        }
        commands.extend(older.map(|(entries, more)| Command::Emit(Event::Older { entries, more })));
        if self.outbox.len() < waiting {
            commands.extend(self.send_next());
            commands.extend(self.send_close());
        }
        if self.is_live() {
            commands.extend(self.window.ask_newer().map(|page| send(&ClientFrame::Page(page))));
        }
        commands
    }

    /// Takes a message that an entry acknowledges out of the outbox. Ids are told apart per author.
    fn acknowledge(&mut self, entry: &Entry) -> Option<MessageId> {
        if let EntryBody::Closed { .. } = entry.body {
            self.ending = None;
        }
        let (id, author, _) = entry.message()?;
        if Some(author.party()) != self.party {
            return None;
        }
        self.outbox.remove(id).map(|stored| stored.id)
    }

    fn handle_refused(
        &mut self,
        code: Code,
        message: Option<MessageId>,
        retry_after_ms: Option<Millis>,
        now: Millis,
    ) -> Vec<Command<Event>> {
        match (message, retry_after_ms) {
            (Some(_), Some(wait)) => {
                self.outbox.pause_until(now + wait);
                let first = [self.link_wake, self.outbox.retry_at()].into_iter().flatten().min();
                first.map(Command::WakeAt).into_iter().collect()
            }
            (Some(id), None) => {
                if self.repeated.iter().any(|frame| frame.is_segnalazione(&id)) {
                    self.repeated.retain(|frame| !frame.is_segnalazione(&id));
                    return vec![Command::Emit(Event::NotForwarded { id, code })];
                }
                let Some(message) = self.outbox.remove(&id) else { return Vec::new() };
                let mut commands = vec![Command::Emit(Event::NotSent { message, code })];
                commands.extend(self.send_next());
                commands.extend(self.send_close());
                commands
            }
            (None, _) if code == Code::QuestionInvalid => {
                self.repeated.retain(|frame| !frame.is_question());
                Vec::new()
            }
            // The server closes the link for it, and the next one greets in time.
            (None, _) if code == Code::HelloExpected => Vec::new(),
            (None, _) => {
                let mut commands = if self.is_live() { Vec::new() } else { self.step(Link::end) };
                commands.push(Command::Emit(Event::Refused(code)));
                commands
            }
        }
    }

    /// A heartbeat was answered: all frames sent before it without an answer were lost.
    fn handle_pong(&mut self, now: Millis) -> Vec<Command<Event>> {
        let mut commands = self.step(|link| link.handle_pong(now));
        if self.is_live() {
            commands.extend(self.window.ask_again().map(|page| send(&ClientFrame::Page(page))));
        }
        self.outbox.distrust_long_pause(now);
        commands.extend(self.send_next());
        commands.extend(self.send_repeated());
        commands.extend(self.send_close());
        commands
    }

    /// The oldest message of the outbox goes (again), unless there is a reason to wait.
    fn send_next(&self) -> Option<Command<Event>> {
        self.outbox.next().filter(|_| self.is_live()).as_ref().map(send)
    }

    fn send_repeated(&self) -> Vec<Command<Event>> {
        if !self.is_live() {
            return Vec::new();
        }
        self.repeated.iter().map(|frame| send(&frame.frame())).collect()
    }

    /// The frame that ends the conversation goes once the outbox is empty: messages written before go first.
    fn send_close(&self) -> Option<Command<Event>> {
        let now = self.outbox.is_empty() && self.is_live();
        self.ending.as_ref().filter(|_| now).map(send)
    }

    fn send_if_live(&self, frame: &ClientFrame) -> Vec<Command<Event>> {
        if self.is_live() { vec![send(frame)] } else { Vec::new() }
    }

    fn is_live(&self) -> bool {
        self.link.state() == LinkState::Live
    }

    /// Lets the link act.
    fn step(&mut self, act: impl FnOnce(&mut Link) -> Vec<Act>) -> Vec<Command<Event>> {
        let Self { link, ticket, window, .. } = self;
        let hello = || {
            codec::write(&ClientFrame::Hello {
                version: version::CURRENT,
                ticket: ticket.clone(),
                resume_after: window.cursor(),
            })
        };
        let mut commands = link.step(act, hello, Event::Link);
        if commands.iter().any(|command| matches!(command, Command::Open(_))) {
            self.window.greet();
        }
        for command in &mut commands {
            if let Command::WakeAt(at) = command {
                self.link_wake = Some(*at);
                *at = self.outbox.retry_at().map_or(*at, |retry| retry.min(*at));
            }
        }
        commands
    }
}

/// The members of `welcome` that a session uses.
struct Welcome {
    party: Party,
    phase: Phase,
    last_seq: u64,
    after: u64,
    person: Option<PersonCard>,
    calls: bool,
}

impl Machine for Session {
    type Event = Event;

    fn ticket(&self) -> &str {
        &self.ticket
    }

    fn start(&mut self, now: Millis) -> Vec<Command<Event>> {
        self.step(|link| link.connect(now))
    }

    fn handle_text(&mut self, text: &str, now: Millis, _jitter: Jitter) -> Vec<Command<Event>> {
        if text == PONG {
            return self.handle_pong(now);
        }
        match (self.read_frame)(text) {
            Some(ServerFrame::Welcome { party, phase, last_seq, after, person, calls, .. }) => {
                self.handle_welcome(Welcome { party, phase, last_seq, after, person, calls }, now)
            }
            Some(ServerFrame::Entries { entries }) => self.handle_entries(entries),
            Some(ServerFrame::Presence { party, connected, read_up_to }) => {
                vec![Command::Emit(Event::Presence { party, connected, read_up_to })]
            }
            Some(ServerFrame::Typing { party }) => vec![Command::Emit(Event::Typing(party))],
            Some(ServerFrame::Refused { code, message, retry_after_ms, .. }) => {
                self.handle_refused(code, message, retry_after_ms, now)
            }
            Some(ServerFrame::Queue(place)) => vec![Command::Emit(Event::Queue(place))],
            Some(ServerFrame::Call(news)) => vec![Command::Emit(Event::Call(news))],
            Some(ServerFrame::History { conversations }) => {
                vec![Command::Emit(Event::History(conversations))]
            }
            Some(ServerFrame::HistoryEntries { conversation, entries }) => {
                vec![Command::Emit(Event::HistoryEntries { conversation, entries })]
            }
            None => Vec::new(),
        }
    }

    fn handle_close(&mut self, code: Option<u16>, now: Millis, jitter: Jitter) -> Vec<Command<Event>> {
        // The server ended the conversation before all of the log had come: the client comes back for the rest.
        let code = code.filter(|code| *code != close::NORMAL || self.window.is_complete());
        self.step(|link| link.handle_close(code, now, jitter))
    }

    fn handle_timeout(&mut self, now: Millis, jitter: Jitter) -> Vec<Command<Event>> {
        let resumes = self.outbox.resume_if_due(now);
        let mut commands = self.step(|link| link.handle_timeout(now, jitter));
        if resumes {
            commands.extend(self.send_next());
        }
        commands
    }

    fn handle_resume(&mut self, now: Millis) -> Vec<Command<Event>> {
        self.step(|link| link.handle_resume(now))
    }

    fn handle_probe(&mut self, now: Millis) -> Vec<Command<Event>> {
        self.step(|link| link.handle_probe(now))
    }
}

fn send(frame: &ClientFrame) -> Command<Event> {
    Command::Send(codec::write(frame))
}

#[cfg(test)]
mod tests;
