// SPDX-License-Identifier: EUPL-1.2
//! The edge: a thin Worker between people, advisors and the rules.
//!
//! | method and path | answer | module of `shell::front` |
//! |---|---|---|
//! | `GET /healthz` | that the process is alive, from its memory, and how many messages between objects were given up | `health` |
//! | `GET /readyz?check=` | whether the service can do its work: a row stored and read, alarms, issuers' keys | `readiness` |
//! | `GET /metrics` | metrics of the running service for Prometheus, for the holder of `METRICS_TOKEN` | `metrics` |
//! | `GET /v1/availability?category=…` | an [`Admission`](infocig_protocol::http::Admission); nothing personal, cached by shared caches for 5 s | `availability` |
//! | `POST /v1/conversations?resume=` | a ticket for the person's conversation, opened or resumed, by a hand-off token | `conversations` |
//! | `GET /v1/conversations/{id}/socket` | the conversation's WebSocket, for the holder of a ticket | `conversations` |
//! | `POST /v1/conversations/{id}/poll` | the same frames by requests, where no socket can be opened | `conversations` |
//! | `GET /v1/conversations/{id}/cases` | the person's cases, as their registry says now | `cases` |
//! | `GET /v1/conversations/{id}/calls/{number}/relay` | the relay of a call, with credentials for one of its parties | `calls` |
//! | `POST /v1/conversations/{id}/cards` | nothing; an advisor has shared one of them | `cases` |
//! | `GET /v1/conversations/{id}/transcript?format=` | the conversation on paper | `transcripts` |
//! | `POST /v1/conversations/{id}/assistant` | the automatic assistant's answer, kept in the log if the person asked | `assistant` |
//! | `POST /v1/conversations/{id}/rating` | nothing; the person has rated a conversation that is over | `ratings` |
//! | `POST /v1/requests` | a ticket for the conversation that a written request is, by a hand-off token | `requests` |
//! | `POST /v1/assistant` | the automatic assistant's answer, by a hand-off token; nothing is kept | `assistant` |
//! | `POST /v1/history` | the person's conversations with a ticket each, by a hand-off token | `history` |
//! | `POST /v1/me/data?format=&before=&lang=` | what the service has about the person, by a hand-off token | `own_data` |
//! | `POST /v1/desk/sessions?queue=` | a ticket for a desk, by an advisor's token | `desk_sessions` |
//! | `GET /v1/desk/{desk}/socket` | the desk's WebSocket, for the holder of a ticket | `desk_sessions` |
//! | `POST /v1/desk/{desk}/poll` | the same frames by requests | `desk_sessions` |
//! | `GET /v1/desk/segnalazioni` | every segnalazione that is not delivered, and the newest that are; for supervisors | `segnalazioni` |
//! | `POST /v1/desk/segnalazioni/retry` | nothing; one is sent again; for supervisors | `segnalazioni` |
//! | `GET /v1/supervision/report?from=&to=&by=` | figures of a range of days, as JSON or CSV; for supervisors, `by=advisor` also for an advisor alone | `supervision` |
//! | `GET /v1/supervision/conversations?…` | a page of conversations that were searched for; for supervisors | `supervision` |
//! | `GET /v1/supervision/comments?…` | a page of the comments of people beside their ratings; for supervisors | `supervision` |
//! | `POST /v1/supervision/comments/{id}/handled` | nothing; a supervisor has read a comment | `supervision` |
//! | `GET /v1/supervision/audit?…` | a page of the audit trail, or a file of it; for supervisors and auditors | `supervision` |
//! | `GET /v1/policy?before=` | a page of the versions of the policy, newest first; this and the next eight for administrators | `policy` |
//! | `GET /v1/policy/versions/{number}` | one version with its document and how it differs from the one before | `policy` |
//! | `POST /v1/policy/preview` | what a draft would change, or where it is wrong; nothing is stored | `policy` |
//! | `POST /v1/policy/versions` | a version, published or proposed to a second person | `policy` |
//! | `POST /v1/policy/versions/{number}/approve` | the version, published | `policy` |
//! | `POST /v1/policy/versions/{number}/withdraw` | the version, taken back before it is in force | `policy` |
//! | `POST /v1/policy/closing` | a version that closes the service from now on | `policy` |
//! | `POST /v1/policy/opening` | a version that opens it again | `policy` |
//! | `POST /v1/policy/banner` | a version with another banner, or with none | `policy` |
//! | `POST /v1/policy/answers` | a proposed answer of the assistant, from an advisor | `policy` |
//! | `POST /v1/policy/answers/{id}/settled` | the proposal deleted | `policy` |
//! | `GET /v1/data-protection/due` | how much the rules would erase tonight; this and the next six for the data protection officer | `data_protection` |
//! | `GET /v1/data-protection/erasures` | the proofs of erasures, newest first | `data_protection` |
//! | `POST /v1/data-protection/erasures` | the proof: everything about a person is erased | `data_protection` |
//! | `POST /v1/data-protection/exports?format=&before=&lang=` | everything about a person | `data_protection` |
//! | `GET /v1/data-protection/holds` | the legal holds | `data_protection` |
//! | `POST /v1/data-protection/holds` | a hold: nothing about a person is erased | `data_protection` |
//! | `POST /v1/data-protection/holds/{id}/release` | nothing; the hold is released | `data_protection` |
//! | `POST /v1/linea-inps/updates` | nothing; an update signed by Linea INPS is stored | `segnalazioni` |
//! | `GET /console` | the console on the service's own origin, where the staff sign in with OpenID Connect | `staff` |
//! | `GET /v1/staff/sign-in` | a redirect to the provider, or a page that says why not | `staff` |
//! | `GET /v1/staff/callback` | a redirect to the console, or a page that says why not | `staff` |
//! | `POST /v1/staff/token` | a token of the session for the console, which presents it for a ticket | `staff` |
//! | `POST /v1/staff/sign-out` | a page; the session has ended | `staff` |
//! | `POST /v1/staff/backchannel-logout` | nothing; the provider says that sessions have ended | `staff` |
//! | `GET`, `POST /chat`, `/chat/…` | the conversation as pages without scripts; its routes are [`route::Plain`] | `plain_pages` |
//! | `GET /figures`, `/figures/…` | open figures as a page, CSV, JSON, and their metadata as JSON-LD and Turtle; for everybody | `open_figures` |
//! | `GET /problems/{code}` | the meaning of a problem's `type` | `health` |
//! | `GET /.well-known/security.txt` | where weaknesses are reported (RFC 9116), if the settings say it; for everybody | `security_txt` |
//! | `GET`, `PUT /test/clock` | the service's instant; these and the next three only with the feature `test-clock` | `test_endpoints` |
//! | `GET /test/register`, `GET /test/segnalazioni` | the rows of the register; the view of supervisors | `test_endpoints` |
//! | `POST /test/conversations/{id}/fail` | never, or nothing: the object fails on purpose | `test_endpoints` |
//! | `OPTIONS …` | leave for pages of allowed origins to send | `shell::http::cors` |
//! | `GET /…` | the files of the site: loaders, widget, console, fonts; compressed where the client accepts that | `site` |
//!
//! Every answer but files, pages, availability, open figures and `security.txt` is sent with `Cache-Control: no-store`; errors
//! are problem documents (RFC 9457).
//!
//! Modules are in reading order. Everything but [`shell`] compiles and is tested on the host.

#![warn(missing_docs)]

pub mod log;
pub mod metrics;
pub mod problem;
pub mod readiness;
pub mod route;
pub mod settings;
pub mod uncounted;

pub mod auth;
pub mod http;
pub mod outbound;

pub mod sql;
pub mod store;

pub mod actors;

#[cfg(target_arch = "wasm32")]
mod shell;

/// The version of the service.
pub const VERSION: &str = if cfg!(feature = "next-version") {
    concat!(env!("CARGO_PKG_VERSION"), "+next")
} else {
    env!("CARGO_PKG_VERSION")
};

#[cfg(all(feature = "next-version", not(feature = "test-clock")))]
compile_error!("a version to come is rehearsed with the clock of tests, which no release has");
