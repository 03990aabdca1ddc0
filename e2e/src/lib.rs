// SPDX-License-Identifier: EUPL-1.2
//! The parts of end-to-end tests: the built Worker in its real runtime, a portal, raw sockets, real browsers.
//!
//! | module | content |
//! |---|---|
//! | [`scene`] | an edge with an issuer whose tokens it accepts |
//! | [`edge`] | one runtime with the built Worker, on its own port and folder; it can be killed and restarted |
//! | [`bare`] | a minimal Durable Object, the baseline of measurements |
//! | [`issuer`] | a token issuer whose key the test holds, so that it can forge tokens |
//! | [`portal`] | the stand-in INPS with its pages |
//! | [`office`] | the stand-in's Linea INPS and registry of cases |
//! | [`staff`], [`oidc`] | the staff's sign-in at a provider that lies, and at a real one |
//! | [`tokens`] | valid claims, and changes to them |
//! | [`answer`], [`coded`] | responses over HTTP, and their content coding |
//! | [`contract`] | the OpenAPI documents, with which every answer is compared |
//! | [`socket`], [`chat`], [`desk`] | a WebSocket that can send anything; one side of a conversation; an advisor's desk |
//! | [`driver`] | the state machines of the client over real sockets and timers |
//! | [`load`], [`transcript`] | many conversations from beginning to end, and the fate of every message |
//! | [`plain`] | a client of the plain pages, over HTTP |
//! | [`proxy`], [`meddler`] | a TCP proxy with network faults; one that makes an edge break its protocol |
//! | [`chaos`] | power cuts and network faults under load |
//! | [`cluster`] | two nodes on a bucket under load; one hands over, one is killed |
//! | [`drill`] | a backup under load, a power cut, and its restoration |
//! | [`upgrade`] | the next version in the place of this one, under load, and the way back |
//! | [`browser`], [`engine`], [`page`] | Chromium, Firefox or WebKit, and page objects |
//! | [`embed`] | host pages with hostile styles and policies, and the look of the element in them |
//! | [`service`] | an edge with its site and a portal, the start of browser tests |
//! | [`artefacts`], [`long_form`], [`program`], [`random`], [`wait`], [`error`] | helpers of the others |
//!
//! Every test starts its own edge (about a tenth of a second) and leases browsers that are reset in between, so that tests
//! run in parallel and in any order. A missing artefact fails the test with the command that builds it; no test is skipped.

pub mod scene;
pub mod service;

pub mod bare;
pub mod edge;
pub mod issuer;
pub mod language_model;
pub mod linea_inps;
pub mod oidc;
pub mod portal;
pub mod staff;
pub mod tokens;

pub mod answer;
pub mod chat;
pub mod content_coding;
pub mod contract;
pub mod desk;
pub mod hostile_texts;
pub mod plain;
pub mod polls;
pub mod socket;

pub mod chaos;
pub mod cluster;
pub mod drill;
pub mod driver;
pub mod load;
pub mod meddler;
pub mod nginx;
pub mod proxy;
pub mod transcript;
pub mod turn;
pub mod upgrade;

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
