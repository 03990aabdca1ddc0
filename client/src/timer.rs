// SPDX-License-Identifier: EUPL-1.2
//! One timer of the window.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen::{JsCast, closure::Closure};

use crate::{clock::now, machine::Millis};

/// A timer that rings at most once for each time it is set, and not after it is dropped.
#[derive(Default)]
pub struct Timer(Rc<Cell<Option<i32>>>);

impl Timer {
    /// Calls `ring` at that time instead of any earlier call.
    pub fn set(&self, at: Millis, ring: impl FnOnce() + 'static) {
        self.stop();
        let set = self.0.clone();
        let ring = Closure::once_into_js(move || {
            set.set(None);
            ring();
        });
        let wait = i32::try_from((at - now()).max(0)).unwrap_or(i32::MAX);
        let timer = web_sys::window().and_then(|window| {
            window.set_timeout_with_callback_and_timeout_and_arguments_0(ring.unchecked_ref(), wait).ok()
        });
        self.0.set(timer);
    }

    /// Calls nothing any more.
    pub fn stop(&self) {
        if let (Some(timer), Some(window)) = (self.0.take(), web_sys::window()) {
            window.clear_timeout_with_handle(timer);
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.stop();
    }
}
