// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of one queue's desk.
//!
//! Its requests: `POST /notice` from conversations, and the upgrade of the desk's socket. Like a conversation's object, it
//! stores, then sends, then arms, in one synchronous step per event.

use ::worker::{
    DurableObject, Env, Request, Response, State, WebSocket, WebSocketIncomingMessage, durable_object,
};
use infocig_domain::notice::Advisor;
use infocig_protocol::{
    close, desk::DeskServerFrame, id::QueueId, limits::HELLO_WITHIN_MS, problem::Code, time::Timestamp,
};

use super::{
    alarm::Alarm,
    clock,
    durable_sql::DurableSql,
    objects::{self, Envelope},
    replies, settings, sockets, worker,
};
use crate::{
    desk_room::{DeskOutcome, DeskRoom, DeskSocket},
    problem::{Fault, Refusal},
    route::{self, Route},
};

/// See the module.
#[durable_object]
pub struct DeskObject {
    state: State,
    env: Env,
    room: Result<DeskRoom<DurableSql>, Fault>,
    alarm: Alarm,
}

impl DurableObject for DeskObject {
    fn new(state: State, env: Env) -> Self {
        worker::start_test_clock(&env);
        sockets::answer_heartbeats(&state);
        let room = open_room(&state, &env);
        Self {
            state,
            env,
            room,
            alarm: Alarm::default(),
        }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        match self.answer(request).await {
            Ok(response) => Ok(response),
            Err(fault) => replies::fault(&fault, ""),
        }
    }

    async fn websocket_message(
        &self,
        socket: WebSocket,
        message: WebSocketIncomingMessage,
    ) -> ::worker::Result<()> {
        let outcome = match message {
            WebSocketIncomingMessage::String(text) => self.receive(&socket, &text),
            WebSocketIncomingMessage::Binary(_) => {
                let refusal = Refusal::new(Code::FrameBinary, "frames are JSON text");
                Ok(DeskOutcome::refuse_and_close(refusal, close::UNSUPPORTED_DATA))
            }
        };
        let told = match outcome {
            Ok(outcome) => self.tell(Some(&socket), outcome),
            Err(fault) => Err(fault),
        };
        if let Err(fault) = told {
            ::worker::console_error!("fault: {fault}");
            sockets::close(&socket, close::FAULT);
        }
        self.arm().await;
        Ok(())
    }

    async fn websocket_close(
        &self,
        _socket: WebSocket,
        _code: usize,
        _reason: String,
        _was_clean: bool,
    ) -> ::worker::Result<()> {
        Ok(())
    }

    async fn websocket_error(&self, _socket: WebSocket, _error: ::worker::Error) -> ::worker::Result<()> {
        Ok(())
    }

    async fn alarm(&self) -> ::worker::Result<Response> {
        self.alarm.rang();
        self.end_silent_sockets();
        if let Err(fault) = self.deliver_letters().await {
            ::worker::console_error!("fault: {fault}");
        }
        self.arm().await;
        Response::empty()
    }
}

impl DeskObject {
    async fn answer(&self, mut request: Request) -> Result<Response, Fault> {
        let path = request.path();
        let response = match path.as_str() {
            "/notice" => {
                let Envelope { source, id, notice } = request.json().await?;
                let outcome = self.room()?.hear(&source, id, &notice, clock::now())?;
                self.tell(None, outcome)?;
                replies::empty(204)?
            }
            path => match route::parse("GET", path) {
                Ok(Route::DeskSocket(_)) => {
                    self.room()?;
                    sockets::accept(
                        &self.state,
                        &DeskSocket {
                            opened: clock::wall(),
                            advisor: None,
                        },
                    )?
                }
                Ok(_) | Err(_) => replies::empty(404)?,
            },
        };
        self.arm().await;
        Ok(response)
    }

    fn receive(&self, socket: &WebSocket, text: &str) -> Result<DeskOutcome, Fault> {
        let attached = sockets::attachment::<DeskSocket>(socket);
        let attached = attached.ok_or_else(|| Fault::Platform("a socket without an attachment".into()))?;
        self.room()?.receive(&attached, text, clock::now())
    }

    /// Sends what an outcome says, to whom it says.
    fn tell(&self, sender: Option<&WebSocket>, outcome: DeskOutcome) -> Result<(), Fault> {
        if let (Some(socket), Some(advisor)) = (sender, outcome.accepted) {
            let attached = sockets::attachment::<DeskSocket>(socket);
            let attached =
                attached.ok_or_else(|| Fault::Platform("a socket without an attachment".into()))?;
            socket.serialize_attachment(DeskSocket {
                advisor: Some(advisor),
                ..attached
            })?;
        }
        if let Some(socket) = sender {
            for frame in &outcome.to_sender {
                sockets::send(socket, &sockets::text(frame)?);
            }
            if let Some(code) = outcome.close_sender {
                sockets::close(socket, code);
            }
        }
        if outcome.show_all {
            let room = self.room()?;
            for (socket, advisor) in self.advisors() {
                sockets::send(&socket, &sockets::text(&room.picture(&advisor, clock::now())?)?);
            }
        }
        Ok(())
    }

    fn advisors(&self) -> impl Iterator<Item = (WebSocket, Advisor)> {
        let all = sockets::all::<DeskSocket>(&self.state).into_iter();
        all.filter_map(|(socket, attached)| attached.advisor.map(|advisor| (socket, advisor)))
    }

    fn silent_sockets(&self) -> impl Iterator<Item = (WebSocket, DeskSocket)> {
        sockets::all::<DeskSocket>(&self.state)
            .into_iter()
            .filter(|(_, socket)| socket.advisor.is_none())
    }

    fn end_silent_sockets(&self) {
        let now = clock::wall();
        let refusal = DeskServerFrame::Refused {
            code: Code::HelloExpected,
            detail: "nobody said hello in time".into(),
            conversation: None,
        };
        for (socket, _) in self
            .silent_sockets()
            .filter(|(_, silent)| hello_deadline(silent) <= now)
        {
            if let Ok(text) = sockets::text(&refusal) {
                sockets::send(&socket, &text);
            }
            sockets::close(&socket, close::REFUSED);
        }
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

    async fn arm(&self) {
        let letters = self.room().and_then(|room| room.post().next_due());
        let letters = letters.unwrap_or_else(|fault| {
            ::worker::console_error!("fault: {fault}");
            None
        });
        let silence = self
            .silent_sockets()
            .map(|(_, socket)| hello_deadline(&socket))
            .min();
        let next = [letters, silence].into_iter().flatten().min();
        if let Err(fault) = self.alarm.wake_by(next, &self.state).await {
            ::worker::console_error!("alarm not armed: {fault}");
        }
    }

    fn room(&self) -> Result<&DeskRoom<DurableSql>, Fault> {
        self.room.as_ref().map_err(Clone::clone)
    }
}

/// The desk of the queue the object is named after.
fn open_room(state: &State, env: &Env) -> Result<DeskRoom<DurableSql>, Fault> {
    let settings = settings(env)?;
    let name = state
        .id()
        .name()
        .ok_or_else(|| Fault::Platform("a desk object without a name".into()))?;
    let queue = QueueId::parse(name).map_err(|error| Fault::Platform(format!("desk: {error}")))?;
    DeskRoom::open(DurableSql::of(state), queue, settings.ticket_key.clone())
}

fn hello_deadline(socket: &DeskSocket) -> Timestamp {
    socket.opened.plus_millis(HELLO_WITHIN_MS)
}
