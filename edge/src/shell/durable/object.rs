// SPDX-License-Identifier: EUPL-1.2
//! The part that every Durable Object has: its actor, its alarm, and the delivery of its outbox.
//!
//! Messages of the outbox leave from the alarm alone: one path, which survives a crash and is tried again by itself.

use std::{
    cell::{Cell, Ref, RefCell},
    collections::BTreeSet,
    pin::pin,
    time::Duration,
};

use ::worker::{Delay, Env, Request, Response, State};
use futures_util::{
    StreamExt,
    future::{Either, select},
    stream::FuturesUnordered,
};
use infocig_protocol::time::Timestamp;

use super::alarm::{Alarm, LATE_MS};
use crate::{
    actors::{Actor, actor::alarm_outcome},
    metrics::{ObjectMetrics, declared},
    problem::{Error, Fault},
    shell::{
        clock, counters,
        http::replies,
        log, process,
        rpc::{self, Deliver, Delivery, ReadMetrics, answer},
        rules,
    },
    store::OutboxMessage,
};

/// The socket events of a Durable Object that has no links. All events are written out because the platform's defaults panic,
/// and a panic empties every object of the isolate.
macro_rules! without_links {
    () => {
        async fn websocket_message(
            &self,
            _socket: ::worker::WebSocket,
            _message: ::worker::WebSocketIncomingMessage,
        ) -> ::worker::Result<()> {
            Ok(())
        }

        async fn websocket_close(
            &self,
            _socket: ::worker::WebSocket,
            _code: usize,
            _reason: String,
            _was_clean: bool,
        ) -> ::worker::Result<()> {
            Ok(())
        }

        async fn websocket_error(
            &self,
            _socket: ::worker::WebSocket,
            _error: ::worker::Error,
        ) -> ::worker::Result<()> {
            Ok(())
        }
    };
}
pub(super) use without_links;

/// Opens an actor over an object's storage, by the settings and rules of now.
type Open<A> = dyn Fn(&State, &Env) -> Result<A, Fault>;

/// An actor and its alarm.
pub(super) struct Object<A> {
    pub(super) state: State,
    env: Env,
    open: Box<Open<A>>,
    actor: RefCell<Result<A, Fault>>,
    /// The number of the rules that the actor was opened with.
    rules: Cell<u32>,
    pub(super) alarm: Alarm,
}

/// A message of another object's outbox was applied.
pub(super) struct Notified<E> {
    /// Its effects.
    pub(super) effects: E,
    /// Whether it said that other rules are in force.
    pub(super) other_rules: bool,
}

impl<A: Actor> Object<A> {
    /// Opens the actor. One that cannot be opened stays a fault that every event reports.
    pub(super) fn open(
        state: State,
        env: Env,
        open: impl Fn(&State, &Env) -> Result<A, Fault> + 'static,
    ) -> Self {
        clock::start(&env);
        let actor = RefCell::new(open(&state, &env));
        let rules = Cell::new(rules::number());
        Self { state, env, open: Box::new(open), actor, rules, alarm: Alarm::default() }
    }

