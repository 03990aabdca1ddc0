// SPDX-License-Identifier: EUPL-1.2
//! The actor that connects the service to Linea INPS: it stores every segnalazione until Linea INPS has it, and notifies its
//! conversation of each change of state. It has no links.
//!
//! - [`consequence`] judges the answer to a try; this actor stores the judgement and the notification of it together.
//! - A conversation is notified only of progress: once that its segnalazione waits, once that a supervisor must look at it,
//!   that it is accepted, and of each act of the office.
//! - Desks are notified of how many segnalazioni wait and are given up, when that changes.
//! - An update that Linea INPS sends of its own accord counts as delivery, whether or not the answer to a try was ever read.

use infocig_domain::{
    audit::{ActedBy, AuditEvent},
    figures::{Event, EventKind},
    linea_inps::{Segnalazione, Update, parts_of},
    notification::{ConversationCommand, ConversationNotification, DeskNotification, Notification},
};
use infocig_domain::{
    own_data::OwnSegnalazione,
    retention::{DataClass, Retention},
};
use infocig_protocol::{
    id::{ConversationId, DeskId},
    person::Category,
    problem::Code,
    report::AuditedKind,
    segnalazione::{Delivery, SegnalazioneOverview, SegnalazioneState, SegnalazioneStatus},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::Actor;
use crate::{
    auth::modi::Seen,
    metrics::ObjectMetrics,
    outbound::delivery::{Answer, Consequence, LONGEST_WAIT_MS, Tries, consequence},
    problem::{Error, Fault, Refusal},
    sql::Sql,
    store::{
        DeliveryState, Inbox, LineaInpsStore, NewSegnalazione, Outbox, OutboxMessage, next_night,
        rebuild::{Copied, Eraser},
    },
};

/// The connector.
pub struct LineaInpsActor<S> {
    store: LineaInpsStore<S>,
    /// The desks that are notified of the queue of the office.
    desks: Vec<DeskId>,
    retention: Retention,
    eraser: Eraser,
}

/// A segnalazione to send now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its key, sent as `Idempotency-Key`.
    pub key: String,
    /// The text to send.
    pub body: String,
}

/// The answer to an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Updated {
    /// It is stored, or said nothing new.
    Stored,
    /// Its signature was seen before.
    Replayed,
    /// No segnalazione has that key.
    Unknown,
    /// It lacks a member that its state needs.
    Malformed,
}

impl<S: Sql> LineaInpsActor<S> {
    /// The connector over its object's store, which notifies `desks` of the queue of the office.
    pub fn open(sql: S, desks: Vec<DeskId>, now: Timestamp) -> Result<Self, Fault> {
        let actor = Self {
            store: LineaInpsStore::open(sql)?,
            desks,
            retention: Retention::default(),
            eraser: Eraser::of_many(Copied::All),
        };
        actor.clock_moved(now)?;
        Ok(actor)
    }

    /// The same, with the time for which what is kept.
    #[must_use]
    pub fn with_retention(self, retention: Retention) -> Self {
        Self { retention, ..self }
    }

    /// Nothing of the person of an object is deleted, or may be again.
    pub fn hold_object(&self, object: &str, held: bool) -> Result<(), Fault> {
        self.store.hold_object(object, held)
    }

    /// What is stored about the segnalazioni of an object.
    pub fn of_object(&self, object: &str) -> Result<Vec<OwnSegnalazione>, Fault> {
        self.store.of_object(object)
    }

    /// How many segnalazioni the rules would delete in the night that follows.
    pub fn due_tonight(&self, now: Timestamp) -> Result<u32, Fault> {
        let before = self.retention.due_before(DataClass::Segnalazioni, next_night(now));
        before.map_or(Ok(0), |before| self.store.count_delivered(before))
    }

    /// Refuses to erase a person whose segnalazione is on its way; nothing was erased.
    pub fn may_erase(&self, object: &str) -> Result<u32, Error> {
        if !self.store.has_undelivered(object)? {
            return Ok(0);
        }
        let detail = "a segnalazione of this person is on its way: its office must have it first";
        Err(Refusal::new(Code::NotErased, detail).into())
    }

    /// Deletes everything about the person of an object, and its bytes. Returns how many segnalazioni there were.
    pub fn erase_object(&self, object: &str, now: Timestamp) -> Result<u32, Error> {
        let deleted = self.store.sql().transaction(|| self.store.forget_object(object, now))?;
        let Some(deleted) = deleted else { return self.may_erase(object) };
        self.eraser.erase(self.store.sql(), now)?;
        Ok(deleted)
    }

    /// The night in which something is to be deleted, or the bytes of it erased.
    fn next_night(&self) -> Result<Option<Timestamp>, Fault> {
        let due = |oldest| self.retention.due_after(DataClass::Segnalazioni, oldest);
        let deleted = self.store.oldest()?.and_then(due).map(next_night);
        let erased = self.eraser.due(self.store.sql(), next_night)?;
        Ok(deleted.into_iter().chain(erased).min())
    }

