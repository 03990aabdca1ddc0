// SPDX-License-Identifier: EUPL-1.2
//! The driver: one connection and one timer that feed a machine and do what it says.
//!
//! A connection is a WebSocket, or polls that carry the same texts. Each belongs to a generation, so that one that was given
//! up cannot speak for the one after it.

use std::cell::{Cell, RefCell};
use std::{rc::Rc, rc::Weak};

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::{
    SinkExt, StreamExt,
    future::{AbortHandle, abortable},
};
use gloo_net::websocket::{Message, WebSocketError, futures::WebSocket};
use infocig_protocol::{
    http::{Poll, Polled},
    id::LinkId,
    limits::{PING, PONG},
};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;

use crate::{
    http::{self, Address},
    machine::{Command, Jitter, Machine, Millis, Transport},
    page::{Listener, signs_of_life},
};

/// A machine with a connection. Dropping the last handle closes the connection and stops the timer.
pub struct Driver<M: Machine> {
    machine: RefCell<M>,
    address: Address,
    tell: Box<dyn Fn(M::Event)>,
    writer: RefCell<Option<UnboundedSender<String>>>,
    generation: Cell<u32>,
    tasks: RefCell<Vec<AbortHandle>>,
    probe: RefCell<Option<AbortHandle>>,
    timer: Cell<Option<i32>>,
    me: Weak<Self>,
    wakers: RefCell<Vec<Listener>>,
}

impl<M: Machine + 'static> Driver<M> {
    /// Starts a machine. `tell` hears every event and must not call back synchronously.
    pub fn start(machine: M, address: Address, tell: impl Fn(M::Event) + 'static) -> Rc<Self> {
        let driver = Rc::new_cyclic(|me| Self {
            machine: RefCell::new(machine),
            address,
            tell: Box::new(tell),
            writer: RefCell::new(None),
            generation: Cell::new(0),
            tasks: RefCell::new(Vec::new()),
            probe: RefCell::new(None),
            timer: Cell::new(None),
            me: me.clone(),
            wakers: RefCell::new(Vec::new()),
        });
        let me = Rc::downgrade(&driver);
        driver.wakers.replace(signs_of_life(move || {
            if let Some(driver) = me.upgrade() {
                driver.with(|machine| machine.nudged(now()));
            }
        }));
        driver.with(|machine| machine.start(now()));
        driver
    }

    /// Does something with the machine and carries out what it says.
    pub fn with(&self, act: impl FnOnce(&mut M) -> Vec<Command<M::Event>>) {
        let commands = act(&mut self.machine.borrow_mut());
        for command in commands {
            match command {
                Command::Open(transport) => self.open(transport),
                Command::Probe => self.probe(),
                Command::Send(text) => {
                    if let Some(writer) = self.writer.borrow().as_ref() {
                        // A connection that has just ended loses it; the machine sends it again.
                        let _lost = writer.unbounded_send(text);
                    }
                }
                Command::Close => self.close(),
                Command::WakeAt(at) => self.wake_at(at),
                Command::Tell(event) => (self.tell)(event),
            }
        }
    }

    /// Reads something of the machine.
    pub fn read<R>(&self, look: impl FnOnce(&M) -> R) -> R {
        look(&self.machine.borrow())
    }

    fn open(&self, transport: Transport) {
        self.close();
        let (writer, texts) = unbounded();
        self.writer.replace(Some(writer));
        let end = End { driver: self.me.clone(), generation: self.generation.get() };
        match transport {
            Transport::Socket => {
                let reading = open_socket(&self.address.socket, texts, end);
                self.tasks.replace(reading.into_iter().collect());
            }
            Transport::Poll => {
                let (polling, handle) = abortable(poll(self.address.poll.clone(), texts, end));
                self.tasks.replace(vec![handle]);
                spawn_local(async move { polling.await.unwrap_or_default() });
            }
        }
    }

    /// Opens a socket beside the connection and asks for a sign of life over it: one that a proxy opens and then starves
    /// is no use.
    fn probe(&self) {
        let (me, url) = (self.me.clone(), self.address.socket.clone());
        let (probing, handle) = abortable(async move {
            let Ok(mut socket) = WebSocket::open(&url) else { return };
            if socket.send(Message::Text(PING.into())).await.is_err() {
                return;
            }
            if let Some(Ok(Message::Text(text))) = socket.next().await
                && text == PONG
                && let Some(driver) = me.upgrade()
            {
                driver.with(|machine| machine.probed(now()));
            }
        });
        if let Some(earlier) = self.probe.replace(Some(handle)) {
            earlier.abort();
        }
        spawn_local(async move { probing.await.unwrap_or_default() });
    }

    fn close(&self) {
        self.generation.set(self.generation.get().wrapping_add(1));
        self.writer.replace(None);
        self.tasks.take().iter().for_each(AbortHandle::abort);
    }

    fn wake_at(&self, at: Millis) {
        self.stop_timer();
        let me = self.me.clone();
        let wake = Closure::once_into_js(move || {
            if let Some(driver) = me.upgrade() {
                driver.timer.set(None);
                driver.with(|machine| machine.woken(now(), jitter()));
            }
        });
        let wait = i32::try_from((at - now()).max(0)).unwrap_or(i32::MAX);
        if let Some(window) = web_sys::window() {
            let timer =
                window.set_timeout_with_callback_and_timeout_and_arguments_0(wake.unchecked_ref(), wait);
            self.timer.set(timer.ok());
        }
    }
}

