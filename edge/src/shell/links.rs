// SPDX-License-Identifier: EUPL-1.2
//! Links of an object: sockets and polls, told apart by what is attached to them.
//!
//! - Sockets are accepted for hibernation: the platform keeps them and their attachments while the object sleeps. The list
//!   here is a cache of that, so that a message does not cost a question per socket.
//! - Who reads on pages without a link has one all the same, that hears nothing: it says that they are there for a while after
//!   each page.
//! - A polled link lives in memory alone. When the object is emptied it is lost as a socket is lost, and its client resumes.
//! - Who was there by polls or pages is stored now and then: an object that sleeps in between, or is started anew, knows until
//!   when they count as there, and tells the others when that is over.
//! - A link that is closing may still be listed and refuse what is sent: that is its end, not the object's.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};

use ::worker::{Headers, Response, State, WebSocket, WebSocketPair, WebSocketRequestResponsePair};
use infocig_protocol::{
    close,
    http::Polled,
    id::LinkId,
    limits::{PAGE_LOST_AFTER_MS, PING, POLL_LOST_AFTER_MS, PONG, SILENT_AFTER_MS},
    subprotocol,
    time::Timestamp,
};
use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{clock, durable_sql::DurableSql};
use crate::{
    problem::Fault,
    room::Socket,
    store::{Visit, VisitStore, VisitWay},
};

/// One link and what it is known to be.
pub(super) struct Link {
    way: Way,
    known: RefCell<Socket>,
    /// Whether it was ever shown the room's picture, as far as memory goes.
    painted: Cell<bool>,
    /// The row that remembers it, and the sign of life in it.
    row: Cell<Option<(i64, Timestamp)>>,
}

enum Way {
    Socket(WebSocket),
    Poll(Mailbox),
    /// Pages, the last of which was asked for at this instant of the wall clock.
    Pages(Cell<Timestamp>),
    /// Polls whose mailbox went with the object's memory: their client has yet to come back, or never will.
    PolledBefore(Timestamp),
}

/// What waits for a polled link's client.
struct Mailbox {
    id: LinkId,
    frames: RefCell<Vec<String>>,
    closed: Cell<Option<u16>>,
    /// Number of the newest request that brought frames.
    brought: Cell<u64>,
    /// Number of the newest request that waits: the one that is answered.
    waits: Cell<u64>,
    /// What it was answered, should it arrive again.
    answer: RefCell<Option<Polled>>,
    /// When its client was last waiting, by the wall clock.
    visited: Cell<Timestamp>,
}

/// A text that becomes a JavaScript string once, however many it goes to.
pub(super) struct Text<'t> {
    text: &'t str,
    made: OnceCell<JsString>,
}

impl<'t> From<&'t str> for Text<'t> {
    fn from(text: &'t str) -> Self {
        Self { text, made: OnceCell::new() }
    }
}

#[wasm_bindgen]
extern "C" {
    /// A socket that takes a JavaScript string.
    type Sends;

    #[wasm_bindgen(method, catch)]
    fn send(this: &Sends, text: &JsString) -> Result<(), JsValue>;
}

/// What a waiting request finds.
pub(super) enum Found {
    /// An answer.
    Something(Polled),
    /// Nothing yet.
    Nothing,
    /// Another request waits instead.
    Replaced,
}

impl Mailbox {
    /// A client that does not fetch what waits for it loses the link, and resumes.
    fn put(&self, text: &str) {
        let mut frames = self.frames.borrow_mut();
        let held: usize = frames.iter().map(String::len).sum();
        if frames.len() < MOST_FRAMES_WAITING && held < MOST_BYTES_WAITING {
            frames.push(text.to_string());
        } else {
            frames.clear();
            self.closed.set(Some(close::FAULT));
        }
    }
}

impl Link {
    fn new(way: Way, known: Socket) -> Self {
        Self { way, known: RefCell::new(known), painted: Cell::new(false), row: Cell::new(None) }
    }

    fn remembered(Visit { id, way, known, at }: Visit<Socket>) -> Self {
        let way = match way {
            VisitWay::Polls => Way::PolledBefore(at),
            VisitWay::Pages => Way::Pages(Cell::new(at)),
        };
        Self { row: Cell::new(Some((id, at))), ..Self::new(way, known) }
    }

    pub(super) fn known(&self) -> Socket {
        self.known.borrow().clone()
    }

    /// Looks at what the link is known to be.
    pub(super) fn look_at<T>(&self, look: impl FnOnce(&Socket) -> T) -> T {
        look(&self.known.borrow())
    }

