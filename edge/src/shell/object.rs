// SPDX-License-Identifier: EUPL-1.2
//! What every object does with its room: store, then send, then arm, in one synchronous step per event.
//!
//! Between reading and writing nothing awaits, so nothing interleaves; the runtime holds answers back until the writes are
//! durable. Letters leave from the alarm alone: one path, tried again by itself.

use std::{cell::Cell, collections::BTreeMap, rc::Rc, time::Duration};

use ::worker::{Delay, Env, Request, Response, State, WebSocket, WebSocketIncomingMessage};
use infocig_domain::people::Speaker;
use infocig_protocol::{
    close,
    entry::Party,
    http::{Poll, Polled},
    id::{AdvisorId, ConversationId},
    limits::{HELLO_WITHIN_MS, MAX_POLL_BYTES, PING, POLL_WAITS_MS, PONG, SILENT_AFTER_MS},
    problem::Code,
    time::Timestamp,
};

use super::{
    alarm::Alarm,
    calls, clock,
    links::{self, Found, Link, Links, Text},
    objects::{self, Envelope},
    process, replies,
    worker::Failure,
};
use crate::{
    problem::{Fault, Refusal},
    room::{Accepted, Broadcast, Closes, Outcome, Paint, PassedOn, Rearm, Room, Socket, presence},
};

/// The events of a Durable Object, handed to its `object`. All of them are written out because the platform's defaults
/// panic, and a panic empties every object of the isolate.
macro_rules! hand_events_to_object {
    () => {
        async fn websocket_message(
            &self,
            socket: ::worker::WebSocket,
            message: ::worker::WebSocketIncomingMessage,
        ) -> ::worker::Result<()> {
            self.object.message(&socket, message).await;
            Ok(())
        }

        async fn websocket_close(
            &self,
            socket: ::worker::WebSocket,
            _code: usize,
            _reason: String,
            _was_clean: bool,
        ) -> ::worker::Result<()> {
            self.object.gone(&socket).await;
            Ok(())
        }

        async fn websocket_error(
            &self,
            socket: ::worker::WebSocket,
            _error: ::worker::Error,
        ) -> ::worker::Result<()> {
            self.object.gone(&socket).await;
            Ok(())
        }

        async fn alarm(&self) -> ::worker::Result<::worker::Response> {
            self.object.ring().await;
            ::worker::Response::empty()
        }
    };
}
pub(super) use hand_events_to_object;

/// The socket events of a Durable Object that has no links. They are written out for the same reason.
macro_rules! have_no_links {
    () => {
        async fn websocket_message(
            &self,
            _socket: ::worker::WebSocket,
            _message: ::worker::WebSocketIncomingMessage,
        ) -> ::worker::Result<()> {
            Ok(())
        }

        async fn websocket_close(
            &self,
            _socket: ::worker::WebSocket,
            _code: usize,
            _reason: String,
            _was_clean: bool,
        ) -> ::worker::Result<()> {
            Ok(())
        }

        async fn websocket_error(
            &self,
            _socket: ::worker::WebSocket,
            _error: ::worker::Error,
        ) -> ::worker::Result<()> {
            Ok(())
        }
    };
}
pub(super) use have_no_links;

/// An object: its room, its links, its alarm.
pub(super) struct Object<R> {
    state: State,
    env: Env,
    room: Result<R, Fault>,
    links: Links,
    alarm: Alarm,
    /// Whether the room was told who is connected, since memory was last empty.
    counted: Cell<bool>,
}

impl<R: Room> Object<R> {
    /// Wakes the object. A room that cannot be opened stays a fault that every event reports.
    pub(super) fn wake(state: State, env: Env, open: impl FnOnce(&State, &Env) -> Result<R, Fault>) -> Self {
        clock::start(&env);
        links::answer_heartbeats(&state);
        let room = open(&state, &env);
        let links = Links::of(&state);
        Self { state, env, room, links, alarm: Alarm::default(), counted: Cell::new(false) }
    }

    pub(super) fn room(&self) -> Result<&R, Fault> {
        self.room.as_ref().map_err(Clone::clone)
    }

