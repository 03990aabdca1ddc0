// SPDX-License-Identifier: EUPL-1.2
//! The browser around the console: the shadow root, the stylesheet, the clock, focus, scrolling.
//!
//! The style is a constructed stylesheet: a strict Content-Security-Policy allows it, and it reaches nothing outside.

use std::any::Any;
use std::rc::Rc;

use infocig_client::{machine::Millis, page};
use infocig_protocol::time::Timestamp;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, FocusOptions, HtmlElement, ShadowRoot};

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

/// How far the top of what is on screen is from the end of a scrolled element.
pub(crate) fn from_end(element: &Element) -> i32 {
    element.scroll_height() - element.scroll_top()
}

/// Shows again what was on screen, whatever came before it since.
pub(crate) fn scroll_back(element: &Element, from_end: i32) {
    element.set_scroll_top(element.scroll_height() - from_end);
}

/// Has what is new in a log announced, or not.
pub(crate) fn announce(log: &Element, announce: bool) {
    let live = if announce { "polite" } else { "off" };
    let _never_fails = log.set_attribute("aria-live", live);
}

/// Takes the focus if what had it went away, without moving anything.
pub(crate) fn adopt_focus(element: &HtmlElement) {
    let focused = web_sys::window().and_then(|window| window.document()?.active_element());
    if focused.is_none_or(|focused| focused.tag_name() == "BODY") {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _not_focusable = element.focus_with_options(&options);
    }
}

/// Whether the page can be seen.
pub(crate) fn page_is_visible() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| !document.hidden())
}

const NEAR_PX: i32 = 32;
