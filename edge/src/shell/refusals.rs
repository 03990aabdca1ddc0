// SPDX-License-Identifier: EUPL-1.2
//! Refusals at the entrance, on their way to the register.
//!
//! An endpoint notes a refusal; the Worker reports it to the register once the answer is on its way, and again after each later request
//! until the register has counted it. An answer is never delayed or failed by that. [`Uncounted`] says what can be lost.

use std::cell::{OnceCell, RefCell};

use ::worker::{Context, Env};

use super::{
    clock, log, random,
    rpc::{self, CountRefused},
};
use crate::{problem::Error, store::Refused, uncounted::Uncounted};

thread_local! {
    static UNCOUNTED: RefCell<Uncounted> = RefCell::default();
    static SOURCE: OnceCell<String> = const { OnceCell::new() };
}

/// Somebody was refused.
pub(crate) fn note(refused: Refused) {
    UNCOUNTED.with_borrow_mut(|uncounted| uncounted.note(refused));
}

/// How many are not known to be counted, and how many were not kept.
pub(crate) fn uncounted() -> (usize, u64) {
    UNCOUNTED.with_borrow(|uncounted| (uncounted.waiting(), uncounted.lost()))
}

/// Reports to the register all that were noted, after the answer.
pub(crate) fn tell_register(env: &Env, context: &Context) {
    if uncounted().0 > 0 {
        let env = env.clone();
        context.wait_until(async move { report(&env).await });
    }
}

/// Reports to the register all that were noted, unless that is under way.
pub(crate) async fn report(env: &Env) {
    while let Some(batch) = UNCOUNTED.with_borrow_mut(|uncounted| uncounted.begin(clock::wall())) {
        let number = batch.number;
        let told: Result<(), Error> = async {
            let call = CountRefused { source: source()?, number, refused: batch.refused };
            rpc::call(&rpc::register(env)?, &call).await
        }
        .await;
        UNCOUNTED.with_borrow_mut(|uncounted| uncounted.ended(number, told.is_ok()));
        if let Err(failure) = told {
            let reason = match failure {
                Error::Fault(fault) => fault.to_string(),
                Error::Refused(refusal) => refusal.detail,
            };
            log::error("refusals", &format!("refusals not counted yet: {reason}"));
            return;
        }
    }
}

/// The name under which this process numbers its batches.
fn source() -> Result<String, Error> {
    SOURCE.with(|source| {
        if let Some(name) = source.get() {
            return Ok(name.clone());
        }
        let name = format!("front:{}", random::name()?);
        Ok(source.get_or_init(|| name).clone())
    })
}
