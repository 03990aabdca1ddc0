// SPDX-License-Identifier: EUPL-1.2
//! The mark that a restored object carries: the instant its copy was taken, and how long its logs were.
//!
//! The program for operators leaves it in each database it restores, before the service runs on it; an object that was never
//! restored has none of its tables. The object applies it once, when it wakes ([`Restorations::pending`]). The lengths stay:
//! a client that was connected before may have entries beyond them that are not in the log any more.

use infocig_protocol::{id::ConversationId, time::Timestamp};

use super::{conversations, desk, migrate};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// The mark of an object.
pub struct Restorations<'s, S> {
    sql: &'s S,
}

/// When a copy was taken, and when the object was restored from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restoration {
    /// What happened after this instant is lost.
    pub taken: Timestamp,
    /// The end of that loss.
    pub restored: Timestamp,
}

/// The log of a conversation when it was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestoredLog {
    /// The entries that it had, and that every copy of it has.
    pub entries: u64,
    /// When it was restored.
    pub restored: Timestamp,
}

impl<'s, S: Sql> Restorations<'s, S> {
    /// The mark in an object's SQL.
    pub fn new(sql: &'s S) -> Self {
        Self { sql }
    }

    /// The restoration that the object has not applied yet.
    pub fn pending(&self) -> Result<Option<Restoration>, Fault> {
        if !self.is_marked()? {
            return Ok(None);
        }
        let instant = |row: &Row, column| row.integer(column).map(Timestamp::from_millis);
        let rows = self.sql.exec(SELECT_PENDING, &[])?;
        let read = |row| Ok(Restoration { taken: instant(row, 0)?, restored: instant(row, 1)? });
        rows.first().map(read).transpose()
    }

    /// Notes that the object has applied it. Call it in the transaction that stores what that changed.
    pub fn apply(&self) -> Result<(), Fault> {
        self.sql.run(UPDATE_APPLIED, &[])
    }

    /// How long the log of a conversation was when it was restored; `None` if it never was.
    pub fn log(&self, conversation: &ConversationId) -> Result<Option<RestoredLog>, Fault> {
        if !self.is_marked()? {
            return Ok(None);
        }
        let rows = self.sql.exec(SELECT_LOG, &[conversation.ordinal().into()])?;
        let read = |row: &Row| {
            let entries = u64::try_from(row.integer(0)?);
            Ok(RestoredLog {
                entries: entries.map_err(|_| Fault::Corrupt("negative length of a log".into()))?,
                restored: Timestamp::from_millis(row.integer(1)?),
            })
        };
        rows.first().map(read).transpose()
    }

    fn is_marked(&self) -> Result<bool, Fault> {
        Ok(!self.sql.exec(SELECT_TABLE, &[])?.is_empty())
    }

    fn mark(&self, Restoration { taken, restored }: Restoration) -> Result<(), Fault> {
        self.sql.run(CREATE_RESTORATION, &[])?;
        self.sql.run(CREATE_LOG, &[])?;
        self.sql.run(UPSERT_RESTORATION, &[taken.as_millis().into(), restored.as_millis().into()])
    }
}

/// Marks the restored database of a conversation object. Returns whether a conversation of it is under way.
pub fn mark_conversations(sql: &impl Sql, restoration: Restoration) -> Result<bool, Fault> {
    sql.transaction(|| {
        migrate(sql, conversations::MIGRATIONS)?;
        Restorations::new(sql).mark(restoration)?;
        sql.run(UPSERT_LOGS, &[restoration.restored.as_millis().into()])?;
        Ok(!sql.exec(SELECT_OPEN, &[])?.is_empty())
    })
}

/// Marks the restored database of a desk. Returns the objects of the conversations on it.
pub fn mark_desk(sql: &impl Sql, restoration: Restoration) -> Result<Vec<String>, Fault> {
    sql.transaction(|| {
        migrate(sql, desk::MIGRATIONS)?;
        Restorations::new(sql).mark(restoration)?;
        let object = |row: &Row| {
            let id =
                ConversationId::parse(row.text(0)?).map_err(|error| Fault::Corrupt(error.to_string()))?;
            Ok(id.object().to_owned())
        };
        sql.exec(SELECT_AT_DESK, &[])?.iter().map(object).collect()
    })
}