    /// The actor. Where other rules have come into force since, it is opened anew by them: its memory is only a cache. Nobody
    /// holds it over an `await`, so that there is one at a time.
    pub(super) fn actor(&self) -> Result<Ref<'_, A>, Fault> {
        let rules = rules::number();
        if self.rules.get() != rules
            && let Ok(mut actor) = self.actor.try_borrow_mut()
        {
            *actor = (self.open)(&self.state, &self.env);
            self.rules.set(rules);
        }
        Ref::filter_map(self.actor.borrow(), |actor| actor.as_ref().ok()).map_err(|held| {
            held.as_ref().err().cloned().unwrap_or_else(|| Fault::Platform("an actor that is none".into()))
        })
    }

    /// Applies a message of another object's outbox.
    pub(super) async fn on_notification(&self, request: &mut Request) -> Result<Notified<A::Effects>, Error> {
        let Deliver { source, id, notification } = request.json().await?;
        let other_rules = rules::catch_up(&self.env, &notification).await?;
        let effects = self.actor()?.on_notification(&source, id, &notification, clock::now())?;
        Ok(Notified { effects, other_rules })
    }

    /// Asks which rules are in force, unless that was just asked. Without an answer the object goes on by those it has: work that
    /// is stored does not wait for them.
    pub(super) async fn refresh_rules(&self) {
        if let Err(fault) = rules::refresh(&self.env).await {
            log::fault(&fault);
        }
    }

    /// The alarm has gone off: counts it, and how late it was.
    pub(super) fn rang(&self) {
        let class = &[A::CLASS];
        counters::count(&declared::ALARMS, class);
        if let Some(late_ms) = self.alarm.rang() {
            counters::observe(&declared::ALARM_SECONDS, class, late_ms);
            if late_ms > LATE_MS {
                counters::count(&declared::ALARMS_LATE, class);
            }
        }
    }

    /// Answers with the metrics of the actor and the size of its database.
    pub(super) async fn metrics(
        &self,
        request: &mut Request,
        of_actor: impl FnOnce(&A) -> Result<ObjectMetrics, Fault>,
    ) -> Result<Response, Error> {
        let storage_bytes = u64::try_from(self.state.storage().sql().database_size()).unwrap_or(u64::MAX);
        answer(request, |ReadMetrics {}| Ok(ObjectMetrics { storage_bytes, ..of_actor(&*self.actor()?)? }))
            .await
    }

    /// Deletes everything the object has stored, its alarm too. The next event opens its actor anew.
    pub(super) async fn delete_all(&self) -> Result<(), Fault> {
        self.rules.set(u32::MAX);
        self.alarm.rang();
        Ok(self.state.storage().delete_all().await?)
    }

    /// Does the work that is due by the service's clock, and sends the effects.
    pub(super) fn wake(&self, emit: &impl Fn(A::Effects) -> Result<(), Fault>) -> Result<(), Fault> {
        while let Some(effects) = self.actor()?.wake(clock::now())? {
            emit(effects)?;
        }
        Ok(())
    }

    /// Sends every message of the outbox that is due: one at a time to each destination, destinations side by side. A slow one
    /// delays no other, nor the work that is due by the clock.
    pub(super) async fn deliver_outbox(
        &self,
        emit: &impl Fn(A::Effects) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let source = rpc::id_of(&self.state);
        let mut in_flight = BTreeSet::new();
        let mut deliveries = FuturesUnordered::new();
        loop {
            for message in self.actor()?.outbox().due(clock::wall())? {
                if in_flight.insert(key(&message)) {
                    deliveries.push(self.deliver(&source, message));
                }
            }
            match select(deliveries.next(), pin!(Delay::from(LOOK_UP_EVERY))).await {
                Either::Left((None, _)) => return Ok(()),
                Either::Left((Some((message, delivery)), _)) => {
                    in_flight.remove(&key(&message));
                    self.delivered(&message, delivery, emit)?;
                }
                Either::Right(_) => self.wake(emit)?,
            }
        }
    }

    async fn deliver(&self, source: &str, message: OutboxMessage) -> (OutboxMessage, Delivery) {
        let delivery = rpc::deliver(&self.env, source, &message).await;
        (message, delivery)
    }

    fn delivered(
        &self,
        message: &OutboxMessage,
        delivery: Delivery,
        emit: &impl Fn(A::Effects) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let actor = self.actor()?;
        // A destination is named by its class: the id of a conversation's object is that of a person.
        let (id, to, class) = (message.id, message.destination.class(), &[A::CLASS]);
        let dead = |reason: &str| {
            let sentence = format!("message {id} of a {} to {to} is a dead letter: {reason}", A::CLASS);
            log::error("dead-letter", &sentence);
            counters::count(&declared::DEAD_LETTERS, class);
            process::count_dead_letter();
        };
        match delivery {
            Delivery::Stored => {
                let effects = actor.delivered(message, clock::now())?;
                let delay_ms = clock::now().as_millis() - message.stored_at().as_millis();
                counters::count(&declared::OUTBOX_DELIVERED, class);
                counters::observe(&declared::OUTBOX_SECONDS, class, delay_ms);
                emit(effects)
            }
            Delivery::Rejected(reason) => {
                actor.outbox().give_up(message, &reason, clock::wall())?;
                dead(&reason);
                Ok(())
            }
            Delivery::Failed(reason) => {
                log::error("outbox", &format!("message {id} of a {} to {to} waits: {reason}", A::CLASS));
                counters::count(&declared::OUTBOX_POSTPONED, class);
                if !actor.outbox().postpone(message, clock::wall())? {
                    dead("two weeks old");
                }
                Ok(())
            }
        }
    }

    /// The next instant (of the wall clock) at which the outbox or the actor has something to do.
    pub(super) fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        let actor = self.actor()?;
        let outbox = actor.outbox().next_due()?;
        let rules = actor.next_wake()?.map(clock::wall_at);
        Ok(outbox.into_iter().chain(rules).min())
    }

    /// Arms the alarm for `next`, but for nothing before `not_before`. An object that cannot read its next instant wakes all
    /// the same: no work is lost because of a transient fault.
    pub(super) async fn arm(
        &self,
        next: Result<Option<Timestamp>, Fault>,
        not_before: Timestamp,
    ) -> Result<(), Fault> {
        let next = next.unwrap_or_else(|fault| {
            log::fault(&fault);
            Some(clock::wall().plus_millis(BLIND_PAUSE_MS))
        });
        self.alarm.wake_by(next.map(|next| next.max(not_before)), &self.state).await
    }
}

