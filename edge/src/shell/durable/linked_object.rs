// SPDX-License-Identifier: EUPL-1.2
//! A Durable Object that people and advisors are connected to: store, then send, then arm, for every event.

use std::{
    cell::{Cell, Ref},
    collections::BTreeMap,
    rc::Rc,
};

use ::worker::{Env, Request, Response, State, WebSocket, WebSocketIncomingMessage};
use infocig_domain::people::Speaker;
use infocig_protocol::{
    close,
    entry::Party,
    id::ConversationId,
    limits::{HELLO_WITHIN_MS, SILENT_AFTER_MS},
    problem::Code,
    time::Timestamp,
};

use super::{
    links::{self, Link, Links, Text},
    object::{Notified, Object, respond},
};
use crate::{
    actors::{
        Accepted, AlarmUpdate, Broadcast, Closes, Effects, EndedSession, Ephemeral, LinkState, LinkedActor,
        Publication, Recipient, presence,
    },
    metrics::declared,
    problem::{Error, Fault, Refusal},
    shell::{clock, counters, http::replies, log},
};

/// The events of a Durable Object, handed to its `object`. All of them are written out because the platform's defaults panic,
/// and a panic empties every object of the isolate.
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
            self.object.socket_ended(&socket).await;
            Ok(())
        }

        async fn websocket_error(
            &self,
            socket: ::worker::WebSocket,
            _error: ::worker::Error,
        ) -> ::worker::Result<()> {
            self.object.socket_ended(&socket).await;
            Ok(())
        }

        async fn alarm(&self) -> ::worker::Result<::worker::Response> {
            $crate::shell::durable::alarm::rung(self.object.ring().await)
        }
    };
}
pub(super) use hand_events_to_object;

/// The synchronous step of a text frame, which `edge/entry.js` calls instead of `webSocketMessage`.
macro_rules! receive_at_once {
    ($object:ty) => {
        #[::wasm_bindgen::prelude::wasm_bindgen]
        impl $object {
            /// Applies a text frame. `true` if `armAlarm` has to be called next.
            #[wasm_bindgen(js_name = textFrame)]
            pub fn text_frame(&self, socket: ::web_sys::WebSocket, text: &str) -> bool {
                self.object.text_frame(&socket.into(), text)
            }

            /// Arms the alarm for the last text frame.
            #[wasm_bindgen(js_name = armAlarm)]
            pub async fn arm_alarm(&self) {
                self.object.arm_alarm().await;
            }
        }
    };
}
pub(super) use receive_at_once;

/// An object and its links.
pub(super) struct LinkedObject<A> {
    pub(super) object: Object<A>,
    pub(super) links: Links,
    /// Whether the stored connections were reconciled with the links, since memory was last empty.
    reconciled: Cell<bool>,
    /// The change to the alarm that a [`text_frame`](Self::text_frame) left for [`arm_alarm`](Self::arm_alarm).
    alarm_update: Cell<AlarmUpdate>,
    /// Whether this event has deleted everything the object had stored.
    deleted: Cell<bool>,
}

impl<A: LinkedActor> LinkedObject<A> {
    /// Opens the actor, and lets the runtime answer heartbeats.
    pub(super) fn open(
        state: State,
        env: Env,
        open: impl Fn(&State, &Env) -> Result<A, Fault> + 'static,
    ) -> Self {
        links::answer_heartbeats(&state);
        let links = Links::of(&state);
        let object = Object::open(state, env, open);
        Self {
            object,
            links,
            reconciled: Cell::new(false),
            alarm_update: Cell::default(),
            deleted: Cell::default(),
        }
    }

