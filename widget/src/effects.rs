// SPDX-License-Identifier: EUPL-1.2
//! When something is done: at once when a value changes, before the page is painted, or after it was laid out.

use std::{any::Any, time::Duration};

use leptos::prelude::{RenderEffect, StoredValue, TimeoutHandle, set_timeout_with_handle, untrack};
use wasm_bindgen_futures::spawn_local;

/// Runs something now, and again whenever a signal it read has changed, for as long as the current owner lives. An `Effect`
/// would run first when everything else has, which is too late for what is measured before the next entry comes.
pub(crate) fn follow(run: impl FnMut() + 'static) {
    fn follow(mut run: Box<dyn FnMut()>) {
        keep(RenderEffect::new(move |_: Option<()>| run()));
    }
    follow(Box::new(run));
}

/// Keeps something until the current owner ends, and drops it then. Its type is erased: arenas for one kind of value each are
/// code of their own.
pub(crate) fn keep(kept: impl Any) {
    fn keep(kept: Box<dyn Any>) {
        StoredValue::new_local(kept);
    }
    keep(Box::new(kept));
}

/// Runs something now, and again whenever a key has changed. Signals read besides are not followed.
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

/// Does something once the page has been laid out.
pub(crate) fn after_layout(run: impl FnOnce() + 'static) {
    after(Duration::ZERO, run);
}

/// Does something after a time.
pub(crate) fn after(wait: Duration, run: impl FnOnce() + 'static) {
    let _runs_in_any_case = time_out(wait, Box::new(run));
}

/// Does something after a time, unless the handle is cleared before. Without the type of the closure: the conversion of one into
/// a function of JavaScript is compiled once.
pub(crate) fn time_out(wait: Duration, run: Box<dyn FnOnce()>) -> Option<TimeoutHandle> {
    set_timeout_with_handle(run, wait).ok()
}

/// Does something once the code that runs now has put everything in its place, and before the page is painted.
pub(crate) fn before_paint(run: impl FnOnce() + 'static) {
    fn before_paint(run: Box<dyn FnOnce()>) {
        spawn_local(async move { run() });
    }
    before_paint(Box::new(run));
}
