// SPDX-License-Identifier: EUPL-1.2
//! A WebSocket as no browser would let a page use it: it sends anything, and shows everything that comes back.

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

/// A kind of frame. What only tells how the other side or the queue stands comes at any time and is set aside, so that a test
/// reads in order what happens.
pub trait Frame: DeserializeOwned + Debug {
    /// Where it is set aside, if it is.
    fn aside(&self) -> Option<Aside> {
        None
    }
}

/// Where frames are set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// With what tells how the other side stands.
    Presence,
    /// With the places in the queue.
    Places,
    /// With what the person came with before.
    Past,
}

impl Frame for Value {}

impl Frame for DeskServerFrame {}

impl Frame for ServerFrame {
    fn aside(&self) -> Option<Aside> {
        match self {
            Self::Presence { .. } | Self::Typing { .. } => Some(Aside::Presence),
            Self::Queue(_) => Some(Aside::Places),
            Self::Earlier { .. } | Self::EarlierEntries { .. } => Some(Aside::Past),
            Self::Welcome { .. } | Self::Entries { .. } | Self::Refused { .. } => None,
        }
    }
}

/// An open socket whose server sends frames of the kind `S`.
#[derive(Debug)]
pub struct Socket<S> {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    // The last things heard, for whoever must understand why the next one did not come.
    heard: VecDeque<String>,
    aside: VecDeque<S>,
    places: VecDeque<S>,
    past: VecDeque<S>,
}

/// Something that came over a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard<S> {
    /// A frame.
    Frame(S),
    /// Text that is not a frame, such as the answer to a heartbeat.
    Text(String),
    /// The server closed it, with this code.
    Closed(u16),
    /// It broke off without being closed.
    Lost,
}

impl<S: Frame> Socket<S> {
    /// Opens a socket as a page of `origin` would that holds a ticket.
    pub async fn open(url: &str, origin: &str, ticket: &str) -> Result<Self, Error> {
        match Self::try_socket(url, origin, Some(ticket)).await? {
            Ok(socket) => Ok(socket),
            Err(answer) => {
                let words = format!("{url} was answered {}: {}", answer.status, answer.body);
                Err(Error::new(words))
            }
        }
    }

    /// Asks for a socket; the answer may be that there is none.
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
                let (aside, places, past) = (VecDeque::new(), VecDeque::new(), VecDeque::new());
                Ok(Ok(Self { stream, heard: VecDeque::new(), aside, places, past }))
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

    /// Sends many texts before the server can have answered the first.
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

    /// The next frame that tells how the other side stands, past whatever else comes.
    pub async fn aside(&mut self) -> Result<S, Error> {
        self.next_aside(Aside::Presence).await
    }

    /// The next frame that tells a place in the queue, past whatever else comes.
    pub async fn place(&mut self) -> Result<S, Error> {
        self.next_aside(Aside::Places).await
    }

    /// The next frame that tells what the person came with before, past whatever else comes.
    pub async fn past(&mut self) -> Result<S, Error> {
        self.next_aside(Aside::Past).await
    }

    async fn next_aside(&mut self, wanted: Aside) -> Result<S, Error> {
        loop {
            if let Some(frame) = self.set_aside(wanted).pop_front() {
                return Ok(frame);
            }
            match self.hear_all().await? {
                Heard::Frame(frame) => {
                    if let Some(aside) = frame.aside() {
                        self.set_aside(aside).push_back(frame);
                    }
                }
                Heard::Text(_) => {}
                other @ (Heard::Closed(_) | Heard::Lost) => {
                    return Err(Error::new(format!("expected a frame, and {other:?} came")));
                }
            }
        }
    }

    /// The next thing that comes, whatever it is, but for frames that are set aside.
    pub async fn hear(&mut self) -> Result<Heard<S>, Error> {
        loop {
            match self.hear_all().await? {
                Heard::Frame(frame) => match frame.aside() {
                    Some(aside) => self.set_aside(aside).push_back(frame),
                    None => return Ok(Heard::Frame(frame)),
                },
                other @ (Heard::Text(_) | Heard::Closed(_) | Heard::Lost) => return Ok(other),
            }
        }
    }

    fn set_aside(&mut self, aside: Aside) -> &mut VecDeque<S> {
        match aside {
            Aside::Presence => &mut self.aside,
            Aside::Places => &mut self.places,
            Aside::Past => &mut self.past,
        }
    }

    async fn hear_all(&mut self) -> Result<Heard<S>, Error> {
        let next = async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => return heard(&text),
                    Some(Ok(Message::Close(Some(close)))) => return Heard::Closed(close.code.into()),
                    // 1005 stands for a close without a code (RFC 6455 §7.1.5).
                    Some(Ok(Message::Close(None))) => return Heard::Closed(1005),
                    Some(Ok(Message::Binary(bytes))) => {
                        return Heard::Text(String::from_utf8_lossy(&bytes).into_owned());
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                    Some(Err(_)) | None => return Heard::Lost,
                }
            }
        };
        let next = within_patience("something on the socket", next).await;
        let next = next.map_err(|error| Error::new(format!("{error}; heard before: {:#?}", self.heard)))?;
        if self.heard.len() == REMEMBERED {
            self.heard.pop_front();
        }
        self.heard.push_back(format!("{next:?}"));
        Ok(next)
    }

    /// The next thing that comes, which must be a frame.
    pub async fn frame(&mut self) -> Result<S, Error> {
        match self.hear().await? {
            Heard::Frame(frame) => Ok(frame),
            other @ (Heard::Text(_) | Heard::Closed(_) | Heard::Lost) => {
                Err(Error::new(format!("expected a frame, and {other:?} came")))
            }
        }
    }

    /// The code the server closes with; nothing may come before.
    pub async fn closed(&mut self) -> Result<u16, Error> {
        match self.hear().await? {
            Heard::Closed(code) => Ok(code),
            other @ (Heard::Frame(_) | Heard::Text(_) | Heard::Lost) => {
                Err(Error::new(format!("expected a close, and {other:?} came")))
            }
        }
    }

    /// The code it is closed with, whatever comes before.
    pub async fn ended(&mut self) -> Result<u16, Error> {
        loop {
            match self.hear().await? {
                Heard::Closed(code) => return Ok(code),
                Heard::Frame(_) | Heard::Text(_) => {}
                Heard::Lost => return Err(Error::new("expected a close, and it broke off")),
            }
        }
    }

    /// The socket without memory of what it heard, for measurements.
    pub fn into_stream(self) -> WebSocketStream<MaybeTlsStream<TcpStream>> {
        self.stream
    }

    /// Leaves politely, as a page does when it is left.
    pub async fn leave(mut self) -> Result<(), Error> {
        let closed = self.stream.close(None);
        within_patience("leaving a socket", closed).await?.while_doing("leaving a socket")
    }
}

fn heard<S: DeserializeOwned>(text: &str) -> Heard<S> {
    serde_json::from_str(text).map_or_else(|_| Heard::Text(text.to_owned()), Heard::Frame)
}

const REMEMBERED: usize = 8;
