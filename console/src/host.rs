// SPDX-License-Identifier: EUPL-1.2
//! The browser around the console: the shadow root, the stylesheet, the clock, focus, scrolling; in `alerts`, sounds,
//! notifications and the title.
//!
//! The style is a constructed stylesheet: a strict Content-Security-Policy allows it, and it reaches nothing outside.

pub(crate) mod alerts;

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use infocig_client::{dom, machine::Millis, words::Words};
use infocig_protocol::{language::Language, time::Timestamp};
use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, FocusOptions, HtmlDialogElement, HtmlDocument, HtmlElement, HtmlTextAreaElement, KeyboardEvent,
    ScrollIntoViewOptions, ScrollLogicalPosition, ShadowRoot,
};

use crate::{
    config::Config,
    console::Console,
    speech::Speech,
    state::DeskState,
    view::{App, Intents},
};

/// A mounted console. Keep it as long as the element is on the page.
#[wasm_bindgen]
pub struct Mounted {
    /// Dropping it takes the console away; its type is that of the whole view.
    handle: Option<Box<dyn Any>>,
    files_refused: Option<RwSignal<bool>>,
}

#[wasm_bindgen]
impl Mounted {
    /// Takes the console off the page and closes its sockets.
    pub fn unmount(&mut self) {
        self.handle.take();
    }

    /// Files were dropped or pasted: says that they go nowhere.
    #[wasm_bindgen(js_name = refuseFiles)]
    pub fn refuse_files(&self) {
        if let Some(refused) = self.files_refused {
            let _gone = refused.try_set(true);
        }
    }
}

/// Mounts the console of an element in its shadow root. `language` and `texts` are one of the files in `texts/`; `styles` is the
/// stylesheet; `read` brings the texts of another language, `ask` a token.
///
/// # Errors
/// A missing attribute, by name; the root stays as it is.
#[wasm_bindgen]
pub fn mount(
    element: HtmlElement,
    root: ShadowRoot,
    language: &str,
    texts: &str,
    styles: &str,
    read: Function,
    ask: Function,
) -> Result<Mounted, JsValue> {
    let provided = dom::has_function(&element, "tokenProvider");
    let config = Config::read(|name| element.get_attribute(name), provided);
    let config = config.map_err(|error| JsValue::from_str(&error))?;
    let words = Words::read(Language::of_tag(language).unwrap_or_default(), texts);
    let words = words.ok_or_else(|| JsValue::from_str("the texts of the console could not be read"))?;
    say_when_stopped(words.say("app.stopped"));
    let place = dom::styled_container(&root, styles)?;
    let files_refused = Rc::new(Cell::new(None));
    let refused = Rc::clone(&files_refused);
    let handle = mount_to(place, move || {
        provide_context(Place(StoredValue::new_local(root)));
        let state = DeskState::new();
        refused.set(Some(state.files_refused));
        let speech = Speech::new(words);
        let console: Rc<Console> = Console::start(config, ask, &state, speech, read);
        provide_context(state);
        provide_context(speech);
        provide_context(Intents::new(console));
        view! { <App/> }
    });
    Ok(Mounted { handle: Some(Box::new(handle)), files_refused: files_refused.get() })
}

/// After a panic this instance answers nothing any more: says so once, to the browser's console and to the element. The words
/// are told beforehand, for nothing can be asked any more.
pub(crate) fn say_when_stopped(words: String) {
    std::panic::set_hook(Box::new(move |panic| {
        web_sys::console::error_1(&JsValue::from_str(&format!("{panic}")));
        let detail = web_sys::CustomEventInit::new();
        detail.set_detail(&JsValue::from_str(&words));
        let event = web_sys::CustomEvent::new_with_event_init_dict("info-cig-console-stopped", &detail);
        if let (Some(window), Ok(event)) = (web_sys::window(), event) {
            let _nobody_listens = window.dispatch_event(&event);
        }
    }));
}