    pub(super) fn actor(&self) -> Result<Ref<'_, A>, Fault> {
        self.object.actor()
    }

    /// Answers a request, and arms the alarm for the work it left.
    pub(super) async fn answer(
        &self,
        work: impl AsyncFnOnce() -> Result<Response, Error>,
    ) -> ::worker::Result<Response> {
        self.object.refresh_rules().await;
        self.reconcile();
        let answered = work().await;
        // An object without anything has nothing to wake for, and is not opened again to be asked.
        let armed = if self.deleted.take() { Ok(()) } else { self.arm(clock::wall()).await };
        respond(answered, armed)
    }

    /// Accepts a socket that is yet to say `hello`.
    pub(super) fn accept(&self, conversation: Option<ConversationId>) -> Result<Response, Error> {
        self.actor()?;
        Ok(self.links.accept(&self.object.state, LinkState::new(clock::wall(), conversation))?)
    }

    /// Applies a message of another object's outbox.
    pub(super) async fn on_notification(&self, request: &mut Request) -> Result<Response, Error> {
        let Notified { effects, other_rules } = self.object.on_notification(request).await?;
        self.send(effects)?;
        // A link is welcomed with the topics, replies and limits that hold: it comes back at once and is welcomed anew.
        if other_rules { Ok(self.restart()?) } else { Ok(replies::empty(204)?) }
    }

    /// Sends the effects of a request that is no frame.
    pub(super) fn send(&self, effects: Effects) -> Result<(), Fault> {
        self.emit(None, effects)
    }

    /// A page without scripts was asked for: its reader counts as connected for a while, and everything it shows has been on
    /// screen. `false` if there is no room for them.
    pub(super) fn reader_connected(&self, reader: LinkState) -> Result<bool, Fault> {
        let (read_up_to, party) = (reader.read_up_to, reader.party());
        let Some((link, was_there)) = self.links.pages(&self.object.state, reader) else { return Ok(false) };
        let state = link.state();
        let read_on = state.read_up_to < read_up_to;
        if read_on {
            link.update(|state| state.read_up_to = read_up_to)?;
        }
        self.links.store(&link)?;
        if let Some(party) = party.filter(|_| read_on || !was_there) {
            self.send_presence(party, &state)?;
        }
        Ok(true)
    }

    /// The process is about to end: every link is asked to reconnect, to the process that runs then.
    pub(super) fn restart(&self) -> Result<Response, Fault> {
        for link in self.links.all(&self.object.state).iter() {
            link.close(close::RESTART);
        }
        replies::empty(204)
    }

    /// The service's clock was moved: does the work that has become due.
    pub(super) async fn wake_now(&self) -> Result<Response, Error> {
        self.ring().await?;
        Ok(replies::empty(204)?)
    }

    /// Fails on purpose, or has everybody without a socket be silent for too `long`.
    #[cfg(feature = "test-clock")]
    pub(super) fn fail(&self, how: &str) -> Result<Response, Error> {
        if how != "long" {
            return Ok(super::failures::fail(&self.object.state, how)?);
        }
        for link in self.links.all(&self.object.state).iter().filter(|link| link.is_stored_kind()) {
            self.on_disconnect(link)?;
        }
        Ok(replies::empty(204)?)
    }

    /// A text frame arrived on a socket: stores and sends within one synchronous step. A promise would cost each frame a tenth
    /// of its time, and nearly no frame has anything to wait for. `true` if [`arm_alarm`](Self::arm_alarm) has to be called
    /// next.
    pub(super) fn text_frame(&self, socket: &WebSocket, text: &str) -> bool {
        self.reconcile();
        let link = match self.links.of_socket(&self.object.state, socket) {
            Ok(link) => link,
            Err(fault) => {
                end(socket, &fault);
                return false;
            }
        };
        let Some(effects) = self.receive(&link, text) else { return false };
        let update = self.apply(&link, effects);
        let is_due = !self.keeps_alarm(update);
        if is_due {
            self.alarm_update.set(update);
        }
        is_due
    }

    /// Arms the alarm as the last [`text_frame`](Self::text_frame) left it to do.
    pub(super) async fn arm_alarm(&self) {
        self.update_alarm(self.alarm_update.take()).await;
    }

    /// A message arrived on a socket that is no text: [`text_frame`](Self::text_frame) has those. One that arrives after a Close
    /// frame was sent is dropped, because its sender holds nothing any more and may yet be slow to complete the handshake.
    pub(super) async fn message(&self, socket: &WebSocket, message: WebSocketIncomingMessage) {
        match message {
            WebSocketIncomingMessage::String(text) => {
                if self.text_frame(socket, &text) {
                    self.arm_alarm().await;
                }
            }
            WebSocketIncomingMessage::Binary(_) => {
                self.reconcile();
                match self.links.of_socket(&self.object.state, socket) {
                    Ok(link) if link.look_at(|state| !state.close_sent) => {
                        let refusal = Refusal::new(Code::FrameBinary, "frames are JSON text");
                        self.settle(&link, Err(refusal.closing(close::UNSUPPORTED_DATA).into())).await;
                    }
                    Ok(_) => {}
                    Err(fault) => end(socket, &fault),
                }
            }
        }
    }

    /// A socket has ended.
    pub(super) async fn socket_ended(&self, socket: &WebSocket) {
        self.reconcile();
        let ended =
            self.links.of_socket(&self.object.state, socket).and_then(|link| self.on_disconnect(&link));
        if let Err(fault) = ended {
            log::fault(&fault);
            // The store may still count them as connected.
            self.reconciled.set(false);
        }
        self.arm_or_log().await;
    }

    /// The alarm went off: links that are silent, unauthenticated or past their ticket end, the rules do the work that is due,
    /// messages of the outbox leave. An error asks the platform to retry the alarm, with backoff.
    pub(super) async fn ring(&self) -> Result<(), Fault> {
        self.object.rang();
        self.object.refresh_rules().await;
        self.reconcile();
        let emit = |effects| self.send(effects);
        let steps = [self.end_links(), self.object.wake(&emit), self.object.deliver_outbox(&emit).await];
        if steps.iter().all(Result::is_ok) && self.actor()?.is_to_be_deleted()? {
            let _closed = self.restart()?;
            self.deleted.set(true);
            return self.object.delete_all().await;
        }
        self.object.arm_after(steps, self.next_wake()).await
    }

    /// Corrects the stored connections once after memory was lost, and with it perhaps links.
    fn reconcile(&self) {
        if self.reconciled.replace(true) {
            return;
        }
        let links = self.links.all(&self.object.state);
        let live: Vec<LinkState> = links.iter().map(|link| link.state()).filter(LinkState::is_live).collect();
        let reconciled = self.actor().and_then(|actor| actor.reconcile_connections(&live, clock::now()));
        if let Err(fault) = reconciled.and_then(|effects| self.send(effects)) {
            log::fault(&fault);
            self.reconciled.set(false);
        }
    }

    /// Applies a frame; `None` if the link counts as gone. Sockets and polls alike come through here.
    pub(super) fn receive(&self, link: &Link, text: &str) -> Option<Result<Effects, Error>> {
        match self.actor() {
            Ok(actor) => link.look_at(|state| actor.on_frame(state, text, clock::now())),
            Err(fault) => Some(Err(fault.into())),
        }
    }

    /// Sends the effects of a frame, or its refusal, and arms the alarm if it has to ring for it.
    pub(super) async fn settle(&self, link: &Link, effects: Result<Effects, Error>) {
        let update = self.apply(link, effects);
        self.update_alarm(update).await;
    }

    /// Sends the effects of a frame, or its refusal. Returns their change to the alarm.
    fn apply(&self, link: &Link, effects: Result<Effects, Error>) -> AlarmUpdate {
        let effects = match effects {
            Err(Error::Refused(refusal)) => {
                counters::count(&declared::FRAMES_REFUSED, &[A::CLASS, refusal.code.as_str()]);
                Effects::refusing::<A>(refusal)
            }
            Err(Error::Fault(fault)) => Err(fault),
            Ok(effects) => Ok(effects),
        };
        let update = effects.as_ref().map_or(AlarmUpdate::Recompute, |effects| effects.alarm);
        if let Err(fault) = effects.and_then(|effects| self.emit(Some(link), effects)) {
            log::fault(&fault);
            link.close(close::FAULT);
        }
        update
    }

    fn keeps_alarm(&self, update: AlarmUpdate) -> bool {
        matches!(update, AlarmUpdate::Keep) && self.object.alarm.is_set()
    }

    async fn update_alarm(&self, update: AlarmUpdate) {
        match update {
            _ if self.keeps_alarm(update) => {}
            AlarmUpdate::NoLaterThan(instant) if self.object.alarm.is_set() => {
                let instant = Some(clock::wall_at(instant));
                if let Err(fault) = self.object.alarm.wake_by(instant, &self.object.state).await {
                    log::error("alarm", &format!("alarm not armed: {fault}"));
                }
            }
            AlarmUpdate::Recompute | AlarmUpdate::Keep | AlarmUpdate::NoLaterThan(_) => {
                self.arm_or_log().await;
            }
        }
    }

    /// Sends the frames of `effects`: to everybody first, then to single recipients, then the replies, then closes.
    fn emit(&self, sender: Option<&Link>, effects: Effects) -> Result<(), Fault> {
        let Effects {
            accepted,
            replies,
            close_sender,
            broadcast,
            direct,
            ephemeral,
            publish,
            last,
            alarm: _,
            messages,
            ended,
        } = effects;
        counters::messages_stored(messages);
        let is_new = accepted.is_some();
        if let (Some(link), Some(accepted)) = (sender, accepted) {
            let Accepted { speaker, until, session, observes, resumed } = accepted;
            let resumed = if resumed { "yes" } else { "no" };
            counters::count(&declared::LINKS, &[A::CLASS, link.transport(), resumed]);
            link.update(|state| {
                (state.speaker, state.until, state.observes) = (Some(speaker), Some(until), observes);
                state.session = session;
            })?;
        }
        if let Some(broadcast) = broadcast {
            self.broadcast(&broadcast)?;
        }
        self.send_direct(&direct);
        if let Some(link) = sender {
            for frame in &replies {
                link.send(frame);
            }
            if is_new {
                self.send_initial_presence(link)?;
            }
            if let Some(ephemeral) = ephemeral {
                self.send_ephemeral(link, ephemeral)?;
            }
            if let Some(code) = close_sender {
                link.close(code);
                self.on_disconnect(link)?;
            }
        }
        if let Some(ended) = ended {
            self.end_session(&ended)?;
        }
        if publish {
            self.publish()?;
        }
        self.send_direct(&last);
        Ok(())
    }

    /// Refuses and closes every link of a session that has ended.
    fn end_session(&self, ended: &EndedSession) -> Result<(), Fault> {
        for link in self.links.all(&self.object.state).iter() {
            let is_of_it = |state: &LinkState| {
                !state.close_sent && state.session.as_deref() == Some(ended.session.as_str())
            };
            if link.look_at(is_of_it) {
                link.send(&ended.refusal);
                link.close(close::REFUSED);
                self.on_disconnect(link)?;
            }
        }
        Ok(())
    }

    fn send_direct(&self, frames: &[(Recipient, String)]) {
        for (recipient, frame) in frames {
            match recipient {
                Recipient::Citizen(conversation) => {
                    self.send_where(frame, |state| state.is_citizen_of(conversation));
                }
                Recipient::Holder(conversation, advisor) => {
                    self.send_where(frame, |state| state.is_advisor_of(conversation, advisor));
                }
                Recipient::Advisor(advisor) => {
                    self.send_where(frame, |state| state.is_live() && state.advisor() == Some(advisor));
                }
            }
        }
    }

    fn broadcast(&self, broadcast: &Broadcast) -> Result<(), Fault> {
        let Broadcast { conversation, frames, then_close, readers } = broadcast;
        let frames: Vec<Text<'_>> = frames.iter().map(|frame| frame.as_str().into()).collect();
        for link in self.links.all(&self.object.state).iter() {
            let is_theirs =
                |state: &LinkState| state.is_live() && state.conversation.as_ref() == Some(conversation);
            if !link.look_at(is_theirs) {
                continue;
            }
            for frame in &frames {
                link.send_made(frame);
            }
            let is_closed = match then_close {
                Closes::Nobody => false,
                Closes::Advisors => link.look_at(|state| state.party() == Some(Party::Advisor)),
                Closes::Everybody => true,
            };
            let may_not_read = || {
                readers.as_ref().is_some_and(|readers| {
                    link.look_at(|state| state.advisor().is_some_and(|advisor| !readers.contains(advisor)))
                })
            };
            if is_closed {
                link.close(close::NORMAL);
            } else if may_not_read() {
                let refusal = Refusal::new(Code::NotAssigned, "this advisor holds the conversation no more");
                link.send(&A::refusal_frame(refusal)?);
                link.close(close::REFUSED);
                self.on_disconnect(link)?;
            }
        }
        Ok(())
    }

    /// Sends a new link the presence of the other sides, and them that of the new link.
    fn send_initial_presence(&self, link: &Link) -> Result<(), Fault> {
        let state = link.state();
        let Some(own) = state.party() else { return Ok(()) };
        for party in [Party::Citizen, Party::Advisor] {
            if state.watches(&state, party) {
                link.send(&self.presence(party, &state)?);
            }
        }
        self.send_presence(own, &state)
    }

    /// Sends the other side typing or a read receipt; neither is stored.
    fn send_ephemeral(&self, link: &Link, ephemeral: Ephemeral) -> Result<(), Fault> {
        let state = link.state();
        let Some(party) = state.party() else { return Ok(()) };
        match ephemeral {
            Ephemeral::Read(up_to) if up_to == state.read_up_to => Ok(()),
            Ephemeral::Read(up_to) => {
                link.update(|state| state.read_up_to = up_to)?;
                self.send_presence(party, &state)
            }
            Ephemeral::Typing => {
                let frame = presence::typing(party)?;
                self.send_where(&frame, |other| other.watches(&state, party));
                Ok(())
            }
        }
    }

    /// A link has ended: the other side is sent the presence of its side, and the actor is notified if it was its speaker's
    /// last.
    pub(super) fn on_disconnect(&self, link: &Link) -> Result<(), Fault> {
        self.links.forget(link);
        // A socket that has ended may refuse to be written on: it is forgotten all the same.
        let _attached = link.update(|state| state.close_sent = true);
        let state = link.state();
        if let Some(party) = state.party() {
            self.send_presence(party, &state)?;
        }
        let is_another =
            |other: &Rc<Link>| other.look_at(|other| !other.close_sent && other.is_same_speaker(&state));
        if state.speaker.is_none() || self.links.all(&self.object.state).iter().any(is_another) {
            return Ok(());
        }
        self.send(self.actor()?.on_last_disconnect(&state, clock::now())?)
    }

    fn send_presence(&self, party: Party, about: &LinkState) -> Result<(), Fault> {
        let frame = self.presence(party, about)?;
        self.send_where(&frame, |state| state.watches(about, party));
        Ok(())
    }

    /// Sends a text to every link whose state fits.
    fn send_where(&self, text: &str, fits: impl Fn(&LinkState) -> bool) {
        let text = text.into();
        for link in self.links.all(&self.object.state).iter() {
            if link.look_at(&fits) {
                link.send_made(&text);
            }
        }
    }

    fn presence(&self, party: Party, about: &LinkState) -> Result<String, Fault> {
        let states: Vec<LinkState> =
            self.links.all(&self.object.state).iter().map(|link| link.state()).collect();
        presence::presence(party, about, states.iter())
    }

    /// Brings the view of every speaker up to date, on all of their links alike.
    fn publish(&self) -> Result<(), Fault> {
        let actor = self.actor()?;
        let mut by_speaker: BTreeMap<Speaker, Vec<Rc<Link>>> = BTreeMap::new();
        for link in self.links.all(&self.object.state).iter() {
            let speaker = link.look_at(|state| state.speaker.clone().filter(|_| !state.close_sent));
            if let Some(speaker) = speaker {
                by_speaker.entry(speaker).or_default().push(Rc::clone(link));
            }
        }
        for (speaker, links) in by_speaker {
            let full = links.iter().any(|link| !link.shows_view());
            let Publication { snapshot, update } = actor.publish(&speaker, full, clock::now())?;
            let (snapshot, update) = (snapshot.as_deref().map(Text::from), update.as_deref().map(Text::from));
            for link in links {
                let frame = if link.shows_view() { &update } else { &snapshot };
                if let Some(frame) = frame {
                    link.send_made(frame);
                    link.view_shown();
                }
            }
        }
        Ok(())
    }

    /// Ends links that never said `hello`, fell silent, or whose ticket has ended.
    fn end_links(&self) -> Result<(), Fault> {
        let now = clock::wall();
        let refusal = A::refusal_frame(Refusal::new(Code::HelloExpected, "nobody said hello in time"))?;
        for link in self.links.all(&self.object.state).iter() {
            if hello_deadline(link).is_some_and(|deadline| deadline <= now) {
                link.send(&refusal);
                link.close(close::SILENT);
            } else if link.silent_at(&self.object.state).is_some_and(|silent_at| silent_at <= now) {
                link.close(close::SILENT);
                self.on_disconnect(link)?;
            } else if ticket_ends(link).is_some_and(|ends| ends <= now) {
                link.close(close::TICKET_ENDED);
                self.on_disconnect(link)?;
            }
        }
        Ok(())
    }

    async fn arm(&self, not_before: Timestamp) -> Result<(), Fault> {
        self.object.arm(self.next_wake(), not_before).await
    }

    pub(super) async fn arm_or_log(&self) {
        if let Err(fault) = self.arm(clock::wall()).await {
            log::error("alarm", &format!("alarm not armed: {fault}"));
        }
    }

    /// The next check of whether a link is still there. A runtime that dies closes its sockets without an event: only the
    /// alarm remains, so one is set even for sockets that never send. The runtime answers heartbeats without waking the
    /// object: a socket without one so far may have sent its only one since.
    fn looks_after(&self, link: &Link) -> Option<Timestamp> {
        let silent_at = hello_deadline(link).or_else(|| link.silent_at(&self.object.state));
        let is_there = link.look_at(|state| !state.close_sent);
        let at_latest = is_there.then(|| clock::wall().plus_millis(SILENT_AFTER_MS));
        silent_at.into_iter().chain(at_latest).chain(ticket_ends(link)).min()
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        let own = self.object.next_wake()?;
        let links = self.links.all(&self.object.state);
        let silence = links.iter().filter_map(|link| self.looks_after(link));
        Ok(own.into_iter().chain(silence).min())
    }
}

/// Closes a socket whose state cannot be read.
fn end(socket: &WebSocket, fault: &Fault) {
    log::fault(fault);
    let _ended = socket.close(Some(close::FAULT), None::<&str>);
}

/// When a link ends that does not say `hello`. `None` for one that has, or was closed.
fn hello_deadline(link: &Link) -> Option<Timestamp> {
    let is_silent = link.look_at(|state| state.speaker.is_none() && !state.close_sent);
    is_silent.then(|| link.state().opened.plus_millis(HELLO_WITHIN_MS))
}

/// When the ticket of a link ends, by the wall clock. `None` for one that was closed.
fn ticket_ends(link: &Link) -> Option<Timestamp> {
    link.look_at(|state| state.until.filter(|_| !state.close_sent)).map(clock::wall_at)
}
