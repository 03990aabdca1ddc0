// SPDX-License-Identifier: EUPL-1.2
//! Browsers that wait for the next story: a process is leased to one story at a time and reset between two of them.
//!
//! Starting one takes seconds of both cores, and most stories need two. A browser comes back here only from a story that
//! passed; it is reset at once, while other stories go on, and thrown away if that fails.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::{
    Scripts,
    process::{Process, aside},
};
use crate::error::Error;

/// A browser as good as new: one that waits, or one that is being reset, or else one more.
pub(super) async fn lease() -> Result<Process, Error> {
    loop {
        // From here on no change is missed.
        let changed = CHANGED.notified();
        {
            let mut pool = pool();
            if let Some(process) = pool.ready.pop() {
                return Ok(process);
            }
            if pool.resetting <= pool.waiting {
                break;
            }
            pool.waiting += 1;
        }
        changed.await;
        pool().waiting -= 1;
    }
    // On the heap, because stories keep what they await within themselves.
    let mut process = Box::pin(Process::start(Scripts::Run)).await?;
    // The first story gets the same kind of context as those that follow.
    Box::pin(process.reset()).await?;
    Ok(process)
}

/// Takes back a browser whose story has passed.
pub(super) fn give_back(mut process: Process) {
    pool().resetting += 1;
    let resetting = async move {
        let reset = process.reset().await;
        let mut pool = pool();
        pool.resetting -= 1;
        if reset.is_ok() && pool.ready.len() < MOST {
            pool.ready.push(process);
        }
        drop(pool);
        CHANGED.notify_waiters();
    };
    if aside(resetting).is_err() {
        pool().resetting -= 1;
    }
}

struct Pool {
    ready: Vec<Process>,
    /// How many will be ready soon.
    resetting: usize,
    /// How many stories wait for one of those.
    waiting: usize,
}

fn pool() -> MutexGuard<'static, Pool> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}

static POOL: Mutex<Pool> = Mutex::new(Pool { ready: Vec::new(), resetting: 0, waiting: 0 });
static CHANGED: Notify = Notify::const_new();

/// So many browsers wait at most.
const MOST: usize = 8;
