// SPDX-License-Identifier: EUPL-1.2
//! Whether the end of the log is being read: from the moment it is in sight until the person scrolls up. This is tracked, and
//! not computed from the layout when an entry arrives, because the browser may still be laying out the entries before.

use std::{cell::Cell, rc::Rc};

use infocig_client::dom::Listener;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement, ResizeObserver};

use crate::effects::keep;

/// The scroll position of a log.
pub(super) struct End {
    log: HtmlElement,
    is_followed: Cell<bool>,
    /// Scroll position at the last event, in pixels.
    top: Cell<i32>,
}

impl End {
    /// Tracks a log; `below` is set while new entries are out of sight.
    pub(super) fn of(log: HtmlElement, below: RwSignal<bool>) -> Rc<Self> {
        let end = Rc::new(Self { log: log.clone(), is_followed: Cell::new(true), top: Cell::new(0) });
        let scrolled = Rc::clone(&end);
        let on_scroll = move || {
            scrolled.is_read();
            if is_at_end(&scrolled.log) && below.try_get_untracked() == Some(true) {
                below.set(false);
            }
        };
        keep(Listener::new(log.into(), "scroll", on_scroll));
        end
    }

    /// Whether the end is being read. The position is compared again, because scroll events arrive late.
    pub(super) fn is_read(&self) -> bool {
        let top = self.log.scroll_top();
        let is_there = is_at_end(&self.log);
        if is_there || top < self.top.replace(top) {
            self.is_followed.set(is_there);
        }
        self.top.set(top);
        self.is_followed.get()
    }

    /// Scrolls to the end and follows it from then on.
    pub(super) fn follow(&self) {
        self.is_followed.set(true);
        scroll_to_end(&self.log);
        self.top.set(self.log.scroll_top());
    }

    /// Scrolls to an entry and stops following the end.
    pub(super) fn leave_for(&self, entry: &Element) {
        self.is_followed.set(false);
        entry.scroll_into_view();
    }

    /// Scrolls to the end again after a change of size (an on-screen keyboard, an expanded section, entries laid out for the
    /// first time), if the end was being read.
    pub(super) fn stay_when_resized(self: &Rc<Self>, sizes: [&HtmlElement; 2]) {
        let end = Rc::clone(self);
        let stay = Closure::<dyn FnMut()>::new(move || {
            if end.is_read() {
                end.follow();
            }
        });
        if let Ok(observer) = ResizeObserver::new(stay.as_ref().unchecked_ref()) {
            for size in sizes {
                observer.observe(size);
            }
            keep(Observing { observer, _stay: stay });
        }
    }
}

/// A resize observer that is disconnected when it is dropped.
struct Observing {
    observer: ResizeObserver,
    _stay: Closure<dyn FnMut()>,
}

impl Drop for Observing {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Whether the end is in sight, with a tolerance of one line.
fn is_at_end(log: &HtmlElement) -> bool {
    log.scroll_height() - log.scroll_top() - log.client_height() < 48
}

/// Scrolls to the end.
pub(super) fn scroll_to_end(log: &Element) {
    log.set_scroll_top(log.scroll_height());
}
