// SPDX-License-Identifier: EUPL-1.2
//! What every view is given: what the chat knows, what a person can do, and the words for it.

use std::{cell::RefCell, rc::Rc};

use infocig_client::{dates::Moment, words::Words};
use infocig_protocol::{language::Language, time::Timestamp};
use js_sys::{Function, Promise};
use leptos::prelude::{LocalStorage, StoredValue, WithValue as _, expect_context, use_context};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
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
};

/// A handle that event handlers can copy: small, for each of them holds one. It lives as long as the owner it was made under.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    /// What the chat knows.
    pub(crate) state: Shared,
    inside: StoredValue<Inside, LocalStorage>,
}

struct Inside {
    chat: Rc<Chat>,
    words: Rc<RefCell<Words>>,
    page: Page,
}

/// What the widget lies in.
#[derive(Clone)]
pub(crate) struct Page {
    /// Whether the button floats over the page, and the panel with it.
    pub(crate) floats: bool,
    /// Where the widget is in its shadow root.
    pub(crate) place: HtmlElement,
    /// Brings the texts of a language.
    pub(crate) read: Function,
}

impl Ui {
    pub(crate) fn new(chat: Chat, words: Words, page: Page) -> Self {
        Self::of(Inside { chat: Rc::new(chat), words: Rc::new(RefCell::new(words)), page })
    }

    fn of(inside: Inside) -> Self {
        Self { state: inside.chat.state(), inside: StoredValue::new_local(inside) }
    }

    /// The chunk with the conversation.
    pub(crate) fn conversation(self) -> LazyChunk<ConversationChunk> {
        self.chat().map_or_else(LazyChunk::new, |chat| chat.conversation())
    }

    /// The deferred chunk.
    pub(crate) fn deferred(self) -> LazyChunk<DeferredChunk> {
        self.chat().map_or_else(LazyChunk::new, |chat| chat.deferred())
    }

    /// The same words for another chat; nothing if the widget has left the page.
    pub(crate) fn beside(self, chat: Chat) -> Option<Self> {
        self.inside.try_with_value(|inside| {
            let (words, page) = (Rc::clone(&inside.words), inside.page.clone());
            Self::of(Inside { chat: Rc::new(chat), words, page })
        })
    }

    /// Lets the person do something.
    pub(crate) fn act(self, act: impl FnOnce(&Chat)) {
        if let Some(chat) = self.chat() {
            act(&chat);
        }
    }

    /// The chat itself, for what goes on after the view.
    pub(crate) fn chat(self) -> Option<Rc<Chat>> {
        self.inside.try_with_value(|inside| Rc::clone(&inside.chat))
    }

    /// What the widget lies in.
    pub(crate) fn page(self) -> Option<Page> {
        self.inside.try_with_value(|inside| inside.page.clone())
    }

    /// Gives the focus to the first element a selector names.
    pub(crate) fn focus(self, selector: &str) {
        let found = self.page().and_then(|page| page.place.query_selector(selector).ok().flatten());
        if let Some(element) = found {
            focus::give(element.unchecked_ref());
        }
    }

    /// The one of the component that is being made.
    pub(crate) fn current() -> Self {
        expect_context()
    }

    /// A text.
    pub(crate) fn text(self, key: &str) -> String {
        self.words(|words| words.say(key))
    }

    /// A text with something in its places.
    pub(crate) fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        self.words(|words| words.fill(key, values))
    }

    /// What the words make of something.
    pub(crate) fn words<T: Default>(self, say: impl FnOnce(&Words) -> T) -> T {
        self.inside.try_with_value(|inside| say(&inside.words.borrow())).unwrap_or_default()
    }

    /// An instant, of its day and its time of day in Italy.
    pub(crate) fn moment(self, at: Timestamp) -> String {
        self.words(|words| Moment::in_italy(at).say(words))
    }

    /// Says everything in another language from here on, once its texts are here, and remembers it.
    pub(crate) fn speak(self, language: Language) {
        let Some(page) = self.page() else { return };
        self.state.change(|s| s.language_failed = false);
        spawn_local(async move {
            let brought = page.read.call1(&JsValue::NULL, &language.as_str().into());
            let brought = match brought.map(JsCast::dyn_into::<Promise>) {
                Ok(Ok(promise)) => JsFuture::from(promise).await.ok(),
                Ok(Err(_)) | Err(_) => None,
            };
            let words = brought.and_then(|texts| Words::read(language, &texts.as_string()?));
            let Some(words) = words else {
                self.state.change(|s| s.language_failed = true);
                return;
            };
            let spoken = self.inside.try_with_value(|inside| inside.words.replace(words));
            if spoken.is_none() {
                return;
            }
            self.act(|chat| chat.change_settings(|settings| settings.language = Some(language)));
            self.state.change(|s| s.language = language);
            self.act(Chat::check_availability);
            // What was chosen with is made anew, and what is new takes the focus: whoever chose goes on there after that.
            after_layout(move || after_layout(move || self.focus("[data-part=language]")));
        });
    }
}

/// Lets the person do something in the chat of the component whose event is handled.
pub(crate) fn act(act: impl FnOnce(&Chat)) {
    if let Some(ui) = use_context::<Ui>() {
        ui.act(act);
    }
}
