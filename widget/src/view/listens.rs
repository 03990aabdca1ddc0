// SPDX-License-Identifier: EUPL-1.2
//! A directive that adds an event listener. Leptos's `on:` compiles code for each event and handler, and links event
//! delegation, which the widget does not use: together a twentieth of the module.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event};

use crate::effects::keep;

/// An event name with its handler.
#[derive(Clone)]
pub(crate) struct On(&'static str, Rc<dyn Fn(Event)>);

/// A handler for an event name.
pub(crate) fn on(event: &'static str, handle: impl Fn(Event) + 'static) -> On {
    On(event, Rc::new(handle))
}

/// Adds the listener until the current owner is disposed, and calls the handler within that owner's context. The removal is
/// explicit, because a handler often holds its element: neither would be freed.
pub(crate) fn listens(element: Element, on: On) {
    let On(event, handle) = on;
    let owner = Owner::current().unwrap_or_default();
    let handle = Closure::<dyn FnMut(Event)>::new(move |fired| owner.with(|| handle(fired)));
    let _name_is_one = element.add_event_listener_with_callback(event, handle.as_ref().unchecked_ref());
    keep(Listening { element, event, handle });
}

/// A listener that is removed when it is dropped.
struct Listening {
    element: Element,
    event: &'static str,
    handle: Closure<dyn FnMut(Event)>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let handle = self.handle.as_ref().unchecked_ref();
        let _gone = self.element.remove_event_listener_with_callback(self.event, handle);
    }
}
