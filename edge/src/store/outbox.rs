// SPDX-License-Identifier: EUPL-1.2
//! The outbox: notifications for other objects, written in the transaction that stores their facts.
//!
//! - Messages to one destination are sent in order, one at a time; destinations do not wait for each other.
//! - A message is deleted when its destination has answered that it is stored there; until then it is sent again after a pause
//!   that doubles up to a minute.
//! - A message that its destination refuses, that cannot be read, or that was sent [`MOST_ATTEMPTS`] times becomes a *dead
//!   letter*: it is kept with the reason, and the next one goes on. One to the audit trail is sent for ever.
//! - Ids grow for ever, so the last one is all that an [`Inbox`](super::Inbox) must remember of a sender.

use infocig_domain::{
    audit::{AuditEvent, AuditNotification},
    figures::{
        AdvisorTime, Event, Record,
        register::{Comment, Forgotten, RegisterNotification},
    },
    linea_inps::Segnalazione,
    notification::{ConversationNotification, DeskNotification, Notification},
    webhook::WebhookEvent,
};
use infocig_protocol::{
    id::{ConversationId, DeskId},
    problem::Code,
    time::Timestamp,
};
use serde::{Serialize, de::DeserializeOwned};

use super::{from_json, to_json};
use crate::{
    metrics::OutboxMetrics,
    problem::{Fault, Refusal},
    sql::{Row, Sql, SqlValue},
};

/// The receiver of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A desk.
    Desk(DeskId),
    /// The conversation object with that id.
    Conversation(String),
    /// The register.
    Register,
    /// The connector to Linea INPS.
    LineaInps,
    /// The audit trail.
    Audit,
    /// The webhook of that name, outside the service.
    Webhook(String),
}

impl Destination {
    /// The word for it, which names nobody.
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Desk(_) => "a desk",
            Self::Conversation(_) => "a conversation",
            Self::Register => "the register",
            Self::LineaInps => "the connector",
            Self::Audit => "the audit trail",
            Self::Webhook(_) => "a webhook",
        }
    }
}

/// A notification that is yet to arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Greater than that of every earlier message of its sender.
    pub id: i64,
    /// Its receiver.
    pub destination: Destination,
    /// The notification, JSON.
    pub notification: String,
    /// How often it was sent without being stored.
    pub attempts: i64,
}

/// A message that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its id in the outbox.
    pub id: i64,
    /// Its receiver, as the outbox had it.
    pub destination: String,
    /// Why it was given up.
    pub reason: String,
    /// When, by the wall clock.
    pub at: Timestamp,
}

/// One object's outbox.
pub struct Outbox<'s, S> {
    sql: &'s S,
}

impl<'s, S: Sql> Outbox<'s, S> {
    /// The outbox over an object's SQL.
    pub fn new(sql: &'s S) -> Self {
        Self { sql }
    }

    /// Adds notifications. Call it in the transaction that stores their facts.
    pub fn send(&self, notifications: &[Notification], now: Timestamp) -> Result<(), Fault> {
        for notification in notifications {
            match notification {
                Notification::Desk(desk, notification) => {
                    self.add(format!("{DESK}{desk}"), notification, now)?;
                }
                Notification::Conversation(notification) => {
                    let object = notification.conversation.object();
                    self.add(format!("{CONVERSATION}{object}"), notification, now)?;
                }
                Notification::Register(record) => self.add(REGISTER.into(), record.as_ref(), now)?,
                Notification::AdvisorTime(time) => self.add(REGISTER.into(), time, now)?,
                Notification::Forgotten(forgotten) => self.add(REGISTER.into(), forgotten, now)?,
                Notification::LineaInps(segnalazione) => {
                    self.add(LINEA_INPS.into(), segnalazione.as_ref(), now)?;
                }
            }
        }
        Ok(())
    }

    /// Adds an event for the register, as [`send`](Self::send) does.
    pub fn report(&self, event: &Event, now: Timestamp) -> Result<(), Fault> {
        self.add(REGISTER.into(), event, now)
    }