    /// Whether it was ever shown the room's picture.
    pub(super) fn is_painted(&self) -> bool {
        self.painted.get()
    }

    /// It is shown the room's picture, from now on by what changes in it.
    pub(super) fn paint(&self) {
        self.painted.set(true);
    }

    /// Changes what the link is known to be. A socket keeps it through hibernation.
    pub(super) fn learn(&self, change: impl FnOnce(&mut Socket)) -> Result<(), Fault> {
        change(&mut self.known.borrow_mut());
        match &self.way {
            Way::Socket(socket) => Ok(socket.serialize_attachment(&*self.known.borrow())?),
            Way::Poll(_) | Way::Pages(_) | Way::PolledBefore(_) => Ok(()),
        }
    }

    /// Sends a text; a link that refuses it has ended, and will be seen to have.
    pub(super) fn send(&self, text: &str) {
        self.send_made(&text.into());
    }

    /// The same with a text that goes to several.
    pub(super) fn send_made(&self, text: &Text<'_>) {
        match &self.way {
            Way::Socket(socket) => {
                let socket: &Sends = js(socket).unchecked_ref();
                let _ended = socket.send(text.made.get_or_init(|| text.text.into()));
            }
            Way::Poll(mailbox) => mailbox.put(text.text),
            Way::Pages(_) | Way::PolledBefore(_) => {}
        }
    }

    /// Ends the link: it counts as gone from here on.
    pub(super) fn close(&self, code: u16) {
        let _attached = self.learn(|known| known.dismissed = true);
        match &self.way {
            Way::Socket(socket) => {
                let _ended = socket.close(Some(code), None::<&str>);
            }
            Way::Poll(mailbox) => mailbox.closed.set(Some(code)),
            Way::Pages(_) | Way::PolledBefore(_) => {}
        }
    }

    /// When it counts as gone unless there is another sign of life, by the wall clock. `None` for a socket that was told to
    /// close, whose end the platform sees to, and for one whose `hello` is yet to come.
    pub(super) fn silent_at(&self, state: &State) -> Option<Timestamp> {
        match &self.way {
            Way::Socket(_) if self.known.borrow().dismissed => None,
            Way::Socket(socket) => {
                let known = self.known.borrow();
                let first = known.speaker.is_some().then(|| known.opened.plus_millis(2 * SILENT_AFTER_MS));
                last_heartbeat(state, socket).map(|last| last.plus_millis(SILENT_AFTER_MS)).or(first)
            }
            Way::Poll(mailbox) => Some(mailbox.visited.get().plus_millis(POLL_LOST_AFTER_MS)),
            Way::PolledBefore(visited) => Some(visited.plus_millis(POLL_LOST_AFTER_MS)),
            Way::Pages(asked) => Some(asked.get().plus_millis(PAGE_LOST_AFTER_MS)),
        }
    }

    /// Whether the frames of a request are new.
    pub(super) fn brings_news(&self, number: u64) -> bool {
        let Way::Poll(mailbox) = &self.way else { return false };
        number > mailbox.brought.replace(mailbox.brought.get().max(number))
    }

    /// A request begins to wait. The newest is the one that is answered from here on, and its predecessor's answer arrived.
    pub(super) fn wait(&self, number: u64) {
        let Way::Poll(mailbox) = &self.way else { return };
        if number > mailbox.waits.get() {
            mailbox.waits.set(number);
            mailbox.answer.replace(None);
        }
    }

    /// What a waiting request finds.
    pub(super) fn look(&self, number: u64) -> Found {
        let Way::Poll(mailbox) = &self.way else { return Found::Replaced };
        if mailbox.waits.get() != number {
            return Found::Replaced;
        }
        mailbox.visited.set(clock::wall());
        let mut answer = mailbox.answer.borrow_mut();
        if answer.is_none() {
            let polled = Polled { frames: mailbox.frames.take(), closed: mailbox.closed.get() };
            *answer = Some(polled).filter(|polled| *polled != Polled::default());
        }
        answer.clone().map_or(Found::Nothing, Found::Something)
    }

    /// A waiting request was answered with nothing: should it arrive again, it takes nothing either.
    pub(super) fn answered_with_nothing(&self, number: u64) {
        if let Way::Poll(mailbox) = &self.way
            && mailbox.waits.get() == number
        {
            mailbox.answer.replace(Some(Polled::default()));
        }
    }

