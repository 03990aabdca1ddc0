// SPDX-License-Identifier: EUPL-1.2
//! The state as two signals: the draft, which changes with every key, and everything else.

use leptos::prelude::*;

use super::ChatState;

/// A handle on the state of a chat, which views follow. The state is disposed with the reactive owner it was created under; from
/// then on reads and changes return the default and have no effect.
#[derive(Clone, Copy, Debug)]
pub struct Shared {
    state: RwSignal<ChatState>,
    /// Notifies the readers of the draft; the text is in the state. Its value means nothing: signals of one type are compiled
    /// once, and `bool` is in use already.
    draft: RwSignal<bool>,
}

impl Shared {
    /// The state before anything is known.
    pub fn new() -> Self {
        Self { state: RwSignal::new(ChatState::new()), draft: RwSignal::new(true) }
    }

    /// Reads, and subscribes the effect that runs to changes other than [`Self::edit_draft`].
    pub fn read<T: Default>(self, look: impl FnOnce(&ChatState) -> T) -> T {
        self.state.try_with(look).unwrap_or_default()
    }

    /// Reads without subscribing.
    pub fn peek<T: Default>(self, look: impl FnOnce(&ChatState) -> T) -> T {
        self.state.try_with_untracked(look).unwrap_or_default()
    }

    /// The draft. Subscribes the effect that runs to every change of it.
    pub fn draft(self) -> String {
        let _disposed = self.draft.try_get();
        self.read(|s| s.draft.clone())
    }

    /// Replaces the draft and notifies only subscribers of the draft.
    pub fn edit_draft(self, text: String) {
        self.state.try_update_untracked(|s| s.draft = text);
        let _disposed = self.draft.try_set(true);
    }

    /// Text of the written request. Subscribes the effect that runs to changes of the state and of the draft.
    pub fn request_text(self) -> String {
        let _disposed = self.draft.try_get();
        self.read(ChatState::request_text)
    }

    /// Changes the state and notifies every subscriber.
    pub fn change<T: Default>(self, change: impl FnOnce(&mut ChatState) -> T) -> T {
        self.state.try_update(change).unwrap_or_default()
    }

    /// Whether the state is disposed.
    pub fn is_gone(self) -> bool {
        self.state.is_disposed()
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self::new()
    }
}