    /// Adds an event for each webhook, as [`send`](Self::send) does.
    pub fn announce(&self, webhooks: &[String], event: &Event, now: Timestamp) -> Result<(), Fault> {
        let Some(event) = WebhookEvent::of(event) else { return Ok(()) };
        webhooks.iter().try_for_each(|name| self.add(format!("{WEBHOOK}{name}"), &event, now))
    }

    /// Adds a person's comment for the register, as [`send`](Self::send) does.
    pub fn comment(&self, comment: &Comment, now: Timestamp) -> Result<(), Fault> {
        self.add(REGISTER.into(), comment, now)
    }

    /// Tells the audit trail of acts, as [`send`](Self::send) does: one message for all of them.
    pub fn audit(&self, acts: Vec<AuditEvent>, now: Timestamp) -> Result<(), Fault> {
        if acts.is_empty() {
            return Ok(());
        }
        self.add(AUDIT.into(), &AuditNotification { audited: acts }, now)
    }

    fn add(
        &self,
        destination: String,
        notification: &impl IsNotification,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let rows = self.sql.exec(NEXT_ID, &[now.as_millis().into()])?;
        let id = rows
            .first()
            .map_or_else(|| Err(Fault::Corrupt("outbox without a number".into())), |row| row.integer(0))?;
        let body = to_json(notification)?;
        self.sql.run(INSERT, &[id.into(), SqlValue::Text(destination), SqlValue::Text(body)])
    }

    /// The first message of each destination, where it may be sent at `now`, oldest first. A row whose destination cannot be
    /// read becomes a dead letter.
    pub fn due(&self, now: Timestamp) -> Result<Vec<OutboxMessage>, Fault> {
        let rows = self.sql.exec(SELECT_DUE, &[now.as_millis().into()])?;
        let mut due = Vec::with_capacity(rows.len());
        for row in &rows {
            match destination(row.text(1)?) {
                Some(destination) => due.push(OutboxMessage {
                    id: row.integer(0)?,
                    destination,
                    notification: row.text(2)?.to_string(),
                    attempts: row.integer(3)?,
                }),
                None => self.bury(row.integer(0)?, "no object has that destination", now)?,
            }
        }
        Ok(due)
    }

