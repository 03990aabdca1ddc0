// SPDX-License-Identifier: EUPL-1.2
//! How busy desks are, as far as the front knows.
//!
//! Thousands may ask whether the service is open while one desk answers: what a desk said is believed for a second, and while
//! it is asked again everybody else goes by what it said before. A desk that does not answer in time counts as bearable: the
//! rules of who may enter do not depend on it.

use std::{cell::RefCell, collections::BTreeMap, future::poll_fn, pin::pin, task::Poll, time::Duration};

use ::worker::{Delay, Env};
use infocig_domain::admission::Load;
use infocig_protocol::{id::QueueId, person::Category, time::Timestamp};

use super::{clock, desk_object::LoadAnswer, objects};
use crate::{problem::Fault, settings::Settings};

#[derive(Clone, Copy)]
struct Known {
    load: Load,
    /// When it was asked, by the wall clock.
    asked: Timestamp,
}

thread_local! {
    static KNOWN: RefCell<BTreeMap<QueueId, Known>> = const { RefCell::new(BTreeMap::new()) };
}

/// The load of the desk that serves a category.
pub(super) async fn of_desk(env: &Env, settings: &Settings, category: Category) -> Load {
    let Some(queue) = settings.policy.queue_for(category) else { return Load::Bearable };
    let now = clock::wall();
    let known = KNOWN.with_borrow(|known| known.get(queue).copied());
    if let Some(known) =
        known.filter(|known| now < known.asked.plus_millis(BELIEVED_MS) && now >= known.asked)
    {
        return known.load;
    }
    let note = |load| KNOWN.with_borrow_mut(|known| known.insert(queue.clone(), Known { load, asked: now }));
    note(known.map_or(Load::Bearable, |known| known.load));
    let load = ask(env, queue).await.unwrap_or_else(|fault| {
        ::worker::console_error!("the desk {queue} does not say how busy it is: {fault}");
        Load::Bearable
    });
    note(load);
    load
}

async fn ask(env: &Env, queue: &QueueId) -> Result<Load, Fault> {
    let desk = objects::by_name(env, objects::DESK, queue.as_str())?;
    let mut answer = pin!(objects::ask::<LoadAnswer>(&desk, "/load", &()));
    let mut late = pin!(Delay::from(TIMEOUT));
    let answer = poll_fn(|context| match answer.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(answer),
        Poll::Pending => late.as_mut().poll(context).map(|()| Err(Fault::Platform("not in time".into()))),
    });
    let LoadAnswer { full } = answer.await?;
    Ok(if full { Load::QueueFull } else { Load::Bearable })
}

const BELIEVED_MS: i64 = 1_000;
const TIMEOUT: Duration = Duration::from_secs(2);
