// SPDX-License-Identifier: EUPL-1.2
//! A WebSocket that takes texts before it is open, and is silent once it was closed here.

use std::{cell::RefCell, rc::Rc};

use infocig_protocol::subprotocol;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// A socket. After closing or dropping it no callback is called.
pub(crate) struct Socket {
    inner: WebSocket,
    /// Texts sent before it was open.
    early: RefCell<Vec<String>>,
    handlers: RefCell<Option<Handlers>>,
}

struct Handlers {
    _opened: Closure<dyn FnMut()>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _ended: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens a socket with a ticket: `hear` is called with every text, `end` once with the close code. `None` for an
    /// address that a browser would not open.
    pub(crate) fn open(
        url: &str,
        ticket: &str,
        hear: impl Fn(String) + 'static,
        end: impl FnOnce(u16) + 'static,
    ) -> Option<Rc<Self>> {
        let offered = subprotocol::offer(ticket).map(JsValue::from).into_iter().collect::<js_sys::Array>();
        let inner = WebSocket::new_with_str_sequence(url, &offered).ok()?;
        let this = Rc::new(Self { inner, early: RefCell::default(), handlers: RefCell::default() });
        let me = Rc::downgrade(&this);
        let opened = Closure::new(move || {
            if let Some(me) = me.upgrade() {
                me.early.take().iter().for_each(|text| me.send_now(text));
            }
        });
        // Binary messages are not part of the protocol.
        let heard =
            Closure::new(move |event: MessageEvent| event.data().as_string().into_iter().for_each(&hear));
        let mut end = Some(end);
        let ended = Closure::new(move |event: CloseEvent| {
            if let Some(end) = end.take() {
                end(event.code());
            }
        });
        let function = |closure: &JsValue| Some(closure.clone().unchecked_into());
        this.inner.set_onopen(function(opened.as_ref()).as_ref());
        this.inner.set_onmessage(function(heard.as_ref()).as_ref());
        this.inner.set_onclose(function(ended.as_ref()).as_ref());
        this.handlers.replace(Some(Handlers { _opened: opened, _heard: heard, _ended: ended }));
        Some(this)
    }

    /// Sends a text as soon as the socket is open. One that is closing loses it.
    pub(crate) fn send(&self, text: String) {
        if self.inner.ready_state() == WebSocket::CONNECTING {
            self.early.borrow_mut().push(text);
        } else {
            self.send_now(&text);
        }
    }

    fn send_now(&self, text: &str) {
        let _lost = self.inner.send_with_str(text);
    }

    /// Closes it. No event follows.
    pub(crate) fn close(&self) {
        self.inner.set_onopen(None);
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
        let _closing = self.inner.close();
        self.handlers.replace(None);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.close();
    }
}
