// SPDX-License-Identifier: EUPL-1.2
//! The client's machines as a device runs them: one socket, one timer, real time.
//!
//! It does for a native program what the driver in browsers does for a page. A socket that is given up takes its leave in
//! the background and cannot speak for the one after it.

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{Sink, Stream};
use infocig_client::machine::{Command, Jitter, Machine, Millis};
use tokio::{
    net::TcpStream,
    time::{Instant, Sleep, sleep_until, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{self, ClientRequestBuilder, Message},
};

use crate::{
    random::Random,
    trouble::{Trouble, While},
};

type WebSocket = WebSocketStream<MaybeTlsStream<TcpStream>>;
type Opening = Pin<Box<dyn Future<Output = Result<WebSocket, tungstenite::Error>> + Send>>;

/// A machine with a socket. It moves only while somebody waits for its [`next`](Self::next) event.
pub struct Driver<M: Machine> {
    machine: M,
    request: ClientRequestBuilder,
    wire: Wire,
    outgoing: VecDeque<String>,
    alarm: Option<Pin<Box<Sleep>>>,
    events: VecDeque<M::Event>,
    random: Random,
    started: Instant,
}

enum Wire {
    None,
    Opening(Opening),
    Open(Box<WebSocket>),
}

/// What the socket has for the machine.
enum News {
    Text(String),
    /// It is gone, with this close code.
    Lost(u16),
}

impl<M: Machine> Driver<M> {
    /// Starts a machine whose socket is at `url`, for a page of `origin`.
    pub fn start(machine: M, url: &str, origin: &str, random: Random) -> Result<Self, Trouble> {
        let url = url.parse().while_doing(format_args!("reading the address {url}"))?;
        let mut driver = Self {
            machine,
            request: ClientRequestBuilder::new(url).with_header("Origin", origin),
            wire: Wire::None,
            outgoing: VecDeque::new(),
            alarm: None,
            events: VecDeque::new(),
            random,
            started: Instant::now(),
        };
        driver.act(Machine::start);
        Ok(driver)
    }

    /// Does something with the machine at this moment and carries out what it says.
    pub fn act(&mut self, act: impl FnOnce(&mut M, Millis) -> Vec<Command<M::Event>>) {
        let now = self.now();
        let commands = act(&mut self.machine, now);
        for command in commands {
            match command {
                Command::Open(_) => self.open(),
                Command::Probe => {}
                Command::Send(text) => self.outgoing.push_back(text),
                Command::Close => self.close(),
                Command::WakeAt(at) => self.wake_at(at),
                Command::Tell(event) => self.events.push_back(event),
            }
        }
    }

    /// The page came back to life, or the network did.
    pub fn nudge(&mut self) {
        self.act(Machine::nudged);
    }

    /// The machine, to look at.
    pub fn machine(&self) -> &M {
        &self.machine
    }

    /// The next event. Nothing is lost when this is given up and asked again.
    pub async fn next(&mut self) -> M::Event {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<M::Event> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(event);
            }
            let jitter = self.jitter();
            if self.alarm.as_mut().is_some_and(|alarm| alarm.as_mut().poll(context).is_ready()) {
                self.alarm = None;
                self.act(|machine, now| machine.woken(now, jitter));
                continue;
            }
            match self.poll_wire(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(News::Text(text)) => {
                    self.act(|machine, now| machine.received(&text, now, jitter));
                }
                Poll::Ready(News::Lost(code)) => {
                    self.close();
                    self.act(|machine, now| machine.lost(Some(code), now, jitter));
                }
            }
        }
    }

    fn poll_wire(&mut self, context: &mut Context<'_>) -> Poll<News> {
        loop {
            match &mut self.wire {
                Wire::None => return Poll::Pending,
                Wire::Opening(opening) => match opening.as_mut().poll(context) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(socket)) => self.wire = Wire::Open(Box::new(socket)),
                    Poll::Ready(Err(_)) => return Poll::Ready(News::Lost(ABNORMAL)),
                },
                Wire::Open(socket) => {
                    let mut socket = Pin::new(socket.as_mut());
                    if poll_send(socket.as_mut(), &mut self.outgoing, context).is_err() {
                        // What the server said before it went is still read.
                        self.outgoing.clear();
                    }
                    match socket.poll_next(context) {
                        Poll::Pending => return Poll::Pending,
                        Poll::Ready(Some(Ok(Message::Text(text)))) => {
                            return Poll::Ready(News::Text(text.as_str().to_owned()));
                        }
                        Poll::Ready(Some(Ok(Message::Close(close)))) => {
                            let code = close.map_or(WITHOUT_CODE, |close| close.code.into());
                            return Poll::Ready(News::Lost(code));
                        }
                        Poll::Ready(Some(Ok(_))) => {}
                        Poll::Ready(Some(Err(_)) | None) => return Poll::Ready(News::Lost(ABNORMAL)),
                    }
                }
            }
        }
    }

    fn open(&mut self) {
        self.close();
        let request = self.request.clone();
        self.wire = Wire::Opening(Box::pin(async move {
            connect_async_with_config(request, None, true).await.map(|(socket, _)| socket)
        }));
    }

    fn close(&mut self) {
        self.outgoing.clear();
        if let Wire::Open(mut socket) = std::mem::replace(&mut self.wire, Wire::None) {
            tokio::spawn(async move {
                // Nobody is left to be told that the other end did not answer.
                let _ = timeout(Duration::from_secs(2), socket.close(None)).await;
            });
        }
    }

    fn wake_at(&mut self, at: Millis) {
        let wait = u64::try_from(at - self.now()).unwrap_or_default();
        self.alarm = Some(Box::pin(sleep_until(Instant::now() + Duration::from_millis(wait))));
    }

    fn now(&self) -> Millis {
        Millis::try_from(self.started.elapsed().as_millis()).unwrap_or(Millis::MAX)
    }

    fn jitter(&mut self) -> Jitter {
        Jitter::per_mille(u16::try_from(self.random.within(0..1001)).unwrap_or_default())
    }
}

impl<M: Machine> Drop for Driver<M> {
    fn drop(&mut self) {
        self.close();
    }
}

/// Hands waiting texts to the socket, as many as it takes now.
fn poll_send(
    mut socket: Pin<&mut WebSocket>,
    outgoing: &mut VecDeque<String>,
    context: &mut Context<'_>,
) -> Result<(), tungstenite::Error> {
    while !outgoing.is_empty() {
        match socket.as_mut().poll_ready(context) {
            Poll::Pending => return Ok(()),
            Poll::Ready(ready) => ready?,
        }
        if let Some(text) = outgoing.pop_front() {
            socket.as_mut().start_send(Message::text(text))?;
        }
    }
    match socket.poll_flush(context) {
        Poll::Pending => Ok(()),
        Poll::Ready(flushed) => flushed,
    }
}

/// What browsers report for a connection that broke off, and for one closed without a code (RFC 6455 §7.1.5).
const ABNORMAL: u16 = 1006;
const WITHOUT_CODE: u16 = 1005;
