// SPDX-License-Identifier: EUPL-1.2
//! One open socket: frames as JSON, whatever they hold, in the order in which they arrive.
//!
//! What a clause looks for is taken out of what has arrived; the rest stays for the next look.

use std::collections::VecDeque;
use std::fmt::Display;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use infocig_protocol::{limits, subprotocol};
use serde_json::{Value, json};
use tungstenite::protocol::{Message, Role, WebSocket};

use super::clause::{Played, Verdict, broken, expect};
use super::net::{Answer, Service, Stream, Upgraded};

/// An open socket.
pub(super) struct Link {
    socket: WebSocket<Stream>,
    /// The subprotocol that was accepted.
    pub(super) accepted: Option<String>,
    pending: VecDeque<Event>,
    /// The last events, for a verdict.
    heard: VecDeque<String>,
    /// Every entry, in the order of arrival.
    pub(super) log: Vec<Value>,
    /// The frame `welcome`, once it came.
    pub(super) welcome: Value,
}

/// Something that arrives.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Event {
    /// A frame.
    Frame(Value),
    /// The entries of one frame that nobody has looked for.
    Entries(Vec<Value>),
    /// A text that is no object.
    Text(String),
    /// A binary frame of so many bytes.
    Binary(usize),
    /// The server closed it with this code.
    Closed(u16),
    /// The connection broke.
    Lost,
}

impl Link {
    /// Asks for a socket with a ticket.
    pub(super) fn try_open(
        service: &Service,
        origin: &str,
        path: &str,
        ticket: Option<&str>,
    ) -> Result<Result<Self, Answer>, Verdict> {
        let offered = ticket.map(|ticket| subprotocol::offer(ticket).join(", ")).unwrap_or_default();
        let Upgraded { stream, rest, accepted } = match service.upgrade(path, origin, &offered)? {
            Ok(upgraded) => upgraded,
            Err(answer) => return Ok(Err(answer)),
        };
        let socket = WebSocket::from_partially_read(stream, rest, Role::Client, None);
        let (pending, heard, log) = (VecDeque::new(), VecDeque::new(), Vec::new());
        Ok(Ok(Self { socket, accepted, pending, heard, log, welcome: Value::Null }))
    }

    /// The same, which must be opened.
    pub(super) fn open(service: &Service, origin: &str, path: &str, ticket: &str) -> Result<Self, Verdict> {
        let opened = Self::try_open(service, origin, path, Some(ticket))?;
        opened.map_err(|answer| broken(format_args!("a socket at {path}"), answer.said()))
    }

    /// Says `hello` from an entry on, and waits for `welcome` and the page after it.
    pub(super) fn hello(&mut self, ticket: &str, resume_after: u64) -> Played {
        self.send(&hello(ticket, resume_after))?;
        self.welcome = self.frame("welcome")?;
        let (last, after) = (number(&self.welcome["last_seq"]), number(&self.welcome["after"]));
        if last > after {
            self.until("the page after welcome", |event| {
                if let Event::Entries(_) = event { Some(()) } else { None }
            })?;
        }
        Ok(())
    }

    /// Sends a frame.
    pub(super) fn send(&mut self, frame: &Value) -> Played {
        self.text(frame.to_string())
    }

    /// Sends any text.
    pub(super) fn text(&mut self, text: impl Into<String>) -> Played {
        self.message(Message::text(text.into()))
    }

    /// Sends any bytes as a binary frame.
    pub(super) fn binary(&mut self, bytes: &[u8]) -> Played {
        self.message(Message::binary(bytes.to_vec()))
    }

    fn message(&mut self, message: Message) -> Played {
        let sent = self.socket.send(message);
        sent.map_err(|error| broken("a link that takes frames", format_args!("{error}; {}", self.said())))
    }

    /// Posts a message under an id.
    pub(super) fn post(&mut self, id: &str, text: &str) -> Played {
        self.send(&json!({ "post": { "id": id, "text": text } }))
    }

    /// Posts a message and waits for its entry.
    pub(super) fn say(&mut self, id: &str, text: &str) -> Result<Value, Verdict> {
        self.post(id, text)?;
        self.message_of(id)
    }

    /// The entry of a message.
    pub(super) fn message_of(&mut self, id: &str) -> Result<Value, Verdict> {
        self.entry(format_args!("the entry of message {id}"), |body| body["message"]["id"] == id)
    }

