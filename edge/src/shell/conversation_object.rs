// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of one person in one capacity: their conversations, one after the other.
//!
//! Its requests: `POST /admit` from the front, `POST /notice` from desks, and the upgrade of a conversation's socket.
//! Each event is one synchronous step of the [`Room`]: store, then send, then arm. Between reading and writing nothing
//! awaits, so nothing interleaves; the runtime holds answers back until the writes are durable.

use ::worker::{
    DurableObject, Env, Request, Response, State, WebSocket, WebSocketIncomingMessage, durable_object,
};
use infocig_protocol::{
    close,
    frame::ServerFrame,
    id::{ConversationId, QueueId},
    limits::HELLO_WITHIN_MS,
    person::PersonCard,
    problem::Code,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    alarm::Alarm,
    clock,
    durable_sql::DurableSql,
    objects::{self, Envelope},
    replies, settings, sockets, worker,
};
use crate::{
    problem::{Fault, Refusal},
    room::{Outcome, Room, Socket},
    route::{self, Route},
};

/// The body of `POST /admit`.
#[derive(Serialize, Deserialize)]
pub(super) struct AdmitQuestion {
    /// Who asks.
    pub(super) person: PersonCard,
    /// Who answers them.
    pub(super) queue: QueueId,
    /// Whether a new conversation may begin; an open one may always be resumed.
    pub(super) may_begin: bool,
}

/// The answer to it.
#[derive(Serialize, Deserialize)]
pub(super) struct AdmitAnswer {
    /// The conversation, unless there is none and none may begin.
    pub(super) conversation: Option<ConversationId>,
    /// Whether it has just begun.
    pub(super) begun: bool,
}

/// See the module.
#[durable_object]
pub struct ConversationObject {
    state: State,
    env: Env,
    room: Result<Room<DurableSql>, Fault>,
    alarm: Alarm,
}

impl DurableObject for ConversationObject {
    fn new(state: State, env: Env) -> Self {
        worker::start_test_clock(&env);
        sockets::answer_heartbeats(&state);
        let room = settings(&env).and_then(|settings| {
            Room::open(
                DurableSql::of(&state),
                objects::id_of(&state),
                settings.ticket_key.clone(),
            )
        });
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
                Ok(Outcome::refuse_and_close(refusal, close::UNSUPPORTED_DATA))
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

impl ConversationObject {
    async fn answer(&self, mut request: Request) -> Result<Response, Fault> {
        let now = clock::now();
        let path = request.path();
        let response = match path.as_str() {
            "/admit" => {
                let question: AdmitQuestion = request.json().await?;
                replies::json(200, &self.admit(question, now)?)?
            }
            "/notice" => {
                let Envelope { source, id, notice } = request.json().await?;
                let outcome = self.room()?.hear(&source, id, &notice, now)?;
                self.tell(None, outcome)?;
                replies::empty(204)?
            }
            path => match route::parse("GET", path) {
                Ok(Route::ConversationSocket(conversation)) => {
                    self.room()?;
                    sockets::accept(
                        &self.state,
                        &Socket {
                            conversation,
                            opened: clock::wall(),
                            speaker: None,
                        },
                    )?
                }
                Ok(_) | Err(_) => replies::empty(404)?,
            },
        };
        self.arm().await;
        Ok(response)
    }

    fn admit(&self, question: AdmitQuestion, now: Timestamp) -> Result<AdmitAnswer, Fault> {
        let room = self.room()?;
        if !question.may_begin && !room.has_open_conversation()? {
            return Ok(AdmitAnswer {
                conversation: None,
                begun: false,
            });
        }
        let (conversation, begun) = room.admit(question.person, question.queue, now)?;
        Ok(AdmitAnswer {
            conversation: Some(conversation),
            begun,
        })
    }

    fn receive(&self, socket: &WebSocket, text: &str) -> Result<Outcome, Fault> {
        let attached = sockets::attachment::<Socket>(socket);
        let attached = attached.ok_or_else(|| Fault::Platform("a socket without an attachment".into()))?;
        self.room()?.receive(&attached, text, clock::now())
    }

    /// Sends what an outcome says, to whom it says.
    fn tell(&self, sender: Option<&WebSocket>, outcome: Outcome) -> Result<(), Fault> {
        if let (Some(socket), Some(speaker)) = (sender, outcome.accepted) {
            let attached = sockets::attachment::<Socket>(socket);
            let attached =
                attached.ok_or_else(|| Fault::Platform("a socket without an attachment".into()))?;
            socket.serialize_attachment(Socket {
                speaker: Some(speaker),
                ..attached
            })?;
        }
        if !outcome.to_all.is_empty() || outcome.close_all {
            let texts = outcome
                .to_all
                .iter()
                .map(sockets::text)
                .collect::<Result<Vec<_>, _>>()?;
            let about = outcome.conversation;
            let concerned = self
                .accepted_sockets()
                .filter(|(_, socket)| Some(&socket.conversation) == about.as_ref());
            for (socket, _) in concerned {
                texts.iter().for_each(|text| sockets::send(&socket, text));
                if outcome.close_all {
                    sockets::close(&socket, close::NORMAL);
                }
            }
        }
        let Some(socket) = sender else { return Ok(()) };
        for frame in &outcome.to_sender {
            sockets::send(socket, &sockets::text(frame)?);
        }
        if let Some(code) = outcome.close_sender {
            sockets::close(socket, code);
        }
        Ok(())
    }

    fn accepted_sockets(&self) -> impl Iterator<Item = (WebSocket, Socket)> {
        sockets::all::<Socket>(&self.state)
            .into_iter()
            .filter(|(_, socket)| socket.speaker.is_some())
    }

    fn silent_sockets(&self) -> impl Iterator<Item = (WebSocket, Socket)> {
        sockets::all::<Socket>(&self.state)
            .into_iter()
            .filter(|(_, socket)| socket.speaker.is_none())
    }

    fn end_silent_sockets(&self) {
        let now = clock::wall();
        let refusal = ServerFrame::Refused {
            code: Code::HelloExpected,
            detail: "nobody said hello in time".into(),
            message: None,
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
                    Ok(()) => room.post().delivered(&letter)?,
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

    fn room(&self) -> Result<&Room<DurableSql>, Fault> {
        self.room.as_ref().map_err(Clone::clone)
    }
}

fn hello_deadline(socket: &Socket) -> Timestamp {
    socket.opened.plus_millis(HELLO_WITHIN_MS)
}
