// SPDX-License-Identifier: EUPL-1.2
//! The advisors' console: the queue, the advisor's conversations, and the one on screen.
//!
//! | module | holds | where it runs |
//! |---|---|---|
//! | [`config`] | the attributes of the element | anywhere |
//! | [`desk`] | the desk's link as a state machine: welcome, picture, notes | anywhere |
//! | [`state`] | everything that is known, as signals; the only writer of them is an event or an action | anywhere |
//! | [`text`] | sentences made of the keys in `texts/` | anywhere |
//! | [`i18n`] | the texts of the current language, and the one that is loading | anywhere |
//! | `intents` | the actions of an advisor: views call them, the controller implements them | browsers |
//! | `console` | the controller: one link for the desk, one for each conversation, HTTP | browsers |
//! | `drafts` | storage over a reload: drafts, unsent messages, preferences | browsers |
//! | `dom` | focus, scrolling, dialogs, timers | browsers |
//! | `alerts` | sounds, notifications, the page's title | browsers |
//! | `view` | the components | browsers |
//! | `mount` | the entry point: puts the console into the element's shadow root | browsers |
//!
//! Arrows point one way: `mount` to `console` and `view`; both of them to `intents`, `state`, `text`, `i18n` and `dom`.
//!
//! The console holds no rule: the desk decides which advisor may take a conversation and which one has it.

pub mod config;
pub mod desk;
pub mod i18n;
pub mod state;
pub mod text;

#[cfg(target_arch = "wasm32")]
mod alerts;
#[cfg(target_arch = "wasm32")]
mod console;
#[cfg(target_arch = "wasm32")]
mod dom;
#[cfg(target_arch = "wasm32")]
mod drafts;
#[cfg(target_arch = "wasm32")]
mod intents;
#[cfg(target_arch = "wasm32")]
mod mount;
#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
pub use mount::{Mounted, mount};
