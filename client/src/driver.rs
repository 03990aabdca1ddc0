// SPDX-License-Identifier: EUPL-1.2
//! The driver: one connection and one timer that feed a machine and carry out its commands.
//!
//! A connection is a WebSocket, or polls that carry the same texts. Each belongs to a generation, so that one that was given
//! up cannot speak for the one after it.

use std::cell::{Cell, RefCell};
use std::{rc::Rc, rc::Weak};

use infocig_protocol::{
    close,
    http::{Poll, Polled},
    id::LinkId,
    limits::{PING, PONG},
};
use wasm_bindgen_futures::spawn_local;

use crate::{
    clock::now,
    dom::{self, Listener, on_leave, on_resume},
    http::{self, Address},
    machine::{Command, Jitter, Machine, Millis, Transport},
    socket::Socket,
    timer::Timer,
};

/// A machine with a connection. Dropping the last handle closes the connection and stops the timer.
pub struct Driver<M: Machine> {
    machine: RefCell<M>,
    address: Address,
    on_event: Box<dyn Fn(M::Event)>,
    connection: RefCell<Option<Connection>>,
    generation: Cell<u32>,
    probe: RefCell<Option<Rc<Socket>>>,
    timer: Timer,
    me: Weak<Self>,
    listeners: RefCell<Vec<Listener>>,
    /// The page was left, and has not come back.
    left: Cell<bool>,
    /// Polls that broke off. Some browsers break off the requests of a page before they notify it that it is left.
    broken: RefCell<Option<Rc<Polls>>>,
}

