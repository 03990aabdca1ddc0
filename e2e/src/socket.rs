// SPDX-License-Identifier: EUPL-1.2
//! A WebSocket without the restrictions of browsers: it sends anything, and returns everything it receives.

use std::{collections::VecDeque, fmt::Debug};

use futures_util::{SinkExt as _, StreamExt as _};
use infocig_protocol::{desk::DeskServerFrame, frame::ServerFrame, subprotocol};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{self, ClientRequestBuilder, Message},
};

use crate::{
    answer::Answer,
    error::{Error, While},
    wait::within_patience,
};

/// A kind of frame. Frames about presence and the queue may arrive at any time and are set aside, so that a test reads the
/// others in order.
pub trait Frame: DeserializeOwned + Debug {
    /// The list in which it is set aside, if it is.
    fn aside(&self) -> Option<Aside> {
        None
    }
}

/// A list of frames set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// Frames about the other side.
    Presence,
    /// Queue places.
    Places,
    /// Earlier conversations of the person.
    History,
}

impl Frame for Value {}

impl Frame for DeskServerFrame {}

impl Frame for ServerFrame {
    fn aside(&self) -> Option<Aside> {
        match self {
            Self::Presence { .. } | Self::Typing { .. } | Self::Call(_) => Some(Aside::Presence),
            Self::Queue(_) => Some(Aside::Places),
            Self::History { .. } | Self::HistoryEntries { .. } => Some(Aside::History),
            Self::Welcome { .. } | Self::Entries { .. } | Self::Refused { .. } => None,
        }
    }
}

/// An open socket whose server sends frames of the kind `S`.
#[derive(Debug)]
pub struct Socket<S> {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    // The last frames received, for the error when the next one does not arrive.
    heard: VecDeque<String>,
    aside: VecDeque<S>,
    places: VecDeque<S>,
    history: VecDeque<S>,
}

/// An event of a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent<S> {
    /// A frame.
    Frame(S),
    /// A text that is no frame, such as the answer to a heartbeat.
    Text(String),
    /// The server closed it, with this code.
    Closed(u16),
    /// The connection broke without a close frame.
    Lost,
}

impl<S: Frame> Socket<S> {
    /// Opens a socket with a ticket, as a page of `origin` does.
    pub async fn open(url: &str, origin: &str, ticket: &str) -> Result<Self, Error> {
        match Self::try_socket(url, origin, Some(ticket)).await? {
            Ok(socket) => Ok(socket),
            Err(answer) => {
                let words = format!("{url} was answered {}: {}", answer.status, answer.body);
                Err(Error::new(words))
            }
        }
    }

    /// Requests a socket; the answer may refuse it.
    pub async fn try_socket(
        url: &str,
        origin: &str,
        ticket: Option<&str>,
    ) -> Result<Result<Self, Answer>, Error> {
        let doing = || format!("opening {url}");
        let url = url.parse().while_doing(doing())?;
        let mut request = ClientRequestBuilder::new(url).with_header("Origin", origin);
        for offered in ticket.into_iter().flat_map(subprotocol::offer) {
            request = request.with_sub_protocol(offered);
        }
        match within_patience(doing(), connect_async_with_config(request, None, true)).await? {
            Ok((stream, _)) => {
                let (aside, places, history) = (VecDeque::new(), VecDeque::new(), VecDeque::new());
                Ok(Ok(Self { stream, heard: VecDeque::new(), aside, places, history }))
            }
            Err(tungstenite::Error::Http(response)) => {
                let (parts, body) = response.into_parts();
                let body = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
                Ok(Err(Answer { status: parts.status.as_u16(), headers: parts.headers, body }))
            }
            Err(error) => Err(error).while_doing(doing()),
        }
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &impl Serialize) -> Result<(), Error> {
        let text = serde_json::to_string(frame).while_doing("writing a frame")?;
        self.send_text(text).await
    }

    /// Sends any text.
    pub async fn send_text(&mut self, text: impl Into<String>) -> Result<(), Error> {
        let sent = self.stream.send(Message::text(text.into()));
        within_patience("sending a text", sent).await?.while_doing("sending a text")
    }

    /// Sends many texts before the server can answer the first.
    pub async fn send_texts(&mut self, texts: &[String]) -> Result<(), Error> {
        let sent = async {
            for text in texts {
                self.stream.feed(Message::text(text.as_str())).await?;
            }
            self.stream.flush().await
        };
        within_patience("sending texts", sent).await?.while_doing("sending texts")
    }

    /// Sends bytes as a binary frame.
    pub async fn send_binary(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let sent = self.stream.send(Message::binary(bytes.to_vec()));
        within_patience("sending bytes", sent).await?.while_doing("sending bytes")
    }

