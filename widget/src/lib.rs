// SPDX-License-Identifier: EUPL-1.2
//! The chat embedded in a portal page: a button, and behind it a conversation with an advisor.
//!
//! - [`config`]: what the page says in the element's attributes.
//! - [`state`]: what the chat knows, as signals; the only place that changes them. No `web_sys`.
//! - [`text`]: what is said of what; the words lie in `texts/`.
//! - [`recheck`]: when to ask again whether the service is open.
//! - [`settings`]: what a person chose for themself. [`announce`]: what a screen reader is told.
//! - [`drafts`]: what survives a reload, and whom it belongs to.
//! - `actions`: what a person can do, over HTTP and the socket. In browsers only.
//! - `paper`: documents to print or save. In browsers only.
//! - `ui`: the context of every component. `focus`, `effects`: directives, and when something is done. In browsers only.
//! - `lazy_chunk`: code that comes later. In browsers only.
//! - `host`: the shadow root, the stylesheet, focus. In browsers only.
//! - `view`: what it looks like. In browsers only.
//!
//! The widget holds no rule: whether the service is open, and to whom, is the server's answer.

pub mod announce;
pub mod config;
pub mod drafts;
pub mod recheck;
pub mod settings;
pub mod state;
pub mod text;
pub mod text_check;

#[cfg(target_arch = "wasm32")]
mod actions;
#[cfg(target_arch = "wasm32")]
mod effects;
#[cfg(target_arch = "wasm32")]
mod focus;
#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod lazy_chunk;
#[cfg(target_arch = "wasm32")]
mod once;
#[cfg(target_arch = "wasm32")]
mod paper;
#[cfg(target_arch = "wasm32")]
mod ui;
#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
pub use host::{Mounted, mount};
