// SPDX-License-Identifier: EUPL-1.2
//! The texts of a widget: those of the first file from the start, the others when the deferred chunk needs them.

use std::{cell::RefCell, rc::Rc};

use infocig_client::words::Words;
use infocig_protocol::language::Language;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A handle on the texts. All chats of a widget share them.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    words: Rc<RefCell<Words>>,
    /// Takes a language tag, or a file that a first file named, and returns a promise of the file; for an empty name it loads the
    /// module of calls.
    read: Function,
}

impl Texts {
    pub(crate) fn new(words: Words, read: Function) -> Self {
        Self { words: Rc::new(RefCell::new(words)), read }
    }

    /// Reads the texts.
    pub(crate) fn with<T>(&self, say: impl FnOnce(&Words) -> T) -> T {
        say(&self.words.borrow())
    }

    /// Requests the later texts, unless they are there.
    pub(crate) fn request_later(&self) -> Option<Promise> {
        self.request(&self.words.borrow().later()?)
    }

    /// Adds the later texts once they have arrived. Whether all texts are there.
    pub(crate) async fn complete(&self, requested: Option<Promise>) -> bool {
        if let Some(file) = arrived(requested).await {
            let mut words = self.words.borrow_mut();
            // Two requests at once bring the same file.
            let _added = words.later().is_some() && words.add(&file);
        }
        self.with(|words| words.later().is_none())
    }

    /// Changes the language, once all its texts have arrived. Whether they have.
    pub(crate) async fn speak(&self, language: Language) -> bool {
        let Some(file) = arrived(self.request(language.as_str())).await else { return false };
        let Some(words) = Words::read(language, &file) else { return false };
        let other = Self::new(words, self.read.clone());
        let complete = other.complete(other.request_later()).await;
        if complete {
            self.words.swap(&other.words);
        }
        complete
    }

    /// Loads the module of calls, which the loader brings for an empty name.
    pub(crate) async fn load_calls(&self) {
        let _not_loaded = arrived(self.request("")).await;
    }

    fn request(&self, what: &str) -> Option<Promise> {
        self.read.call1(&JsValue::NULL, &what.into()).ok()?.dyn_into().ok()
    }
}

async fn arrived(requested: Option<Promise>) -> Option<String> {
    JsFuture::from(requested?).await.ok()?.as_string()
}
