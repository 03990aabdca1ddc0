// SPDX-License-Identifier: EUPL-1.2
//! The driver: one WebSocket and one timer that feed a machine and do what it says.
//!
//! The socket's two halves are futures of their own; each knows the generation it belongs to, so that a socket that was
//! given up cannot speak for the one after it.

use std::cell::{Cell, RefCell};
use std::{rc::Rc, rc::Weak};

use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::{SinkExt, StreamExt};
use gloo_net::websocket::{Message, WebSocketError, futures::WebSocket};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;

use crate::{
    machine::{Command, Jitter, Machine, Millis},
    page::{Listener, signs_of_life},
};

/// A machine with a socket. Dropping the last handle closes the socket and stops the timer.
pub struct Driver<M: Machine> {
    machine: RefCell<M>,
    url: String,
    tell: Box<dyn Fn(M::Event)>,
    writer: RefCell<Option<UnboundedSender<Message>>>,
    generation: Cell<u32>,
    timer: Cell<Option<i32>>,
    me: Weak<Self>,
    wakers: RefCell<Vec<Listener>>,
}

impl<M: Machine + 'static> Driver<M> {
    /// Starts a machine. `url` is the socket's address; `tell` hears every event and must not call back synchronously.
    pub fn start(machine: M, url: String, tell: impl Fn(M::Event) + 'static) -> Rc<Self> {
        let driver = Rc::new_cyclic(|me| Self {
            machine: RefCell::new(machine),
            url,
            tell: Box::new(tell),
            writer: RefCell::new(None),
            generation: Cell::new(0),
            timer: Cell::new(None),
            me: me.clone(),
            wakers: RefCell::new(Vec::new()),
        });
        let me = Rc::downgrade(&driver);
        driver.wakers.replace(signs_of_life(move || {
            if let Some(driver) = me.upgrade() {
                driver.with(|machine| machine.nudged(now(), jitter()));
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
                Command::Open => self.open(),
                Command::Send(text) => {
                    if let Some(writer) = self.writer.borrow().as_ref() {
                        // A socket that has just ended loses it; the machine sends it again.
                        let _lost = writer.unbounded_send(Message::Text(text));
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

    fn open(&self) {
        self.close();
        let generation = self.generation.get();
        let me = self.me.clone();
        let Ok(socket) = WebSocket::open(&self.url) else {
            // The address is not one a browser would open: the same as losing it at once, but never synchronously.
            spawn_local(async move { lost(&me, generation, None) });
            return;
        };
        let (mut sink, mut stream) = socket.split();
        let (writer, mut texts) = unbounded::<Message>();
        self.writer.replace(Some(writer));
        spawn_local(async move {
            while let Some(text) = texts.next().await {
                if sink.send(text).await.is_err() {
                    break;
                }
            }
            // The machine gave this socket up, or it ended.
            let _ended = sink.close().await;
        });
        spawn_local(async move {
            let mut code = None;
            while let Some(message) = stream.next().await {
                match message {
                    Ok(Message::Text(text)) => {
                        let Some(driver) =
                            me.upgrade().filter(|driver| driver.generation.get() == generation)
                        else {
                            return;
                        };
                        driver.with(|machine| machine.received(&text, now(), jitter()));
                    }
                    Err(WebSocketError::ConnectionClose(event)) => code = Some(event.code),
                    // Bytes are not of this protocol; other errors end the stream by themselves.
                    Ok(Message::Bytes(_)) | Err(_) => {}
                }
            }
            lost(&me, generation, code);
        });
    }

    fn close(&self) {
        self.generation.set(self.generation.get().wrapping_add(1));
        self.writer.replace(None);
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

    fn stop_timer(&self) {
        if let (Some(timer), Some(window)) = (self.timer.take(), web_sys::window()) {
            window.clear_timeout_with_handle(timer);
        }
    }
}

impl<M: Machine> Drop for Driver<M> {
    fn drop(&mut self) {
        if let (Some(timer), Some(window)) = (self.timer.take(), web_sys::window()) {
            window.clear_timeout_with_handle(timer);
        }
    }
}

fn lost<M: Machine + 'static>(me: &Weak<Driver<M>>, generation: u32, code: Option<u16>) {
    let driver = me.upgrade().filter(|driver| driver.generation.get() == generation);
    if let Some(driver) = driver {
        driver.writer.replace(None);
        driver.with(|machine| machine.lost(code, now(), jitter()));
    }
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
