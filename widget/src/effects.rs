// SPDX-License-Identifier: EUPL-1.2
//! Scheduling: effects that run at a change of a signal, before the next paint, after layout or after a time.

use std::{any::Any, time::Duration};

use leptos::prelude::{RenderEffect, StoredValue, TimeoutHandle, set_timeout_with_handle, untrack};
use wasm_bindgen_futures::spawn_local;

/// Runs a function now, and again whenever a signal it read has changed, until the current owner is disposed. An `Effect` would
/// run for the first time only after the current task, too late for positions that are measured before the next entry is added.
pub(crate) fn follow(run: impl FnMut() + 'static) {
    fn follow(mut run: Box<dyn FnMut()>) {
        keep(RenderEffect::new(move |_: Option<()>| run()));
    }
    follow(Box::new(run));
}

/// Drops a value when the current owner is disposed. Its type is erased, because Leptos compiles its arena once for each type.
pub(crate) fn keep(kept: impl Any) {
    fn keep(kept: Box<dyn Any>) {
        StoredValue::new_local(kept);
    }
    keep(Box::new(kept));
}

/// Runs a function now, and again whenever a key has changed. Signals that the function itself reads are not followed.
pub(crate) fn on_change<K: PartialEq + 'static>(key: impl Fn() -> K + 'static, run: impl Fn() + 'static) {
    let mut before = None;
    follow(move || {
        let now = Some(key());
        if before != now {
            before = now;
            untrack(&run);
        }
    });
}

/// Runs a function in the next task, after the page has been laid out.
pub(crate) fn after_layout(run: impl FnOnce() + 'static) {
    after(Duration::ZERO, run);
}

/// Runs a function after a time.
pub(crate) fn after(wait: Duration, run: impl FnOnce() + 'static) {
    let _runs_in_any_case = time_out(wait, Box::new(run));
}

/// Runs a function after a time, unless the handle is cleared before. The closure is boxed, because its conversion into a
/// function of JavaScript is compiled once for each type.
pub(crate) fn time_out(wait: Duration, run: Box<dyn FnOnce()>) -> Option<TimeoutHandle> {
    set_timeout_with_handle(run, wait).ok()
}

/// Runs a function in a microtask: after the current task has put its elements on the page, before the next paint.
pub(crate) fn before_paint(run: impl FnOnce() + 'static) {
    fn before_paint(run: Box<dyn FnOnce()>) {
        spawn_local(async move { run() });
    }
    before_paint(Box::new(run));
}
