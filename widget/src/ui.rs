// SPDX-License-Identifier: EUPL-1.2
//! What every view is given: what the chat knows, what a person can do, and the words for it.

use infocig_client::{page, words::Words};
use infocig_protocol::time::Timestamp;
use leptos::prelude::{GetValue as _, LocalStorage, StoredValue, WithValue as _};

use crate::{chat::Chat, state::Shared, view::later::Later};

/// A handle that event handlers can copy. It lives as long as the owner it was made under.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    /// What the chat knows.
    pub(crate) state: Shared,
    chat: StoredValue<Chat, LocalStorage>,
    words: StoredValue<Words, LocalStorage>,
    /// What comes later.
    pub(crate) later: Later,
}

impl Ui {
    pub(crate) fn new(chat: Chat, words: Words) -> Self {
        Self {
            state: chat.state(),
            chat: StoredValue::new_local(chat),
            words: StoredValue::new_local(words),
            later: Later::new(),
        }
    }

    /// The same words for another chat.
    pub(crate) fn beside(self, chat: Chat) -> Self {
        Self { state: chat.state(), chat: StoredValue::new_local(chat), words: self.words, later: self.later }
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

    /// A text.
    pub(crate) fn say(self, key: &str) -> String {
        self.words(|words| words.say(key))
    }

    /// A text with something in its places.
    pub(crate) fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        self.words(|words| words.fill(key, values))
    }

    /// What the words make of something.
    pub(crate) fn words(self, say: impl FnOnce(&Words) -> String) -> String {
        self.words.try_with_value(say).unwrap_or_default()
    }

    /// An instant, of its day and its time of day in Italy.
    pub(crate) fn moment(self, at: Timestamp) -> String {
        page::rome(at).map_or_else(String::new, |moment| self.words(|words| moment.say(words)))
    }
}
