// SPDX-License-Identifier: EUPL-1.2
//! The post between objects: an outbox written with the facts it tells, and an inbox that knows what was heard.
//!
//! - Letters to one destination leave in order; a destination that does not answer holds back nobody else.
//! - A letter is deleted when its destination has answered that it stored it; until then it is tried again, later and later.
//! - Ids grow for ever, so "heard up to this id" is all the receiver must remember of a sender.

use infocig_domain::{
    desk::register::{Rated, RegisterNotification, RegisterRow},
    linea_inps::Segnalazione,
    notification::{ConversationNotification, DeskNotification, Notification},
};
use infocig_protocol::{id::QueueId, time::Timestamp};
use serde::{Serialize, de::DeserializeOwned};

use super::{from_json, to_json};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// Where a letter goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The desk of a queue.
    Desk(QueueId),
    /// The conversation object with that id.
    Conversation(String),
    /// The register.
    Register,
    /// The connector to Linea INPS.
    LineaInps,
}

/// A notification on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Grows with every letter of its sender.
    pub id: i64,
    /// Where it goes.
    pub destination: Destination,
    /// The notification, JSON.
    pub notification: String,
    /// How often it was tried in vain.
    pub attempts: i64,
}

/// One object's outbox and inbox.
pub struct Post<'s, S> {
    sql: &'s S,
}

impl<'s, S: Sql> Post<'s, S> {
    /// The post over an object's SQL.
    pub fn new(sql: &'s S) -> Self {
        Self { sql }
    }

    /// Puts notifications in the outbox. Call it in the transaction that stores the facts they tell.
    pub fn send(&self, notifications: &[Notification], now: Timestamp) -> Result<(), Fault> {
        for notification in notifications {
            match notification {
                Notification::Desk(queue, notification) => {
                    self.put(format!("{DESK}{queue}"), notification, now)?
                }
                Notification::Conversation(notification) => {
                    self.put(
                        format!("{CONVERSATION}{}", notification.conversation.object()),
                        notification,
                        now,
                    )?;
                }
                Notification::Register(row) => self.put(REGISTER.into(), row, now)?,
                Notification::LineaInps(segnalazione) => {
                    self.put(LINEA_INPS.into(), segnalazione.as_ref(), now)?;
                }
            }
        }
        Ok(())
    }

    /// Tells the register what a person said of a conversation, as [`send`](Self::send) does.
    pub fn rate(&self, rated: &Rated, now: Timestamp) -> Result<(), Fault> {
        self.put(REGISTER.into(), rated, now)
    }

    fn put(&self, destination: String, notification: &impl IsNotice, now: Timestamp) -> Result<(), Fault> {
        let rows = self.sql.exec(NEXT_ID, &[now.as_millis().into()])?;
        let id = rows
            .first()
            .map_or_else(|| Err(Fault::Corrupt("outbox without a number".into())), |row| row.integer(0))?;
        let body = to_json(notification)?;
        self.sql.exec(INSERT_LETTER, &[id.into(), SqlValue::Text(destination), SqlValue::Text(body)])?;
        Ok(())
    }

    /// The first letter of each destination that may leave at `now`, oldest first.
    pub fn due(&self, now: Timestamp) -> Result<Vec<Letter>, Fault> {
        self.sql.exec(SELECT_DUE, &[now.as_millis().into()])?.iter().map(letter).collect()
    }

    /// When the next letter may leave, if there is one.
    pub fn next_due(&self) -> Result<Option<Timestamp>, Fault> {
        let rows = self.sql.exec(SELECT_NEXT_DUE, &[])?;
        let due = rows.first().filter(|row| row.0.first() != Some(&SqlValue::Null));
        due.map(|row| row.integer(0).map(Timestamp::from_millis)).transpose()
    }

    /// The destination has stored it.
    pub fn delivered(&self, letter: &Letter) -> Result<(), Fault> {
        self.sql.exec(DELETE_LETTER, &[letter.id.into()])?;
        Ok(())
    }

