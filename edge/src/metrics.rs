// SPDX-License-Identifier: EUPL-1.2
//! Metrics: numbers about the running service for whoever operates it, as `GET /metrics` shows them.
//!
//! - [`declared`] is the one list of them; `docs/observability.md` has a row for each.
//! - [`Counters`] are those in the memory of an isolate: they begin at nothing with the process, which Prometheus expects of
//!   a counter. Their labels are words of this program (`&'static str`), so that nothing somebody wrote can become one.
//! - [`ObjectMetrics`] are those that desks, the register and the connector are asked for at each scrape. Conversations are
//!   never asked: there is one for each person, and asking would wake them all.
//! - [`exposition`] writes both as text.

pub mod counters;
pub mod declared;
pub mod exposition;
pub mod objects;

pub use self::{
    counters::Counters,
    declared::{METRICS, Metric},
    objects::{AuditMetrics, ObjectMetrics, OutboxMetrics, QueueMetrics, SegnalazioniMetrics},
};
