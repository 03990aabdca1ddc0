// SPDX-License-Identifier: EUPL-1.2
//! What every object does with its room: store, then send, then arm, in one synchronous step per event.
//!
//! Between reading and writing nothing awaits, so nothing interleaves; the runtime holds answers back until the writes are
//! durable. Letters leave from the alarm alone: one path, tried again by itself.

use ::worker::{Env, Request, Response, State, WebSocket, WebSocketIncomingMessage};
use infocig_protocol::{close, id::ConversationId, limits::HELLO_WITHIN_MS, problem::Code, time::Timestamp};

use super::{
    alarm::Alarm,
    clock,
    objects::{self, Envelope},
    replies, sockets,
};
use crate::{
    problem::{Fault, Refusal},
    room::{Outcome, Room, Socket},
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

        async fn alarm(&self) -> ::worker::Result<::worker::Response> {
            self.object.ring().await;
            ::worker::Response::empty()
        }
    };
}
pub(super) use hand_events_to_object;

/// An object: its room, its sockets, its alarm.
pub(super) struct Object<R> {
    state: State,
    env: Env,
    room: Result<R, Fault>,
    alarm: Alarm,
}

impl<R: Room> Object<R> {
    /// Wakes the object. A room that cannot be opened stays a fault that every event reports.
    pub(super) fn wake(state: State, env: Env, open: impl FnOnce(&State, &Env) -> Result<R, Fault>) -> Self {
        clock::start(&env);
        sockets::answer_heartbeats(&state);
        let room = open(&state, &env);
        Self { state, env, room, alarm: Alarm::default() }
    }

    pub(super) fn room(&self) -> Result<&R, Fault> {
        self.room.as_ref().map_err(Clone::clone)
    }

    /// Answers with what `work` makes, and arms the alarm for what it left to do.
    pub(super) async fn answer(
        &self,
        work: impl AsyncFnOnce() -> Result<Response, Fault>,
    ) -> ::worker::Result<Response> {
        let answered = work().await;
        self.arm(clock::wall()).await;
        answered.or_else(|fault| replies::fault(&fault, ""))
    }

    /// Accepts a socket that has yet to say who it is.
    pub(super) fn accept(&self, conversation: Option<ConversationId>) -> Result<Response, Fault> {
        self.room()?;
        sockets::accept(
            &self.state,
            &Socket { opened: clock::wall(), conversation, speaker: None, dismissed: false },
        )
    }

    /// Takes in a letter of another object.
    pub(super) async fn hear(&self, mut request: Request) -> Result<Response, Fault> {
        let Envelope { source, id, notice } = request.json().await?;
        let outcome = self.room()?.hear(&source, id, &notice, clock::now())?;
        self.tell(None, outcome)?;
        replies::empty(204)
    }

    /// The service's clock was moved: does what has become due.
    pub(super) async fn wake_now(&self) -> Result<Response, Fault> {
        self.ring().await;
        replies::empty(204)
    }

    /// Takes in a frame.
    pub(super) async fn message(&self, socket: &WebSocket, message: WebSocketIncomingMessage) {
        let told = self.receive(socket, message).and_then(|outcome| self.tell(Some(socket), outcome));
        if let Err(fault) = told {
            ::worker::console_error!("fault: {fault}");
            sockets::close(socket, close::FAULT);
        }
        self.arm(clock::wall()).await;
    }

    /// The alarm went off: letters that are due leave, sockets that never said who they are end.
    pub(super) async fn ring(&self) {
        self.alarm.rang();
        let mut not_before = clock::wall();
        for done in [self.end_silent_sockets(), self.move_on(), self.deliver_letters().await] {
            if let Err(fault) = done {
                ::worker::console_error!("fault: {fault}");
                not_before = clock::wall().plus_millis(AFTER_FAULT_MS);
            }
        }
        self.arm(not_before).await;
    }

