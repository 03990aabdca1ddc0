// SPDX-License-Identifier: EUPL-1.2
//! The actor of the register: one record for each conversation that left a desk, with the later events of it, whichever
//! notification comes first; sums of records; comments. It has no links, and its outbox is for webhooks and
//! the audit trail. At night it sums
//! up months that are over, and releases them as open figures.

mod report;

use infocig_domain::{
    audit::{ActedBy, AuditEvent},
    figures::{FigureRules, open_data::Publication, register::RegisterNotification},
};
use infocig_protocol::{
    id::{ConversationId, QueueId},
    report::{AuditedKind, Comments, FoundConversations},
    time::Timestamp,
};

pub use self::report::ReportQuery;

use super::Actor;
use crate::{
    metrics::ObjectMetrics,
    problem::{Error, Fault},
    sql::Sql,
    store::{CommentQuery, Inbox, Outbox, OutboxMessage, Place, Refused, RegisterStore, SearchQuery},
};

/// The register.
pub struct RegisterActor<S> {
    store: RegisterStore<S>,
    rules: FigureRules,
    /// The names of the webhooks that are told of segnalazioni.
    webhooks: Vec<String>,
}

impl<S: Sql> RegisterActor<S> {
    /// The register over its object's store.
    pub fn open(sql: S, rules: FigureRules) -> Result<Self, Fault> {
        Ok(Self { store: RegisterStore::open(sql, rules.clone())?, rules, webhooks: Vec::new() })
    }

    /// The same, with the names of the webhooks that are told of segnalazioni: their events come together here.
    #[must_use]
    pub fn with_webhooks(self, webhooks: Vec<String>) -> Self {
        Self { webhooks, ..self }
    }

    /// Stores an instant and reads it again: a fault if that cannot be done.
    pub fn probe(&self, now: Timestamp) -> Result<(), Fault> {
        self.store.probe(now)
    }

    /// Numbers for whoever operates the service.
    pub fn metrics(&self) -> Result<ObjectMetrics, Fault> {
        Ok(ObjectMetrics { outbox: self.outbox().metrics()?, ..ObjectMetrics::default() })
    }

    /// Counts people who were refused at the entrance: a batch, once by its source and number.
    pub fn count_refused(
        &self,
        source: &str,
        number: i64,
        refused: &[Refused],
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.store.sql().transaction(|| {
            if !Inbox::new(self.store.sql()).is_new(source, number, now)? {
                return Ok(());
            }
            self.store.plan_upkeep(now)?;
            self.store.count_refused(refused)
        })
    }

    /// A page of conversations, newest first.
    pub fn search(&self, query: &SearchQuery) -> Result<FoundConversations, Fault> {
        let conversations = self.store.search(query)?;
        let last = conversations.last().map(|last| (last.entered, &last.conversation));
        Ok(FoundConversations { next: next(last, conversations.len(), query.limit), conversations })
    }

    /// A page of comments, newest first.
    pub fn comments(&self, query: &CommentQuery, now: Timestamp) -> Result<Comments, Fault> {
        let comments = self.store.comments(query, now)?;
        let last = comments.last().map(|last| (last.commented, &last.conversation));
        Ok(Comments { next: next(last, comments.len(), query.limit), comments })
    }

    /// A supervisor has read the comment of a conversation of their queues. `false` if there is none.
    pub fn handle_comment(
        &self,
        queues: &[QueueId],
        conversation: &ConversationId,
        by: &ActedBy,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let Some(supervisor) = &by.id else { return Ok(false) };
        self.store.sql().transaction(|| {
            let is_there = self.store.handle_comment(queues, conversation, supervisor, now)?;
            if is_there {
                let conversation = Some(conversation.clone());
                let told = AuditEvent { conversation, ..by.did(AuditedKind::HandledComment, now) };
                self.outbox().audit(vec![told], now)?;
            }
            Ok(is_there)
        })
    }

    /// Everything released as open figures.
    pub fn publication(&self) -> Result<Publication, Fault> {
        self.store.publication()
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

    const CLASS: &'static str = "register";

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
                RegisterNotification::Event(event) => {
                    self.store.on_event(&event)?;
                    self.outbox().announce(&self.webhooks, &event, now)
                }
                RegisterNotification::Rated(rated) => self.store.on_event(&rated.into_event(now)),
                RegisterNotification::Time(time) => self.store.add_time(&time),
                RegisterNotification::Comment(comment) => self.store.comment(&comment),
            }
        })?;
        Ok(())
    }

    /// Sums up or releases one month that is over, or, when there is none, deletes expired rows and rests until the next night.
    fn wake(&self, now: Timestamp) -> Result<Option<()>, Fault> {
        if self.store.next_upkeep()?.is_none_or(|due| due > now) {
            return Ok(None);
        }
        self.store.sql().transaction(|| {
            if self.store.sum_up_next(now)? || self.store.release_next(&self.rules, now)? {
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

/// The cursor after a page: absent where it has not as many rows as it may have.
fn next(last: Option<(Timestamp, &ConversationId)>, rows: usize, limit: u32) -> Option<String> {
    let (at, conversation) = last.filter(|_| u32::try_from(rows).is_ok_and(|rows| rows >= limit))?;
    Some(Place { at, conversation: conversation.clone() }.write())
}

#[cfg(test)]
mod tests;
