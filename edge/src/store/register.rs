// SPDX-License-Identifier: EUPL-1.2
//! The rows of the register.

use infocig_domain::desk::register::{Rated, RegisterRow};
use infocig_protocol::time::Timestamp;
use serde::Serialize;

use super::{migrate, to_json};
use crate::{
    problem::Fault,
    sql::{Sql, SqlValue},
};

/// Writes the register.
pub struct RegisterStore<S> {
    sql: S,
}

/// The migrations of the object, in order: its schema version counts those that it has.
pub(super) const MIGRATIONS: &[&str] = &[
    concat!(include_str!("../../schema/register_0001.sql"), include_str!("../../schema/post_0001.sql")),
    include_str!("../../schema/register_0002.sql"),
    include_str!("../../schema/register_0003.sql"),
    include_str!("../../schema/messaging_0002.sql"),
];

impl<S: Sql> RegisterStore<S> {
    /// The store, with its schema brought up to date.
    pub fn open(sql: S) -> Result<Self, Fault> {
        migrate(&sql, MIGRATIONS)?;
        Ok(Self { sql })
    }

    /// The SQL underneath, for inbox, outbox and transactions.
    pub fn sql(&self) -> &S {
        &self.sql
    }

    /// Stores an instant in the place of the last one.
    pub fn probe(&self, now: Timestamp) -> Result<(), Fault> {
        self.sql.run(REPLACE_PROBE, &[now.as_millis().into()])
    }

    /// Adds the row of a conversation, unless it has one, with what its person has said of it. Call it in a transaction.
    pub fn add(&self, row: &RegisterRow) -> Result<(), Fault> {
        let RegisterRow {
            conversation,
            queue,
            category,
            province,
            language,
            about,
            opened,
            answered,
            ended,
            ended_by,
            topic,
            outcome,
            waits,
            waited_ms,
            offers,
            returns,
            transfers,
        } = row;
        self.sql.run(
            INSERT_ROW,
            &[
                SqlValue::text(conversation.as_str()),
                SqlValue::text(queue.as_str()),
                SqlValue::text(category.as_str()),
                SqlValue::text(province),
                SqlValue::text(language.as_str()),
                about.map(|about| about.as_str().to_string()).into(),
                opened.as_millis().into(),
                answered.map_or(SqlValue::Null, |answered| answered.as_millis().into()),
                ended.as_millis().into(),
                word(ended_by)?,
                topic.as_ref().map(to_json).transpose()?.into(),
                outcome.as_ref().map_or(Ok(SqlValue::Null), word)?,
                (*waits).into(),
                (*waited_ms).into(),
                (*offers).into(),
                (*returns).into(),
                (*transfers).into(),
            ],
        )?;
        self.sql.run(DELETE_RATING_AHEAD, &[SqlValue::text(conversation.as_str())])
    }

    /// Writes what a person said of a conversation into its row, or keeps it until the row comes. Call it in a transaction.
    pub fn rate(&self, rated: &Rated) -> Result<(), Fault> {
        let Rated { conversation, rating } = rated;
        let said = [SqlValue::text(conversation.as_str()), SqlValue::text(rating.as_str())];
        let rows = self.sql.exec(UPDATE_RATING, &said)?;
        if rows.is_empty() { self.sql.run(UPSERT_RATING_AHEAD, &said) } else { Ok(()) }
    }

    /// Each row's conversation, what it was about and what came of it, oldest first: for tests.
    #[cfg(any(test, feature = "test-clock"))]
    pub fn endings(&self) -> Result<Vec<Ending>, Fault> {
        let rows = self.sql.exec(SELECT_ENDINGS, &[])?;
        let text = |value: Option<&SqlValue>| match value {
            Some(SqlValue::Text(text)) => Some(text.clone()),
            Some(SqlValue::Null | SqlValue::Integer(_)) | None => None,
        };
        let ending = |row: &crate::sql::Row| {
            Ok(Ending {
                conversation: row.text(0)?.to_string(),
                topic: text(row.0.get(1)),
                outcome: text(row.0.get(2)),
                returns: row.integer(3)?,
                transfers: row.integer(4)?,
                rating: text(row.0.get(5)),
            })
        };
        rows.iter().map(ending).collect()
    }
}

/// A part of a row.
#[cfg(any(test, feature = "test-clock"))]
#[derive(Serialize)]
pub struct Ending {
    conversation: String,
    topic: Option<String>,
    outcome: Option<String>,
    returns: i64,
    transfers: i64,
    pub(crate) rating: Option<String>,
}

/// The word a value without content is written as.
fn word(value: &impl Serialize) -> Result<SqlValue, Fault> {
    Ok(SqlValue::text(to_json(value)?.trim_matches('"')))
}

const REPLACE_PROBE: &str = "INSERT OR REPLACE INTO probe (one, at) VALUES (1, ?)";
const INSERT_ROW: &str = "INSERT OR IGNORE INTO register (conversation, queue, category, province, language, \
     about, opened, answered, ended, ended_by, topic, outcome, waits, waited_ms, offers, returns, transfers, rating) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, \
     (SELECT rating FROM rating_ahead WHERE conversation = ?1))";
const DELETE_RATING_AHEAD: &str = "DELETE FROM rating_ahead WHERE conversation = ?1";
const UPDATE_RATING: &str = "UPDATE register SET rating = ?2 WHERE conversation = ?1 RETURNING conversation";
const UPSERT_RATING_AHEAD: &str = "INSERT INTO rating_ahead (conversation, rating) VALUES (?1, ?2) \
     ON CONFLICT (conversation) DO UPDATE SET rating = ?2";
#[cfg(any(test, feature = "test-clock"))]
const SELECT_ENDINGS: &str = "SELECT conversation, topic, outcome, returns, transfers, rating FROM register ORDER BY ended, conversation";