    fn receive(&self, socket: &WebSocket, message: WebSocketIncomingMessage) -> Result<Outcome, Fault> {
        match message {
            WebSocketIncomingMessage::String(text) => {
                self.room()?.receive(&attached(socket)?, &text, clock::now())
            }
            WebSocketIncomingMessage::Binary(_) => {
                let refusal = Refusal::new(Code::FrameBinary, "frames are JSON text");
                Outcome::refuse_and_close::<R>(refusal, close::UNSUPPORTED_DATA)
            }
        }
    }

    /// Sends what an outcome says, to whom it says.
    fn tell(&self, sender: Option<&WebSocket>, outcome: Outcome) -> Result<(), Fault> {
        if let (Some(socket), Some(speaker)) = (sender, outcome.accepted) {
            socket.serialize_attachment(Socket { speaker: Some(speaker), ..attached(socket)? })?;
        }
        if let Some(broadcast) = outcome.to_conversation {
            for (socket, known) in sockets::all::<Socket>(&self.state) {
                if known.speaker.is_none() || known.conversation.as_ref() != Some(&broadcast.conversation) {
                    continue;
                }
                broadcast.frames.iter().for_each(|frame| sockets::send(&socket, frame));
                if broadcast.then_close {
                    sockets::close(&socket, close::NORMAL);
                }
            }
        }
        if let Some(socket) = sender {
            outcome.to_sender.iter().for_each(|frame| sockets::send(socket, frame));
            if let Some(code) = outcome.close_sender {
                sockets::close(socket, code);
            }
        }
        if outcome.repaint {
            let room = self.room()?;
            for (socket, known) in sockets::all::<Socket>(&self.state) {
                let Some(speaker) = known.speaker else { continue };
                if let Some(picture) = room.picture(&speaker, clock::now())? {
                    sockets::send(&socket, &picture);
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

    fn end_silent_sockets(&self) -> Result<(), Fault> {
        let now = clock::wall();
        let refusal = R::refusal(Refusal::new(Code::HelloExpected, "nobody said hello in time"))?;
        for (socket, known) in self.silent_sockets().filter(|(_, known)| hello_deadline(known) <= now) {
            socket.serialize_attachment(Socket { dismissed: true, ..known })?;
            sockets::send(&socket, &refusal);
            sockets::close(&socket, close::REFUSED);
        }
        Ok(())
    }

    /// Sockets that have not said who they are, and have not been told to go for it.
    fn silent_sockets(&self) -> impl Iterator<Item = (WebSocket, Socket)> {
        let all = sockets::all::<Socket>(&self.state).into_iter();
        all.filter(|(_, known)| known.speaker.is_none() && !known.dismissed)
    }

    /// Arms the alarm for what is due next, but for nothing before `not_before`. An object that cannot say what is due
    /// wakes all the same: nothing is left behind because of a fault that passes.
    async fn arm(&self, not_before: Timestamp) {
        let next = self.next_wake().unwrap_or_else(|fault| {
            ::worker::console_error!("fault: {fault}");
            Some(clock::wall().plus_millis(BLIND_PAUSE_MS))
        });
        if let Err(fault) = self.alarm.wake_by(next.map(|next| next.max(not_before)), &self.state).await {
            ::worker::console_error!("alarm not armed: {fault}");
        }
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        let room = self.room()?;
        let letters = room.post().next_due()?;
        let rules = room.next_wake()?.map(clock::wall_at);
        let silence = self.silent_sockets().map(|(_, known)| hello_deadline(&known)).min();
        Ok([letters, rules, silence].into_iter().flatten().min())
    }
}

fn hello_deadline(socket: &Socket) -> Timestamp {
    socket.opened.plus_millis(HELLO_WITHIN_MS)
}

/// After a failure the object wakes again, but not at once.
const AFTER_FAULT_MS: i64 = 1_000;
/// An object that cannot even say when to wake tries again this often.
const BLIND_PAUSE_MS: i64 = 60_000;

fn attached(socket: &WebSocket) -> Result<Socket, Fault> {
    sockets::attachment(socket).ok_or_else(|| Fault::Platform("a socket without an attachment".into()))
}
