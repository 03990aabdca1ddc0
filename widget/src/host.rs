// SPDX-License-Identifier: EUPL-1.2
//! The element's shadow root: where the widget is mounted and taken away again, and what a page can ask of it.

use std::{cell::RefCell, rc::Rc};

use any_spawner::Executor;
use infocig_client::{page, words::Words};
use infocig_protocol::language::Language;
use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{HtmlElement, ShadowRoot};

use crate::{
    chat::Chat,
    config::Config,
    dom::whenever,
    state::{Past, Shared},
    ui::Ui,
    view::widget,
};

/// A mounted widget. Keep it as long as the element is on the page.
#[wasm_bindgen]
pub struct Mounted {
    ui: Ui,
    owner: Rc<RefCell<Option<Owner>>>,
    place: HtmlElement,
}

#[wasm_bindgen]
impl Mounted {
    /// Takes the widget off the page and closes its socket.
    pub fn unmount(&mut self) {
        if let Some(owner) = self.owner.take() {
            owner.cleanup();
            self.place.remove();
        }
    }

    /// Opens the panel, as the button does.
    pub fn open(&self) {
        self.ui.act(Chat::launch);
    }

    /// Puts the panel away.
    pub fn close(&self) {
        self.ui.act(Chat::minimise);
    }
}

/// Mounts the widget of an element in its shadow root, in place of the link the page put there. `language` and `texts` are
/// one of the files in `texts/`; `styles` is the stylesheet; `read` brings the texts of another language.
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
) -> Result<Mounted, JsValue> {
    let config =
        Config::read(|name| element.get_attribute(name)).map_err(|error| JsValue::from_str(&error))?;
    let words = Words::read(Language::of_tag(language).unwrap_or_default(), texts);
    let words = words.ok_or_else(|| JsValue::from_str("the texts of INFO CIG could not be read"))?;
    let place = page::dressed(&root, styles)?;
    let _later = read;
    // Another widget on the page may have started it.
    let _started = Executor::init_wasm_bindgen();
    let owner = Owner::new_root(None);
    let ui = owner.with(|| {
        let state = Shared::new();
        let chat = Chat::new(config, state);
        chat.check_availability();
        chat.come_back();
        let ui = Ui::new(chat, words);
        StoredValue::new_local(page::signs_of_life(move || {
            if !document().hidden() {
                ui.act(Chat::check_availability);
            }
            ui.act(Chat::read);
        }));
        // What can come after the end depends on whether the service is still open.
        whenever(
            move || state.read(|s| s.is_closed()),
            move || {
                if state.peek(|s| s.is_closed()) {
                    ui.act(Chat::check_availability);
                }
            },
        );
        // Entries that come while the panel is on screen have been seen.
        whenever(
            move || state.read(|s| (s.last_seq(), s.shown, s.history == Past::Hidden)),
            move || ui.act(Chat::read),
        );
        whenever(move || state.read(|s| s.shown), move || ui.act(Chat::keep));
        widget(ui).mount(&place);
        ui
    });
    Ok(Mounted { ui, owner: Rc::new(RefCell::new(Some(owner))), place })
}