    /// Everything that waits, oldest first.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> Vec<OutboxMessage> {
        let message = |row: &Row| OutboxMessage {
            id: row.integer(0).unwrap(),
            destination: destination(row.text(1).unwrap()).unwrap(),
            notification: row.text(2).unwrap().to_string(),
            attempts: row.integer(3).unwrap(),
        };
        self.sql.exec(SELECT_ALL, &[]).unwrap().iter().map(message).collect()
    }

    /// When the next message may be sent, if there is one.
    pub fn next_due(&self) -> Result<Option<Timestamp>, Fault> {
        let rows = self.sql.exec(SELECT_NEXT_DUE, &[])?;
        let due = rows.first().filter(|row| row.0.first() != Some(&SqlValue::Null));
        due.map(|row| row.integer(0).map(Timestamp::from_millis)).transpose()
    }

    /// Deletes a message that its destination has stored.
    pub fn delete(&self, message: &OutboxMessage) -> Result<(), Fault> {
        self.sql.run(DELETE, &[message.id.into()])
    }

    /// Schedules the next attempt after a pause that doubles up to a minute; `false` if it was the last one, and the message is
    /// a dead letter.
    pub fn postpone(&self, message: &OutboxMessage, now: Timestamp) -> Result<bool, Fault> {
        let is_last = message.attempts.saturating_add(1) >= MOST_ATTEMPTS;
        // No act is without its record, however long the trail cannot be written.
        if is_last && message.destination != Destination::Audit {
            self.bury(message.id, "its destination did not answer for two weeks", now)?;
            return Ok(false);
        }
        let doublings = u32::try_from(message.attempts.clamp(0, 16)).unwrap_or(16);
        let pause = FIRST_PAUSE_MS.saturating_mul(1_i64 << doublings).min(LONGEST_PAUSE_MS);
        self.sql.run(POSTPONE, &[message.id.into(), now.plus_millis(pause).as_millis().into()])?;
        Ok(true)
    }

    /// Makes a message a dead letter: its destination will never accept it.
    pub fn give_up(&self, message: &OutboxMessage, reason: &str, now: Timestamp) -> Result<(), Fault> {
        self.bury(message.id, reason, now)
    }

    fn bury(&self, id: i64, reason: &str, now: Timestamp) -> Result<(), Fault> {
        self.sql.transaction(|| {
            self.sql.run(INSERT_DEAD, &[id.into(), SqlValue::text(reason), now.as_millis().into()])?;
            self.sql.run(DELETE, &[id.into()])
        })
    }

    /// Deletes every message to a conversation: a restored desk holds none, and sends no orders of before.
    pub fn forget_conversations(&self) -> Result<(), Fault> {
        self.sql.run(DELETE_TO_CONVERSATIONS, &[])
    }

    /// How many messages wait, since when the oldest does, and how many were given up. The age rests on the numbers of messages,
    /// which begin at the clock ([`OutboxMessage::stored_at`]).
    pub fn metrics(&self) -> Result<OutboxMetrics, Fault> {
        let rows = self.sql.exec(SELECT_WAITING, &[])?;
        let row = rows.first().ok_or_else(|| Fault::Corrupt("a count without a row".into()))?;
        let oldest = match row.0.get(1) {
            Some(SqlValue::Integer(id)) => Some(Timestamp::from_millis(*id)),
            Some(SqlValue::Null | SqlValue::Text(_)) | None => None,
        };
        let messages = u32::try_from(row.integer(0)?).unwrap_or(u32::MAX);
        Ok(OutboxMetrics { messages, oldest, dead_letters: self.dead_letter_count()? })
    }

    /// How many messages were given up.
    pub fn dead_letter_count(&self) -> Result<u32, Fault> {
        let rows = self.sql.exec(COUNT_DEAD, &[])?;
        let count = rows.first().map_or(Ok(0), |row| row.integer(0))?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// When the oldest message that was given up was stored.
    pub fn oldest_dead_letter(&self) -> Result<Option<Timestamp>, Fault> {
        let rows = self.sql.exec(SELECT_OLDEST_DEAD, &[])?;
        rows.first().map(|row| row.integer(0).map(Timestamp::from_millis)).transpose()
    }

    /// Deletes the messages about a conversation that were given up: words of it may be in them. This and the two that follow are
    /// called in a transaction that has marked the store for an erasure of its bytes.
    pub fn forget_dead_letters_about(&self, conversation: &ConversationId) -> Result<(), Fault> {
        // The digits of an ordinal may begin those of another one.
        self.sql.run(DELETE_DEAD_ABOUT, &[SqlValue::Text(format!("*{conversation}[^0-9]*"))])
    }

    /// Deletes the messages about the person of an object that were given up.
    pub fn forget_dead_letters_of(&self, object: &str) -> Result<(), Fault> {
        self.sql.run(DELETE_DEAD_ABOUT, &[SqlValue::Text(format!("*{object}*"))])
    }

    /// Deletes the messages that were given up and had been stored before an instant.
    pub fn forget_dead_letters_before(&self, before: Timestamp) -> Result<(), Fault> {
        self.sql.run(DELETE_DEAD_BEFORE, &[before.as_millis().into()])
    }

    /// The messages that were given up, oldest first.
    pub fn dead_letters(&self) -> Result<Vec<DeadLetter>, Fault> {
        let dead_letter = |row: &Row| {
            Ok(DeadLetter {
                id: row.integer(0)?,
                destination: row.text(1)?.to_string(),
                reason: row.text(2)?.to_string(),
                at: Timestamp::from_millis(row.integer(3)?),
            })
        };
        self.sql.exec(SELECT_DEAD, &[])?.iter().map(dead_letter).collect()
    }
}

impl OutboxMessage {
    /// When it was stored, by the service's clock: its number is that instant, or one more than the number before where that
    /// is greater.
    pub const fn stored_at(&self) -> Timestamp {
        Timestamp::from_millis(self.id)
    }

    /// Reads a notification that arrived. One that cannot be read is refused: sending it again changes nothing.
    pub fn read<N: DeserializeOwned + IsNotification>(text: &str) -> Result<N, Refusal> {
        serde_json::from_str(text)
            .map_err(|error| Refusal::new(Code::RequestInvalid, format!("notification not read: {error}")))
    }

