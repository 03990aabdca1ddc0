// SPDX-License-Identifier: EUPL-1.2
//! The actor of the audit trail, one for the installation. It has no links.
//!
//! - Other objects tell it what they did by their outboxes, in the transaction of the act: a message that comes twice is one row.
//! - The front tells it of looks and sign-ins, and answers them once they are rows.
//! - Nothing changes a row. After their time the oldest are cut off, and the cut is a row.

use std::cell::Cell;

use infocig_domain::{
    audit::{Anchor, AuditEvent, AuditNotification, AuditRow},
    own_data::Look,
};
use infocig_protocol::{
    report::{Asked, AuditChain, AuditTrail, AuditedAct, AuditedKind},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::Actor;
use crate::{
    metrics::{AuditMetrics, ObjectMetrics},
    problem::{Error, Fault},
    sql::Sql,
    store::{AuditQuery, AuditStore, Inbox, Outbox, OutboxMessage},
};

/// Rows of the trail as they are stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditExport {
    /// The rows, in the order of their numbers.
    pub rows: Vec<AuditRow>,
    /// The last row that was cut off.
    pub after: Anchor,
    /// The end of the chain.
    pub end: Anchor,
}

/// The audit trail.
pub struct AuditActor<S> {
    store: AuditStore<S>,
    refused: Cell<RefusedSignIns>,
}

/// The refused sign-ins of a minute: anybody can make them, and the trail is kept for years.
#[derive(Clone, Copy, Default)]
struct RefusedSignIns {
    /// The minute.
    minute: i64,
    /// How many there were.
    number: u32,
    /// How many of them have no row, and are told by the next one.
    untold: u32,
}

impl<S: Sql> AuditActor<S> {
    /// The trail over its object's store.
    pub fn open(sql: S) -> Result<Self, Fault> {
        Ok(Self { store: AuditStore::open(sql)?, refused: Cell::default() })
    }

    /// Adds a row for a look or a sign-in. Of refused sign-ins a minute has [`MOST_REFUSED`] rows at most: the next row after them
    /// says how many more there were.
    pub fn append(&self, event: AuditEvent, now: Timestamp) -> Result<(), Fault> {
        if event.act != AuditedKind::SignInRefused {
            return self.store.sql().transaction(|| self.store.add(event, now));
        }
        let (minute, mut refused) = (now.as_millis() / 60_000, self.refused.get());
        if refused.minute != minute {
            (refused.minute, refused.number) = (minute, 0);
        }
        refused.number = refused.number.saturating_add(1);
        if refused.number > MOST_REFUSED {
            self.refused.set(RefusedSignIns { untold: refused.untold.saturating_add(1), ..refused });
            return Ok(());
        }
        let more = (refused.untold > 0).then(|| refused.untold.to_string());
        let more = more.map(|value| Asked { name: "more".into(), value: Some(value) });
        let asked = event.asked.iter().cloned().chain(more).collect();
        self.store.sql().transaction(|| self.store.add(AuditEvent { asked, ..event }, now))?;
        self.refused.set(RefusedSignIns { untold: 0, ..refused });
        Ok(())
    }

    /// A page, newest first. The first page of a reader of everything has the state of the chain.
    pub fn page(&self, query: &AuditQuery) -> Result<AuditTrail, Fault> {
        let rows = self.store.page(query)?;
        let is_full = u32::try_from(rows.len()).is_ok_and(|rows| rows >= query.limit);
        let next = rows.last().filter(|_| is_full).map(|(place, _)| place.write());
        let shows_chain = query.within.is_none() && query.after.is_none();
        let chain = shows_chain.then(|| self.store.chain()).transpose()?;
        let acts = rows.into_iter().map(|(_, entry)| shown(entry.number, entry.event)).collect();
        Ok(AuditTrail { acts, next, chain })
    }

    /// What the staff did or looked at about the conversations of an object, oldest first.
    pub fn looks(&self, object: &str) -> Result<Vec<Look>, Fault> {
        self.store.looks(object)
    }

    /// The rows of a query for a file, in order, as they are stored.
    pub fn export(&self, query: &AuditQuery) -> Result<AuditExport, Fault> {
        let (after, end) = (self.store.cut()?, self.store.end()?);
        Ok(AuditExport { rows: self.store.rows(query)?, after, end })
    }

    /// Cuts off the oldest rows, up to the first one whose act was not before an instant. The cut is a row of its own, which names
    /// the last of them with its hash; the answer is that one's number, if there was any.
    pub fn cut_before(&self, instant: Timestamp, now: Timestamp) -> Result<Option<u64>, Fault> {
        self.store.sql().transaction(|| {
            let Some(last) = self.store.cut_before(instant, now)? else { return Ok(None) };
            let subject = Some(last.as_subject());
            let event = AuditEvent { subject, ..AuditEvent::new(AuditedKind::CutAudit, now) };
            self.store.add(event, now)?;
            Ok(Some(last.number))
        })
    }

    /// Numbers for whoever operates the service.
    pub fn metrics(&self) -> Result<ObjectMetrics, Fault> {
        let AuditChain { rows, number, head: _ } = self.store.chain()?;
        let audit = Some(AuditMetrics { rows, number });
        Ok(ObjectMetrics { outbox: self.outbox().metrics()?, audit, ..ObjectMetrics::default() })
    }
}

/// A row as it is read.
fn shown(row: u64, event: AuditEvent) -> AuditedAct {
    let AuditEvent {
        at,
        actor,
        roles,
        act,
        conversation,
        queue,
        desk: _,
        subject,
        asked,
        details,
        request,
        before_chain,
    } = event;
    let number = conversation.as_ref().map(|conversation| conversation.number());
    let roles = roles.words().map(String::from).collect();
    AuditedAct {
        row,
        at,
        actor,
        roles,
        act,
        conversation,
        number,
        queue,
        subject,
        asked,
        details,
        request,
        before_chain,
    }
}

impl<S: Sql> Actor for AuditActor<S> {
    type Sql = S;
    type Effects = ();

    const CLASS: &'static str = "audit";

    fn outbox(&self) -> Outbox<'_, S> {
        Outbox::new(self.store.sql())
    }

    fn on_notification(&self, source: &str, id: i64, text: &str, now: Timestamp) -> Result<(), Error> {
        // One that cannot be read is of a newer version of the service. It waits for that version: refused, it would be lost.
        let AuditNotification { audited } = OutboxMessage::stored(text)?;
        self.store.sql().transaction(|| {
            if Inbox::new(self.store.sql()).is_new(source, id, now)? {
                audited.into_iter().try_for_each(|event| self.store.add(event, now))?;
            }
            Ok(())
        })?;
        Ok(())
    }

    fn wake(&self, _now: Timestamp) -> Result<Option<()>, Fault> {
        Ok(None)
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        Ok(None)
    }

    fn delivered(&self, message: &OutboxMessage, _now: Timestamp) -> Result<(), Fault> {
        self.outbox().delete(message)
    }
}

/// More than a wrong set-up causes while somebody looks at it.
const MOST_REFUSED: u32 = 60;

#[cfg(test)]
mod tests;