/// Sets the alarm in the database of an object. workerd keeps it there, and beside it a schedule for each class: an alarm that is
/// in the schedule alone does not ring.
pub fn set_alarm(object: &impl Sql, at: Timestamp) -> Result<(), Fault> {
    object.run(CREATE_METADATA, &[])?;
    object.run(UPSERT_ALARM, &[at.as_millis().into()])
}

/// Brings the schedule of a class in line with the database of an object of it: they were copied one after the other.
pub fn schedule(schedule: &impl Sql, id: &str, object: &impl Sql) -> Result<(), Fault> {
    if object.exec(SELECT_METADATA, &[])?.is_empty() {
        return Ok(());
    }
    for row in object.exec(SELECT_ALARM, &[])? {
        schedule.run(UPSERT_SCHEDULED, &[SqlValue::text(id), row.integer(0)?.into()])?;
    }
    Ok(())
}

const CREATE_RESTORATION: &str = "CREATE TABLE IF NOT EXISTS restoration (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), \
     taken INTEGER NOT NULL, restored INTEGER NOT NULL, applied INTEGER NOT NULL) STRICT";
const CREATE_LOG: &str = "CREATE TABLE IF NOT EXISTS restored_log (ordinal INTEGER PRIMARY KEY, entries INTEGER NOT NULL, \
     restored INTEGER NOT NULL) STRICT";
const UPSERT_RESTORATION: &str = "INSERT INTO restoration (only_row, taken, restored, applied) VALUES (1, ?1, ?2, 0) \
     ON CONFLICT (only_row) DO UPDATE SET taken = ?1, restored = ?2, applied = 0";
// A log that was restored twice has as many entries in common with every copy as it had at the shorter time.
const UPSERT_LOGS: &str = "INSERT INTO restored_log (ordinal, entries, restored) \
     SELECT ordinal, (SELECT coalesce(max(place), 0) FROM entry WHERE place BETWEEN ordinal << 32 AND (ordinal << 32) + 0xffffffff) & 0xffffffff, ?1 \
     FROM conversation WHERE true \
     ON CONFLICT (ordinal) DO UPDATE SET entries = min(entries, excluded.entries), restored = excluded.restored";
const SELECT_TABLE: &str = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'restoration'";
const SELECT_PENDING: &str = "SELECT taken, restored FROM restoration WHERE applied = 0";
const UPDATE_APPLIED: &str = "UPDATE restoration SET applied = 1";
const SELECT_LOG: &str = "SELECT entries, restored FROM restored_log WHERE ordinal = ?1";
const SELECT_OPEN: &str = "SELECT 1 FROM (SELECT phase FROM conversation ORDER BY ordinal DESC LIMIT 1) WHERE phase ->> '$.closed' IS NULL";
const SELECT_AT_DESK: &str = "SELECT conversation FROM desk_conversation";
// The tables of workerd. It counts in nanoseconds.
const CREATE_METADATA: &str = "CREATE TABLE IF NOT EXISTS _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB)";
const SELECT_METADATA: &str = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_cf_METADATA'";
const SELECT_ALARM: &str = "SELECT value FROM _cf_METADATA WHERE key = 1 AND value IS NOT NULL";
const UPSERT_ALARM: &str = "INSERT INTO _cf_METADATA (key, value) VALUES (1, ?1 * 1000000) \
     ON CONFLICT (key) DO UPDATE SET value = excluded.value";
const UPSERT_SCHEDULED: &str = "INSERT INTO _cf_ALARM (actor_id, scheduled_time) VALUES (?1, ?2) \
     ON CONFLICT (actor_id) DO UPDATE SET scheduled_time = excluded.scheduled_time";