    /// Reads a notification of this object's own outbox.
    pub fn stored<N: DeserializeOwned + IsNotification>(text: &str) -> Result<N, Fault> {
        from_json(text)
    }
}

/// The notifications that travel between objects.
pub trait IsNotification: Serialize {}
impl IsNotification for DeskNotification {}
impl IsNotification for ConversationNotification {}
impl IsNotification for Record {}
impl IsNotification for Event {}
impl IsNotification for AdvisorTime {}
impl IsNotification for Comment {}
impl IsNotification for Forgotten {}
impl IsNotification for RegisterNotification {}
impl IsNotification for Segnalazione {}
impl IsNotification for WebhookEvent {}
impl IsNotification for AuditNotification {}

fn destination(text: &str) -> Option<Destination> {
    if let Some(desk) = text.strip_prefix(DESK) {
        DeskId::parse(desk).ok().map(Destination::Desk)
    } else if let Some(object) = text.strip_prefix(CONVERSATION) {
        Some(Destination::Conversation(object.to_string()))
    } else if let Some(name) = text.strip_prefix(WEBHOOK) {
        Some(Destination::Webhook(name.to_string()))
    } else if text == REGISTER {
        Some(Destination::Register)
    } else if text == LINEA_INPS {
        Some(Destination::LineaInps)
    } else if text == AUDIT {
        Some(Destination::Audit)
    } else {
        None
    }
}

const DELETE_TO_CONVERSATIONS: &str = "DELETE FROM outbox WHERE destination LIKE 'conversation:%'";
const DESK: &str = "desk:";
const CONVERSATION: &str = "conversation:";
const REGISTER: &str = "register";
const LINEA_INPS: &str = "linea-inps";
const AUDIT: &str = "audit";
const WEBHOOK: &str = "webhook:";
const FIRST_PAUSE_MS: i64 = 250;
const LONGEST_PAUSE_MS: i64 = 60_000;
/// Two weeks of a minute each: less than half of the time an inbox remembers a silent sender.
pub const MOST_ATTEMPTS: i64 = 14 * 24 * 60;

const NEXT_ID: &str = "INSERT INTO outbox_last (only_row, id) VALUES (1, ?1) \
     ON CONFLICT (only_row) DO UPDATE SET id = max(id + 1, ?1) RETURNING id";
const INSERT: &str =
    "INSERT INTO outbox (id, destination, notification, attempts, not_before) VALUES (?1, ?2, ?3, 0, 0)";
const SELECT_DUE: &str = "SELECT id, destination, notification, attempts FROM outbox \
     WHERE id IN (SELECT min(id) FROM outbox GROUP BY destination) AND not_before <= ?1 ORDER BY id";
#[cfg(test)]
const SELECT_ALL: &str = "SELECT id, destination, notification, attempts FROM outbox ORDER BY id";
const SELECT_NEXT_DUE: &str =
    "SELECT min(not_before) FROM outbox WHERE id IN (SELECT min(id) FROM outbox GROUP BY destination)";
const DELETE: &str = "DELETE FROM outbox WHERE id = ?1";
const POSTPONE: &str = "UPDATE outbox SET attempts = attempts + 1, not_before = ?2 WHERE id = ?1";
const INSERT_DEAD: &str = "INSERT OR REPLACE INTO dead_letter (id, destination, notification, attempts, reason, at) \
     SELECT id, destination, notification, attempts, ?2, ?3 FROM outbox WHERE id = ?1";
const SELECT_WAITING: &str = "SELECT count(*), min(id) FROM outbox";
const COUNT_DEAD: &str = "SELECT count(*) FROM dead_letter";
const SELECT_OLDEST_DEAD: &str = "SELECT id FROM dead_letter ORDER BY id LIMIT 1";
const DELETE_DEAD_ABOUT: &str = "DELETE FROM dead_letter WHERE notification GLOB ?1";
const DELETE_DEAD_BEFORE: &str = "DELETE FROM dead_letter WHERE id < ?1";
const SELECT_DEAD: &str = "SELECT id, destination, reason, at FROM dead_letter ORDER BY id";

