// SPDX-License-Identifier: EUPL-1.2
//! The rows of the register: records of conversations, events that came before their record, comments; the sums of records are
//! in [`rollups`].

mod forgetting;
mod open_releases;
mod rollups;
mod search;
mod upkeep;

use infocig_domain::figures::{AdvisorTime, Event, EventKind, FigureRules, Record, Tally, register::Comment};
use infocig_protocol::{id::ConversationId, time::Timestamp};
#[cfg(any(test, feature = "test-clock"))]
use serde::Serialize;

use self::rollups::Changes;
#[cfg(test)]
pub(crate) use self::search::STATEMENTS as SEARCH_STATEMENTS;
pub use self::{
    forgetting::{ForgettingCounts, LegalHold, WITH_WORDS, proof_after},
    rollups::{Refused, Slice},
    search::{CommentQuery, Place, SearchQuery},
    upkeep::{next_night, next_quiet},
};
use super::{from_json, migrate, to_json};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// Reads and writes the register.
pub struct RegisterStore<S> {
    sql: S,
    rules: FigureRules,
}

/// The migrations of the object, in order: its schema version counts those that it has.
pub(super) const MIGRATIONS: &[&str] = &[
    concat!(include_str!("../../schema/register_0001.sql"), include_str!("../../schema/post_0001.sql")),
    include_str!("../../schema/register_0002.sql"),
    include_str!("../../schema/register_0003.sql"),
    include_str!("../../schema/messaging_0002.sql"),
    include_str!("../../schema/register_0004.sql"),
    include_str!("../../schema/register_0005.sql"),
    include_str!("../../schema/register_0006.sql"),
    include_str!("../../schema/register_0007.sql"),
    include_str!("../../schema/erasure_0001.sql"),
    include_str!("../../schema/register_0008.sql"),
    #[cfg(feature = "next-version")]
    include_str!("../../schema/next/register.sql"),
];

impl<S: Sql> RegisterStore<S> {
    /// The store, with its schema brought up to date and every record counted in its sums. Records that are added from now on
    /// are counted by `rules`.
    pub fn open(sql: S, rules: FigureRules) -> Result<Self, Fault> {
        migrate(&sql, MIGRATIONS)?;
        let store = Self { sql, rules };
        while store.sql.transaction(|| store.count_some())? {}
        Ok(store)
    }

    /// The SQL underneath, for inbox, outbox and transactions.
    pub fn sql(&self) -> &S {
        &self.sql
    }

    /// Stores an instant in the place of the last one.
    pub fn probe(&self, now: Timestamp) -> Result<(), Fault> {
        self.sql.run(REPLACE_PROBE, &[now.as_millis().into()])?;
        let rows = self.sql.exec(SELECT_PROBE, &[])?;
        let read = rows.first().map(|row| row.integer(0)).transpose()?;
        if read == Some(now.as_millis()) {
            return Ok(());
        }
        Err(Fault::Store("a row that was stored is not read again".into()))
    }

    /// Adds records, each with the events that came before it, and counts them. One that is there stays as it is. Call it in a
    /// transaction.
    pub fn add(&self, records: impl IntoIterator<Item = Record>) -> Result<(), Fault> {
        let mut changes = Changes::default();
        for mut record in records {
            let key = SqlValue::text(record.conversation.as_str());
            let ahead = self.sql.exec(SELECT_EVENTS_AHEAD, std::slice::from_ref(&key))?;
            for row in &ahead {
                let kind: EventKind = from_json(row.text(1)?)?;
                record.apply(&kind, Timestamp::from_millis(row.integer(0)?));
            }
            if !ahead.is_empty() {
                self.sql.run(DELETE_EVENTS_AHEAD, std::slice::from_ref(&key))?;
            }
            let [queue, entered, topic, outcome, advisor, within, short, body] = self.columns(&record)?;
            let row = [key, queue, entered, topic, outcome, advisor, within, short, body];
            if !self.sql.exec(INSERT_RECORD, &row)?.is_empty() {
                changes.put_in(&record, &self.rules);
            }
        }
        self.apply(changes)
    }

