// SPDX-License-Identifier: EUPL-1.2
//! One alarm per object: it only ever moves earlier, and the handler arms the next one last.

use std::cell::Cell;

use ::worker::{Response, State};
use infocig_protocol::time::Timestamp;

use crate::{problem::Fault, shell::clock};

/// Remembers the instant of the object's alarm, so that arming it again costs nothing.
#[derive(Default)]
pub(super) struct Alarm {
    armed: Cell<Option<Timestamp>>,
}

impl Alarm {
    /// Makes sure the object wakes at `instant` (of the wall clock) or before.
    pub(super) async fn wake_by(&self, instant: Option<Timestamp>, state: &State) -> Result<(), Fault> {
        let Some(instant) = instant else { return Ok(()) };
        if self.is_set() && self.armed.get().is_some_and(|armed| armed <= instant) {
            return Ok(());
        }
        self.armed.set(Some(instant));
        // An instant that is not in the future may be lost when set from inside the handler.
        let wait = (instant.as_millis() - clock::wall().as_millis()).max(1);
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place, and the integer is meant as an offset"
        )]
        let result = state.storage().set_alarm(wait).await;
        if result.is_err() {
            self.armed.set(None);
        }
        Ok(result?)
    }

    /// Whether the alarm is known to be set, and has not gone off unnoticed.
    pub(super) fn is_set(&self) -> bool {
        let lost = clock::wall().plus_millis(-LATE_MS);
        self.armed.get().is_some_and(|armed| armed > lost)
    }

    /// The alarm has gone off. Returns by how many milliseconds it was late, where its instant is still known.
    pub(super) fn rang(&self) -> Option<i64> {
        self.armed.take().map(|armed| clock::wall().as_millis() - armed.as_millis())
    }
}

/// The answer to the platform. An error has it ring the alarm again, after a pause that doubles; where the object could arm an
/// alarm of its own, that one counts.
pub(super) fn rung(rung: Result<(), Fault>) -> ::worker::Result<Response> {
    match rung {
        Ok(()) => Response::empty(),
        Err(fault) => Err(::worker::Error::RustError(fault.to_string())),
    }
}

/// An alarm so long past was lost: it counts as not set.
pub(super) const LATE_MS: i64 = 5_000;
