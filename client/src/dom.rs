// SPDX-License-Identifier: EUPL-1.2
//! The page around an interface: a styled container in a shadow root, events of the page's life, facts about the device.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{CssStyleSheet, EventTarget, HtmlElement, KeyboardEvent, ShadowRoot};

/// Replaces the content of a shadow root by an empty container, and gives the root a stylesheet.
///
/// The stylesheet is a constructed one: a strict Content-Security-Policy allows it, and it reaches nothing outside.
pub fn styled_container(root: &ShadowRoot, css: &str) -> Result<HtmlElement, JsValue> {
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(css)?;
    root.set_adopted_style_sheets(&js_sys::Array::of1(&sheet));
    let document =
        root.owner_document().ok_or_else(|| JsValue::from_str("a shadow root without a document"))?;
    let container: HtmlElement = document.create_element("div")?.unchecked_into();
    root.replace_children_with_node_1(&container);
    Ok(container)
}

/// Calls `resume` whenever the page is shown or the network returns: frozen tabs and sleeping laptops stop timers.
pub fn on_resume(resume: impl Fn() + Clone + 'static) -> Vec<Listener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let document = window.document().map(EventTarget::from);
    let window = EventTarget::from(window);
    let places =
        [(Some(window.clone()), "online"), (Some(window), "pageshow"), (document, "visibilitychange")];
    places
        .into_iter()
        .filter_map(|(target, name)| {
            let resume = resume.clone();
            Listener::new(target?, name, resume)
        })
        .collect()
}

/// Whether the page is hidden: its tab is in the background, or its window minimised.
pub fn is_hidden() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.hidden())
}

/// Calls `leave` when the page is left, whether the browser keeps it (back/forward cache) or not.
pub fn on_leave(leave: impl FnMut() + 'static) -> Option<Listener> {
    Listener::new(web_sys::window()?.into(), "pagehide", leave)
}

/// An event listener that is removed when it is dropped.
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut()>,
}

impl Listener {
    /// Calls `handle` at every event of that name.
    pub fn new(target: EventTarget, name: &'static str, handle: impl FnMut() + 'static) -> Option<Self> {
        Self::boxed(target, name, Box::new(handle))
    }

    /// Without the type of the handler, so that it is compiled once.
    fn boxed(target: EventTarget, name: &'static str, handle: Box<dyn FnMut()>) -> Option<Self> {
        let closure = Closure::wrap(handle);
        target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref()).ok()?;
        Some(Self { target, name, closure })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.closure.as_ref().unchecked_ref();
        let _gone = self.target.remove_event_listener_with_callback(self.name, function);
    }
}

/// Whether an input method handles a key, so that the interface must not. The key that ends a composition has the code 229 (UI Events, 7.3.1), in some browsers after the composition counts as over.
pub fn is_composing(key: &KeyboardEvent) -> bool {
    key.is_composing() || key.key_code() == COMPOSING
}

/// Whether the page gave its element a function of this name.
pub fn has_function(element: &HtmlElement, name: &str) -> bool {
    js_sys::Reflect::get(element, &JsValue::from_str(name)).is_ok_and(|value| value.is_function())
}

/// Whether the main pointer is a finger: Enter on an on-screen keyboard begins a new line.
pub fn has_coarse_pointer() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media("(pointer: coarse)").ok().flatten());
    query.is_some_and(|query| query.matches())
}

const COMPOSING: u32 = 229;

/// Whether the person asked their browser to save data (Save-Data).
pub fn saves_data() -> bool {
    let connection = web_sys::window().map(|window| window.navigator());
    let connection =
        connection.and_then(|navigator| js_sys::Reflect::get(&navigator, &"connection".into()).ok());
    let saves = connection.and_then(|connection| js_sys::Reflect::get(&connection, &"saveData".into()).ok());
    saves.is_some_and(|saves| saves.is_truthy())
}
