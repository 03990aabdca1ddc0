// SPDX-License-Identifier: EUPL-1.2
//! The state as a signal.

use leptos::prelude::*;

use super::ChatState;

/// What the chat knows, where views follow it: whatever reads it is told when it has changed. `Copy`, and gone with the
/// owner it was made under; from then on nothing is read and nothing changes.
#[derive(Clone, Copy, Debug)]
pub struct Shared(RwSignal<ChatState>);

impl Shared {
    /// A chat that knows nothing.
    pub fn new() -> Self {
        Self(RwSignal::new(ChatState::new()))
    }

    /// Reads, and is told of changes.
    pub fn read<T: Default>(self, look: impl FnOnce(&ChatState) -> T) -> T {
        self.0.try_with(look).unwrap_or_default()
    }

    /// Reads once.
    pub fn peek<T: Default>(self, look: impl FnOnce(&ChatState) -> T) -> T {
        self.0.try_with_untracked(look).unwrap_or_default()
    }

    /// Changes something, and tells whoever reads.
    pub fn change<T: Default>(self, change: impl FnOnce(&mut ChatState) -> T) -> T {
        self.0.try_update(change).unwrap_or_default()
    }

    /// Whether nobody is there any more.
    pub fn is_gone(self) -> bool {
        self.0.is_disposed()
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self::new()
    }
}
