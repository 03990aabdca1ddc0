// SPDX-License-Identifier: EUPL-1.2
//! What tests of the whole are made of: the built Worker in its real runtime, a portal, raw sockets, real browsers.
//!
//! | module | what a test gets from it |
//! |---|---|
//! | [`scene`] | an edge and somebody whose tokens it accepts, ready to be spoken to |
//! | [`edge`] | one runtime with the built Worker, on a port and a folder of its own; it can be killed and started again |
//! | [`bare`] | the least a Durable Object can do, to compare with |
//! | [`issuer`] | a token issuer whose key the test holds, so that it can also forge |
//! | [`portal`] | the stand-in INPS with its pages |
//! | [`office`] | the stand-in's Linea INPS and registry of cases |
//! | [`tokens`] | well-formed claims, to be bent |
//! | [`answer`], [`coded`] | what came back over HTTP, compressed or not |
//! | [`socket`], [`chat`], [`desk`] | a WebSocket that may say anything; one side of a conversation; an advisor's desk |
//! | [`driver`] | the client's own machines over real sockets and timers |
//! | [`load`], [`transcript`] | many conversations from beginning to end, and what became of every message |
//! | [`plain`] | a browser that runs no scripts, over HTTP |
//! | [`proxy`] | a network that fails on demand, between anybody and the edge |
//! | [`chaos`] | all of it at once, with power cuts |
//! | [`browser`], [`engine`], [`page`] | a Chromium, Firefox or WebKit, and the pages in it as people see them |
//! | [`embed`] | a page of somebody else's, and what the element looks like in it |
//! | [`service`] | an edge with its site and a portal: what a story in a browser begins with |
//! | [`artefacts`], [`long_form`], [`program`], [`random`], [`wait`], [`error`] | what the others stand on |
//!
//! Every test starts its own edge (about a tenth of a second) and leases browsers that keep nothing, so tests run side by side
//! in any order.
//! What is missing fails the test with the command that makes it; nothing is skipped.

pub mod scene;
pub mod service;

pub mod bare;
pub mod edge;
pub mod issuer;
pub mod linea_inps;
pub mod portal;
pub mod tokens;

pub mod answer;
pub mod chat;
pub mod content_coding;
pub mod desk;
pub mod hostile_texts;
pub mod plain;
pub mod polls;
pub mod socket;

pub mod chaos;
pub mod driver;
pub mod load;
pub mod proxy;
pub mod transcript;

mod accessible;
pub mod browser;
mod display;
pub mod embed;
pub mod engine;
pub mod page;
mod webdriver_commands;

pub mod artefacts;
pub mod error;
pub mod long_form;
pub mod program;
pub mod random;
pub mod wait;
