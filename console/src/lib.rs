// SPDX-License-Identifier: EUPL-1.2
//! The advisors' console: who waits, which conversations are mine, and the one I am answering.
//!
//! - [`config`]: what the page says in the element's attributes.
//! - [`desk`]: the desk's link, with everything it tells. Pure.
//! - [`state`]: what the console knows, as signals; the only place that changes them. No `web_sys`.
//! - [`text`]: what is said of what; the words lie in `texts/`.
//! - [`speech`]: the words it speaks in now.
//! - `console`: what an advisor can do, over HTTP and one link for the desk and each conversation. In browsers only.
//! - `kept`: drafts and unsent messages, over a reload; what was chosen on this device. In browsers only.
//! - `host`: the shadow root, the stylesheet, the clock, focus, scrolling, sounds, notifications. In browsers only.
//! - `view`: what it looks like. In browsers only.
//!
//! The console holds no rule: who may take what, and what was taken, is the desk's answer.

pub mod config;
pub mod desk;
pub mod speech;
pub mod state;
pub mod text;

#[cfg(target_arch = "wasm32")]
mod console;
#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod kept;
#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
pub use host::{Mounted, mount};
