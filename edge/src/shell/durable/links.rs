// SPDX-License-Identifier: EUPL-1.2
//! The links of an object, by transport: sockets, polls, and pages without scripts.
//!
//! - Sockets are accepted for hibernation: the platform keeps them and their attachments while the object sleeps. The list
//!   here is a cache of that, so that a message does not cost a question per socket.
//! - A page without scripts is a link that receives nothing: its reader counts as connected for a while after each page.
//! - A polled link lives in memory alone. When the object is emptied it is lost as a socket is lost, and its client resumes.
//! - Links without a socket are stored now and then: an object that sleeps in between, or is started anew, knows until when
//!   they count as connected, and sends the others their absence when that is over.
//! - A link that is closing may still be listed and refuse to be written on: that is its end, not the object's.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};

use ::worker::{Headers, Response, State, WebSocket, WebSocketPair, WebSocketRequestResponsePair};
use infocig_protocol::{
    id::LinkId,
    limits::{PAGE_LOST_AFTER_MS, PING, POLL_LOST_AFTER_MS, PONG, SILENT_AFTER_MS},
    subprotocol,
    time::Timestamp,
};
use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    mailbox::{Found, Mailbox},
    sql::DurableSql,
};
use crate::{
    actors::LinkState,
    problem::Fault,
    shell::{clock, log},
    store::{StoredLink, StoredLinks, StoredTransport},
};

/// One link and its state.
pub(super) struct Link {
    transport: Transport,
    state: RefCell<LinkState>,
    /// Whether it was ever sent the view of its speaker, as far as memory goes.
    shows_view: Cell<bool>,
    /// The row that stores it, and the sign of life in it.
    row: Cell<Option<(i64, Timestamp)>>,
}

enum Transport {
    Socket(WebSocket),
    Poll(Mailbox),
    /// Pages, the last of which was asked for at this instant of the wall clock.
    Pages(Cell<Timestamp>),
    /// Polls whose mailbox went with the object's memory: their client has yet to come back, or never will.
    PolledBefore(Timestamp),
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

impl Link {
    /// The word for its transport.
    pub(super) fn transport(&self) -> &'static str {
        match self.transport {
            Transport::Socket(_) => "socket",
            Transport::Poll(_) | Transport::PolledBefore(_) => "polls",
            Transport::Pages(_) => "pages",
        }
    }

    fn new(transport: Transport, state: LinkState) -> Self {
        Self { transport, state: RefCell::new(state), shows_view: Cell::new(false), row: Cell::new(None) }
    }

    fn restored(StoredLink { id, transport, state, at }: StoredLink<LinkState>) -> Self {
        let transport = match transport {
            StoredTransport::Polls => Transport::PolledBefore(at),
            StoredTransport::Pages => Transport::Pages(Cell::new(at)),
        };
        Self { row: Cell::new(Some((id, at))), ..Self::new(transport, state) }
    }

    pub(super) fn state(&self) -> LinkState {
        self.state.borrow().clone()
    }

    /// Looks at the state without a copy.
    pub(super) fn look_at<T>(&self, look: impl FnOnce(&LinkState) -> T) -> T {
        look(&self.state.borrow())
    }

    /// Whether it was ever sent the view of its speaker.
    pub(super) fn shows_view(&self) -> bool {
        self.shows_view.get()
    }

    /// It was sent the view of its speaker: from now on it is sent updates.
    pub(super) fn view_shown(&self) {
        self.shows_view.set(true);
    }

    /// Changes the state. A socket keeps it through hibernation.
    pub(super) fn update(&self, change: impl FnOnce(&mut LinkState)) -> Result<(), Fault> {
        change(&mut self.state.borrow_mut());
        match &self.transport {
            Transport::Socket(socket) => Ok(socket.serialize_attachment(&*self.state.borrow())?),
            Transport::Poll(_) | Transport::Pages(_) | Transport::PolledBefore(_) => Ok(()),
        }
    }

    /// Sends a text; a link that refuses it has ended, and will be seen to have.
    pub(super) fn send(&self, text: &str) {
        self.send_made(&text.into());
    }

    /// The same with a text that goes to several.
    pub(super) fn send_made(&self, text: &Text<'_>) {
        match &self.transport {
            Transport::Socket(socket) => {
                let socket: &Sends = js(socket).unchecked_ref();
                let _ended = socket.send(text.made.get_or_init(|| text.text.into()));
            }
            Transport::Poll(mailbox) => mailbox.put(text.text),
            Transport::Pages(_) | Transport::PolledBefore(_) => {}
        }
    }

    /// Sends a Close frame: the link counts as gone from here on.
    pub(super) fn close(&self, code: u16) {
        let _attached = self.update(|state| state.close_sent = true);
        match &self.transport {
            Transport::Socket(socket) => {
                let _ended = socket.close(Some(code), None::<&str>);
            }
            Transport::Poll(mailbox) => mailbox.close(code),
            Transport::Pages(_) | Transport::PolledBefore(_) => {}
        }
    }