#[cfg(test)]
mod tests {
    use infocig_domain::figures::EventKind;
    use infocig_protocol::{id::ConversationId, rating::Answer};

    use super::*;
    use crate::{
        sql::testing::MemorySql,
        store::{MESSAGING, migrate},
    };

    #[test]
    fn a_message_that_is_refused_is_kept_apart_and_the_next_one_goes_on() {
        let sql = &opened();
        let outbox = Outbox::new(&sql);
        rate(&outbox, 1);
        rate(&outbox, 2);
        let first = outbox.due(at(10)).unwrap().remove(0);
        outbox.give_up(&first, "answered 404", at(10)).unwrap();

        let next = outbox.due(at(10)).unwrap();
        assert_eq!(next.len(), 1);
        assert!(next[0].id > first.id);
        assert_eq!(outbox.dead_letter_count().unwrap(), 1);
        let dead = outbox.dead_letters().unwrap();
        let expected = (first.id, REGISTER, "answered 404", at(10));
        let [DeadLetter { id, destination, reason, at }] = dead.as_slice() else { panic!("{dead:?}") };
        assert_eq!((*id, destination.as_str(), reason.as_str(), *at), expected);
    }

    #[test]
    fn the_metrics_of_an_outbox_are_its_messages_the_age_of_the_oldest_and_what_was_given_up() {
        let sql = &opened();
        let outbox = Outbox::new(&sql);
        assert_eq!(outbox.metrics().unwrap(), OutboxMetrics::default());
        for now in [1_000, 1_000, 5_000] {
            let conversation = ConversationId::of(&"0f".repeat(32), 1).unwrap();
            let kind = EventKind::Rated { rating: Answer::Yes };
            outbox.report(&Event { conversation, at: at(1), kind }, at(now)).unwrap();
        }
        let first = outbox.due(at(6_000)).unwrap().remove(0);
        assert_eq!(first.stored_at(), at(1_000));
        outbox.give_up(&first, "answered 404", at(6_000)).unwrap();

        let expected = OutboxMetrics { messages: 2, oldest: Some(at(1_001)), dead_letters: 1 };
        assert_eq!(outbox.metrics().unwrap(), expected);
    }

    #[test]
    fn a_message_that_nobody_answers_is_sent_again_for_two_weeks() {
        let sql = &opened();
        let outbox = Outbox::new(&sql);
        rate(&outbox, 1);
        let mut now = at(10);
        for attempt in 1..MOST_ATTEMPTS {
            let message = outbox.due(now).unwrap().remove(0);
            assert!(outbox.postpone(&message, now).unwrap(), "attempt {attempt}");
            now = outbox.next_due().unwrap().unwrap();
        }
        let last = outbox.due(now).unwrap().remove(0);
        assert!(!outbox.postpone(&last, now).unwrap());
        assert_eq!((outbox.next_due().unwrap(), outbox.dead_letters().unwrap().len()), (None, 1));
        let days = now.as_millis() / (24 * 60 * 60_000);
        assert!((13..=14).contains(&days), "{days}");
    }

    #[test]
    fn a_row_whose_destination_cannot_be_read_holds_nothing_back() {
        let sql = &opened();
        let outbox = Outbox::new(&sql);
        let row = [9_i64.into(), SqlValue::text("nowhere"), SqlValue::text("{}")];
        sql.run(INSERT, &row).unwrap();
        rate(&outbox, 2);

        assert_eq!(outbox.due(at(10)).unwrap().len(), 1);
        assert_eq!(outbox.dead_letters().unwrap().len(), 1);
    }

    fn opened() -> MemorySql {
        let sql = MemorySql::new();
        migrate(&&sql, &MESSAGING).unwrap();
        sql
    }

    fn rate(outbox: &Outbox<'_, &MemorySql>, ordinal: u32) {
        let conversation = ConversationId::of(&"0f".repeat(32), ordinal).unwrap();
        let kind = EventKind::Rated { rating: Answer::Yes };
        outbox.report(&Event { conversation, at: at(1), kind }, at(1)).unwrap();
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
