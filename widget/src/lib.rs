// SPDX-License-Identifier: EUPL-1.2
//! The chat embedded in a portal page: a button, and behind it a conversation with an advisor.
//!
//! - [`config`]: the attributes of the element.
//! - [`state`]: the state of the chat as plain data, and its signals. No `web_sys`.
//! - [`text`]: sentences about the state; the texts are in `texts/`. [`text_check`]: the check of a text before it is sent.
//! - [`recheck`]: when to ask again whether the service is open.
//! - [`settings`]: the choices of the person. [`announce`]: announcements for screen readers.
//! - [`drafts`]: the records that survive a reload, and their owner.
//! - `actions`: the controller: every action of a person, over HTTP and the link. In browsers only.
//! - `paper`: documents to print or save. In browsers only.
//! - `texts`: the texts of the language, and the later ones when they are needed. In browsers only.
//! - `ui`: the context of every component. `focus`, `effects`, `once`: focus, scheduling, built views. In browsers only.
//! - `lazy_chunk`: chunks of the module that are loaded later. In browsers only.
//! - `host`: the shadow root, mounting, events of the element. In browsers only.
//! - `view`: the components. In browsers only.
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
mod texts;
#[cfg(target_arch = "wasm32")]
mod ui;
#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
pub use host::{Mounted, mount};
