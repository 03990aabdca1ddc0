// SPDX-License-Identifier: EUPL-1.2
//! The client's machines as a device runs them: one connection, one timer, real time.
//!
//! It does for a native program what the driver in browsers does for a page, over a socket or over polls. A connection that
//! is given up takes its leave in the background and cannot speak for the one after it.

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{Sink, Stream};
use infocig_client::machine::{Command, Jitter, Machine, Millis, Transport};
use infocig_protocol::{http::Polled, id::LinkId, subprotocol};
use reqwest::Client;
use tokio::{
    net::TcpStream,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
    time::{Instant, Sleep, sleep_until, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{self, ClientRequestBuilder, Message},
};

use crate::{
    random::Random,
    tokens::new_id,
    trouble::{Trouble, While},
};

type WebSocket = WebSocketStream<MaybeTlsStream<TcpStream>>;
type Opening = Pin<Box<dyn Future<Output = Result<WebSocket, tungstenite::Error>> + Send>>;

/// A machine with a socket. It moves only while somebody waits for its [`next`](Self::next) event.
pub struct Driver<M: Machine> {
    machine: M,
    request: ClientRequestBuilder,
    http: Client,
    poll_url: String,
    origin: String,
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
    Polls(Polling),
}

/// A connection made of requests, in tasks of its own.
struct Polling {
    texts: UnboundedSender<String>,
    news: UnboundedReceiver<News>,
    tasks: JoinSet<()>,
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
        let poll_url = url.replacen("ws", "http", 1);
        let poll_url = poll_url.strip_suffix("socket").map(|path| format!("{path}poll")).unwrap_or_default();
        let url = url.parse().while_doing(format_args!("reading the address {url}"))?;
        let mut driver = Self {
            machine,
            http: Client::builder().no_proxy().build().while_doing("making an HTTP client")?,
            poll_url,
            origin: origin.to_owned(),
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
        let mut commands = VecDeque::from(act(&mut self.machine, now));
        while let Some(command) = commands.pop_front() {
            match command {
                Command::Open(Transport::Socket) => self.open(),
                Command::Open(Transport::Poll) => self.poll_from_now_on(),
                // Trying is the best way to see: what leads nowhere leads back to polls.
                Command::Probe => commands.extend(self.machine.handle_probe(now)),
                Command::Send(text) => self.outgoing.push_back(text),
                Command::Close => self.close(),
                Command::WakeAt(at) => self.wake_at(at),
                Command::Emit(event) => self.events.push_back(event),
            }
        }
    }

    /// The page came back to life, or the network did.
    pub fn nudge(&mut self) {
        self.act(Machine::handle_resume);
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
                self.act(|machine, now| machine.handle_timeout(now, jitter));
                continue;
            }
            match self.poll_wire(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(News::Text(text)) => {
                    self.act(|machine, now| machine.handle_text(&text, now, jitter));
                }
                Poll::Ready(News::Lost(code)) => {
                    self.close();
                    self.act(|machine, now| machine.handle_close(Some(code), now, jitter));
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
                Wire::Polls(polling) => {
                    for text in self.outgoing.drain(..) {
                        // Nobody reads it any more when the connection is lost, which is the next news.
                        let _ = polling.texts.send(text);
                    }
                    let news = polling.news.poll_recv(context);
                    return news.map(|news| news.unwrap_or(News::Lost(ABNORMAL)));
                }
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
        let request = subprotocol::offer(self.machine.ticket())
            .into_iter()
            .fold(request, ClientRequestBuilder::with_sub_protocol);
        self.wire = Wire::Opening(Box::pin(async move {
            connect_async_with_config(request, None, true).await.map(|(socket, _)| socket)
        }));
    }

    fn poll_from_now_on(&mut self) {
        self.close();
        let (texts, to_send) = unbounded_channel();
        let (told, news) = unbounded_channel();
        let way = Way {
            http: self.http.clone(),
            url: self.poll_url.clone(),
            origin: self.origin.clone(),
            number: Arc::new(AtomicU64::new(1)),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(carry(way, to_send, told));
        self.wire = Wire::Polls(Polling { texts, news, tasks });
    }

    fn close(&mut self) {
        self.outgoing.clear();
        if let Wire::Polls(polling) = &mut self.wire {
            polling.tasks.abort_all();
        }
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

/// Where polls go, and for whom.
#[derive(Clone)]
struct Way {
    http: Client,
    url: String,
    origin: String,
    number: Arc<AtomicU64>,
}

impl Way {
    async fn ask(&self, link: &LinkId, frames: Vec<String>, wait: bool) -> Option<Polled> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let poll = infocig_protocol::http::Poll { link: link.clone(), number, frames, wait, leaving: false };
        let request = self.http.post(&self.url).header("origin", &self.origin).json(&poll);
        // Longer than a poll may wait, as in browsers.
        let answer = request.timeout(Duration::from_secs(30)).send().await.ok()?;
        if answer.status() == 200 { answer.json().await.ok() } else { None }
    }
}

/// Carries texts by requests: one that waits, and beside it those that bring something, one after the other.
async fn carry(way: Way, mut texts: UnboundedReceiver<String>, told: UnboundedSender<News>) {
    let link = new_id().ok().and_then(|id| LinkId::parse(id).ok());
    let (Some(hello), Some(link)) = (texts.recv().await, link) else { return };
    let bring = async {
        while let Some(text) = texts.recv().await {
            let mut frames = vec![text];
            while let Ok(more) = texts.try_recv() {
                frames.push(more);
            }
            if way.ask(&link, frames, false).await.is_none() {
                // Nobody reads it any more when the connection was given up.
                let _ = told.send(News::Lost(ABNORMAL));
                return;
            }
        }
    };
    let wait = async {
        let mut frames = vec![hello];
        loop {
            let polled = way.ask(&link, std::mem::take(&mut frames), true).await;
            let Polled { frames, closed } =
                polled.unwrap_or(Polled { frames: Vec::new(), closed: Some(ABNORMAL) });
            let news = frames.into_iter().map(News::Text).chain(closed.map(News::Lost));
            if news.map(|news| told.send(news)).any(|sent| sent.is_err()) || closed.is_some() {
                return;
            }
        }
    };
    tokio::select! {
        () = bring => {}
        () = wait => {}
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