    /// The entry of a kind.
    pub(super) fn entry_of(&mut self, kind: &str) -> Result<Value, Verdict> {
        self.entry(format_args!("an entry `{kind}`"), |body| body.get(kind).is_some())
    }

    /// The first entry that has not been looked for with such a body.
    pub(super) fn entry(
        &mut self,
        expected: impl Display,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Value, Verdict> {
        self.until(expected, |event| {
            let Event::Entries(entries) = event else { return None };
            let place = entries.iter().position(|entry| is_it(&entry["body"]))?;
            Some(entries.remove(place))
        })
    }

    /// The content of a frame of that name.
    pub(super) fn frame(&mut self, name: &str) -> Result<Value, Verdict> {
        self.frame_with(name, |_| true)
    }

    /// The content of a frame of that name with such a content.
    pub(super) fn frame_with(
        &mut self,
        name: &str,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Value, Verdict> {
        self.until(format_args!("a frame `{name}`"), |event| {
            let Event::Frame(frame) = event else { return None };
            frame.get(name).filter(|content| is_it(content)).cloned()
        })
    }

    /// The entries of the next frame of entries.
    pub(super) fn page(&mut self, ask: &Value) -> Result<Vec<Value>, Verdict> {
        self.pending.retain(|event| !matches!(event, Event::Entries(_)));
        self.send(&json!({ "page": ask }))?;
        self.until(format_args!("the page {ask}"), |event| {
            if let Event::Entries(entries) = event { Some(std::mem::take(entries)) } else { None }
        })
    }

    /// A refusal, which must be of this code.
    pub(super) fn refused(&mut self, code: &str) -> Result<Value, Verdict> {
        let refusal = self.frame("refused")?;
        expect(refusal["code"] == code, format_args!("`refused` with {code}"), &refusal)?;
        expect(refusal["detail"].is_string(), "`refused` with a detail", &refusal)?;
        Ok(refusal)
    }

    /// The answer to a heartbeat.
    pub(super) fn pong(&mut self) -> Played {
        self.text(limits::PING)?;
        self.until("PONG", |event| (*event == Event::Text(limits::PONG.into())).then_some(()))
    }

    /// The close code of the server.
    pub(super) fn closed(&mut self, code: u16) -> Played {
        self.closed_within(code, PATIENCE)
    }

    /// The same within another time.
    pub(super) fn closed_within(&mut self, code: u16, time: Duration) -> Played {
        let expected = format!("close {code}");
        let closed = self.until_within(&expected, time, |event| match event {
            Event::Closed(code) => Some(Some(*code)),
            Event::Lost => Some(None),
            Event::Frame(_) | Event::Entries(_) | Event::Text(_) | Event::Binary(_) => None,
        })?;
        let observed = closed
            .map_or("a connection that broke without a close frame".into(), |code| format!("close {code}"));
        expect(closed == Some(code), &expected, observed)
    }

    /// Makes sure that nothing of the kind arrives for a moment, by asking for a `PONG` and waiting a little.
    pub(super) fn silent(&mut self, about: &str, mut is_it: impl FnMut(&Event) -> bool) -> Played {
        self.pong()?;
        let end = Instant::now() + A_MOMENT;
        while self.receive(end) {}
        match self.pending.iter().find(|event| is_it(event)) {
            Some(event) => Err(broken(format_args!("no {about}"), format_args!("{event:?}"))),
            None => Ok(()),
        }
    }

    /// Forgets everything that nobody has looked for.
    pub(super) fn forget(&mut self) {
        self.pending.clear();
    }

    /// Waits, with a heartbeat every eight seconds.
    pub(super) fn stay(&mut self, time: Duration) -> Played {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.pong()?;
            let beat = end.min(Instant::now() + A_HEARTBEAT);
            while self.receive(beat) {}
        }
        Ok(())
    }

    /// The first event that `look` takes.
    pub(super) fn until<T>(
        &mut self,
        expected: impl Display,
        look: impl FnMut(&mut Event) -> Option<T>,
    ) -> Result<T, Verdict> {
        self.until_within(expected, PATIENCE, look)
    }

    /// The same within another time.
    pub(super) fn until_within<T>(
        &mut self,
        expected: impl Display,
        time: Duration,
        mut look: impl FnMut(&mut Event) -> Option<T>,
    ) -> Result<T, Verdict> {
        let end = Instant::now() + time;
        let mut place = 0;
        loop {
            while let Some(event) = self.pending.get_mut(place) {
                if let Some(found) = look(event) {
                    // Entries that were not taken stay.
                    let is_empty = !matches!(event, Event::Entries(entries) if !entries.is_empty());
                    if is_empty {
                        self.pending.remove(place);
                    }
                    return Ok(found);
                }
                place += 1;
            }
            if !self.receive(end) {
                let within = format_args!("{expected} within {} s", time.as_secs()).to_string();
                return Err(broken(within, self.said()));
            }
        }
    }

    /// The events that arrived last, as words.
    pub(super) fn said(&self) -> String {
        let heard: Vec<&str> = self.heard.iter().map(String::as_str).collect();
        if heard.is_empty() { "nothing".into() } else { format!("…{}", heard.join(" ")) }
    }

    /// The events in the order in which they arrived, read until one of them is the last.
    pub(super) fn in_order(&mut self, is_last: impl Fn(&Event) -> bool) -> Vec<Event> {
        let end = Instant::now() + PATIENCE;
        while !self.pending.iter().any(&is_last) && self.receive(end) {}
        self.pending.drain(..).collect()
    }

    /// Reads one event. `false` when none came in time, or none can come.
    fn receive(&mut self, end: Instant) -> bool {
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || self.socket.get_ref().wait(left).is_err() {
                return false;
            }
            let event = match self.socket.read() {
                Ok(Message::Text(text)) => read(&text),
                Ok(Message::Binary(bytes)) => Event::Binary(bytes.len()),
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => continue,
                // 1005 stands for a close without a code (RFC 6455, 7.1.5).
                Ok(Message::Close(close)) => Event::Closed(close.map_or(1005, |close| close.code.into())),
                Err(tungstenite::Error::Io(error))
                    if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) =>
                {
                    continue;
                }
                Err(_) if matches!(self.pending.back(), Some(Event::Lost | Event::Closed(_))) => {
                    return false;
                }
                Err(_) => Event::Lost,
            };
            let words: String = match &event {
                Event::Frame(frame) => frame.to_string(),
                Event::Entries(entries) => json!({ "entries": entries }).to_string(),
                other @ (Event::Text(_) | Event::Binary(_) | Event::Closed(_) | Event::Lost) => {
                    format!("{other:?}")
                }
            };
            if self.heard.len() == REMEMBERED {
                self.heard.pop_front();
            }
            self.heard.push_back(words.chars().take(LONGEST_WORDS).collect());
            if let Event::Entries(entries) = &event {
                self.log.extend(entries.iter().cloned());
            }
            let is_again = event == Event::Lost
                && self.heard.iter().rev().skip(1).any(|words| words.starts_with("Lost"));
            if is_again {
                return false;
            }
            self.pending.push_back(event);
            return true;
        }
    }
}

