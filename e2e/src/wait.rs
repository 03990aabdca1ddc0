// SPDX-License-Identifier: EUPL-1.2
//! Waiting for a condition instead of a time: check, pause, check again, until the deadline.

use std::{fmt::Display, time::Duration};

use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::error::Error;

/// Long enough for a loaded machine; a passing test never waits so long.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The time limit of the start of a program: its files may have to come from a disk that builds keep busy.
pub const START: Duration = Duration::from_mins(1);

/// Calls `look` until it returns a value, for at most [`PATIENCE`].
pub async fn until<T>(what: impl Display, look: impl AsyncFnMut() -> Option<T>) -> Result<T, Error> {
    until_within(PATIENCE, what, look).await
}

/// Calls `look` until it returns a value: a program has started. For at most [`START`].
pub async fn until_started<T>(what: impl Display, look: impl AsyncFnMut() -> Option<T>) -> Result<T, Error> {
    until_within(START, what, look).await
}

/// Calls `look` until it returns a value, for at most that long: for what has pauses of its own.
pub async fn until_within<T>(
    limit: Duration,
    what: impl Display,
    look: impl AsyncFnMut() -> Option<T>,
) -> Result<T, Error> {
    let mut look = look;
    let deadline = Instant::now() + limit;
    // `look` itself may take long or never return.
    while let Ok(seen) = timeout_at(deadline, look()).await {
        if let Some(seen) = seen {
            return Ok(seen);
        }
        if Instant::now() > deadline {
            break;
        }
        sleep(LOOK_EVERY).await;
    }
    Err(late(what, limit))
}

/// Waits for one event, for at most [`PATIENCE`].
pub async fn within_patience<T>(what: impl Display, event: impl Future<Output = T>) -> Result<T, Error> {
    timeout(PATIENCE, event).await.map_err(|_| late(what, PATIENCE))
}

fn late(what: impl Display, limit: Duration) -> Error {
    Error::new(format!("{what}: not within {} seconds", limit.as_secs()))
}

const LOOK_EVERY: Duration = Duration::from_millis(40);