    /// Answers with what `work` makes, and arms the alarm for what it left to do.
    pub(super) async fn answer(
        &self,
        work: impl AsyncFnOnce() -> Result<Response, Fault>,
    ) -> ::worker::Result<Response> {
        self.count();
        let answered = work().await;
        self.arm(clock::wall()).await;
        answered.or_else(|fault| replies::fault(&fault, ""))
    }

    /// Accepts a socket that has yet to say who it is.
    pub(super) fn accept(&self, conversation: Option<ConversationId>) -> Result<Response, Fault> {
        self.room()?;
        self.links.accept(&self.state, Socket::new(clock::wall(), conversation))
    }

    /// Takes in a request of a polled link: the frames it brings, and then, if it waits, what there is to tell.
    ///
    /// It waits by looking again and again, so that no request wakes what another one left behind.
    pub(super) async fn poll(
        &self,
        conversation: Option<ConversationId>,
        mut request: Request,
    ) -> Result<Response, Fault> {
        let room = self.room()?;
        let body = match calls::read_request(&mut request, MAX_POLL_BYTES).await {
            Ok(body) => body,
            Err(Failure::Refused(refusal)) => return replies::problem(&refusal, ""),
            Err(Failure::Fault(fault)) => return Err(fault),
        };
        let Ok(Poll { link: id, number, frames, wait, leaving }) = serde_json::from_slice(&body) else {
            return replies::problem(&Refusal::new(Code::RequestInvalid, "not a poll"), "");
        };
        let known = Socket::new(clock::wall(), conversation);
        let link = self.links.polled(&self.state, &id, (!frames.is_empty()).then_some(known));
        let Some(link) = link else {
            return replies::json(200, &Polled { frames: Vec::new(), closed: Some(close::ABNORMAL) });
        };
        // Only requests that bring frames are in one order among themselves; waiting ones travel beside them.
        let news = !frames.is_empty() && link.brings_news(number);
        let mut alive = false;
        for frame in frames.into_iter().filter(|_| news) {
            if frame == PING {
                alive = true;
            } else if link.look_at(|known| !known.dismissed) {
                let outcome = link.look_at(|known| room.receive(known, &frame, clock::now()));
                self.carry_out(&link, outcome).await;
            }
        }
        if alive && link.look_at(|known| !known.dismissed) {
            link.send(PONG);
        }
        self.arm(clock::wall()).await;
        if link.look_at(|known| known.speaker.is_none()) {
            // Forget the link: its first request did not say who it is, and the answer is all there is to tell.
            self.links.forget(&link);
            link.wait(number);
            let Found::Something(polled) = link.look(number) else {
                return replies::json(200, &Polled { frames: Vec::new(), closed: Some(close::REFUSED) });
            };
            return replies::json(200, &polled);
        }
        self.links.remember(&link)?;
        if leaving {
            self.let_go(&link)?;
            return replies::json(200, &Polled { frames: Vec::new(), closed: Some(close::NORMAL) });
        }
        if !wait {
            return replies::json(200, &Polled::default());
        }
        link.wait(number);
        let until = clock::wall().plus_millis(POLL_WAITS_MS);
        loop {
            match link.look(number) {
                Found::Something(polled) => return replies::json(200, &polled),
                Found::Nothing if clock::wall() < until && !process::is_ending() => {
                    Delay::from(LOOK_EVERY).await;
                }
                Found::Nothing => {
                    link.answered_with_nothing(number);
                    return replies::json(200, &Polled::default());
                }
                Found::Replaced => return replies::json(200, &Polled::default()),
            }
        }
    }

    /// Takes in a letter of another object.
    pub(super) async fn hear(&self, mut request: Request) -> Result<Response, Fault> {
        let Envelope { source, id, notification } = request.json().await?;
        let outcome = self.room()?.hear(&source, id, &notification, clock::now())?;
        self.tell(None, outcome)?;
        replies::empty(204)
    }

