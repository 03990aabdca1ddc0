// SPDX-License-Identifier: EUPL-1.2
//! The browser around the console: the shadow root, the stylesheet, the clock, focus, what is kept over a reload.
//!
//! The style is a constructed stylesheet: a strict Content-Security-Policy allows it, and it reaches nothing outside.

use std::any::Any;
use std::rc::Rc;

use infocig_client::{machine::Millis, page, session::Pending};
use infocig_protocol::{
    id::{ConversationId, MessageId},
    time::Timestamp,
};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, ShadowRoot, Storage};

use crate::{
    config::Config,
    console::Console,
    state::DeskState,
    text,
    view::{App, Intents},
};

/// A mounted console. Keep it as long as the element is on the page.
#[wasm_bindgen]
pub struct Mounted {
    /// Dropping it takes the console away; its type is that of the whole view.
    handle: Option<Box<dyn Any>>,
}

#[wasm_bindgen]
impl Mounted {
    /// Takes the console off the page and closes its sockets.
    pub fn unmount(&mut self) {
        self.handle.take();
    }
}

/// Mounts the console of an element in its shadow root.
///
/// # Errors
/// A missing attribute, by name; the root stays as it is.
#[wasm_bindgen]
pub fn mount(element: HtmlElement, root: ShadowRoot) -> Result<Mounted, JsValue> {
    let config =
        Config::read(|name| element.get_attribute(name)).map_err(|error| JsValue::from_str(&error))?;
    say_when_stopped();
    let place = page::dressed(&root, include_str!("style.css"))?;
    let handle = mount_to(place, move || {
        let state = DeskState::new();
        let console: Rc<Console> = Console::start(config, state);
        provide_context(state);
        provide_context(Intents::new(console));
        view! { <App/> }
    });
    Ok(Mounted { handle: Some(Box::new(handle)) })
}

/// After a panic this instance answers nothing any more: says so once, in the console and to the element.
fn say_when_stopped() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&JsValue::from_str(&format!("{panic}")));
        let detail = web_sys::CustomEventInit::new();
        detail.set_detail(&JsValue::from_str(text::STOPPED));
        let event = web_sys::CustomEvent::new_with_event_init_dict("info-cig-console-stopped", &detail);
        if let (Some(window), Ok(event)) = (web_sys::window(), event) {
            let _nobody_listens = window.dispatch_event(&event);
        }
    }));
}

/// What the device's clock shows.
pub(crate) fn device_time() -> Timestamp {
    Timestamp::from_millis(infocig_client::driver::now())
}

/// Waits between a half and the whole of a time, so that a hundred consoles do not come back at once.
pub(crate) async fn pause(millis: Millis) {
    let share = f64::midpoint(1.0, js_sys::Math::random());
    let wait = f64::from(i32::try_from(millis).unwrap_or(i32::MAX)) * share;
    #[expect(clippy::cast_possible_truncation, reason = "a share of an i32")]
    let wait = wait as i32;
    let elapsed = js_sys::Promise::new(&mut |elapsed, _| {
        if let Some(window) = web_sys::window() {
            let _never =
                window.set_timeout_with_callback_and_timeout_and_arguments_0(elapsed.unchecked_ref(), wait);
        }
    });
    let _elapsed = JsFuture::from(elapsed).await;
}

/// Puts the focus on an element, and on the screen.
pub(crate) fn focus(element: &HtmlElement) {
    let _not_focusable = element.focus();
}

/// How far down an element is scrolled.
pub(crate) fn scrolled(element: &Element) -> i32 {
    element.scroll_top()
}

/// Whether the end of a scrolled element is on screen.
pub(crate) fn is_at_end(element: &Element) -> bool {
    element.scroll_height() - element.scroll_top() - element.client_height() < NEAR_PX
}

/// Shows the end of a scrolled element.
pub(crate) fn scroll_to_end(element: &Element) {
    element.set_scroll_top(element.scroll_height());
}

/// What an earlier life of the page left unsent in a conversation, oldest first.
pub(crate) fn unsent(conversation: &ConversationId) -> Vec<Pending> {
    let kept = storage().and_then(|storage| storage.get_item(&key(conversation)).ok().flatten());
    let kept: Vec<(MessageId, String)> =
        kept.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    kept.into_iter().map(|(id, text)| Pending { id, text }).collect()
}

/// Keeps what is unsent over a reload of the tab. Without storage it lives as long as the page.
pub(crate) fn keep_unsent<'a>(conversation: &ConversationId, messages: impl Iterator<Item = &'a Pending>) {
    let Some(storage) = storage() else { return };
    let messages: Vec<(&MessageId, &str)> =
        messages.map(|message| (&message.id, message.text.as_str())).collect();
    let key = key(conversation);
    let _full = if messages.is_empty() {
        storage.remove_item(&key)
    } else {
        storage.set_item(&key, &serde_json::to_string(&messages).unwrap_or_default())
    };
}

/// Forgets what was unsent in conversations that are not this advisor's.
pub(crate) fn forget_unsent_except(mine: impl Fn(&str) -> bool) {
    let Some(storage) = storage() else { return };
    let keys: Vec<String> =
        (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok().flatten()).collect();
    for key in keys {
        if key.strip_prefix(UNSENT).is_some_and(|conversation| !mine(conversation)) {
            let _gone = storage.remove_item(&key);
        }
    }
}

fn key(conversation: &ConversationId) -> String {
    format!("{UNSENT}{conversation}")
}

/// The tab's own storage: it ends with the tab, and no other tab reads it.
fn storage() -> Option<Storage> {
    web_sys::window().and_then(|window| window.session_storage().ok().flatten())
}

const UNSENT: &str = "info-cig-console/unsent/";
const NEAR_PX: i32 = 32;
