// SPDX-License-Identifier: EUPL-1.2
//! The counters of this isolate. Counting is an addition in memory: nothing is stored, sent or awaited for it.

use std::cell::Cell;

use infocig_protocol::time::Timestamp;

use super::clock;
use crate::metrics::{Counters, Metric, exposition::Samples};

thread_local! {
    static COUNTERS: Counters = Counters::default();
    static BEGAN: Cell<Option<Timestamp>> = const { Cell::new(None) };
}

/// Counts one of a metric, under the values of its labels.
pub(crate) fn count(metric: &'static Metric, labels: &[&'static str]) {
    COUNTERS.with(|counters| counters.count(metric, labels));
}

/// Notes a length of time of a histogram.
pub(crate) fn observe(metric: &'static Metric, labels: &[&'static str], millis: i64) {
    COUNTERS.with(|counters| counters.observe(metric, labels, millis));
}

/// Counts messages that were stored.
pub(crate) fn messages_stored(number: u32) {
    COUNTERS.with(|counters| counters.messages_stored(number));
}

/// Every count so far.
pub(crate) fn samples() -> Samples {
    COUNTERS.with(Counters::samples)
}

/// When this isolate had its first request, by the wall clock.
pub(crate) fn began() -> Timestamp {
    let began = BEGAN.get().unwrap_or_else(clock::wall);
    BEGAN.set(Some(began));
    began
}