    /// Sends what came of a request that is no frame.
    pub(super) fn carry(&self, outcome: Outcome) -> Result<(), Fault> {
        self.tell(None, outcome)
    }

    /// Somebody asked for a page without a link: they are there for a while, and what it shows has been on screen. `false` if
    /// there is no room for them.
    pub(super) fn seen(&self, reader: Socket) -> Result<bool, Fault> {
        let (read_up_to, party) = (reader.read_up_to, reader.party());
        let Some((link, was_there)) = self.links.pages(&self.state, reader) else { return Ok(false) };
        let known = link.known();
        let read_on = known.read_up_to < read_up_to;
        if read_on {
            link.learn(|known| known.read_up_to = read_up_to)?;
        }
        self.links.remember(&link)?;
        if let Some(party) = party.filter(|_| read_on || !was_there) {
            self.tell_presence(party, &known)?;
        }
        Ok(true)
    }

    /// The process is about to end: every link is told to come back, to whatever runs then.
    pub(super) fn part(&self) -> Result<Response, Fault> {
        for link in self.links.all(&self.state).iter() {
            link.close(close::RESTART);
        }
        replies::empty(204)
    }

    /// The service's clock was moved: does what has become due.
    pub(super) async fn wake_now(&self) -> Result<Response, Fault> {
        self.ring().await;
        replies::empty(204)
    }

    /// Fails on purpose, or has everybody without a socket be silent for too `long`.
    #[cfg(feature = "test-clock")]
    pub(super) fn fail(&self, how: &str) -> Result<Response, Fault> {
        if how != "long" {
            return super::failures::fail(&self.state, how);
        }
        for link in self.links.all(&self.state).iter().filter(|link| link.is_visit()) {
            self.let_go(link)?;
        }
        replies::empty(204)
    }

    /// Takes in a frame.
    pub(super) async fn message(&self, socket: &WebSocket, message: WebSocketIncomingMessage) {
        self.count();
        match self.links.of_socket(&self.state, socket) {
            Ok(link) => {
                let outcome = self.receive(&link, message);
                self.carry_out(&link, outcome).await;
            }
            Err(fault) => {
                ::worker::console_error!("fault: {fault}");
                let _ended = socket.close(Some(close::FAULT), None::<&str>);
            }
        }
    }

    /// A socket is gone.
    pub(super) async fn gone(&self, socket: &WebSocket) {
        self.count();
        let told = self.links.of_socket(&self.state, socket).and_then(|link| self.let_go(&link));
        if let Err(fault) = told {
            ::worker::console_error!("fault: {fault}");
            // Whoever is still counted as there is counted again.
            self.counted.set(false);
        }
        self.arm(clock::wall()).await;
    }

    /// The alarm went off: letters that are due leave, links that never said who they are or fell silent end.
    pub(super) async fn ring(&self) {
        self.ring_after(Ok(())).await;
    }

    /// The alarm went off, and the object has done work of its own for it.
    pub(super) async fn ring_after(&self, own: Result<(), Fault>) {
        self.alarm.rang();
        self.count();
        let mut not_before = clock::wall();
        for done in [own, self.end_links(), self.move_on(), self.deliver_letters().await] {
            if let Err(fault) = done {
                ::worker::console_error!("fault: {fault}");
                not_before = clock::wall().plus_millis(AFTER_FAULT_MS);
            }
        }
        self.arm(not_before).await;
    }

    /// Tells the room who is connected, once after memory was lost, and with it perhaps links.
    fn count(&self) {
        if self.counted.replace(true) {
            return;
        }
        let links = self.links.all(&self.state);
        let known = links.iter().map(|link| link.known());
        let known: Vec<Socket> = known.filter(|known| known.speaker.is_some() && !known.dismissed).collect();
        let told = self.room().and_then(|room| room.census(&known, clock::now()));
        if let Err(fault) = told.and_then(|outcome| self.tell(None, outcome)) {
            ::worker::console_error!("fault: {fault}");
            self.counted.set(false);
        }
    }

