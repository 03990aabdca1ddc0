// SPDX-License-Identifier: EUPL-1.2
//! The edge: a thin Worker between people, advisors and the rules.
//!
//! | method and path | what it does |
//! |---|---|
//! | `GET /healthz` | says that the service runs and its settings are usable |
//! | `GET /v1/availability?category=…` | an [`Admission`](infocig_protocol::http::Admission) for whoever asks; cacheable, no personal data |
//! | `POST /v1/conversations` | verifies a hand-off token, asks the rules for admission, opens or resumes the conversation |
//! | `GET /v1/conversations/{id}/socket` | the conversation's WebSocket |
//! | `POST /v1/conversations/{id}/rating` | takes what the person says of a conversation that is over |
//! | `POST /v1/desk/sessions` | verifies an advisor's token, hands out a desk ticket |
//! | `GET /v1/desk/{queue}/socket` | the desk's WebSocket |
//! | `GET /v1/desk/segnalazioni` | every segnalazione that is not delivered, and the newest that are; for supervisors |
//! | `POST /v1/desk/segnalazioni/retry` | has one sent again; for supervisors |
//! | `POST /v1/linea-inps/updates` | Linea INPS says where a segnalazione stands; signed by it |
//! | `GET`, `POST /chat`, `/chat/…` | the conversation as pages without scripts |
//! | `GET /problems/{code}` | what a problem's `type` means |
//! | `GET`, `PUT /test/clock` | the service's instant; only with the feature `test-clock` |
//! | `GET /…` | the files of the site: loader, widget, console, fonts; compressed for whoever accepts that |
//!
//! Modules are in reading order. Everything but [`shell`] compiles and is tested on the host.

#![warn(missing_docs)]

pub mod problem;
pub mod route;
pub mod settings;

pub mod auth;
pub mod http;
pub mod outbound;

pub mod sql;
pub mod store;

pub mod actors;

#[cfg(target_arch = "wasm32")]
mod shell;
