// SPDX-License-Identifier: EUPL-1.2
//! The context of every component: the state, the controller and the texts.

use std::rc::Rc;

use infocig_client::{dates::Moment, words::Words};
use infocig_protocol::{language::Language, time::Timestamp};
use leptos::prelude::{LocalStorage, StoredValue, WithValue as _, expect_context, use_context};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use crate::{
    actions::{
        Chat,
        chunks::{ConversationChunk, DeferredChunk},
    },
    effects::after_layout,
    focus,
    lazy_chunk::LazyChunk,
    state::Shared,
    texts::Texts,
};

/// A handle on the chat of a component. It is `Copy` and small, because each event handler holds one. Its content is disposed
/// with the owner it was created under.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    pub(crate) state: Shared,
    inside: StoredValue<Inside, LocalStorage>,
}

struct Inside {
    chat: Rc<Chat>,
    texts: Texts,
    page: Page,
}

/// The place of the widget on the page.
#[derive(Clone)]
pub(crate) struct Page {
    /// Whether the button and the panel float over the page.
    pub(crate) floats: bool,
    /// The container in the shadow root.
    pub(crate) place: HtmlElement,
}

impl Ui {
    pub(crate) fn new(chat: Chat, texts: Texts, page: Page) -> Self {
        Self::of(Inside { chat: Rc::new(chat), texts, page })
    }

    fn of(inside: Inside) -> Self {
        Self { state: inside.chat.state(), inside: StoredValue::new_local(inside) }
    }

    pub(crate) fn conversation(self) -> LazyChunk<ConversationChunk> {
        self.chat().map_or_else(|| LazyChunk::new(None), |chat| chat.conversation())
    }

    pub(crate) fn deferred(self) -> LazyChunk<DeferredChunk> {
        self.chat().map_or_else(|| LazyChunk::new(None), |chat| chat.deferred())
    }

    /// The context of another chat with the same texts. `None` if this one is disposed.
    pub(crate) fn beside(self, chat: Chat) -> Option<Self> {
        self.inside.try_with_value(|inside| {
            let (texts, page) = (inside.texts.clone(), inside.page.clone());
            Self::of(Inside { chat: Rc::new(chat), texts, page })
        })
    }

    /// Calls the controller, unless it is disposed.
    pub(crate) fn act(self, act: impl FnOnce(&Chat)) {
        if let Some(chat) = self.chat() {
            act(&chat);
        }
    }

    /// The controller, for tasks that outlive the view. `None` if it is disposed.
    pub(crate) fn chat(self) -> Option<Rc<Chat>> {
        self.inside.try_with_value(|inside| Rc::clone(&inside.chat))
    }

    /// `None` if the context is disposed.
    pub(crate) fn page(self) -> Option<Page> {
        self.inside.try_with_value(|inside| inside.page.clone())
    }

    /// Moves the focus to the first element that matches a selector.
    pub(crate) fn focus(self, selector: &str) {
        let found = self.page().and_then(|page| page.place.query_selector(selector).ok().flatten());
        if let Some(element) = found {
            focus::give(element.unchecked_ref());
        }
    }

    /// The context of the component that is being built.
    pub(crate) fn current() -> Self {
        expect_context()
    }

    /// The text of a key.
    pub(crate) fn text(self, key: &str) -> String {
        self.words(|words| words.text(key))
    }

    /// The text of a key with values in its placeholders.
    pub(crate) fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        self.words(|words| words.fill(key, values))
    }

    /// Reads the texts; the default if they are disposed.
    pub(crate) fn words<T: Default>(self, say: impl FnOnce(&Words) -> T) -> T {
        self.inside.try_with_value(|inside| inside.texts.with(say)).unwrap_or_default()
    }

    /// Date and time of an instant in Italy.
    pub(crate) fn moment(self, at: Timestamp) -> String {
        self.words(|words| Moment::in_italy(at).text(words))
    }

    /// Loads the module of calls, unless it is loaded.
    pub(crate) fn load_calls(self) {
        if let Some(texts) = self.inside.try_with_value(|inside| inside.texts.clone()) {
            spawn_local(async move { texts.load_calls().await });
        }
    }

    /// Changes the language once its texts are loaded, and stores the choice on the device.
    pub(crate) fn speak(self, language: Language) {
        let texts = self.inside.try_with_value(|inside| inside.texts.clone());
        let Some(texts) = texts else { return };
        self.state.change(|s| s.language_failed = false);
        spawn_local(async move {
            if !texts.speak(language).await {
                self.state.change(|s| s.language_failed = true);
                return;
            }
            if self.chat().is_none() {
                return;
            }
            self.act(|chat| chat.change_settings(|settings| settings.language = Some(language)));
            self.state.change(|s| s.language = language);
            self.act(Chat::check_availability);
            // The change rebuilds the list of languages, and the new panel takes the focus after its layout: two turns later
            // the focus returns to the list, where the person was.
            after_layout(move || after_layout(move || self.focus("[data-part=language]")));
        });
    }
}

/// Calls the controller of the component whose event is handled.
pub(crate) fn act(act: impl FnOnce(&Chat)) {
    if let Some(ui) = use_context::<Ui>() {
        ui.act(act);
    }
}