/// Where the console is on the page. Parts are found by the names that survive every change of words and looks.
#[derive(Clone, Copy)]
pub(crate) struct Place(StoredValue<ShadowRoot, LocalStorage>);

impl Place {
    /// Presses the first part of that name that is on screen. `false` if there is none.
    pub(crate) fn press(self, part: &str) -> bool {
        let found = self.find(part);
        let there = found.is_some();
        if let Some(element) = found {
            element.click();
        }
        there
    }

    /// Puts the focus on the first part of that name that is on screen. `false` if there is none.
    pub(crate) fn focus(self, part: &str) -> bool {
        let found = self.find(part);
        found.iter().for_each(focus);
        found.is_some()
    }

    /// Puts a text in the place of all that a field has, as if it had been typed: what undoes typing undoes it. `false` if the
    /// browser does not, or there is no such field.
    pub(crate) fn type_over(self, part: &str, text: &str) -> bool {
        let Some(field) = self.find(part).and_then(|found| found.dyn_into::<HtmlTextAreaElement>().ok())
        else {
            return false;
        };
        focus(&field);
        field.select();
        let document = web_sys::window().and_then(|window| window.document());
        let document = document.and_then(|document| document.dyn_into::<HtmlDocument>().ok());
        document.is_some_and(|document| {
            document.exec_command_with_show_ui_and_value("insertText", false, text) == Ok(true)
        })
    }

    /// Has the first part of that name that is on screen take the focus, if what had it went away.
    pub(crate) fn adopt(self, part: &str) {
        self.find(part).iter().for_each(adopt_focus);
    }

    /// Whether a part of that name has the focus.
    pub(crate) fn is_focused(self, part: &str) -> bool {
        self.focused().is_some_and(|focused| focused.get_attribute("data-part").as_deref() == Some(part))
    }

    /// What has the focus in here.
    pub(crate) fn focused(self) -> Option<HtmlElement> {
        self.0.try_with_value(ShadowRoot::active_element).flatten()?.dyn_into().ok()
    }

    /// Scrolls a conversation to the top of the window, with the console around it where that has room for both (`style.css`).
    pub(crate) fn to_the_top(self) {
        let query =
            web_sys::window().and_then(|window| window.match_media("(min-width: 900px)").ok().flatten());
        let target = if query.is_some_and(|query| query.matches()) { ".console" } else { ".on-screen" };
        let found = self.0.try_with_value(|root| root.query_selector(target).ok().flatten());
        if let Some(element) = found.flatten() {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Start);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }

    /// Whether a dialog is open.
    pub(crate) fn has_dialog(self) -> bool {
        let found = self.0.try_with_value(|root| root.query_selector("dialog[open]").ok().flatten());
        found.flatten().is_some()
    }

    fn find(self, part: &str) -> Option<HtmlElement> {
        let selector = format!("[data-part='{part}']");
        let all = self.0.try_with_value(|root| root.query_selector_all(&selector).ok()).flatten()?;
        (0..all.length())
            .filter_map(|index| all.get(index)?.dyn_into::<HtmlElement>().ok())
            .find(|element| element.offset_parent().is_some())
    }
}

/// Where a key was really pressed, seen through shadow roots: whether that is a field, and the key with Ctrl, Alt or Meta.
pub(crate) fn is_in_field(event: &KeyboardEvent) -> bool {
    let Ok(origin) = event.composed_path().get(0).dyn_into::<HtmlElement>() else { return false };
    matches!(origin.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || origin.is_content_editable()
}

/// Opens a dialog over everything: the browser keeps the focus in it.
pub(crate) fn open_dialog(dialog: &HtmlDialogElement) {
    let _already_open = dialog.show_modal();
}

/// Brings an element on screen, moving as little as possible.
pub(crate) fn bring_into_view(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// What the device's clock shows.
pub(crate) fn device_time() -> Timestamp {
    Timestamp::from_millis(infocig_client::clock::now())
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