    /// Clamps waits after the clock may have been set back: an attempt scheduled beyond the longest wait is due now.
    pub fn clock_moved(&self, now: Timestamp) -> Result<(), Fault> {
        self.store.sql().transaction(|| self.store.hasten(now.plus_millis(LONGEST_WAIT_MS), now))
    }

    /// The segnalazione to send now, if one is due.
    pub fn due(&self, now: Timestamp) -> Result<Option<Due>, Fault> {
        Ok(self.store.due(now)?.map(|(key, body)| Due { key, body }))
    }

    /// Applies the answer to a try. `true` asks to send it again at once, `renewed`: with a new voucher.
    pub fn answered(&self, key: &str, answer: &Answer, renewed: bool, now: Timestamp) -> Result<bool, Fault> {
        self.store.sql().transaction(|| {
            let Some(known) = self.store.find(key)? else { return Ok(false) };
            let DeliveryState { delivery, attempts, since, .. } = &known;
            let streak = self.store.streak()?;
            let tries = Tries { attempts: *attempts, streak, since: *since, renewed };
            let consequence = consequence(answer, &tries, now);
            let waits = *delivery == Delivery::Waiting;
            let tried = attempts.saturating_add(1);
            match consequence {
                // One that an update has delivered meanwhile needs no second try.
                Consequence::Renew => return Ok(waits),
                Consequence::Delivered { number } => {
                    self.store.release(0)?;
                    if *delivery != Delivery::Delivered {
                        self.store.deliver(key, tried, &number, now)?;
                        self.notify(key, &known, Some(number), SegnalazioneState::Accepted {}, now)?;
                    }
                }
                Consequence::Later { at, holds_until, reason, counted } => {
                    self.hold(holds_until)?;
                    if waits {
                        let attempts = if counted { tried } else { *attempts };
                        self.store.postpone(key, attempts, at, &reason)?;
                        self.notify(key, &known, None, SegnalazioneState::Queued {}, now)?;
                    }
                }
                Consequence::Stopped { holds_until, reason } => {
                    self.hold(holds_until)?;
                    if waits {
                        self.store.stop(key, tried, &reason)?;
                        self.notify(key, &known, None, SegnalazioneState::Held {}, now)?;
                    }
                }
            }
            self.tell_desks(now)?;
            Ok(false)
        })
    }

    /// Linea INPS says where a segnalazione stands. `wall` is the clock its signature goes by.
    pub fn update(
        &self,
        update: &Update,
        seen: &Seen,
        wall: Timestamp,
        now: Timestamp,
    ) -> Result<Updated, Fault> {
        self.store.sql().transaction(|| {
            if !self.store.remember(&seen.jti, seen.until, wall)? {
                return Ok(Updated::Replayed);
            }
            let Some((_, told)) = update.status() else { return Ok(Updated::Malformed) };
            let Some(known) = self.store.find(&update.key)? else { return Ok(Updated::Unknown) };
            if told.state.rank() > known.notified || known.delivery != Delivery::Delivered {
                // Linea INPS knows it: so it was sent, though perhaps nobody has read an answer yet.
                let attempts = known.attempts.max(1);
                self.store.deliver(&update.key, attempts, &update.number, now)?;
                self.notify(&update.key, &known, told.number, told.state, now)?;
                self.tell_desks(now)?;
            }
            Ok(Updated::Stored)
        })
    }

    /// A supervisor has one sent again, now and as if it were new. `false` if there is none with that key of people of these
    /// categories.
    pub fn retry(
        &self,
        by: &ActedBy,
        key: &str,
        categories: &[Category],
        now: Timestamp,
    ) -> Result<bool, Fault> {
        self.store.sql().transaction(|| {
            if !self.store.is_of(key, categories)? {
                return Ok(false);
            }
            let known = self.store.find(key)?;
            if known.is_some() {
                let subject = Some(key.to_owned());
                let told = AuditEvent { subject, ..by.did(AuditedKind::RetriedSegnalazione, now) };
                self.outbox().audit(vec![told], now)?;
            }
            if known.as_ref().is_some_and(|known| known.delivery != Delivery::Delivered) {
                self.store.retry(key, now)?;
                // If the system still fails, the pause goes on from where it was.
                self.store.release(self.store.streak()?)?;
                self.tell_desks(now)?;
            }
            Ok(known.is_some())
        })
    }

    /// Numbers for whoever operates the service.
    pub fn metrics(&self) -> Result<ObjectMetrics, Fault> {
        let segnalazioni = Some(self.store.metrics()?);
        Ok(ObjectMetrics { outbox: self.outbox().metrics()?, segnalazioni, ..ObjectMetrics::default() })
    }

