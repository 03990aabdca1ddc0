// SPDX-License-Identifier: EUPL-1.2
//! The hostile field: what breaks chats elsewhere is played here, and does not break this one.
//!
//! Each test is about a kind of situation, and says which: strangers who send much and show nothing, tokens that must not be
//! believed, runtimes that end, pages with habits of their own, portals that answer in every wrong way. The modules say what a
//! test needs, by the names of those beside this one.

mod chromium;
mod engines;
mod runtime;
