// SPDX-License-Identifier: EUPL-1.2
//! The log of this isolate: [`crate::log`] writes its lines, the platform's console takes them.

use super::{clock, counters};
use crate::{
    log::{self, Answered, Level, Trace},
    metrics::declared,
    problem::Fault,
};

/// A request was answered.
pub(crate) fn request(answered: &Answered<'_>) {
    ::worker::console_log!("{}", log::request(answered, clock::wall()));
}

/// The service failed.
pub(crate) fn fault(fault: &Fault) {
    failed(fault, None);
}

/// The service failed in a request.
pub(crate) fn fault_in(trace: &Trace, fault: &Fault) {
    failed(fault, Some(&trace.request_id));
}

fn failed(fault: &Fault, request_id: Option<&str>) {
    counters::count(&declared::FAULTS, &[]);
    let line = log::event(Level::Error, "fault", &fault.to_string(), request_id, clock::wall());
    ::worker::console_error!("{line}");
}

/// Something was not done, and is done again or later.
pub(crate) fn error(event: &'static str, reason: &str) {
    ::worker::console_error!("{}", log::event(Level::Error, event, reason, None, clock::wall()));
}

/// Something works, and somebody should know of it.
pub(crate) fn warn(event: &'static str, reason: &str) {
    ::worker::console_warn!("{}", log::event(Level::Warn, event, reason, None, clock::wall()));
}