    fn receive(&self, link: &Link, message: WebSocketIncomingMessage) -> Result<Outcome, Fault> {
        match message {
            WebSocketIncomingMessage::String(text) => {
                let room = self.room()?;
                link.look_at(|known| room.receive(known, &text, clock::now()))
            }
            WebSocketIncomingMessage::Binary(_) => {
                let refusal = Refusal::new(Code::FrameBinary, "frames are JSON text");
                Outcome::refuse_and_close::<R>(refusal, close::UNSUPPORTED_DATA)
            }
        }
    }

    /// Sends what came of a frame, and arms the alarm if it has to ring for it.
    async fn carry_out(&self, link: &Link, outcome: Result<Outcome, Fault>) {
        let alarm = outcome.as_ref().map_or(Rearm::Ask, |outcome| outcome.alarm);
        if let Err(fault) = outcome.and_then(|outcome| self.tell(Some(link), outcome)) {
            ::worker::console_error!("fault: {fault}");
            link.close(close::FAULT);
        }
        match alarm {
            Rearm::Leave if self.alarm.is_set() => {}
            Rearm::By(instant) if self.alarm.is_set() => self.wake_by(Some(clock::wall_at(instant))).await,
            Rearm::Ask | Rearm::Leave | Rearm::By(_) => self.arm(clock::wall()).await,
        }
    }

    /// Sends what an outcome says, to whom it says.
    fn tell(&self, sender: Option<&Link>, outcome: Outcome) -> Result<(), Fault> {
        let Outcome {
            accepted,
            to_sender,
            close_sender,
            to_conversation,
            to_citizen,
            to_advisors,
            passed_on,
            repaint,
            alarm: _,
        } = outcome;
        let is_new = accepted.is_some();
        if let (Some(link), Some(Accepted { speaker, until })) = (sender, accepted) {
            link.learn(|known| {
                (known.speaker, known.until) = (Some(speaker), Some(until));
            })?;
        }
        if let Some(broadcast) = to_conversation {
            self.tell_conversation(&broadcast)?;
        }
        for (conversation, frame) in &to_citizen {
            self.tell_links(frame, |known| known.hears_places(conversation));
        }
        for (advisor, frame) in &to_advisors {
            self.tell_links(frame, |known| !known.dismissed && known.advisor() == Some(advisor));
        }
        if let Some(link) = sender {
            for frame in &to_sender {
                link.send(frame);
            }
            if is_new {
                self.introduce(link)?;
            }
            if let Some(passed_on) = passed_on {
                self.pass_on(link, passed_on)?;
            }
            if let Some(code) = close_sender {
                link.close(code);
                self.let_go(link)?;
            }
        }
        if repaint { self.repaint() } else { Ok(()) }
    }

    fn tell_conversation(&self, broadcast: &Broadcast) -> Result<(), Fault> {
        let Broadcast { conversation, frames, then_close, readers } = broadcast;
        let frames: Vec<Text<'_>> = frames.iter().map(|frame| frame.as_str().into()).collect();
        let links = self.links.all(&self.state);
        for link in links.iter() {
            let hears = |known: &Socket| {
                known.speaker.is_some()
                    && !known.dismissed
                    && known.conversation.as_ref() == Some(conversation)
            };
            if !link.look_at(hears) {
                continue;
            }
            for frame in &frames {
                link.send_made(frame);
            }
            let may_not_read = |readers: &Vec<AdvisorId>| {
                link.look_at(|known| known.advisor().is_some_and(|advisor| !readers.contains(advisor)))
            };
            let leaves = match then_close {
                Closes::Nobody => false,
                Closes::Advisors => link.look_at(|known| known.party() == Some(Party::Advisor)),
                Closes::Everybody => true,
            };
            if leaves {
                link.close(close::NORMAL);
            } else if readers.as_ref().is_some_and(may_not_read) {
                let refusal = Refusal::new(Code::NotAssigned, "this advisor holds the conversation no more");
                link.send(&R::refusal(refusal)?);
                link.close(close::REFUSED);
                self.let_go(link)?;
            }
        }
        Ok(())
    }

