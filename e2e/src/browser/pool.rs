// SPDX-License-Identifier: EUPL-1.2
//! A pool of browsers: a process is leased to one test at a time and reset between two of them.
//!
//! Starting one takes seconds of both cores, and most tests need two. A browser returns only from a test that passed; it is
//! reset at once, while other tests run, and ended if that fails.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::{
    Scripts,
    process::{Process, aside},
};
use crate::error::Error;

/// A fresh browser: an idle one, one that is being reset, or a new one.
pub(super) async fn lease() -> Result<Process, Error> {
    loop {
        // Registered before the check, so that no notification is missed.
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
    // Boxed, because the futures of tests contain this one.
    let mut process = Box::pin(Process::start(Scripts::Run)).await?;
    // The first test gets the same kind of context as later ones.
    Box::pin(process.reset()).await?;
    Ok(process)
}

/// Takes back the browser of a test that passed.
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
    /// Number of browsers being reset.
    resetting: usize,
    /// Number of tests that wait for one of those.
    waiting: usize,
}

fn pool() -> MutexGuard<'static, Pool> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}

static POOL: Mutex<Pool> = Mutex::new(Pool { ready: Vec::new(), resetting: 0, waiting: 0 });
static CHANGED: Notify = Notify::const_new();

/// Largest number of idle browsers.
const MOST: usize = 8;
