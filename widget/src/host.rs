// SPDX-License-Identifier: EUPL-1.2
//! The element's shadow root: where the widget is mounted and taken away again.

use std::any::Any;

use infocig_client::page;
use leptos::prelude::*;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{HtmlElement, ShadowRoot};

use crate::{chat::Chat, config::Config, state::ChatState, view::Widget};

/// A mounted widget. Keep it as long as the element is on the page.
#[wasm_bindgen]
pub struct Mounted {
    /// Dropping it takes the widget away; its type is that of the whole view.
    handle: Option<Box<dyn Any>>,
}

#[wasm_bindgen]
impl Mounted {
    /// Takes the widget off the page and closes its socket.
    pub fn unmount(&mut self) {
        self.handle.take();
    }
}

/// Mounts the widget of an element in its shadow root, in place of the link the page put there.
///
/// # Errors
/// A missing or unknown attribute, by name; the link stays.
#[wasm_bindgen]
pub fn mount(element: HtmlElement, root: ShadowRoot) -> Result<Mounted, JsValue> {
    let config =
        Config::read(|name| element.get_attribute(name)).map_err(|error| JsValue::from_str(&error))?;
    let place = page::dressed(&root, include_str!("style.css"))?;
    let handle = mount_to(place, move || {
        let state = ChatState::new();
        let chat = Chat::new(config, state);
        chat.check_availability();
        chat.come_back();
        let chat = StoredValue::new_local(chat);
        let alive = StoredValue::new_local(page::signs_of_life(move || {
            if !document().hidden() {
                let _gone = chat.try_with_value(Chat::check_availability);
                let _gone = chat.try_with_value(Chat::read);
            }
        }));
        on_cleanup(move || alive.dispose());
        // What can come after the end depends on whether the service is still open.
        Effect::new(move |_| {
            if state.is_closed() {
                let _gone = chat.try_with_value(Chat::check_availability);
            }
        });
        // Entries that come while the panel is on screen have been seen.
        Effect::new(move |_| {
            let _changed = (state.last_seq(), state.shown.get(), state.history.get());
            let _gone = chat.try_with_value(Chat::read);
        });
        Effect::new(move |_| {
            let _changed = state.shown.get();
            let _gone = chat.try_with_value(Chat::keep);
        });
        leptos::view! { <Widget state chat /> }.into_any()
    });
    Ok(Mounted { handle: Some(Box::new(handle)) })
}