    fn is_socket(&self, other: &WebSocket) -> bool {
        match &self.way {
            Way::Socket(socket) => js(socket) == js(other),
            Way::Poll(_) | Way::Pages(_) | Way::PolledBefore(_) => false,
        }
    }

    /// Whether somebody is there by it who has no socket.
    #[cfg(feature = "test-clock")]
    pub(super) fn is_visit(&self) -> bool {
        self.visit().is_some()
    }

    /// How somebody is there who says who they are and has no socket, and their last sign of life.
    fn visit(&self) -> Option<(VisitWay, Timestamp)> {
        let counts = self.look_at(|known| known.speaker.is_some() && !known.dismissed);
        match &self.way {
            Way::Poll(mailbox) => Some((VisitWay::Polls, mailbox.visited.get())),
            Way::Pages(asked) => Some((VisitWay::Pages, asked.get())),
            Way::Socket(_) | Way::PolledBefore(_) => None,
        }
        .filter(|_| counts)
    }
}

/// The links of one object.
pub(super) struct Links {
    list: RefCell<Option<Rc<Vec<Rc<Link>>>>>,
    visits: VisitStore<DurableSql>,
}

impl Links {
    pub(super) fn of(state: &State) -> Self {
        Self { list: RefCell::default(), visits: VisitStore::of(DurableSql::of(state)) }
    }

    /// Stores that somebody without a socket is there, unless that was done a moment ago.
    pub(super) fn remember(&self, link: &Link) -> Result<(), Fault> {
        let Some((way, at)) = link.visit() else { return Ok(()) };
        let id = match link.row.get() {
            Some((_, noted)) if at < noted.plus_millis(NOTED_EVERY_MS) => return Ok(()),
            Some((id, _)) => link.look_at(|known| self.visits.renew(id, known, at)).map(|()| id),
            None => link.look_at(|known| self.visits.begin(way, known, at)),
        };
        link.row.set(Some((id?, at)));
        Ok(())
    }

    /// Answers an upgrade with a socket that carries what is known of it through hibernation.
    pub(super) fn accept(&self, state: &State, known: Socket) -> Result<Response, Fault> {
        if !self.has_room(state) || state.get_websockets().len() >= MOST_SOCKETS {
            return Ok(Response::empty()?.with_status(503));
        }
        let pair = WebSocketPair::new()?;
        pair.server.serialize_attachment(&known)?;
        state.accept_web_socket(&pair.server);
        self.add(Link::new(Way::Socket(pair.server), known));
        let headers = Headers::new();
        // A browser fails a socket whose server accepts none of the subprotocols it offered (RFC 6455 §4.1).
        headers.set("sec-websocket-protocol", subprotocol::NAME)?;
        Ok(Response::from_websocket(pair.client)?.with_headers(headers))
    }

    /// The polled link with that id, opened if there is none and `known` says as what. `None` if there is none and none is
    /// opened, or there are too many. One whose first request does not say who it is must be forgotten with its answer.
    pub(super) fn polled(&self, state: &State, id: &LinkId, known: Option<Socket>) -> Option<Rc<Link>> {
        let all = self.all(state);
        let found = all.iter().find(|link| matches!(&link.way, Way::Poll(mailbox) if mailbox.id == *id));
        if let Some(link) = found {
            return Some(Rc::clone(link));
        }
        let known = known.filter(|_| self.has_room(state))?;
        let mailbox = Mailbox {
            id: id.clone(),
            frames: RefCell::default(),
            closed: Cell::new(None),
            brought: Cell::new(0),
            waits: Cell::new(0),
            answer: RefCell::new(None),
            visited: Cell::new(clock::wall()),
        };
        Some(self.add(Link::new(Way::Poll(mailbox), known)))
    }

    /// The link of who reads a conversation on pages, as whom `known` says, and whether it was there before. `None` if there are
    /// too many.
    pub(super) fn pages(&self, state: &State, known: Socket) -> Option<(Rc<Link>, bool)> {
        let now = clock::wall();
        let all = self.all(state);
        let is_theirs = |other: &Socket| !other.dismissed && other.is_of_the_speaker_of(&known);
        for link in all.iter().filter(|link| link.look_at(is_theirs)) {
            if let Way::Pages(asked) = &link.way {
                asked.set(now);
                return Some((Rc::clone(link), true));
            }
        }
        self.has_room(state).then(|| (self.add(Link::new(Way::Pages(Cell::new(now)), known)), false))
    }