    /// Every segnalazione of people of these categories that is not delivered, stopped ones first, and the newest that are.
    pub fn overview(&self, categories: &[Category]) -> Result<Vec<SegnalazioneOverview>, Fault> {
        self.store.overview(categories)
    }

    /// The conversations of the segnalazioni with that number, or about the application with that protocol number.
    pub fn conversations_of(
        &self,
        number: Option<&str>,
        protocol: Option<&str>,
    ) -> Result<Vec<ConversationId>, Fault> {
        let keys = self.store.find_keys(number, protocol)?;
        let mut found: Vec<_> = keys.iter().filter_map(|key| Some(parts_of(key)?.0)).collect();
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// Holds everything back until then; or releases it, since the system has shown that it works.
    fn hold(&self, until: Option<Timestamp>) -> Result<(), Fault> {
        match until {
            Some(until) => self.store.hold(until),
            None => self.store.release(0),
        }
    }

    /// Notifies the desks of the queue of the office, if it has changed. Call it in the transaction that stores the change.
    fn tell_desks(&self, now: Timestamp) -> Result<(), Fault> {
        let Some(office) = self.store.news_for_desks()? else { return Ok(()) };
        let news = |desk: &DeskId| Notification::Desk(desk.clone(), DeskNotification::Connector(office));
        self.outbox().send(&self.desks.iter().map(news).collect::<Vec<_>>(), now)
    }

    /// Notifies a conversation of its segnalazione, if that moves on. Call it in the transaction that stores the change.
    fn notify(
        &self,
        key: &str,
        known: &DeliveryState,
        number: Option<String>,
        state: SegnalazioneState,
        now: Timestamp,
    ) -> Result<(), Fault> {
        if state.rank() <= known.notified {
            return Ok(());
        }
        let (conversation, id) =
            parts_of(key).ok_or_else(|| Fault::Corrupt("a key of another form".into()))?;
        self.store.notified(key, state.rank())?;
        if state.is_final() {
            self.report(&conversation, key, EventKind::OfficeAnswered {}, now)?;
        }
        let command = ConversationCommand::Segnalazione(SegnalazioneStatus { id, number, state });
        self.outbox()
            .send(&[Notification::Conversation(ConversationNotification { conversation, command })], now)
    }
}

impl<S: Sql> LineaInpsActor<S> {
    /// Notifies the register of the events of the first segnalazione of a conversation; others are in no figure.
    fn report(
        &self,
        conversation: &ConversationId,
        key: &str,
        kind: EventKind,
        at: Timestamp,
    ) -> Result<(), Fault> {
        if !self.store.is_first(conversation, key)? {
            return Ok(());
        }
        self.outbox().report(&Event { conversation: conversation.clone(), at, kind }, at)
    }
}

impl<S: Sql> Actor for LineaInpsActor<S> {
    type Sql = S;
    type Effects = ();

    const CLASS: &'static str = "linea-inps";

    fn outbox(&self) -> Outbox<'_, S> {
        Outbox::new(self.store.sql())
    }

    /// A conversation forwards a segnalazione: its document is stored as the text that came, and sent so.
    fn on_notification(
        &self,
        source: &str,
        id: i64,
        notification: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Segnalazione { key, at, office, protocol, person, .. } = OutboxMessage::read(notification)?;
        let Some((conversation, _)) = parts_of(&key) else {
            return Err(Refusal::new(Code::RequestInvalid, "a key of another form").into());
        };
        let at = at.parse::<jiff::Timestamp>().map_or(now, |at| Timestamp::from_millis(at.as_millisecond()));
        self.store.sql().transaction(|| {
            if Inbox::new(self.store.sql()).is_new(source, id, now)? {
                let protocol = protocol.as_deref();
                let new = NewSegnalazione {
                    key: &key,
                    body: notification,
                    at,
                    office: &office,
                    protocol,
                    category: person.category,
                };
                if self.store.add(new, now)? {
                    self.report(&conversation, &key, EventKind::Forwarded {}, now)?;
                }
                self.tell_desks(now)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The work of a night: segnalazioni and messages that are due are deleted, then the bytes of all that was deleted since the last one.
    fn wake(&self, now: Timestamp) -> Result<Option<()>, Fault> {
        if self.next_night()?.is_none_or(|night| night > now) {
            return Ok(None);
        }
        self.store.sql().transaction(|| {
            let before = self.retention.due_before(DataClass::Segnalazioni, now);
            before.map_or(Ok(()), |before| self.store.delete_delivered(before, now))
        })?;
        self.eraser.erase(self.store.sql(), now)?;
        Ok(None)
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        Ok(self.store.next_due()?.into_iter().chain(self.next_night()?).min())
    }

    fn delivered(&self, message: &OutboxMessage, _now: Timestamp) -> Result<(), Fault> {
        self.outbox().delete(message)
    }
}

#[cfg(test)]
mod tests;