    /// Applies an event to its record, which leaves its sums as it was and enters them as it is; or keeps the event until the
    /// record comes. Call it in a transaction.
    pub fn on_event(&self, event: &Event) -> Result<(), Fault> {
        let Event { conversation, at, kind } = event;
        let key = SqlValue::text(conversation.as_str());
        let Some((before, rules)) = self.find(conversation)? else {
            let row = [key, at.as_millis().into(), SqlValue::Text(to_json(kind)?)];
            return self.sql.run(INSERT_EVENT_AHEAD, &row);
        };
        let mut record = before.clone();
        record.apply(kind, *at);
        if record == before {
            return Ok(());
        }
        let [queue, entered, topic, outcome, advisor, _, _, body] = self.columns(&record)?;
        self.sql.run(UPDATE_RECORD, &[key, queue, entered, topic, outcome, advisor, body])?;
        let mut changes = Changes::default();
        changes.take_out(&before, &rules);
        changes.put_in(&record, &rules);
        self.apply(changes)
    }

    /// Counts some of an advisor's time. Call it in a transaction.
    pub fn add_time(&self, time: &AdvisorTime) -> Result<(), Fault> {
        let (mut changes, tally) = (Changes::default(), Tally::of_time(time));
        time.cells().into_iter().for_each(|cell| changes.at(cell, time.day).add(&tally));
        self.apply(changes)
    }

    /// Stores a comment in the place of the one before; or deletes that, if it was taken back. A new text is not handled.
    pub fn comment(&self, comment: &Comment, now: Timestamp) -> Result<(), Fault> {
        let key = SqlValue::text(comment.conversation.as_str());
        if !self.sql.exec(SELECT_HAS_COMMENT, std::slice::from_ref(&key))?.is_empty() {
            self.mark(now)?;
        }
        match &comment.text {
            Some(text) => {
                let commented = comment.commented.as_millis().into();
                self.sql.run(UPSERT_COMMENT, &[key, commented, SqlValue::text(text)])
            }
            None => self.sql.run(DELETE_COMMENT, &[key]),
        }
    }

    /// A record, and the thresholds that it is counted with.
    pub fn find(&self, conversation: &ConversationId) -> Result<Option<(Record, FigureRules)>, Fault> {
        let rows = self.sql.exec(SELECT_RECORD, &[SqlValue::text(conversation.as_str())])?;
        rows.first().map(|row| self.counted(row)).transpose()
    }

    /// Counts some records that a migration carried over. `false` once there are none.
    fn count_some(&self) -> Result<bool, Fault> {
        let rows = self.sql.exec(SELECT_NOT_COUNTED, &[])?;
        let mut changes = Changes::default();
        for row in &rows {
            let record: Record = from_json(row.text(0)?)?;
            let [_, _, _, _, _, within, short, body] = self.columns(&record)?;
            let key = SqlValue::text(record.conversation.as_str());
            self.sql.run(UPDATE_COUNTED, &[key, within, short, body])?;
            changes.put_in(&record, &self.rules);
        }
        self.apply(changes)?;
        Ok(!rows.is_empty())
    }

    fn counted(&self, row: &Row) -> Result<(Record, FigureRules), Fault> {
        let seconds = |column| {
            let seconds = row.integer(column)?;
            u32::try_from(seconds).map_err(|_| Fault::Corrupt("a threshold out of range".into()))
        };
        let within =
            seconds(1)?.try_into().map_err(|_| Fault::Corrupt("a threshold of no seconds".into()))?;
        let rules = FigureRules {
            answer_within_seconds: within,
            short_abandonment_seconds: seconds(2)?,
            ..self.rules.clone()
        };
        Ok((from_json(row.text(0)?)?, rules))
    }

