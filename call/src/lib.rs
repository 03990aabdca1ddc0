// SPDX-License-Identifier: EUPL-1.2
//! A person's part in the calls of a conversation: a module of its own, which the widget fetches when its log has an entry that it
//! cannot read, or when the person asks for a call. Until then nobody downloads a byte of it.
//!
//! - `mount`: `<info-cig-call>`, the place of one entry in the widget's log. The first one of a conversation opens a link of its own,
//!   which reads calls; it ends when there is no call any more.
//! - `view`: the dialogue beside the chat, with the real-time text (`view::text`).
//!
//! The rules of a call and the keys of its words are in `infocig_client::call`, its media in `infocig_client::call_driver`. There is no framework here: the
//! dialogue has one form, of which parts are hidden.

#[cfg(target_arch = "wasm32")]
mod mount;
#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
pub use mount::mount;