impl<A: Actor<Effects = ()>> Object<A> {
    /// Answers a request of an object without links, and arms the alarm for the work it left.
    pub(super) async fn answer(
        &self,
        work: impl AsyncFnOnce() -> Result<Response, Error>,
    ) -> ::worker::Result<Response> {
        self.refresh_rules().await;
        let answered = work().await;
        let armed = self.arm(self.next_wake(), clock::wall()).await;
        respond(answered, armed)
    }

    /// The alarm went off: after work of the object's `own`, does the work that is due, and arms the next alarm. An error asks
    /// the platform to retry the alarm, with backoff.
    pub(super) async fn ring(&self, own: Result<(), Fault>) -> Result<(), Fault> {
        self.rang();
        self.refresh_rules().await;
        let nothing = |()| Ok(());
        let outcomes = [own, self.wake(&nothing), self.deliver_outbox(&nothing).await];
        self.arm_after(outcomes, self.next_wake()).await
    }
}

impl<A: Actor> Object<A> {
    /// Arms the alarm after the steps of the one that went off. The first failure of a step or of arming is the answer.
    pub(super) async fn arm_after<const N: usize>(
        &self,
        steps: [Result<(), Fault>; N],
        next: Result<Option<Timestamp>, Fault>,
    ) -> Result<(), Fault> {
        for fault in steps.iter().filter_map(|step| step.as_ref().err()) {
            log::fault(fault);
        }
        let now = clock::wall();
        let has_failed = steps.iter().any(Result::is_err);
        let not_before = if has_failed { now.plus_millis(AFTER_FAULT_MS) } else { now };
        let armed = self.arm(next, not_before).await;
        alarm_outcome(steps, armed)
    }
}

/// The answer to a request. A request that was done is not answered with the failure of the alarm, since it is stored: that is
/// logged, and the next event arms it.
pub(super) fn respond(
    answered: Result<Response, Error>,
    armed: Result<(), Fault>,
) -> ::worker::Result<Response> {
    if let Err(fault) = armed {
        log::error("alarm", &format!("alarm not armed: {fault}"));
    }
    match answered {
        Ok(response) => Ok(response),
        Err(Error::Refused(refusal)) => {
            replies::problem(&refusal, "").or_else(|fault| replies::fault(&fault, ""))
        }
        Err(Error::Fault(fault)) => {
            log::fault(&fault);
            replies::fault(&fault, "")
        }
    }
}

/// Destinations have no order of their own: their text has.
fn key(message: &OutboxMessage) -> String {
    format!("{:?}", message.destination)
}

/// The interval of work that is due by the clock while messages are under way.
const LOOK_UP_EVERY: Duration = Duration::from_secs(1);
/// After a failure the object wakes again, but not at once.
const AFTER_FAULT_MS: i64 = 1_000;
/// An object that cannot even say when to wake tries again this often.
const BLIND_PAUSE_MS: i64 = 60_000;