    /// When it counts as gone unless there is another sign of life, by the wall clock. `None` for a socket that was sent a
    /// Close frame, whose end the platform sees to.
    pub(super) fn silent_at(&self, state: &State) -> Option<Timestamp> {
        match &self.transport {
            Transport::Socket(socket) => {
                let (opened, close_sent) = self.look_at(|state| (state.opened, state.close_sent));
                if close_sent {
                    return None;
                }
                let heard = last_heartbeat(state, socket).map(|last| last.plus_millis(SILENT_AFTER_MS));
                heard.or_else(|| Some(opened.plus_millis(2 * SILENT_AFTER_MS)))
            }
            Transport::Poll(mailbox) => Some(mailbox.visited().plus_millis(POLL_LOST_AFTER_MS)),
            Transport::PolledBefore(visited) => Some(visited.plus_millis(POLL_LOST_AFTER_MS)),
            Transport::Pages(asked) => Some(asked.get().plus_millis(PAGE_LOST_AFTER_MS)),
        }
    }

    /// [`Mailbox::brings_news`] of a polled link.
    pub(super) fn brings_news(&self, number: u64) -> bool {
        self.mailbox().is_some_and(|mailbox| mailbox.brings_news(number))
    }

    /// [`Mailbox::wait`] of a polled link.
    pub(super) fn wait(&self, number: u64) {
        if let Some(mailbox) = self.mailbox() {
            mailbox.wait(number);
        }
    }

    /// [`Mailbox::look`] of a polled link.
    pub(super) fn look(&self, number: u64) -> Found {
        self.mailbox().map_or(Found::Replaced, |mailbox| mailbox.look(number))
    }

    /// [`Mailbox::answered_with_nothing`] of a polled link.
    pub(super) fn answered_with_nothing(&self, number: u64) {
        if let Some(mailbox) = self.mailbox() {
            mailbox.answered_with_nothing(number);
        }
    }

    fn mailbox(&self) -> Option<&Mailbox> {
        match &self.transport {
            Transport::Poll(mailbox) => Some(mailbox),
            Transport::Socket(_) | Transport::Pages(_) | Transport::PolledBefore(_) => None,
        }
    }

    fn is_socket(&self, other: &WebSocket) -> bool {
        match &self.transport {
            Transport::Socket(socket) => js(socket) == js(other),
            Transport::Poll(_) | Transport::Pages(_) | Transport::PolledBefore(_) => false,
        }
    }

    /// Whether it is of a kind that is stored: live, and without a socket.
    #[cfg(feature = "test-clock")]
    pub(super) fn is_stored_kind(&self) -> bool {
        self.sign_of_life().is_some()
    }

    /// Transport and last sign of life of a live link without a socket.
    fn sign_of_life(&self) -> Option<(StoredTransport, Timestamp)> {
        match &self.transport {
            Transport::Poll(mailbox) => Some((StoredTransport::Polls, mailbox.visited())),
            Transport::Pages(asked) => Some((StoredTransport::Pages, asked.get())),
            Transport::Socket(_) | Transport::PolledBefore(_) => None,
        }
        .filter(|_| self.look_at(LinkState::is_live))
    }
}

/// The links of one object.
pub(super) struct Links {
    list: RefCell<Option<Rc<Vec<Rc<Link>>>>>,
    stored: StoredLinks<DurableSql>,
}

impl Links {
    pub(super) fn of(state: &State) -> Self {
        Self { list: RefCell::default(), stored: StoredLinks::of(DurableSql::of(state)) }
    }

    /// Stores a sign of life of a link without a socket, unless that was done a moment ago.
    pub(super) fn store(&self, link: &Link) -> Result<(), Fault> {
        let Some((transport, at)) = link.sign_of_life() else { return Ok(()) };
        let id = match link.row.get() {
            Some((_, stored)) if at < stored.plus_millis(STORED_EVERY_MS) => return Ok(()),
            Some((id, _)) => link.look_at(|state| self.stored.renew(id, state, at)).map(|()| id),
            None => link.look_at(|state| self.stored.begin(transport, state, at)),
        };
        link.row.set(Some((id?, at)));
        Ok(())
    }

    /// Answers an upgrade with a socket that carries its state through hibernation.
    pub(super) fn accept(&self, state: &State, opened: LinkState) -> Result<Response, Fault> {
        if !self.has_room(state) || state.get_websockets().len() >= MOST_SOCKETS {
            return Ok(Response::empty()?.with_status(503));
        }
        let pair = WebSocketPair::new()?;
        pair.server.serialize_attachment(&opened)?;
        state.accept_web_socket(&pair.server);
        self.add(Link::new(Transport::Socket(pair.server), opened));
        let headers = Headers::new();
        // A browser fails a socket whose server accepts none of the subprotocols it offered (RFC 6455 §4.1).
        headers.set("sec-websocket-protocol", subprotocol::NAME)?;
        Ok(Response::from_websocket(pair.client)?.with_headers(headers))
    }

