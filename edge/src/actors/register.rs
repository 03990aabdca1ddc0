// SPDX-License-Identifier: EUPL-1.2
//! The actor of the register: one record for each conversation that left a desk, with what happened to it later, whichever
//! notification comes first; sums of records; comments. It has no links and no outbox to empty. At night it sums up months
//! that are over.

use infocig_domain::figures::{FigureRules, register::RegisterNotification};
use infocig_protocol::time::Timestamp;

use super::Actor;
use crate::{
    problem::{Error, Fault},
    sql::Sql,
    store::{Inbox, Outbox, OutboxMessage, RegisterStore},
};

/// The register.
pub struct RegisterActor<S> {
    store: RegisterStore<S>,
}

impl<S: Sql> RegisterActor<S> {
    /// The register over its object's store.
    pub fn open(sql: S, rules: FigureRules) -> Result<Self, Fault> {
        Ok(Self { store: RegisterStore::open(sql, rules)? })
    }

    /// Whether something can be stored.
    pub fn probe(&self, now: Timestamp) -> Result<(), Fault> {
        self.store.probe(now)
    }

    /// The records, for tests.
    #[cfg(any(test, feature = "test-clock"))]
    pub fn endings(&self) -> Result<Vec<crate::store::Ending>, Fault> {
        self.store.endings()
    }
}

impl<S: Sql> Actor for RegisterActor<S> {
    type Sql = S;
    type Effects = ();

    fn outbox(&self) -> Outbox<'_, S> {
        Outbox::new(self.store.sql())
    }

    fn on_notification(
        &self,
        source: &str,
        id: i64,
        notification: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let notification: RegisterNotification = OutboxMessage::read(notification)?;
        self.store.sql().transaction(|| {
            if !Inbox::new(self.store.sql()).is_new(source, id, now)? {
                return Ok(());
            }
            self.store.plan_upkeep(now)?;
            match notification {
                RegisterNotification::Record(record) => self.store.add([*record]),
                RegisterNotification::Row(row) => self.store.add([(*row).into()]),
                RegisterNotification::Event(event) => self.store.on_event(&event),
                RegisterNotification::Rated(rated) => self.store.on_event(&rated.into_event(now)),
                RegisterNotification::Time(time) => self.store.add_time(&time),
                RegisterNotification::Comment(comment) => self.store.comment(&comment),
            }
        })?;
        Ok(())
    }

    /// Sums up one month that is over, or, when there is none, deletes what is too old and rests until the next night.
    fn wake(&self, now: Timestamp) -> Result<Option<()>, Fault> {
        if self.store.next_upkeep()?.is_none_or(|due| due > now) {
            return Ok(None);
        }
        self.store.sql().transaction(|| {
            if self.store.sum_up_next(now)? {
                return Ok(Some(()));
            }
            self.store.delete_old_comments(now)?;
            self.store.rest_until_next_night(now)?;
            Ok(None)
        })
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        self.store.next_upkeep()
    }

    fn delivered(&self, message: &OutboxMessage, _now: Timestamp) -> Result<(), Fault> {
        self.outbox().delete(message)
    }
}

#[cfg(test)]
mod tests;
