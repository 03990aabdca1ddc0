// SPDX-License-Identifier: EUPL-1.2
//! The load of desks, as the front knows it.
//!
//! Thousands may ask whether the service is open while one desk answers: an answer of a desk is cached for a second, and while
//! it is asked again everybody else gets the answer before. A desk that does not answer in time counts as bearable: the
//! rules of admission do not depend on it.

use std::{cell::RefCell, collections::BTreeMap, pin::pin, time::Duration};

use ::worker::{Delay, Env};
use futures_util::future::{Either, select};
use infocig_domain::{admission::Load, policy::QueueAddress};
use infocig_protocol::{
    id::{DeskId, QueueId},
    person::Category,
    time::Timestamp,
};

use crate::{
    problem::{Error, Fault},
    settings::Settings,
    shell::{
        clock, log,
        rpc::{self, AskLoad, DeskLoad},
    },
};

#[derive(Clone, Copy)]
struct Known {
    load: Load,
    /// When it was asked, by the wall clock.
    asked: Timestamp,
}

thread_local! {
    static KNOWN: RefCell<BTreeMap<QueueId, Known>> = const { RefCell::new(BTreeMap::new()) };
}

/// The load of the queue that serves a category.
pub(super) async fn of_category(env: &Env, settings: &Settings, category: Category) -> Load {
    let Some(queue) = settings.policy.queue_for(category) else { return Load::Bearable };
    let now = clock::wall();
    let QueueAddress { queue, desk } = queue.address();
    let known = KNOWN.with_borrow(|known| known.get(&queue).copied());
    if let Some(known) =
        known.filter(|known| now < known.asked.plus_millis(BELIEVED_MS) && now >= known.asked)
    {
        return known.load;
    }
    let note = |load| KNOWN.with_borrow_mut(|known| known.insert(queue.clone(), Known { load, asked: now }));
    note(known.map_or(Load::Bearable, |known| known.load));
    let load = ask(env, &desk, &queue).await.unwrap_or_else(|fault| {
        log::error("desk-load", &format!("the desk {desk} does not say how busy {queue} is: {fault}"));
        Load::Bearable
    });
    note(load);
    load
}

async fn ask(env: &Env, desk: &DeskId, queue: &QueueId) -> Result<Load, Fault> {
    let desk = rpc::desk(env, desk)?;
    let question = AskLoad { queue: queue.clone() };
    let answer = pin!(rpc::call(&desk, &question));
    match select(answer, pin!(Delay::from(TIMEOUT))).await {
        Either::Left((Ok(DeskLoad { full, unstaffed, since }), _)) => Ok(match (full, unstaffed) {
            (true, _) => Load::QueueFull,
            (false, true) => Load::Unstaffed { since },
            (false, false) => Load::Bearable,
        }),
        Either::Left((Err(Error::Fault(fault)), _)) => Err(fault),
        Either::Left((Err(Error::Refused(refusal)), _)) => Err(Fault::Platform(refusal.detail)),
        Either::Right(_) => Err(Fault::Platform("not in time".into())),
    }
}

const BELIEVED_MS: i64 = 1_000;
const TIMEOUT: Duration = Duration::from_secs(2);
