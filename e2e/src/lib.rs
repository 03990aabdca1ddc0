// SPDX-License-Identifier: EUPL-1.2
//! What tests of the whole are made of: the built Worker in its real runtime, a portal, raw sockets, real browsers.
//!
//! | module | what a test gets from it |
//! |---|---|
//! | [`scene`] | an edge and somebody whose tokens it accepts, ready to be spoken to |
//! | [`edge`] | one runtime with the built Worker, on a port and a folder of its own; it can be killed and started again |
//! | [`issuer`] | a token issuer whose key the test holds, so that it can also forge |
//! | [`portal`] | the stand-in INPS with its pages |
//! | [`tokens`] | well-formed claims, to be bent |
//! | [`answer`] | what came back over HTTP |
//! | [`socket`], [`chat`], [`desk`] | a WebSocket that may say anything; one side of a conversation; an advisor's desk |
//! | [`browser`], [`page`] | a Chromium, and the pages in it as people see them |
//! | [`artefacts`], [`program`], [`wait`], [`trouble`] | what the others stand on |
//!
//! Every test starts its own edge (about a tenth of a second) and shares nothing, so tests run side by side in any order.
//! What is missing fails the test with the command that makes it; nothing is skipped.

pub mod scene;

pub mod edge;
pub mod issuer;
pub mod portal;
pub mod tokens;

pub mod answer;
pub mod chat;
pub mod desk;
pub mod naughty;
pub mod polls;
pub mod socket;

pub mod browser;
pub mod page;

pub mod artefacts;
pub mod program;
pub mod trouble;
pub mod wait;