    /// The polled link with that id; if there is none, a new one with the state `opened`. `None` without that state, or if
    /// there are too many. One whose first request is no accepted `hello` must be forgotten with its answer.
    pub(super) fn polled(&self, state: &State, id: &LinkId, opened: Option<LinkState>) -> Option<Rc<Link>> {
        let all = self.all(state);
        let found =
            all.iter().find(|link| matches!(&link.transport, Transport::Poll(mailbox) if mailbox.id == *id));
        if let Some(link) = found {
            return Some(Rc::clone(link));
        }
        let opened = opened.filter(|_| self.has_room(state))?;
        let mailbox = Mailbox::new(id.clone());
        Some(self.add(Link::new(Transport::Poll(mailbox), opened)))
    }

    /// The link of a reader of pages, opened if there is none, and whether it was there before. `None` if there are too many.
    pub(super) fn pages(&self, state: &State, reader: LinkState) -> Option<(Rc<Link>, bool)> {
        let now = clock::wall();
        let all = self.all(state);
        let is_theirs = |other: &LinkState| !other.close_sent && other.is_same_speaker(&reader);
        for link in all.iter().filter(|link| link.look_at(is_theirs)) {
            if let Transport::Pages(asked) = &link.transport {
                asked.set(now);
                return Some((Rc::clone(link), true));
            }
        }
        self.has_room(state).then(|| (self.add(Link::new(Transport::Pages(Cell::new(now)), reader)), false))
    }

    /// Whether there is room for one more link. Unauthenticated links never take the places of authenticated ones.
    fn has_room(&self, state: &State) -> bool {
        let all = self.all(state);
        let held = |is_authenticated: bool| {
            let counts = |state: &LinkState| !state.close_sent && state.speaker.is_some() == is_authenticated;
            all.iter().filter(|link| link.look_at(counts)).count()
        };
        held(true) < MOST_LINKS && held(false) < MOST_UNAUTHENTICATED
    }

    /// The link of a socket on which something arrived.
    pub(super) fn of_socket(&self, state: &State, socket: &WebSocket) -> Result<Rc<Link>, Fault> {
        if let Some(link) = self.all(state).iter().find(|link| link.is_socket(socket)) {
            return Ok(Rc::clone(link));
        }
        let known =
            attached(socket).ok_or_else(|| Fault::Platform("a socket without an attachment".into()))?;
        Ok(self.add(Link::new(Transport::Socket(socket.clone()), known)))
    }

    /// Every link.
    pub(super) fn all(&self, state: &State) -> Rc<Vec<Rc<Link>>> {
        if let Some(list) = self.list.borrow().as_ref() {
            return Rc::clone(list);
        }
        let sockets = state.get_websockets().into_iter().filter_map(|socket| {
            let known = attached(&socket)?;
            Some(Rc::new(Link::new(Transport::Socket(socket), known)))
        });
        let stored = self.stored.all().unwrap_or_else(|fault| {
            log::error("links", &format!("stored links are lost: {fault}"));
            Vec::new()
        });
        let stored = stored.into_iter().map(|link| Rc::new(Link::restored(link)));
        let list: Rc<Vec<Rc<Link>>> = Rc::new(sockets.chain(stored).collect());
        self.list.replace(Some(Rc::clone(&list)));
        list
    }

    /// The link is over: nothing arrives on it any more, and nobody waits for its frames.
    pub(super) fn forget(&self, link: &Link) {
        if let Some(list) = self.list.borrow_mut().as_mut() {
            Rc::make_mut(list).retain(|other| !std::ptr::eq(Rc::as_ptr(other), link));
        }
        let ended = link.row.take().map_or(Ok(()), |(id, _)| self.stored.end(id));
        if let Err(fault) = ended {
            // Its row ends with the time it stands for.
            log::error("links", &format!("a stored link is not deleted: {fault}"));
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

/// A stored sign of life is older than the last one by no more than this.
const STORED_EVERY_MS: i64 = 5_000;
const MOST_LINKS: usize = 1_000;
/// Links whose `hello` was not accepted yet; they end after some seconds.
const MOST_UNAUTHENTICATED: usize = 500;
/// Far below the platform's own limit (32,768), beyond which accepting panics; it counts sockets that are closing too.
const MOST_SOCKETS: usize = 10_000;

/// Lets the runtime answer heartbeats without waking the object.
pub(super) fn answer_heartbeats(state: &State) {
    match WebSocketRequestResponsePair::new(PING, PONG) {
        Ok(pair) => state.set_websocket_auto_response(&pair),
        Err(error) => log::error("links", &format!("heartbeats are not answered: {error:?}")),
    }
}

fn attached(socket: &WebSocket) -> Option<LinkState> {
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