    /// The columns of a record but for its key, in their order. Records can be found by their advisor only where the policy had
    /// figures of advisors when they were stored (art. 4 Legge 300/1970).
    fn columns(&self, record: &Record) -> Result<[SqlValue; 8], Fault> {
        let advisor = record.advisor.as_ref().filter(|_| self.rules.per_advisor);
        Ok([
            SqlValue::text(record.queue.as_str()),
            record.entered.as_millis().into(),
            record.topic.as_ref().map(|topic| topic.join("/")).into(),
            record.outcome.map(|outcome| outcome.as_str().to_string()).into(),
            advisor.map(ToString::to_string).into(),
            self.rules.answer_within_seconds.get().into(),
            self.rules.short_abandonment_seconds.into(),
            SqlValue::Text(to_json(record)?),
        ])
    }

    /// Conversation, subject and outcome of each record, oldest first: for tests.
    #[cfg(any(test, feature = "test-clock"))]
    pub fn endings(&self) -> Result<Vec<Ending>, Fault> {
        let ending = |row: &Row| {
            let record: Record = from_json(row.text(0)?)?;
            Ok(Ending {
                conversation: record.conversation.to_string(),
                topic: record.topic.as_ref().map(to_json).transpose()?,
                outcome: record.outcome.map(|outcome| outcome.as_str().into()),
                returns: record.returns,
                transfers: record.transfers,
                rating: record.rating.map(|rating| rating.as_str().into()),
            })
        };
        let mut records = self.sql.exec(SELECT_RECORDS, &[])?;
        records.iter_mut().map(|row| ending(row)).collect()
    }

    /// Every record: for tests.
    #[cfg(test)]
    pub(crate) fn records(&self) -> Vec<(Record, FigureRules)> {
        self.sql.exec(SELECT_RECORDS, &[]).unwrap().iter().map(|row| self.counted(row).unwrap()).collect()
    }
}

/// A part of a record.
#[cfg(any(test, feature = "test-clock"))]
#[derive(Serialize)]
pub struct Ending {
    conversation: String,
    topic: Option<String>,
    outcome: Option<String>,
    returns: u32,
    transfers: u32,
    pub(crate) rating: Option<String>,
}

const SELECT_PROBE: &str = "SELECT at FROM probe WHERE one = 1";
const REPLACE_PROBE: &str = "INSERT OR REPLACE INTO probe (one, at) VALUES (1, ?)";
const INSERT_RECORD: &str = "INSERT OR IGNORE INTO record (conversation, queue, entered, topic, outcome, advisor, \
     answer_within_seconds, short_abandonment_seconds, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
     RETURNING conversation";
const UPDATE_RECORD: &str = "UPDATE record SET queue = ?2, entered = ?3, topic = ?4, outcome = ?5, advisor = ?6, body = ?7 \
     WHERE conversation = ?1";
const SELECT_RECORD: &str =
    "SELECT body, answer_within_seconds, short_abandonment_seconds FROM record WHERE conversation = ?1";
const SELECT_NOT_COUNTED: &str = "SELECT body FROM record WHERE answer_within_seconds IS NULL LIMIT 500";
const UPDATE_COUNTED: &str = "UPDATE record SET answer_within_seconds = ?2, short_abandonment_seconds = ?3, body = ?4 \
     WHERE conversation = ?1";
const INSERT_EVENT_AHEAD: &str = "INSERT INTO event_ahead (conversation, at, kind) VALUES (?1, ?2, ?3)";
const SELECT_EVENTS_AHEAD: &str = "SELECT at, kind FROM event_ahead WHERE conversation = ?1 ORDER BY number";
const DELETE_EVENTS_AHEAD: &str = "DELETE FROM event_ahead WHERE conversation = ?1";
const UPSERT_COMMENT: &str = "INSERT INTO comment (conversation, commented, text) VALUES (?1, ?2, ?3) \
     ON CONFLICT (conversation) DO UPDATE SET commented = ?2, text = ?3, handled = NULL, handled_by = NULL";
const SELECT_HAS_COMMENT: &str = "SELECT 1 FROM comment WHERE conversation = ?1";
const DELETE_COMMENT: &str = "DELETE FROM comment WHERE conversation = ?1";
#[cfg(any(test, feature = "test-clock"))]
const SELECT_RECORDS: &str = "SELECT body, answer_within_seconds, short_abandonment_seconds FROM record \
     ORDER BY body ->> 'ended', conversation";
