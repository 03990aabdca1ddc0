// SPDX-License-Identifier: EUPL-1.2
//! The entry point: puts the console into the shadow root of its element.
//!
//! The style is a constructed stylesheet: a strict Content-Security-Policy allows it, and it reaches nothing outside.

use std::{any::Any, cell::Cell, rc::Rc};

use infocig_client::{
    dom::{has_function, styled_container},
    words::Words,
};
use infocig_protocol::language::Language;
use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{HtmlElement, ShadowRoot};

use crate::{
    config::Config,
    console::Console,
    dom::{self, Parts},
    i18n::I18n,
    intents::Intents,
    state::DeskState,
    view::App,
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

    /// Files were dropped or pasted: shows that they cannot be sent.
    #[wasm_bindgen(js_name = refuseFiles)]
    pub fn refuse_files(&self) {
        if let Some(refused) = self.files_refused {
            let _gone = refused.try_set(true);
        }
    }
}

/// Mounts the console of an element in its shadow root. `texts` is the file in `texts/` of `language`; `styles` is the
/// stylesheet; `read` is a function of a language's code that promises its texts, `ask` one that promises a token.
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
    let provided = has_function(&element, "tokenProvider");
    let config = Config::read(|name| element.get_attribute(name), provided);
    let config = config.map_err(|error| JsValue::from_str(&error))?;
    let words = Words::read(Language::of_tag(language).unwrap_or_default(), texts);
    let words = words.ok_or_else(|| JsValue::from_str("the texts of the console could not be read"))?;
    dom::report_panics(words.text("app.stopped"));
    let place = styled_container(&root, styles)?;
    let files_refused = Rc::new(Cell::new(None));
    let refused = Rc::clone(&files_refused);
    let handle = mount_to(place, move || {
        provide_context(Parts::new(root));
        let state = DeskState::new();
        refused.set(Some(state.screen.files_refused));
        let i18n = I18n::new(words);
        let console: Rc<Console> = Console::start(config, ask, &state, i18n, read);
        provide_context(state);
        provide_context(i18n);
        provide_context(Intents::new(console));
        view! { <App/> }
    });
    Ok(Mounted { handle: Some(Box::new(handle)), files_refused: files_refused.get() })
}
