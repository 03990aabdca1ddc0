// SPDX-License-Identifier: EUPL-1.2
//! A client of the service: the link and what runs over it, shared by the widget and the console.
//!
//! - [`link`]: the state of the connection, reconnection, detection of dead connections. Pure.
//! - [`session`]: a conversation over a link: cursor, outbox, resending until acknowledged. Pure.
//! - [`desk`]: an advisor's desk over a link. Pure.
//! - [`call`]: one device in a call of a conversation. Pure.
//! - [`machine`]: the interface the three have in common for the driver.
//! - [`query`]: parameters of requests.
//! - [`json`]: the tree that the protocol's codec reads frames and documents from.
//! - [`cases`], [`dates`], [`format`](mod@format) and [`words`]: texts of both interfaces, in the language of the reader.
//! - In browsers only: `driver` (one connection and one timer that feed a machine), `call_driver` (the microphone and the connection
//!   of a call), `socket`, `http`, `dom`, `storage`,
//!   `clock`, `sound`, and `leader` (leader election among tabs).
//!
//! The pure parts read no clock and draw no random number: the driver passes both in.

#![warn(missing_docs)]

pub mod call;
pub mod cases;
pub mod dates;
pub mod desk;
pub mod format;
pub mod json;
pub mod link;
pub mod machine;
pub mod query;
pub mod sensitive_data;
pub mod session;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub mod call_driver;
#[cfg(target_arch = "wasm32")]
pub mod clock;
#[cfg(target_arch = "wasm32")]
pub mod dom;
#[cfg(target_arch = "wasm32")]
pub mod driver;
#[cfg(target_arch = "wasm32")]
pub mod http;
#[cfg(target_arch = "wasm32")]
pub mod leader;
#[cfg(target_arch = "wasm32")]
mod socket;
#[cfg(target_arch = "wasm32")]
pub mod sound;
#[cfg(target_arch = "wasm32")]
pub mod storage;
#[cfg(target_arch = "wasm32")]
pub mod timer;
