// SPDX-License-Identifier: EUPL-1.2
//! Listeners of elements: a directive. Leptos's `on:` brings, for each event and handler, code of its own, and event delegation,
//! which nothing here uses: together a twentieth of the module.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event};

use crate::effects::keep;

/// What is done on an event.
#[derive(Clone)]
pub(crate) struct On(&'static str, Rc<dyn Fn(Event)>);

/// Does something on an event.
pub(crate) fn on(event: &'static str, handle: impl Fn(Event) + 'static) -> On {
    On(event, Rc::new(handle))
}

/// The element listens for as long as the current owner lives, and hands events to its owner's context: a handler often holds
/// the element itself, and neither would ever be freed.
pub(crate) fn listens(element: Element, on: On) {
    let On(event, handle) = on;
    let owner = Owner::current().unwrap_or_default();
    let handle = Closure::<dyn FnMut(Event)>::new(move |fired| owner.with(|| handle(fired)));
    let _name_is_one = element.add_event_listener_with_callback(event, handle.as_ref().unchecked_ref());
    keep(Listening { element, event, handle });
}

/// Something that is listened for until it is dropped.
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