    /// Whether one more stranger may come in. Strangers never take the places of those who are known.
    fn has_room(&self, state: &State) -> bool {
        let all = self.all(state);
        let held = |greeted: bool| {
            let counts = |known: &Socket| !known.dismissed && known.speaker.is_some() == greeted;
            all.iter().filter(|link| link.look_at(counts)).count()
        };
        held(true) < MOST_LINKS && held(false) < MOST_STRANGERS
    }

    /// The link of a socket on which something arrived.
    pub(super) fn of_socket(&self, state: &State, socket: &WebSocket) -> Result<Rc<Link>, Fault> {
        if let Some(link) = self.all(state).iter().find(|link| link.is_socket(socket)) {
            return Ok(Rc::clone(link));
        }
        let known =
            attached(socket).ok_or_else(|| Fault::Platform("a socket without an attachment".into()))?;
        Ok(self.add(Link::new(Way::Socket(socket.clone()), known)))
    }

    /// Every link.
    pub(super) fn all(&self, state: &State) -> Rc<Vec<Rc<Link>>> {
        if let Some(list) = self.list.borrow().as_ref() {
            return Rc::clone(list);
        }
        let sockets = state.get_websockets().into_iter().filter_map(|socket| {
            let known = attached(&socket)?;
            Some(Rc::new(Link::new(Way::Socket(socket), known)))
        });
        let visits = self.visits.all().unwrap_or_else(|fault| {
            ::worker::console_error!("visits are forgotten: {fault}");
            Vec::new()
        });
        let visits = visits.into_iter().map(|visit| Rc::new(Link::remembered(visit)));
        let list: Rc<Vec<Rc<Link>>> = Rc::new(sockets.chain(visits).collect());
        self.list.replace(Some(Rc::clone(&list)));
        list
    }

    /// The link is over: nothing arrives on it any more, and nobody waits for what is sent.
    pub(super) fn forget(&self, link: &Link) {
        if let Some(list) = self.list.borrow_mut().as_mut() {
            Rc::make_mut(list).retain(|other| !std::ptr::eq(Rc::as_ptr(other), link));
        }
        let ended = link.row.take().map_or(Ok(()), |(id, _)| self.visits.end(id));
        if let Err(fault) = ended {
            // Its row ends with the time it stands for.
            ::worker::console_error!("a visit is not ended: {fault}");
        }
    }

    fn add(&self, link: Link) -> Rc<Link> {
        let link = Rc::new(link);
        if let Some(list) = self.list.borrow_mut().as_mut() {
            Rc::make_mut(list).push(Rc::clone(&link));
        }
        link
    }
}

/// How much earlier than promised somebody may be gone whose object slept.
const NOTED_EVERY_MS: i64 = 5_000;
const MOST_LINKS: usize = 1_000;
/// Links that have not said who they are; they end after some seconds.
const MOST_STRANGERS: usize = 500;
/// Far below the platform's own limit (32,768), beyond which accepting panics; it counts those told to go too.
const MOST_SOCKETS: usize = 10_000;
const MOST_FRAMES_WAITING: usize = 256;
const MOST_BYTES_WAITING: usize = 2 * 1024 * 1024;

/// Lets the runtime answer heartbeats without waking the object.
pub(super) fn answer_heartbeats(state: &State) {
    match WebSocketRequestResponsePair::new(PING, PONG) {
        Ok(pair) => state.set_websocket_auto_response(&pair),
        Err(error) => ::worker::console_error!("heartbeats are not answered: {error:?}"),
    }
}

fn attached(socket: &WebSocket) -> Option<Socket> {
    socket.deserialize_attachment().ok().flatten()
}

/// When the runtime last answered a heartbeat of a socket: `getWebSocketAutoResponseTimestamp`, which the `worker` crate
/// does not bind.
fn last_heartbeat(state: &State, socket: &WebSocket) -> Option<Timestamp> {
    let state: &JsValue = state.as_raw().as_ref();
    let name = JsValue::from_str("getWebSocketAutoResponseTimestamp");
    let method: js_sys::Function = js_sys::Reflect::get(state, &name).ok()?.dyn_into().ok()?;
    let date: js_sys::Date = method.call1(state, js(socket)).ok()?.dyn_into().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit in 53 bits")]
    Some(Timestamp::from_millis(date.get_time() as i64))
}

fn js(socket: &WebSocket) -> &JsValue {
    let socket: &web_sys::WebSocket = socket.as_ref();
    socket.as_ref()
}