    /// It did not get through: try again after a pause that doubles up to a minute.
    pub fn postpone(&self, letter: &Letter, now: Timestamp) -> Result<(), Fault> {
        let doublings = u32::try_from(letter.attempts.clamp(0, 16)).unwrap_or(16);
        let pause = FIRST_PAUSE_MS.saturating_mul(1_i64 << doublings).min(LONGEST_PAUSE_MS);
        self.sql.exec(POSTPONE_LETTER, &[letter.id.into(), now.plus_millis(pause).as_millis().into()])?;
        Ok(())
    }

    /// Notes that a sender's letter was heard; `false` if it had been heard before.
    ///
    /// Call it in the transaction that stores what the letter changes.
    pub fn hear(&self, source: &str, id: i64) -> Result<bool, Fault> {
        let rows = self.sql.exec(SELECT_HEARD, &[SqlValue::text(source)])?;
        let last = rows.first().map(|row| row.integer(0)).transpose()?;
        if last.is_some_and(|last| id <= last) {
            return Ok(false);
        }
        self.sql.exec(UPSERT_HEARD, &[SqlValue::text(source), id.into()])?;
        Ok(true)
    }
}

impl Letter {
    /// Reads the notification of a letter.
    pub fn read<N: DeserializeOwned + IsNotice>(text: &str) -> Result<N, Fault> {
        from_json(text)
    }
}

/// The notifications that travel.
pub trait IsNotice: Serialize {}
impl IsNotice for DeskNotification {}
impl IsNotice for ConversationNotification {}
impl IsNotice for RegisterRow {}
impl IsNotice for Rated {}
impl IsNotice for RegisterNotification {}
impl IsNotice for Segnalazione {}

fn letter(row: &Row) -> Result<Letter, Fault> {
    let destination = row.text(1)?;
    let destination = if let Some(queue) = destination.strip_prefix(DESK) {
        Destination::Desk(QueueId::parse(queue).map_err(|error| Fault::Corrupt(error.to_string()))?)
    } else if let Some(object) = destination.strip_prefix(CONVERSATION) {
        Destination::Conversation(object.to_string())
    } else if destination == REGISTER {
        Destination::Register
    } else if destination == LINEA_INPS {
        Destination::LineaInps
    } else {
        return Err(Fault::Corrupt("a letter to nobody".into()));
    };
    Ok(Letter {
        id: row.integer(0)?,
        destination,
        notification: row.text(2)?.to_string(),
        attempts: row.integer(3)?,
    })
}

const DESK: &str = "desk:";
const CONVERSATION: &str = "conversation:";
const REGISTER: &str = "register";
const LINEA_INPS: &str = "linea-inps";
const FIRST_PAUSE_MS: i64 = 250;
const LONGEST_PAUSE_MS: i64 = 60_000;

const NEXT_ID: &str = "INSERT INTO outbox_last (only_row, id) VALUES (1, ?1) \
     ON CONFLICT (only_row) DO UPDATE SET id = max(id + 1, ?1) RETURNING id";
const INSERT_LETTER: &str =
    "INSERT INTO outbox (id, destination, notice, attempts, not_before) VALUES (?1, ?2, ?3, 0, 0)";
const SELECT_DUE: &str = "SELECT id, destination, notice, attempts FROM outbox \
     WHERE id IN (SELECT min(id) FROM outbox GROUP BY destination) AND not_before <= ?1 ORDER BY id";
const SELECT_NEXT_DUE: &str =
    "SELECT min(not_before) FROM outbox WHERE id IN (SELECT min(id) FROM outbox GROUP BY destination)";
const DELETE_LETTER: &str = "DELETE FROM outbox WHERE id = ?1";
const POSTPONE_LETTER: &str = "UPDATE outbox SET attempts = attempts + 1, not_before = ?2 WHERE id = ?1";
const SELECT_HEARD: &str = "SELECT last_id FROM inbox WHERE source = ?1";
const UPSERT_HEARD: &str =
    "INSERT INTO inbox (source, last_id) VALUES (?1, ?2) ON CONFLICT (source) DO UPDATE SET last_id = ?2";
