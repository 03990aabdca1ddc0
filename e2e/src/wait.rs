// SPDX-License-Identifier: EUPL-1.2
//! Waiting for a condition, never for a time: look, pause a little, look again, until the deadline.

use std::{fmt::Display, time::Duration};

use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::error::Error;

/// Long enough for a loaded machine; a test that passes never waits for it.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Looks until there is something to see, for at most [`PATIENCE`].
pub async fn until<T>(what: impl Display, look: impl AsyncFnMut() -> Option<T>) -> Result<T, Error> {
    let mut look = look;
    let deadline = Instant::now() + PATIENCE;
    // Whatever is looked at may answer late, or never.
    while let Ok(seen) = timeout_at(deadline, look()).await {
        if let Some(seen) = seen {
            return Ok(seen);
        }
        if Instant::now() > deadline {
            break;
        }
        sleep(LOOK_EVERY).await;
    }
    Err(late(what))
}

/// Waits for one event, for at most [`PATIENCE`].
pub async fn within_patience<T>(what: impl Display, event: impl Future<Output = T>) -> Result<T, Error> {
    timeout(PATIENCE, event).await.map_err(|_| late(what))
}

fn late(what: impl Display) -> Error {
    Error::new(format!("{what}: not within {} seconds", PATIENCE.as_secs()))
}

const LOOK_EVERY: Duration = Duration::from_millis(40);