impl<M: Machine + 'static> Driver<M> {
    /// Starts a machine. `on_event` is called with every event and must not call back synchronously.
    pub fn start(machine: M, address: Address, on_event: impl Fn(M::Event) + 'static) -> Rc<Self> {
        let driver = Rc::new_cyclic(|me| Self {
            machine: RefCell::new(machine),
            address,
            on_event: Box::new(on_event),
            connection: RefCell::new(None),
            generation: Cell::new(0),
            probe: RefCell::new(None),
            timer: Timer::default(),
            me: me.clone(),
            listeners: RefCell::new(Vec::new()),
            left: Cell::new(false),
            broken: RefCell::new(None),
        });
        let (me, left) = (Rc::downgrade(&driver), Rc::downgrade(&driver));
        let mut listeners = on_resume(move || {
            if let Some(driver) = me.upgrade() {
                driver.resume();
            }
        });
        listeners.extend(on_leave(move || left.upgrade().iter().for_each(|driver| driver.leave())));
        driver.listeners.replace(listeners);
        driver.with(|machine| machine.start(now()));
        driver
    }

    /// Calls the machine and carries out its commands.
    pub fn with(&self, act: impl FnOnce(&mut M) -> Vec<Command<M::Event>>) {
        let commands = act(&mut self.machine.borrow_mut());
        self.carry_out(commands);
    }

    /// Apart from [`Self::with`], which is compiled once for each act.
    #[inline(never)]
    fn carry_out(&self, commands: Vec<Command<M::Event>>) {
        for command in commands {
            match command {
                Command::Open(transport) => self.open(transport),
                Command::Probe => self.probe(),
                Command::Send(text) => {
                    // A connection that has just ended loses it; the machine sends it again.
                    if let Some(connection) = self.connection.borrow().as_ref() {
                        connection.send(text);
                    }
                }
                Command::Close => self.close(),
                Command::WakeAt(at) => self.wake_at(at),
                Command::Emit(event) => (self.on_event)(event),
            }
        }
    }

    /// Reads something of the machine.
    pub fn read<R>(&self, look: impl FnOnce(&M) -> R) -> R {
        look(&self.machine.borrow())
    }

    fn open(&self, transport: Transport) {
        self.close();
        self.broken.replace(None);
        let end = End { driver: self.me.clone(), generation: self.generation.get() };
        let connection = match transport {
            Transport::Socket => {
                let (texts, ends) = (end.clone(), end.clone());
                let on_text = move |text: String| texts.handle_text(&text);
                let over = move |code| ends.handle_close(Some(code));
                let socket =
                    Socket::open(&self.address.socket, self.machine.borrow().ticket(), on_text, over);
                if socket.is_none() {
                    // The address is not one a browser would open: the same as losing it at once, never synchronously.
                    spawn_local(async move { end.handle_close(None) });
                }
                socket.map(Connection::Socket)
            }
            Transport::Poll => {
                let polls = LinkId::parse(random_id()).ok().map(|link| {
                    let end: Box<dyn Receiver> = Box::new(end);
                    let number = Cell::new(1);
                    Rc::new(Polls {
                        url: self.address.poll.clone(),
                        link,
                        number,
                        unsent: RefCell::default(),
                        state: Cell::new(Polling::New),
                        end,
                    })
                });
                polls.map(Connection::Polls)
            }
        };
        self.connection.replace(connection);
    }

    /// Opens a socket beside the connection and asks for a sign of life over it: one that a proxy opens and then starves
    /// is no use.
    fn probe(&self) {
        let me = self.me.clone();
        let on_text = move |text: String| {
            if text == PONG
                && let Some(driver) = me.upgrade()
            {
                driver.probe.replace(None);
                driver.with(|machine| machine.handle_probe(now()));
            }
        };
        let probe = Socket::open(&self.address.socket, self.machine.borrow().ticket(), on_text, |_| {});
        if let Some(probe) = &probe {
            probe.send(PING.into());
        }
        self.probe.replace(probe);
    }

    /// The page or the network came back to life. A page that is left is hidden after that, which is no sign of life.
    fn resume(&self) {
        if self.left.get() && dom::is_hidden() {
            return;
        }
        self.left.set(false);
        self.with(|machine| machine.handle_resume(now()));
    }

    /// Ends the connection with the page. A page that the browser keeps for the way back is not told apart from one that is
    /// gone: when it comes back, the machine is nudged, and connects.
    fn leave(&self) {
        self.left.set(true);
        if let Some(polls) = self.polls().or_else(|| self.broken.take()) {
            polls.leave();
        }
        self.close();
        self.with(|machine| machine.handle_close(Some(close::GOING_AWAY), now(), jitter()));
    }

    fn polls(&self) -> Option<Rc<Polls>> {
        match self.connection.borrow().as_ref() {
            Some(Connection::Polls(polls)) => Some(Rc::clone(polls)),
            Some(Connection::Socket(_)) | None => None,
        }
    }

    fn close(&self) {
        self.generation.set(self.generation.get().wrapping_add(1));
        self.connection.replace(None);
    }

    fn wake_at(&self, at: Millis) {
        let me = self.me.clone();
        self.timer.set(at, move || {
            if let Some(driver) = me.upgrade() {
                driver.with(|machine| machine.handle_timeout(now(), jitter()));
            }
        });
    }
}

/// A transport for frames. Dropping it ends it, and no event of it follows.
enum Connection {
    Socket(Rc<Socket>),
    Polls(Rc<Polls>),
}

impl Connection {
    fn send(&self, text: String) {
        match self {
            Self::Socket(socket) => socket.send(text),
            Self::Polls(polls) => polls.send(text),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        match self {
            Self::Socket(socket) => socket.close(),
            Self::Polls(polls) => polls.state.set(Polling::Over),
        }
    }
}

/// The receiver of a connection's events, for as long as it is the newest connection.
struct End<M: Machine> {
    driver: Weak<Driver<M>>,
    generation: u32,
}

impl<M: Machine> Clone for End<M> {
    fn clone(&self) -> Self {
        Self { driver: self.driver.clone(), generation: self.generation }
    }
}

impl<M: Machine + 'static> End<M> {
    fn driver(&self) -> Option<Rc<Driver<M>>> {
        self.driver.upgrade().filter(|driver| driver.generation.get() == self.generation)
    }
}

