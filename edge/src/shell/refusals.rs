// SPDX-License-Identifier: EUPL-1.2
//! Refusals at the entrance, on their way to the register.
//!
//! An endpoint notes a refusal; the Worker notifies the register once the answer is on its way. An answer is never delayed or
//! failed by that: a refusal of which the register could not be notified is not counted.

use std::cell::RefCell;

use ::worker::{Context, Env};

use super::rpc::{self, CountRefused};
use crate::{problem::Error, store::Refused};

thread_local! {
    static NOTED: RefCell<Vec<Refused>> = const { RefCell::new(Vec::new()) };
}

/// Somebody was refused.
pub(crate) fn note(refused: Refused) {
    NOTED.with_borrow_mut(|noted| noted.push(refused));
}

/// Tells the register of all that were noted, after the answer.
pub(crate) fn tell_register(env: &Env, context: &Context) {
    let refused = NOTED.take();
    if refused.is_empty() {
        return;
    }
    let env = env.clone();
    context.wait_until(async move {
        let told: Result<(), Error> =
            async { rpc::call(&rpc::register(&env)?, &CountRefused { refused }).await }.await;
        if let Err(failure) = told {
            ::worker::console_error!("refusals not counted: {failure:?}");
        }
    });
}
