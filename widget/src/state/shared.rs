// SPDX-License-Identifier: EUPL-1.2
//! The state as a signal.

use leptos::prelude::*;

use super::ChatState;

/// A handle on the state of a chat, which views follow. The state is disposed with the reactive owner it was created under; from
/// then on reads and changes return the default and have no effect.
#[derive(Clone, Copy, Debug)]
pub struct Shared(RwSignal<ChatState>);

impl Shared {
    /// The state before anything is known.
    pub fn new() -> Self {
        Self(RwSignal::new(ChatState::new()))
    }

    /// Reads, and subscribes the effect that runs to changes.
    pub fn read<T: Default>(self, look: impl FnOnce(&ChatState) -> T) -> T {
        self.0.try_with(look).unwrap_or_default()
    }

    /// Reads without subscribing.
    pub fn peek<T: Default>(self, look: impl FnOnce(&ChatState) -> T) -> T {
        self.0.try_with_untracked(look).unwrap_or_default()
    }

    /// Changes the state and notifies every subscriber.
    pub fn change<T: Default>(self, change: impl FnOnce(&mut ChatState) -> T) -> T {
        self.0.try_update(change).unwrap_or_default()
    }

    /// Whether the state is disposed.
    pub fn is_gone(self) -> bool {
        self.0.is_disposed()
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self::new()
    }
}
