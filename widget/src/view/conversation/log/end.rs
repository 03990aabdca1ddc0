// SPDX-License-Identifier: EUPL-1.2
//! The end of the log, and whether it is what is being read: from when somebody is there until they scroll up. Where they
//! are is not asked when something comes: the browser may still be laying out what came before.

use std::{cell::Cell, rc::Rc};

use infocig_client::dom::Listener;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement, ResizeObserver};

use crate::effects::keep;

/// The end of a log.
pub(super) struct End {
    log: HtmlElement,
    is_followed: Cell<bool>,
    /// How far down the log was when it last scrolled.
    top: Cell<i32>,
}

impl End {
    /// The end of a log; `below` tells whether something came that is not in sight.
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

    /// Whether the end is being read. A browser tells late that somebody scrolled, so it is looked at each time.
    pub(super) fn is_read(&self) -> bool {
        let top = self.log.scroll_top();
        let is_there = is_at_end(&self.log);
        if is_there || top < self.top.replace(top) {
            self.is_followed.set(is_there);
        }
        self.top.set(top);
        self.is_followed.get()
    }

    /// Goes to the end, and stays there.
    pub(super) fn follow(&self) {
        self.is_followed.set(true);
        scroll_to_end(&self.log);
        self.top.set(self.log.scroll_top());
    }

    /// Goes to an entry instead.
    pub(super) fn leave_for(&self, entry: &Element) {
        self.is_followed.set(false);
        entry.scroll_into_view();
    }

    /// A keyboard, something unfolded above, or entries that are laid out for the first time change what is in sight: whoever
    /// reads the end still does.
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

/// Sizes that are observed until it is dropped.
struct Observing {
    observer: ResizeObserver,
    _stay: Closure<dyn FnMut()>,
}

impl Drop for Observing {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Whether the end is on screen, but for a line.
fn is_at_end(log: &HtmlElement) -> bool {
    log.scroll_height() - log.scroll_top() - log.client_height() < 48
}

/// Scrolls to the end.
pub(super) fn scroll_to_end(log: &Element) {
    log.set_scroll_top(log.scroll_height());
}
