// SPDX-License-Identifier: EUPL-1.2
//! The page around the console: focus, scrolling, dialogs, the clock, timers, and the report of a panic.

use std::time::Duration;

use infocig_client::machine::Millis;
use infocig_protocol::time::Timestamp;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, Document, Element, FocusOptions, HtmlAnchorElement, HtmlDialogElement,
    HtmlDocument, HtmlElement, HtmlTextAreaElement, KeyboardEvent, ResizeObserver, ScrollIntoViewOptions,
    ScrollLogicalPosition, ShadowRoot, Url,
};

/// Reports a panic to the browser's console and, with `words`, to the page, whose loader shows them: after a panic the module
/// cannot run again, so the words are stored beforehand.
pub(crate) fn report_panics(words: String) {
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

/// Finds the console's elements by `data-part`, a name that no change of texts or styles affects.
#[derive(Clone, Copy)]
pub(crate) struct Parts(StoredValue<ShadowRoot, LocalStorage>);

impl Parts {
    pub(crate) fn new(root: ShadowRoot) -> Self {
        Self(StoredValue::new_local(root))
    }

    /// Clicks the first visible part of that name. `false` if there is none.
    pub(crate) fn press(self, part: &str) -> bool {
        let found = self.find(part);
        let there = found.is_some();
        if let Some(element) = found {
            element.click();
        }
        there
    }

    /// Focuses the first visible part of that name. `false` if there is none.
    pub(crate) fn focus(self, part: &str) -> bool {
        let found = self.find(part);
        found.iter().for_each(focus);
        found.is_some()
    }

    /// Replaces the text of a field as if it had been typed, so that the browser's undo covers it. `false` if the browser does
    /// not support that, or there is no such field.
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

    /// Focuses a field for a long text and puts the caret at a place, counted in UTF-16 units, of a line. Its lines are not
    /// wrapped, so that each is as high as another.
    pub(crate) fn place_caret(self, part: &str, at: u32, line: u32) {
        let found = self.find(part).and_then(|found| found.dyn_into::<HtmlTextAreaElement>().ok());
        let Some(field) = found else { return };
        let _in_range = field.set_selection_range(at, at);
        focus(&field);
        let lines = field.value().lines().count().max(1);
        let line = usize::try_from(line.saturating_sub(CONTEXT_LINES)).unwrap_or_default();
        let height = usize::try_from(field.scroll_height()).unwrap_or_default();
        field.set_scroll_top(i32::try_from(height * line / lines).unwrap_or_default());
    }

    /// Focuses the first visible part of that name if the focused element was removed.
    pub(crate) fn adopt(self, part: &str) {
        self.find(part).iter().for_each(adopt_focus);
    }

    /// Whether a part of that name has the focus.
    pub(crate) fn is_focused(self, part: &str) -> bool {
        self.focused().is_some_and(|focused| focused.get_attribute("data-part").as_deref() == Some(part))
    }

    /// The focused element of the console.
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

/// Whether a key was pressed in a field, through shadow roots.
pub(crate) fn is_in_field(event: &KeyboardEvent) -> bool {
    let Ok(origin) = event.composed_path().get(0).dyn_into::<HtmlElement>() else { return false };
    matches!(origin.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || origin.is_content_editable()
}

/// Opens a dialog as a modal one: the browser keeps the focus in it.
pub(crate) fn open_dialog(dialog: &HtmlDialogElement) {
    let _already_open = dialog.show_modal();
}

/// Replaces the children of an element by those that markup describes. They are made one by one: pages with Trusted Types refuse
/// to parse a text as markup. The markup is well-formed, as charts are; of any other nothing is shown.
pub(crate) fn draw(place: &Element, markup: &str) {
    place.replace_children_with_node_0();
    let Some(document) = place.owner_document() else { return };
    if let Ok(tree) = roxmltree::Document::parse(markup) {
        append(&document, place, tree.root_element(), HTML);
    }
}

fn append(document: &Document, parent: &Element, node: roxmltree::Node<'_, '_>, namespace: &str) {
    if let Some(text) = node.text().filter(|_| node.is_text()) {
        let _appended = parent.append_child(&document.create_text_node(text));
        return;
    }
    let name = node.tag_name().name();
    let namespace = if name == "svg" { SVG } else { namespace };
    let Ok(element) = document.create_element_ns(Some(namespace), name) else { return };
    for attribute in node.attributes() {
        let _set = element.set_attribute(attribute.name(), attribute.value());
    }
    for child in node.children() {
        append(document, &element, child, namespace);
    }
    let _appended = parent.append_child(&element);
}

const HTML: &str = "http://www.w3.org/1999/xhtml";
const SVG: &str = "http://www.w3.org/2000/svg";

/// Saves a text as a CSV file. It begins with a byte order mark, by which spreadsheets recognise UTF-8. `None` if the browser
/// cannot.
pub(crate) fn save_csv(text: &str, name: &str) -> Option<()> {
    save(&["\u{feff}", text], "text/csv;charset=utf-8", name)
}

/// Saves a text as a file of JSON, as it is. `None` if the browser cannot.
pub(crate) fn save_json(text: &str, name: &str) -> Option<()> {
    save(&[text], "application/json", name)
}

/// Saves a page as a file. `None` if the browser cannot.
pub(crate) fn save_page(text: &str, name: &str) -> Option<()> {
    save(&[text], "text/html;charset=utf-8", name)
}

fn save(texts: &[&str], kind: &str, name: &str) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts: js_sys::Array = texts.iter().map(|text| JsValue::from_str(text)).collect();
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let document = web_sys::window()?.document()?;
    let link: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    set_timeout(move || drop(Url::revoke_object_url(&url)), SAVED_WITHIN);
    Some(())
}

const SAVED_WITHIN: Duration = Duration::from_mins(1);

/// Opens the browser's dialog to print the page.
pub(crate) fn print() {
    if let Some(window) = web_sys::window() {
        let _unsupported = window.print();
    }
}

/// Scrolls an element into view, as little as possible.
pub(crate) fn bring_into_view(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// The instant on the device's clock.
pub(crate) fn device_time() -> Timestamp {
    Timestamp::from_millis(infocig_client::clock::now())
}

/// Waits between half and all of a time at random, so that many consoles do not reconnect at once.
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

/// Focuses an element and scrolls it into view.
pub(crate) fn focus(element: &HtmlElement) {
    let _not_focusable = element.focus();
}

/// The scroll position of an element, in pixels from the top.
pub(crate) fn scrolled(element: &Element) -> i32 {
    element.scroll_top()
}

/// Whether the end of a scrolled element is on screen.
pub(crate) fn is_at_end(element: &Element) -> bool {
    element.scroll_height() - element.scroll_top() - element.client_height() < NEAR_PX
}

/// Calls `react` after an element has changed its size, until the result is dropped. `None` if the browser cannot observe sizes.
pub(crate) fn on_resize(element: &Element, react: impl FnMut() + 'static) -> Option<ResizeObservation> {
    let react = Closure::<dyn FnMut()>::new(react);
    let observer = ResizeObserver::new(react.as_ref().unchecked_ref()).ok()?;
    observer.observe(element);
    Some(ResizeObservation { observer, _react: react })
}

/// The sizes of an element are observed until it is dropped.
pub(crate) struct ResizeObservation {
    observer: ResizeObserver,
    _react: Closure<dyn FnMut()>,
}

impl Drop for ResizeObservation {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Shows the end of a scrolled element.
pub(crate) fn scroll_to_end(element: &Element) {
    element.set_scroll_top(element.scroll_height());
}

/// The distance between the top of the visible part and the end of a scrolled element, in pixels.
pub(crate) fn from_end(element: &Element) -> i32 {
    element.scroll_height() - element.scroll_top()
}

/// Restores a distance from the end, so that content that was put before does not move the visible part.
pub(crate) fn scroll_back(element: &Element, from_end: i32) {
    element.set_scroll_top(element.scroll_height() - from_end);
}

/// Switches announcements of a log's new entries by screen readers on or off.
pub(crate) fn announce(log: &Element, announce: bool) {
    let live = if announce { "polite" } else { "off" };
    let _never_fails = log.set_attribute("aria-live", live);
}

/// Focuses an element, without scrolling, if the focused element was removed.
pub(crate) fn adopt_focus(element: &HtmlElement) {
    let focused = web_sys::window().and_then(|window| window.document()?.active_element());
    if focused.is_none_or(|focused| focused.tag_name() == "BODY") {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _not_focusable = element.focus_with_options(&options);
    }
}

/// The member `view` of the address of the page.
pub(crate) fn view_of_address() -> Option<String> {
    let query = web_sys::window()?.location().search().ok()?;
    query.trim_start_matches('?').split('&').find_map(|part| Some(part.strip_prefix("view=")?.to_string()))
}

/// Shows the page on the whole screen, or no longer. Browsers allow that in the handler of a press only, and may refuse.
pub(crate) fn set_full_screen(full: bool) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    if !full {
        document.exit_fullscreen();
    } else if let Some(page) = document.document_element() {
        let _refused = page.request_fullscreen();
    }
}

/// Whether the page is visible.
pub(crate) fn page_is_visible() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| !document.hidden())
}

const NEAR_PX: i32 = 32;
/// The lines shown above the one that the caret is put into.
const CONTEXT_LINES: u32 = 5;