    /// The next frame about the other side, skipping others.
    pub async fn aside(&mut self) -> Result<S, Error> {
        self.next_aside(Aside::Presence).await
    }

    /// The next queue place, skipping other frames.
    pub async fn place(&mut self) -> Result<S, Error> {
        self.next_aside(Aside::Places).await
    }

    /// The next frame about earlier conversations, skipping others.
    pub async fn history(&mut self) -> Result<S, Error> {
        self.next_aside(Aside::History).await
    }

    async fn next_aside(&mut self, wanted: Aside) -> Result<S, Error> {
        loop {
            if let Some(frame) = self.set_aside(wanted).pop_front() {
                return Ok(frame);
            }
            match self.receive_any().await? {
                SocketEvent::Frame(frame) => {
                    if let Some(aside) = frame.aside() {
                        self.set_aside(aside).push_back(frame);
                    }
                }
                SocketEvent::Text(_) => {}
                other @ (SocketEvent::Closed(_) | SocketEvent::Lost) => {
                    return Err(Error::new(format!("expected a frame, received {other:?}")));
                }
            }
        }
    }

    /// The next event, except frames that are set aside.
    pub async fn receive(&mut self) -> Result<SocketEvent<S>, Error> {
        loop {
            match self.receive_any().await? {
                SocketEvent::Frame(frame) => match frame.aside() {
                    Some(aside) => self.set_aside(aside).push_back(frame),
                    None => return Ok(SocketEvent::Frame(frame)),
                },
                other @ (SocketEvent::Text(_) | SocketEvent::Closed(_) | SocketEvent::Lost) => {
                    return Ok(other);
                }
            }
        }
    }

    fn set_aside(&mut self, aside: Aside) -> &mut VecDeque<S> {
        match aside {
            Aside::Presence => &mut self.aside,
            Aside::Places => &mut self.places,
            Aside::History => &mut self.history,
        }
    }

    async fn receive_any(&mut self) -> Result<SocketEvent<S>, Error> {
        let next = async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => return heard(&text),
                    Some(Ok(Message::Close(Some(close)))) => return SocketEvent::Closed(close.code.into()),
                    // 1005 stands for a close without a code (RFC 6455 §7.1.5).
                    Some(Ok(Message::Close(None))) => return SocketEvent::Closed(1005),
                    Some(Ok(Message::Binary(bytes))) => {
                        return SocketEvent::Text(String::from_utf8_lossy(&bytes).into_owned());
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                    Some(Err(_)) | None => return SocketEvent::Lost,
                }
            }
        };
        let next = within_patience("something on the socket", next).await;
        let next =
            next.map_err(|error| Error::new(format!("{error}; received before: {:#?}", self.heard)))?;
        if self.heard.len() == REMEMBERED {
            self.heard.pop_front();
        }
        self.heard.push_back(format!("{next:?}"));
        Ok(next)
    }

    /// The next event, which must be a frame.
    pub async fn frame(&mut self) -> Result<S, Error> {
        match self.receive().await? {
            SocketEvent::Frame(frame) => Ok(frame),
            other @ (SocketEvent::Text(_) | SocketEvent::Closed(_) | SocketEvent::Lost) => {
                Err(Error::new(format!("expected a frame, received {other:?}")))
            }
        }
    }

    /// The close code of the server; no other event may come before.
    pub async fn closed(&mut self) -> Result<u16, Error> {
        match self.receive().await? {
            SocketEvent::Closed(code) => Ok(code),
            other @ (SocketEvent::Frame(_) | SocketEvent::Text(_) | SocketEvent::Lost) => {
                Err(Error::new(format!("expected a close, received {other:?}")))
            }
        }
    }

    /// The close code, skipping other events.
    pub async fn ended(&mut self) -> Result<u16, Error> {
        loop {
            match self.receive().await? {
                SocketEvent::Closed(code) => return Ok(code),
                SocketEvent::Frame(_) | SocketEvent::Text(_) => {}
                SocketEvent::Lost => {
                    return Err(Error::new("expected a close frame, but the connection broke"));
                }
            }
        }
    }

    /// The underlying socket, for measurements.
    pub fn into_stream(self) -> WebSocketStream<MaybeTlsStream<TcpStream>> {
        self.stream
    }

    /// Closes the socket, as a page does when it is left.
    pub async fn leave(mut self) -> Result<(), Error> {
        let closed = self.stream.close(None);
        within_patience("leaving a socket", closed).await?.while_doing("leaving a socket")
    }
}

fn heard<S: DeserializeOwned>(text: &str) -> SocketEvent<S> {
    serde_json::from_str(text).map_or_else(|_| SocketEvent::Text(text.to_owned()), SocketEvent::Frame)
}

const REMEMBERED: usize = 8;
