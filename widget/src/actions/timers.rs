// SPDX-License-Identifier: EUPL-1.2
//! A time-out that can be set again.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::prelude::TimeoutHandle;

use crate::effects::time_out;

/// One time-out. Setting it again cancels the one before. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Timer(Rc<Cell<Option<TimeoutHandle>>>);

impl Timer {
    pub(super) fn set(&self, wait: Duration, run: impl Fn() + 'static) {
        self.stop();
        self.0.set(time_out(wait, Box::new(run)));
    }

    pub(super) fn stop(&self) {
        if let Some(earlier) = self.0.take() {
            earlier.clear();
        }
    }
}