    /// Tells a newcomer who else is there, and them of the newcomer.
    fn introduce(&self, link: &Link) -> Result<(), Fault> {
        let known = link.known();
        let Some(own) = known.party() else { return Ok(()) };
        for party in [Party::Citizen, Party::Advisor] {
            if known.watches(&known, party) {
                link.send(&self.presence(party, &known)?);
            }
        }
        self.tell_presence(own, &known)
    }

    /// Tells the other side what is passed on and not stored.
    fn pass_on(&self, link: &Link, passed_on: PassedOn) -> Result<(), Fault> {
        let known = link.known();
        let Some(party) = known.party() else { return Ok(()) };
        match passed_on {
            PassedOn::Read(up_to) if up_to == known.read_up_to => Ok(()),
            PassedOn::Read(up_to) => {
                link.learn(|known| known.read_up_to = up_to)?;
                self.tell_presence(party, &known)
            }
            PassedOn::Typing => {
                self.tell_watchers(party, &known, &presence::typing(party)?);
                Ok(())
            }
        }
    }

    /// A link is over: whoever watched its side is told how that stands now.
    fn let_go(&self, link: &Link) -> Result<(), Fault> {
        self.links.forget(link);
        // A socket that is gone may refuse to be written on: it is forgotten all the same.
        let _attached = link.learn(|known| known.dismissed = true);
        let known = link.known();
        if let Some(party) = known.party() {
            self.tell_presence(party, &known)?;
        }
        let is_there =
            |other: &Link| other.look_at(|other| !other.dismissed && other.is_of_the_speaker_of(&known));
        if known.speaker.is_none() || self.links.all(&self.state).iter().any(|other| is_there(other)) {
            return Ok(());
        }
        let outcome = self.room()?.parted(&known, clock::now())?;
        self.tell(None, outcome)
    }

    fn tell_presence(&self, party: Party, about: &Socket) -> Result<(), Fault> {
        let frame = self.presence(party, about)?;
        self.tell_watchers(party, about, &frame);
        Ok(())
    }

    fn tell_watchers(&self, party: Party, about: &Socket, frame: &str) {
        self.tell_links(frame, |known| known.watches(about, party));
    }

    /// Sends a text to every link that is to hear it.
    fn tell_links(&self, text: &str, hears: impl Fn(&Socket) -> bool) {
        let text = text.into();
        for link in self.links.all(&self.state).iter() {
            if link.look_at(&hears) {
                link.send_made(&text);
            }
        }
    }

    fn presence(&self, party: Party, about: &Socket) -> Result<String, Fault> {
        let known: Vec<Socket> = self.links.all(&self.state).iter().map(|link| link.known()).collect();
        presence::presence(party, about, known.iter())
    }

    /// Shows every speaker what has changed in what they see, on all of their links alike.
    fn repaint(&self) -> Result<(), Fault> {
        let room = self.room()?;
        let mut by_speaker: BTreeMap<Speaker, Vec<Rc<Link>>> = BTreeMap::new();
        for link in self.links.all(&self.state).iter() {
            let speaker = link.look_at(|known| known.speaker.clone().filter(|_| !known.dismissed));
            if let Some(speaker) = speaker {
                by_speaker.entry(speaker).or_default().push(Rc::clone(link));
            }
        }
        for (speaker, links) in by_speaker {
            let anew = links.iter().any(|link| !link.is_painted());
            let Paint { whole, changed } = room.paint(&speaker, anew, clock::now())?;
            let (whole, changed) = (whole.as_deref().map(Text::from), changed.as_deref().map(Text::from));
            for link in links {
                let frame = if link.is_painted() { &changed } else { &whole };
                if let Some(frame) = frame {
                    link.send_made(frame);
                    link.paint();
                }
            }
        }
        Ok(())
    }

    /// Lets the rules do what is due by the service's clock.
    fn move_on(&self) -> Result<(), Fault> {
        while let Some(outcome) = self.room()?.wake(clock::now())? {
            self.tell(None, outcome)?;
        }
        Ok(())
    }

