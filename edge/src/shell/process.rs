// SPDX-License-Identifier: EUPL-1.2
//! The process this runs in: the objects that have woken in it, whether it is about to end, whether it can store, and how many
//! messages it gave up.
//!
//! All of it lives in the memory of the isolate, and is about nothing else. On workerd one process is one isolate, so that
//! every object that has links is known here; an instance that was replaced after a trap knows only those that woke since, and
//! the links of the others end with the process.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};

use ::worker::Env;
use infocig_protocol::{problem::Code, time::Timestamp};

use super::{
    clock, log, refusals,
    rpc::{self, Probe, Restart},
    text_binding,
};
use crate::{
    problem::{Error, Fault, Refusal},
    readiness::{AlarmWatch, State},
};

/// An object that can be called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Awake {
    /// The conversation object with that id.
    Conversation(String),
    /// The desk of that queue.
    Desk(String),
    /// The connector to Linea INPS.
    LineaInps,
    /// The policy.
    Policy,
}

thread_local! {
    static AWAKE: RefCell<BTreeSet<Awake>> = const { RefCell::new(BTreeSet::new()) };
    static DEAD_LETTERS: Cell<u64> = const { Cell::new(0) };
    static ENDING: Cell<bool> = const { Cell::new(false) };
    static PROBED: RefCell<Option<(Timestamp, Result<AlarmWatch, Fault>)>> = const { RefCell::new(None) };
}

/// Notes that an object has woken.
pub(crate) fn woke(object: Awake) {
    AWAKE.with_borrow_mut(|awake| awake.insert(object));
}

/// Every object that has woken, conversations first.
pub(crate) fn awake() -> Vec<Awake> {
    AWAKE.with_borrow(|awake| awake.iter().cloned().collect())
}

/// Counts a message of an outbox that was given up.
pub(crate) fn count_dead_letter() {
    DEAD_LETTERS.set(DEAD_LETTERS.get().saturating_add(1));
}

/// How many messages were given up since the process began.
pub(crate) fn dead_letters() -> u64 {
    DEAD_LETTERS.get()
}

/// Whether the process is about to end: no link is opened any more, and none waits.
pub(crate) fn is_ending() -> bool {
    ENDING.get()
}

/// The refusal of requests while the process is about to end.
pub(crate) fn ending() -> Refusal {
    Refusal::new(Code::Restarting, "the service restarts: try again in a second")
}

/// Whether a request came by the socket that only the program that runs the process can reach (`edge/entry.js`).
pub(crate) fn is_its_runner(env: &Env) -> bool {
    text_binding(env, "RUNNER").is_some()
}

/// The process is about to end: every link is asked to reconnect.
pub(crate) async fn end(env: &Env) {
    ENDING.set(true);
    refusals::report(env).await;
    let has_links = |object: &Awake| matches!(object, Awake::Conversation(_) | Awake::Desk(_));
    for object in awake().into_iter().filter(has_links) {
        if let Err(fault) = rpc::call_awake(env, &object, &Restart {}).await {
            // The other links are asked all the same.
            log::error("ending", &format!("an object was not told that the process ends: {fault}"));
        }
    }
}

/// How many objects of each class have woken.
pub(crate) fn woken() -> [(&'static str, u64); 4] {
    let mut woken = [("conversation", 0), ("desk", 0), ("linea-inps", 0), ("policy", 0)];
    AWAKE.with_borrow(|awake| {
        for object in awake {
            let place = match object {
                Awake::Conversation(_) => 0,
                Awake::Desk(_) => 1,
                Awake::LineaInps => 2,
                Awake::Policy => 3,
            };
            if let Some((_, number)) = woken.get_mut(place) {
                *number += 1;
            }
        }
    });
    woken
}

/// Whether something can be stored, as of the last seconds: the register writes the time down and reads it again. The answer is
/// what it knows of alarms.
pub(crate) async fn probe(env: &Env) -> Result<AlarmWatch, Fault> {
    let now = clock::wall();
    let known = PROBED.with_borrow(Clone::clone);
    let is_true = |(asked, found): &(Timestamp, Result<AlarmWatch, Fault>)| {
        let waits = found.as_ref().is_ok_and(|alarms| alarms.state(now) == State::Waiting);
        let true_for_ms = if waits { WAITS_FOR_MS } else { TRUE_FOR_MS };
        now.as_millis() - asked.as_millis() < true_for_ms
    };
    if let Some((_, known)) = known.filter(is_true) {
        return known;
    }
    let probed = match rpc::register(env) {
        Ok(register) => rpc::call(&register, &Probe { at: now }).await,
        Err(fault) => Err(fault.into()),
    };
    let found = probed.map_err(|error| match error {
        Error::Fault(fault) => fault,
        Error::Refused(refusal) => Fault::Store(refusal.detail),
    });
    PROBED.set(Some((now, found.clone())));
    found
}

/// Anybody may ask, so that not every question is a write.
const TRUE_FOR_MS: i64 = 2_000;
/// The same while an alarm is awaited.
const WAITS_FOR_MS: i64 = 200;
