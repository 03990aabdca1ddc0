// SPDX-License-Identifier: EUPL-1.2
//! What both interfaces need of the page around them: a dressed place in a shadow root, signs of life, what is kept.

use infocig_protocol::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{CssStyleSheet, EventTarget, HtmlElement, KeyboardEvent, ShadowRoot, Storage};

/// Makes an empty place in a shadow root, dressed with a stylesheet, instead of what was in it.
///
/// The style is a constructed stylesheet: a strict Content-Security-Policy allows it, and it reaches nothing outside.
pub fn dressed(root: &ShadowRoot, css: &str) -> Result<HtmlElement, JsValue> {
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(css)?;
    root.set_adopted_style_sheets(&js_sys::Array::of1(&sheet));
    let document =
        root.owner_document().ok_or_else(|| JsValue::from_str("a shadow root without a document"))?;
    let place: HtmlElement = document.create_element("div")?.unchecked_into();
    root.replace_children_with_node_1(&place);
    Ok(place)
}

/// Calls `revive` whenever the page or the network comes back to life: frozen tabs and sleeping laptops stop timers.
pub fn signs_of_life(revive: impl Fn() + Clone + 'static) -> Vec<Listener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let document = window.document().map(EventTarget::from);
    let window = EventTarget::from(window);
    let places =
        [(Some(window.clone()), "online"), (Some(window), "pageshow"), (document, "visibilitychange")];
    places
        .into_iter()
        .filter_map(|(target, name)| {
            let revive = revive.clone();
            Listener::new(target?, name, revive)
        })
        .collect()
}

/// Whether nobody can see the page.
pub fn is_hidden() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.hidden())
}

/// Calls `leave` when the page is left, whether the browser keeps it for the way back or not.
pub fn when_left(leave: impl FnMut() + 'static) -> Option<Listener> {
    Listener::new(web_sys::window()?.into(), "pagehide", leave)
}

/// An event listener that ends with its value.
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut()>,
}

impl Listener {
    /// Calls `hear` at every event of that name.
    pub fn new(target: EventTarget, name: &'static str, hear: impl FnMut() + 'static) -> Option<Self> {
        let closure = Closure::new(hear);
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

/// Whether a key belongs to an input method: it chooses a word there, and does nothing here. The key that ends a composition
/// has the code 229 (UI Events, 7.3.1), in some browsers after the composition counts as over.
pub fn is_composing(key: &KeyboardEvent) -> bool {
    key.is_composing() || key.key_code() == COMPOSING
}

/// Whether the page gave its element a function of this name.
pub fn has_function(element: &HtmlElement, name: &str) -> bool {
    js_sys::Reflect::get(element, &JsValue::from_str(name)).is_ok_and(|value| value.is_function())
}

/// Whether the person's main pointer is a finger: Enter on a keyboard on the screen begins a new line.
pub fn is_touched() -> bool {
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

/// Keeps a text in the tab until it is closed or [forgotten](forget). A browser that keeps nothing is asked in vain.
pub fn keep(name: &str, text: &str) {
    if let Some(storage) = storage() {
        let _full = storage.set_item(name, text);
    }
}

/// What was kept under a name.
pub fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps nothing under a name any more.
pub fn forget(name: &str) {
    if let Some(storage) = storage() {
        let _nothing = storage.remove_item(name);
    }
}

/// Keeps a text on the device, for every page of the same origin.
pub fn remember(name: &str, text: &str) {
    if let Some(storage) = web_sys::window().and_then(|window| window.local_storage().ok().flatten()) {
        let _full = storage.set_item(name, text);
    }
}

/// What was remembered under a name.
pub fn remembered(name: &str) -> Option<String> {
    web_sys::window()?.local_storage().ok().flatten()?.get_item(name).ok().flatten()
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// The instant an RFC 3339 text names.
pub fn instant(text: &str) -> Option<Timestamp> {
    let millis = js_sys::Date::parse(text);
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit in 53 bits")]
    millis.is_finite().then(|| Timestamp::from_millis(millis as i64))
}
