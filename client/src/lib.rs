// SPDX-License-Identifier: EUPL-1.2
//! One end of the link, shared by the widget and the console.
//!
//! - [`link`]: whether there is a connection, when to try again, how to notice that it is dead. Pure.
//! - [`session`]: a conversation over a link: cursor, outbox, resend until acknowledged. Pure.
//! - [`desk`]: an advisor's desk over a link. Pure.
//! - [`json`]: the tree that the protocol's codec reads frames and documents from.
//! - [`cases`], [`dates`] and [`words`]: what an interface says, in the language of whoever reads it.
//! - [`machine`]: what the three have in common for whoever drives them.
//! - `http`, `driver`, `page`, `sound` and `turn` (in browsers only): fetch; one WebSocket with one timer that feeds a machine; a
//!   dressed place in a shadow root; sounds; which of several tabs does what one alone may do.
//!
//! The pure parts read no clock and draw no random number: the driver passes both in.

#![warn(missing_docs)]

pub mod cases;
pub mod dates;
pub mod desk;
pub mod json;
pub mod link;
pub mod machine;
pub mod session;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub mod driver;
#[cfg(target_arch = "wasm32")]
pub mod http;
#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(target_arch = "wasm32")]
mod socket;
#[cfg(target_arch = "wasm32")]
pub mod sound;
#[cfg(target_arch = "wasm32")]
pub mod turn;