/// The events of a connection, without the machine's type: polls are compiled once for all machines.
trait Receiver {
    /// A text arrived.
    fn handle_text(&self, text: &str);
    /// The connection is gone.
    fn handle_close(&self, code: Option<u16>);
}

impl<M: Machine + 'static> Receiver for End<M> {
    fn handle_text(&self, text: &str) {
        if let Some(driver) = self.driver() {
            driver.with(|machine| machine.handle_text(text, now(), jitter()));
        }
    }

    fn handle_close(&self, code: Option<u16>) {
        if let Some(driver) = self.driver() {
            driver.broken.replace(driver.polls().filter(|_| code.is_none()));
            // Later events of the connection are dropped.
            driver.close();
            driver.with(|machine| machine.handle_close(code, now(), jitter()));
        }
    }
}

/// A connection made of requests: one waits for frames of the server, others send the frames of the client.
struct Polls {
    url: String,
    link: LinkId,
    number: Cell<u64>,
    unsent: RefCell<Vec<String>>,
    state: Cell<Polling>,
    end: Box<dyn Receiver>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Polling {
    /// Nothing was said yet: the first text is the greeting, and goes with the request that waits.
    New,
    /// One request waits.
    Waiting,
    /// One waits, and another sends frames.
    Sending,
    /// Nobody listens any more.
    Over,
}

impl Polls {
    fn send(self: &Rc<Self>, text: String) {
        match self.state.get() {
            Polling::New => {
                self.state.set(Polling::Waiting);
                spawn_local(Rc::clone(self).wait(text));
            }
            Polling::Waiting => {
                self.unsent.borrow_mut().push(text);
                self.state.set(Polling::Sending);
                spawn_local(Rc::clone(self).bring());
            }
            Polling::Sending => self.unsent.borrow_mut().push(text),
            Polling::Over => {}
        }
    }

    async fn wait(self: Rc<Self>, hello: String) {
        let mut frames = vec![hello];
        loop {
            let polled = self.request(std::mem::take(&mut frames), true).await;
            if self.state.get() == Polling::Over {
                return;
            }
            let Some(Polled { frames, closed }) = polled else { return self.end.handle_close(None) };
            for text in &frames {
                self.end.handle_text(text);
            }
            if closed.is_some() {
                return self.end.handle_close(closed);
            }
            if self.state.get() == Polling::Over {
                return;
            }
        }
    }

    async fn bring(self: Rc<Self>) {
        loop {
            let frames = self.unsent.take();
            if self.state.get() == Polling::Over {
                return;
            }
            if frames.is_empty() {
                return self.state.set(Polling::Waiting);
            }
            if self.request(frames, false).await.is_none() && self.state.get() != Polling::Over {
                return self.end.handle_close(None);
            }
        }
    }

    async fn request(&self, frames: Vec<String>, wait: bool) -> Option<Polled> {
        http::poll(&self.url, &Poll { wait, ..self.next(frames) }).await
    }

    /// Reports that no request waits any more, with the unsent frames.
    fn leave(&self) {
        self.state.set(Polling::Over);
        if self.number.get() > 1 {
            http::poll_and_go(&self.url, &Poll { leaving: true, ..self.next(self.unsent.take()) });
        }
    }

    fn next(&self, frames: Vec<String>) -> Poll {
        let number = self.number.replace(self.number.get() + 1);
        Poll { link: self.link.clone(), number, frames, wait: false, leaving: false }
    }
}

/// A message id no other device makes: 128 random bits in hexadecimal.
pub fn random_id() -> String {
    let mut bytes = [0_u8; 16];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    let filled = crypto.is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !filled {
        return (js_sys::Math::random().to_bits() ^ now().unsigned_abs()).to_string();
    }
    let mut text = String::with_capacity(32);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(nibble.into(), 16).unwrap_or('0'));
        }
    }
    text
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 0 to 1000")]
fn jitter() -> Jitter {
    Jitter::per_mille((js_sys::Math::random() * 1000.0) as u16)
}