impl<M: Machine> Driver<M> {
    fn stop_timer(&self) {
        if let (Some(timer), Some(window)) = (self.timer.take(), web_sys::window()) {
            window.clear_timeout_with_handle(timer);
        }
    }
}

impl<M: Machine> Drop for Driver<M> {
    fn drop(&mut self) {
        self.stop_timer();
        self.tasks.take().iter().chain(self.probe.take().iter()).for_each(AbortHandle::abort);
    }
}

/// Whom a connection reports to, for as long as it is the newest one.
struct End<M: Machine> {
    driver: Weak<Driver<M>>,
    generation: u32,
}

impl<M: Machine + 'static> End<M> {
    fn driver(&self) -> Option<Rc<Driver<M>>> {
        self.driver.upgrade().filter(|driver| driver.generation.get() == self.generation)
    }

    /// A text arrived. `false` if nobody wants it any more.
    fn received(&self, text: &str) -> bool {
        let driver = self.driver();
        if let Some(driver) = &driver {
            driver.with(|machine| machine.received(text, now(), jitter()));
        }
        driver.is_some()
    }

    fn lost(&self, code: Option<u16>) {
        if let Some(driver) = self.driver() {
            // What else belongs to the connection is heard no more.
            driver.close();
            driver.with(|machine| machine.lost(code, now(), jitter()));
        }
    }
}

/// Opens a socket. Ending the task that reads it lets go of it, and only then does it close.
fn open_socket<M: Machine + 'static>(
    url: &str,
    mut texts: UnboundedReceiver<String>,
    end: End<M>,
) -> Option<AbortHandle> {
    let Ok(socket) = WebSocket::open(url) else {
        // The address is not one a browser would open: the same as losing it at once, but never synchronously.
        spawn_local(async move { end.lost(None) });
        return None;
    };
    let (mut sink, mut stream) = socket.split();
    spawn_local(async move {
        while let Some(text) = texts.next().await {
            if sink.send(Message::Text(text)).await.is_err() {
                break;
            }
        }
        // The machine gave this socket up, or it ended.
        let _ended = sink.close().await;
    });
    let (reading, handle) = abortable(async move {
        let mut code = None;
        while let Some(message) = stream.next().await {
            match message {
                Ok(Message::Text(text)) => {
                    if !end.received(&text) {
                        return;
                    }
                }
                Err(WebSocketError::ConnectionClose(event)) => code = Some(event.code),
                // Bytes are not of this protocol; other errors end the stream by themselves.
                Ok(Message::Bytes(_)) | Err(_) => {}
            }
        }
        end.lost(code);
    });
    spawn_local(async move { reading.await.unwrap_or_default() });
    Some(handle)
}

/// A connection made of requests: one waits for what the server has to say, others bring it what is said here.
async fn poll<M: Machine + 'static>(url: String, mut texts: UnboundedReceiver<String>, end: End<M>) {
    let (Some(hello), Ok(link)) = (texts.next().await, LinkId::parse(random_id())) else { return };
    let number = Rc::new(Cell::new(1));
    if let Some(driver) = end.driver() {
        let sender = End { driver: end.driver.clone(), generation: end.generation };
        let sending = send_by_requests(url.clone(), link.clone(), Rc::clone(&number), texts, sender);
        let (sending, handle) = abortable(sending);
        driver.tasks.borrow_mut().push(handle);
        spawn_local(async move { sending.await.unwrap_or_default() });
    }
    let mut frames = vec![hello];
    loop {
        let frames_now = std::mem::take(&mut frames);
        let request = Poll { link: link.clone(), number: next(&number), frames: frames_now, wait: true };
        let Some(Polled { frames, closed }) = http::poll(&url, &request).await else { return end.lost(None) };
        if !frames.iter().all(|text| end.received(text)) {
            return;
        }
        if closed.is_some() {
            return end.lost(closed);
        }
    }
}

async fn send_by_requests<M: Machine + 'static>(
    url: String,
    link: LinkId,
    number: Rc<Cell<u64>>,
    mut texts: UnboundedReceiver<String>,
    end: End<M>,
) {
    while let Some(text) = texts.next().await {
        let mut frames = vec![text];
        while let Ok(more) = texts.try_recv() {
            frames.push(more);
        }
        let request = Poll { link: link.clone(), number: next(&number), frames, wait: false };
        if http::poll(&url, &request).await.is_none() {
            return end.lost(None);
        }
    }
}

fn next(number: &Cell<u64>) -> u64 {
    number.replace(number.get() + 1)
}

/// The device's clock.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit in 53 bits")]
pub fn now() -> Millis {
    js_sys::Date::now() as Millis
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