impl Drop for Link {
    /// Leaves as a page does.
    fn drop(&mut self) {
        // A link that is closed or lost already needs no farewell.
        let _left = self.socket.close(None).and_then(|()| self.socket.flush());
    }
}

fn read(text: &str) -> Event {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(mut frame)) => {
            match frame.get_mut("entries").and_then(|content| content["entries"].as_array_mut()) {
                Some(entries) => Event::Entries(std::mem::take(entries)),
                None => Event::Frame(Value::Object(frame)),
            }
        }
        Ok(_) | Err(_) => Event::Text(text.to_owned()),
    }
}

/// The frame `hello`.
pub(super) fn hello(ticket: &str, resume_after: u64) -> Value {
    json!({ "hello": { "version": 2, "ticket": ticket, "resume_after": resume_after } })
}

/// A number, 0 if there is none.
pub(super) fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}

/// The numbers of entries.
pub(super) fn numbers(entries: &[Value]) -> Vec<u64> {
    entries.iter().map(|entry| number(&entry["seq"])).collect()
}

/// What is expected comes within this time.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// What must not come would have come within this time.
const A_MOMENT: Duration = Duration::from_millis(400);
const A_HEARTBEAT: Duration = Duration::from_secs(8);
const REMEMBERED: usize = 4;
const LONGEST_WORDS: usize = 200;