    async fn deliver_letters(&self) -> Result<(), Fault> {
        let room = self.room()?;
        let source = objects::id_of(&self.state);
        loop {
            let letters = room.post().due(clock::wall())?;
            if letters.is_empty() {
                return Ok(());
            }
            for letter in letters {
                match objects::deliver(&self.env, &source, &letter).await {
                    Ok(()) => {
                        let outcome = room.delivered(&letter, clock::now())?;
                        self.tell(None, outcome)?;
                    }
                    Err(fault) => {
                        ::worker::console_error!("letter {} waits: {fault}", letter.id);
                        room.post().postpone(&letter, clock::wall())?;
                    }
                }
            }
        }
    }

    /// Ends links that never said who they are, fell silent, or whose ticket has ended.
    fn end_links(&self) -> Result<(), Fault> {
        let now = clock::wall();
        let refusal = R::refusal(Refusal::new(Code::HelloExpected, "nobody said hello in time"))?;
        for link in self.links.all(&self.state).iter() {
            if hello_deadline(link).is_some_and(|deadline| deadline <= now) {
                link.send(&refusal);
                link.close(close::SILENT);
            } else if link.silent_at(&self.state).is_some_and(|silent_at| silent_at <= now) {
                link.close(close::SILENT);
                self.let_go(link)?;
            } else if ticket_ends(link).is_some_and(|ends| ends <= now) {
                link.close(close::TICKET_ENDED);
                self.let_go(link)?;
            }
        }
        Ok(())
    }

    /// Arms the alarm for what is due next, but for nothing before `not_before`. An object that cannot say what is due
    /// wakes all the same: nothing is left behind because of a fault that passes.
    async fn arm(&self, not_before: Timestamp) {
        let next = self.next_wake().unwrap_or_else(|fault| {
            ::worker::console_error!("fault: {fault}");
            Some(clock::wall().plus_millis(BLIND_PAUSE_MS))
        });
        self.wake_by(next.map(|next| next.max(not_before))).await;
    }

    async fn wake_by(&self, instant: Option<Timestamp>) {
        if let Err(fault) = self.alarm.wake_by(instant, &self.state).await {
            ::worker::console_error!("alarm not armed: {fault}");
        }
    }

    /// When to look next whether a link is still there. A runtime that dies takes its sockets along and tells nobody: the
    /// alarm is what remains of those who were connected, so one is set even for sockets that never give a sign of life. Nor
    /// does the object hear of a heartbeat: a socket that has given none yet may since have given its only one.
    fn looks_after(&self, link: &Link) -> Option<Timestamp> {
        let silent_at = hello_deadline(link).or_else(|| link.silent_at(&self.state));
        let is_there = link.look_at(|known| !known.dismissed);
        let at_latest = is_there.then(|| clock::wall().plus_millis(SILENT_AFTER_MS));
        silent_at.into_iter().chain(at_latest).chain(ticket_ends(link)).min()
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        let room = self.room()?;
        let letters = room.post().next_due()?;
        let rules = room.next_wake()?.map(clock::wall_at);
        let links = self.links.all(&self.state);
        let silence = links.iter().filter_map(|link| self.looks_after(link));
        Ok([letters, rules].into_iter().flatten().chain(silence).min())
    }
}

/// When a link ends that does not say who it is. `None` for one that has, or was told to go.
fn hello_deadline(link: &Link) -> Option<Timestamp> {
    let silent = link.look_at(|known| known.speaker.is_none() && !known.dismissed);
    silent.then(|| link.known().opened.plus_millis(HELLO_WITHIN_MS))
}

/// When the ticket of a link ends, by the wall clock. `None` for one that was told to go.
fn ticket_ends(link: &Link) -> Option<Timestamp> {
    link.look_at(|known| known.until.filter(|_| !known.dismissed)).map(clock::wall_at)
}

/// How often a waiting poll looks whether there is something to tell.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// After a failure the object wakes again, but not at once.
const AFTER_FAULT_MS: i64 = 1_000;
/// An object that cannot even say when to wake tries again this often.
const BLIND_PAUSE_MS: i64 = 60_000;
