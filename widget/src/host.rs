// SPDX-License-Identifier: EUPL-1.2
//! The element's shadow root: where the widget is mounted, styled and taken away again.
//!
//! The style is a constructed stylesheet: a strict Content-Security-Policy allows it, and it reaches nothing outside.

use std::any::Any;

use infocig_client::driver::Listener;
use infocig_protocol::time::Timestamp;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{CssStyleSheet, EventTarget, HtmlElement, ShadowRoot};

use crate::{
    chat::Chat,
    config::Config,
    state::ChatState,
    view::{ChatHandle, Widget},
};

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
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(include_str!("style.css"))?;
    adopt(&root, &sheet)?;

    let place: HtmlElement = document().create_element("div")?.unchecked_into();
    root.replace_children_with_node_1(&place);
    let handle = mount_to(place, move || {
        let state = ChatState::new();
        let chat = Chat::new(config, state);
        chat.check_availability();
        let chat = StoredValue::new_local(chat);
        let alive = StoredValue::new_local(signs_of_life(chat));
        on_cleanup(move || alive.dispose());
        leptos::view! { <Widget state chat /> }.into_any()
    });
    Ok(Mounted { handle: Some(Box::new(handle)) })
}

/// A page that slept, or lost the network, asks anew when it comes back.
fn signs_of_life(chat: ChatHandle) -> Vec<Listener> {
    let revive = move || {
        if !document().hidden() {
            let _gone = chat.try_with_value(Chat::revive);
        }
    };
    let window: EventTarget = window().into();
    let places = [
        (window.clone(), "online"),
        (window, "pageshow"),
        (EventTarget::from(document()), "visibilitychange"),
    ];
    places.into_iter().filter_map(|(target, name)| Listener::new(target, name, revive)).collect()
}

/// `root.adoptedStyleSheets = [sheet]`, which web-sys does not bind.
fn adopt(root: &ShadowRoot, sheet: &CssStyleSheet) -> Result<(), JsValue> {
    let sheets = js_sys::Array::of1(sheet);
    js_sys::Reflect::set(root, &JsValue::from_str("adoptedStyleSheets"), &sheets).map(|_| ())
}

/// An RFC 3339 instant as milliseconds since the epoch.
pub(crate) fn instant(text: &str) -> Option<i64> {
    let millis = js_sys::Date::parse(text);
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit in 53 bits")]
    millis.is_finite().then_some(millis as i64)
}

/// The time of day in Italy, `15:07`.
pub(crate) fn clock(at: Timestamp) -> String {
    let options = js_sys::Object::new();
    for (name, value) in [("hour", "2-digit"), ("minute", "2-digit"), ("timeZone", "Europe/Rome")] {
        let _fresh_object =
            js_sys::Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch fit in 53 bits")]
    let date = js_sys::Date::new(&JsValue::from_f64(at.as_millis() as f64));
    date.to_locale_time_string_with_options("it-IT", &options).into()
}
