// SPDX-License-Identifier: EUPL-1.2
//! The element's shadow root: mounting and unmounting the widget, and the functions and events of the element.

use std::cell::{Cell, RefCell};

use any_spawner::Executor;
use infocig_client::{dom, storage, words::Words};
use infocig_protocol::{language::Language, problem::Code};
use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{CustomEvent, CustomEventInit, HtmlElement, ShadowRoot};

use crate::{
    actions::Chat,
    config::Config,
    effects::{keep, on_change},
    once::Made,
    settings::Settings,
    state::{HistoryState, Shared},
    texts::Texts,
    ui::{Page, Ui},
    view::widget,
};

/// A mounted widget. The loader keeps it as long as the element is on the page.
#[wasm_bindgen]
pub struct Mounted {
    ui: Ui,
    on_page: RefCell<Option<(Owner, Made)>>,
    place: HtmlElement,
}

#[wasm_bindgen]
impl Mounted {
    /// Stores unsaved text, removes the widget from the page and closes its connection.
    pub fn unmount(&mut self) {
        if let Some((owner, _view)) = self.on_page.take() {
            self.ui.act(Chat::shut_down);
            owner.cleanup();
            self.place.remove();
        }
    }

    /// Opens the panel and enters, as the button does.
    pub fn open(&self) {
        self.ui.act(Chat::launch);
    }

    /// Hides the panel. The conversation goes on.
    pub fn close(&self) {
        self.ui.act(Chat::minimise);
    }

    /// Shows an error after files were dropped or pasted: they are not sent.
    #[wasm_bindgen(js_name = refuseFiles)]
    pub fn refuse_files(&self) {
        self.ui.state.change(|s| s.not_sent = Some(Code::FrameBinary));
    }
}

/// Mounts the widget of an element in its shadow root, in place of the link the page put there. `language` and `texts` are one
/// of the files in `texts/`; `styles` is the stylesheet; `read` returns a promise of the texts of another
/// language or of a file that `texts` names, `ask` of a
/// hand-off token.
///
/// # Errors
/// A missing or unknown attribute, by name; the link stays.
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
    let words = words.ok_or_else(|| JsValue::from_str("the texts of INFO CIG could not be read"))?;
    let place = dom::styled_container(&root, styles)?;
    let floats = element.get_attribute("launcher").as_deref() == Some("floating");
    // Fails if another widget on the page has started it, which is as good.
    let _started = Executor::init_wasm_bindgen();
    let owner = Owner::new_root(None);
    let ui = owner.with(|| {
        let state = Shared::new();
        let settings =
            storage::local_get(Settings::NAME).map(|text| Settings::read(&text)).unwrap_or_default();
        state.change(|s| (s.language, s.settings) = (words.language(), settings));
        let texts = Texts::new(words, read);
        let chat = Chat::new(config, ask, state, texts.clone());
        chat.check_availability();
        chat.restore_after_reload();
        let ui = Ui::new(chat, texts, Page { floats, place: place.clone() });
        live(ui);
        tell(ui, element);
        ui
    });
    let view = owner.with(|| {
        let mut view = widget(ui).build();
        view.mount(&place, None);
        view
    });
    Ok(Mounted { ui, on_page: RefCell::new(Some((owner, view))), place })
}

/// Starts the effects that do not depend on the panel being open.
fn live(ui: Ui) {
    let state = ui.state;
    keep(dom::on_resume(move || {
        if document().hidden() {
            // A hidden page may be discarded without another event.
            ui.act(Chat::persist_unsaved);
        } else {
            ui.act(Chat::check_availability);
        }
        ui.act(Chat::mark_read);
    }));
    keep(dom::on_leave(move || ui.act(Chat::persist_unsaved)));
    // Availability decides what is offered after the end of a conversation.
    on_change(
        move || state.read(|s| s.is_closed()),
        move || {
            if state.peek(|s| s.is_closed()) {
                ui.act(Chat::check_availability);
            }
        },
    );
    // Entries that arrive while the panel is open count as read.
    on_change(
        move || state.read(|s| (s.last_seq(), s.shown, s.options, s.history == HistoryState::Hidden)),
        move || ui.act(Chat::mark_read),
    );
    on_change(move || state.read(|s| s.shown), move || ui.act(Chat::persist));
    // A message that arrives while the log is not visible makes a sound, if the person chose so.
    let heard = Cell::new(0);
    on_change(
        move || state.read(|s| s.unread),
        move || {
            let (unread, sound) = state.peek(|s| (s.unread, s.settings.sound));
            if heard.replace(unread) < unread
                && sound
                && let Some(chunk) = ui.deferred().get()
            {
                (chunk.chime)();
            }
        },
    );
}

/// Dispatches the events of the element to the page. They bubble and cross shadow roots.
fn tell(ui: Ui, element: HtmlElement) {
    let state = ui.state;
    let shown = Cell::new(None);
    let page = element.clone();
    on_change(
        move || state.read(|s| s.shown),
        move || {
            let now = state.peek(|s| s.shown);
            if shown.replace(Some(now)).is_some() {
                dispatch(&page, if now { "info-cig-open" } else { "info-cig-close" }, &JsValue::NULL);
            }
        },
    );
    let counted = Cell::new(0);
    on_change(
        move || state.read(|s| s.unread),
        move || {
            let unread = state.peek(|s| s.unread);
            if counted.replace(unread) != unread {
                #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 unread messages")]
                dispatch(&element, "info-cig-unread", &JsValue::from_f64(unread as f64));
            }
        },
    );
}

fn dispatch(element: &HtmlElement, name: &str, detail: &JsValue) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        let _handled = element.dispatch_event(&event);
    }
}
