// SPDX-License-Identifier: EUPL-1.2
//! What every view is given: what the chat knows, what a person can do, and the words for it.

use infocig_client::{dates::Moment, words::Words};
use infocig_protocol::{language::Language, time::Timestamp};
use js_sys::{Function, Promise};
use leptos::prelude::{GetValue as _, LocalStorage, SetValue as _, StoredValue, WithValue as _};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlElement;

use crate::{
    chat::Chat,
    dom::{focus, soon},
    part::Part,
    state::Shared,
    view::{later::Later, talk::Talk},
};

/// A handle that event handlers can copy. It lives as long as the owner it was made under.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    /// What the chat knows.
    pub(crate) state: Shared,
    chat: StoredValue<Chat, LocalStorage>,
    words: StoredValue<Words, LocalStorage>,
    /// The conversation.
    pub(crate) talk: Part<Talk>,
    /// What comes later.
    pub(crate) later: Part<Later>,
    page: StoredValue<Page, LocalStorage>,
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
        Self {
            state: chat.state(),
            talk: chat.talk(),
            later: chat.later(),
            chat: StoredValue::new_local(chat),
            words: StoredValue::new_local(words),
            page: StoredValue::new_local(page),
        }
    }

    /// The same words for another chat.
    pub(crate) fn beside(self, chat: Chat) -> Self {
        Self { state: chat.state(), chat: StoredValue::new_local(chat), ..self }
    }

    /// Lets the person do something.
    pub(crate) fn act(self, act: impl FnOnce(&Chat)) {
        if let Some(chat) = self.chat.try_get_value() {
            act(&chat);
        }
    }

    /// The chat itself, for what goes on after the view.
    pub(crate) fn chat(self) -> Option<Chat> {
        self.chat.try_get_value()
    }

    /// What the widget lies in.
    pub(crate) fn page(self) -> Option<Page> {
        self.page.try_get_value()
    }

    /// A text.
    pub(crate) fn say(self, key: &str) -> String {
        self.words(|words| words.say(key))
    }

    /// A text with something in its places.
    pub(crate) fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        self.words(|words| words.fill(key, values))
    }

    /// What the words make of something.
    pub(crate) fn words<T: Default>(self, say: impl FnOnce(&Words) -> T) -> T {
        self.words.try_with_value(say).unwrap_or_default()
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
            if self.words.try_set_value(words).is_some() {
                return;
            }
            self.act(|chat| chat.choose(|settings| settings.language = Some(language)));
            self.state.change(|s| s.language = language);
            self.act(Chat::check_availability);
            // What was chosen with is made anew, and what is new takes the focus: whoever chose goes on there after that.
            soon(move || {
                soon(move || {
                    if let Ok(Some(select)) = page.place.query_selector("[data-part=language]") {
                        focus(select.unchecked_ref());
                    }
                });
            });
        });
    }
}
